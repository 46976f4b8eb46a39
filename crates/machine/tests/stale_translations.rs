//! `stale_translation`: an access through a translation that the page tables of CR3 do not give.

use crate::support::*;

/// CPU 1 has used a page; CPU 0 changes its entry; CPU 1 uses it again, with or without a flush in between.
fn change(new: &str, access: &str, flush: &str) -> Machine {
    machine(
        &format!(
            "global done: bool = false;
             ipi flush(va: va) {{ {flush} }}
             sys change(m: mm) {{
                 let old = pte(m, 0x400000);
                 xchg(pte(m, 0x400000), {new});
                 ipi flush(0x400000) to online - {{cpu}} and wait;
                 done = true;
             }}"
        ),
        &format!(
            "machine {{ cpus 2; tso off; }} mm A {{ 0x400000 -> page \"a\"; 0x401000 -> page \"b\"; }}
             setup {{ cpu 1 {{ run(A); let x = load(0x400000); }} }}
             cpu 0 {{ change(A); }} cpu 1 {{ until done; {access} }}"
        ),
    )
}

const FLUSH: &str = "invlpg(va);";
const NO_FLUSH: &str = "if va == 1 { smp_mb(); }";

fn shows(new: &str, access: &str, flush: &str) -> [bool; 2] {
    let found = everywhere(&change(new, access, flush), |_, _| ());
    [Property::StaleTranslation, Property::StaleAccess].map(|property| found.intersects(property.as_set()))
}

#[test]
fn h16_a_translation_that_memory_no_longer_gives_may_be_used_until_it_is_flushed() {
    for new in [
        // Absent, another frame, fewer rights.
        "0",
        "pte(m, 0x401000)",
        "old & ~_PAGE_RW",
        "old & ~_PAGE_USER",
    ] {
        for access in ["load(0x400000);", "store(0x400000, 1);"] {
            // A load needs no right to write.
            let stale = !(new == "old & ~_PAGE_RW" && access.starts_with("load"));
            // No frame has been freed: `stale_access` is about something else.
            assert_eq!(shows(new, access, NO_FLUSH), [stale, false], "{new}, {access}");
            assert_eq!(shows(new, access, FLUSH), [false, false], "{new}, {access}, flushed");
        }
    }
    // Only the frame and the rights of an entry count.
    assert_eq!(shows("old | _PAGE_ACCESSED", "load(0x400000);", NO_FLUSH), [false, false]);
}

#[test]
fn a_store_that_is_still_buffered_has_not_changed_the_tables() {
    let machine = machine(
        "sys change(m: mm) { pte(m, 0x400000) = 0; }",
        "machine { cpus 1; tso 2; walk_sees_own_stores no; } mm A { 0x400000 -> page \"a\"; }
         setup { cpu 0 { run(A); let x = load(0x400000); } } cpu 0 { change(A); load(0x400000); }",
    );
    let mut run = Run::new(&machine);
    run.step(0).take(Action::Access { cpu: 0, copy: 0 });
    assert!(!run.shows(Property::StaleTranslation), "the old entry is in memory");
    let mut run = Run::new(&machine);
    run.step(0).drain(0).take(Action::Access { cpu: 0, copy: 0 });
    assert!(run.shows(Property::StaleTranslation), "the old entry is gone");
}

#[test]
fn another_spaces_frame_is_stale_under_a_pcid_that_was_given_twice() {
    let machine = machine(
        "sys again(m: mm) then user(m) { write_cr3(m.pgd, 0, noflush); }",
        "machine { cpus 1; tso off; } mm A { 0x400000 -> page \"a\"; } mm B { 0x400000 -> page \"b\"; }
         setup { cpu 0 { run(A); let x = load(0x400000); } } cpu 0 { again(B); load(0x400000); }",
    );
    assert!(possible(&machine, Property::StaleTranslation));
    assert!(possible(&machine, Property::ForeignAccess));
    assert!(!possible(&machine, Property::StaleAccess));
}

#[test]
fn a_page_that_two_spaces_share_is_foreign_to_neither() {
    // The one takes it away, and has not flushed; the other one goes on to map it.
    let stale = |setup: &str| {
        machine(
            "global done: bool = false;
             sys take(m: mm) { xchg(pte(m, 0x400000), 0); done = true; }
             sys again(m: mm) then user(m) { write_cr3(m.pgd, 0, noflush); }",
            &format!(
                "machine {{ cpus 2; tso off; }} mm A {{ 0x400000 -> page \"p\"; }} mm B {{ 0x400000 -> page \"p\"; }}
                 setup {{ cpu 0 {{ run(B); }} cpu 1 {{ {setup} let x = load(0x400000); }} }}
                 cpu 0 {{ take(A); }} cpu 1 {{ again(A); until done; load(0x400000); }}"
            ),
        )
    };
    let own = stale("run(A);");
    assert!(possible(&own, Property::StaleTranslation));
    assert!(!possible(&own, Property::ForeignAccess), "it is the program's own translation");
    let others = stale("run(B);");
    assert!(possible(&others, Property::ForeignAccess), "it is the other one's");
}

/// Where a text claims to have flushed, it is also noted of these in whose space they were found: that makes them nobody's either.
#[test]
fn the_kernels_mappings_are_nobodys() {
    for claim in ["", "claim_flushed(m, 0x400000, 0x401000);"] {
        let machine = machine(
            &format!(
                "global done: bool = false;
                 sys take(m: mm) {{ xchg(pte(m, 0xffff800000000000), 0); {claim} done = true; }}
                 sys again(m: mm) then user(m) {{ write_cr3(m.pgd, 0, noflush); }}
                 sys look() {{ until done; let x = load(0xffff800000000000); }}"
            ),
            "machine { cpus 2; tso off; } mm init_mm { 0xffff800000000000 -> page \"k\"; }
             mm A { 0x400000 -> page \"a\"; } mm B { 0x400000 -> page \"b\"; }
             setup { cpu 0 { run(A); } cpu 1 { run(B); } }
             cpu 0 { take(A); } cpu 1 { again(A); look(); }",
        );
        assert!(possible(&machine, Property::StaleTranslation), "{claim}");
        assert!(!possible(&machine, Property::ForeignAccess), "{claim}");
    }
}

#[test]
fn it_is_no_violation_by_itself() {
    assert!(!VIOLATION.intersects(Property::StaleTranslation.as_set()));
}
