//! The content-security policy that the site is developed under: as strict as a host may set it.
//!
//! The policy names the host instead of `'self'`. In a sandboxed frame the origin is opaque, and one engine then
//! takes `'self'` to match nothing. `blob:` is for the explorer's worker, which starts from a Blob; the worker
//! that keeps the site for readers without a network is a file.

/// The policy for a request to `host` (the request's `Host` header).
pub fn for_host(host: Option<&str>) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || ".:-[]".contains(c);
    let origin = match host {
        Some(host) if !host.is_empty() && host.chars().all(plain) => format!("http://{host}"),
        _ => "'self'".to_owned(),
    };
    format!(
        "default-src 'none'; script-src {origin} blob: 'wasm-unsafe-eval'; worker-src {origin} blob:; connect-src {origin}; \
         style-src {origin}; img-src {origin} data: blob:; font-src {origin}; manifest-src {origin}; frame-src {origin}; base-uri 'none'; \
         form-action 'none'"
    )
}

#[cfg(test)]
mod tests {
    use super::for_host;

    #[test]
    fn names_the_host_and_nothing_smuggled_in_with_it() {
        assert!(for_host(Some("127.0.0.1:8080")).contains("connect-src http://127.0.0.1:8080;"));
        assert!(for_host(Some("a; script-src *")).contains("connect-src 'self';"));
        assert!(for_host(None).contains("script-src 'self' "));
    }
}
