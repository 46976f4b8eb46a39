//! The answers, as the editor takes them apart.

use prompter::{FIELD, Prompter, RECORD};

const SCENARIO: &str = "scenario \"s\" {\n    use kernel \"k\"\n    machine { cpus 1; }\n    mm A { 0x400000 -> page \"\u{1f600}\"; }\n    setup { cpu 0 { run(A); } }\n    cpu 0 { idle(); }\n}\n";
const KERNEL: &str = "kernel \"k\" extends \"lazy TLB lab\" {\n    // Says so \u{1f600}.\n    percpu sleepy: bool = false;\n    sys idle() { sleepy = true; }\n}\n";

fn prompter() -> Prompter {
    let mut prompter = Prompter::new();
    prompter.lay(0, SCENARIO.to_owned());
    prompter.lay(1, KERNEL.to_owned());
    prompter
}

/// An answer's records and their fields.
fn records(answer: &str) -> Vec<Vec<&str>> {
    answer.split_terminator(RECORD).map(|record| record.split(FIELD).collect()).collect()
}

/// Units of UTF-16 before the last place of a part.
fn unit(text: &str, part: &str) -> u32 {
    let at = text.rfind(part).expect("it is there");
    text[..at].encode_utf16().count() as u32
}

#[test]
fn words_are_offered_where_they_may_stand() {
    let answer = prompter().complete(1, unit(KERNEL, "sleepy") + 2);
    let records = records(&answer);
    let at = unit(KERNEL, "sleepy");
    assert_eq!(records[0], [at.to_string(), (at + 6).to_string()], "the whole word is replaced");
    let offered = records[1..].iter().find(|record| record[0] == "sleepy").expect("it is declared");
    assert_eq!(offered[1..], ["variable", "percpu sleepy: bool = false", "Says so \u{1f600}.", ""]);
    let builtin =
        records[1..].iter().find(|record| record[0] == "invlpg").expect("a statement may stand there");
    assert_eq!(
        builtin[1..],
        [
            "builtin",
            "invlpg(va)",
            "INVLPG: this CPU drops its translations of `va` under the PCID in CR3, and global ones",
            "something"
        ]
    );
    // What is called without a value, and what is not called, with brackets elsewhere in its declaration.
    let takes = |word: &str| records[1..].iter().find(|record| record[0] == word).map(|record| record[4]);
    assert_eq!([takes("smp_mb"), takes("cpu"), takes("if")], [Some("nothing"), Some(""), Some("")]);
    // What the scenario's CPU calls is in the other text.
    let answer = prompter().complete(0, unit(SCENARIO, "idle"));
    assert!(self::records(&answer)[1..].iter().any(|record| record[0] == "idle"), "{answer:?}");
}

#[test]
fn a_word_is_explained_and_found_in_both_texts() {
    let prompter = prompter();
    let answer = prompter.explain(1, unit(KERNEL, "sleepy"));
    let explained = &records(&answer)[0];
    assert_eq!(explained[2..], ["percpu sleepy: bool = false", "Says so \u{1f600}."]);
    assert_eq!(prompter.explain(1, unit(KERNEL, "= true")), "");
    let answer = prompter.definitions(0, unit(SCENARIO, "idle"));
    let at = unit(KERNEL, "idle");
    assert_eq!(
        records(&answer),
        [["1", "", &at.to_string(), &(at + 4).to_string(), "4", "sys idle() { sleepy = true; }"]]
    );
    let answer = prompter.uses(1, at);
    let texts: Vec<(&str, &str)> = records(&answer).iter().map(|place| (place[0], place[4])).collect();
    assert_eq!(texts, [("0", "6"), ("1", "4")]);
    // A name of the kernel that is extended has its place there.
    let answer = prompter.definitions(0, unit(SCENARIO, "run"));
    let there = &records(&answer)[0];
    assert_eq!(there[..2], ["1", "lazy TLB lab"]);
    assert!(there[5].starts_with("sys run"), "{there:?}");
}

#[test]
fn the_selection_says_what_an_option_is() {
    let kernel = "kernel \"k\" extends \"lazy TLB lab\" {\n    option eager = on \"Flush at once\"\n    sys idle() { if eager { smp_mb(); } }\n}\n";
    let mut prompter = prompter();
    prompter.lay(1, kernel.to_owned());
    let said = |prompter: &Prompter| prompter.explain(1, unit(kernel, "eager"));
    assert!(said(&prompter).contains("Here it is on."), "{:?}", said(&prompter));
    prompter.select(&format!("{RECORD}eager{FIELD}off{RECORD}"));
    assert!(said(&prompter).contains("Here it is off; on by default."), "{:?}", said(&prompter));
}

#[test]
fn a_text_is_laid_out_unless_it_has_errors() {
    let mut prompter = prompter();
    assert_eq!(prompter.format(1).as_deref(), Some(KERNEL));
    assert_eq!(prompter.indent(1, unit(KERNEL, "}\n}"), false), 4);
    prompter.lay(1, KERNEL.replace("    sys", " \tsys"));
    assert_eq!(prompter.format(1).as_deref(), Some(KERNEL));
    prompter.lay(1, KERNEL.replacen('{', "", 1));
    assert_eq!(prompter.format(1), None);
}

#[test]
fn names_and_mends_have_their_places() {
    let kernel = "kernel \"k\" {\n    // \u{1f600}\n    percpu sleepy: bool = false;\n    sys idle() { let page = 1; sleepi = page == 1; }\n    sys run(m: mm) { write_cr3(m.pgd, 0) }\n}\n";
    let mut prompter = prompter();
    prompter.lay(1, kernel.to_owned());
    let units = |from: u32, to: u32| [from.to_string(), to.to_string()];
    let (first, last) = (unit(kernel, "page = 1;"), unit(kernel, "page == 1"));
    let field = unit(kernel, "pgd");
    let names = [units(first, first + 4), units(last, last + 4), units(field, field + 3)];
    assert_eq!(records(&prompter.names(1)), names);
    let answer = prompter.mends(1);
    let mends = records(&answer);
    assert!(mends.iter().any(|mend| mend[4] == ";"), "{mends:?}");
    prompter.lay(1, kernel.replace("0) }", "0); }"));
    let answer = prompter.mends(1);
    let at = unit(kernel, "sleepi");
    let [from, to] = units(at, at + 6);
    assert_eq!(records(&answer), [[&from, &to, &from, &to, "sleepy"]], "{answer:?}");
    assert_eq!(prompter.mends(0), "");
}

#[test]
fn nothing_is_asked_of_a_place_that_is_not_there() {
    let prompter = prompter();
    for source in 0..4 {
        for at in [0, 7, 100_000, u32::MAX] {
            let answers = [
                prompter.complete(source, at),
                prompter.explain(source, at),
                prompter.definitions(source, at),
                prompter.uses(source, at),
            ];
            assert!(answers.iter().all(|answer| answer.is_empty() || answer.ends_with(RECORD)));
            let _ = (prompter.indent(source, at, true), prompter.names(source), prompter.mends(source));
        }
    }
}

#[test]
fn separators_in_a_text_are_no_separators() {
    let mut prompter = prompter();
    let kernel = format!(
        "kernel \"k\" {{\n    // a{FIELD}b{RECORD}c\n    percpu odd: bool = false;\n    sys f() {{ odd = true; }}\n}}\n"
    );
    prompter.lay(1, kernel.clone());
    let answer = prompter.explain(1, unit(&kernel, "odd"));
    let records = records(&answer);
    assert_eq!((records.len(), records[0].len()), (1, 4), "{answer:?}");
}
