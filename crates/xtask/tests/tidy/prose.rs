//! What the documents must and must not say: sentences that a reader can hold in mind, and one word for one thing.

use crate::none;
use crate::tree::{self, Text};

/// Words between two of the signs that end a thought (`.`, `!`, `?`, `:`, `;`). Longer sentences are hard to follow.
const LONGEST: usize = 45;

/// Words that have a better one: the field's own, or the one that docs/words.md explains.
const INSTEAD: [(&str, &str); 5] = [
    ("walks for no reason", "speculative walks"),
    ("walk for no reason", "speculative walk"),
    ("exactly if", "if and only if"),
    ("behind `#`", "after `#`"),
    ("goes on on", "continues on"),
];

#[test]
fn sentences_are_short_enough_to_be_understood_at_once() {
    none(documents().iter().flat_map(too_long).collect());
}

#[test]
fn one_thing_has_one_word() {
    none(documents().iter().flat_map(odd_words).collect());
}

/// The documents at the root and in `docs/`, and the texts of the tour and the challenges.
pub fn documents() -> Vec<Text> {
    let told = |path: &str| {
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        path.ends_with(".md") && ["", "docs", "library/tour", "library/challenges"].contains(&folder)
    };
    tree::texts().into_iter().filter(|file| told(&file.path)).collect()
}

/// Paragraphs and items of lists, each with the number of its first line: without code, tables and headings.
fn paragraphs(text: &str) -> Vec<(usize, String)> {
    let (mut found, mut fenced, mut open) = (Vec::<(usize, String)>::new(), false, false);
    for (n, line) in text.lines().enumerate() {
        let line = line.trim();
        let fence = line.starts_with("```");
        fenced ^= fence;
        let item =
            line.starts_with("- ") || line.split_once(". ").is_some_and(|(n, _)| n.parse::<u8>().is_ok());
        if fence || fenced || line.is_empty() || line.starts_with(['|', '#', '<', '!']) {
            open = false;
        } else if let Some((_, last)) = found.last_mut().filter(|_| open && !item) {
            last.push(' ');
            last.push_str(line);
        } else {
            found.push((n + 1, line.to_owned()));
            open = true;
        }
    }
    found
}

fn too_long(file: &Text) -> Vec<String> {
    let mut complaints = Vec::new();
    for (line, paragraph) in paragraphs(&file.text) {
        let mut words = Vec::new();
        for word in paragraph.split_whitespace() {
            words.push(word);
            if word.trim_end_matches(['"', ')', ']', '*', '`']).ends_with(['.', '!', '?', ':', ';']) {
                if words.len() > LONGEST {
                    let n = words.len();
                    let start = words[..6].join(" ");
                    complaints.push(format!("{}:{line}: {n} words without an end: {start} ...", file.path));
                }
                words.clear();
            }
        }
    }
    complaints
}

fn odd_words(file: &Text) -> Vec<String> {
    let mut complaints = Vec::new();
    for (line, paragraph) in paragraphs(&file.text) {
        let lower = paragraph.to_lowercase();
        for (odd, better) in INSTEAD.iter().filter(|(odd, _)| lower.contains(odd)) {
            complaints.push(format!("{}:{line}: {odd:?}: say {better:?}", file.path));
        }
    }
    complaints
}

#[test]
fn long_sentences_and_odd_words_are_found() {
    let file = |text: String| Text { path: "docs/x.md".to_owned(), text };
    let long = "word ".repeat(LONGEST);
    assert_eq!(too_long(&file(format!("# head\n\nOne. {long}\nend. Two."))).len(), 1);
    assert_eq!(too_long(&file(format!("- {long}\n- end. Two."))).len(), 0, "two items are two");
    assert_eq!(too_long(&file(format!("{}: end.", long.trim()))).len(), 0, "a colon ends a thought");
    assert_eq!(too_long(&file(format!("```\n{long} end.\n```\n| {long} end. |"))).len(), 0, "no prose");
    let odd = odd_words(&file("A CPU makes walks\nfor no reason.".to_owned()));
    assert_eq!(odd, [r#"docs/x.md:1: "walks for no reason": say "speculative walks""#]);
}
