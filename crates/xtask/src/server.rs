//! Serves the site on this machine, as strictly as the hosts that it will lie on: real 404s, the right types, CORS for
//! sandboxed frames, a content-security policy, nothing cached.

use crate::args::Build;
use crate::job::Failure;
use crate::place::Place;
use crate::{mime, policy, site, watch};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;
use tiny_http::{Header, Method, Request, Response, Server};

/// How many ports are tried before giving up.
const TRIES: u16 = 50;

/// Serves until it is stopped. An unoptimised site is built again at every change of its sources.
pub fn serve(place: &Place, build: &Build, port: u16) -> Result<(), Failure> {
    let dist = Arc::new(site::folder(place, build));
    let (server, bound) = open(port)?;
    if bound != port {
        println!("Port {port} is taken; {bound} is free.");
    }
    println!("\n  http://127.0.0.1:{bound}/\n\nCtrl-C ends it.");
    let server = Arc::new(server);
    let hands: Vec<_> = (0..4)
        .map(|_| {
            let (server, dist) = (Arc::clone(&server), Arc::clone(&dist));
            thread::spawn(move || {
                for request in server.incoming_requests() {
                    answer(request, &dist);
                }
            })
        })
        .collect();
    if build.dev {
        watch::forever(place, || {
            if let Err(failure) = site::build(place, build) {
                eprintln!("{failure}\nThe site stays as it was.");
            }
        });
    }
    for hand in hands {
        let _ = hand.join();
    }
    Ok(())
}

/// The first free port from `port` on.
fn open(port: u16) -> Result<(Server, u16), Failure> {
    let mut last = String::new();
    for tried in port..=port.saturating_add(TRIES) {
        match Server::http(("127.0.0.1", tried)) {
            // Port 0 means "any": the one that it became is the one to print.
            Ok(server) => {
                let bound = server.server_addr().to_ip().map_or(tried, |address| address.port());
                return Ok((server, bound));
            }
            Err(error) => last = error.to_string(),
        }
    }
    Err(Failure(format!("no free port among the {TRIES} from {port} on: {last}\nName another with --port.")))
}

fn answer(request: Request, dist: &Path) {
    let readable = matches!(request.method(), Method::Get | Method::Head);
    let host = request.headers().iter().find(|header| header.field.equiv("Host")).map(|h| h.value.as_str());
    let policy = policy::for_host(host);
    let found = readable.then(|| file_for(dist, request.url())).flatten();
    let read = found.and_then(|path| Some((mime::of(path.to_str()?), fs::read(&path).ok()?)));
    let (status, kind, body) = match read {
        Some((kind, body)) => (200, kind, body),
        None if readable => (404, "text/plain; charset=utf-8", b"404: there is no such file\n".to_vec()),
        None => (405, "text/plain; charset=utf-8", b"405: only GET and HEAD\n".to_vec()),
    };
    let mut response = Response::from_data(body).with_status_code(status);
    let headers = [
        ("Content-Type", kind),
        ("Access-Control-Allow-Origin", "*"),
        ("Cache-Control", "no-store"),
        ("X-Content-Type-Options", "nosniff"),
        ("Content-Security-Policy", &policy),
    ];
    for (name, value) in headers {
        response.add_header(Header::from_bytes(name, value).expect("plain ASCII"));
    }
    // A browser that has gone away in the meantime is none of our business.
    let _ = request.respond(response);
}

/// The file that an address means: inside `dist`, or none.
fn file_for(dist: &Path, url: &str) -> Option<PathBuf> {
    let path = url.split(['?', '#']).next()?.strip_prefix('/')?;
    let mut file = dist.to_owned();
    for part in path.split('/') {
        let part = decoded(part)?;
        if part == ".." || part.contains(['/', '\\', '\0']) {
            return None;
        }
        file.push(part);
    }
    if path.is_empty() || path.ends_with('/') {
        file.push("index.html");
    }
    file.is_file().then_some(file)
}

/// Percent-decoding; `None` where it is malformed.
fn decoded(part: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(part.len());
    let mut rest = part.as_bytes();
    while let [first, tail @ ..] = rest {
        rest = tail;
        if *first == b'%' {
            let hex = std::str::from_utf8(tail.get(..2)?).ok().filter(|hex| !hex.starts_with('+'))?;
            bytes.push(u8::from_str_radix(hex, 16).ok()?);
            rest = &tail[2..];
        } else {
            bytes.push(*first);
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_stay_inside_the_folder() {
        let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        assert_eq!(file_for(&src, "/server.rs?v=1"), Some(src.join("server.rs")));
        assert_eq!(file_for(&src, "/s%65rver.rs"), Some(src.join("server.rs")));
        for outside in
            ["/../Cargo.toml", "/%2e%2e/Cargo.toml", "/..%2fCargo.toml", "/%zz", "/%", "//etc/passwd", "x"]
        {
            assert_eq!(file_for(&src, outside), None, "{outside}");
        }
        assert_eq!(file_for(&src, "/"), None, "no index.html here, and no list of files either");
    }
}
