//! The formatter: right on examples, harmless and idempotent on everything.

use crate::common;

use lang::format;
use lang::source::SourceId;

/// All texts that parse: those of these tests and of the library.
fn texts() -> Vec<(String, String)> {
    let root = env!("CARGO_MANIFEST_DIR");
    let mut found = Vec::new();
    for folder in ["tests/texts", "../../library/kernels", "../../library/scenarios"] {
        let Ok(entries) = std::fs::read_dir(format!("{root}/{folder}")) else { continue };
        for entry in entries.flatten() {
            let path = entry.path();
            if path.extension().is_some_and(|e| e == "tlb") {
                let text = std::fs::read_to_string(&path).expect("the text is readable");
                found.push((path.display().to_string(), text));
            }
        }
    }
    assert!(found.len() >= 4);
    found
}

/// All tokens and comments of a text: what the formatter must keep.
fn words(text: &str) -> Vec<String> {
    let word =
        |span: lang::source::Span| span.of(text).lines().map(str::trim_end).collect::<Vec<_>>().join("\n");
    lang::tokens(text).into_iter().map(|(span, _)| word(span)).collect()
}

#[test]
fn formatting_keeps_every_word_and_is_idempotent() {
    for (path, text) in texts() {
        let once = format(&text).unwrap_or_else(|d| panic!("{path}: {d:?}"));
        assert_eq!(words(&text), words(&once), "{path}");
        assert_eq!(format(&once).as_ref(), Ok(&once), "{path}");
        assert_eq!(lang::kernel_name(&text), lang::kernel_name(&once), "{path}");
    }
}

#[test]
fn formatting_mangled_texts_gives_what_formatting_the_originals_gives() {
    for (path, text) in texts() {
        // Comments keep their column, so what moves them may change the result.
        if text.contains("//") {
            continue;
        }
        let expected = format(&text).expect("it parses");
        let indented: String = text.lines().map(|line| format!("\t  {}  \n", line.trim())).collect();
        assert_eq!(format(&indented), Ok(expected), "{path}");
    }
}

#[test]
fn a_text_with_errors_is_refused() {
    let diagnostics = format("kernel \"k\" { fn f( { } }").expect_err("it has errors");
    assert!(!diagnostics.is_empty());
}

/// A tree in words, without places.
fn shape(text: &str) -> String {
    let (file, diagnostics) = lang::tree(text, SourceId::SCENARIO);
    assert_eq!(diagnostics, []);
    let debug = format!("{file:?}");
    let mut out = String::new();
    for (n, part) in debug.split("Span { start: ").enumerate() {
        let rest = if n == 0 { part } else { part.split_once('}').map_or("", |(_, rest)| rest) };
        out.push_str(rest);
    }
    out
}

#[test]
fn formatting_keeps_the_tree() {
    for (path, text) in texts() {
        let formatted = format(&text).expect("it parses");
        assert_eq!(shape(&text), shape(&formatted), "{path}");
    }
}

#[test]
fn an_example() {
    let path = format!("{}/tests/texts/ugly.txt", env!("CARGO_MANIFEST_DIR"));
    let ugly = std::fs::read_to_string(path).expect("the text is there");
    let formatted = format(&ugly).expect("it parses");
    common::golden("ugly.formatted.txt", &formatted);
    assert_eq!(format(&formatted), Ok(formatted.clone()));
    assert_eq!(words(&ugly), words(&formatted));
    assert_eq!(shape(&ugly), shape(&formatted));
}
