//! `kernel "x" extends "y"`: what is replaced, what is added, and where everything stands.

use lang::program::Program;
use lang::source::{SourceId, Span};
use lang::{Compiled, Selection, Whole, check_kernel, compile, format, kernel_name};

const BASE: &str = "kernel \"base\" {
    about \"The one that is extended.\"
    option twice = off \"Count twice\"
    option loud  = on  \"Warn\"
    const STEP = 1;
    global n: int = 0;

    fn raise() {
        n = n + STEP;
        if twice {
            inc_return(n);
        }
    }

    sys count() {
        raise();
        WARN_ON_ONCE(loud && n == 3);
    }
}
";
const MINE: &str = "kernel \"mine\" extends \"base\" {
    option twice = on \"Count twice\"
    const STEP = 3;
    global seen: int = 0;
    sys look() {
        seen = n;
    }
    fn raise() {
        n = n + STEP;
    }
}
";
const SCENARIO: &str = "scenario \"s\" { use kernel \"mine\" cpu 0 { count(); } cpu 1 { look(); } expect sometimes kernel_warning; }";

fn compiled(mine: &str, scenario: &str) -> Compiled {
    compile(scenario, &[("mine", mine), ("base", BASE)], &Selection::default())
}

fn program(mine: &str, scenario: &str) -> Program {
    let compiled = compiled(mine, scenario);
    assert!(
        compiled.diagnostics.iter().all(|d| d.message.contains("never used")),
        "{:?}",
        compiled.diagnostics
    );
    compiled.program.expect("it compiles")
}

/// What an error says, and the text at its place.
fn error(mine: &str, scenario: &str) -> (String, String) {
    let found = compiled(mine, scenario);
    assert!(found.program.is_none());
    let first = &found.diagnostics[0];
    let texts = [("mine", mine), ("base", BASE)];
    let whole = Whole::new(mine, &texts);
    let text = if first.source == SourceId::SCENARIO { scenario } else { &whole.text };
    let advice = first.advice.clone().unwrap_or_default();
    (format!("{} ({advice})", first.message), first.span.of(text).to_owned())
}

#[test]
fn invariants_are_taken_over_and_replaced_by_their_names() {
    let base = BASE.replace("    sys count()", "    invariant \"few\" { BUG_ON(n > 99); }\n    sys count()");
    let more = "invariant \"none\" { BUG_ON(seen > 99); } sys look()";
    let with = |mine: &str| {
        let texts = [("mine", mine), ("base", base.as_str())];
        compile(SCENARIO, &texts, &Selection::default()).program.expect("it compiles")
    };
    let labels = |program: &Program| {
        let of = program
            .invariants
            .iter()
            .map(|invariant| program.labels[usize::from(invariant.label) - 1].clone());
        of.collect::<Vec<_>>()
    };
    assert_eq!(labels(&with(MINE)), ["few"]);
    assert_eq!(labels(&with(&MINE.replace("sys look()", more))), ["few", "none"]);
    let instead = with(&MINE.replace("sys look()", &more.replace("none", "few")));
    assert_eq!(labels(&instead), ["few"]);
    assert_ne!(instead.code, with(MINE).code, "it is the one of the kernel that extends");
}

#[test]
fn it_is_the_program_of_the_text_that_somebody_would_have_written() {
    let by_hand = BASE
        .replace("kernel \"base\"", "kernel \"mine\"")
        .replace("twice = off", "twice = on")
        .replace("STEP = 1", "STEP = 3")
        .replace("        if twice {\n            inc_return(n);\n        }\n", "")
        .replace("global n: int = 0;", "global n: int = 0; global seen: int = 0;")
        .replace("sys count()", "sys look() { seen = n; } sys count()");
    let (a, b) = (program(MINE, SCENARIO), program(&by_hand, SCENARIO));
    assert_eq!((&a.kernel, &a.options, &a.cells), (&b.kernel, &b.options, &b.cells));
    assert_eq!(a.code, b.code);
    assert_eq!(
        a.threads.iter().map(|thread| thread.entry).collect::<Vec<_>>(),
        b.threads.iter().map(|thread| thread.entry).collect::<Vec<_>>()
    );
}

#[test]
fn every_operation_stands_in_the_text_that_has_it() {
    let program = program(MINE, SCENARIO);
    let texts = [("base", BASE)];
    let whole = Whole::new(MINE, &texts);
    let mut seen = [false; 2];
    for site in program.sites.iter().filter(|site| site.source == SourceId::KERNEL) {
        let (name, text, span) = whole.place(site.span);
        let statement = span.of(text);
        assert_eq!(statement, site.span.of(&whole.text));
        match site.function.as_str() {
            "raise" | "look" => assert!(name.is_none() && MINE.contains(statement) && !statement.is_empty()),
            "count" => assert!(name == Some("base") && BASE.contains(statement) && !statement.is_empty()),
            _ => continue,
        }
        seen[usize::from(name.is_some())] = true;
        if statement.starts_with("WARN_ON_ONCE") {
            assert_eq!(span.line_column(text), (17, 9));
        }
    }
    assert_eq!(seen, [true, true]);
}

#[test]
fn a_text_may_hold_both_and_one_may_extend_one_that_extends() {
    let both = format!("{BASE}\n{MINE}");
    assert_eq!(kernel_name(&both).as_deref(), Some("mine"));
    let texts: [(&str, &str); 1] = [("mine", &both)];
    assert!(Whole::new(&both, &texts).joints.is_empty());
    let alone = compile(SCENARIO, &texts, &Selection::default());
    assert_eq!(alone.program.expect("it compiles").code, program(MINE, SCENARIO).code);
    let third = "kernel \"third\" extends \"mine\" { const STEP = 1; }";
    let texts = [("third", third), ("mine", MINE), ("base", BASE)];
    let whole = Whole::new(third, &texts);
    assert_eq!(whole.joints.iter().map(|joint| joint.1.as_str()).collect::<Vec<_>>(), ["mine", "base"]);
    assert_eq!(check_kernel(&whole.text), []);
    let (name, text, span) = whole.place(Span { start: whole.joints[1].0 + 8, end: whole.joints[1].0 + 14 });
    assert_eq!((name, text, span.of(text)), (Some("base"), BASE, "base\" "));
    let scenario = SCENARIO.replace("\"mine\"", "\"third\"");
    assert!(compile(&scenario, &texts, &Selection::default()).program.is_some());
}

#[test]
fn what_is_wrong_is_said_at_its_place_in_either_text() {
    let mine = |items: &str| format!("kernel \"mine\" extends \"base\" {{ {items} }}");
    let simple = SCENARIO.replace("cpu 1 { look(); }", "");
    assert_eq!(error(&mine("fn raise() { m = 1; }"), &simple).1, "m");
    // A function with other parameters than before: its caller in the other text does not fit any more.
    let (message, place) = error(&mine("fn raise(by: int) { n = n + by; }"), &simple);
    assert!(message.contains("`raise` takes 1 argument, not 0") && place == "raise()", "{message} {place}");
    let (message, place) = error(&mine("global twice: int = 0;"), &simple);
    assert!(message.contains("twice") && !place.is_empty(), "{message} {place}");
    let (message, place) = error("kernel \"mine\" extends \"bsae\" { }", SCENARIO);
    assert!(
        message.starts_with("there is no kernel \"bsae\" to extend") && place == "\"bsae\"",
        "{message} {place}"
    );
    let (message, _) = error("kernel \"mine\" extends \"mine\" { }", SCENARIO);
    assert!(message.starts_with("\"mine\" extends itself"), "{message}");
    let (message, place) = error("kernel \"mine\" extends { }", SCENARIO);
    assert!(
        message.contains("expected the name of the kernel that it extends") && place == "{",
        "{message} {place}"
    );
    let (message, place) =
        error("kernel \"mine\" { sys count() { } sys look() { } } kernel \"other\" { }", SCENARIO);
    assert!(message.contains("nothing extends \"other\"") && place == "\"other\"", "{message} {place}");
    let many: String = (0..9).map(|n| format!("kernel \"k{n}\" extends \"k{}\" {{ }}\n", n + 1)).collect();
    assert!(error(&many, SCENARIO).0.starts_with("more than 8 kernels"), "there is an end to it");
    let twice = mine("fn raise() { n = 1; } fn raise() { n = 2; }");
    assert!(error(&twice, &simple).0.contains("raise"), "its own names are there once");
}

#[test]
fn a_warning_is_about_ones_own_text() {
    let mine =
        "kernel \"mine\" extends \"base\" { global own: int = 0; fn raise() { } sys count() { raise(); } }";
    let scenario = "scenario \"s\" { use kernel \"mine\" cpu 0 { count(); } }";
    let said: Vec<String> = compiled(mine, scenario).diagnostics.into_iter().map(|d| d.message).collect();
    // What base has left over is its own business, but for switches that the page would offer.
    let idle = |option: &str| format!("the inherited option `{option}` does nothing here: no code uses it");
    assert_eq!(said, [idle("twice"), idle("loud"), "variable `own` is never used".to_owned()]);
}

#[test]
fn it_is_formatted_and_coloured() {
    assert_eq!(format(MINE).as_deref(), Ok(MINE));
    let both = format!("{BASE}\n{MINE}");
    assert_eq!(format(&both).as_ref(), Ok(&both));
    let kinds = lang::tokens(MINE);
    let word = kinds.iter().find(|(span, _)| span.of(MINE) == "extends").map(|found| found.1);
    assert_eq!(word, Some(lang::TokenKind::Keyword));
}

#[test]
fn an_inherited_option_that_does_nothing_any_more_is_told() {
    let mine = MINE.replace("    option twice = on \"Count twice\"\n", "");
    let scenario = SCENARIO.replace("\"mine\"", "\"mine\" with { twice = on }");
    let warnings = |mine: &str, scenario: &str| {
        let found = compiled(mine, scenario);
        assert!(found.program.is_some(), "{:?}", found.diagnostics);
        let told = |d: &lang::Diagnostic| {
            (
                d.message.clone(),
                d.span.of(if d.source == SourceId::KERNEL { mine } else { scenario }).to_owned(),
            )
        };
        found.diagnostics.iter().map(told).collect::<Vec<_>>()
    };
    let [kernel, choice] = [
        ("the inherited option `twice` does nothing here: no code uses it", "\"mine\""),
        ("`twice` changes nothing: no code of kernel \"mine\" uses it", "twice"),
    ]
    .map(|(message, place)| (message.to_owned(), place.to_owned()));
    assert_eq!(warnings(&mine, &scenario), [choice, kernel.clone()]);
    assert_eq!(warnings(&mine, SCENARIO), [kernel]);
    // The function that uses it is still there.
    let other = mine.replace("fn raise() {\n        n = n + STEP;\n    }", "");
    assert_eq!(warnings(&other, &scenario), []);
}

#[test]
fn a_kernel_has_the_claim_of_the_one_that_it_extends_unless_it_makes_its_own() {
    let with = |text: &str, claim: &str| text.replacen("{", &format!("{{ claim \"{claim}\""), 1);
    let claim = |mine: &str, base: &str, scenario: &str| {
        let texts = [("mine", mine), ("base", base)];
        compile(scenario, &texts, &Selection::default()).program.expect("it compiles").claim
    };
    assert_eq!(claim(MINE, BASE, SCENARIO), None);
    let base = with(BASE, "of base");
    assert_eq!(claim(MINE, &base, SCENARIO).as_deref(), Some("of base"));
    let mine = with(MINE, "of mine");
    assert_eq!(claim(&mine, &base, SCENARIO).as_deref(), Some("of mine"));
    assert_eq!(claim(&mine, &base, &with(SCENARIO, "of s")).as_deref(), Some("of s"));
}

#[test]
fn a_text_has_one_claim() {
    let two = MINE.replacen("{", "{ claim \"one\" claim \"two\";", 1);
    let said = error(&two, SCENARIO);
    assert!(said.0.starts_with("a text has one claim (") && said.1 == "\"two\"", "{said:?}");
    let formatted = format(&MINE.replacen("{", "{ claim   \"one\"   ;", 1)).expect("it parses");
    assert!(formatted.contains("\n    claim \"one\""), "{formatted}");
}
