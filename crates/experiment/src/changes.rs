//! What the reader has changed in a text: lines that are gone, and lines that are new.
//!
//! The lines are compared by their longest common subsequence, between the first and the last line that differ. A
//! library for this would be a twenty-fifth of the whole site.

/// A line that differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangedLine {
    /// Whether the line is new; otherwise it is gone.
    pub came: bool,
    /// Its number, from 1: in the present text if the line is new, or in the earlier text if the
    /// line is gone.
    pub line: usize,
    /// The line.
    pub text: String,
}

/// The most pairs of lines that are compared. If there are more, all lines in between count as gone
/// and new.
const MOST: usize = 1 << 20;

/// The lines in which two texts differ, in their order.
#[must_use]
pub fn changes(before: &str, now: &str) -> Vec<ChangedLine> {
    let (before, now): (Vec<&str>, Vec<&str>) = (before.lines().collect(), now.lines().collect());
    let same = before.iter().zip(&now).take_while(|(a, b)| a == b).count();
    let (old, new) = (&before[same..], &now[same..]);
    let end = old.iter().rev().zip(new.iter().rev()).take_while(|(a, b)| a == b).count();
    let (old, new) = (&old[..old.len() - end], &new[..new.len() - end]);
    // How many lines the remainders of both texts have in common, for each pair of starting lines.
    let wide = new.len() + 1;
    let mut common = vec![0u32; if old.len() * new.len() <= MOST { (old.len() + 1) * wide } else { 0 }];
    let known = !common.is_empty();
    if known {
        for (i, j) in (0..old.len()).rev().flat_map(|i| (0..new.len()).rev().map(move |j| (i, j))) {
            common[i * wide + j] = if old[i] == new[j] {
                common[(i + 1) * wide + j + 1] + 1
            } else {
                common[(i + 1) * wide + j].max(common[i * wide + j + 1])
            };
        }
    }
    let (mut i, mut j, mut changes) = (0, 0, Vec::new());
    while i < old.len() || j < new.len() {
        let gone = i < old.len();
        if known && gone && j < new.len() && old[i] == new[j] {
            (i, j) = (i + 1, j + 1);
        } else if gone && (!known || j == new.len() || common[(i + 1) * wide + j] >= common[i * wide + j + 1])
        {
            changes.push(ChangedLine { came: false, line: same + i + 1, text: old[i].to_owned() });
            i += 1;
        } else {
            changes.push(ChangedLine { came: true, line: same + j + 1, text: new[j].to_owned() });
            j += 1;
        }
    }
    changes
}

/// The lines of the present text that stand beside a difference, from 1, each with its kind: 1 if it is new, 2 if lines are gone
/// before it, 3 for both.
#[must_use]
pub fn beside(changes: &[ChangedLine]) -> Vec<[u32; 2]> {
    let mut beside: Vec<[u32; 2]> = Vec::new();
    // Lines that are new and gone so far: the difference of the two texts' numbers of a line that both have.
    let (mut came, mut gone) = (0, 0);
    for change in changes {
        let (line, kind) = if change.came { (change.line, 1) } else { (change.line + came - gone, 2) };
        came += usize::from(change.came);
        gone += usize::from(!change.came);
        let line = u32::try_from(line).unwrap_or(u32::MAX);
        match beside.last_mut().filter(|last| last[0] == line) {
            Some(last) => last[1] |= kind,
            None => beside.push([line, kind]),
        }
    }
    beside
}

/// In how many lines two texts differ: a changed line counts once.
#[must_use]
pub fn lines(before: &str, now: &str) -> usize {
    // The next line of each text, and how many lines of each differ since the texts last agreed.
    let (mut old, mut new) = (1, 1);
    let (mut gone, mut came, mut differ) = (0, 0, 0);
    for change in changes(before, now) {
        let at = if change.came { &mut new } else { &mut old };
        let alike = change.line - *at;
        *at = change.line + 1;
        if alike > 0 {
            *(if change.came { &mut old } else { &mut new }) += alike;
            differ += usize::max(gone, came);
            (gone, came) = (0, 0);
        }
        *(if change.came { &mut came } else { &mut gone }) += 1;
    }
    differ + usize::max(gone, came)
}

#[cfg(test)]
mod tests {
    use super::{changes, lines};

    #[test]
    fn lines_are_counted_where_they_are() {
        for (before, now, count) in [
            ("a\nb\nc\n", "a\nb\nc\n", 0),
            ("a\nb\nc\n", "a\nB\nc\n", 1),
            ("a\nb\nc\n", "b\nc\nd\n", 2),
            ("a\nb\nc\n", "x\ny\nb\nc\n", 2),
            ("a\nb\nc\nd\n", "a\nc\nD\n", 2),
            ("a\nb\n", "", 2),
        ] {
            assert_eq!(lines(before, now), count, "{before:?} {now:?}");
        }
    }

    #[test]
    fn lines_that_differ_have_a_place_in_the_present_text() {
        let beside = |before: &str, now: &str| super::beside(&changes(before, now));
        assert!(beside("a\nb\n", "a\nb\n").is_empty());
        assert_eq!(beside("a\nb\nc\n", "a\nB\nc\n"), [[2, 3]]);
        assert_eq!(beside("a\nb\nc\n", "a\nc\n"), [[2, 2]], "before the line that is second now");
        assert_eq!(beside("a\nc\n", "a\nb\nc\nd\n"), [[2, 1], [4, 1]]);
        assert_eq!(beside("x\na\nb\nc\nd\n", "a\nn\nb\nd\n"), [[1, 2], [2, 1], [4, 2]]);
    }

    #[test]
    fn lines_that_differ_are_named() {
        let told = |before: &str, now: &str| -> Vec<String> {
            let tell = |change: super::ChangedLine| {
                format!("{}{} {}", if change.came { '+' } else { '-' }, change.line, change.text)
            };
            changes(before, now).into_iter().map(tell).collect()
        };
        assert_eq!(told("a\nb\nc\n", "a\nc\nd\n"), ["-2 b", "+3 d"]);
        assert_eq!(told("a\nb", "a\nB"), ["-2 b", "+2 B"]);
        assert!(told("a\n\nb\n", "a\n\nb\n").is_empty());
        assert_eq!(told("x\na\nb\ny", "x\nb\na\nb\ny"), ["+2 b"]);
        let long = |word: &str| (0..1100).map(|line| format!("{word}{line}\n")).collect::<String>();
        assert_eq!(told(&long("a"), &long("b")).len(), 2200);
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
