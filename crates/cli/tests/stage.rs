//! Options and constants of a scenario, cases with parts of their own, and walks switched off, as the command line has them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

const FILE: &str = "kernel \"zap\" {
    global gone: int = 0;
    sys run(next: mm) { write_cr3(next.pgd, 0); }
    sys zap(m: mm, flush: bool) {
        let old = xchg(pte(m, 0x400000), 0);
        if flush { invlpg(0x400000); }
        free_page(pte_pfn(old));
        gone = 1;
    }
    sys wait() { until gone == 1; }
}

scenario \"early\" {
    use kernel \"zap\"
    option flush = on \"CPU 0 flushes\"
    machine { tso off; }
    mm A { 0x400000 -> page \"data\"; }
    setup { cpu 0 { run(A); } cpu 1 { run(A); } }
    cpu 0 { zap(A, flush); }
    cpu 1 { wait(); load(0x400000); }
    expect sometimes stale_access;
    case \"no speculation\" { walk cpu 1 off; expect never stale_access; }
    case \"alone\" {
        machine { cpus 1; }
        setup { cpu 0 { run(A); } }
        cpu 1 { }
        expect never stale_access;
    }
    case \"alone, mended\" {
        machine { cpus 3; }
        cpu 1 { wait(); }
        expect never stale_access;
    }
}
";

fn folder(test: &str, text: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("stage").join(test);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("s.tlb"), text).unwrap();
    folder
}

#[track_caller]
fn said(folder: &Path, line: &str, status: i32) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tlbscope"));
    command.current_dir(folder).args(line.split_whitespace()).stdin(Stdio::null());
    let output = command.output().unwrap();
    let out = String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(status), "{line}\n{out}");
    out
}

#[track_caller]
fn has(text: &str, part: &str) {
    assert!(text.contains(part), "{part:?} is not in\n{text}");
}

#[test]
fn a_case_with_parts_of_its_own_says_which() {
    // A block of a CPU that the case's machine does not have is a mistake of that case, unless it is empty.
    let folder = folder("case", &FILE.replace("cpu 1 { }", "cpu 1 { wait(); }"));
    let out = said(&folder, "check s.tlb", 2);
    has(&out, "early: on zap (the scenario with flush)");
    has(&out, "early, case \"no speculation\", with its own walk cpu 1: on zap");
    has(&out, "there is no CPU 1");
    fs::write(folder.join("s.tlb"), FILE).unwrap();
    let out = said(&folder, "check s.tlb", 0);
    has(&out, "early, case \"alone, mended\", with its own machine cpus, cpu 1: on zap");
    has(&out, "no speculation on CPU 1");
    has(&out, "5 expectations: 5 met".replace('5', "4").as_str());
    let options = said(&folder, "options s.tlb", 0);
    has(&options, "options of the scenario\n  flush  off | [on]  CPU 0 flushes\n");
    has(&options, "\"no speculation\"  on zap  expects 1, with its own walk cpu 1");
}

#[test]
fn an_option_of_the_scenario_is_set_from_outside() {
    let folder = folder("set", FILE);
    let out = said(&folder, "check s.tlb --case early --set flush=off", 0);
    has(&out, "early: on zap\n");
    has(
        &said(&folder, "check s.tlb --case early --set flush=maybe", 2),
        "flush can't be maybe; it can be off, on",
    );
}

#[test]
fn walks_are_switched_off_from_outside() {
    let folder = folder("walks", FILE);
    let out = said(&folder, "check s.tlb --case early --no-walks cpu1", 1);
    has(&out, "FAILED  sometimes stale_access");
    has(&out, "None in all ");
    has(&out, "store buffer, no speculation on CPU 1");
    let out = said(&folder, "check s.tlb --case early --no-walks 0x400000", 1);
    has(&out, "no speculation to 0x400000");
    let out = said(&folder, "check s.tlb --case early --no-walks cpu0 --no-walks 0x401000", 0);
    has(&out, "no speculation on CPU 0, no speculation to 0x401000");
    has(&out, "no CPU ever walks to 0x401000");
    has(&said(&folder, "check s.tlb --no-walks 1", 2), "write a CPU as cpu1, an address as 0x400000");
    // A link has the option among its choices, and so has the command that shows a run.
    let link = said(&folder, "link s.tlb --case early --no-walks cpu1", 0);
    let link = link.split_whitespace().find(|word| word.contains('#')).expect("there is a link");
    has(&said(&folder, &format!("check {link}"), 1), "no speculation on CPU 1");
    let failed =
        FILE.replace("expect sometimes stale_access;\n    case", "expect always stale_access;\n    case");
    fs::write(folder.join("s.tlb"), failed).unwrap();
    has(
        &said(&folder, "check s.tlb --case early --no-walks cpu0", 1),
        "--set no_walks=cpu0 --without stale_access",
    );
}
