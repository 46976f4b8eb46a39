//! A kernel that extends another one, from files, from the library, and through a link.

use crate::support;

use crate::support::said;
use std::fs;
use std::path::{Path, PathBuf};

const BASE: &str = "kernel \"base\" {
    global n: int = 0;

    fn raise() {
        n = n + 1;
    }

    sys add() {
        raise();
        WARN_ON_ONCE(n == 2);
    }
}
";
const MINE: &str = "// With a lock.
kernel \"mine\" extends \"base\" {
    fn raise() {
        inc_return(n);
    }
}
";
const SCENARIO: &str = "scenario \"s\" {
    use kernel \"mine\"
    cpu 0 { add(); }
    cpu 1 { add(); }
    expect always kernel_warning;
    case \"as it was\" {
        use kernel \"base\"
        expect sometimes kernel_warning;
    }
}
";

fn folder(test: &str) -> PathBuf {
    let files = [("kernels/base.tlb", BASE), ("mine.tlb", MINE), ("s.tlb", SCENARIO)];
    support::folder("extends", test, &files)
}

#[test]
fn the_kernel_that_is_extended_is_found_and_lines_are_those_of_its_file() {
    let folder = folder("files");
    let out = said(&folder, "check .", 0);
    assert!(out.contains("s: on mine\n  met     always    kernel_warning"), "{out}");
    assert!(out.contains("./mine.tlb: a kernel; it compiles"), "{out}");
    let run = said(&folder, "run s.tlb --witness kernel_warning", 0);
    assert!(run.contains("raise:4 ") && run.contains("add:10 "), "{run}");
    let link = said(&folder, "link s.tlb --witness kernel_warning", 0);
    let there = said(Path::new(env!("CARGO_TARGET_TMPDIR")), &format!("run {}", link.trim()), 0);
    assert!(there.contains("s on mine") && there.contains("[kernel_warning]"), "{there}");
}

#[test]
fn a_certificate_holds_the_kernels_that_its_kernel_extends() {
    let folder = folder("certificate");
    said(&folder, "check s.tlb --case s --certificate c", 0);
    let out = said(&folder, "verify c", 0);
    assert!(out.contains("The certificate holds: "), "{out}");
    // Several texts in one file, too.
    let all = format!("{BASE}{MINE}{}", SCENARIO.split("    case").next().unwrap().to_owned() + "}");
    fs::write(folder.join("all.tlb"), all).unwrap();
    said(&folder, "check all.tlb --certificate c", 0);
    said(&folder, "verify c", 0);
}

#[test]
fn a_mistake_is_shown_in_the_file_that_has_it() {
    let folder = folder("mistakes");
    fs::write(
        folder.join("mine.tlb"),
        MINE.replace("raise()", "raise(by: int)").replace("inc_return(n)", "n = by"),
    )
    .unwrap();
    let out = said(&folder, "check s.tlb --case s", 2);
    assert!(out.contains("`raise` takes 1 argument, not 0"), "{out}");
    assert!(
        out.contains("kernels/base.tlb:9:9") && out.contains("mine.tlb:3:8"),
        "both files are shown\n{out}"
    );
    fs::write(folder.join("mine.tlb"), MINE.replace("\"base\"", "\"bass\"")).unwrap();
    let out = said(&folder, "check s.tlb --case s", 2);
    assert!(out.contains("there is no kernel \"bass\" to extend") && out.contains("mine.tlb:2:23"), "{out}");
    assert!(out.contains("did you mean `base`?"), "{out}");
}

#[test]
fn a_kernel_of_the_library_is_extended_in_one_file() {
    let folder = folder("library");
    let scenario = fs::read_to_string(
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../library/scenarios/lazy+return.tlb"),
    );
    let scenario = scenario.unwrap().split("case ").next().unwrap().trim_end().to_owned() + "\n}\n";
    let used = scenario.split("use kernel \"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let mine = format!(
        "kernel \"mine\" extends {used:?} {{ global extra: int = 0; sys note() {{ extra = 1; }} }}\n"
    );
    let file = scenario.replace(&format!("use kernel {used:?}"), "use kernel \"mine\"") + &mine;
    fs::write(folder.join("all.tlb"), &file).unwrap();
    let states =
        |out: &str| out.lines().find(|line| line.contains(" transitions, ")).unwrap_or_default().to_owned();
    fs::write(folder.join("plain.tlb"), &scenario).unwrap();
    let (plain, out) = (said(&folder, "check plain.tlb", 0), said(&folder, "check all.tlb", 0));
    assert!(out.contains("on mine") && !states(&out).is_empty(), "{out}");
    assert_eq!(states(&out), states(&plain), "what is added is not called");
    assert!(out.contains("1 scenario in 1 variant, 1 kernel;"), "{out}");
}
