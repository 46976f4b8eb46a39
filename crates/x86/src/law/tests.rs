//! The table is complete, each sentence is fit for a caption, and `docs/rules.md` says the same.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::{Built, Confidence, Law};

/// What fits under a picture on a small screen, in characters.
const CAPTION: usize = 200;

const HEADER: &str = "| rule | what holds | source | built |";

const INTRODUCTION: &str = "\
# The hardware rules

This page lists everything that the model takes for granted about x86 translation caching, one rule per row.
Captions and tests refer to the rules by number. The page is generated from `crates/x86/src/law/`; to renew it,
run `TLBSCOPE_BLESS=1 cargo test -p x86 rules_md`.

SDM sections are numbered as in the editions where paging is chapter 4 of volume 3A. In newer editions paging is
chapter 5 with the same subsections; the chapters on multiprocessors (8) and caches (11) moved too, and the one on
address translation for guests is 28 here and 29 in newer editions.
A leaf is an entry that maps a page. Rules H34 to H49 state the least that an invalidation must remove; H50 allows
an invalidation to remove more.

The last column says whether the code obeys the rule. \"Yes\" means that `crates/x86/tests` has a test with the
rule's number in its name. \"Yes, in machine\" means that `crates/machine/tests` has such a test.
`docs/model.md` lists those tests.

How far to trust a rule:

";

const LIBRARY: &str = "\
| rule | what holds | source | in doubt |
| --- | --- | --- | --- |
";

/// The headings of `docs/rules.md`, each with the first rule below it.
const SECTIONS: [(Law, &str); 11] = [
    (Law::H1, "What is cached, and its tag"),
    (Law::H13, "When walks happen"),
    (Law::H17, "The accessed and dirty flags"),
    (Law::H23, "Rights, reserved bits, addresses"),
    (Law::H28, "Memory type"),
    (Law::H34, "What invalidates"),
    (Law::H54, "Ordering"),
    (Law::H62, "Paging modes"),
    (Law::H63, "Guests"),
    (Law::H72, "Requests and shared TLBs"),
    (Law::H74, "Devices behind an IOMMU"),
];

#[test]
fn numbers_run_from_1_to_76() {
    for (law, number) in Law::ALL.into_iter().zip(1..) {
        assert_eq!(law.number(), number);
        assert_eq!(Law::from_number(number), Some(law));
        assert_eq!(law.to_string(), format!("H{number}"));
        assert_eq!(format!("{law:?}"), law.to_string(), "the variant is named by its number");
    }
    let known = (0..=u8::MAX).filter(|number| Law::from_number(*number).is_some());
    assert!(known.eq(1..=76));
    assert!(Law::ALL.is_sorted());
}

#[test]
fn display_obeys_width_and_precision() {
    assert_eq!(format!("[{:>4}]", Law::H7), "[  H7]");
    assert_eq!(format!("[{:<4}]", Law::H37), "[H37 ]");
    assert_eq!(format!("[{:<7}]", Confidence::Choice), "[choice ]");
}

#[test]
fn every_sentence_is_one_sentence_within_a_caption() {
    for law in Law::ALL {
        let sentence = law.sentence();
        assert!(sentence.len() <= CAPTION, "{law} has {} characters", sentence.len());
        assert!(sentence.ends_with('.'), "{law} does not end");
        assert!(!sentence.contains(". "), "{law} is more than one sentence");
        assert!(sentence.starts_with(|c: char| c.is_ascii_uppercase()), "{law} does not begin");
        assert!(!mentions_a_rule(sentence), "{law} cannot stand alone");
        assert!(!sentence.contains(['[', '`', '*', '<']), "{law} is also read as Markdown");
    }
}

#[test]
fn titles_are_short() {
    for law in Law::ALL {
        let words = law.title().split_whitespace().count();
        assert!((2..=5).contains(&words), "{law}: {}", law.title());
        assert!(!law.title().ends_with('.'), "{law}: {}", law.title());
    }
}

#[test]
fn titles_sentences_and_notes_are_unique() {
    let mut seen = BTreeSet::new();
    for law in Law::ALL {
        for text in [Some(law.title()), Some(law.sentence()), law.note()].into_iter().flatten() {
            assert!(seen.insert(text), "{law} repeats: {text}");
        }
    }
}

#[test]
fn every_text_is_plain() {
    for law in Law::ALL {
        assert!(!law.source().is_empty(), "{law} cites nothing");
        for text in texts(law) {
            assert!(text.chars().all(|c| c == ' ' || c.is_ascii_graphic()), "{law} is not ASCII: {text}");
            assert_eq!(text, text.trim(), "{law} has blanks around: {text}");
            assert!(!text.contains("  ") && !text.contains('|'), "{law} would break its table: {text}");
        }
        if let Some(note) = law.note() {
            assert!(note.ends_with('.'), "{law}: {note}");
        }
    }
}

#[test]
fn a_choice_is_explained_and_every_confidence_occurs() {
    for confidence in Confidence::ALL {
        assert!(Law::ALL.iter().any(|law| law.confidence() == confidence));
        assert!(!confidence.word().contains(' ') && confidence.sentence().ends_with('.'));
    }
    let choices = Law::ALL.into_iter().filter(|law| law.confidence() == Confidence::Choice);
    assert!(choices.eq([Law::H19, Law::H33, Law::H54, Law::H57, Law::H71, Law::H73, Law::H76]));
}

#[test]
fn rules_mentioned_in_notes_exist() {
    for law in Law::ALL {
        for number in rules_in(law.note().unwrap_or_default()) {
            let other = Law::from_number(number).unwrap_or_else(|| panic!("{law} mentions H{number}"));
            assert_ne!(other, law, "{law} mentions itself");
        }
    }
}

#[test]
fn why_a_rule_is_not_built_is_said_in_few_words() {
    let mut reasons = 0;
    for law in Law::ALL {
        if let Built::NotModelled(reason) = law.built() {
            reasons += 1;
            assert!(reason.len() <= 80 && !reason.ends_with('.') && reason.len() > 10, "{law}: {reason}");
            assert!(
                reason.chars().all(|c| c == ' ' || c.is_ascii_graphic()) && !reason.contains('|'),
                "{law}"
            );
        }
    }
    assert!(reasons > 0);
}

/// Run with `TLBSCOPE_BLESS=1` to rewrite the file.
#[test]
fn docs_rules_md_is_up_to_date() {
    golden::check(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/rules.md"), &markdown());
}

/// The page reads the rules from its library. Run with `TLBSCOPE_BLESS=1` to rewrite the file.
#[test]
fn the_library_has_every_rule() {
    let mut page = String::from(LIBRARY);
    for law in Law::ALL {
        let (sentence, source, note) = (law.sentence(), law.source(), law.note().unwrap_or_default());
        writeln!(page, "| {law} | {sentence} | {source} | {note} |").expect("a String takes all");
    }
    golden::check(concat!(env!("CARGO_MANIFEST_DIR"), "/../../library/rules/hardware.md"), &page);
}

fn texts(law: Law) -> impl Iterator<Item = &'static str> {
    [law.title(), law.sentence(), law.source()].into_iter().chain(law.note())
}

fn mentions_a_rule(text: &str) -> bool {
    rules_in(text).next().is_some()
}

/// The numbers of the rules named in `text`: words of an H and digits.
fn rules_in(text: &str) -> impl Iterator<Item = u8> {
    text.split(|c: char| !c.is_ascii_alphanumeric()).filter_map(|word| word.strip_prefix('H')?.parse().ok())
}

fn markdown() -> String {
    let mut page = String::from(INTRODUCTION);
    for confidence in Confidence::ALL {
        let rules = Law::ALL.iter().filter(|law| law.confidence() == confidence).count();
        writeln!(page, "- **{confidence}** ({rules} rules): {}", confidence.sentence())
            .expect("a String takes all");
    }
    for law in Law::ALL {
        if let Some((_, heading)) = SECTIONS.iter().find(|(first, _)| *first == law) {
            write!(page, "\n## {heading}\n\n{HEADER}\n| --- | --- | --- | --- |\n")
                .expect("a String takes all");
        }
        writeln!(page, "{}", markdown_row(law)).expect("a String takes all");
    }
    page
}

fn markdown_row(law: Law) -> String {
    let note = law.note().map(|note| format!(" <br> *{note}*")).unwrap_or_default();
    format!(
        "| **{law}** {} | {}{note} | {} ({}) | {} |",
        law.title(),
        law.sentence(),
        law.source(),
        law.confidence(),
        law.built()
    )
}
