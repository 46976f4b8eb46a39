//! Litmus tests on the command line.

use std::path::Path;
use std::process::Command;

fn tlbscope(arguments: &[&str]) -> (Option<i32>, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tlbscope"));
    command.current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/litmus"));
    let output = command.args(arguments).output().expect("it runs");
    let text = |bytes| String::from_utf8(bytes).expect("it is UTF-8");
    (output.status.code(), text(output.stdout), text(output.stderr))
}

const ANSWER: &str = r"Test SB Allowed
States 4
0:EAX=0; 1:EAX=0;
0:EAX=0; 1:EAX=1;
0:EAX=1; 1:EAX=0;
0:EAX=1; 1:EAX=1;
Ok
Witnesses
Positive: 1 Negative: 3
Condition exists (0:EAX=0 /\ 1:EAX=0)
Observation SB Sometimes 1 3
";

#[test]
fn a_test_is_answered_in_the_words_of_herd() {
    let (status, said, _) = tlbscope(&["check", "SB.litmus"]);
    assert_eq!(status, Some(0), "{said}");
    assert!(said.contains(ANSWER), "{said}");
    let (status, said, _) = tlbscope(&["check", "MP.litmus"]);
    assert_eq!(status, Some(1), "exists, and there is none: {said}");
    assert!(said.contains("\nNo\nWitnesses\nPositive: 0 Negative: 3\n"), "{said}");
    let (_, said, _) = tlbscope(&["check", "--states", "5", "iwp2.1.litmus"]);
    assert!(said.contains("\nOpen\n") && said.contains("there may be more final states"), "{said}");
    let (_, said, _) = tlbscope(&["run", "SB.litmus", "--witness", "final_state"]);
    assert!(said.contains("reaches memory"), "{said}");
}

#[test]
fn what_is_imported_is_a_scenario_and_what_is_exported_a_test() {
    let (status, scenario, _) = tlbscope(&["import", "n6.litmus"]);
    assert_eq!(status, Some(0));
    assert!(
        scenario.starts_with("scenario \"n6\" {\n") && scenario.contains("use kernel \"litmus\""),
        "{scenario}"
    );
    let (status, test, _) = tlbscope(&["export", "--format", "litmus", "n6.litmus"]);
    assert_eq!(status, Some(0));
    assert!(test.starts_with("X86_64 n6\n") && test.contains("movl $1,(x)"), "{test}");
    let (status, _, why) = tlbscope(&["export", "--format", "litmus", "lazy+munmap"]);
    assert_eq!(status, Some(2));
    assert!(
        why.contains("lazy+munmap: no litmus test can be made of it: the scenario has no exists"),
        "{why}"
    );
}

#[test]
fn what_can_not_be_read_is_named_with_its_place() {
    let (status, _, why) = tlbscope(&["import", "verdicts.txt"]);
    assert_eq!(status, Some(2));
    assert!(why.contains("verdicts.txt:1:1: only tests for X86 and X86_64 can be read, not \"#\""), "{why}");
}
