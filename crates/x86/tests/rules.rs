//! Every rule that is built has a test named after it, in the crate that builds it, and `docs/rules.md` says which
//! rules those are.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use x86::{Built, Law};

/// The names of the test functions of a crate, with the number that each begins with, if it does.
fn tests(of: &str) -> Vec<(Option<u8>, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(of).join("tests");
    let mut names = Vec::new();
    for file in fs::read_dir(folder).expect("a folder of tests").map(|file| file.expect("readable").path()) {
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

/// The rules that a crate's tests name.
fn named(of: &str) -> BTreeSet<u8> {
    tests(of).into_iter().filter_map(|test| test.0).collect()
}

#[test]
fn every_rule_that_is_built_is_named_by_a_test_of_the_crate_that_builds_it() {
    let (x86, machine) = (named("x86"), named("machine"));
    for law in Law::ALL {
        let number = law.number();
        match law.built() {
            Built::Here => assert!(x86.contains(&number), "no test of x86 names {law}"),
            Built::Machine => assert!(machine.contains(&number), "no test of machine names {law}"),
            Built::NotModelled(_) => {
                assert!(!x86.contains(&number) && !machine.contains(&number), "a test names {law}");
            }
        }
    }
}

#[test]
fn a_name_that_begins_with_a_rule_names_one_that_exists() {
    let (x86, machine) = (tests("x86"), tests("machine"));
    assert!(x86.len() > 60 && machine.len() > 20, "{} and {} tests were found", x86.len(), machine.len());
    for (number, name) in x86.into_iter().chain(machine) {
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
            Built::Machine => "yes, in machine".to_owned(),
            Built::NotModelled(reason) => format!("no: {reason}"),
        };
        assert_eq!(built, expected, "{law}");
    }
}
