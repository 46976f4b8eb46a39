//! Which documents the editor has yet to be told about.

use crate::lsp::bench::{Document, Documents};
use std::collections::VecDeque;

/// Addresses of documents whose remarks have to be told again. They wait until no message of the editor does: while somebody
/// types, only the last state of a text is looked at, and a completion does not wait for remarks.
#[derive(Debug, Default)]
pub struct Due(VecDeque<String>);

impl Due {
    /// A document has changed: it comes first. If a kernel was or is in it, all others may run on that.
    pub fn changed(&mut self, documents: &Documents, uri: &str, kernel: bool) {
        if kernel {
            self.others(documents, uri);
        }
        self.0.retain(|due| due != uri);
        self.0.push_front(uri.to_owned());
    }

    /// All documents but one.
    pub fn others(&mut self, documents: &Documents, uri: &str) {
        let others = documents.keys().filter(|other| *other != uri && !self.0.contains(other)).cloned();
        self.0.extend(others.collect::<Vec<_>>());
    }

    /// The next document that is still open.
    pub fn next<'a>(&mut self, documents: &'a Documents) -> Option<&'a Document> {
        std::iter::from_fn(|| self.0.pop_front()).find_map(|uri| documents.get(&uri))
    }
}

/// Whether a text has a kernel, on which texts in other documents may run.
pub fn has_kernel(text: &str) -> bool {
    lang::parts(text).iter().any(|part| part.kernel)
}

#[cfg(test)]
mod tests {
    use super::{Due, has_kernel};
    use crate::lsp::bench::{Document, Documents};

    #[test]
    fn the_changed_one_comes_first_and_the_others_only_after_a_kernel() {
        let mut documents = Documents::new();
        for name in ["untitled:a", "untitled:b", "untitled:c"] {
            let uri = name.parse().expect("an address");
            documents.insert(name.to_owned(), Document { uri, version: 1, text: String::new() });
        }
        let told = |due: &mut Due| {
            let next = || due.next(&documents).map(|document| document.uri.as_str().to_owned());
            std::iter::from_fn(next).collect::<Vec<String>>()
        };
        let mut due = Due::default();
        due.changed(&documents, "untitled:b", false);
        due.changed(&documents, "untitled:b", false);
        assert_eq!(told(&mut due), ["untitled:b"]);
        due.changed(&documents, "untitled:c", true);
        due.changed(&documents, "untitled:b", false);
        assert_eq!(told(&mut due), ["untitled:b", "untitled:c", "untitled:a"]);
        assert!(has_kernel("kernel \"k\" {\n}\n") && !has_kernel("scenario \"s\" {\n}\n"));
    }
}
