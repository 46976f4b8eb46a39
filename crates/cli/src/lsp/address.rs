//! Addresses of documents, and paths of files.

use lsp_types::Uri;
use std::path::{Path, PathBuf};
use std::str::FromStr;

/// The scheme of texts that are in the program: `tlbscope:/kernels/linux-4.14.tlb`.
const BUILT_IN: &str = "tlbscope:/kernels/";

/// The path of a file's address; nothing for an address of another kind.
pub fn path(uri: &Uri) -> Option<PathBuf> {
    let rest = uri.as_str().strip_prefix("file://")?;
    // An address may name a host; files on others are none of ours.
    let path = if rest.starts_with('/') { rest } else { rest.strip_prefix("localhost")? };
    let path = decoded(path)?;
    // `/c:/x` is `c:/x` on Windows.
    let drive =
        path.as_bytes().get(1).is_some_and(u8::is_ascii_alphabetic) && path.as_bytes().get(2) == Some(&b':');
    Some(PathBuf::from(if cfg!(windows) && drive { &path[1..] } else { &path }))
}

/// `%20` is a blank.
fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        rest = after;
        if first != b'%' {
            bytes.push(first);
            continue;
        }
        let digits = std::str::from_utf8(rest.get(..2)?).ok()?;
        bytes.push(u8::from_str_radix(digits, 16).ok()?);
        rest = &rest[2..];
    }
    String::from_utf8(bytes).ok()
}

/// The address of a file.
pub fn of(path: &Path) -> Option<Uri> {
    let whole = std::fs::canonicalize(path).ok()?;
    let text = whole.to_string_lossy().replace('\\', "/");
    let slash = if text.starts_with('/') { "" } else { "/" };
    let mut address = format!("file://{slash}");
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'_' | b'.' | b'~' | b'+' => {
                address.push(char::from(byte));
            }
            _ => address.push_str(&format!("%{byte:02X}")),
        }
    }
    Uri::from_str(&address).ok()
}

/// The address of a kernel that is in the program.
pub fn built_in(slug: &str) -> Option<Uri> {
    Uri::from_str(&format!("{BUILT_IN}{slug}.tlb")).ok()
}

/// Whether it is such an address.
pub fn is_built_in(uri: &Uri) -> bool {
    uri.as_str().starts_with(BUILT_IN)
}

/// The text of such an address.
pub fn text_of(uri: &str) -> Option<&'static str> {
    let slug = uri.strip_prefix(BUILT_IN)?.strip_suffix(".tlb")?;
    gallery::kernels().find(|kernel| kernel.slug == slug).map(|kernel| kernel.text)
}

#[cfg(test)]
mod tests {
    use super::{Uri, built_in, decoded, of, path, text_of};
    use std::str::FromStr;

    #[test]
    fn files_have_addresses_and_addresses_files() {
        let here = std::env::temp_dir();
        let file = here.join(format!("a b\u{e9}+{}.tlb", std::process::id()));
        std::fs::write(&file, "").expect("a file");
        let uri = of(&file).expect("an address");
        assert!(uri.as_str().contains("a%20b%C3%A9+"), "{}", uri.as_str());
        assert_eq!(path(&uri), std::fs::canonicalize(&file).ok());
        let _ = std::fs::remove_file(&file);
        for none in ["untitled:Untitled-1", "file://elsewhere/x", "https://a/b"] {
            assert_eq!(Uri::from_str(none).ok().and_then(|uri| path(&uri)), None, "{none}");
        }
        assert_eq!((decoded("%4"), decoded("%zz"), decoded("%ff")), (None, None, None));
    }

    #[test]
    fn kernels_of_the_program_have_addresses() {
        for kernel in gallery::kernels() {
            let uri = built_in(kernel.slug).expect("an address");
            assert_eq!(text_of(uri.as_str()), Some(kernel.text));
        }
        assert_eq!(text_of("tlbscope:/kernels/nothing.tlb"), None);
    }
}
