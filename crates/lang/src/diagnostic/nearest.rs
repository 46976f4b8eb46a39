//! Did you mean ...?

/// The candidate nearest to `word`, if it is near enough to be a typing error.
#[must_use]
pub fn nearest<'a>(word: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    // In very short words one slip is too much to guess from.
    if word.len() < 3 || word.len() > 40 {
        return None;
    }
    let allowed = (word.len() / 3).clamp(1, 3);
    candidates
        .filter(|c| c.len().abs_diff(word.len()) <= allowed && *c != word)
        .map(|c| (distance(word.as_bytes(), c.as_bytes()), c))
        .filter(|&(d, _)| d <= allowed)
        .min()
        .map(|(_, c)| c)
}

/// The advice that names it.
pub(crate) fn did_you_mean<'a>(word: &str, candidates: impl Iterator<Item = &'a str>) -> Option<String> {
    nearest(word, candidates).map(|c| format!("{MEANT}{c}`?"))
}

/// The beginning of that advice.
pub(crate) const MEANT: &str = "did you mean `";

/// The word in the rest of it. Another sentence may follow.
pub(crate) fn meant(rest: &str) -> Option<&str> {
    let (word, more) = rest.split_once("`?")?;
    (more.is_empty() || more.starts_with(' ')).then_some(word)
}

/// Advice, and after it where something was looked for.
pub(crate) fn and_looked(advice: Option<String>, looked: Option<String>) -> Option<String> {
    match (advice, looked) {
        (Some(question), Some(looked)) if question.ends_with('?') => Some(format!("{question} {looked}")),
        (Some(advice), Some(looked)) => Some(format!("{advice}; {looked}")),
        (advice, looked) => advice.or(looked),
    }
}

/// Edit distance in which swapping two neighbours costs one, as for typing errors.
fn distance(a: &[u8], b: &[u8]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut next = vec![i; b.len() + 1];
        for j in 1..=b.len() {
            let change = usize::from(a[i - 1] != b[j - 1]);
            next[j] = (row[j] + 1).min(next[j - 1] + 1).min(row[j - 1] + change);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                next[j] = next[j].min(before[j - 2] + 1);
            }
        }
        before = std::mem::replace(&mut row, next);
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_found_and_strangers_are_not() {
        let names = ["lazy_tlb", "memory_barrier", "cpu"];
        assert_eq!(nearest("lazy_tbl", names.into_iter()), Some("lazy_tlb"));
        assert_eq!(nearest("memory_barier", names.into_iter()), Some("memory_barrier"));
        assert_eq!(nearest("cqu", names.into_iter()), Some("cpu"));
        assert_eq!(nearest("flush", names.into_iter()), None);
        assert_eq!(distance(b"", b"abc"), 3);
        assert_eq!(distance(b"ab", b"ba"), 1);
    }
}
