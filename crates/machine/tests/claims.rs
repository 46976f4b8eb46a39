//! `claim_flushed` and `claim_flushed_tables`: who can still use anything older, whether or not a program does.

use crate::support::*;

/// CPU 1 has used a page of A and stays in A's user code. CPU 0 clears the entry, does `flush`, and claims.
fn zap(options: &str, change: &str, flush: &str, claim: &str, other: &str) -> Machine {
    machine(
        &format!(
            "global done: bool = false;
             ipi flush(va: va) {{ invlpg(va); }}
             ipi nothing() {{ }}
             sys nap() {{ mwait_c1(); }}
             vmexit preempted() {{ smp_mb(); }}
             sys zap(m: mm) {{ {change} {flush} {claim} done = true; }}"
        ),
        &format!(
            "machine {{ cpus 2; spare 1; tso off; {options} }}
             mm A {{ 0x400000 -> page \"a\"; 0x401000 -> page \"b\"; }} mm B {{ 0x400000 -> page \"c\"; }}
             setup {{ cpu 1 {{ run(A); let x = load(0x400000); }} }}
             cpu 0 {{ zap(A); }} {other}"
        ),
    )
}

const CLEAR: &str = "xchg(pte(m, 0x400000), 0);";
const UNLINK: &str = "let table = pte_pfn(xchg(pmd(m, 0x400000), 0));";
const FLUSH: &str = "ipi flush(0x400000) to online - {cpu} and wait;";
const CLAIM: &str = "claim_flushed(m, 0x400000, 0x401000);";
const TABLES: &str = "claim_flushed_tables(m, 0x400000, 0x401000);";

fn missed(machine: &Machine) -> [bool; 2] {
    let found = everywhere(machine, |_, _| ());
    [Property::MissedFlush, Property::MissedFlushUsed].map(|property| found.intersects(property.as_set()))
}

#[test]
fn a_claim_is_false_while_a_cpu_can_use_an_older_translation_that_no_program_uses() {
    assert_eq!(missed(&zap("", CLEAR, "", CLAIM, "")), [true, false]);
    assert_eq!(missed(&zap("", CLEAR, FLUSH, CLAIM, "")), [false, false]);
    // And a case in which an execution breaks the claim.
    assert_eq!(missed(&zap("", CLEAR, "", CLAIM, "cpu 1 { until done; load(0x400000); }")), [true, true]);
    assert_eq!(
        missed(&zap("", CLEAR, FLUSH, CLAIM, "cpu 1 { until done; load(0x400000); }")),
        [false, false]
    );
    // An access before the claim breaks nothing.
    assert_eq!(missed(&zap("", CLEAR, FLUSH, CLAIM, "cpu 1 { load(0x400000); }")), [false, false]);
}

/// The claims that say nothing, and whether a CPU reaches each of them.
fn idle(machine: &Machine) -> Vec<bool> {
    let mut check = Check::new(machine, explore::Limits::default());
    check.run_to_end();
    check.idle_claims().into_iter().map(|claim| claim.1).collect()
}

#[test]
fn a_claim_that_says_nothing_is_found() {
    let with = |claim: &str| idle(&zap("", CLEAR, FLUSH, claim, ""));
    assert_eq!(with(CLAIM), []);
    assert_eq!(with(TABLES), []);
    // Nobody comes to it.
    assert_eq!(with(&format!("if done {{ {CLAIM} }}")), [false]);
    assert_eq!(with(&format!("if done {{ {CLAIM} }} {CLAIM}")), [false]);
    // Nobody walks there; nobody walks these tables.
    assert_eq!(with("claim_flushed(m, 0x80000000, 0x80001000);"), [true]);
    let other = "cpu 1 { claim_flushed(B, 0x400000, 0x401000); }";
    assert_eq!(idle(&zap("", CLEAR, FLUSH, CLAIM, other)), [true]);
    // An end that turns out to lie before the beginning.
    assert_eq!(with("let old = pte(m, 0x401000); claim_flushed(m, old, 0x1000);"), [true]);
    assert_eq!(idle(&zap("", CLEAR, FLUSH, "", "")), []);
    // An invariant that asks whose a cached translation is claims nothing.
    let invariant =
        "invariant \"mine\" { for c in online { BUG_ON(tlb_mm(c, 0) == init_mm && tlb_entries(c) != 0); } }";
    assert_eq!(idle(&zap("", CLEAR, FLUSH, "", invariant)), []);
}

#[test]
fn older_is_another_frame_or_more_rights_and_not_fewer() {
    for (change, older) in [
        ("xchg(pte(m, 0x400000), pte(m, 0x401000));", true),
        ("xchg(pte(m, 0x400000), pte(m, 0x400000) & ~_PAGE_RW);", true),
        ("xchg(pte(m, 0x400000), pte(m, 0x400000) & ~_PAGE_USER);", true),
        ("xchg(pte(m, 0x400000), pte(m, 0x400000) | _PAGE_NX);", true),
        ("xchg(pte(m, 0x400000), pte(m, 0x400000) | _PAGE_DIRTY);", false),
        // The entry is cleared, and written again.
        ("let old = xchg(pte(m, 0x400000), 0); xchg(pte(m, 0x400000), old);", false),
        // A claim about another page.
        ("xchg(pte(m, 0x401000), 0);", false),
    ] {
        assert_eq!(missed(&zap("", change, "", CLAIM, ""))[0], older, "{change}");
        assert_eq!(missed(&zap("", change, FLUSH, CLAIM, "")), [false, false], "{change}");
    }
}

#[test]
fn a_pointer_to_a_table_that_was_unlinked_is_older_though_no_walk_uses_it() {
    for claim in [CLAIM, TABLES] {
        assert!(missed(&zap("", UNLINK, "", claim, ""))[0], "{claim}");
        // INVLPG removes the pointers of the current PCID, for all addresses.
        assert!(!missed(&zap("", UNLINK, FLUSH, claim, ""))[0], "{claim}");
    }
    // INVLPGB may be told to leave them.
    let broadcast = |only: &str| format!("invlpgb_flush_user_nr_nosync(0, 0x400000, 1, {only}); tlbsync();");
    for claim in [CLAIM, TABLES] {
        assert!(missed(&zap("vendor amd;", UNLINK, &broadcast("true"), claim, ""))[0], "{claim}");
        assert!(!missed(&zap("vendor amd;", UNLINK, &broadcast("false"), claim, ""))[0], "{claim}");
    }
    // The weaker claim says nothing about translations, and a table that is still linked is not older.
    assert!(!missed(&zap("", CLEAR, "", TABLES, ""))[0]);
    assert!(!missed(&zap("vendor amd;", CLEAR, &broadcast("true"), CLAIM, ""))[0]);
}

#[test]
fn a_claim_before_the_invalidation_has_been_carried_out_is_false() {
    let sent = "invlpgb_flush_user_nr_nosync(0, 0x400000, 1, false);";
    assert!(missed(&zap("vendor amd;", CLEAR, sent, CLAIM, ""))[0]);
    assert!(missed(&zap("", CLEAR, "ipi flush(0x400000) to online - {cpu};", CLAIM, ""))[0]);
    // An IPI that flushes nothing does not help.
    assert!(missed(&zap("", CLEAR, "ipi nothing() to online - {cpu} and wait;", CLAIM, ""))[0]);
}

#[test]
fn what_a_walk_makes_from_an_older_pointer_is_older() {
    let only = "invlpgb_flush_user_nr_nosync(0, 0x400000, 1, true); tlbsync();";
    let machine = zap("vendor amd;", UNLINK, only, CLAIM, "cpu 1 { until done; load(0x400000); }");
    assert_eq!(missed(&machine), [true, true]);
}

#[test]
fn an_entry_to_be_that_is_still_in_the_store_buffer_makes_the_claim_false() {
    let with = |change: &str, fence: &str, options: &str| {
        machine(
            &format!(
                "ipi flush(va: va) {{ invlpg(va); }}
                 sys zap(m: mm) {{ {change} {fence} claim_flushed(m, 0x400000, 0x401000); }}"
            ),
            &format!(
                "machine {{ cpus 2; spare 0; {options} }} mm A {{ 0x400000 -> page \"a\"; }}
                 setup {{ cpu 1 {{ run(A); }} }} cpu 0 {{ zap(A); }}"
            ),
        )
    };
    // No CPU has cached anything yet. CPU 1's walks are left out while its caches are empty.
    let at_once = |machine: &Machine| {
        let mut run = Run::new(machine);
        run.software(0);
        run.shows(Property::MissedFlush)
    };
    assert!(at_once(&with("pte(m, 0x400000) = 0;", "", "tso 2;")));
    assert!(at_once(&with("pmd(m, 0x400000) = 0;", "", "tso 2;")));
    assert!(!at_once(&with("pte(m, 0x400000) = 0;", "", "tso off;")));
    let drained = with("pte(m, 0x400000) = 0;", "", "tso 2;");
    let mut run = Run::new(&drained);
    run.step(0).drain(0).software(0);
    assert!(!run.shows(Property::MissedFlush));
    // A store that gives more is no danger.
    assert!(!at_once(&with("pte(m, 0x400000) = pte(m, 0x400000) | _PAGE_ACCESSED;", "", "tso 2;")));
}

#[test]
fn an_entry_under_another_pcid_is_usable_when_that_pcid_is_loaded_without_a_flush() {
    let run_of = |back: &str| {
        machine(
            &format!(
                "global done: bool = false;
                 percpu away: bool = false;
                 sys leave(m: mm) then user(m) {{ write_cr3(m.pgd, 1, noflush); away = true; }}
                 sys back(m: mm) then user(m) {{ write_cr3(m.pgd, 0, {back}); }}
                 sys zap(m: mm) {{ until per_cpu(away, 1); {CLEAR} {CLAIM} done = true; }}"
            ),
            "machine { cpus 2; spare 0; tso off; pcid on; } mm A { 0x400000 -> page \"a\"; } mm B { }
             setup { cpu 1 { run(A); let x = load(0x400000); } }
             cpu 0 { zap(A); } cpu 1 { leave(B); until done; back(A); }",
        )
    };
    assert!(missed(&run_of("noflush"))[0]);
    assert!(!missed(&run_of("flush"))[0]);
    // The CR3 write shows it, and not the claim.
    let machine = run_of("noflush");
    everywhere(&machine, |state, enabled| {
        for &action in enabled {
            let mut events: Vec<Event> = Vec::new();
            let mut next = state.clone();
            let shown = machine.step(&mut next, action, &mut events);
            if shown.intersects(Property::MissedFlush.as_set()) {
                assert!(
                    events.iter().any(|event| matches!(event.what, What::Cr3Written { noflush: true, .. }))
                );
                assert!(events.iter().any(|event| matches!(event.what, What::StillHeld { .. })));
            }
        }
    });
}

#[test]
fn a_cpu_that_sleeps_or_is_preempted_can_use_nothing_until_it_goes_on() {
    let shown_by = |machine: &Machine, wanted: fn(&What) -> bool| {
        let (mut found, mut claimed) = ((false, false), false);
        everywhere(machine, |state, enabled| {
            for &action in enabled {
                let mut events: Vec<Event> = Vec::new();
                let mut next = state.clone();
                let shown =
                    machine.step(&mut next, action, &mut events).intersects(Property::MissedFlush.as_set());
                let away = state.cpus[1].asleep.is_some() || state.cpus[1].intruder.is_some();
                if away && events.iter().any(|event| matches!(event.what, What::Claimed { .. })) {
                    assert!(!shown, "nothing can be used at the claim");
                    claimed = true;
                }
                if shown {
                    found.0 = true;
                    found.1 |= events.iter().any(|event| wanted(&event.what));
                }
            }
        });
        assert!(claimed, "some claim is made meanwhile");
        found
    };
    let asleep = zap("", CLEAR, "", CLAIM, "cpu 1 { nap(); }");
    assert_eq!(shown_by(&asleep, |what| matches!(what, What::Woke)), (true, true));
    let preempted = zap("", CLEAR, "", CLAIM, "vmexit cpu 1;");
    assert_eq!(shown_by(&preempted, |what| matches!(what, What::CutInDone { .. })), (true, true));
}

/// CPU 1 has cached a page of the kernel through A, and has then loaded B under another PCID, without a flush.
fn of_the_kernel(mapping: &str, space: &str) -> Machine {
    machine(
        &format!(
            "sys touch() {{ let x = load(0xffff888000000000); }}
             sys other(m: mm) then user(m) {{ write_cr3(m.pgd, 1, noflush); }}
             sys zap(m: mm) {{ xchg(pte(init_mm, 0xffff888000000000), 0);
                 claim_flushed({space}, 0xffff888000000000, 0xffff888000001000); }}"
        ),
        &format!(
            "machine {{ cpus 2; spare 0; tso off; }} mm init_mm {{ 0xffff_8880_0000_0000 -> page \"k\" {mapping}; }}
             mm A {{ }} mm B {{ }} walk cpu 1 off;
             setup {{ cpu 1 {{ run(A); touch(); {} }} }} cpu 0 {{ zap(A); }}",
            if mapping.is_empty() { "" } else { "other(B);" }
        ),
    )
}

#[test]
fn a_claim_about_the_kernels_mappings_is_about_all_spaces() {
    assert!(missed(&of_the_kernel("", "init_mm"))[0]);
    assert!(missed(&of_the_kernel("", "m"))[0], "the walk began at the tables of A");
}

#[test]
fn a_global_translation_can_be_used_under_any_pcid() {
    assert!(missed(&of_the_kernel("global", "init_mm"))[0]);
}

#[test]
fn another_space_has_its_own_truth() {
    // CPU 1 has cached B's page at the same address, under another PCID or the same.
    let machine = machine(
        &format!("sys zap(m: mm) {{ {CLEAR} {CLAIM} }}"),
        "machine { cpus 2; spare 0; tso off; } mm A { 0x400000 -> page \"a\"; } mm B { 0x400000 -> page \"b\"; }
         setup { cpu 1 { run(B); let x = load(0x400000); } } cpu 0 { zap(A); } cpu 1 { load(0x400000); }",
    );
    assert_eq!(missed(&machine), [false, false]);
}

#[test]
fn a_large_translation_is_older_if_a_part_of_it_is() {
    let split = |claim: &str| {
        machine(
            &format!(
                "sys split(m: mm) {{
                     let large = pmd(m, 0x400000);
                     let table = alloc_table(m, pte);
                     table[0] = large & ~_PAGE_PSE;
                     xchg(pmd(m, 0x400000), pfn_pte(table, _PAGE_TABLE));
                     {claim}
                 }}"
            ),
            "machine { cpus 2; spare 1; tso off; } mm A { 0x400000 -> page \"a\" 2M; }
             setup { cpu 1 { run(A); let x = load(0x400000); } } cpu 0 { split(A); }",
        )
    };
    // The first 4 KiB are where they were, and nothing follows them.
    assert!(!missed(&split("claim_flushed(m, 0x400000, 0x401000);"))[0]);
    assert!(missed(&split("claim_flushed(m, 0x400000, 0x402000);"))[0]);
    assert!(missed(&split("claim_flushed(m, 0x5ff000, 0x600000);"))[0]);
    assert!(!missed(&split("claim_flushed(m, 0x600000, 0x800000);"))[0]);
}

#[test]
fn a_new_mapping_that_is_taken_away_later_is_not_what_the_claim_was_about() {
    let change = "xchg(pte(m, 0x400000), 0);";
    let later = "xchg(pte(m, 0x400000), pte(m, 0x401000)); let y = 1; xchg(pte(m, 0x400000), y - y);";
    let machine =
        zap("", change, FLUSH, &format!("{CLAIM} {later}"), "cpu 1 { until done; load(0x400000); }");
    let found = everywhere(&machine, |_, _| ());
    assert!(!found.intersects(Property::MissedFlush.as_set() | Property::MissedFlushUsed.as_set()));
    assert!(found.intersects(Property::StaleTranslation.as_set()), "that is another question");
}

#[test]
fn a_program_without_claims_records_only_where_entries_come_from() {
    let ghosts = |machine: &Machine, spaces: &[Option<u8>]| {
        everywhere(machine, |state, _| {
            let all = state
                .cpus
                .iter()
                .flat_map(|cpu| cpu.hw.tlb.iter().map(|e| e.ghost).chain(cpu.hw.psc.iter().map(|e| e.ghost)));
            for x86::Ghost { space, outdated, gfn } in all {
                assert!(!outdated && gfn.is_none() && spaces.contains(&space), "{space:?}");
            }
        });
    };
    let plain = zap("", CLEAR, FLUSH, "smp_mb();", "cpu 1 { load(0x400000); }");
    ghosts(&plain, &[Some(1), Some(2)]);
    let alone =
        machine("", "machine { cpus 1; } mm A { 0x400000 -> page \"a\"; } cpu 0 { run(A); load(0x400000); }");
    ghosts(&alone, &[None]);
}

#[test]
fn a_claim_about_no_space_is_a_bug() {
    let nobody = machine(
        "sys claim(m: mm) { claim_flushed(LOADED_MM_SWITCHING, 0, 4096); }",
        "machine { cpus 1; } mm A { } cpu 0 { claim(A); }",
    );
    assert!(possible(&nobody, Property::KernelBug));
}
