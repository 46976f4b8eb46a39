//! `check --processes`: two and three processes say what one says. One that is killed ends the run with a clear error, and the
//! next run continues.

use crate::support::{folder, said};
use std::fs;
use std::io::Read;
use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// Four variants, with errors of a kernel among them.
const SMALL: &str = "cow+load";

/// Two CPUs of Linux 6.18: more than 262,144 states, so that saturated ones take over.
const LARGE: &str = r#"scenario "grow2" {
    use kernel "linux-6.18"
    machine { cpus 2; }
    mm A { 0x400000 -> page "A's data"; 0x401000 -> page "more"; }
    mm B { 0x400000 -> page "B's data"; }
    setup { cpu 0 { run(A); } cpu 1 { run(A); } }
    cpu 0 { munmap_page(A, 0x401000); munmap(A, 0x400000); }
    cpu 1 { kthread(); run(B); run(A); load(0x400000); }
    expect never violation;
    expect sometimes ipi_to_idle;
}"#;

#[test]
fn two_and_three_processes_say_what_one_says() {
    let here = folder("processes", "same", &[("grow2.tlb", LARGE)]);
    for (line, processes) in [(SMALL, 2), ("MP", 3), ("grow2.tlb --json", 2)] {
        let alone = said(&here, &format!("check {line}"), 0);
        assert_eq!(said(&here, &format!("check {line} --processes {processes}"), 0), alone, "{processes}");
    }
}

#[test]
fn texts_that_can_not_be_shared_are_refused() {
    let here = folder("processes", "refused", &[("hosts", "localhost:1 # one\n")]);
    assert!(said(&here, "check - --processes 2", 2).contains("write the text to a file"));
    let far = said(&here, "check lazy+munmap --hosts hosts --process 1", 2);
    assert!(far.contains("it names 1 processes, so --process is less than that"), "{far}");
    let none = said(&here, "check lazy+munmap --member 1 --processes 2", 2);
    assert!(none.contains("--member is for processes that --processes starts"), "{none}");
}

/// The processes that a process has started.
#[cfg(target_os = "linux")]
fn started_by(parent: &Child) -> Vec<String> {
    let file = format!("/proc/{0}/task/{0}/children", parent.id());
    fs::read_to_string(file).unwrap_or_default().split_whitespace().map(str::to_owned).collect()
}

/// How many levels are kept.
#[cfg(target_os = "linux")]
fn kept(folder: &Path) -> usize {
    let searches = fs::read_dir(folder).into_iter().flatten().flatten();
    let files = searches.flat_map(|search| fs::read_dir(search.path()).into_iter().flatten().flatten());
    files.filter(|file| file.file_name().to_string_lossy().ends_with("-process-0-of-3")).count()
}

#[test]
#[cfg(target_os = "linux")]
fn a_killed_process_ends_the_run_and_the_next_run_continues() {
    let here = folder("processes", "killed", &[("grow2.tlb", LARGE)]);
    let line = "check grow2.tlb --count-all --resume levels";
    let mut command = Command::new(env!("CARGO_BIN_EXE_tlbscope"));
    command.current_dir(&here).args(line.split(' ')).args(["--processes", "3"]);
    let mut run = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("it runs");
    while kept(&here.join("levels")) < 12 {
        assert!(run.try_wait().expect("it can be asked").is_none(), "it runs for long");
        std::thread::yield_now();
    }
    let others = started_by(&run);
    assert_eq!(others.len(), 2);
    let killed = Command::new("kill").args(["-KILL", &others[0]]).status().expect("kill runs");
    assert!(killed.success());
    let mut why = String::new();
    run.stderr.take().expect("it is piped").read_to_string(&mut why).expect("it is UTF-8");
    assert_eq!(run.wait().expect("it ends").code(), Some(4), "{why}");
    assert!(
        why.contains("process 1 of 3 is lost (signal: 9") && why.contains("continues after the last level"),
        "{why}"
    );
    // Another number of processes, and a bound so that it does not take long.
    let line = "check grow2.tlb --count-all --states 60000";
    let alone = said(&here, line, 3);
    let resumed = said(&here, &format!("{line} --processes 2 --resume levels"), 3);
    let (continued, rest): (Vec<&str>, Vec<&str>) =
        resumed.lines().partition(|line| line.starts_with("tlbscope: search 0 continues after level "));
    let level = continued.first().and_then(|line| line.rsplit(' ').next()?.parse::<u32>().ok());
    // The levels of one process were counted; the others may have kept fewer.
    assert!(level >= Some(8), "{resumed}");
    assert_eq!(rest, alone.lines().collect::<Vec<_>>());
    // What is kept of one check is not taken for another one, and no process is lost.
    let other = said(&here, "check lazy+munmap --processes 2 --resume levels", 2);
    assert!(other.contains("levels of another check") && !other.contains("is lost"), "{other}");
}

#[test]
fn options_that_can_not_be_had_together_are_refused() {
    let here = folder("processes", "options", &[("hosts", "localhost:1\n")]);
    for options in [
        "--resume levels --threads 2",
        "--resume levels --certificate file",
        "--resume levels --watch",
        "--processes 2 --watch",
        "--hosts hosts --process 0 --watch",
    ] {
        let refused = said(&here, &format!("check lazy+munmap {options}"), 2);
        assert!(refused.contains("cannot be used with"), "{options}: {refused}");
    }
}

#[test]
fn processes_that_read_different_texts_end_in_an_error() {
    let scenario =
        "scenario \"s\" {\n    use kernel \"k\"\n    cpu 0 { f(); }\n    expect never violation;\n}\n";
    let kernel = "kernel \"k\" { global n: int = 0; sys f() { n = 1; BUG_ON(n == 3); } }\n";
    let other = kernel.replace("n = 1;", "n = 2;");
    // Ports that were free a moment ago.
    let listen = || TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port is free");
    let listeners = [listen(), listen()];
    let address = |listener: &TcpListener| listener.local_addr().expect("it has an address").to_string();
    let hosts = listeners.each_ref().map(address).join("\n");
    drop(listeners);
    let texts = [("a/kernels/k.tlb", kernel), ("b/kernels/k.tlb", other.as_str())];
    let files = [("a/s.tlb", scenario), ("b/s.tlb", scenario), ("hosts", hosts.as_str()), texts[0], texts[1]];
    let here = folder("processes", "different", &files);
    let mut second = Command::new(env!("CARGO_BIN_EXE_tlbscope"));
    second.current_dir(here.join("b")).args(["check", "s.tlb", "--hosts", "../hosts", "--process", "1"]);
    let second = second.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("it runs");
    let first = said(&here.join("a"), "check s.tlb --hosts ../hosts --process 0", 4);
    let second = second.wait_with_output().expect("it ends");
    let said = first + &String::from_utf8_lossy(&second.stderr);
    assert_eq!(second.status.code(), Some(4), "{said}");
    assert!(said.contains("the processes do not search the same"), "{said}");
}
