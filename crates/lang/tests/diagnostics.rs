//! Every diagnostic with its place and advice. `tests/texts/diagnostics.txt` holds texts and answers together:
//!
//! ```text
//! >>> stmt
//! x += 1;
//! <<<
//! error at `x`: ...
//! ```
//!
//! A character that can't be seen stands there as `<U+202E>`: a file in which it stood would not be what it looks like.

mod common;

/// Runs every fragment of the file and writes the answers anew.
fn answers(file: &str) -> String {
    let mut out = String::new();
    for (n, section) in file.split(">>> ").enumerate() {
        if n == 0 {
            out += section;
            continue;
        }
        let (kind, rest) = section.split_once('\n').unwrap_or((section, ""));
        let fragment = rest.split("\n<<<").next().unwrap_or("").trim_end();
        let (scenario, kernel) = common::texts(kind.trim(), &spelled(fragment));
        let compiled = common::compiled(&scenario, &kernel);
        out += &format!(">>> {kind}\n{fragment}\n<<<\n");
        for diagnostic in &compiled.diagnostics {
            // Remarks about unused parts of the surrounding text do not count here.
            if diagnostic.message.ends_with("is never used") && !diagnostic.message.contains("unused") {
                continue;
            }
            let told = common::describe(diagnostic, &scenario, &kernel);
            out.extend(told.lines().map(|line| lang::legible(line) + "\n"));
        }
        out += "\n";
    }
    out
}

/// The characters that stand as numbers.
fn spelled(fragment: &str) -> String {
    let mut out = String::new();
    for (n, piece) in fragment.split("<U+").enumerate() {
        let number = piece.split_once('>').filter(|_| n > 0);
        let c = number.and_then(|(hex, _)| char::from_u32(u32::from_str_radix(hex, 16).ok()?));
        match (c, number) {
            (Some(c), Some((_, rest))) => out.extend([&*c.to_string(), rest]),
            _ => out += piece,
        }
    }
    out
}

#[test]
fn every_mistake_has_its_place_and_advice() {
    let path = format!("{}/tests/texts/diagnostics.txt", env!("CARGO_MANIFEST_DIR"));
    let file = std::fs::read_to_string(path).expect("the table is there");
    common::golden("diagnostics.txt", &answers(&file));
}

#[test]
fn the_text_around_the_fragments_is_right() {
    for (kind, fragment) in [("stmt", "smp_mb();"), ("cpu", "store(0x400000, 1);")] {
        let (scenario, kernel) = common::texts(kind, fragment);
        let compiled = common::compiled(&scenario, &kernel);
        assert!(!compiled.failed(), "{:#?}", compiled.diagnostics);
    }
}
