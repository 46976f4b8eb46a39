//! The hardware rules that an instruction of the language follows.

use lang::vocabulary;
use machine::Occasion;
use x86::Law;

/// The rules that a built-in function or a statement follows, as sentences with number and source: what it does to store
/// buffers, and what an instruction of its name must do. `said` is its sentence, where the instruction's name stands.
#[must_use]
pub fn rules(word: &str, said: Option<&str>) -> Vec<String> {
    let mut told = Vec::new();
    if vocabulary::builtin(word).is_none_or(|found| found.usage.is_none())
        && !["ipi", "until", "wait_ipis"].contains(&word)
    {
        return told;
    }
    for occasion in Occasion::ALL.iter().filter(|occasion| names(occasion.name(), word)) {
        let waits =
            if occasion.drains() { "Waits until the store buffer is empty" } else { "Waits for no store" };
        let law = occasion.law().map(|law| format!("H{}, ", law.number())).unwrap_or_default();
        // An IPI has several occasions: each says which.
        let which = if word == "ipi" { format!(" ({})", occasion.name()) } else { String::new() };
        let standing = occasion.confidence().word();
        told.push(format!("{waits}{which}. {} ({law}{standing})", occasion.why()));
    }
    let Some(instruction) = said.and_then(instruction) else { return told };
    for law in Law::ALL.iter().filter(|law| begins(law.title(), instruction)) {
        let standing = law.confidence().word();
        told.push(format!(
            "H{} {}: {} ({}, {standing})",
            law.number(),
            law.title(),
            law.sentence(),
            law.source()
        ));
    }
    told
}

/// Whether the names of an occasion name a word: `` `invpcid_...` `` names all that begin so.
fn names(names: &str, word: &str) -> bool {
    if word == "ipi" {
        return names.starts_with("`ipi");
    }
    let mut spans = names.split('`').skip(1).step_by(2);
    spans.any(|name| {
        name == word || name.strip_suffix("...").is_some_and(|beginning| word.starts_with(beginning))
    })
}

/// The instruction that a sentence begins with, as the SDM writes it: `INVLPG`, `INVPCID type 0`, `MOV CR3`.
fn instruction(said: &str) -> Option<&str> {
    let capital =
        |word: &&str| word.len() > 2 && word.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit());
    let first = said.split([' ', ',', ';', ':']).next().filter(capital)?;
    let rest = &said[first.len()..];
    let further = match rest.split([',', ';', ':']).next().unwrap_or("") {
        rest if rest.starts_with(" CR3") => " CR3".len(),
        rest if rest.starts_with(" type ") => rest.len(),
        _ => 0,
    };
    said.get(..first.len() + further)
}

/// Whether a title begins with an instruction's whole name.
fn begins(title: &str, instruction: &str) -> bool {
    title
        .strip_prefix(instruction)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', ',']) || rest.starts_with('s'))
}
