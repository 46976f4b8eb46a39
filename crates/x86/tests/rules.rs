//! Every rule that this crate builds has a test named after it, and `docs/rules.md` says which those are.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use x86::{Built, Law};

/// The names of the test functions in this folder, with the number that each begins with, if it does.
fn tests() -> Vec<(Option<u8>, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let mut names = Vec::new();
    for file in
        fs::read_dir(folder).expect("the folder of this file").map(|file| file.expect("readable").path())
    {
        if file.extension().is_none_or(|extension| extension != "rs") {
            continue;
        }
        let text = fs::read_to_string(&file).expect("a text");
        for (attribute, function) in text.lines().zip(text.lines().skip(1)) {
            let name = function.strip_prefix("fn ").and_then(|rest| rest.split('(').next());
            if let ("#[test]", Some(name)) = (attribute, name) {
                let rule = name.strip_prefix('h').and_then(|rest| rest.split('_').next());
                names.push((rule.and_then(|number| number.parse().ok()), name.to_owned()));
            }
        }
    }
    names
}

#[test]
fn every_rule_built_here_is_named_by_a_test_and_no_other_rule_is() {
    let built = Law::ALL.into_iter().filter(|law| law.built() == Built::Here).map(Law::number);
    let named: BTreeSet<u8> = tests().into_iter().filter_map(|test| test.0).collect();
    assert_eq!(named, built.collect::<BTreeSet<u8>>());
}

#[test]
fn a_name_that_begins_with_a_rule_names_one_that_exists() {
    let tests = tests();
    assert!(tests.len() > 60, "only {} tests were found", tests.len());
    for (number, name) in tests {
        assert!(number.is_none_or(|number| Law::from_number(number).is_some()), "{name}");
    }
}

#[test]
fn docs_rules_md_says_of_every_rule_whether_it_is_built() {
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/rules.md");
    let page = fs::read_to_string(page).expect("docs/rules.md");
    let rows: Vec<Vec<&str>> = page
        .lines()
        .filter(|line| line.starts_with("| **H"))
        .map(|line| line.trim_matches('|').split(" | ").map(str::trim).collect())
        .collect();
    assert_eq!(rows.len(), Law::ALL.len());
    for (row, law) in rows.iter().zip(Law::ALL) {
        let [rule, _, _, built] = row[..] else { panic!("{law} has {} columns", row.len()) };
        assert!(rule.starts_with(&format!("**{law}** ")), "{rule}");
        let expected = match law.built() {
            Built::Here => "yes".to_owned(),
            Built::Machine => "other crate: machine".to_owned(),
            Built::NotYet(reason) => format!("no: {reason}"),
        };
        assert_eq!(built, expected, "{law}");
    }
}
