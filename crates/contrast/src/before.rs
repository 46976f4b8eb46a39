//! With which kernel one is compared, if the reader has not chosen any.

use crate::parts::KernelParts;

/// Kernels that came one after the other. (Each of the others stands alone, or extends one.)
const HISTORY: [&str; 11] = [
    "linux-4.13",
    "linux-4.14-rc1",
    "linux-4.14-rc1-barrier",
    "init-mm-switch",
    "linux-4.14",
    "linux-4.20",
    "linux-5.13",
    "linux-6.12-stable",
    "linux-6.14",
    "linux-6.15",
    "linux-6.18",
];

/// The kernel to compare another one with at first, both by slug: the one that it extends; or the one before it in the history; or
/// the one that has most functions in common with it.
#[must_use]
pub fn before(kernel: &str) -> Option<&'static str> {
    let text = gallery::kernel(kernel)?;
    if let Some(base) = lang::extended_kernel(text.text).and_then(|base| gallery::kernel(&base)) {
        return Some(base.slug);
    }
    if let Some(at) = HISTORY.iter().position(|there| *there == text.slug) {
        return Some(HISTORY[if at == 0 { 1 } else { at - 1 }]);
    }
    let own = KernelParts::of(text.slug)?;
    let mut nearest = (0, HISTORY[HISTORY.len() - 1]);
    for other in gallery::kernels().filter(|other| other.slug != text.slug) {
        let common = KernelParts::of(other.slug).map_or(0, |other| common(&own, &other));
        if common > nearest.0 {
            nearest = (common, other.slug);
        }
    }
    Some(nearest.1)
}

/// How many functions two kernels have in common, to the letter; those of the same name count half as much.
fn common(one: &KernelParts, other: &KernelParts) -> usize {
    let texts =
        |lines: &[crate::NumberedLine]| lines.iter().map(|line| line.text.clone()).collect::<Vec<_>>();
    let of = |(name, lines): &(String, Vec<crate::NumberedLine>)| {
        let there = other.functions.iter().find(|(there, _)| there == name);
        there.map_or(0, |(_, there)| 1 + usize::from(texts(there) == texts(lines)))
    };
    one.functions.iter().map(of).sum()
}

#[cfg(test)]
mod tests {
    use super::{HISTORY, before};

    #[test]
    fn every_kernel_has_one_to_be_compared_with() {
        for kernel in gallery::kernels() {
            let other = before(kernel.slug).expect("one");
            assert_ne!(other, kernel.slug);
            assert!(gallery::kernels().any(|there| there.slug == other), "{other}");
        }
        for (kernel, other) in [
            ("linux-4.20", "linux-4.14"),
            ("linux-4.13", "linux-4.14-rc1"),
            ("luf", "linux-6.14"),
            ("LUF", "linux-6.14"),
            ("hugetlb-gup", "hugetlb"),
            ("kpti-global-asid", "kpti"),
        ] {
            assert_eq!(before(kernel), Some(other), "{kernel}");
        }
        assert_eq!(before("no such"), None);
    }

    #[test]
    fn the_history_has_every_release() {
        for kernel in gallery::kernels().filter(|kernel| kernel.slug.starts_with("linux-")) {
            assert!(HISTORY.contains(&kernel.slug), "{}", kernel.slug);
        }
    }
}
