//! The sentences of the language's words.

use std::fmt::Write as _;

/// The sentences: a line for each word, with the place of the grammar where it has that meaning. A test makes the file
/// from the tables of `docs/language.md`.
///
/// A program that uses this constant has the file inside. The page may load it when somebody begins to write.
pub const WORDS: &str = include_str!("words.txt");

/// The sentence of a word at a place, if there is one: "kernel option\ta switch".
pub(crate) fn sentence<'a>(words: &'a str, place: &str, word: &str) -> Option<&'a str> {
    let mut key = String::with_capacity(place.len() + word.len() + 2);
    // Writing to a string cannot fail.
    let _ = write!(key, "{place} {word}\t");
    words.lines().find_map(|line| line.strip_prefix(key.as_str()))
}
