//! A file that holds kernels and scenarios: each scenario is checked, on the kernels of the file first.

use crate::support;

use crate::support::said;
use std::fs;
use std::path::PathBuf;

const FILE: &str = "// Two kernels and two scenarios.
scenario \"plain\" {
    use kernel \"mine\"
    cpu 0 { add(); }
    cpu 1 { add(); }
    expect sometimes kernel_warning;
}

kernel \"mine\" {
    global n: int = 0;
    sys add() {
        n = n + 1;
        WARN_ON_ONCE(n == 1);
    }
}

// The other one.
scenario \"locked\" {
    use kernel \"mine, locked\"
    cpu 0 { add(); }
    cpu 1 { add(); }
    expect never deadlock;
    expect always kernel_bug;
}

kernel \"mine, locked\" {
    global n: int = 0;
    sys add() { inc_return(n); }
}
";

fn folder(test: &str) -> PathBuf {
    support::folder("several", test, &[("all.tlb", FILE)])
}

#[test]
fn each_scenario_of_a_file_is_checked_on_the_kernels_of_the_file() {
    let folder = folder("check");
    // A kernel of the same name beside it comes second.
    fs::write(folder.join("mine.tlb"), "kernel \"mine\" { sys add() { } }").unwrap();
    let out = said(&folder, "check all.tlb", 1);
    for part in [
        "plain: on mine\n  met     sometimes kernel_warning",
        "locked: on mine, locked\n  met     never     deadlock\n  FAILED  always    kernel_bug",
        "See it: tlbscope run all.tlb --scenario locked --without kernel_bug",
        "2 scenarios in 2 variants, 2 kernels; 3 expectations: 2 met, 1 failed, 0 open",
    ] {
        assert!(out.contains(part), "{part}\n{out}");
    }
    let run = said(&folder, "run all.tlb --scenario locked --without kernel_bug", 0);
    assert!(run.contains("add:28"), "lines are those of the file\n{run}");
    let one = said(&folder, "check all.tlb --scenario plain", 0);
    assert!(one.contains("1 scenario in 1 variant; 1 expectation: 1 met"), "{one}");
}

#[test]
fn two_kernels_of_one_name_at_one_place_are_not_chosen_between() {
    let kernel = |body: &str| format!("kernel \"k\" {{ sys f() {{ {body} }} }}");
    let scenario = "scenario \"s\" { use kernel \"k\" cpu 0 { f(); } expect never kernel_bug; }";
    let (a, b) = (kernel(""), kernel("BUG_ON(true);"));
    let folder = support::folder("several", "twice", &[("a.tlb", &a), ("b.tlb", &b), ("s/s.tlb", scenario)]);
    let out = said(&folder, "check s/s.tlb", 2);
    assert!(
        out.contains("there are two kernels \"k\", in")
            && out.contains("a.tlb and")
            && out.contains("b.tlb: "),
        "{out}"
    );
    assert!(said(&folder, "check .", 2).contains("there are two kernels"));
    assert!(said(&folder, "check s/s.tlb --kernel b.tlb", 1).contains("FAILED  never"));
    // The same kernel twice is one. And one that is nearer hides the others.
    fs::write(folder.join("b.tlb"), &a).unwrap();
    said(&folder, "check s/s.tlb", 0);
    fs::write(folder.join("b.tlb"), &b).unwrap();
    fs::write(folder.join("s/k.tlb"), &b).unwrap();
    said(&folder, "check s/s.tlb", 1);
    let both = format!("{a}\n{b}\n{scenario}");
    fs::write(folder.join("s/s.tlb"), both).unwrap();
    assert!(said(&folder, "check s/s.tlb", 2).contains("there are two kernels \"k\", in s/s.tlb: "));
}

#[test]
fn who_runs_one_of_several_says_which() {
    let folder = folder("which");
    let out = said(&folder, "run all.tlb", 2);
    assert!(
        out.contains("all.tlb has 2 scenarios: \"plain\", \"locked\"; --scenario NAME says which"),
        "{out}"
    );
    let out = said(&folder, "run all.tlb --scenario lokced", 2);
    assert!(out.contains("all.tlb has no scenario \"lokced\": did you mean \"locked\"?"), "{out}");
    let out = said(&folder, "check lazy+munmap --scenario other", 2);
    assert!(out.contains("has no scenario \"other\""), "{out}");
    // A link holds the scenario and its kernel, and nothing of the rest of the file.
    let link = said(&folder, "link all.tlb --scenario plain --witness kernel_warning", 0);
    let run = said(&folder, &format!("run {}", link.trim()), 0);
    assert!(run.contains("plain on mine") && run.contains("add:4"), "{run}");
}

#[test]
fn mistakes_are_shown_where_they_stand_in_the_file() {
    let folder = folder("mistakes");
    fs::write(folder.join("all.tlb"), FILE.replace("inc_return(n)", "inc_return(m)")).unwrap();
    let out = said(&folder, "check all.tlb", 2);
    assert!(out.contains("all.tlb:28:28") && out.contains("unknown name `m`"), "{out}");
    assert!(out.contains("plain: on mine\n  met"), "the other scenario is checked all the same\n{out}");
    // A missing brace is reported at the end of its own text.
    fs::write(
        folder.join("all.tlb"),
        FILE.replace("    expect sometimes kernel_warning;\n}", "    expect sometimes kernel_warning;\n"),
    )
    .unwrap();
    let out = said(&folder, "check all.tlb --scenario locked", 1);
    assert!(out.contains("met     never     deadlock"), "{out}");
    let out = said(&folder, "check all.tlb --scenario plain", 2);
    assert!(
        out.contains("expected }, found the end of the text") && out.contains("the scenario opens here"),
        "{out}"
    );
}

#[test]
fn a_file_with_several_is_formatted_as_one() {
    let folder = folder("fmt");
    assert_eq!(said(&folder, "fmt --check all.tlb", 0), "");
    fs::write(folder.join("all.tlb"), FILE.replace("    global n", " global  n")).unwrap();
    said(&folder, "fmt all.tlb", 0);
    assert_eq!(fs::read_to_string(folder.join("all.tlb")).unwrap(), FILE);
}

#[test]
fn a_kernel_of_a_file_with_several_is_found_by_its_name() {
    let folder = folder("named");
    fs::write(folder.join("s.tlb"), "scenario \"s\" { use kernel \"mine, locked\" cpu 0 { add(); } }")
        .unwrap();
    let out = said(&folder, "check s.tlb --kernel all.tlb", 0);
    assert!(out.contains("s: on mine, locked"), "{out}");
}

const BROKEN: &str = "kernel \"broken\" {
    global spare: int = 0;
    sys add() { mb(); }
}
";

/// A kernel with an error beside several scenarios.
#[test]
fn where_the_error_of_a_kernel_was_said_before_it_is_said_that_a_scenario_was_not_checked() {
    let scenario = |name: &str| {
        format!(
            "scenario \"{name}\" {{ use kernel \"broken\" cpu 0 {{ add(); }} expect never deadlock;
            case \"c\" {{ use kernel \"broken\" expect never violation; }} }}\n"
        )
    };
    let told = |out: &str| {
        assert_eq!(out.matches("error: there is no function `mb`").count(), 1, "{out}");
        assert!(!out.contains("is never used"), "what could not be read may use it: {out}");
        assert!(!out.contains("first can't be checked"), "{out}");
        assert_eq!(out.matches("second can't be checked: its errors are shown above").count(), 1, "{out}");
        assert!(out.contains(": 2 texts can't be checked"), "{out}");
    };
    let one_file = BROKEN.to_owned() + &scenario("first") + &scenario("second");
    let folder = support::folder("several", "broken", &[("all.tlb", &one_file)]);
    told(&said(&folder, "check all.tlb", 2));
    let files = [
        ("a/kernels/broken.tlb", BROKEN),
        ("a/first.tlb", &*scenario("first")),
        ("a/second.tlb", &*scenario("second")),
    ];
    let folder = support::folder("several", "broken-folder", &files);
    told(&said(&folder, "check a/first.tlb a/second.tlb", 2));
}

/// Two links have one name. What is wrong in the second one is said all the same.
#[test]
fn errors_at_the_same_place_of_two_links_are_both_said() {
    let text = |name: &str| {
        format!(
            "kernel \"{name}\" {{ global spare: int = 0; sys add() {{ }} }}\nscenario \"s\" {{ use kernel \"{name}\" cpu 0 {{ add(); }} expect never deadlock; }}"
        )
    };
    let folder = support::folder("several", "links", &[("a.tlb", &text("first")), ("b.tlb", &text("other"))]);
    let link = |file: &str| said(&folder, &format!("link {file} --seed 1"), 0);
    let links: Vec<String> = ["a.tlb", "b.tlb"]
        .iter()
        .map(|file| {
            let out = link(file);
            out.lines().find(|line| line.starts_with("#")).unwrap().to_owned()
        })
        .collect();
    let out = said(&folder, &format!("check {} {}", links[0], links[1]), 0);
    assert_eq!(out.matches("variable `spare` is never used").count(), 2, "{out}");
}

#[test]
fn a_case_that_is_wrong_keeps_no_other_from_being_checked() {
    let scenario =
        "kernel \"k\" { option o = off \"An option\" global n: int = 0; sys add() { if !o { n = n + 1; } } }
        scenario \"s\" { use kernel \"k\" cpu 0 { add(); } expect never deadlock;
        case \"wrong\" { use kernel \"k\" with { o = 4 } expect never deadlock; }
        case \"right\" { use kernel \"k\" with { o = on } expect never deadlock; } }";
    let folder = support::folder("several", "cases", &[("s.tlb", scenario)]);
    let out = said(&folder, "check s.tlb", 2);
    for part in [
        "s: on k\n  met     never     deadlock",
        "error: option `o` has no choice `4`",
        "s, case \"right\": on k with o\n  met     never     deadlock",
        "1 scenario in 2 variants, 1 kernel, 1 with errors; 2 expectations: 2 met",
    ] {
        assert!(out.contains(part), "{part}\n{out}");
    }
}
