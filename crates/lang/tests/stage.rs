//! What a scenario is played on: constants and options of its own, cases with parts of their own, and the beginning.

use crate::common::{KERNEL, SCENARIO};
use lang::program::{Origin, Program, WalksOff};
use lang::source::SourceId;
use lang::{Compiled, Selection, Severity, compile, format};

fn compiled(scenario: &str, selection: &Selection) -> Compiled {
    let kernel = KERNEL.replace('%', "");
    compile(scenario, &[("k", kernel.as_str())], selection)
}

fn program_with(scenario: &str, selection: &Selection) -> Program {
    let compiled = compiled(scenario, selection);
    let errors: Vec<_> = compiled.diagnostics.iter().filter(|d| d.severity == Severity::Error).collect();
    assert!(errors.is_empty(), "{errors:#?}");
    compiled.program.expect("it compiles")
}

fn program(scenario: &str) -> Program {
    program_with(scenario, &Selection::default())
}

/// Everything that a program does, without its places in the text.
fn does(program: &Program) -> impl PartialEq + std::fmt::Debug + use<> {
    let Program { machine, mms, cells, code, threads, setup, watched, nmis, walks_off, .. } = program.clone();
    (machine, mms, cells, code, threads, setup, watched, nmis, walks_off)
}

/// The first error or warning: what it marks, what it says, what it advises.
fn said(scenario: &str, selection: &Selection) -> (String, String) {
    let found = compiled(scenario, selection);
    let unused = |text: &str| text.ends_with("is never used");
    let first = found.diagnostics.iter().find(|d| !unused(&d.message)).expect("something is said");
    assert_eq!(first.source, SourceId::SCENARIO);
    let advice = first.advice.clone().map(|advice| format!(" ({advice})")).unwrap_or_default();
    (first.span.of(scenario).to_owned(), format!("{}{advice}", first.message))
}

fn error(items: &str) -> (String, String) {
    let scenario = SCENARIO.replace('%', items);
    assert!(compiled(&scenario, &Selection::default()).failed(), "{items}");
    said(&scenario, &Selection::default())
}

#[track_caller]
fn refused(items: &str, place: &str, words: &str) {
    let (at, what) = error(items);
    assert!(at == place && what.contains(words), "{items}: {at}: {what}");
}

#[test]
fn a_name_stands_for_its_number_wherever_one_is_wanted() {
    let named = "scenario \"s\" {
        use kernel \"k\"
        option tagged = off \"Tags\"
        option deep: 1 | 3 = 3 \"How many stores are in flight\"
        option maker: intel | amd = amd \"Whose\"
        const MANY = 2 + 1;
        const LAST = MANY - 1;
        const CODE = 0x400000;
        const TOP = 1 << 30;
        machine { cpus MANY; pcid tagged; vendor maker; tso deep; dram 0 .. TOP; }
        mm A { CODE -> page \"data\"; slots[LAST - 1] = MANY; }
        watch CODE;
        page \"data\"[LAST] = CODE;
        walk cpu LAST off;
        setup { cpu 0 { run(A); } }
        cpu 0 { munmap(A, CODE); next_id = deep; if tagged { busy = true; } }
        cpu LAST { until next_id == MANY; }
        expect never violation;
    }";
    let plain = "scenario \"s\" {
        use kernel \"k\"
        machine { cpus 3; pcid off; vendor amd; tso 3; dram 0 .. 1 GiB; }
        mm A { 0x400000 -> page \"data\"; slots[1] = 3; }
        watch 0x400000;
        page \"data\"[2] = 0x400000;
        walk cpu 2 off;
        setup { cpu 0 { run(A); } }
        cpu 0 { munmap(A, 0x400000); next_id = 3; }
        cpu 2 { until next_id == 3; }
        expect never violation;
    }";
    assert_eq!(does(&program(named)), does(&program(plain)));
    let options = program(named).options;
    let own: Vec<&str> = options
        .iter()
        .filter(|option| option.origin == Origin::Scenario)
        .map(|option| option.name.as_str())
        .collect();
    assert_eq!(own, ["tagged", "deep", "maker"]);
}

#[test]
fn an_option_of_the_scenario_is_set_as_one_of_the_kernel() {
    let text = "scenario \"s\" {
        use kernel \"k\" with { pages = 2, lazy_tlb = off }
        option pages: 1 | 2 | 3 = 1 \"How many pages are unmapped\"
        mm A { 0x400000 -> page \"data\"; }
        cpu 0 { next_id = pages; if pages > 2 { busy = true; } }
        expect never violation;
        case \"three\" { use kernel \"k\" with { pages = 3 } expect never violation; }
    }";
    let chosen = |program: &Program, name: &str| {
        let option = program.options.iter().find(|option| option.name == name).expect("it is one");
        (
            option.choices[usize::from(option.chosen)].clone(),
            option.choices[usize::from(option.default)].clone(),
        )
    };
    let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
    assert_eq!(chosen(&program(text), "pages"), pair("2", "2"));
    let select = |case, choice: &str| Selection::new(case, vec![("pages".to_owned(), choice.to_owned())]);
    assert_eq!(chosen(&program_with(text, &Selection::new(Some(0), Vec::new())), "pages"), pair("3", "3"));
    let one = program_with(text, &select(None, "1"));
    assert_eq!(chosen(&one, "pages"), pair("1", "2"));
    assert_ne!(does(&one), does(&program_with(text, &select(None, "3"))));
    let (_, what) = said(text, &select(None, "4"));
    assert!(what.contains("pages = 4 was ignored"), "{what}");
    // It remains an option of the scenario on another kernel, and for a case with another kernel.
    let other = Selection { kernel: Some("other".to_owned()), ..select(None, "3") };
    let second = "kernel \"other\" { global next_id: int; global busy: bool; sys run(next: mm) { write_cr3(next.pgd, 0); } }";
    let kernel = KERNEL.replace('%', "");
    let texts = [("k", kernel.as_str()), ("other", second)];
    let moved = compile(text, &texts, &other).program.expect("it compiles");
    assert_eq!(chosen(&moved, "pages"), pair("3", "2"));
    let case = text.replace("case \"three\" { use kernel \"k\"", "case \"three\" { use kernel \"other\"");
    let moved = compile(&case, &texts, &Selection::new(Some(0), Vec::new())).program.expect("it compiles");
    assert_eq!(chosen(&moved, "pages"), pair("3", "3"));
}

#[test]
fn a_case_is_the_text_that_somebody_would_have_written() {
    let text = "scenario \"s\" {
        use kernel \"k\"
        const FAR = 0x600000;
        machine { vendor amd; cpus 2; dram 0 .. 1 GiB; device \"nic\" at 0x7f000000; spare 2; }
        mm A { 0x400000 -> page \"data\"; }
        mm B { FAR -> page \"b\"; }
        watch 0x800000;
        walk cpu 0 off;
        walk 0x400000 off;
        page \"data\" = 1;
        setup { cpu 0 { run(A); } }
        cpu 0 { next_id = 1; }
        cpu 1 { run(A); }
        expect never violation;
        exists (next_id == 1)
        case \"other\" {
            const FAR = 0x700000;
            machine { cpus 3; tso off; device \"nic\" at 0x7e000000; }
            mm A { 0x401000 -> page \"data\"; tlb_gen = 5; }
            mm C { 0x900000 -> page \"c\"; }
            watch FAR;
            walk cpu 0 on;
            page \"data\" = 2;
            setup { cpu 1 { run(B); } }
            cpu 1 { let x = next_id; }
            cpu 2 { run(C); }
            expect never violation;
            ~exists (1:x == 7)
        }
    }";
    let by_hand = "scenario \"s\" {
        use kernel \"k\"
        machine { vendor amd; dram 0 .. 1 GiB; spare 2; cpus 3; tso off; device \"nic\" at 0x7e000000; }
        mm A { 0x401000 -> page \"data\"; tlb_gen = 5; }
        mm B { 0x700000 -> page \"b\"; }
        mm C { 0x900000 -> page \"c\"; }
        watch 0x700000;
        walk 0x400000 off;
        page \"data\" = 2;
        setup { cpu 1 { run(B); } }
        cpu 0 { next_id = 1; }
        cpu 1 { let x = next_id; }
        cpu 2 { run(C); }
        expect never violation;
        ~exists (1:x == 7)
    }";
    let case = program_with(text, &Selection::new(Some(0), Vec::new()));
    assert_eq!(does(&case), does(&program(by_hand)));
    let own = [
        "const FAR",
        "machine cpus",
        "machine tso",
        "machine device nic",
        "mm A",
        "mm C",
        "page data",
        "watch",
        "walk cpu 0",
        "setup",
        "cpu 1",
        "cpu 2",
    ];
    assert_eq!(case.replaced, own);
    assert_eq!(lang::cases(text)[1].replaces, own);
    // The scenario itself is as it was before it had a case.
    let alone = text.find("        case").map(|at| format!("{}}}", &text[..at])).expect("it has one");
    assert_eq!(does(&program(text)), does(&program(&alone)));
    assert!(program(text).replaced.is_empty());
}

#[test]
fn variables_of_an_mm_begin_as_the_scenario_says() {
    let text = SCENARIO
        .replace("-> page \"data\";", "-> page \"data\"; tlb_gen = 7; cpumask = {0, 1}; slots[1] = 2 + 3;");
    let text = text.replace('%', "mm B { tlb_gen = 1; } cpu 0 { run(A); } expect never violation;");
    let program = program(&text);
    let cell = |name: &str, mm: u16, index: u16| {
        let variable = program.variables.iter().find(|variable| variable.name == name).expect("it is one");
        program.cells[usize::from(variable.base + mm * variable.len + index)]
    };
    assert_eq!([cell("tlb_gen", 0, 0), cell("tlb_gen", 1, 0), cell("tlb_gen", 2, 0)], [1, 7, 1]);
    assert_eq!(
        [cell("cpumask", 1, 0), cell("slots", 1, 0), cell("slots", 1, 1), cell("slots", 2, 1)],
        [3, 0, 5, 0]
    );
    // Another kernel may lack them.
    let other = "kernel \"other\" { mm slots[2]: int; sys run(next: mm) { write_cr3(next.pgd, 0); } }";
    let selection = Selection { kernel: Some("other".to_owned()), ..Selection::default() };
    let kernel = KERNEL.replace('%', "");
    let moved =
        compile(&text, &[("k", kernel.as_str()), ("other", other)], &selection).program.expect("it compiles");
    assert_eq!(moved.cells, [0, 0, 0, 5, 0, 0]);
}

#[test]
fn walks_are_switched_off_by_the_text_or_from_outside() {
    let text = SCENARIO.replace('%', "walk cpu 1 off; cpu 0 { load(0x401000); } expect never violation;");
    let off = |cpus, addresses: &[u64]| WalksOff { cpus, addresses: addresses.to_vec() };
    assert_eq!(program(&text).walks_off, off(2, &[]));
    let select = |choice: &str| Selection::new(None, vec![("no_walks".to_owned(), choice.to_owned())]);
    let chosen = program_with(&text, &select("cpu0,0x401008"));
    assert_eq!(chosen.walks_off, off(1, &[0x401000]));
    let option = chosen.options.iter().find(|option| option.name == "no_walks").expect("it is told");
    assert_eq!(
        (option.choices.join(" "), option.default, option.chosen),
        ("none cpu1 cpu0,0x401000".to_owned(), 1, 2)
    );
    assert_eq!(program_with(&text, &select("none")).walks_off, off(0, &[]));
    // Without a question there is no message.
    let plain = text.replace("walk cpu 1 off; ", "");
    assert!(program(&plain).options.iter().all(|option| option.name != "no_walks"));
    assert!(said(&plain, &select("cpu1, cpu0")).1.contains("was ignored"));
    assert!(said(&plain, &select("cpu7")).1.contains("does not exist: the machine has CPUs 0 to 1"));
    assert!(said(&plain, &select("0x900000")).1.contains("no CPU ever walks to 0x900000"));
    for text in ["cpu1,0x400000", "none"] {
        assert_eq!(WalksOff::read(text).expect("it is a list").text(), text);
    }
    for text in ["", "cpu", "cpu16", "0x", "400000", "cpu1,", "cpu1 ", "none,cpu1", "0x10000000000000000"] {
        assert_eq!(WalksOff::read(text), None, "{text}");
    }
}

#[test]
fn mistakes_are_told_where_they_are() {
    let rest = "cpu 0 { run(A); }";
    let with = |items: &str| format!("{items} {rest}");
    refused(&with("machine { cpus MANY; }"), "MANY", "`cpus` cannot be `MANY` (it is a number)");
    refused(&with("const MANY = 3; watch MANZ;"), "MANZ", "no constant `MANZ` (did you mean `MANY`?)");
    refused(&with("watch FAR;"), "FAR", "declare it in the scenario: `const FAR = 1;`");
    refused(&with("const YES = true; watch YES;"), "YES", "`YES` is no number");
    refused(&with("const ALL = {0, 1};"), "{0, 1}", "a constant of a scenario is a number or a bool");
    refused(&with("const N = NR_CPUS;"), "NR_CPUS", "`NR_CPUS` is not known here");
    refused(&with("const next_id = 1;"), "next_id", "`next_id` is already a variable");
    refused(&with("option busy = on \"x\""), "busy", "`busy` is already a variable");
    refused(&with("const A = 1;"), "A", "`A` is already an mm");
    refused(&with("const pcid = 1;"), "pcid", "`pcid` is built in");
    refused(&with("const N = 1; const N = 2;"), "N", "`N` is declared twice");
    refused(&with("option tso = on \"x\""), "tso", "`tso` is an option of the machine");
    refused(&with("option no_walks = on \"x\""), "no_walks", "`no_walks` is an option of the machine");
    refused(
        &with("option deep: 1 | two = 1 \"x\""),
        "deep",
        "the choices of an option are names, or all are numbers",
    );
    refused("const N = 1; cpu 0 { let N = 2; }", "N", "`N` is already a constant");
    refused("const N = 1; cpu 0 { N = 2; }", "N", "`N` cannot be assigned");
    refused(&with("mm B { nothing = 1; }"), "nothing", "an mm has no field `nothing`");
    refused(&with("mm B { slots = 1; }"), "slots", "`slots` is an array");
    refused(&with("mm B { slots[next_id] = 1; }"), "slots[next_id]", "the index must be a constant");
    refused(&with("mm B { tlb_gen = next_id; }"), "next_id", "this must be a constant");
    refused(&with("mm B { cpumask = {5}; }"), "5", "there is no CPU 5");
    refused(&with("mm B { pgd = none; }"), "pgd", "an initial value needs a place in memory");
    refused(&with("mm B { pte(B, 0) = 1; }"), "pte(B, 0)", "this is no variable of the mm");
    refused(&with("page \"nothing\" = 1;"), "\"nothing\"", "there is no page \"nothing\"");
    refused(&with("page \"data\"[512] = 1;"), "512", "the page has words 0 to 511, not 512");
    refused(&with("page \"data\" = 1; page \"data\"[0] = 2;"), "\"data\"", "word 0 of \"data\" is set twice");
    refused(
        &with("mm B { 0x0 -> page \"data\"; } page \"data\" = 1;"),
        "\"data\"",
        "there are 2 pages \"data\"",
    );
    refused(
        &with("mm B { 0x0 -> page \"data\" shared; }"),
        "\"data\"",
        "page \"data\" is shared elsewhere, and not here",
    );
    let sizes = "mm B { 0x0 -> page \"x\" shared; } mm C { 0x0 -> page \"x\" 2M shared; }";
    refused(&with(sizes), "\"x\"", "page \"x\" has another size elsewhere");
    refused(&with("walk cpu 2 off;"), "2", "there is no CPU 2 (the machine has CPUs 0 to 1)");
    refused(&with("walk cpu 1 maybe;"), "maybe", "expected `off` or `on`, found `maybe`");
    refused(
        &with("case \"x\" { invariant \"y\" { } }"),
        "invariant",
        "expected use, expect, exists, ~exists or forall",
    );
}

#[test]
fn an_option_that_decides_nothing_is_warned_of_in_its_own_text() {
    let text = SCENARIO.replace('%', "option idle_ = on \"Nothing\" cpu 0 { run(A); }");
    let found = compiled(&text, &Selection::default());
    let warning =
        found.diagnostics.iter().find(|d| d.source == SourceId::SCENARIO).expect("there is a warning");
    assert_eq!((warning.span.of(&text), &*warning.message), ("idle_", "option `idle_` is never used"));
    // A case that replaces parts may leave the option unused.
    let case = text.replace("cpu 0 {", "machine { pcid idle_; } cpu 0 {");
    let case = case.trim_end().trim_end_matches('}').to_owned() + "case \"c\" { machine { pcid on; } } }";
    let found = compiled(&case, &Selection::new(Some(0), Vec::new()));
    assert!(found.diagnostics.iter().all(|d| d.source != SourceId::SCENARIO), "{:#?}", found.diagnostics);
    for use_ in ["machine { pcid idle_; }", "const N = 1; cpu 1 { if idle_ { busy = true; } }"] {
        let text = text.replace("cpu 0", &format!("{use_} cpu 0"));
        let found = compiled(&text, &Selection::default());
        assert!(found.diagnostics.iter().all(|d| d.source != SourceId::SCENARIO), "{:#?}", found.diagnostics);
    }
}

#[test]
fn the_formatter_knows_them() {
    let ugly = "scenario \"s\" {\nuse kernel \"k\"\noption deep:1|3=3 \"Stores\"\nconst MANY=3;\nmachine {\ncpus MANY;\n}\nmm A { 0x400000->page \"data\" shared;ctx=3; }\npage \"data\"[1]=7;\nwalk cpu 1 off;\ncpu 0 { run(A); }\ncase \"x\" {\nmachine { cpus 2; }\ncpu 1 {\nrun(A);\n}\nexpect never violation;\n}\n}\n";
    let formatted = format(ugly).expect("it is a text");
    let wanted = "scenario \"s\" {
    use kernel \"k\"
    option deep: 1 | 3 = 3 \"Stores\"
    const MANY = 3;
    machine {
        cpus MANY;
    }
    mm A { 0x400000 -> page \"data\" shared; ctx = 3; }
    page \"data\"[1] = 7;
    walk cpu 1 off;
    cpu 0 { run(A); }
    case \"x\" {
        machine { cpus 2; }
        cpu 1 {
            run(A);
        }
        expect never violation;
    }
}
";
    assert_eq!(formatted, wanted);
    assert_eq!(format(&formatted).as_ref(), Ok(&formatted));
}

#[test]
fn a_case_with_fewer_cpus_takes_a_block_away() {
    let with = |block: &str| {
        format!(
            "scenario \"s\" {{ use kernel \"k\" mm A {{ }} machine {{ cpus 2; }} cpu 0 {{ run(A); }} cpu 1 {{ run(A); }}
             expect never violation; case \"one\" {{ machine {{ cpus 1; }} {block} expect never violation; }} }}"
        )
    };
    let case = Selection::new(Some(0), Vec::new());
    let program = program_with(&with("cpu 1 { }"), &case);
    assert_eq!((program.machine.cpus, program.threads.len()), (1, 1));
    for block in ["", "cpu 1 { run(A); }"] {
        let compiled = compiled(&with(block), &case);
        let errors = compiled.diagnostics.iter().filter(|found| found.severity == Severity::Error);
        assert_eq!(errors.map(|error| &*error.message).collect::<Vec<_>>(), ["there is no CPU 1"], "{block}");
    }
    // Where no block of a case replaces one, there is nothing to take away.
    let whole = with("").replace("case \"one\"", "cpu 7 { } case \"one\"");
    let none = Selection::default();
    for (scenario, selection) in [(&whole, &none), (&whole, &case), (&with("setup { cpu 7 { } }"), &case)] {
        let found = compiled(scenario, selection).diagnostics;
        assert!(found.iter().any(|found| found.message == "there is no CPU 7"), "{scenario}");
    }
}
