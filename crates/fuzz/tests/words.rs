//! No word of the language is missing from the texts that the fuzzer begins with.

use fuzz::corpus;
use std::collections::BTreeSet;

/// Words that are in none of them, and why.
const MISSING: [(&[&str], &str); 0] = [];

#[test]
fn each_word_of_the_language_is_in_a_text_that_is_mutated() {
    let texts: Vec<String> = corpus::texts()
        .into_iter()
        .chain(corpus::costs())
        .map(|text| String::from_utf8_lossy(&text).into_owned())
        .collect();
    let used: BTreeSet<&str> =
        texts.iter().flat_map(|text| lang::tokens(text).into_iter().map(|token| token.0.of(text))).collect();
    let excused: BTreeSet<&str> = MISSING.iter().flat_map(|missing| missing.0).copied().collect();
    let words = lang::builtin_names().chain(lang::keywords()).chain(lang::settings());
    let missing: BTreeSet<&str> = words.filter(|word| !used.contains(word)).collect();
    assert_eq!(missing, excused);
}
