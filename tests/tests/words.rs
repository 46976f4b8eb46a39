//! `docs/words.md` explains TLBscope's own terms. Each term occurs where the page says: the linked page uses the term,
//! and the named type exists.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The text of all Rust files below a folder.
fn sources(folder: &Path) -> String {
    let mut out = String::new();
    for entry in fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
        let path = entry.expect("a folder can be read").path();
        if path.is_dir() {
            out += &sources(&path);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            out += &read(&path);
        }
    }
    out
}

/// The three cells of a table's row.
fn cells(line: &str) -> Option<[&str; 3]> {
    let cells: Vec<&str> = line.strip_prefix("| ")?.strip_suffix(" |")?.split(" | ").collect();
    cells.try_into().ok()
}

/// The rows of the page's tables: term, meaning, and where the term is met.
fn rows(page: &str) -> Vec<[&str; 3]> {
    page.lines().filter_map(cells).filter(|[term, ..]| *term != "term" && *term != "---").collect()
}

#[test]
fn each_term_is_met_where_the_page_says() {
    let page = read(&root().join("docs/words.md"));
    for [term, _, place] in rows(&page) {
        if let Some(path) = place.split_once("](").and_then(|(_, rest)| rest.strip_suffix(')')) {
            let file = path.split('#').next().unwrap_or(path);
            let text = read(&root().join("docs").join(file)).to_lowercase();
            assert!(text.contains(term), "{path} does not use {term:?}");
        } else {
            let name = place.trim_matches('`').split_once("::");
            let (room, item) =
                name.unwrap_or_else(|| panic!("{term}: {place} is neither a link nor an item"));
            let text = sources(&root().join("crates").join(room).join("src"));
            let declared = ["struct", "enum", "fn"].iter().any(|kind| {
                let head = format!("pub {kind} {item}");
                let ends = |next: char| !next.is_alphanumeric() && next != '_';
                text.match_indices(&head).any(|(at, _)| text[at + head.len()..].starts_with(ends))
            });
            assert!(declared, "{term}: crates/{room} has no {item}");
        }
    }
}

#[test]
fn each_term_is_explained_once_in_a_sentence() {
    let page = read(&root().join("docs/words.md"));
    let rows = rows(&page);
    assert!(rows.len() > 20, "{} terms", rows.len());
    let terms: BTreeSet<&str> = rows.iter().map(|row| row[0]).collect();
    assert_eq!(terms.len(), rows.len(), "a term has two rows");
    for [term, meaning, _] in rows {
        assert!(meaning.ends_with('.'), "{term}: {meaning}");
    }
}
