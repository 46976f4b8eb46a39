//! Two lists of lines beside each other.

use crate::parts::NumberedLine;
use experiment::changes::changes;

/// Lines that stand beside each other: the same one, one that became another, one that is gone, or one that is new.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair {
    /// The line of the first text.
    pub old: Option<NumberedLine>,
    /// The line of the second text.
    pub new: Option<NumberedLine>,
}

impl Pair {
    /// Whether both texts have the line.
    #[must_use]
    pub fn same(&self) -> bool {
        self.old.as_ref().map(|line| &line.text) == self.new.as_ref().map(|line| &line.text)
    }
}

/// Two lists of lines beside each other. Where lines have changed, the first that is gone stands beside the first that is new.
#[must_use]
pub fn pairs(old: &[NumberedLine], new: &[NumberedLine]) -> Vec<Pair> {
    let joined =
        |lines: &[NumberedLine]| lines.iter().map(|line| format!("{}\n", line.text)).collect::<String>();
    let changes = changes(&joined(old), &joined(new));
    let places =
        |came: bool| changes.iter().filter(move |change| change.came == came).map(|change| change.line - 1);
    let (mut gone, mut came) = (places(false).peekable(), places(true).peekable());
    let (mut i, mut j, mut pairs) = (0, 0, Vec::new());
    while i < old.len() || j < new.len() {
        let left = gone.next_if_eq(&i).and_then(|at| old.get(at));
        let right = came.next_if_eq(&j).and_then(|at| new.get(at));
        let pair = match (left, right) {
            (None, None) => Pair { old: old.get(i).cloned(), new: new.get(j).cloned() },
            (left, right) => Pair { old: left.cloned(), new: right.cloned() },
        };
        (i, j) = (i + usize::from(pair.old.is_some()), j + usize::from(pair.new.is_some()));
        pairs.push(pair);
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::pairs;
    use crate::parts::{KernelParts, NumberedLine};

    fn lines(text: &str) -> Vec<NumberedLine> {
        text.chars()
            .zip(1..)
            .map(|(letter, number)| NumberedLine { number, text: letter.to_string() })
            .collect()
    }

    fn written(old: &str, new: &str) -> String {
        let one =
            |line: &Option<NumberedLine>| line.as_ref().map_or("-".to_owned(), |line| line.text.clone());
        let pairs = pairs(&lines(old), &lines(new));
        pairs.iter().map(|pair| one(&pair.old) + &one(&pair.new)).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn lines_stand_beside_each_other() {
        assert_eq!(written("abc", "abc"), "aa bb cc");
        assert_eq!(written("abc", "aBc"), "aa bB cc");
        assert_eq!(written("abc", "ac"), "aa b- cc");
        assert_eq!(written("ac", "abc"), "aa -b cc");
        assert_eq!(written("abcd", "aXYZd"), "aa bX cY -Z dd");
        assert_eq!(written("", "ab"), "-a -b");
        assert_eq!(written("ab", ""), "a- b-");
    }

    #[test]
    fn each_line_of_two_kernels_is_there_once_and_in_order() {
        let all: Vec<KernelParts> =
            gallery::kernels().filter_map(|kernel| KernelParts::of(kernel.slug)).collect();
        for two in all.windows(2) {
            let pairs = pairs(&two[0].declared, &two[1].declared);
            let old: Vec<NumberedLine> = pairs.iter().filter_map(|pair| pair.old.clone()).collect();
            let new: Vec<NumberedLine> = pairs.iter().filter_map(|pair| pair.new.clone()).collect();
            assert_eq!((old, new), (two[0].declared.clone(), two[1].declared.clone()));
        }
    }
}
