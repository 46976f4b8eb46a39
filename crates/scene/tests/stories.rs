//! Whole stories as text, to be read by people. `TLBSCOPE_BLESS=1 cargo test -p scene` renews them; the
//! difference is for review.

mod support;

use machine::Property;
use std::path::Path;
use std::{env, fs};
use support::{compile, shortest, sources};

fn compare(name: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name);
    if env::var_os("TLBSCOPE_BLESS").is_some() {
        fs::write(&path, text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    }
    let golden = fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(golden, text, "{name} differs");
}

fn story(name: &str, scenario: &str, property: Property) {
    let machine = compile(scenario, 0, &[]);
    let trace = shortest(&machine, property);
    let text = scene::text(&machine, &trace, sources(scenario));
    let because = trace.steps().iter().enumerate().map(|(at, step)| {
        let before = trace.state(&machine, at);
        let after = trace.state(&machine, at + 1);
        let caption = scene::caption(&machine, &before, step, &after);
        let laws: Vec<String> = caption.laws.iter().map(|law| format!("H{law}")).collect();
        format!("{:>4}  {:?}: {} ({})\n", at + 1, caption.tone, caption.because, laws.join(" "))
    });
    compare(name, &format!("{text}\n{}", because.collect::<String>()));
}

#[test]
fn a_walk_writes_into_a_page_that_was_freed() {
    story("andy.txt", include_str!("texts/andy.tlb"), Property::ABitCorruption);
}

#[test]
fn a_walk_raises_a_machine_check() {
    story("machine-check.txt", include_str!("texts/machine-check.tlb"), Property::MachineCheck);
}

#[test]
fn a_program_writes_to_a_page_that_was_freed() {
    story("stale.txt", include_str!("texts/stale.tlb"), Property::StaleAccess);
}

#[test]
fn without_texts_functions_have_no_lines() {
    let machine = compile(include_str!("texts/andy.tlb"), 0, &[]);
    let trace = shortest(&machine, Property::ABitCorruption);
    let text = scene::text(&machine, &trace, scene::Sources::default());
    assert!(text.contains(" munmap ") && !text.contains("munmap:"), "{text}");
    assert!(text.lines().last().is_some_and(|line| line.starts_with('!')), "{text}");
}
