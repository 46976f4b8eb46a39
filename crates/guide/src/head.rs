//! The head of a text: `key: value` lines up to the first empty one.

use std::fmt;

/// What is wrong with a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Malformed(pub String);

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The head, and what follows it.
pub(crate) struct Head<'a> {
    lines: Vec<(&'a str, &'a str)>,
    pub(crate) rest: &'a str,
}

impl<'a> Head<'a> {
    /// Reads a text whose keys are all among `keys`.
    pub(crate) fn read(text: &'a str, keys: &[&str]) -> Result<Head<'a>, Malformed> {
        let (head, rest) = text.split_once("\n\n").unwrap_or((text, ""));
        let mut lines = Vec::new();
        for line in head.lines() {
            let Some((key, value)) = line.split_once(": ") else {
                return Err(Malformed(format!("no `key: value`: {line}")));
            };
            if !keys.contains(&key) {
                return Err(Malformed(format!("no such key: {key}")));
            }
            lines.push((key, value.trim()));
        }
        Ok(Head { lines, rest })
    }

    /// All values of a key, in order.
    pub(crate) fn all(&self, key: &str) -> impl Iterator<Item = &'a str> {
        self.lines.iter().filter(move |line| line.0 == key).map(|line| line.1)
    }

    /// The value of a key that may be missing.
    pub(crate) fn get(&self, key: &str) -> Option<&'a str> {
        self.all(key).next()
    }

    /// The value of a key that must be there.
    pub(crate) fn need(&self, key: &str) -> Result<&'a str, Malformed> {
        self.get(key).ok_or_else(|| Malformed(format!("{key} is missing")))
    }
}

/// `name = choice`.
pub(crate) fn pair(text: &str) -> Result<(String, String), Malformed> {
    match text.split_once(" = ") {
        Some((name, choice)) => Ok((name.trim().to_owned(), choice.trim().to_owned())),
        None => Err(Malformed(format!("no `name = choice`: {text}"))),
    }
}
