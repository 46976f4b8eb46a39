//! Files that a program carries in itself.

use crate::{Reply, Request, folder};

/// A list of files: for each its path from the root, which begins with a slash, and its contents.
#[derive(Clone, Copy, Debug)]
pub struct Carried {
    files: &'static [(&'static str, &'static [u8])],
}

impl Carried {
    /// These files.
    #[must_use]
    pub const fn new(files: &'static [(&'static str, &'static [u8])]) -> Carried {
        Carried { files }
    }

    /// Answers a request, as a folder with these files would.
    #[must_use]
    pub fn answer(&self, request: &Request) -> Reply {
        folder::reply(request, |path| {
            let path = folder::parts(path)?.join("/");
            let path = if path.is_empty() || path.ends_with('/') {
                format!("/{path}index.html")
            } else {
                format!("/{path}")
            };
            self.files.iter().find(|file| file.0 == path).map(|file| (path.clone(), file.1.to_vec()))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Carried;
    use crate::{Reply, Request};

    const FILES: &[(&str, &[u8])] = &[("/a/b.js", b"b"), ("/index.html", b"<p>")];

    fn answer(path: &str) -> Reply {
        let request = Request { reads: true, path: path.to_owned(), host: Some("127.0.0.1:1".to_owned()) };
        Carried::new(FILES).answer(&request)
    }

    #[test]
    fn files_are_found_as_in_a_folder() {
        assert_eq!((answer("/").status, answer("/").kind), (200, "text/html; charset=utf-8"));
        assert_eq!(answer("/a/b.js").body, b"b");
        assert_eq!(answer("/a/%62.js").kind, "text/javascript; charset=utf-8");
        assert!(answer("/").policy.is_some_and(|policy| policy.contains("http://127.0.0.1:1")));
        for path in ["/a", "/a/", "/b.js", "/a/../index.html", "/a//b.js", "//index.html", "", "/%zz"] {
            assert_eq!(answer(path).status, 404, "{path}");
        }
    }
}
