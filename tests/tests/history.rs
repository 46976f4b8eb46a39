//! The table of the history: each kernel variant against each question, answered by the explorer.
//!
//! | column | question |
//! |---|---|
//! | lazy | can a CPU that is lazy already walk through a page table after it has been freed? |
//! | window, direct / RCU | the same for a CPU in the middle of a switch, by how page tables are freed |
//! | stale | can a program use a translation to a page that has been freed, after lazy mode or a switch? |
//! | IPIs | which munmaps send an IPI to a lazy CPU, and do those that free no page table? |

use experiment::Experiment;
use explore::{Completeness, Limits};
use lang::Selection;
use machine::{Check, Property};
use tests::{machine, with};

struct Variant {
    name: &'static str,
    kernel: &'static str,
    options: &'static [(&'static str, &'static str)],
    /// Whether its text has the option `table_free`.
    frees: bool,
}

const VARIANTS: [Variant; 19] = [
    Variant { name: "a", kernel: "linux-4.13", options: &[], frees: false },
    Variant { name: "b", kernel: "linux-4.14-rc1", options: &[], frees: true },
    Variant { name: "c", kernel: "init_mm switch", options: &[], frees: true },
    Variant { name: "c'", kernel: "init_mm switch", options: &[("clear_mask_first", "on")], frees: true },
    Variant { name: "d", kernel: "linux-4.14-rc1, with a barrier", options: &[], frees: true },
    Variant { name: "e no PCID", kernel: "linux-4.14", options: &[("pcid", "off")], frees: true },
    Variant { name: "e PCID", kernel: "linux-4.14", options: &[], frees: true },
    Variant { name: "f", kernel: "linux-4.20", options: &[], frees: true },
    Variant {
        name: "f without freed_tables",
        kernel: "linux-4.20",
        options: &[("freed_tables", "off")],
        frees: true,
    },
    Variant {
        name: "f without the barrier",
        kernel: "linux-4.20",
        options: &[("memory_barrier", "off")],
        frees: true,
    },
    Variant { name: "g 5.13", kernel: "linux-5.13", options: &[], frees: true },
    Variant { name: "g 6.12 stable", kernel: "linux-6.12-stable", options: &[], frees: true },
    Variant {
        name: "g 6.12 put right",
        kernel: "linux-6.12-stable",
        options: &[("switching_first", "on")],
        frees: true,
    },
    Variant { name: "g 6.14", kernel: "linux-6.14", options: &[], frees: true },
    Variant { name: "g 6.15", kernel: "linux-6.15", options: &[], frees: true },
    Variant { name: "g 6.15 without TSO", kernel: "linux-6.15", options: &[("tso", "off")], frees: true },
    Variant { name: "g 6.15 INVLPGB", kernel: "linux-6.15", options: &[("invlpgb", "on")], frees: true },
    Variant { name: "g 6.18", kernel: "linux-6.18", options: &[], frees: true },
    Variant { name: "g 6.18 INVLPGB", kernel: "linux-6.18", options: &[("invlpgb", "on")], frees: true },
];

/// CPU 1 is lazy before it begins.
const LAZY: &str = "
    setup { cpu 0 { run(A); } cpu 1 { run(A); kthread(); } }
    cpu 0 { munmap(A, 0x400000); }";
/// The same, and no page table is freed.
const LAZY_PAGE: &str = "
    setup { cpu 0 { run(A); } cpu 1 { run(A); kthread(); } }
    cpu 0 { munmap_page(A, 0x400000); }";
/// It was lazy already when another page was unmapped.
const AGAIN: &str = "
    setup { cpu 0 { run(A); } cpu 1 { run(A); kthread(); } cpu 0 { munmap(A, 0x600000); } }
    cpu 0 { munmap(A, 0x400000); }";
/// And when yet another one was.
const THIRD: &str = "
    setup {
        cpu 0 { run(A); }
        cpu 1 { run(A); kthread(); }
        cpu 0 { munmap(A, 0x600000); munmap(A, 0x800000); }
    }
    cpu 0 { munmap(A, 0x400000); }";
/// It switches to another mm meanwhile.
const SWITCH: &str = "
    setup { cpu 0 { run(A); } cpu 1 { run(A); } }
    cpu 0 { munmap(A, 0x400000); }
    cpu 1 { run(B); }";
/// It goes lazy and comes back meanwhile, and its program uses the page.
const RETURN: &str = "
    setup { cpu 0 { run(A); } cpu 1 { run(A); } }
    cpu 0 { munmap(A, 0x400000); }
    cpu 1 { kthread(); run(A); load(0x400000); }";
/// It is lazy and comes back, and no page table is freed.
const RETURN_PAGE: &str = "
    setup { cpu 0 { run(A); } cpu 1 { run(A); kthread(); } }
    cpu 0 { munmap_page(A, 0x400000); }
    cpu 1 { run(A); load(0x400000); }";
/// It comes back from another mm.
const COME_BACK: &str = "
    setup { cpu 0 { run(A); } cpu 1 { run(A); load(0x400000); run(B); } }
    cpu 0 { munmap_page(A, 0x400000); }
    cpu 1 { run(A); load(0x400000); }";

fn shows(variant: &Variant, blocks: &str, free: &str, property: Property) -> bool {
    let others: String = [(0x60_0000, "second"), (0x80_0000, "third")]
        .into_iter()
        .filter(|(va, _)| blocks.contains(&format!("{va:#x}")))
        .map(|(va, page)| format!("{va:#x} -> page {page:?};"))
        .collect();
    let scenario = format!(
        "scenario \"question\" {{
            use kernel \"{}\"
            machine {{ cpus 2; spare 0; }}
            mm A {{ 0x400000 -> page \"data\"; {others} }}
            mm B {{ }}
            {blocks}
            expect never {};
        }}",
        variant.kernel,
        property.name(),
    );
    let mut selection: Selection = with(variant.options);
    if variant.frees {
        selection.options.push(("table_free".to_owned(), free.to_owned()));
    }
    let machine = machine(&Experiment::new(scenario).selecting(selection));
    let mut check = Check::new(&machine, Limits::default());
    check.run_to_end();
    assert_eq!(check.progress().completeness, Completeness::Complete, "{}", variant.name);
    check.progress().seen.intersects(property.as_set())
}

fn row(variant: &Variant) -> String {
    let yes = |found: bool| if found { "yes" } else { "no" };
    let walk = |blocks: &str, free: &str| yes(shows(variant, blocks, free, Property::WalkOfFreed));
    // Whether a lazy CPU is safe must not depend on how page tables are freed.
    let lazy = walk(LAZY, "direct");
    assert_eq!(lazy, walk(LAZY, "rcu"), "{}: an idle CPU is a quiescent state", variant.name);
    let ipi = |blocks: &str| shows(variant, blocks, "direct", Property::IpiToIdle);
    let mut ipis = match (ipi(LAZY), ipi(AGAIN), ipi(THIRD)) {
        (false, false, false) => "0",
        (true, false, false) => "first only",
        (true, true, false) => "first two",
        _ => "each",
    }
    .to_owned();
    if ipis != "0" && !ipi(LAZY_PAGE) {
        ipis += ", if tables are freed";
    }
    let stale =
        [RETURN, RETURN_PAGE, COME_BACK].iter().any(|b| shows(variant, b, "direct", Property::StaleAccess));
    format!(
        "{:<23}| {:<4}| {:<7}| {:<4}| {:<6}| {ipis}",
        variant.name,
        lazy,
        walk(SWITCH, "direct"),
        walk(SWITCH, "rcu"),
        yes(stale),
    )
}

#[test]
fn the_history_is_what_the_explorer_finds() {
    let found: Vec<String> = VARIANTS.iter().map(row).collect();
    let expected = "
variant                | lazy| direct | rcu | stale | IPIs to idle
a                      | no  | no     | no  | no    | first only
b                      | yes | yes    | no  | no    | 0
c                      | no  | no     | no  | no    | 0
c'                     | no  | yes    | no  | no    | 0
d                      | yes | yes    | no  | no    | 0
e no PCID              | no  | yes    | no  | no    | first only
e PCID                 | no  | yes    | no  | no    | 0
f                      | no  | yes    | no  | no    | first only, if tables are freed
f without freed_tables | yes | yes    | no  | no    | 0
f without the barrier  | no  | yes    | no  | yes   | first only, if tables are freed
g 5.13                 | no  | yes    | no  | no    | first only, if tables are freed
g 6.12 stable          | no  | yes    | no  | yes   | first only, if tables are freed
g 6.12 put right       | no  | yes    | no  | no    | first only, if tables are freed
g 6.14                 | no  | no     | no  | yes   | first two, if tables are freed
g 6.15                 | no  | no     | no  | yes   | first two, if tables are freed
g 6.15 without TSO     | no  | no     | no  | no    | first two, if tables are freed
g 6.15 INVLPGB         | no  | no     | no  | yes   | first two, if tables are freed
g 6.18                 | no  | no     | no  | no    | first two, if tables are freed
g 6.18 INVLPGB         | no  | no     | no  | no    | first two, if tables are freed";
    let expected: Vec<&str> = expected.lines().skip(2).collect();
    assert_eq!(found, expected, "\n{}", found.join("\n"));
}
