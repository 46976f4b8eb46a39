//! What files must and must not contain.

use crate::none;
use crate::tree::{self, Text};

/// Lines in a file. Longer ones are hard to read.
const LONGEST: usize = 600;

/// The crates that must compute the same everywhere.
const MODEL: [&str; 4] = ["x86", "explore", "lang", "machine"];

/// Names that would make the model depend on a machine's clock, hash seed or rounding.
const UNSTEADY: [&str; 6] = ["HashMap", "HashSet", "Instant", "SystemTime", "f32", "f64"];

#[test]
fn every_module_begins_with_words() {
    none(
        tree::rust()
            .iter()
            .filter(|file| silent(file))
            .map(|file| format!("{}: no //! head", file.path))
            .collect(),
    );
}

#[test]
fn no_file_is_too_long_to_finish() {
    none(tree::rust().iter().filter_map(too_long).collect());
}

fn silent(file: &Text) -> bool {
    !file.text.starts_with("//!")
}

fn too_long(file: &Text) -> Option<String> {
    let lines = file.text.lines().count();
    (lines > LONGEST).then(|| format!("{}: {lines} lines, {LONGEST} at most", file.path))
}

#[test]
fn no_test_is_switched_off_and_nothing_is_left_to_do() {
    none(places(&tree::rust(), |line| switched_off(line).map(str::to_owned)));
}

fn switched_off(line: &str) -> Option<&'static str> {
    // Put together here, so that this file does not complain of itself.
    let words = [concat!("#[", "ignore"), concat!("should", "_panic"), concat!("to", "do!(")];
    words.into_iter().find(|word| line.contains(word))
}

#[test]
fn model_crates_stand_on_their_own() {
    let mut complaints = Vec::new();
    for name in MODEL {
        let read = |file: &str| {
            std::fs::read_to_string(tree::root().join("crates").join(name).join(file)).unwrap_or_default()
        };
        if !read("src/lib.rs").contains("\n#![forbid(unsafe_code)]\n") {
            complaints.push(format!("{name}: src/lib.rs lacks #![forbid(unsafe_code)]"));
        }
        let ours = |package: &str| tree::root().join("crates").join(package).is_dir();
        let others = foreign(&read("Cargo.toml"), ours);
        complaints.extend(
            others
                .iter()
                .map(|package| format!("{name}: depends on {package}, which is not of this workspace")),
        );
    }
    none(complaints);
}

/// The packages that a manifest depends on and that are not of this workspace.
fn foreign(manifest: &str, ours: impl Fn(&str) -> bool) -> Vec<String> {
    let (mut section, mut others) = ("", Vec::new());
    for line in manifest.lines().map(str::trim) {
        if line.starts_with('[') {
            section = line;
        } else if section.contains("dependencies") && !line.is_empty() && !line.starts_with('#') {
            let package = line.split(['.', '=', ' ']).next().unwrap_or_default();
            if !line.contains("workspace = true") || !ours(package) {
                others.push(package.to_owned());
            }
        }
    }
    others
}

#[test]
fn model_crates_are_steady() {
    let model = |file: &Text| {
        let inside = |name: &&str| file.path.starts_with(&format!("crates/{name}/src/"));
        MODEL.iter().any(inside) && !file.path.ends_with("tests.rs") && !file.path.contains("/tests/")
    };
    let files: Vec<Text> = tree::rust()
        .into_iter()
        .filter(model)
        // Tests are exempt, since nothing in them reaches a state: a naive checker may use a hash set.
        .map(|file| Text {
            text: file.text.split("\n#[cfg(test)]\nmod ").next().unwrap_or_default().into(),
            ..file
        })
        .collect();
    none(places(&files, unsteady));
}

fn unsteady(line: &str) -> Option<String> {
    let code = line.split("//").next().unwrap_or_default();
    let mut words = code.split(|c: char| !c.is_alphanumeric() && c != '_');
    words.find(|word| UNSTEADY.contains(word)).map(str::to_owned)
}

/// Lints of casts that hold in the model crates, where nothing switches them off.
const CASTS: [&str; 4] = [
    "clippy::cast_lossless",
    "clippy::cast_possible_truncation",
    "clippy::cast_possible_wrap",
    "clippy::cast_sign_loss",
];

#[test]
fn no_cast_of_a_model_crate_loses_anything_silently() {
    let mut complaints = Vec::new();
    for name in MODEL {
        let lib = tree::root().join("crates").join(name).join("src/lib.rs");
        let lacks = lacks_lints(&std::fs::read_to_string(lib).unwrap_or_default());
        complaints.extend(lacks.into_iter().map(|lint| format!("{name}: src/lib.rs lacks {lint}")));
    }
    let model = |file: &Text| MODEL.iter().any(|name| file.path.starts_with(&format!("crates/{name}/src/")));
    let files: Vec<Text> = tree::rust().into_iter().filter(model).collect();
    complaints.extend(places(&files, |line| lets_casts_be(line).then(|| line.trim().to_owned())));
    none(complaints);
}

fn lacks_lints(lib: &str) -> Vec<&'static str> {
    let head = lib.split("\nmod ").next().unwrap_or_default();
    CASTS.into_iter().filter(|lint| !head.contains("#![warn(") || !head.contains(lint)).collect()
}

fn lets_casts_be(line: &str) -> bool {
    (line.contains("allow(") || line.contains("expect(")) && line.contains("clippy::cast_")
}

/// Each check of this file refuses what it is meant to refuse, and nothing else.
#[test]
fn the_checks_of_sources_can_fail() {
    let file = |text: String| Text { path: "a.rs".to_owned(), text };
    assert!(silent(&file("use a;\n".to_owned())) && !silent(&file("//! Words.\n".to_owned())));
    assert!(
        too_long(&file("\n".repeat(LONGEST + 1))).is_some()
            && too_long(&file("\n".repeat(LONGEST))).is_none()
    );
    assert!(
        switched_off(concat!("    #[", "ignore = \"slow\"]")).is_some() && switched_off("#[test]").is_none()
    );
    assert_eq!(unsteady("use std::collections::HashMap;").as_deref(), Some("HashMap"));
    assert_eq!(unsteady("let a: BTreeMap<u8, u8>; // no HashMap"), None);
    assert_eq!(lacks_lints("#![warn(clippy::cast_lossless)]\nmod a;\n").len(), CASTS.len() - 1);
    assert!(
        lets_casts_be(concat!("#[allow(clippy", "::cast_sign_loss)]"))
            && !lets_casts_be("#[allow(dead_code)]")
    );
    let manifest = "[package]\nname = \"a\"\n[dependencies]\nx86.workspace = true\nserde.workspace = true\nrand = \"1\"\n\
        [dev-dependencies]\n# a word\ngolden = { workspace = true }\n";
    assert_eq!(foreign(manifest, |package| ["x86", "golden"].contains(&package)), ["serde", "rand"]);
    for elsewhere in
        [concat!("see https://crates", ".io/x"), concat!("in /ho", "me/me"), concat!("/tm", "p/x")]
    {
        assert!(names_elsewhere(elsewhere).is_some(), "{elsewhere}");
    }
    assert_eq!(names_elsewhere("see docs/model.md, target/tmp and /proc"), None);
    let found = places(&[file("a\nb\n".to_owned())], |line| (line == "b").then(|| "b".to_owned()));
    assert_eq!(found, ["a.rs:2: b"]);
}

/// The folders that handle programs, from the compiler to the pictures.
const PROGRAMS: [&str; 20] = [
    "crates/lang/src/",
    "crates/machine/src/",
    "crates/experiment/src/",
    "crates/scene/src/",
    "crates/guide/src/",
    "crates/link/src/",
    "crates/protocol/src/",
    "crates/promela/src/",
    "crates/lab/src/",
    "crates/cli/src/",
    "web/src/",
    "crates/fuzz/src/",
    "crates/assist/src/",
    "crates/certificate/src/",
    "crates/cost/src/",
    "crates/export/src/",
    "crates/figure/src/",
    "crates/litmus/src/",
    "crates/prompter/src/",
    "crates/plotter/src/",
];

/// The files that go through all operations: the table of facts about each, and the code that carries them out. The compiler
/// names what a new operation lacks there, since no arm stands for all others.
const ALL_OPERATIONS: [&str; 4] = [
    "crates/lang/src/ir/effects.rs",
    "crates/machine/src/occasion.rs",
    "crates/machine/src/operation.rs",
    "crates/promela/src/code.rs",
];

/// A format that can say a few operations names those. It refuses all others with a message, so a new one is refused too.
const SAYS_FEW: &str = "crates/litmus/src/export.rs";

/// All other code asks the table for a fact about an operation. Code that picks some by name would silently put a new one on
/// the other side.
#[test]
fn operations_are_told_apart_in_one_table() {
    let strict = "\n#![deny(clippy::wildcard_enum_match_arm)]\n";
    let files = tree::rust();
    let lax =
        files.iter().filter(|file| ALL_OPERATIONS.contains(&&*file.path) && !file.text.contains(strict));
    let mut complaints: Vec<String> =
        lax.map(|file| format!("{}: lacks {}", file.path, strict.trim())).collect();
    let inside = |file: &Text| {
        PROGRAMS.iter().any(|folder| file.path.starts_with(folder))
            && !file.path.ends_with("tests.rs")
            && file.path != SAYS_FEW
    };
    for file in files.into_iter().filter(inside) {
        let text = file.text.split("\n#[cfg(test)]\nmod ").next().unwrap_or_default().to_owned();
        // The table itself changes the target of a jump.
        let table = file.path == ALL_OPERATIONS[0];
        let whole = ALL_OPERATIONS.contains(&&*file.path);
        for (line, code) in operations(&text) {
            let picked = code == Named::Picked && !table || code == Named::Arm && !whole;
            if picked {
                let what = text.lines().nth(line).unwrap_or_default().trim();
                complaints.push(format!("{}:{}: {what}", file.path, line + 1));
            }
        }
    }
    none(complaints);
}

/// How code names a variant of `Op`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Named {
    /// It makes an operation.
    Made,
    /// It tells some operations from all others: in `matches!`, after `let`, or by comparing.
    Picked,
    /// In an arm of a match, or in a part of one.
    Arm,
}

/// Each place that names a variant of `Op`: its line, from 0, and how.
fn operations(text: &str) -> Vec<(usize, Named)> {
    let code = bare(text);
    let word = |c: char| c.is_alphanumeric() || c == '_';
    let variant = |at: usize| code[at + 4..].starts_with(char::is_uppercase) && !code[..at].ends_with(word);
    let places = code.match_indices("Op::").map(|(at, _)| at).filter(|&at| variant(at));
    places.map(|at| (code[..at].matches('\n').count(), named(&code, at))).collect()
}

fn named(code: &str, at: usize) -> Named {
    let (before, after) = (&code[..at], &code[at..]);
    // Up to the end of the variant and of what it holds.
    let name = after.find(|c: char| !c.is_alphanumeric() && !"_:".contains(c)).unwrap_or(after.len());
    let behind = after[name..].trim_start();
    let subject = before.trim_end_matches(|c: char| c.is_whitespace() || "&*(".contains(c));
    let subject = subject.strip_suffix("Some").unwrap_or(subject).trim_end();
    let compared = ["==", "!="].iter().any(|sign| subject.ends_with(sign) || behind.starts_with(sign));
    let open = |call: &str| before.rfind(call).is_some_and(|from| is_open(&before[from + call.len()..]));
    // A list of operations that is looked through. (A list of operations that is made has no such end.)
    let listed = after.find(']').is_some_and(|end| after[end + 1..].starts_with(".contains("));
    // A pattern ends at its `=`.
    let bound = before
        .rsplit_once("let")
        .is_some_and(|(_, rest)| rest.starts_with(char::is_whitespace) && !rest.contains(['=', ';']));
    if compared || open("matches!(") || open(".contains(") || listed || bound {
        return Named::Picked;
    }
    let line = before.rfind('\n').map_or(before, |from| &before[from + 1..]).trim();
    let rest = after.lines().next().unwrap_or_default();
    if !line.contains("=>") && rest.contains("=>") || line == "|" { Named::Arm } else { Named::Made }
}

/// Whether a bracket that was opened before this code is still open at its end.
fn is_open(code: &str) -> bool {
    let mut depth = 1;
    for c in code.chars() {
        depth += i32::from(c == '(') - i32::from(c == ')');
        if depth == 0 {
            return false;
        }
    }
    true
}

/// The code alone: comments, strings and characters are blank, and lines stay lines.
fn bare(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    let blank = |c: char| if c == '\n' { '\n' } else { ' ' };
    while let Some(c) = chars.next() {
        let quote = match c {
            '/' if chars.peek() == Some(&'/') => Some('\n'),
            '"' => Some('"'),
            // A character, and not a lifetime.
            '\'' if chars.clone().nth(1) == Some('\'') || chars.peek() == Some(&'\\') => Some('\''),
            _ => None,
        };
        let Some(end) = quote else {
            out.push(c);
            continue;
        };
        out.push(' ');
        while let Some(inside) = chars.next() {
            out.push(blank(inside));
            if inside == '\\' && end != '\n' {
                out.extend(chars.next().map(blank));
            } else if inside == end {
                break;
            }
        }
    }
    out
}

#[test]
fn the_check_of_operations_sees_them() {
    let all = |text: &str| operations(text).into_iter().map(|found| found.1).collect::<Vec<_>>();
    for picked in [
        "if matches!(op, Op::Halt) {",
        "let Op::Until { place, .. } = op else {",
        "if let Op::Jump(to) = op",
        "code[pc] == Op::Fence",
        "if *op != Op::Return {",
        "code.get(pc) == Some(&Op::Fence)",
        "Op::Fence == op",
        "[Op::Halt, Op::Return].contains(op)",
        "halts.contains(&Op::Halt)",
    ] {
        assert!(all(picked).contains(&Named::Picked), "{picked}");
    }
    for (wide, first) in [
        ("matches!(\n    op,\n    // Both.\n    Op::A\n        | Op::B\n)", 3),
        ("if let\n    Op::A = op {", 1),
    ] {
        assert_eq!(operations(wide).first(), Some(&(first, Named::Picked)), "{wide}");
        assert!(all(wide).iter().all(|found| *found == Named::Picked), "{wide}");
    }
    assert_eq!(all("    Op::Load { .. } | Op::Store { .. } => true,").first(), Some(&Named::Arm));
    assert_eq!(all("    | Op::Fence"), [Named::Arm]);
    for made in [
        "let op = Op::Fence;",
        "self.emit(Op::Load { dst, place });",
        "if x.contains(y) { emit(Op::Fence) }",
        "vec![Op::Fence]; x.contains(y)",
        "if matches!(c, '(') && s == \")(\" { emit(Op::Halt); }",
    ] {
        assert_eq!(all(made), [Named::Made], "{made}");
    }
    assert_eq!(all("RmwOp::Add => Rmw::Add, // Op::Fence"), []);
}

/// Whether a line makes a machine of texts, or of a program.
fn makes_a_machine(line: &str) -> Option<String> {
    let code = line.split("//").next().unwrap_or_default();
    ["Machine::new(", "lang::compile(", "lang::compile_timed("]
        .iter()
        .any(|call| code.contains(call))
        .then(|| code.trim().to_owned())
}

/// Code that made a machine in another way could disagree about the kernel on which a scenario runs.
#[test]
fn texts_become_a_machine_in_one_place() {
    // The fuzz targets change programs before they run them.
    const MAKERS: [&str; 4] = ["crates/experiment/", "crates/machine/", "crates/lang/", "crates/fuzz/"];
    let product = |file: &Text| {
        file.path.contains("/src/")
            && !file.path.starts_with("crates/xtask/")
            && !file.path.ends_with("tests.rs")
            && !MAKERS.iter().any(|maker| file.path.starts_with(maker))
    };
    let plain = |file: Text| {
        let text = file.text.split("\n#[cfg(test)]\nmod ").next().unwrap_or_default().to_owned();
        Text { text, ..file }
    };
    let files: Vec<Text> = tree::rust().into_iter().filter(product).map(plain).collect();
    none(places(&files, makes_a_machine));
    assert!(makes_a_machine("    let machine = Machine::new(program)?;").is_some());
    assert!(makes_a_machine("/// As `Machine::new(program)` does.").is_none());
}

/// What a line names that does not belong in this repository: a registry, or a folder of a developer's machine.
fn names_elsewhere(line: &str) -> Option<String> {
    let never = [
        concat!("crates", ".io"),
        concat!("npmjs", ".org"),
        concat!("pypi", ".org"),
        concat!("deb.debian", ".org"),
        concat!("static.rust-lang", ".org"),
        concat!("/ro", "ot/"),
        concat!("/ho", "me/"),
        concat!("/tm", "p/"),
        concat!("/wo", "rk/main"),
        concat!("/wo", "rk/shared"),
    ];
    never.into_iter().find(|word| line.contains(word)).map(str::to_owned)
}

#[test]
fn nothing_names_a_registry_or_somebodys_machine() {
    // Cargo.lock names the registry that each package came from; cargo writes it, not we.
    let files: Vec<Text> =
        tree::texts().into_iter().filter(|file| !file.path.ends_with("Cargo.lock")).collect();
    none(places(&files, names_elsewhere));
}

/// "path:line: word" for each line in which `find` finds something.
fn places(files: &[Text], find: impl Fn(&str) -> Option<String>) -> Vec<String> {
    let mut found = Vec::new();
    for file in files {
        for (number, line) in file.text.lines().enumerate() {
            if let Some(word) = find(line) {
                found.push(format!("{}:{}: {word}", file.path, number + 1));
            }
        }
    }
    found
}
