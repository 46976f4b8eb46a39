//! Where texts come from: standard input, folders, and the kernels in the several places where people put them.
//! Also what the program says where it finds none.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// A kernel whose one call warns.
fn kernel(name: &str) -> String {
    format!("kernel \"{name}\" {{ sys warn() {{ WARN_ON_ONCE(true); }} }}\n")
}

/// A scenario that needs a kernel called `elsewhere`.
const SCENARIO: &str = "scenario \"warned\" {\n    use kernel \"elsewhere\"\n    cpu 0 { warn(); }\n    \
    expect always kernel_warning;\n}\n";

/// What is said if that kernel was found.
const MET: &str = "  met     always    kernel_warning";

/// An empty folder of a test's own.
fn folder(test: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("finding").join(test);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("a folder can be made");
    folder
}

/// Writes a text, and the folders that it lies in.
fn put(folder: &Path, file: &str, text: &str) {
    let file = folder.join(file);
    fs::create_dir_all(file.parent().expect("it lies in a folder")).expect("a folder can be made");
    fs::write(file, text).expect("a text can be written");
}

fn run(folder: &Path, arguments: &[&str], input: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tlbscope"));
    command.current_dir(folder).args(arguments).stdin(Stdio::piped());
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
    // A command that does not read it has ended before.
    let _ = child.stdin.take().expect("it was piped").write_all(input.as_bytes());
    child.wait_with_output().expect("it ends")
}

/// What was printed, after the exit status has been compared.
#[track_caller]
fn said(output: Output, status: i32) -> String {
    let text = |bytes| String::from_utf8(bytes).expect("it is UTF-8");
    let said = text(output.stdout) + &text(output.stderr);
    assert_eq!(output.status.code(), Some(status), "{said}");
    said
}

#[track_caller]
fn check(folder: &Path, arguments: &[&str], status: i32) -> String {
    said(run(folder, &[&["check"], arguments].concat(), ""), status)
}

#[test]
fn a_text_on_standard_input_is_checked_and_called_that() {
    let folder = folder("stdin");
    put(&folder, "elsewhere.tlb", &kernel("elsewhere"));
    let text = said(run(&folder, &["check", "-"], SCENARIO), 0);
    assert!(text.contains("warned: on elsewhere") && text.contains(MET), "{text}");
    let wrong = SCENARIO.replace("warn();", "wran();");
    let text = said(run(&folder, &["check", "-"], &wrong), 2);
    assert!(text.contains("standard input:3:13"), "{text}");
    assert!(text.contains("wran") && text.contains("1 text can't be checked"), "{text}");
    let text = said(run(&folder, &["check", "-"], &kernel("alone")), 0);
    assert!(text.contains("standard input: a kernel; it compiles"), "{text}");
    // Each message names standard input, whatever comes in.
    let text = said(run(&folder, &["check", "-"], ""), 2);
    assert!(text.contains("standard input"), "{text}");
    let text = said(run(&folder, &["check", "-"], &"// no end\n".repeat(30_000)), 2);
    assert!(text.contains("standard input can't be read: it is larger than 256 KiB"), "{text}");
}

#[test]
fn a_kernel_is_found_where_people_put_it() {
    for (place, scenario, kernel_file) in [
        ("beside", "a/s.tlb", "a/any-name.tlb"),
        ("above", "a/s.tlb", "any-name.tlb"),
        ("kernels-beside", "a/s.tlb", "a/kernels/k.tlb"),
        ("kernels-deep", "a/s.tlb", "a/kernels/6.18/k.tlb"),
        ("kernels-above", "a/s.tlb", "kernels/k.tlb"),
        ("kernels-far-above", "a/b/c/d/s.tlb", "kernels/k.tlb"),
    ] {
        let folder = folder(place);
        put(&folder, scenario, SCENARIO);
        put(&folder, kernel_file, &kernel("elsewhere"));
        let text = check(&folder, &[scenario], 0);
        assert!(text.contains(MET), "{place}: {text}");
    }
    // By its file's name, too.
    let folder = folder("by-file");
    put(&folder, "s.tlb", SCENARIO);
    put(&folder, "elsewhere.tlb", &kernel("called otherwise"));
    let text = check(&folder, &["s.tlb"], 0);
    assert!(text.contains("warned: on called otherwise"), "{text}");
}

#[test]
fn the_command_line_comes_first_and_folders_that_are_checked_count() {
    let folder = folder("order");
    put(&folder, "a/s.tlb", SCENARIO);
    put(&folder, "a/k.tlb", &kernel("elsewhere").replace("WARN_ON_ONCE(true)", "smp_mb()"));
    put(&folder, "given/k.tlb", &kernel("elsewhere"));
    let text = check(&folder, &["a/s.tlb"], 1);
    assert!(text.contains("FAILED  always    kernel_warning"), "{text}");
    for given in ["given/k.tlb", "given"] {
        let text = check(&folder, &["a/s.tlb", "--kernel", given], 0);
        assert!(text.contains(MET), "{given}: {text}");
    }
    // Neither beside the scenario nor above it, but in the folder that was named.
    fs::remove_file(folder.join("a/k.tlb")).expect("it was there");
    check(&folder, &["a/s.tlb"], 2);
    assert!(check(&folder, &["."], 0).contains(MET));
}

#[test]
fn a_kernel_that_is_not_found_is_named_with_where_was_looked() {
    let folder = folder("missing");
    put(&folder, "a/s.tlb", SCENARIO);
    put(&folder, "a/near.tlb", &kernel("elsewhere2"));
    put(&folder, "kernels/other.tlb", &kernel("other"));
    put(&folder, "given.tlb", &kernel("given"));
    let text = check(&folder, &["a/s.tlb", "--kernel", "given.tlb"], 2);
    assert!(text.contains("a/s.tlb:2:"), "the place: {text}");
    for part in [
        "elsewhere2",
        "searched given.tlb, a, a/.., a/../kernels",
        "the built-in library",
        "--kernel FILE names a kernel elsewhere",
    ] {
        assert!(text.contains(part), "{part:?}: {text}");
    }
}

#[test]
fn a_folder_where_a_text_belongs_is_told_its_texts() {
    let folder = folder("folder");
    put(&folder, "some/a.tlb", SCENARIO);
    put(&folder, "some/deeper/b.tlb", SCENARIO);
    put(&folder, "some/readme.txt", "no text of ours");
    let text = said(run(&folder, &["run", "some"], ""), 2);
    assert!(text.contains("some can't be read: it is a folder"), "{text}");
    assert!(text.contains("name one of the texts in it: some/a.tlb, some/deeper/b.tlb"), "{text}");
    put(&folder, "none/readme.txt", "no text of ours");
    for command in ["run", "check"] {
        let text = said(run(&folder, &[command, "none"], ""), 2);
        assert!(text.contains("none contains no .tlb file"), "{command}: {text}");
    }
}

#[test]
fn a_repository_below_a_folder_is_somebody_elses() {
    let folder = folder("apart");
    let unformatted = "kernel  \"k\" { sys warn() { smp_mb(); } }\n";
    for file in ["own/k.tlb", "own/clone/k.tlb", "own/worktree/k.tlb", "own/.hidden/k.tlb", "own/plain/k.tlb"]
    {
        put(&folder, file, unformatted);
    }
    put(&folder, "own/clone/.git/HEAD", "ref: refs/heads/main\n");
    put(&folder, "own/worktree/.git", "gitdir: elsewhere\n");
    put(&folder, "own/.git/HEAD", "ref: refs/heads/main\n");
    let text = said(run(&folder, &["fmt", "own"], ""), 0);
    assert_eq!(text, "own/k.tlb\nown/plain/k.tlb\n");
    // Who names it means it.
    assert_eq!(said(run(&folder, &["fmt", "own/clone"], ""), 0), "own/clone/k.tlb\n");
    assert_eq!(said(run(&folder, &["fmt", "own/.hidden/k.tlb"], ""), 0), "own/.hidden/k.tlb\n");
}

#[test]
fn what_is_wrong_with_each_variant_is_said_once() {
    let folder = folder("once");
    for choice in ["lazy_tlb=maybe", "no_such=on"] {
        let text = check(&folder, &["lazy+unmap+andy", "SB", "--set", choice], 2);
        let name = choice.split('=').next().expect("it has a name");
        for subject in ["lazy+unmap+andy.tlb", "SB.tlb"] {
            let said = |line: &&str| line.contains(subject) && line.contains(name);
            assert_eq!(text.lines().filter(said).count(), 1, "{choice}, {subject}: {text}");
        }
        assert!(text.contains("2 scenarios: 2 texts can't be checked"), "{text}");
    }
}

#[test]
fn an_access_that_can_only_fault_qualifies_the_verdict() {
    let folder = folder("fault");
    put(
        &folder,
        "k.tlb",
        "kernel \"k\" { sys run(m: mm) { write_cr3(m.pgd, 0); } sys warn() { WARN_ON_ONCE(true); } }",
    );
    let scenario = "scenario \"faults\" {\n    use kernel \"k\"\n    mm A { 0x400000 -> page \"data\"; }\n    \
        cpu 0 {\n        run(A);\n        load(0x400000);\n        load(0x800000);\n        warn();\n    }\n    \
        expect never kernel_warning;\n}\n";
    put(&folder, "s.tlb", scenario);
    let text = check(&folder, &["s.tlb"], 0);
    let note = text.lines().find(|line| line.contains("line 7")).unwrap_or_else(|| panic!("{text}"));
    assert!(note.contains("fault"), "{note}");
    assert!(!text.contains("line 6"), "that one succeeds: {text}");
    // If the address is mapped, there is no message.
    put(&folder, "s.tlb", &scenario.replace("page \"data\";", "page \"data\"; 0x800000 -> page \"more\";"));
    let text = check(&folder, &["s.tlb"], 1);
    assert!(!text.contains("line 7") && text.contains("FAILED  never     kernel_warning"), "{text}");
}
