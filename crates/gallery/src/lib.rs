//! The texts of `library/`, compiled in: the kernel history, the gallery of scenarios, workloads and tables of costs for timed
//! runs, the tour and the challenges.
//!
//! These are data and not code. A kernel or scenario has two names. One is the name of its file without `.tlb`, its
//! *slug*; links use the slug, so the slug never changes. The other is the name that the text gives itself; `use
//! kernel` uses that name.
#![forbid(unsafe_code)]

include!(concat!(env!("OUT_DIR"), "/texts.rs"));

/// A text of the library.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Text {
    /// File name without `.tlb` or `.md`.
    pub slug: &'static str,
    /// The text.
    pub text: &'static str,
}

impl Text {
    /// The name that a kernel's text gives itself, from its first line of code; nothing for any other text. (The
    /// language proper reads it the same way; this crate knows no language, so that data stays below code.)
    #[must_use]
    pub fn kernel_name(self) -> Option<&'static str> {
        self.text.lines().find_map(|line| line.trim_start().strip_prefix("kernel \"")?.split('"').next())
    }
}

fn texts(list: &'static [(&'static str, &'static str)]) -> impl Iterator<Item = Text> {
    list.iter().map(|&(slug, text)| Text { slug, text })
}

/// All kernels, by slug.
pub fn kernels() -> impl Iterator<Item = Text> {
    texts(KERNELS)
}

/// All scenarios, by slug.
pub fn scenarios() -> impl Iterator<Item = Text> {
    texts(SCENARIOS)
}

/// All scenarios that are workloads for timed runs, by slug.
pub fn workloads() -> impl Iterator<Item = Text> {
    texts(WORKLOADS)
}

/// All tables of costs, by slug.
pub fn costs() -> impl Iterator<Item = Text> {
    texts(COSTS)
}

/// The moments of the tour, in order.
pub fn tour() -> impl Iterator<Item = Text> {
    texts(TOUR)
}

/// All challenges, by slug.
pub fn challenges() -> impl Iterator<Item = Text> {
    texts(CHALLENGES)
}

/// The kernel whose text names itself so, or whose slug it is.
#[must_use]
pub fn kernel(name: &str) -> Option<Text> {
    kernels()
        .find(|text| text.kernel_name() == Some(name))
        .or_else(|| kernels().find(|text| text.slug == name))
}

/// The scenario with a slug.
#[must_use]
pub fn scenario(slug: &str) -> Option<Text> {
    scenarios().find(|text| text.slug == slug)
}

/// The workload with a slug.
#[must_use]
pub fn workload(slug: &str) -> Option<Text> {
    workloads().find(|text| text.slug == slug)
}
