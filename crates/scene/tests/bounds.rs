//! A verdict holds for one machine. What the text says of that machine stands beside the verdict.

use crate::support;

/// The bounds of a scenario on a machine that the text describes.
fn of(machine: &str) -> String {
    let scenario = format!(
        "scenario \"bounds\" {{
             use kernel \"little\"
             machine {{ {machine} }}
             mm A {{ 0x400000 -> page \"data\"; }}
             cpu 0 {{ run(A); }}
         }}"
    );
    scene::bounds(&support::compile(&scenario, 0, &[]), false)
}

#[test]
fn a_machine_of_which_nothing_is_said() {
    assert_eq!(of(""), "Intel, 2 CPUs, PCID on, 1 address walked, store buffer 2");
}

#[test]
fn each_key_of_the_machine_block_that_a_verdict_may_rest_on_is_told() {
    for (text, told) in [
        ("cpus 3;", "3 CPUs"),
        ("vendor amd;", "AMD"),
        ("pcid off;", "PCID off"),
        ("tso 0;", "no store buffer"),
        ("tso 3;", "store buffer 3"),
        ("pge off;", "PGE off"),
        ("vendor amd; tce on;", "TCE on"),
        ("vendor amd; tlb_cache_dis on;", "TlbCacheDis on"),
        ("erratum_invlpg_global on;", "with the INVLPG erratum"),
        ("vendor amd; erratum_383 on;", "with erratum 383"),
        ("x2apic on;", "x2APIC"),
        ("la57 on;", "5-level paging"),
        ("walk_sees_own_stores yes;", "a walk reads its own CPU's buffered stores"),
        ("walk_sees_own_stores no;", "a walk does not read its own CPU's buffered stores"),
        ("maxphyaddr 40;", "MAXPHYADDR 40"),
        ("alloc first;", "the page freed first is handed out first"),
        ("alloc any;", "any free page is handed out"),
    ] {
        let bounds = of(text);
        assert!(bounds.split(", ").any(|part| part == told), "{text} is told as {told:?}: {bounds}");
        assert!(!of("").contains(told), "{told:?} is told of {text} alone");
    }
}
