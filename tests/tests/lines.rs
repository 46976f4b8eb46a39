//! The fix consists of lines, and each line is needed: removing any one flips a verdict.

use experiment::Experiment;
use machine::{Machine, Verdict};
use tests::settle;

const LAB: &str = "lazy TLB lab";

/// Scenarios that together state the promises of the init_mm switch: it is safe, a lazy CPU gets no IPI, and a program that
/// comes back finds its page.
const PROMISES: [(&str, &str); 4] = [
    ("lazy+exit+andy", "never violation"),
    ("lazy+munmap", "never violation; expect never ipi_to_idle"),
    ("lazy+munmap+return", "never violation"),
    ("lazy+return", "never violation; expect never page_fault"),
];

/// The lines of the fix, as they stand in the text, and what they do.
const FIX: [&str; 7] = [
    "                write_cr3(init_mm.pgd, ASID_INIT, noflush);\n",
    "            loaded_mm = init_mm;\n",
    "            cpumask_clear_cpu(cpu, m.cpumask);          // no IPIs from now on\n",
    "            cpumask_set_cpu(cpu, next.cpumask);\n            let gen",
    "                ctxs[asid].tlb_gen = gen;\n                write_cr3(next.pgd, asid, flush);\n",
    "            loaded_mm = next;\n",
    "        let new_gen = inc_return(m.tlb_gen);            // a full barrier\n",
];

/// Builds a promise's scenario on a text of the lab with the switch on.
fn promise(slug: &str, expectation: &str, lab: &str) -> Result<Machine, String> {
    let scenario = gallery::scenario(slug).ok_or(slug)?.text;
    // The scenario's own machine, mms and programs; kernel and expectations are ours.
    let body: String = scenario
        .lines()
        .take_while(|line| !line.trim_start().starts_with("expect"))
        .filter(|line| !line.trim_start().starts_with("use kernel"))
        .map(|line| format!("{line}\n"))
        .collect();
    let (head, rest) = body.split_once('{').ok_or("no scenario")?;
    let text = format!(
        "{head}{{\n use kernel \"{LAB}\" with {{ init_mm_switch = on }}\n{rest}\n expect {expectation};\n}}"
    );
    Experiment::new(text).with_kernel(LAB, lab).compile().into_machine()
}

/// Which promises a text of the lab breaks.
fn broken(lab: &str) -> Vec<&'static str> {
    let mut broken = Vec::new();
    for (slug, expectation) in PROMISES {
        let verdicts = promise(slug, expectation, lab)
            .and_then(|m| settle(&m))
            .unwrap_or_else(|e| panic!("{slug}: {e}"));
        if verdicts.iter().any(|verdict| verdict.1 != Verdict::Met) {
            broken.push(slug);
        }
    }
    broken
}

#[test]
fn the_fix_keeps_its_promises_and_needs_each_of_its_lines() {
    let lab = gallery::kernel(LAB).map(|text| text.text).unwrap_or_default();
    assert_eq!(broken(lab), Vec::<&str>::new(), "as it stands");
    for line in FIX {
        assert_eq!(lab.matches(line).count(), 1, "the text has changed: {line:?}");
        let without = match line {
            // Later lines need the value: the operation goes, its result stays plausible.
            l if l.contains("inc_return") => lab.replace(line, "        let new_gen = m.tlb_gen;\n"),
            l if l.contains("let gen") => lab.replace(line, "            let gen"),
            l => lab.replace(l, ""),
        };
        assert_ne!(broken(&without), Vec::<&str>::new(), "taking away {line:?} changes nothing");
    }
}

#[test]
fn leaving_the_mask_before_the_cr3_write_opens_a_window() {
    let lab = gallery::kernel(LAB).map(|text| text.text).unwrap_or_default();
    let (clear, load) = (FIX[2], "            if pcid {\n                write_cr3(init_mm.pgd");
    let swapped = lab.replace(clear, "").replace(load, &format!("{clear}{load}"));
    assert_ne!(swapped, lab);
    assert_eq!(broken(&swapped), ["lazy+exit+andy", "lazy+munmap+return"]);
}
