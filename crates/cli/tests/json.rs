//! `check --json` as a program reads it, compared with its page in docs/.

use crate::support;

use serde_json::Value;
use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

fn lines(arguments: &[&str]) -> (Option<i32>, Vec<Value>) {
    let output = Command::new(env!("CARGO_BIN_EXE_tlbscope")).args(arguments).output().expect("it runs");
    let text = String::from_utf8(output.stdout).expect("it is UTF-8");
    let lines = text.lines().map(|line| serde_json::from_str(line).expect("each line is JSON")).collect();
    (output.status.code(), lines)
}

/// The fields of an object, those of nested ones after a dot. What is under `options` is named by kernels, and what was
/// observed of final states by scenarios.
fn fields(value: &Value, prefix: &str, into: &mut BTreeSet<String>) {
    match value {
        Value::Object(object) => {
            for (name, value) in object {
                let path = if prefix.is_empty() { name.clone() } else { format!("{prefix}.{name}") };
                if !["options", "counts", "picoseconds", "variables"].contains(&name.as_str())
                    && path != "finals.states"
                {
                    fields(value, &path, into);
                }
                into.insert(path);
            }
        }
        Value::Array(values) => values.iter().for_each(|value| fields(value, &format!("{prefix}[]"), into)),
        _ => {}
    }
}

/// The fields of a section of the page.
fn documented(page: &str, heading: &str) -> BTreeSet<String> {
    let section = page.split("\n## ").find(|section| section.starts_with(heading)).expect("the page has it");
    let name = |line: &str| Some(line.strip_prefix("| `")?.split_once('`')?.0.to_owned());
    section.lines().filter_map(name).collect()
}

#[test]
fn each_field_that_is_printed_is_on_the_page_and_the_other_way_round() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/json.md");
    let page = std::fs::read_to_string(page).expect("docs/json.md is there");
    let (status, lines) = lines(&["check", "--json", "lazy+unmap+andy"]);
    assert_eq!(status, Some(0));
    let (summary, variants) = lines.split_last().expect("it prints something");
    assert!(variants.len() > 3, "the scenario has cases");
    // Only some scenarios ask for final states.
    let (_, litmus) = self::lines(&["check", "--json", "SB"]);
    let (mut some, mut all) = (BTreeSet::new(), BTreeSet::new());
    variants.iter().for_each(|variant| fields(variant, "", &mut some));
    fields(&litmus[0], "", &mut all);
    // Its kernel has no code that no run reaches.
    all.extend(some.iter().filter(|field| field.starts_with("unreached[")).cloned());
    assert_eq!(all, documented(&page, "A variant"));
    all.retain(|field| !field.starts_with("finals."));
    assert_eq!(some, all);
    let mut found = BTreeSet::new();
    fields(summary, "", &mut found);
    assert_eq!(found, documented(&page, "The summary"));
}

#[test]
fn verdicts_options_and_bounds_are_what_the_text_says() {
    let (status, found) = lines(&["check", "--json", "lazy+unmap+andy"]);
    assert_eq!(status, Some(0));
    let first = &found[0];
    assert_eq!((&first["kind"], &first["case"]), (&"variant".into(), &Value::Null));
    assert_eq!(first["kernel"], "lazy TLB lab");
    assert_eq!((&first["options"]["lazy_tlb"], &first["search"]["complete"]), (&"on".into(), &true.into()));
    for expectation in first["expectations"].as_array().expect("it expects something") {
        assert_eq!(expectation["verdict"], "met");
        let reached = expectation["observation"] == "sometimes";
        assert_eq!(expectation["steps"].is_u64(), reached, "{expectation}");
        assert_eq!(expectation["see_it"].is_string(), reached, "{expectation}");
    }
    let (status, found) = lines(&["check", "--json", "--states", "10", "lazy+unmap+andy"]);
    assert_eq!((status, &found[0]["search"]["stopped_by"]), (Some(3), &"states".into()));
    assert_eq!(
        (&found[0]["search"]["complete"], &found[0]["expectations"][0]["verdict"]),
        (&false.into(), &"open".into())
    );
}

#[test]
fn what_is_no_text_counts_as_refused() {
    let (status, found) = lines(&["check", "--json", "no+such+scenario"]);
    assert_eq!((status, found.len(), &found[0]["refused"]), (Some(2), 1, &1.into()));
}

#[test]
fn each_field_of_a_kernels_costs_is_on_the_page() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/json.md");
    let page = std::fs::read_to_string(page).expect("docs/json.md is there");
    let arguments = ["cost", "idle+munmap", "--json", "--steps", "1000", "--on", "linux-4.14-rc1"];
    let (status, lines) = lines(&arguments);
    assert_eq!(status, Some(0));
    let mut found = BTreeSet::new();
    fields(&lines[0], "", &mut found);
    assert_eq!(found, documented(&page, "A kernel's costs"));
}

#[test]
fn the_parts_of_a_check_make_the_whole() {
    let here = support::folder("json", "parts", &[("whole", "")]);
    let whole = support::said(&here, "check lazy+munmap switch+munmap --json", 0);
    let parts: Vec<String> = (1..=3)
        .map(|part| {
            let printed =
                support::said(&here, &format!("check lazy+munmap switch+munmap --json --shard {part}/3"), 0);
            std::fs::write(here.join(part.to_string()), &printed).expect("a file can be written");
            printed
        })
        .collect();
    assert!(parts.iter().all(|part| part.lines().count() > 3));
    assert_eq!(support::said(&here, "check --merge 2 3 1", 0), whole);
    let refused = support::said(&here, "check --merge 1 3", 2);
    assert!(refused.contains("part 2 of 3 is missing"), "{refused}");
    std::fs::write(here.join("whole"), &whole).expect("a file can be written");
    assert!(support::said(&here, "check --merge whole", 2).contains("it is not a part"));
    let half: String = parts[0].lines().take(2).collect::<Vec<_>>().join("\n");
    std::fs::write(here.join("half"), half).expect("a file can be written");
    assert!(support::said(&here, "check --merge half 2 3", 2).contains("has that check come to its end?"));
}

#[test]
fn parts_with_variants_that_do_not_compile_make_the_whole() {
    let kernel = "kernel \"k\" { global n: int = 0; sys f() { n = 1; BUG_ON(n == 2); } }\n";
    let case = |name: &str, calls: &str| {
        format!("    case \"{name}\" {{ cpu 0 {{ {calls} }} expect never violation; }}\n")
    };
    let scenario = |cases: &[String]| {
        let head =
            "scenario \"s\" {\n    use kernel \"k\"\n    cpu 0 { f(); }\n    expect never violation;\n";
        format!("{head}{}}}\n", cases.concat())
    };
    // Variants 2 and 6 do not compile; so part 2 lacks its first line, and part 3 its second.
    let first = scenario(&[case("bad", "g();"), case("two", "f(); f();"), case("three", "f(); f(); f();")]);
    let second = scenario(&[case("bad", "g();"), case("two", "f(); f();")]);
    let files = [("kernels/k.tlb", kernel), ("s.tlb", first.as_str()), ("t.tlb", second.as_str())];
    let here = support::folder("json", "refused", &files);
    let printed = |line: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tlbscope"));
        let output = command.current_dir(&here).args(line.split(' ')).output().expect("it runs");
        assert_eq!(output.status.code(), Some(2), "{line}");
        String::from_utf8(output.stdout).expect("it is UTF-8")
    };
    let check = "check s.tlb none.tlb t.tlb --json";
    let whole = printed(check);
    for part in 1..=3 {
        let file = here.join(part.to_string());
        std::fs::write(file, printed(&format!("{check} --shard {part}/3"))).expect("a file can be written");
    }
    let summary: Value =
        serde_json::from_str(whole.lines().last().expect("it has lines")).expect("it is JSON");
    assert_eq!((&summary["variants"], &summary["refused"]), (&5.into(), &3.into()));
    assert_eq!(printed("check --merge 3 1 2"), whole);
}

/// Rows are explained once, for CR3, and places once, for steps.
#[test]
fn each_field_of_a_run_is_on_the_page_and_the_other_way_round() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/json.md");
    let page = std::fs::read_to_string(page).expect("docs/json.md is there");
    let mut found = BTreeSet::new();
    for run in [&["lazy+return+munmap", "--seed", "4", "--at", "19"][..], &["lazy+unmap+andy", "--seed", "7"]]
    {
        let output = Command::new(env!("CARGO_BIN_EXE_tlbscope"))
            .args(["export", "--format", "json"])
            .args(run)
            .output()
            .expect("it runs");
        fields(&serde_json::from_slice(&output.stdout).expect("it is JSON"), "", &mut found);
    }
    let explained = |field: &String| {
        let nested =
            ["paging_structure_caches[].", "tlb[].", "store_buffer[].", "pending[].", "cpus[].place."];
        !nested.iter().any(|part| field.contains(part))
    };
    found.retain(explained);
    assert_eq!(found, documented(&page, "A run"));
}
