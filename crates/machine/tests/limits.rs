//! The limits of a machine: no text makes a state that grows without end, and a search that reached such a limit
//! never says "never".

use crate::support::*;
use explore::{Bound, Completeness, Limits};

const ENDLESS: &str = "ipi ping(n: int) { }
    sys off() { local_irq_disable(); }
    sys on() { local_irq_enable(); }
    sys ipis() { while true { ipi ping(1) to {1}; } }
    sys broadcasts() { while true { invlpgb_flush_all_nosync(); } }";

const SCENARIO: &str = "machine { cpus 2; vendor amd; tso 0; } cpu 1 { off(); on(); }";

fn waiting(run: &Run<'_>) -> usize {
    let cpus = run.state.cpus.iter();
    cpus.map(|cpu| cpu.pending.len().max(cpu.broadcasts.len())).max().unwrap_or_default()
}

#[test]
fn a_queue_has_an_end_and_the_sender_waits() {
    for endless in ["ipis", "broadcasts"] {
        let machine = machine(ENDLESS, &format!("{SCENARIO} cpu 0 {{ {endless}(); }}"));
        let mut run = Run::new(&machine);
        run.step(1);
        for _ in 0..MOST_WAITING {
            run.step(0);
            assert!(!run.properties.intersects(BEYOND));
        }
        assert_eq!(waiting(&run), MOST_WAITING);
        let full = run.state.clone();
        run.step(0);
        assert!(run.properties.intersects(BEYOND), "the step says that more could happen");
        assert!(matches!(run.events[..], [What::NoRoom { .. }]), "{:?}", run.events);
        assert_eq!(run.state, full, "and changes nothing");
        assert!(!run.properties.intersects(VIOLATION), "a limit of the model is no fault of the kernel's");
        // It continues as soon as a queue has space.
        match endless {
            "ipis" => run.step(1).take(Action::Interrupt { cpu: 1 }),
            _ => run.take(Action::Broadcast { cpu: 0 }).take(Action::Broadcast { cpu: 1 }),
        };
        run.step(0);
        assert_eq!(waiting(&run), MOST_WAITING);
    }
}

/// CPU 0 sends some IPIs, which no CPU takes; then a warning fires.
fn many(ipis: usize) -> Machine {
    machine(
        "ipi ping(n: int) { }
         sys off() { local_irq_disable(); }
         sys sends(n: int) { for i in 0 .. n { ipi ping(1) to {1}; } WARN_ON_ONCE(true); }",
        &format!(
            "machine {{ cpus 2; tso 0; }} setup {{ cpu 1 {{ off(); }} }} cpu 0 {{ sends({ipis}); }}
             expect sometimes kernel_warning; expect never kernel_warning; expect always kernel_warning;
             expect never deadlock;"
        ),
    )
}

#[test]
fn behind_a_full_queue_nothing_is_never_and_nothing_is_always() {
    let verdicts = |machine: &Machine| {
        let mut check = Check::new(machine, Limits::default());
        check.run_to_end();
        let verdicts: Vec<Verdict> =
            machine.program().expectations.iter().map(|expectation| check.verdict(expectation)).collect();
        (check.progress().completeness, verdicts)
    };
    use Verdict::{Failed, Met, Open};
    let (complete, known) = verdicts(&many(MOST_WAITING));
    assert_eq!(complete, Completeness::Complete);
    assert_eq!(known[..4], [Met, Failed, Met, Met]);
    let (bounded, open) = verdicts(&many(MOST_WAITING + 1));
    assert_eq!(bounded, Completeness::Bounded(Bound::System));
    assert_eq!(
        open[..4],
        [Open, Open, Open, Open],
        "the warning fires, though the model does not come to it"
    );
}

/// An action names a copy by a number below 256. A step that leaves more copies for an address says that more could happen.
#[test]
fn more_copies_than_actions_tell_apart_are_said() {
    let machine = machine(
        "",
        "machine { cpus 1; } mm A { 0x400000 -> page \"data\"; } setup { cpu 0 { run(A); } }
         cpu 0 { load(0x400000); }",
    );
    let mut full = Run::new(&machine);
    full.walk_all(0);
    let hw = &full.state.cpus[0].hw;
    // What the step of a walk from CR3 caches.
    let top = hw.psc.iter().max_by_key(|entry| entry.level).expect("it has walked");
    let (pointer, translation) = (*top, hw.tlb[0]);
    for others in [MOST_COPIES - 1, MOST_COPIES] {
        for of_tlb in [true, false] {
            // The greatest number of other copies, and then what a walk finds.
            let mut run = Run::new(&machine);
            let hw = &mut run.state.cpus[0].hw;
            for n in 0..others as u64 {
                match of_tlb {
                    true => hw.insert_tlb(x86::TlbEntry { pfn: x86::Pfn(0x5000 + n), ..translation }),
                    false => hw.insert_psc(x86::PscEntry { table: x86::Pfn(0x5000 + n), ..pointer }),
                };
            }
            let from = match of_tlb {
                true => From::Psc { level: x86::Level::Pd, copy: 0 },
                false => From::Cr3,
            };
            if of_tlb {
                run.state.cpus[0].hw.psc = full.state.cpus[0].hw.psc.clone();
            }
            run.take(Action::Walk { cpu: 0, va: 0, from, own: false });
            let hw = &run.state.cpus[0].hw;
            let walked = match of_tlb {
                true => hw.tlb.len(),
                false => hw.psc.iter().filter(|entry| entry.level == pointer.level).count(),
            };
            assert_eq!(walked, others + 1);
            assert_eq!(run.properties.intersects(BEYOND), others == MOST_COPIES, "{others} {of_tlb}");
            assert_eq!(of_tlb, run.can(Action::Access { cpu: 0, copy: u8::MAX }));
        }
    }
}

fn refused(kernel: &str, scenario: &str) -> MachineRefusal {
    let kernel = format!("kernel \"k\" {{ {kernel} }}");
    let scenario = format!("scenario \"s\" {{ use kernel \"k\" {scenario} expect never violation; }}");
    let compiled = lang::compile(&scenario, &[("k", kernel.as_str())], &lang::Selection::default());
    let program = compiled.program.unwrap_or_else(|| panic!("{:#?}", compiled.diagnostics));
    Machine::new(program).expect_err("it can't be set up")
}

#[test]
fn set_up_ends_soon_or_is_refused() {
    // Each step is one of 100,000 that would be allowed, with 65,536 silent operations.
    let bomb = "sys u() { while true { smp_mb(); for i in 0 .. 13000 { } } }";
    let scenario = "machine { cpus 1; } setup { cpu 0 { u(); } } cpu 0 { u(); }";
    assert_eq!(refused(bomb, scenario), MachineRefusal::SetupTooLong { cpu: 0 });
    let endless = "global g: int = 0; sys u() { while true { g = g + 1; } }";
    assert_eq!(refused(endless, scenario), MachineRefusal::SetupTooLong { cpu: 0 });
    let waits = "global g: int = 0; sys u() { until (g == 1); }";
    assert_eq!(refused(waits, scenario), MachineRefusal::SetupStuck { cpu: 0 });
}

#[test]
fn all_searches_of_a_check_keep_to_one_bound_on_memory() {
    let machine = machine(
        "global g: int = 0; sys counts(n: int) { for i in 0 .. n { g = i; } WARN_ON_ONCE(true); }",
        "machine { cpus 2; } cpu 0 { counts(40); } cpu 1 { counts(40); }
         expect always kernel_warning; expect always corruption; expect always violation;",
    );
    let mut whole = Check::new(&machine, Limits { symmetry: false, ..Limits::default() });
    whole.run_to_end();
    let first = &machine.program().expectations[0];
    assert_eq!(whole.verdict(first), Verdict::Met);
    // Enough for the first search, but not for a second one of the same size.
    let bytes = whole.progress().bytes * 3 / 2;
    let mut check = Check::new(&machine, Limits { bytes, symmetry: false, ..Limits::default() });
    let mut most = 0;
    while check.run(64) {
        most = most.max(check.progress().bytes);
    }
    assert_eq!(check.progress().completeness, Completeness::Complete);
    assert!(most < bytes + bytes / 10, "{most} of {bytes}");
    assert_eq!(check.verdict(first), Verdict::Open);
}

/// In a guest an action tells fewer copies apart: of the root's mapping, of the mapping of what a step finds, and of
/// pointers.
#[test]
fn more_copies_in_a_guest_than_actions_tell_apart_are_said() {
    let machine = machine(
        "sys enter(m: mm, g: mm) then user(m) { vmptrld(m, g, 1); vmresume(); } exit handle_exit() { }",
        "machine { cpus 1; tso 0; pcid off; pge off; } guest G; mm A in G { 0x400000 -> page \"data\" at 0x5000; }
         cpu 0 { enter(A, G); load(0x400000); }",
    );
    let mut full = Run::new(&machine);
    full.software(0).walk_all(0);
    assert!(!full.properties.intersects(BEYOND));
    let hw = full.state.cpus[0].hw.clone();
    let root = x86::gpa(hw.cr3.root).expect("a root");
    let page = x86::gpa(x86::Pfn(5)).expect("a page");
    let of_root = *hw.guest_physical(root).next().expect("cached");
    let of_page = *hw.guest_physical(page).next().expect("cached");
    let pointer = *hw.structures(machine.watched()[0]).next().expect("cached");
    let (mut said, mut not) = (0, 0);
    for (most, which) in [(8, 0), (16, 1), (16, 2)] {
        for copies in [most, most + 1] {
            let mut run = Run::new(&machine);
            run.state = full.state.clone();
            let hw = &mut run.state.cpus[0].hw;
            for n in 1..copies as u64 {
                match which {
                    0 => hw.insert_tlb(x86::TlbEntry { pfn: x86::Pfn(0x5000 + n), ..of_root }),
                    1 => hw.insert_tlb(x86::TlbEntry { pfn: x86::Pfn(0x5000 + n), ..of_page }),
                    _ => hw.insert_psc(x86::PscEntry { table: x86::Pfn(0x5000 + n), ..pointer }),
                };
            }
            // A step that fills: a walk that has been made is made again.
            let gone =
                hw.tlb.iter().position(|entry| entry.space.kind == x86::SpaceKind::Combined).expect("one");
            hw.tlb.remove(gone);
            let walk = run.walks(0).into_iter().find(|action| {
                let mut after = run.state.clone();
                machine.step(&mut after, *action, &mut ());
                after.cpus[0].hw.tlb.len() > run.state.cpus[0].hw.tlb.len()
            });
            run.take(walk.expect("a walk that finds the page"));
            assert_eq!(run.properties.intersects(BEYOND), copies > most, "{copies} of {which}");
            if copies > most { said += 1 } else { not += 1 }
        }
    }
    assert_eq!((said, not), (3, 3));
}
