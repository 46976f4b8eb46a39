//! The program as a user meets it: arguments in, text and exit status out.

use std::fs;
use std::io::{Write, pipe};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

const KERNEL: &str = r#"kernel "counter" {
    option locked = off "Increment with a locked operation"
    global n: int = 0;
    sys add() {
        if locked {
            inc_return(n);
        } else {
            let old = n;
            n = old + 1;
        }
    }
    sys look() {
        let seen = n;
        WARN_ON_ONCE(seen == 1);
    }
}
"#;

const SCENARIO: &str = r#"scenario "two adders" {
    use kernel "counter"
    machine { cpus 2; }
    cpu 0 { add(); look(); }
    cpu 1 { add(); }
    expect sometimes kernel_warning;
    expect never deadlock;
    case "locked" {
        use kernel "counter" with { locked = on }
        expect always kernel_warning;
    }
}
"#;

/// A folder of this test's own, with `scenarios/add.tlb` and `kernels/counter.tlb` in it.
fn folder(test: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(test);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(folder.join("scenarios")).unwrap();
    fs::create_dir_all(folder.join("kernels")).unwrap();
    fs::write(folder.join("scenarios/add.tlb"), SCENARIO).unwrap();
    fs::write(folder.join("kernels/counter.tlb"), KERNEL).unwrap();
    folder
}

fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tlbscope"));
    command.current_dir(folder).args(arguments).stdin(Stdio::null());
    command
}

fn tlbscope(folder: &Path, arguments: &[&str]) -> Output {
    command(folder, arguments).output().unwrap()
}

/// What was printed, after the exit status has been compared.
#[track_caller]
fn expect(output: Output, status: i32) -> String {
    let (out, err) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    assert_eq!(output.status.code(), Some(status), "{out}\n{err}");
    assert!(!err.contains("panicked"), "{err}");
    out + &err
}

#[test]
fn check_gives_a_verdict_on_each_expectation_of_each_case() {
    let folder = folder("check");
    let said = expect(tlbscope(&folder, &["check", "scenarios/add.tlb", "--case", "two adders"]), 0);
    assert!(said.contains("two adders: on counter\n  met     sometimes kernel_warning"), "{said}");
    assert!(said.contains("1 scenario in 1 variant; 2 expectations: 2 met, 0 failed, 0 open"), "{said}");

    // With the lock, the warning still fires only if CPU 0 looks before CPU 1 has added.
    let said = expect(tlbscope(&folder, &["check", "."]), 1);
    assert!(said.contains("kernels/counter.tlb: a kernel; it compiles"), "{said}");
    assert!(
        said.contains(
            "two adders, case \"locked\": on counter with locked\n  FAILED  always    kernel_warning"
        ),
        "{said}"
    );
    assert!(said.contains("2 met, 1 failed, 0 open"), "{said}");
    // The path to a warning does not answer "always", so the message names the failed expectation first.
    assert!(
        said.contains("Not always: there is a complete execution in which it does not happen (3 steps)."),
        "{said}"
    );
    let suggested = said.lines().find_map(|line| line.trim().strip_prefix("See it: tlbscope ")).unwrap();
    assert_eq!(suggested, "run ./scenarios/add.tlb --case locked --without kernel_warning");
    let said = expect(tlbscope(&folder, &suggested.split(' ').collect::<Vec<_>>()), 0);
    assert!(!said.contains("[kernel_warning]"), "{said}");
    assert!(said.contains("A complete execution of 3 steps in which kernel_warning never shows"), "{said}");

    let said = expect(tlbscope(&folder, &["check", "--quiet", "."]), 1);
    assert!(said.contains("FAILED") && !said.contains("  met"), "{said}");
}

#[test]
fn check_leaves_open_what_a_bound_hides() {
    let said = expect(tlbscope(&folder("bound"), &["check", "scenarios", "--states", "3"]), 3);
    assert!(said.contains("open    never     deadlock"), "{said}");
    assert!(said.contains("stopped at the bound of 3 states"), "{said}");
    assert!(said.contains("not a proof"), "{said}");
}

#[test]
fn check_keeps_to_the_memory_that_it_is_given() {
    let folder = folder("memory");
    let kernel = "kernel \"counter\" { global n: int = 0; sys count() { while true { n = n + 1; } } }";
    let scenario = "scenario \"endless\" { use kernel \"counter\" machine { cpus 2; tso 1; }
        cpu 0 { count(); } cpu 1 { count(); } expect never kernel_warning; }";
    fs::write(folder.join("endless.tlb"), format!("{kernel}\n{scenario}")).unwrap();
    let said = expect(tlbscope(&folder, &["check", "endless.tlb", "--memory", "16"]), 3);
    assert!(said.contains("open    never     kernel_warning"), "{said}");
    assert!(said.contains("stopped at the bound of 16 MiB of memory"), "{said}");
    let said = expect(tlbscope(&folder, &["check", "endless.tlb", "--memory", "0"]), 2);
    assert!(said.contains("write a whole number from 1 to 1048576"), "{said}");
}

#[test]
fn check_says_from_which_step_on_it_was_lost() {
    let said = expect(tlbscope(&folder("lost"), &["check", "idle+munmap", "--first-lost"]), 0);
    let lost = "It was lost from step 7 on: then hardware (when it walks, when interrupts arrive) could make this happen, whatever the order in which the CPUs continued.\n";
    assert!(said.contains(lost) && said.contains("          Step 7: CPU "), "{said}");
    let said = expect(tlbscope(&folder("lost"), &["check", "idle+munmap"]), 0);
    assert!(!said.contains("lost"), "{said}");
}

#[test]
fn check_stops_where_nothing_is_open_and_says_so() {
    let folder = folder("answered");
    let kernel = "kernel \"counter\" { global n: int = 0;
        sys count() { while true { let old = n; n = old + 1; WARN_ON_ONCE(old == 3); } } }";
    let scenario = "scenario \"endless\" { use kernel \"counter\" machine { cpus 2; tso 1; }
        cpu 0 { count(); } cpu 1 { count(); } expect sometimes kernel_warning; }";
    fs::write(folder.join("kernels/counter.tlb"), kernel).unwrap();
    fs::write(folder.join("scenarios/add.tlb"), scenario).unwrap();
    let said = expect(tlbscope(&folder, &["check", "scenarios", "--states", "400000"]), 0);
    assert!(
        said.contains(
            "stopped early, because it had seen everything that was asked for (--count-all continues)"
        ),
        "{said}"
    );
    let said = expect(tlbscope(&folder, &["check", "scenarios", "--states", "400000", "--count-all"]), 0);
    assert!(said.contains("stopped at the bound of 400,000 states"), "{said}");
    assert!(!said.contains("complete"), "{said}");
    let never = scenario.replace("sometimes kernel_warning", "never kernel_bug");
    fs::write(folder.join("scenarios/add.tlb"), never).unwrap();
    let said = expect(tlbscope(&folder, &["check", "scenarios", "--states", "400000"]), 3);
    assert!(
        said.contains("open    never     kernel_bug") && said.contains("bound of 400,000 states"),
        "{said}"
    );
}

#[test]
fn check_names_a_store_buffer_that_was_full_and_takes_a_deeper_one() {
    let folder = folder("depth");
    let kernel = "kernel \"counter\" { global x: int = 0; global y: int = 0; global a: int = 0;
        global r0: int = 9; global r1: int = 9;
        sys p0() { x = 1; a = 1; a = 2; let seen = y; smp_mb(); r0 = seen; WARN_ON_ONCE(seen == 0 && r1 == 0); }
        sys p1() { y = 1; smp_mb(); let seen = x; r1 = seen; smp_mb(); WARN_ON_ONCE(seen == 0 && r0 == 0); } }";
    let scenario = "scenario \"deep\" { use kernel \"counter\" cpu 0 { p0(); } cpu 1 { p1(); } expect never kernel_warning; }";
    fs::write(folder.join("kernels/counter.tlb"), kernel).unwrap();
    fs::write(folder.join("scenarios/add.tlb"), scenario).unwrap();
    let said = expect(tlbscope(&folder, &["check", "scenarios"]), 0);
    assert!(
        said.contains("; complete up to 2 stores in flight (--set store_buffer=3 tries more) ("),
        "{said}"
    );
    assert!(said.contains("store buffer 2, which was full when another store came"), "{said}");
    let said = expect(tlbscope(&folder, &["check", "scenarios", "--set", "store_buffer=3"]), 1);
    assert!(said.contains("FAILED  never     kernel_warning"), "{said}");
    assert!(said.contains("; complete (") && said.contains("store buffer 3)"), "{said}");
    // What was not found may show with more stores in flight.
    fs::write(folder.join("scenarios/add.tlb"), scenario.replace("never", "sometimes")).unwrap();
    let said = expect(tlbscope(&folder, &["check", "scenarios"]), 3);
    assert!(said.contains("open    sometimes kernel_warning"), "{said}");
    expect(tlbscope(&folder, &["check", "scenarios", "--set", "store_buffer=3"]), 0);
    let said = expect(tlbscope(&folder, &["options", "scenarios/add.tlb"]), 0);
    assert!(said.contains("store_buffer  1 | [2] | 3 | 4 | 5 | 6 | 7 | 8"), "{said}");
}

#[test]
fn check_counts_interchangeable_cpus_once_and_says_so() {
    let folder = folder("symmetry");
    let both = SCENARIO.replace("cpu 0 { add(); look(); }", "cpu 0 { add(); }");
    fs::write(folder.join("scenarios/add.tlb"), both.replace("sometimes kernel_warning", "never violation"))
        .unwrap();
    let states = |arguments: &[&str]| {
        let said = expect(tlbscope(&folder, arguments), 0);
        let counted = said.contains("CPUs 0 and 1 counted as interchangeable");
        let line = said.lines().find(|line| line.contains(" states, ")).unwrap_or_default();
        (line.trim().split(' ').next().and_then(|n| n.parse::<u32>().ok()).unwrap_or_default(), counted)
    };
    let (once, one_by_one) = (
        states(&["check", "scenarios", "--case", "two adders"]),
        states(&["check", "scenarios", "--case", "two adders", "--no-symmetry"]),
    );
    assert!(once.0 > 0 && once.0 < one_by_one.0, "{once:?} {one_by_one:?}");
    assert_eq!((once.1, one_by_one.1), (true, false));
    let unreduced = states(&["check", "scenarios", "--case", "two adders", "--no-reductions"]);
    assert!(unreduced.0 >= one_by_one.0 && !unreduced.1, "{one_by_one:?} {unreduced:?}");
}

#[test]
fn check_shows_where_a_text_is_wrong_and_goes_on_with_the_others() {
    let folder = folder("wrong");
    fs::write(
        folder.join("scenarios/bad.tlb"),
        SCENARIO.replace("expect never deadlock", "expect never deadlok"),
    )
    .unwrap();
    fs::write(folder.join("scenarios/worse.tlb"), [0xff, 0xfe]).unwrap();
    fs::write(folder.join("scenarios/latin.tlb"), b"// \xc3\xa9\n// pag\xe9").unwrap();
    let said = expect(tlbscope(&folder, &["check", "scenarios", "--case", "two adders"]), 2);
    assert!(said.contains("scenarios/bad.tlb:7:18"), "{said}");
    assert!(said.contains("expect never deadlok;"), "the line is shown: {said}");
    assert!(
        said.contains("worse.tlb can't be read: it is UTF-16, not UTF-8 text: save it as UTF-8"),
        "{said}"
    );
    assert!(
        said.contains("latin.tlb can't be read: it is not UTF-8 text: line 2, column 7 has the byte 0xe9"),
        "{said}"
    );
    assert!(said.contains("met     sometimes kernel_warning"), "{said}");
    assert!(said.contains("3 with errors"), "{said}");

    fs::write(folder.join("kernels/counter.tlb"), KERNEL.replace("let old = n", "let old = m")).unwrap();
    let said = expect(tlbscope(&folder, &["check", "scenarios/add.tlb"]), 2);
    assert!(said.contains("kernels/counter.tlb:8:") || said.contains("kernels/counter.tlb:7:"), "{said}");
    expect(tlbscope(&folder, &["check", "kernels"]), 2);
}

#[test]
fn what_is_not_there_is_said() {
    let folder = folder("absent");
    for (arguments, expected) in [
        (&["check", "nowhere.tlb"][..], "there is no file nowhere.tlb"),
        (&["check", "scenarios/add.tlb", "--case", "x"], "has no case \"x\": it has \"locked\""),
        (&["check", "scenarios/add.tlb", "--kernel", "k.tlb"], "k.tlb can't be read"),
        (&["run", "scenarios/add.tlb", "--set", "locket=on"], "has no option locket; did you mean locked?"),
        (&["run", "scenarios/add.tlb", "--set", "locked=yes"], "locked can't be yes; it can be off, on"),
        (&["run", "scenarios/add.tlb", "--set", "locked"], "name=value"),
        (
            &["run", "scenarios/add.tlb", "--witness", "x"],
            "x is not a property; the properties are walk_of_freed",
        ),
        (&["run", "scenarios/add.tlb", "--schedule", "261"], "is not an action"),
        (&["run", "scenarios/add.tlb", "--schedule", "x"], "x is not a schedule"),
        (&["run", "#1.abc"], "cut off"),
        (&["run", "#5.abc"], "newer version"),
        (&["run", "kernels/counter.tlb"], "this is a kernel, not a scenario"),
        (&["link", "scenarios/add.tlb", "--at", "900"], "beyond the end"),
        (&["explain", "H99"], "H99 is neither a rule (H1 to H76) nor a property"),
        (&["fmt", "nowhere.tlb"], "can't be read"),
        (&["fly"], "unrecognized subcommand"),
        (&[], "Usage"),
    ] {
        let said = expect(tlbscope(&folder, arguments), 2);
        assert!(said.contains(expected), "{arguments:?}: {said}");
    }
    fs::create_dir(folder.join("empty")).unwrap();
    let said = expect(tlbscope(&folder, &["check", "empty"]), 2);
    assert!(said.contains("empty contains no .tlb file"), "{said}");
}

#[test]
fn run_follows_a_seed_a_witness_and_codes() {
    let folder = folder("run");
    let run = |more: &[&str]| tlbscope(&folder, &[&["run", "scenarios/add.tlb"], more].concat());
    let first = expect(run(&["--seed", "5"]), 0);
    assert_eq!(first, expect(run(&["--seed", "5"]), 0));
    assert!((6..20).any(|seed| expect(run(&["--seed", &seed.to_string()]), 0) != first));
    assert!(first.contains("add:8"), "lines are named: {first}");
    let two = expect(run(&["--seed", "5", "--steps", "2"]), 0);
    assert!(two.contains("2 steps, and then the run goes on (--steps 2 cuts it here)"), "{two}");

    let never = expect(run(&["--witness", "machine_check"]), 1);
    assert!(never.contains("complete"), "{never}");
    let good = expect(run(&["--schedule", "0,0"]), 0);
    assert!(good.contains("Every one of the 2 steps can be taken."), "{good}");
    let away = expect(run(&["--witness", "kernel_warning", "--distance", "kernel_warning"]), 0);
    let last = away.trim().lines().last().unwrap_or_default();
    assert!(last.starts_with("Steps to the nearest kernel_warning, from each moment of the run: "), "{last}");
    let steps: Vec<&str> =
        last.trim_end_matches('.').rsplit(": ").next().unwrap_or_default().split(' ').collect();
    let expected: Vec<String> = (1..steps.len()).rev().map(|step| step.to_string()).collect();
    assert_eq!(steps[..steps.len() - 1], expected, "each step of a shortest path comes one nearer");
    let unknown = run(&["--seed", "5", "--distance", "nonsense"]);
    assert!(!unknown.status.success(), "nonsense is no property");

    let stopped = expect(run(&["--schedule", "0 1"]), 1);
    assert!(stopped.contains("Step 2 of 2 can't be taken"), "{stopped}");
}

#[test]
fn a_link_carries_texts_options_case_and_moment() {
    let folder = folder("link");
    let said = expect(
        tlbscope(&folder, &["link", "scenarios/add.tlb", "--witness", "kernel_warning", "--at", "1"]),
        0,
    );
    let fragment = said.trim();
    let link = link::decode(fragment).unwrap();
    assert_eq!((link.cursor, link.case), (1, None));
    let link::Base::Inline { scenario, kernel, .. } = &link.base else {
        panic!("it is no scenario of the library")
    };
    assert_eq!((scenario.as_str(), kernel.as_deref()), (SCENARIO, Some(KERNEL)));
    // In another folder, without those files.
    let elsewhere = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let address = format!("https://host/lab/{fragment}).");
    let replayed = expect(tlbscope(elsewhere, &["run", &address]), 0);
    assert!(replayed.contains("[kernel_warning]") && replayed.contains("Reproduced"), "{replayed}");
    expect(tlbscope(elsewhere, &["check", &address]), 0);
    let codes = expect(tlbscope(&folder, &["run", "scenarios/add.tlb", "--schedule", &address]), 0);
    assert!(codes.contains("[kernel_warning]"), "{codes}");
    let again = expect(tlbscope(elsewhere, &["link", &address, "--at", "1"]), 0);
    assert_eq!(again.trim(), fragment);

    let said = expect(
        tlbscope(
            &folder,
            &["link", "scenarios/add.tlb", "--case", "locked", "--set", "pcid=off", "--seed", "1"],
        ),
        0,
    );
    let link = link::decode(said.trim()).unwrap();
    assert_eq!((link.case, link.options), (Some(0), vec![("pcid".to_owned(), "off".to_owned())]));
    expect(tlbscope(elsewhere, &["run", said.trim()]), 0);
}

#[test]
fn a_link_to_the_library_names_it() {
    let folder = folder("library");
    let slug = "lazy+munmap";
    let said = expect(tlbscope(&folder, &["link", slug, "--seed", "3", "--steps", "10"]), 0);
    let link = link::decode(said.trim()).unwrap();
    assert!(matches!(&link.base, link::Base::Library { slug: there, kernel: None, .. } if there == slug));
    assert_eq!(link.schedule.len(), 10);
    let replayed = expect(tlbscope(&folder, &["run", said.trim()]), 0);
    assert!(replayed.contains("Reproduced"), "{replayed}");
    // The same link on a machine that differs is not what was recorded.
    let said = expect(tlbscope(&folder, &["run", said.trim(), "--set", "pcid=off"]), 1);
    assert!(said.contains("Step ") || said.contains("another state"), "{said}");
}

#[test]
fn fmt_formats_once_and_for_all() {
    let folder = folder("fmt");
    let file = folder.join("scenarios/add.tlb");
    let untidy = SCENARIO.replace("    expect", "  expect");
    fs::write(&file, &untidy).unwrap();
    let said = expect(tlbscope(&folder, &["fmt", "--check", "scenarios"]), 1);
    assert!(said.contains("add.tlb"), "{said}");
    assert_eq!(fs::read_to_string(&file).unwrap(), untidy);
    expect(tlbscope(&folder, &["fmt", "scenarios"]), 0);
    assert_ne!(fs::read_to_string(&file).unwrap(), untidy);
    expect(tlbscope(&folder, &["fmt", "--check", "scenarios"]), 0);
    fs::write(&file, "scenario {").unwrap();
    let said = expect(tlbscope(&folder, &["fmt", "scenarios"]), 2);
    assert!(said.contains("add.tlb:1:"), "{said}");

    let mut child =
        command(&folder, &["fmt", "-"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(untidy.as_bytes()).unwrap();
    let formatted = expect(child.wait_with_output().unwrap(), 0);
    assert_eq!(lang::format(&untidy), Ok(formatted));
}

#[test]
fn fmt_goes_on_behind_a_file_that_cannot_be_read() {
    let folder = folder("fmt-on");
    let untidy = SCENARIO.replace("    expect", "  expect");
    fs::create_dir_all(folder.join("many")).unwrap();
    fs::write(folder.join("many/0.tlb"), [0xff, 0xfe, 0x00]).unwrap();
    fs::write(folder.join("many/zz.tlb"), &untidy).unwrap();
    let said = expect(tlbscope(&folder, &["fmt", "nowhere.tlb", "many"]), 2);
    assert!(said.contains("zz.tlb"), "{said}");
    assert_ne!(fs::read_to_string(folder.join("many/zz.tlb")).unwrap(), untidy);
}

#[test]
fn explain_and_options_list_and_tell() {
    let folder = folder("words");
    let all = expect(tlbscope(&folder, &["explain"]), 0);
    assert!(all.contains("H1 ") && all.contains("H73 ") && all.contains("deadlock"), "{all}");
    let some = expect(tlbscope(&folder, &["explain", "H37", "13", "walk_of_freed", "corruption"]), 0);
    for law in [x86::Law::H37, x86::Law::H13] {
        assert!(some.contains(law.sentence()) && some.contains(law.source()), "{some}");
    }
    assert!(some.contains("a_bit_corruption, stale_access"), "{some}");
    // A word lists all that speak of it, however it is written.
    for word in ["invlpg", "Stale", "accessed bit"] {
        let found = expect(tlbscope(&folder, &["explain", word]), 0);
        let lines = found.lines().count();
        assert!((1..all.lines().count()).contains(&lines), "{word}: {found}");
    }
    assert!(expect(tlbscope(&folder, &["explain", "stale"]), 0).contains("stale_access: "));
    let none = expect(tlbscope(&folder, &["explain", " "]), 2);
    assert!(none.contains("no rule or property contains this word"), "{none}");
    let options = expect(tlbscope(&folder, &["options", "scenarios/add.tlb", "--set", "locked=on"]), 0);
    assert!(options.contains("locked  off | [on]  Increment with a locked operation"), "{options}");
    assert!(options.contains("\"locked\"  on counter  expects 1"), "{options}");
}

#[test]
fn a_reader_who_leaves_early_is_no_error() {
    let folder = folder("pipe");
    // The reader of the pipe has gone before the program begins.
    let (reader, writer) = pipe().unwrap();
    drop(reader);
    let output = command(&folder, &["run", "scenarios/add.tlb"]).stdout(writer).output().unwrap();
    let err = String::from_utf8(output.stderr).unwrap();
    assert_eq!((output.status.code(), err.as_str()), (Some(141), ""));
}

#[test]
fn export_prints_a_model_and_wants_to_know_for_whom() {
    let folder = folder("export");
    let output =
        tlbscope(&folder, &["export", "--format", "promela", "scenarios/add.tlb", "--case", "locked"]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert!(text.starts_with("/* two adders on counter"), "{}", text.lines().next().unwrap_or_default());
    assert!(text.contains("   locked = on\n") && text.contains("active proctype"));
    assert_eq!(tlbscope(&folder, &["export", "scenarios/add.tlb"]).status.code(), Some(2));
}

#[test]
fn what_spin_cannot_be_given_is_told_with_its_place() {
    let folder = folder("refused");
    let said = tlbscope(&folder, &["export", "--format", "promela", "sva+munmap"]);
    let (status, said) = (said.status.code(), String::from_utf8(said.stderr).unwrap());
    assert_eq!(status, Some(2), "{said}");
    let kernel = gallery::kernel("sva-ats").map(|kernel| kernel.text).unwrap_or_default();
    let line = 1 + kernel.lines().position(|line| line.contains("iommu_attach_pasid(")).unwrap();
    let place = format!("it has devices behind an IOMMU (first in line {line} of the kernel: bind), and ");
    assert!(said.contains(&place), "{said}");
}

/// Names and file names come from others. They must not control the terminal.
#[test]
fn no_name_reaches_the_terminal_as_it_is() {
    let folder = folder("names");
    let name = r"\x1b]0;title\x07\x1b[2K\x0d1 scenario; 1 met\xc2\x9b31m\xe2\x80\xae";
    let scenario = SCENARIO
        .replace("two adders", name)
        .replace("    use", "  use")
        .replace("case \"locked\"", r#"case "\x1b[31mred""#)
        .replace("machine {", r#"mm A { 0x400000 -> page "\x1b[31mpage\x07"; } machine {"#);
    let file = "scenarios/\u{1b}]0;file\u{7}.tlb";
    fs::write(folder.join(file), scenario).unwrap();
    for arguments in [
        &["check", file][..],
        &["options", file],
        &["run", file, "--steps", "3"],
        &["check", file, "--set", "nothing=\u{1b}[0m"],
        &["check", "\u{1b}[0m"],
        &["export", "--format", "promela", file],
        &["fmt", "--check", file],
    ] {
        let output = tlbscope(&folder, arguments);
        let said = [output.stdout, output.stderr].concat();
        let said = String::from_utf8(said).unwrap();
        let bad = said.chars().find(|&c| c.is_control() && c != '\n' || c == '\u{202e}');
        assert_eq!(bad, None, "{arguments:?}: {said:?}");
        assert!(!said.is_empty(), "{arguments:?}");
    }
    let said = expect(tlbscope(&folder, &["check", file]), 1);
    assert!(
        said.contains(r"\u{1b}]0;title\u{7}\u{1b}[2K\u{d}1 scenario; 1 met\u{9b}31m\u{202e}: on counter"),
        "{said}"
    );
}

/// A scenario runs on the kernel that the arguments name, however its own line is spaced; so does the link to it.
#[test]
fn a_scenario_runs_on_another_kernel() {
    let folder = folder("on");
    let locked =
        KERNEL.replace("kernel \"counter\"", "kernel \"other\"").replace("locked = off", "locked = on");
    fs::write(folder.join("kernels/other.tlb"), locked).unwrap();
    let spaced = SCENARIO.replacen("use kernel \"counter\"", "use /* a */  kernel\t\"counter\"", 1);
    fs::write(folder.join("scenarios/spaced.tlb"), spaced).unwrap();
    let states = |arguments: &[&str]| {
        let said = expect(tlbscope(&folder, arguments), 0);
        said.lines().find(|line| line.contains(" states, ")).map(str::to_owned).expect("it counts")
    };
    let case = ["--case", "two adders"];
    let check =
        |file: &'static str, more: &[&'static str]| states(&[&["check", file], &case[..], more].concat());
    let own = check("scenarios/add.tlb", &[]);
    let other = check("scenarios/add.tlb", &["--on", "other"]);
    assert_ne!(own, other);
    assert_eq!(other, check("scenarios/add.tlb", &["--set", "locked=on"]));
    assert_eq!(other, check("scenarios/spaced.tlb", &["--on", "other"]));
    let link = expect(tlbscope(&folder, &["link", "scenarios/add.tlb", "--on", "other", "--seed", "1"]), 0);
    let said = expect(tlbscope(&folder, &["run", link.trim()]), 0);
    assert!(said.contains("two adders on other") && said.contains("Reproduced"), "{said}");
}

/// After a full disk, or an end at any moment, a text is either unchanged or formatted.
#[cfg(unix)]
#[test]
fn a_text_that_can_not_be_written_is_still_there() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = folder("full");
    let ugly = SCENARIO.replace("    ", "  ") + &"// and so on\n".repeat(4_000);
    let file = folder.join("scenarios/long.tlb");
    fs::write(&file, &ugly).unwrap();
    let names = || {
        let entries = fs::read_dir(folder.join("scenarios")).unwrap();
        let mut names: Vec<_> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    };
    // No file may grow beyond a few blocks: as on a full disk, with an error, or, without the trap, with a signal.
    let limited = |trap: &str| {
        let script =
            format!("{trap} ulimit -f 8; exec {} fmt scenarios/long.tlb", env!("CARGO_BIN_EXE_tlbscope"));
        Command::new("sh").current_dir(&folder).args(["-c", &script]).stdin(Stdio::null()).output().unwrap()
    };
    let said = expect(limited("trap '' XFSZ;"), 2);
    assert!(said.contains("scenarios/long.tlb can't be written: "), "{said}");
    assert_eq!(fs::read_to_string(&file).unwrap(), ugly);
    assert_eq!(names(), ["add.tlb", "long.tlb"]);
    assert_eq!(limited("").status.code(), None, "it was killed");
    assert_eq!(fs::read_to_string(&file).unwrap(), ugly);

    // With enough space on the disk, permissions stay, and so does a link to the file.
    symlink("scenarios/long.tlb", folder.join("link.tlb")).unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();
    expect(tlbscope(&folder, &["fmt", "link.tlb"]), 0);
    let formatted = fs::read_to_string(&file).unwrap();
    assert!(formatted != ugly && formatted.starts_with("scenario \"two adders\" {\n    use"));
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o640);
    assert!(fs::symlink_metadata(folder.join("link.tlb")).unwrap().is_symlink());
    assert_eq!(expect(tlbscope(&folder, &["fmt", "--check", "link.tlb"]), 0), "");
}
