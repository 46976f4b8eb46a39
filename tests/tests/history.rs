//! The table of the history: each kernel variant against each question, answered by the explorer.
//!
//! | column | question |
//! |---|---|
//! | lazy | can a CPU that is lazy already walk through a page table after it has been freed? |
//! | window, direct / RCU | the same for a CPU in the middle of a switch, by how page tables are freed |
//! | stale | can a program use a translation to a page that has been freed? |
//! | IPIs | does a munmap send an IPI to a lazy CPU: always, only the first time, or never? |

use explore::{Completeness, Limits};
use lang::Selection;
use machine::{Check, Property};
use tests::{Kernels, machine, with};

struct Variant {
    name: &'static str,
    kernel: &'static str,
    options: &'static [(&'static str, &'static str)],
    /// Whether its text has the option `table_free`.
    frees: bool,
}

const VARIANTS: [Variant; 7] = [
    Variant { name: "a", kernel: "linux-4.13", options: &[], frees: false },
    Variant { name: "b", kernel: "linux-4.14-rc1", options: &[], frees: true },
    Variant { name: "c", kernel: "init_mm switch", options: &[], frees: true },
    Variant { name: "c'", kernel: "init_mm switch", options: &[("clear_mask_first", "on")], frees: true },
    Variant { name: "d", kernel: "linux-4.14-rc1, with a barrier", options: &[], frees: true },
    Variant { name: "e no PCID", kernel: "linux-4.14", options: &[("pcid", "off")], frees: true },
    Variant { name: "e PCID", kernel: "linux-4.14", options: &[], frees: true },
];

/// CPU 1 is lazy before it begins.
const LAZY: &str = "
    setup { cpu 0 { run(A); } cpu 1 { run(A); kthread(); } }
    cpu 0 { munmap(A, 0x400000); }";
/// It was lazy already when another page was unmapped.
const AGAIN: &str = "
    setup { cpu 0 { run(A); } cpu 1 { run(A); kthread(); } cpu 0 { munmap(A, 0x600000); } }
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

fn shows(variant: &Variant, blocks: &str, free: &str, property: Property) -> bool {
    let second = if blocks == AGAIN { "0x600000 -> page \"second\";" } else { "" };
    let scenario = format!(
        "scenario \"question\" {{
            use kernel \"{}\"
            machine {{ cpus 2; spare 0; }}
            mm A {{ 0x400000 -> page \"data\"; {second} }}
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
    let machine = machine(&scenario, &Kernels::default(), &selection).unwrap_or_else(|e| panic!("{e}"));
    let mut check = Check::new(&machine, Limits::default());
    check.run_to_end();
    assert_eq!(check.progress().completeness, Completeness::Complete, "{}", variant.name);
    check.progress().seen.meets(property.mark())
}

fn row(variant: &Variant) -> String {
    let yes = |found: bool| if found { "yes" } else { "no" };
    let walk = |blocks: &str, free: &str| yes(shows(variant, blocks, free, Property::WalkOfFreed));
    // How a lazy CPU fares must not depend on how page tables are freed.
    let lazy = walk(LAZY, "direct");
    assert_eq!(lazy, walk(LAZY, "rcu"), "{}: an idle CPU is a quiescent state", variant.name);
    let ipi = |blocks: &str| shows(variant, blocks, "direct", Property::IpiToIdle);
    let ipis = match (ipi(LAZY), ipi(AGAIN)) {
        (false, false) => "0",
        (true, false) => "first only",
        (_, true) => "each",
    };
    format!(
        "{:<10}| {:<4}| {:<7}| {:<4}| {:<6}| {ipis}",
        variant.name,
        lazy,
        walk(SWITCH, "direct"),
        walk(SWITCH, "rcu"),
        yes(shows(variant, RETURN, "direct", Property::StaleAccess)),
    )
}

#[test]
fn the_history_is_what_the_explorer_finds() {
    let found: Vec<String> = VARIANTS.iter().map(row).collect();
    let expected = "
variant   | lazy| direct | rcu | stale | IPIs to idle
a         | no  | no     | no  | no    | first only
b         | yes | yes    | no  | no    | 0
c         | no  | no     | no  | no    | 0
c'        | no  | yes    | no  | no    | 0
d         | yes | yes    | no  | no    | 0
e no PCID | no  | yes    | no  | no    | first only
e PCID    | no  | yes    | no  | no    | 0";
    let expected: Vec<&str> = expected.lines().skip(2).collect();
    assert_eq!(found, expected, "\n{}", found.join("\n"));
}
