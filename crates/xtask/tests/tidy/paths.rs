//! The paths that documents name: each leads to a file or a folder that is there.

use crate::none;
use crate::prose::documents;
use crate::tree::{Text, root};

/// The folders in which paths begin. What begins elsewhere is somebody else's path, or is about a folder that was named before.
const FOLDERS: [&str; 5] = ["crates/", "docs/", "library/", "tests/", "web/"];

#[test]
fn documents_name_paths_that_there_are() {
    let documents = documents();
    assert!(documents.iter().flat_map(|document| paths(&document.text)).count() > 100);
    none(documents.iter().flat_map(|document| gone(document, |path| root().join(path).exists())).collect());
}

/// The paths of a document that lead nowhere.
fn gone(document: &Text, is_there: impl Fn(&str) -> bool) -> Vec<String> {
    let all = paths(&document.text).into_iter();
    // A file in Rust may be named as its module.
    let gone = all.filter(|path| !is_there(path) && !is_there(&format!("{path}.rs")));
    gone.map(|path| format!("{}: {path}", document.path)).collect()
}

/// The paths of a text, each between two backticks. One with a name to be filled in is a pattern: `kernels/NAME.tlb`, `ui/<area>`.
fn paths(text: &str) -> Vec<&str> {
    let marks = |path: &str| path.contains(['<', '>', '*', '{', '#', ' ', '\u{2026}']);
    let filled_in = |path: &str| {
        path.split(|c: char| !c.is_alphanumeric())
            .any(|word| word.len() > 3 && word.chars().all(|c| c.is_ascii_uppercase()))
    };
    let spans = text.lines().flat_map(|line| line.split('`').skip(1).step_by(2));
    spans
        .filter(|span| FOLDERS.iter().any(|folder| span.starts_with(folder)))
        .filter(|path| !marks(path) && !filled_in(path))
        .collect()
}

#[test]
fn a_path_that_leads_nowhere_is_seen() {
    let text = "See `crates/a/src/b.rs`, `tests/gone`, `library/kernels/NAME.tlb`, `web/src/ui/<area>/` and `crates/a/src/c`.\n";
    let document = Text { path: "docs/d.md".to_owned(), text: text.to_owned() };
    let there = ["crates/a/src/b.rs", "crates/a/src/c.rs"];
    assert_eq!(paths(text), ["crates/a/src/b.rs", "tests/gone", "crates/a/src/c"]);
    assert_eq!(gone(&document, |path| there.contains(&path)), ["docs/d.md: tests/gone"]);
}
