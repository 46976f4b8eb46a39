//! The texts of `library/`: the kernel history, the gallery of scenarios, workloads and tables of costs for timed runs, the
//! tour, the challenges, templates, and what the rules of the hardware say.
//!
//! These are data and not code. A kernel or scenario has two names. One is the name of its file without `.tlb`, its
//! *slug*; links use the slug, so the slug never changes. The other is the name that the text gives itself; `use
//! kernel` uses that name.
//!
//! The build packs all texts into one file. A native program has that file inside. The page does not, since every
//! visitor would wait for it. The page has the few texts that it begins with, and the file lies beside it under the
//! name [`FILE`]. The page loads the file and passes it to [`install`], once. From then on the whole library is there.
//! All other code asks this crate and does not know the difference. Only code that opens a text by name asks first
//! whether it has to wait for the text ([`at_once`], [`whole`]).
#![forbid(unsafe_code)]

use std::sync::OnceLock;

mod hash;
mod names {
    include!(concat!(env!("OUT_DIR"), "/names.rs"));
}

/// The scenario that the page begins with, by slug.
pub const FIRST: &str = names::FIRST;

/// The name of the file with the whole library among the files of the site. The hash of the library is in it, so that
/// a page never gets the library of another version from a cache.
pub const FILE: &str = names::FILE;

/// The texts that are compiled in: the whole file, or on the page the texts that it begins with.
const BUILT_IN: &str = include_str!(concat!(env!("OUT_DIR"), "/built_in.txt"));

/// A text of the library.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LibraryText {
    /// File name without `.tlb` or `.md`.
    pub slug: &'static str,
    /// The text.
    pub text: &'static str,
}

impl LibraryText {
    /// The name that a kernel's text gives itself, from its first line of code; nothing for any other text. (The
    /// language proper reads it the same way; this crate knows no language, so that data stays below code.)
    #[must_use]
    pub fn kernel_name(self) -> Option<&'static str> {
        self.text.lines().find_map(|line| line.trim_start().strip_prefix("kernel \"")?.split('"').next())
    }
}

/// The texts of one folder after the other.
type Folders = [Vec<LibraryText>; names::FOLDERS.len()];

/// The library, if it has been installed; and the texts that are compiled in.
static WHOLE: OnceLock<(&'static str, Folders)> = OnceLock::new();
static BEGINNING: OnceLock<Folders> = OnceLock::new();

/// All texts that are available.
fn folders() -> &'static Folders {
    match WHOLE.get() {
        Some((_, whole)) => whole,
        None => BEGINNING.get_or_init(|| unpacked(BUILT_IN)),
    }
}

/// Takes a packed file apart, as far as it is one.
fn unpacked(mut rest: &'static str) -> Folders {
    let mut all = Folders::default();
    while let Some((head, after)) = rest.split_once('\n') {
        let found = head.split_once(' ').and_then(|(path, length)| {
            let ((folder, slug), length) = (path.split_once('/')?, length.parse().ok()?);
            let (text, after) = after.split_at_checked(length)?;
            let folder = names::FOLDERS.iter().position(|there| *there == folder)?;
            Some((folder, LibraryText { slug, text }, after))
        });
        let Some((folder, text, after)) = found else { break };
        all[folder].push(text);
        rest = after;
    }
    all
}

/// Whether the whole library is available.
#[must_use]
pub fn whole() -> bool {
    !cfg!(target_family = "wasm") || WHOLE.get().is_some()
}

/// The file with the whole library, to be passed on; nothing if it is not available.
#[must_use]
pub fn file() -> Option<&'static str> {
    let built_in = (!cfg!(target_family = "wasm")).then_some(BUILT_IN);
    WHOLE.get().map(|(file, _)| *file).or(built_in)
}

/// Takes the file with the whole library, and returns whether it is the file of this version. The file of another
/// version is refused, since links and verdicts depend on the texts.
pub fn install(file: String) -> bool {
    if FILE != hash::named("library.txt", &file) {
        return false;
    }
    WHOLE.get_or_init(|| {
        // It stays as long as the program runs, like a text that is compiled in.
        let file: &'static str = file.leak();
        (file, unpacked(file))
    });
    true
}

/// Whether the page has a text from the beginning: a scenario or a kernel by its slug, or a kernel by the name that it
/// gives itself.
#[must_use]
pub fn at_once(name: &str) -> bool {
    let beginning = names::AT_ONCE.iter().filter_map(|path| path.split_once('/'));
    let mut texts = beginning.filter(|(folder, _)| ["kernels", "scenarios"].contains(folder));
    texts.any(|(folder, slug)| {
        slug == name || folder == "kernels" && kernel(slug).and_then(LibraryText::kernel_name) == Some(name)
    })
}

fn texts(folder: &str) -> impl Iterator<Item = LibraryText> + use<> {
    let folder = names::FOLDERS.iter().position(|there| *there == folder);
    folder.map_or(&[][..], |folder| &folders()[folder]).iter().copied()
}

/// All kernels, by slug.
pub fn kernels() -> impl Iterator<Item = LibraryText> {
    texts("kernels")
}

/// All scenarios, by slug.
pub fn scenarios() -> impl Iterator<Item = LibraryText> {
    texts("scenarios")
}

/// The list of all scenarios by chapter, in the order in which to read them; nothing before the library is there.
#[must_use]
pub fn catalogue() -> Option<LibraryText> {
    texts("catalogue").next()
}

/// All scenarios that are workloads for timed runs, by slug.
pub fn workloads() -> impl Iterator<Item = LibraryText> {
    texts("workloads")
}

/// All tables of costs, by slug.
pub fn costs() -> impl Iterator<Item = LibraryText> {
    texts("costs")
}

/// The moments of the tour, in order.
pub fn tour() -> impl Iterator<Item = LibraryText> {
    texts("tour")
}

/// All challenges, by slug.
pub fn challenges() -> impl Iterator<Item = LibraryText> {
    texts("challenges")
}

/// The texts that readers begin their own with, by slug: each is a file with a scenario, and perhaps its kernel.
pub fn templates() -> impl Iterator<Item = LibraryText> {
    texts("templates")
}

/// What the rules of the hardware say, a row each; nothing before the library is there.
#[must_use]
pub fn rules() -> Option<LibraryText> {
    texts("rules").next()
}

/// The kernel whose text names itself so, or whose slug it is.
#[must_use]
pub fn kernel(name: &str) -> Option<LibraryText> {
    kernels()
        .find(|text| text.kernel_name() == Some(name))
        .or_else(|| kernels().find(|text| text.slug == name))
}

/// The scenario with a slug.
#[must_use]
pub fn scenario(slug: &str) -> Option<LibraryText> {
    scenarios().find(|text| text.slug == slug)
}

/// The workload with a slug.
#[must_use]
pub fn workload(slug: &str) -> Option<LibraryText> {
    workloads().find(|text| text.slug == slug)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_holds_every_text_of_the_folder() {
        let library = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../library");
        let mut count = 0;
        let all = names::FOLDERS.into_iter().flat_map(|folder| texts(folder).map(move |text| (folder, text)));
        for (folder, text) in all {
            let kind =
                if ["catalogue", "tour", "challenges", "rules"].contains(&folder) { "md" } else { "tlb" };
            let path = library.join(folder).join(format!("{}.{kind}", text.slug));
            assert_eq!(std::fs::read_to_string(&path).expect("a text"), text.text, "{}", path.display());
            count += 1;
        }
        let folders = std::fs::read_dir(library).expect("the library").flatten();
        let files = folders.flat_map(|folder| std::fs::read_dir(folder.path()).expect("a folder").flatten());
        assert_eq!(files.count(), count);
    }

    #[test]
    fn no_other_file_is_taken_for_the_library() {
        let file = file().expect("it is compiled in").to_owned();
        assert!(!install(String::new()));
        assert!(!install(file[..file.len() - 1].to_owned()));
        assert!(!install(file.replacen("lazy", "lasy", 1)));
        assert!(install(file.clone()) && install(file), "twice is no error");
        assert_eq!(folders(), BEGINNING.get_or_init(|| unpacked(BUILT_IN)));
    }

    #[test]
    fn a_damaged_file_ends_where_it_is_damaged() {
        let count = |file| unpacked(file).iter().map(Vec::len).sum::<usize>();
        assert_eq!(count("kernels/a 2\nxyscenarios/b 9\nz"), 1);
        assert_eq!((count("kernels/a 2000\nxy"), count("kernels 1\nx"), count("others/a 1\nx")), (0, 0, 0));
        assert_eq!(count("kernels/a 1\n\u{e9}"), 0, "in the middle of a letter");
    }

    #[test]
    fn the_page_begins_with_one_scenario_and_its_kernel() {
        assert!(at_once(FIRST) && scenario(FIRST).is_some());
        assert!(at_once("lab") && at_once("lazy TLB lab"));
        assert!(!at_once("linux-4.14") && !at_once("lazy+munmap") && !at_once(""));
    }
}
