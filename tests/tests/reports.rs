//! `docs/reports.md` lists public reports, each with the texts that tell it. This test finds the texts, and makes the table of
//! what they expect: `cargo xtask bless` renews it. That they show what they expect is `gallery.rs`'s and `cases.rs`'s to settle.

use experiment::Experiment;
use lang::CaseName;
use lang::program::Observation;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use tests::{cases, machine};

const LIST: [&str; 2] = ["<!-- list: reports -->\n", "<!-- end: reports -->"];
const TABLE: [&str; 2] = ["<!-- table: reports -->\n", "<!-- end: found -->"];

/// What stands between two marks.
fn between<'a>(page: &'a str, [begin, end]: [&str; 2]) -> &'a str {
    let (_, rest) = page.split_once(begin).expect("the beginning");
    rest.split_once(end).expect("the end").0
}

/// The texts that a page may name: those of the library by their slug, those of `tests/cases` with their folder.
fn texts() -> BTreeMap<String, Experiment> {
    let library = gallery::scenarios().map(|text| (text.slug.to_owned(), Experiment::new(text.text)));
    library.chain(cases().into_iter().map(|(name, there)| (format!("cases/{name}"), there))).collect()
}

/// What is written in code style in a text.
fn names(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

/// What each variant of a text expects: its case, and the expectations.
fn variants(of: &Experiment) -> Vec<(String, Vec<(Observation, String)>)> {
    let variant = |(name, there): (CaseName, Experiment)| {
        let machine = machine(&there);
        let expected = &machine.program().expectations;
        let expected = expected.iter().map(|one| (one.observation, one.property.clone())).collect();
        (name.name.unwrap_or_else(|| "as written".to_owned()), expected)
    };
    of.variants().into_iter().map(variant).collect()
}

fn word(observation: Observation) -> &'static str {
    match observation {
        Observation::Always => "always",
        Observation::Sometimes => "sometimes",
        Observation::Never => "never",
    }
}

#[test]
fn each_report_is_told_by_a_text_that_is_broken_and_by_one_that_is_mended() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/reports.md");
    let page = fs::read_to_string(&path).expect("the page").replace("\r\n", "\n");
    let texts = texts();
    let mut table = String::from("\n| report | text | variant | expected |\n| --- | --- | --- | --- |\n");
    let rows = between(&page, LIST).lines().filter(|line| line.starts_with("| ")).skip(2);
    let mut number = 0;
    for row in rows {
        number += 1;
        let cells: Vec<&str> = row.trim_matches('|').split(" | ").map(str::trim).collect();
        assert_eq!(cells.len(), 5, "{row}");
        assert_eq!(cells[0].parse(), Ok(number), "{row}");
        let (mut shown, mut gone) = (Vec::new(), Vec::new());
        for name in names(cells[4]) {
            let of = texts.get(name).unwrap_or_else(|| panic!("report {number}: there is no text {name}"));
            for (variant, expected) in variants(of) {
                for (how, what) in &expected {
                    if *how == Observation::Never { &mut gone } else { &mut shown }.push(what.clone());
                }
                let expected: Vec<String> =
                    expected.iter().map(|(how, what)| format!("{} {what}", word(*how))).collect();
                let _ = writeln!(
                    table,
                    "| {number} | `{name}` | {} | {} |",
                    variant.replace('|', "\\|"),
                    expected.join(", ")
                );
            }
        }
        // Some variant shows something, and another one lacks that or any violation.
        let mended = gone.iter().any(|what| what == "violation" || shown.contains(what));
        assert!(!shown.is_empty() && mended, "report {number}: shown {shown:?}, gone {gone:?}");
    }
    assert!(number > 0, "no report");
    table.push('\n');
    let [begin, end] = TABLE;
    let old = between(&page, TABLE);
    golden::check(&path, &page.replace(&format!("{begin}{old}{end}"), &format!("{begin}{table}{end}")));
}

/// Scenarios that other parts of the page name as examples.
#[test]
fn what_the_page_names_exists() {
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/reports.md"))
        .expect("the page");
    let texts = texts();
    let missing: Vec<&str> = names(&page)
        .filter(|name| (name.contains('+') || name.starts_with("cases/")) && !texts.contains_key(*name))
        .collect();
    assert!(missing.iter().all(|name| *name == "cases/"), "{missing:?}");
}
