//! Every place of the library's texts has an answer, and unfinished texts have.

use crate::common::Texts;
use assist::{Reading, WORDS, WhichText, Workspace, folds, outline};
use experiment::Experiment;
use lang::source::{SourceId, Span};

/// The library's scenarios on their kernels, and every kernel by itself.
fn library() -> Vec<Texts> {
    // A workload may be a file of two texts.
    let alone = |text: &gallery::LibraryText| lang::parts(text.text).len() == 1;
    let scenarios = gallery::scenarios().chain(gallery::workloads().filter(alone)).map(|scenario| {
        let experiment = Experiment::new(scenario.text);
        Texts::new(Some(scenario.text), experiment.kernel_text())
    });
    scenarios.chain(gallery::kernels().map(|kernel| Texts::new(None, Some(kernel.text)))).collect()
}

fn bytes(text: &str) -> impl Iterator<Item = u32> {
    0..u32::try_from(text.len() + 2).expect("short")
}

#[test]
fn every_byte_has_an_answer_that_fits_the_text() {
    let (mut words, mut silent) = (0_u32, Vec::new());
    for texts in library() {
        let workspace = texts.workspace();
        let whole = workspace.whole();
        let reading = Reading::new(&workspace, whole.as_ref());
        let (text, written) = match workspace.scenario {
            Some(scenario) => (WhichText::Scenario, scenario),
            None => (WhichText::Kernel, workspace.kernel.unwrap_or("")),
        };
        let mut last = None;
        for byte in bytes(written) {
            let Some(found) = reading.explain(&text, byte) else { continue };
            assert!(found.span.start <= byte && byte <= found.span.end, "{found:?} at {byte}");
            if last != Some(found.span) {
                words += 1;
                last = Some(found.span);
                let places = reading.definitions(&text, byte);
                for place in places.iter().filter(|place| place.text == text) {
                    assert!(!place.span.of(written).is_empty() || place.span.start == 0);
                }
            }
        }
        silent.extend(unexplained(&reading, &text, written));
    }
    assert!(words > 10_000, "{words} words");
    assert_eq!(silent, Vec::<String>::new(), "nothing is said of these words");
}

/// The names and words of a text of which nothing is said.
fn unexplained(reading: &Reading<'_>, text: &WhichText, written: &str) -> Vec<String> {
    use lang::TokenKind::{Builtin, Keyword, Name, Type};
    /// Words between others, of which there is nothing to say.
    const BETWEEN: &[&str] = &[
        "in", "then", "step", "limit", "not", "at", "on", "off", "like", "us", "ms", "ns", "percent",
        "asleep", "pages",
    ];
    let wordlike = |kind: &lang::TokenKind| matches!(kind, Builtin | Keyword | Name | Type);
    let mut silent = Vec::new();
    for (span, _) in lang::tokens(written).into_iter().filter(|(_, kind)| wordlike(kind)) {
        if !BETWEEN.contains(&span.of(written)) && reading.explain(text, span.start).is_none() {
            let line = span.line_column(written).0 as usize;
            // The options of a case's own kernel are declared in a text that is not on the workspace.
            if written.lines().nth(line - 1).is_some_and(|line| line.contains("use kernel")) {
                continue;
            }
            silent.push(format!(
                "{}: {}",
                span.of(written),
                written.lines().nth(line - 1).unwrap_or("").trim()
            ));
        }
    }
    silent
}

/// Where the compiler has a local, so has the reading: at the same place, and with that type.
#[test]
fn locals_are_those_of_the_compiler() {
    let mut locals = 0;
    for scenario in gallery::scenarios() {
        let experiment = Experiment::new(scenario.text);
        let texts = Texts::new(Some(scenario.text), experiment.kernel_text());
        let workspace = texts.workspace();
        let whole = workspace.whole();
        let reading = Reading::new(&workspace, whole.as_ref());
        let checked = lang::checked(scenario.text, &texts.kernels, &texts.selection);
        for local in checked.locals.iter().filter(|local| local.source == SourceId::SCENARIO) {
            let found = reading.explain(&WhichText::Scenario, local.span.start).expect("a local");
            let name = local.span.of(scenario.text);
            assert_eq!(found.head, format!("{name}: {}", local.name), "{}", scenario.slug);
            let here = reading.definitions(&WhichText::Scenario, local.span.start);
            assert_eq!(here.iter().map(|place| place.span).collect::<Vec<_>>(), [local.span]);
            locals += 1;
        }
    }
    assert!(locals > 50, "{locals}");
}

/// Nothing that the texts use is unknown: each name leads to its declaration, or is the language's.
#[test]
fn what_the_compiler_accepts_has_its_declarations() {
    let mut found = 0;
    for texts in library() {
        let workspace = texts.workspace();
        let whole = workspace.whole();
        let reading = Reading::new(&workspace, whole.as_ref());
        let Some(kernel) = workspace.kernel else { continue };
        for (span, kind) in lang::tokens(kernel) {
            if kind == lang::TokenKind::Name
                && !reading.definitions(&WhichText::Kernel, span.start).is_empty()
            {
                found += 1;
                let uses = reading.uses(&WhichText::Kernel, span.start);
                assert!(uses.iter().any(|place| place.span == span && place.text == WhichText::Kernel));
            }
            if found > 20_000 {
                return;
            }
        }
    }
}

/// Completion reads the text anew for each place: every place of some texts, and places of all texts.
#[test]
fn every_place_can_be_completed() {
    let library = library();
    let mut answers = 0_u32;
    for (n, texts) in library.iter().enumerate() {
        let workspace = texts.workspace();
        let (text, written) = match workspace.scenario {
            Some(scenario) => (WhichText::Scenario, scenario),
            None => (WhichText::Kernel, workspace.kernel.unwrap_or("")),
        };
        let step = if n % 40 == 0 { 1 } else { 61 };
        for byte in bytes(written).skip(n % step).step_by(step) {
            let found = workspace.complete(&text, byte);
            assert!(found.span.start <= found.span.end && (found.span.end as usize) <= written.len());
            assert!(found.proposals.iter().all(|proposal| !proposal.word.is_empty()));
            answers += u32::from(!found.proposals.is_empty());
        }
    }
    assert!(answers > 5_000, "{answers}");
}

/// A text that ends anywhere has an outline, remarks and answers at its end.
#[test]
fn unfinished_texts_have_answers() {
    for slug in ["lazy+munmap", "litmus+mp"] {
        let Some(scenario) = gallery::scenario(slug).or_else(|| gallery::scenarios().next()) else {
            continue;
        };
        let kernel = Experiment::new(scenario.text).kernel_text().unwrap_or("").to_owned();
        for end in (0..scenario.text.len()).filter(|&end| scenario.text.is_char_boundary(end)) {
            answered(&Texts::new(Some(&scenario.text[..end]), Some(&kernel)), &WhichText::Scenario, end);
        }
    }
    let kernel = gallery::kernels().min_by_key(|kernel| kernel.text.len()).expect("a kernel").text;
    for end in (0..kernel.len()).filter(|&end| kernel.is_char_boundary(end)) {
        answered(&Texts::new(None, Some(&kernel[..end])), &WhichText::Kernel, end);
    }
}

fn answered(texts: &Texts, text: &WhichText, end: usize) {
    let workspace = texts.workspace();
    let end = u32::try_from(end).expect("short");
    let _ = (workspace.complete(text, end), workspace.explain(text, end), workspace.uses(text, end));
    let written = match text {
        WhichText::Scenario => workspace.scenario,
        _ => workspace.kernel,
    }
    .unwrap_or("");
    for remark in workspace.remarks() {
        let there = if remark.place.text == *text { written } else { workspace.kernel.unwrap_or("") };
        assert!((remark.place.span.end as usize) <= there.len(), "{remark:?}");
    }
    inside(&outline(written), Span { start: 0, end });
    assert!(folds(written).windows(2).all(|pair| pair[0].first < pair[1].first));
}

/// Parts lie in their parts.
fn inside(parts: &[assist::OutlineItem], outer: Span) {
    for part in parts {
        assert!(outer.start <= part.span.start && part.span.end <= outer.end, "{part:?} in {outer:?}");
        assert!(part.span.start <= part.place.start && part.place.end <= part.span.end, "{part:?}");
        inside(&part.parts, part.span);
    }
}

/// Hostile texts: deep, long, of signs alone, too long to be read.
#[test]
fn any_text_has_answers() {
    let texts = [
        "{".repeat(20_000),
        "kernel \"k\" { sys f() { ".to_owned() + &"let x = {".repeat(5_000),
        "kernel \"k\" { sys f() { ".to_owned() + &"let a = a; ".repeat(10_000),
        "\"".repeat(3_000),
        "kernel \"k\" extends \"k\" { }".to_owned(),
        "scenario \"s\" { ".to_owned() + &"case \"c\" { ".repeat(3_000),
        ":".repeat(10_000) + "x",
        "0:".repeat(10_000),
        "a[".repeat(10_000) + &"]".repeat(10_000) + ".x",
        "/*".to_owned(),
        "x ".repeat(lang::MAX_TEXT),
    ];
    for text in texts {
        let kernels = experiment::Kernels::default();
        let selection = lang::Selection::default();
        for scenario in [true, false] {
            let (scenario, kernel) = if scenario { (Some(&*text), None) } else { (None, Some(&*text)) };
            let workspace =
                Workspace { scenario, kernel, kernels: &kernels, selection: &selection, words: WORDS };
            let name = if scenario.is_some() { WhichText::Scenario } else { WhichText::Kernel };
            for byte in [0, text.len() / 2, text.len() - 1, text.len()] {
                let byte = u32::try_from(byte).expect("short");
                let _ = (
                    workspace.complete(&name, byte),
                    workspace.explain(&name, byte),
                    workspace.uses(&name, byte),
                );
            }
            let _ = (workspace.remarks(), outline(&text), folds(&text));
        }
    }
}
