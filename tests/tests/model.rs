//! `docs/model.md` says what is modelled and how far to trust it. This test writes its tables: `cargo xtask bless`
//! renews them.
//!
//! The test finds a bug of the history in the gallery by the name of its fix: a scenario belongs to a bug if the
//! scenario cites one of the bug's names. The test explores each scenario; it does not copy what the scenario
//! expects.

use experiment::Experiment;
use explore::{Completeness, Limits};
use lang::property::PropertyGroup;
use machine::{Check, Occasion, Property, VIOLATION};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use tests::machine;
use x86::{Built, Confidence, Law};

/// A bug of the kernel or of a processor.
struct Bug {
    number: u8,
    what: &'static str,
    when: &'static str,
    /// Names under which scenarios cite it: CVE, commit, erratum.
    names: &'static [&'static str],
    /// Why there is no scenario for it, if there is none.
    left_out: Option<&'static str>,
}

const fn bug(number: u8, when: &'static str, names: &'static [&'static str], what: &'static str) -> Bug {
    Bug { number, what, when, names, left_out: None }
}

/// What the gallery is measured by.
const BUGS: [Bug; 29] = [
    bug(1, "2017", &["b956575bed91"], "Lazy CPUs left the mask of CPUs that get flushes, and kept CR3"),
    Bug {
        left_out: Some("32-bit PAE keeps the PDPTEs in registers; the model has long mode alone"),
        ..bug(
            2,
            "2013",
            &["1de14c3c5cbc"],
            "INVLPG reloads no PDPTE registers, so a freed PMD page went on being walked",
        )
    },
    bug(
        3,
        "2013",
        &["2b047252d087"],
        "After a full batch the gather forgot the range that it still had to flush",
    ),
    bug(
        4,
        "2018",
        &["706a1ea65e", "d86564a2f085"],
        "Without memory for the batch, with a full batch, or with one user of the mm, a page table was freed before the flush",
    ),
    bug(
        5,
        "2018",
        &["CVE-2018-18281", "eb66ae030829"],
        "mremap moved pages and flushed after it had dropped the locks",
    ),
    bug(
        8,
        "2017",
        &["3ea277194daa"],
        "Reclaim clears entries and flushes later; mprotect saw nothing to flush and returned",
    ),
    bug(
        9,
        "2017",
        &["99baac21e458"],
        "Of two batches at once, the second found the entries cleared and assumed that they had been flushed",
    ),
    bug(
        10,
        "2022",
        &["CVE-2022-39188", "b67fbebd4cf9"],
        "munmap unlinked a PFNMAP region before its flush; the driver freed the pages meanwhile",
    ),
    bug(
        11,
        "2022",
        &["2ba99c5e0881"],
        "khugepaged took a page table away under a software walker that relies on IPIs",
    ),
    bug(
        12,
        "2025",
        &["CVE-2025-22045", "3ef938c35035"],
        "The flush for a withdrawn page table said that no table is freed, and skipped lazy CPUs",
    ),
    bug(13, "2025", &["CVE-2025-37964", "fea4e317f9e7"], "A flush skipped CPUs in the middle of a switch"),
    bug(
        14,
        "2025",
        &["CVE-2025-40174", "83b0177a6c48"],
        "The pairs of loads and stores of B13 also lacked a fence",
    ),
    bug(16, "2023", &["ce0b15d11ad8"], "Erratum: INVLPG leaves global translations while PCIDs are enabled"),
    bug(17, "2017", &["6fd166aae78c"], "KPTI: each process has two PCIDs, and a flush has to reach both"),
    bug(
        20,
        "2026",
        &["CVE-2025-71089", "CVE-2025-71202", "e37d5a2d60a3"],
        "An IOMMU walks the kernel's page tables and gets no flushes",
    ),
    bug(
        21,
        "2007, 2016",
        &["e4a84be6f05e"],
        "Erratum: A and D are set in an entry whose P has just been cleared",
    ),
    bug(22, "-", &["erratum 383"], "Erratum: two sizes of one page in the TLB raise a machine check"),
    bug(
        23,
        "2018",
        &["x86/nmi: Fix NMI uaccess race against CR3 switching"],
        "An NMI read user memory in the middle of a switch: another program's",
    ),
    bug(
        24,
        "2020",
        &["CVE-2019-3016", "b043138246a4", "8c6de56a42e0"],
        "A flush left to the host for a preempted virtual CPU was lost: the host overwrote the flag",
    ),
    bug(
        25,
        "2026",
        &["44126343d58c"],
        "INVLPGB names a PCID although the machine was booted without them: #GP",
    ),
    bug(
        26,
        "2025",
        &["Fix check/use ordering in switch_mm_irqs_off(), for stable only"],
        "Stable kernels got the fix of B13 with its two blocks in the wrong order",
    ),
    bug(
        27,
        "2026",
        &["8ce720d5bd91"],
        "Unsharing a hugetlb page table skips lazy CPUs; the last sharer frees the table",
    ),
    bug(
        28,
        "2025",
        &["fix race between flush_tlb_func and idle task leave_mm"],
        "A flush between going lazy and leave_mm ends lazy mode, and leave_mm warns; not fixed",
    ),
    bug(29, "2017", &["bc0d5a89fbe3"], "A flush interrupts a flush on the same CPU, and both leave the mm"),
    bug(
        30,
        "2022",
        &["CVE-2022-39189", "6cd88243c7e0"],
        "A host reported a virtual CPU as preempted while it emulated an instruction of it, and was left a flush",
    ),
    bug(
        31,
        "2009",
        &["ce4e240c279a"],
        "An x2APIC sends an IPI before older stores are seen: the handler found nothing to flush",
    ),
    bug(
        32,
        "2022",
        &["5ee2fa2f0636"],
        "The flag of B8 for pending flushes was cleared by one CPU right after another one had set it",
    ),
    bug(
        33,
        "2018",
        &["5e0fb5df2ee8"],
        "A page table of the kernel was freed as it mapped nothing any more; pointers to it were still cached",
    ),
    bug(
        34,
        "2025",
        &["94a17f2dc90b"],
        "With KPTI, a flush marks the PCID of a global ASID behind the end of a bitmap",
    ),
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The sources that a scenario's own text cites.
fn cites(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter_map(|line| line.trim_start().strip_prefix("cite \"")?.strip_suffix('"'))
}

/// What every case of a scenario finds, in a row each.
fn rows(out: &mut String, bug: &str, scenario: gallery::LibraryText) {
    for (case, experiment) in Experiment::new(scenario.text).variants() {
        let machine = machine(&experiment);
        let mut check = Check::new(&machine, Limits::default());
        check.run_to_end();
        let progress = check.progress();
        assert_eq!(progress.completeness, Completeness::Complete, "{}", scenario.slug);
        let found: Vec<&str> = progress
            .seen
            .iter()
            .filter_map(Property::from_number)
            .filter(|property| VIOLATION.intersects(property.as_set()))
            .map(Property::name)
            .collect();
        let found = if found.is_empty() { "none".to_owned() } else { found.join(", ") };
        let name = case.name.as_deref().unwrap_or("as written");
        let kernel = &machine.program().kernel;
        let _ = writeln!(out, "| {bug} | {} | {name} | {kernel} | {found} |", scenario.slug);
    }
}

fn bugs() -> String {
    let mut out = String::from("| bug | year | what | fix or name |\n| --- | --- | --- | --- |\n");
    for Bug { number, what, when, names, left_out } in BUGS {
        let left_out = left_out.map(|reason| format!(" *No scenario: {reason}.*")).unwrap_or_default();
        let _ = writeln!(out, "| B{number} | {when} | {what}.{left_out} | {} |", names.join(", "));
    }
    out.push_str(
        "\n| bug | scenario | case | kernel | violations found |\n| --- | --- | --- | --- | --- |\n",
    );
    for bug in &BUGS {
        for scenario in gallery::scenarios() {
            if cites(scenario.text).any(|cite| bug.names.iter().any(|name| cite.contains(name))) {
                rows(&mut out, &format!("B{}", bug.number), scenario);
            }
        }
    }
    out
}

/// The test functions that name a rule: crate and file, then function, by the rule's number.
fn tests_by_rule() -> BTreeMap<u8, Vec<(String, String)>> {
    let mut found: BTreeMap<u8, Vec<(String, String)>> = BTreeMap::new();
    for of in ["x86", "machine"] {
        let folder = root().join("crates").join(of).join("tests");
        let files =
            fs::read_dir(folder).expect("a folder of tests").map(|file| file.expect("readable").path());
        let mut files: Vec<PathBuf> =
            files.filter(|file| file.extension().is_some_and(|e| e == "rs")).collect();
        files.sort();
        for file in files {
            let name = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            let text = fs::read_to_string(&file).expect("a text");
            for (attribute, function) in text.lines().zip(text.lines().skip(1)) {
                let test = function.strip_prefix("fn h").and_then(|rest| rest.split('(').next());
                if let ("#[test]", Some(test)) = (attribute, test)
                    && let Some((number, rest)) = test.split_once('_')
                    && let Ok(number) = number.parse()
                {
                    let what = rest.replace('_', " ");
                    found.entry(number).or_default().push((format!("{of}/{name}"), what));
                }
            }
        }
    }
    found
}

fn rules() -> String {
    let tests = tests_by_rule();
    let mut out = String::from("| rule | tests |\n| --- | --- |\n");
    for law in Law::ALL {
        let named = tests.get(&law.number()).map(Vec::as_slice).unwrap_or_default();
        let mut cell = String::new();
        let mut file = "";
        for (of, what) in named {
            match (of == file, cell.is_empty()) {
                (true, _) => cell.push_str("; "),
                (false, empty) => {
                    let _ = write!(cell, "{}**{of}** ", if empty { "" } else { " <br> " });
                }
            }
            cell.push_str(what);
            file = of;
        }
        if let Built::NotModelled(reason) = law.built() {
            let _ = write!(cell, "*not modelled: {reason}*");
        }
        let _ = writeln!(out, "| {law} {} | {cell} |", law.title());
    }
    out
}

fn doubts() -> String {
    let mut out = String::from("| rule | confidence | what is in doubt |\n| --- | --- | --- |\n");
    for law in Law::ALL.into_iter().filter(|law| law.confidence() != Confidence::Documented) {
        let note = law.note().unwrap_or_default();
        let _ = writeln!(out, "| {law} {} | {} | {note} |", law.title(), law.confidence());
    }
    out
}

/// Which operations and events wait for the store buffer, and by which rule.
fn waits() -> String {
    let mut out =
        String::from("| what | waits | rule | confidence | why |\n| --- | --- | --- | --- | --- |\n");
    for occasion in Occasion::ALL {
        let waits = if occasion.drains() { "yes" } else { "no" };
        let rule = occasion.law().map_or("none".to_owned(), |law| law.to_string());
        let (name, confidence, why) = (occasion.name(), occasion.confidence(), occasion.why());
        let _ = writeln!(out, "| {name} | {waits} | {rule} | {confidence} | {why} |");
    }
    out
}

#[test]
fn every_bug_that_is_in_reach_has_a_scenario_that_shows_it_and_a_case_that_does_not() {
    let table = bugs();
    for bug in &BUGS {
        let name = format!("| B{} | ", bug.number);
        let rows: Vec<&str> = table.lines().filter(|line| line.starts_with(&name)).skip(1).collect();
        if bug.left_out.is_some() {
            assert!(rows.is_empty(), "B{} has a scenario", bug.number);
            continue;
        }
        let safe = rows.iter().filter(|row| row.ends_with("| none |")).count();
        assert!(safe > 0 && safe < rows.len(), "B{}: {safe} of {} cases are safe", bug.number, rows.len());
    }
}

/// What an execution can show.
fn properties() -> String {
    let mut table = "| property | it is possible that … | in the groups |\n| --- | --- | --- |\n".to_owned();
    for row in lang::property::PROPERTIES {
        let groups: Vec<String> = PropertyGroup::ALL
            .into_iter()
            .filter(|group| group.has(row.kind))
            .map(|group| format!("`{}`", group.name()))
            .collect();
        let groups = if groups.is_empty() { "none".to_owned() } else { groups.join(", ") };
        let _ = writeln!(table, "| `{}` | {} | {groups} |", row.name, row.sentence);
    }
    table
}

#[test]
fn the_tables_of_model_md_are_what_the_code_says() {
    let path = root().join("docs/model.md");
    let mut new = fs::read_to_string(&path).expect("docs/model.md").replace("\r\n", "\n");
    for (name, table) in [
        ("waits", waits()),
        ("properties", properties()),
        ("rules", rules()),
        ("doubts", doubts()),
        ("bugs", bugs()),
    ] {
        let (begin, end) = (format!("<!-- table: {name} -->\n"), format!("<!-- end: {name} -->"));
        let from = new.find(&begin).unwrap_or_else(|| panic!("no {begin}")) + begin.len();
        let to = new.find(&end).unwrap_or_else(|| panic!("no {end}"));
        new.replace_range(from..to, &format!("\n{table}\n"));
    }
    golden::check(&path, &new);
}
