//! The tests of a crate are one program, `tests/main.rs`: linking one for each file takes longer than running them.
//! Cargo does not look for further files then, so this test does.

use crate::none;
use crate::tree::{Text, rust};

/// Each file `tests/NAME.rs` is a module of the `tests/main.rs` beside it.
#[test]
fn every_file_of_tests_is_compiled() {
    none(forgotten(&rust()));
}

/// The files beside a `tests/main.rs` that it does not name.
fn forgotten(files: &[Text]) -> Vec<String> {
    let mains = files.iter().filter_map(|file| Some((file.path.strip_suffix("tests/main.rs")?, &file.text)));
    mains
        .flat_map(|(package, main)| {
            let named: Vec<&str> =
                main.lines().filter_map(|line| line.strip_prefix("mod ")?.strip_suffix(';')).collect();
            files
                .iter()
                .filter(move |file| {
                    let name = file.path.strip_prefix(package).and_then(|path| path.strip_prefix("tests/"));
                    name.and_then(|name| name.strip_suffix(".rs"))
                        .is_some_and(|name| name != "main" && !name.contains('/') && !named.contains(&name))
                })
                .map(move |file| format!("{}: {package}tests/main.rs does not name it", file.path))
        })
        .collect()
}

#[test]
fn a_forgotten_file_is_found() {
    let file = |path: &str, text: &str| Text { path: path.to_owned(), text: text.to_owned() };
    let files = [
        file("crates/a/tests/main.rs", "//! Words.\n\nmod one;\n"),
        file("crates/a/tests/one.rs", ""),
        file("crates/a/tests/one/part.rs", ""),
        file("crates/a/tests/two.rs", ""),
        file("crates/b/tests/alone.rs", ""),
    ];
    assert_eq!(forgotten(&files), ["crates/a/tests/two.rs: crates/a/tests/main.rs does not name it"]);
}
