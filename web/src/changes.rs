//! What the reader has changed in a text: lines of before that are gone, and lines that came.

use similar::{ChangeTag, TextDiff};

/// A line that differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// It came; otherwise it is gone.
    pub came: bool,
    /// Its number, from 1: in the text as it is if it came, else in that of before.
    pub line: usize,
    /// It.
    pub text: String,
}

/// The lines in which two texts differ, in their order.
#[must_use]
pub fn changes(before: &str, now: &str) -> Vec<Change> {
    let diff = TextDiff::from_lines(before, now);
    let change = |change: similar::Change<&str>| {
        let (came, index) = match change.tag() {
            ChangeTag::Equal => return None,
            ChangeTag::Delete => (false, change.old_index()?),
            ChangeTag::Insert => (true, change.new_index()?),
        };
        Some(Change { came, line: index + 1, text: change.value().trim_end_matches('\n').to_owned() })
    };
    diff.iter_all_changes().filter_map(change).collect()
}

#[cfg(test)]
mod tests {
    use super::changes;

    #[test]
    fn lines_that_differ_are_named() {
        let told = |before: &str, now: &str| -> Vec<String> {
            let tell = |change: super::Change| {
                format!("{}{} {}", if change.came { '+' } else { '-' }, change.line, change.text)
            };
            changes(before, now).into_iter().map(tell).collect()
        };
        assert_eq!(told("a\nb\nc\n", "a\nc\nd\n"), ["-2 b", "+3 d"]);
        assert_eq!(told("a\nb", "a\nB"), ["-2 b", "+2 B"]);
        assert!(told("a\n\nb\n", "a\n\nb\n").is_empty());
    }

    #[test]
    fn what_is_left_out_and_put_in_makes_the_one_text_of_the_other() {
        let kernels: Vec<&str> = gallery::kernels().map(|kernel| kernel.text).collect();
        for pair in kernels.windows(2) {
            let (mut lines, changes) = (pair[0].lines().collect::<Vec<_>>(), changes(pair[0], pair[1]));
            for gone in changes.iter().filter(|change| !change.came).rev() {
                assert_eq!(lines.remove(gone.line - 1), gone.text);
            }
            for came in changes.iter().filter(|change| change.came) {
                lines.insert(came.line - 1, &came.text);
            }
            assert_eq!(lines, pair[1].lines().collect::<Vec<_>>());
        }
    }
}
