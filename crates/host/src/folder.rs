//! The file in a folder that an address means.

use crate::{Reply, Request, mime, policy};
use std::fs;
use std::path::{Path, PathBuf};

/// A folder of files that a browser may have.
#[derive(Clone, Debug)]
pub struct Folder {
    root: PathBuf,
    /// A path that the folder is found under as well, with a slash at both ends.
    also: Option<&'static str>,
}

impl Folder {
    /// The folder, at the root of its host.
    #[must_use]
    pub fn new(root: PathBuf) -> Folder {
        Folder { root, also: None }
    }

    /// The same under a path as well, which has a slash at both ends.
    #[must_use]
    pub fn also_under(self, path: &'static str) -> Folder {
        Folder { also: Some(path), ..self }
    }

    /// Answers a request.
    #[must_use]
    pub fn answer(&self, request: &Request) -> Reply {
        reply(request, |path| self.read(path))
    }

    fn read(&self, path: &str) -> Option<(String, Vec<u8>)> {
        let below = self.also.and_then(|also| path.strip_prefix(also.strip_suffix('/')?));
        let path = below.filter(|below| below.starts_with('/')).unwrap_or(path);
        let file = file_for(&self.root, path)?;
        Some((file.to_str()?.to_owned(), fs::read(&file).ok()?))
    }
}

/// The answer to a request, from what finds a file's name and contents by its path.
pub(crate) fn reply(request: &Request, find: impl Fn(&str) -> Option<(String, Vec<u8>)>) -> Reply {
    let plain = |status, words: &str| (status, mime::of("words.txt"), words.as_bytes().to_vec());
    let (status, kind, body) = if !request.reads {
        plain(405, "405: only GET and HEAD\n")
    } else if let Some((name, body)) = find(&request.path) {
        (200, mime::of(&name), body)
    } else {
        plain(404, "404: there is no such file\n")
    };
    Reply { status, kind, body, policy: Some(policy::for_host(request.host.as_deref())), shared: true }
}

/// The parts of an address's path, decoded; none if one of them leads elsewhere. The last part of a folder is empty.
pub(crate) fn parts(path: &str) -> Option<Vec<String>> {
    let part = |part: &str| decoded(part).filter(|part| part != ".." && !part.contains(['/', '\\', '\0']));
    path.strip_prefix('/')?.split('/').map(part).collect()
}

/// The file that an address means: inside `root`, or none.
fn file_for(root: &Path, path: &str) -> Option<PathBuf> {
    let mut file = root.to_owned();
    file.extend(parts(path)?);
    if path.ends_with('/') {
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
        assert_eq!(file_for(&src, "/server.rs"), Some(src.join("server.rs")));
        assert_eq!(file_for(&src, "/s%65rver.rs"), Some(src.join("server.rs")));
        for outside in
            ["/../Cargo.toml", "/%2e%2e/Cargo.toml", "/..%2fCargo.toml", "/%zz", "/%", "//etc/passwd", "x"]
        {
            assert_eq!(file_for(&src, outside), None, "{outside}");
        }
        assert_eq!(file_for(&src, "/"), None, "no index.html here, and no list of files either");
    }

    #[test]
    fn a_folder_can_lie_under_a_path_as_well() {
        let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        let folder = Folder::new(src).also_under("/some/path/");
        assert!(folder.read("/some/path/lib.rs").is_some());
        assert!(folder.read("/lib.rs").is_some());
        assert!(folder.read("/some/pathlib.rs").is_none());
        assert!(folder.read("/path/lib.rs").is_none());
    }
}
