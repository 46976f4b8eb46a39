//! What somebody types who does not know the tool yet: each wrong turn ends in a sentence that leads on.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

const KERNEL: &str = "kernel \"k\" { global n: int = 0; sys add() { n = n + 1; WARN_ON_ONCE(n == 2); } }\n";
const SCENARIO: &str =
    "scenario \"s\" { use kernel \"k\" cpu 0 { add(); } cpu 1 { add(); } expect always kernel_warning; }\n";

/// A folder of this test's own with `k.tlb` and `s.tlb`.
fn folder(test: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("newcomer").join(test);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("k.tlb"), KERNEL).unwrap();
    fs::write(folder.join("s.tlb"), SCENARIO).unwrap();
    folder
}

/// Runs it with the arguments in a line; a file may stand for standard input, after `<`.
fn run(folder: &Path, line: &str) -> Output {
    let (arguments, input) = line.split_once('<').unwrap_or((line, ""));
    let input = match input.trim() {
        "" => Stdio::null(),
        file => File::open(folder.join(file)).unwrap().into(),
    };
    let mut command = Command::new(env!("CARGO_BIN_EXE_tlbscope"));
    command.current_dir(folder).args(arguments.split_whitespace()).stdin(input).output().unwrap()
}

#[track_caller]
fn said(folder: &Path, line: &str, status: i32) -> String {
    let output = run(folder, line);
    let out = String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(status), "{out}");
    out
}

/// A line that is refused with exit status 2, and what is said then.
#[track_caller]
fn refused(folder: &Path, line: &str, parts: &[&str]) -> String {
    let out = said(folder, line, 2);
    for part in parts {
        assert!(out.contains(part), "{line}\n{out}");
    }
    out
}

#[test]
fn an_always_that_fails_comes_with_an_execution_without_it() {
    let folder = folder("always");
    let out = said(&folder, "check s.tlb", 1);
    let see = out.lines().find_map(|line| line.trim().strip_prefix("See it: tlbscope ")).unwrap();
    assert_eq!(see, "run s.tlb --without kernel_warning");
    let run = said(&folder, see, 0);
    assert!(run.contains("A complete execution of ") && !run.contains("[kernel_warning]"), "{run}");
    let none = said(&folder, "run s.tlb --without kernel_bug", 0);
    assert!(none.contains("in which kernel_bug never shows"), "{none}");
    // If every execution shows the property, there is no execution without it.
    fs::write(
        folder.join("s.tlb"),
        SCENARIO.replace("cpu 1 { add(); }", "cpu 1 { }").replace("cpu 0 { add();", "cpu 0 { add(); add();"),
    )
    .unwrap();
    let none = said(&folder, "run s.tlb --without kernel_warning", 1);
    assert!(none.contains("There is no complete execution without kernel_warning ("), "{none}");
    let never_shown = SCENARIO.replace("kernel_warning", "kernel_bug");
    fs::write(folder.join("s.tlb"), never_shown).unwrap();
    let out = said(&folder, "check s.tlb", 1);
    assert!(out.contains("See it: tlbscope run s.tlb --without kernel_bug"), "{out}");
}

#[test]
fn a_run_that_is_cut_says_so() {
    let folder = folder("cut");
    let out = said(&folder, "run s.tlb --without kernel_bug --steps 2", 0);
    assert!(out.contains("Only the first 2 of the run's ") && out.contains("(--steps 2)"), "{out}");
    let whole = said(&folder, "run s.tlb --without kernel_bug --steps 500", 0);
    assert!(!whole.contains("Only the first"), "{whole}");
    let out = said(&folder, "run s.tlb --seed 1 --steps 2", 0);
    assert!(out.contains("Seed 1: 2 steps, and then the run goes on (--steps 2 cuts it here)."), "{out}");
    let out = said(&folder, "run s.tlb --seed 1", 0);
    assert!(out.contains("after which nothing more can happen"), "{out}");
}

#[test]
fn what_is_asked_is_looked_at_before_anything_is_searched() {
    let folder = folder("early");
    let out = refused(&folder, "run nothing.tlb --distance kernel_waring", &["did you mean kernel_warning?"]);
    assert!(!out.contains("nothing.tlb"), "{out}");
    refused(
        &folder,
        "run s.tlb --schedule abc",
        &["abc is not a schedule", "separated by commas, such as 0,0,256"],
    );
    refused(&folder, "run s.tlb --witness foo", &["foo is not a property; the properties are "]);
    refused(&folder, "check s.tlb --states 0", &["a search keeps at least the state that it begins with"]);
    refused(&folder, "check s.tlb --states many", &["it is a number from 1 to 4294967295"]);
    refused(
        &folder,
        "check s.tlb --set pcid=on --set pcid=off",
        &["pcid is chosen twice: --set pcid=on and --set pcid=off"],
    );
    refused(&folder, "check s.tlb --set tso=4", &["tso can't be 4", "store_buffer=4 says how many stores"]);
    refused(&folder, "check s.tlb --set pcdi=on", &["has no option pcdi; did you mean pcid?"]);
}

/// An option that is missing in several cases is told once, with the cases.
#[test]
fn an_option_that_no_case_has_is_told_once() {
    let folder = folder("unoffered");
    let other = "kernel \"o\" { option deep = off \"Deep\" global n: int = 0; sys add() { n = n + 1; } }\n";
    fs::write(folder.join("o.tlb"), other).unwrap();
    let scenario = "scenario \"c\" { use kernel \"k\" cpu 0 { add(); } expect never kernel_bug;
        case \"two\" { use kernel \"k\" } case \"three\" { use kernel \"o\" } }\n";
    fs::write(folder.join("c.tlb"), scenario).unwrap();
    let told = |line: &str, part: &str| {
        let out = refused(&folder, line, &[part]);
        assert_eq!(out.matches("has no option").count(), 1, "{out}");
    };
    told("check c.tlb --set foo=on", "c.tlb has no option foo in any of its cases; they have deep, pcid, ");
    told("check c.tlb --set pcdi=on", "c.tlb has no option pcdi in any of its cases; did you mean pcid?");
    let some = "c.tlb has no option deep in 2 of its 3 cases, which are not checked: as written, two";
    told("check c.tlb --set deep=on", some);
    let out = said(&folder, "check c.tlb --set deep=on", 2);
    assert!(out.contains("1 variant"), "the case that has it is checked\n{out}");
    told("check c.tlb --case two --set deep=on", "c.tlb has no option deep; it has ");
}

#[test]
fn standard_input_is_read_once_and_what_is_suggested_for_it_works() {
    let folder = folder("stdin");
    let out = said(&folder, "check - < s.tlb", 1);
    let see = out.lines().find_map(|line| line.trim().strip_prefix("See it: tlbscope ")).unwrap();
    assert_eq!(see, "run - --without kernel_warning < FILE");
    let run = said(&folder, &see.replace("FILE", "s.tlb"), 0);
    assert!(run.contains("in which kernel_warning never shows"), "{run}");
    refused(&folder, "check - - < s.tlb", &["standard input (-) is named twice"]);
    refused(&folder, "fmt - - < s.tlb", &["standard input (-) is named twice"]);
}

#[test]
fn a_kernel_and_a_scenario_in_each_others_place_are_told_apart() {
    let folder = folder("places");
    refused(&folder, "check s.tlb --kernel s.tlb", &["--kernel names s.tlb, which is a scenario"]);
    let out = refused(&folder, "check s.tlb --on kk2", &["--on: there is no kernel \"kk2\"", "searched "]);
    assert!(!out.contains("-->"), "no place in the text is wrong\n{out}");
    refused(&folder, "check lazy+munmap --on linux-4.41", &["did you mean \"linux-4.14\"?"]);
    refused(&folder, "check linux-4.14", &["linux-4.14 is a built-in kernel", "--on \"linux-4.14\""]);
}

#[test]
fn a_table_of_costs_with_an_error_is_told_where_and_not_taken_for_a_scenario() {
    let folder = folder("costs");
    let table = "costs \"c\" extends \"server\" { ipi_sent 300 ns guessed \"x\"; }";
    fs::write(folder.join("mine.tlb"), table).unwrap();
    let out = refused(&folder, "check mine.tlb", &["there is no figure `ipi_sent`", "mine.tlb:1:"]);
    assert!(!out.contains("not a scenario"), "{out}");
    fs::write(folder.join("mine.tlb"), table.replace("ipi_sent", "ipi_send")).unwrap();
    assert!(said(&folder, "check mine.tlb", 0).contains("a table of costs"));
}

#[test]
fn of_many_scenarios_a_few_are_named() {
    let folder = folder("many");
    let out = refused(&folder, "check quux", &["there are ", " of them: ", ", ..."]);
    assert!(out.len() < 400, "{out}");
    let out = refused(&folder, "check lazy", &[" have lazy in their names: ", ", ..."]);
    assert!(out.len() < 400, "{out}");
    refused(&folder, "check lazy+munmpa", &["did you mean lazy+munmap?"]);
    refused(&folder, "check nothing.tlb", &["there is no file nothing.tlb"]);
    refused(&folder, "check lazy+munmap --case 4.31", &["has no case \"4.31\": did you mean \"4.13\"?"]);
    refused(&folder, "explain kernel_wraning", &["did you mean kernel_warning?"]);
    refused(&folder, "run 2.AAAA", &["link"]);
}

#[test]
fn a_deadlock_is_told_where_it_begins() {
    let folder = folder("deadlock");
    let kernel = KERNEL.replace(
        "sys add()",
        "sys run(next: mm) { write_cr3(next.pgd, 0); } sys stop() { until n == 7; } sys add()",
    );
    fs::write(folder.join("k.tlb"), kernel).unwrap();
    let scenario = "scenario \"s\" { use kernel \"k\" mm A { 0x400000 -> page \"p\"; } watch 0x400000;
        setup { cpu 1 { run(A); } } cpu 0 { add(); stop(); } expect sometimes deadlock; }";
    fs::write(folder.join("s.tlb"), scenario).unwrap();
    let behind = |out: &str| out.split_once("[deadlock]").map_or(0, |(_, behind)| behind.lines().count());
    let runs = (0..60).map(|seed| said(&folder, &format!("run s.tlb --seed {seed}"), 0));
    let out = runs.into_iter().find(|out| behind(out) > 3).expect("the hardware still walks after some");
    assert_eq!(out.matches("[deadlock]").count(), 1, "{out}");
    // No step shows a property that holds from the beginning.
    fs::write(folder.join("s.tlb"), "scenario \"s\" { use kernel \"k\" cpu 0 { stop(); } }").unwrap();
    let out = said(&folder, "run s.tlb", 0);
    assert!(out.contains("0 steps, after which nothing more can happen: a deadlock."), "{out}");
}

/// What Linux's macros would accept is refused, and the message says what to write here.
#[test]
fn words_of_linux_lead_to_words_of_the_language() {
    let folder = folder("words");
    let cases = [
        ("local_irq_restore(1);", "the argument (flags) is int, not bool", "give it what was saved"),
        ("local_irq_save(n);", "`local_irq_save` takes 0 arguments, not 1", "let flags = local_irq_save();"),
        ("smp_wb();", "there is no function `smp_wb`", "write `smp_wmb()`"),
    ];
    for (body, message, advice) in cases {
        fs::write(folder.join("k.tlb"), KERNEL.replace("sys add() {", &format!("sys add() {{ {body}")))
            .unwrap();
        refused(&folder, "check k.tlb", &[message, advice]);
    }
    fs::write(folder.join("k.tlb"), KERNEL).unwrap();
    let cases = [
        ("use kernel \"k\" with { tso = 4 }", "option `tso` has no choice `4`", "store_buffer=4"),
        (
            "use kernel \"k\" machine { device \"d\" at 0xfffffffffffff000; }",
            "would end beyond 2^64",
            "36 to 51 bits",
        ),
        (
            "use kernel \"k\" mm A { 0x400000 -> page \"\"; }",
            "this page has an empty name",
            "calls it by its name",
        ),
    ];
    for (head, message, advice) in cases {
        fs::write(folder.join("s.tlb"), SCENARIO.replace("use kernel \"k\"", head)).unwrap();
        let out = String::from_utf8(run(&folder, "check s.tlb").stderr).unwrap();
        assert!(out.contains(message) && out.contains(advice), "{head}\n{out}");
    }
}

/// A translation that has been taken away, and not flushed: no violation by itself, but not nothing.
#[test]
fn where_no_violation_shows_what_shows_is_told() {
    let folder = folder("beside");
    let kernel = "kernel \"k\" { sys run(next: mm) { write_cr3(next.pgd, 0); }
        sys clear(m: mm) { xchg(pte(m, 0x400000), 0); } }";
    fs::write(folder.join("k.tlb"), kernel).unwrap();
    let scenario = "scenario \"s\" { use kernel \"k\" mm X { 0x400000 -> page \"x\"; }
        setup { cpu 0 { run(X); load(0x400000); } } cpu 0 { clear(X); store(0x400000, \"X\"); }
        expect sometimes violation; expect sometimes stale_translation; }";
    fs::write(folder.join("s.tlb"), scenario).unwrap();
    let out = said(&folder, "check s.tlb", 1);
    let shown = "Other properties that show: page_fault (2 steps), stale_translation (2 steps).";
    assert_eq!(out.matches(shown).count(), 1, "{out}");
}
