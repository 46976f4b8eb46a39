//! `check --watch` checks again when a file changes.

use crate::support;

use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

const KERNEL: &str = "kernel \"k\" { global n: int = 0; sys f() { n = 1; BUG_ON(n == 2); } }\n";
const SCENARIO: &str =
    "scenario \"s\" {\n    use kernel \"k\"\n    cpu 0 { f(); }\n    expect never violation;\n}\n";

/// What is printed up to the line that says what is watched.
fn round(lines: &mut impl Iterator<Item = std::io::Result<String>>) -> String {
    let mut text = String::new();
    for line in lines {
        let line = line.expect("it is text");
        text += &format!("{line}\n");
        if line.starts_with("watching ") {
            return text;
        }
    }
    panic!("it has ended:\n{text}");
}

struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn a_change_of_the_scenario_or_of_its_kernel_is_checked() {
    let folder = support::folder("watch", "again", &[("kernels/k.tlb", KERNEL), ("s.tlb", SCENARIO)]);
    let mut command = Command::new(env!("CARGO_BIN_EXE_tlbscope"));
    command.current_dir(&folder).args(["check", "--watch", "s.tlb"]);
    let child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
    let mut running = Running(child.expect("it runs"));
    let out = running.0.stdout.take().expect("it is piped");
    let mut lines = BufReader::new(out).lines();
    let first = round(&mut lines);
    assert!(first.contains("1 met"), "{first}");
    assert!(!first.contains('\u{1b}'), "a pipe is no screen: {first}");
    // The kernel in the folder beside it.
    fs::write(folder.join("kernels/k.tlb"), KERNEL.replace("n == 2", "n == 1")).expect("it can be written");
    let second = round(&mut lines);
    assert!(second.contains("0 met, 1 failed"), "{second}");
    // A new file takes the name, as editors do it.
    fs::write(folder.join("s.new"), SCENARIO.replace("never", "sometimes")).expect("it can be written");
    fs::rename(folder.join("s.new"), folder.join("s.tlb")).expect("it can be renamed");
    let third = round(&mut lines);
    assert!(third.contains("1 met"), "{third}");
    // A text with errors does not end it.
    fs::write(folder.join("s.tlb"), SCENARIO.replace("cpu 0", "cpu")).expect("it can be written");
    let fourth = round(&mut lines);
    assert!(fourth.contains("1 text can't be checked"), "{fourth}");
    fs::write(folder.join("s.tlb"), SCENARIO.replace("f();", "f(); f();")).expect("it can be written");
    let fifth = round(&mut lines);
    assert!(fifth.contains("0 met, 1 failed"), "{fifth}");
}

#[test]
fn what_cannot_change_is_not_watched() {
    let folder = support::folder("watch", "nothing", &[("k.tlb", KERNEL)]);
    let said = support::said(&folder, "check --watch lazy+munmap", 2);
    assert!(said.contains("--watch needs a file or a folder"), "{said}");
    support::said(&folder, "check --watch --json k.tlb", 2);
}
