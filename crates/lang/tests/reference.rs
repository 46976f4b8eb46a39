//! Every example of `docs/language.md` compiles without a word from the compiler.
//!
//! A fence says what it holds: `tlb` a whole text; `tlb stmt`, `tlb kernel`, `tlb cpu`, `tlb scenario` and
//! `tlb machine` a part, which is put into the text it belongs in.

use crate::common;

use lang::{Diagnostic, Whole, check_kernel, format, kernel_name};

fn silent(diagnostics: &[Diagnostic], place: &str) {
    let said: Vec<_> = diagnostics.iter().filter(|d| !d.message.ends_with("is never used")).collect();
    assert!(said.is_empty(), "{place}: {said:#?}");
}

#[test]
fn every_example_compiles() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/language.md");
    let page = std::fs::read_to_string(path).expect("the reference is there");
    let mut kernels: Vec<(String, String)> = Vec::new();
    let mut examples = 0;
    let mut fence: Option<(String, String)> = None;
    for (n, line) in page.lines().enumerate() {
        if let Some(kind) = line.strip_prefix("```tlb") {
            fence = Some((kind.trim().to_owned(), String::new()));
        } else if line == "```" {
            let Some((kind, text)) = fence.take() else { continue };
            let place = format!("the example that ends in line {}", n + 1);
            examples += 1;
            if !kind.is_empty() {
                let (scenario, kernel) = common::texts(&kind, &text);
                silent(&common::compiled(&scenario, &kernel).diagnostics, &place);
                continue;
            }
            assert_eq!(format(&text).as_ref(), Ok(&text), "{place} is not formatted");
            if let Some(name) = lang::costs::costs_name(&text) {
                let found = lang::costs::costs(&text, &|_| None).map_err(|found| found[0].message.clone());
                assert_eq!(found, Err("there are no costs \"laptop\"".to_owned()), "{place}: {name}");
                continue;
            }
            match kernel_name(&text) {
                Some(name) => {
                    let diagnostics = check_kernel(&Whole::new(&text, &kernels).text);
                    assert!(diagnostics.is_empty(), "{place}: {diagnostics:#?}");
                    kernels.push((name, text));
                }
                None => {
                    for case in lang::cases(&text) {
                        let selection = lang::Selection::new(case.case, Vec::new());
                        silent(&lang::compile(&text, &kernels, &selection).diagnostics, &place);
                    }
                }
            }
        } else if let Some((_, text)) = &mut fence {
            text.push_str(line);
            text.push('\n');
        }
    }
    assert!(fence.is_none(), "a fence is open");
    assert!(examples > 15, "{examples} examples");
}

#[test]
fn the_reference_names_every_built_in_function() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/language.md");
    let page = std::fs::read_to_string(path).expect("the reference is there");
    for name in lang::builtin_names() {
        assert!(page.contains(&format!("`{name}")), "{name} is missing");
    }
}

/// A line of the reference is generated from the table of properties; `cargo xtask bless` renews it.
#[test]
fn the_reference_lists_the_properties() {
    const BEGINNING: &str = "The properties are ";
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/language.md");
    let page = std::fs::read_to_string(path).expect("the reference is there");
    let names: Vec<String> = lang::property::names().map(|name| format!("`{name}`")).collect();
    let list = format!("{BEGINNING}{}.", names.join(", "));
    let line = |line: &str| if line.starts_with(BEGINNING) { list.clone() } else { line.to_owned() };
    let new: Vec<String> = page.lines().map(line).collect();
    assert!(new.contains(&list), "no line begins with: {BEGINNING}");
    golden::check(path, &format!("{}\n", new.join("\n")));
}
