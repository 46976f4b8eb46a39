//! How long functions may be, and which methods the explorer's traits may implement themselves.

use crate::none;
use crate::tree::{self, Text};

/// The most lines of a function. Longer functions are hard to read.
const LONGEST: usize = 80;

/// Longer functions. All but two are one `match` with an arm for each variant of an enum, or one table of names. The compiler
/// of a scenario (`build`) lists its passes, and a step of a walk (`look`) its rules in the order in which hardware applies them.
const TABLES: [(&str, &str); 14] = [
    ("crates/cost/src/charge.rs", "read"),
    ("crates/cost/tests/calibration.rs", "rows"),
    ("crates/lang/src/check/linux.rs", "c_function"),
    ("crates/lang/src/compile.rs", "build"),
    ("crates/lang/src/ir/effects.rs", "effects"),
    ("crates/machine/src/parts.rs", "own_footprint"),
    ("crates/machine/src/operation.rs", "carry_out"),
    ("crates/promela/src/code.rs", "effect"),
    ("crates/scene/src/caption.rs", "main"),
    ("crates/scene/src/caption/access.rs", "accessed"),
    ("crates/scene/src/timeline/label.rs", "label"),
    ("crates/scene/src/why.rs", "event"),
    ("crates/x86/src/walk.rs", "look"),
    ("tests/tests/visual/sample.rs", "panel"),
];

#[test]
fn no_function_is_too_long_to_read() {
    let mut complaints = Vec::new();
    for file in tree::rust() {
        let table = |name: &str| TABLES.contains(&(file.path.as_str(), name));
        complaints.extend(
            too_long(&file)
                .into_iter()
                .filter(|(name, _)| !table(name))
                .map(|(name, lines)| format!("{}: {name} has {lines} lines, {LONGEST} at most", file.path)),
        );
    }
    none(complaints);
}

#[test]
fn each_table_that_may_be_long_is_long() {
    let files = tree::rust();
    let is_long = |(path, name): &(&str, &str)| {
        let file = files.iter().find(|file| file.path == *path);
        file.is_some_and(|file| too_long(file).iter().any(|(found, _)| found == name))
    };
    none(
        TABLES.iter().filter(|table| !is_long(table)).map(|(path, name)| format!("{path}: {name}")).collect(),
    );
}

/// The functions of a file that are too long, each with its lines.
fn too_long(file: &Text) -> Vec<(String, usize)> {
    functions(&file.text).into_iter().filter(|(_, lines)| *lines > LONGEST).collect()
}

/// Functions and how many lines each has, in a text that rustfmt has laid out: a body ends at its own indentation.
fn functions(text: &str) -> Vec<(String, usize)> {
    let lines: Vec<&str> = text.lines().collect();
    let mut found = Vec::new();
    for (start, line) in lines.iter().enumerate() {
        let words = line.trim_start();
        let head = words.split_once("fn ").filter(|(before, _)| {
            before
                .split_whitespace()
                .all(|word| word.starts_with("pub") || ["const", "async"].contains(&word))
        });
        let Some((_, rest)) = head else { continue };
        let indent = &line[..line.len() - words.len()];
        let end = lines[start..].iter().position(|line| *line == format!("{indent}}}"));
        let name = rest.split(['(', '<']).next().unwrap_or_default();
        let one_line = line.ends_with('}') || line.ends_with(';');
        if let Some(length) = end.filter(|_| !one_line) {
            found.push((name.to_owned(), length + 1));
        }
    }
    found
}

/// Methods that a trait of the explorer implements: if a system forgets such a method, it gets the same result, but more slowly.
const DEFAULTS: [&str; 1] = ["copy_part"];

#[test]
fn no_trait_of_the_explorer_has_a_silent_default() {
    let mut complaints = Vec::new();
    for file in tree::rust().iter().filter(|file| file.path.starts_with("crates/explore/src/")) {
        let silent = defaults(&file.text).into_iter().filter(|name| !DEFAULTS.contains(&name.as_str()));
        complaints.extend(silent.map(|name| format!("{}: {name} has a default", file.path)));
    }
    none(complaints);
}

/// The methods that the traits of a text implement.
fn defaults(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut inside = false;
    for line in text.lines() {
        if line.starts_with("pub trait ") || line.starts_with("trait ") {
            inside = !line.ends_with('}');
        } else if line == "}" {
            inside = false;
        } else if let Some(rest) = line.strip_prefix("    fn ").filter(|_| inside)
            && line.ends_with(['{', '}'])
        {
            found.push(rest.split(['(', '<']).next().unwrap_or_default().to_owned());
        }
    }
    found
}

/// Each check of this file refuses what it is meant to refuse, and nothing else.
#[test]
fn the_checks_of_functions_can_fail() {
    let file = |text: String| Text { path: "a.rs".to_owned(), text };
    let function = |lines: usize| format!("fn f() {{\n{}}}\n", "    g();\n".repeat(lines - 2));
    assert_eq!(too_long(&file(function(LONGEST + 1))), [("f".to_owned(), LONGEST + 1)]);
    assert!(too_long(&file(function(LONGEST))).is_empty());
    let two = "pub fn a() {\n    1\n}\n\n    const fn b() -> u8 {\n    }\nlet fn_c = 1;\n";
    assert_eq!(functions(two).len(), 2);
    let unsaid = "pub trait A {\n    fn a(&self);\n    fn b(&self) -> u8 {\n        0\n    }\n}\nimpl A for u8 {\n    fn a(&self) {}\n}\n";
    assert_eq!(defaults(unsaid), ["b"]);
}
