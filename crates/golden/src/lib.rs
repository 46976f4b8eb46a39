//! Golden files: expected results, for people to read and for tests to compare with.
//!
//! A test gives its result and the file to compare it with: [`check`], or [`differs`] if the test compares many files
//! before it reports. With `TLBSCOPE_BLESS=1` the file is rewritten, and a reviewer reads the difference; `cargo xtask
//! bless` does so for all tests. Only line ends are normalised: results are deterministic.
#![forbid(unsafe_code)]

use std::path::Path;
use std::{env, fs};

/// Whether golden files are written anew.
#[must_use]
pub fn blessing() -> bool {
    env::var_os("TLBSCOPE_BLESS").is_some_and(|value| value == "1")
}

/// Compares with a golden file, or writes it.
///
/// # Panics
/// If it differs, with the first line that does.
#[track_caller]
pub fn check(path: impl AsRef<Path>, found: &str) {
    if let Some(difference) = differs(path, found) {
        panic!("{difference}");
    }
}

/// What differs from a golden file: its first line that does, as it was and as it is. Nothing if it is as it was, or has
/// been written.
///
/// # Panics
/// If it can't be written.
#[must_use]
pub fn differs(path: impl AsRef<Path>, found: &str) -> Option<String> {
    let path = path.as_ref();
    if blessing() {
        let folder = path.parent().map_or(Ok(()), fs::create_dir_all);
        folder.and_then(|()| fs::write(path, found)).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        return None;
    }
    let known = fs::read_to_string(path).unwrap_or_default().replace("\r\n", "\n");
    if known == found {
        return None;
    }
    let same = known.lines().zip(found.lines()).take_while(|(was, is)| was == is).count();
    let line = |text: &str| text.lines().nth(same).unwrap_or("(nothing)").to_owned();
    Some(format!(
        "{}, line {}; `cargo xtask bless` renews it:\n  was {}\n  is  {}",
        path.display(),
        same + 1,
        line(&known),
        line(found)
    ))
}

#[cfg(test)]
mod tests {
    use super::{blessing, differs};

    #[test]
    fn the_first_line_that_differs_is_told() {
        if blessing() {
            return;
        }
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml");
        let there = std::fs::read_to_string(path).expect("it is there");
        assert_eq!(differs(path, &there), None);
        let told =
            differs(path, &there.replacen("name = \"golden\"", "name = \"gold\"", 1)).expect("it differs");
        assert!(told.contains("Cargo.toml, line 2;"), "{told}");
        assert!(told.ends_with("was name = \"golden\"\n  is  name = \"gold\""), "{told}");
        assert!(differs(path, "").is_some_and(|told| told.ends_with("is  (nothing)")));
        assert!(differs("no such file", "found").is_some_and(|told| told.contains("was (nothing)")));
    }
}
