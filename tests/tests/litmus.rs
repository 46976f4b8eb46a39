//! Classic litmus tests of x86 in herd's format, with the verdicts that their sources publish (`tests/litmus/verdicts.txt`):
//! imported, checked, and written as litmus tests again.

use experiment::Experiment;
use explore::Limits;
use machine::{Asked, Check, Finals, Machine, Verdict};
use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("litmus")
}

struct Row {
    name: String,
    verdict: String,
    states: usize,
}

fn rows() -> Vec<Row> {
    let table = fs::read_to_string(folder().join("verdicts.txt")).expect("the table is there");
    let row = |line: &str| {
        let mut words = line.split_whitespace();
        let mut word = || words.next().unwrap_or_else(|| panic!("{line}")).to_owned();
        let (name, verdict, states) = (word(), word(), word());
        assert!(words.next().is_some(), "{name} names no source");
        Row { name, verdict, states: states.parse().expect("a number of states") }
    };
    table.lines().filter(|line| !line.starts_with('#')).map(row).collect()
}

fn compiled(scenario: &str) -> Machine {
    let compiled = Experiment::new(scenario).compile();
    assert!(compiled.diagnostics.is_empty(), "{scenario}\n{:#?}", compiled.diagnostics);
    compiled.machine.unwrap_or_else(|_| panic!("{scenario}"))
}

fn imported(name: &str, test: &str) -> Machine {
    let scenario = litmus::import(test).unwrap_or_else(|problem| panic!("{name}:{problem}"));
    assert_eq!(lang::format(&scenario).as_ref(), Ok(&scenario), "{name}: it is formatted");
    compiled(&scenario)
}

fn test(name: &str) -> String {
    fs::read_to_string(folder().join(format!("{name}.litmus")))
        .unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn checked(machine: &Machine) -> (Finals, Verdict) {
    let mut check = Check::of(machine, Limits::default(), Asked::by(machine.program()));
    check.run_to_end();
    assert!(!check.stores_waited(), "the store buffers are as deep as the test needs");
    let finals = check.finals().expect("a condition is asked");
    assert!(finals.complete);
    (finals, check.verdict(&machine.program().expectations[0]))
}

/// Final states by name, since a test that is written anew may name its registers in another order.
fn named(machine: &Machine, finals: &Finals) -> BTreeSet<BTreeSet<(String, u64)>> {
    let observed = &machine.program().finale.as_ref().expect("a condition is asked").observed;
    let state = |values: &Vec<u64>| {
        let word = |name: &str| name.to_ascii_lowercase().replace(":e", ":r");
        observed.iter().zip(values).map(|(seen, &value)| (word(&seen.name), value)).collect()
    };
    finals.states.iter().map(state).collect()
}

#[test]
fn each_test_has_its_published_verdict_and_all_its_final_states() {
    for Row { name, verdict, states } in rows() {
        let machine = imported(&name, &test(&name));
        let (finals, met) = checked(&machine);
        let fails = finals.states.len() - finals.holds;
        let found = match verdict.as_str() {
            "Allow" => finals.holds > 0 && fails > 0,
            "Forbid" => finals.holds == 0,
            "Require" => fails == 0 && finals.holds > 0,
            other => panic!("{name}: there is no verdict {other}"),
        };
        assert!(found, "{name}: {}", scene::finals(&machine, &finals, false));
        assert_eq!(finals.states.len(), states, "{name}: {}", scene::finals(&machine, &finals, false));
        // exists fails where the outcome is forbidden; the other two are written as their sources mean them.
        let asked = machine.program().finale.as_ref().and_then(|finale| finale.quantifier);
        let exists = asked == Some(lang::program::Quantifier::Exists);
        assert_eq!(met == Verdict::Met, !exists || verdict == "Allow", "{name}");
        // The same without reductions.
        let unreduced = Machine::unreduced(machine.program().clone()).expect("it can be built");
        assert_eq!(checked(&unreduced), (finals, met), "{name}");
    }
}

#[test]
fn each_file_has_its_row() {
    let files =
        fs::read_dir(folder()).expect("the folder is there").map(|entry| entry.expect("an entry").path());
    let files: BTreeSet<String> = files
        .filter(|path| path.extension().is_some_and(|extension| extension == "litmus"))
        .map(|path| path.file_stem().expect("a name").to_string_lossy().into_owned())
        .collect();
    assert_eq!(files, rows().into_iter().map(|row| row.name).collect());
    assert!(files.len() >= 40);
}

#[test]
fn a_test_that_is_written_anew_has_the_same_final_states() {
    let mut refused = Vec::new();
    for Row { name, .. } in rows() {
        let machine = imported(&name, &test(&name));
        let written = match litmus::export(&machine) {
            Ok(written) => written,
            Err(why) => {
                refused.push(format!("{name}: {why}"));
                continue;
            }
        };
        let again = imported(&name, &written);
        assert_eq!(named(&machine, &checked(&machine).0), named(&again, &checked(&again).0), "{written}");
        assert_eq!(checked(&machine).1, checked(&again).1, "{written}");
        // Once more, nothing changes.
        assert_eq!(litmus::export(&again).as_deref(), Ok(written.as_str()));
    }
    assert_eq!(
        refused,
        [
            "xadds: a test of litmus7 can't say this operation: r1 = new of lock x add r0",
            "incs: a test of litmus7 can't say this operation: r1 = r0 + 1",
            "cmpxchg+jne: a test of litmus7 can't say this operation: r0 = old of lock x cmpxchg r0 to 1",
        ]
    );
}

#[test]
fn what_has_translations_in_it_is_refused_in_words() {
    let scenario = "scenario \"s\" { use kernel \"bare\" mm A { 0x400000 -> page \"one\"; }
        setup { cpu 0 { run(A); } } cpu 0 { let a = load(0x400000); } exists (0:a == 0) }";
    let refused = litmus::export(&compiled(scenario)).expect_err("it loads through page tables");
    assert!(refused.contains("can't say this operation: r1 = user load 0x400000"), "{refused}");
    let none = Experiment::library("lazy+munmap")
        .and_then(|there| there.compile().machine.ok())
        .expect("it is there");
    assert_eq!(
        litmus::export(&none).expect_err("it asks nothing of final states"),
        "the scenario has no exists, ~exists or forall for the test to end with"
    );
}

/// A test of one processor that asks this.
fn asking(asked: &str) -> Machine {
    imported(
        asked,
        &format!(
            "X86 t\n{{ x=0; y=0; z=0; }}\n P0 ;\n MOV [x],$1 ;\n MOV [y],$1 ;\n MOV [z],$1 ;\n{asked}\n"
        ),
    )
}

#[test]
fn a_condition_means_what_its_signs_say() {
    let truth = |asked: &str, wanted: fn(bool, bool, bool) -> bool| {
        let machine = asking(&format!("exists ({asked})"));
        let finale = machine.program().finale.as_ref().expect("it asks something");
        for values in 0..8_u64 {
            let [x, y, z] = [values & 1, values >> 1 & 1, values >> 2 & 1];
            let value = |name: &str| match name {
                "x" => x,
                "y" => y,
                _ => z,
            };
            let observed: Vec<u64> = finale.observed.iter().map(|seen| value(&seen.name)).collect();
            let holds = finale.condition.value(&observed) != 0;
            assert_eq!(holds, wanted(x == 1, y == 1, z == 1), "{asked} with {x} {y} {z}");
        }
    };
    truth("x=1 => y=1 => z=1", |x, y, z| !x || !y || z);
    truth("(x=1 => y=1) => z=1", |x, y, z| x && !y || z);
    truth("x=1 \\/ y=1 /\\ z=1", |x, y, z| x || y && z);
    truth("(x=1 \\/ y=1) /\\ z=1", |x, y, z| (x || y) && z);
    truth("not (x=1) /\\ ~(y=1) \\/ z=1", |x, y, z| !x && !y || z);
    truth("not (x=1 \\/ y=1) => z=1", |x, y, z| x || y || z);
}

#[test]
fn each_quantifier_is_its_own_and_a_filter_leaves_states_out() {
    for (asked, verdict, holds, states) in [
        ("exists (x=1)", Verdict::Met, 1, 1),
        ("exists (x=0)", Verdict::Failed, 0, 1),
        ("~exists (x=1)", Verdict::Failed, 1, 1),
        ("~exists (x=0)", Verdict::Met, 0, 1),
        ("not exists (x=0)", Verdict::Met, 0, 1),
        ("forall (x=1)", Verdict::Met, 1, 1),
        ("forall (x=0)", Verdict::Failed, 0, 1),
        ("filter (x=1)\nforall (x=1)", Verdict::Met, 1, 1),
        ("filter (x=0)\n~exists (x=1)", Verdict::Met, 0, 0),
        ("filter (x=0)\nexists (x=1)", Verdict::Failed, 0, 0),
    ] {
        let (finals, found) = checked(&asking(asked));
        assert_eq!((found, finals.holds, finals.states.len()), (verdict, holds, states), "{asked}");
    }
}
