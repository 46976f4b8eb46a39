//! CPUs that have nothing to do: no block, or a block that is over. They do nothing, for ever.

use crate::support::*;

/// None of these blocks ends, so the program's last `Halt` is the only one.
const FOREVER: &str = "
    global g: int = 0;
    sys shared() { inc_return(g); until g == 1; while true { smp_mb(); } }
    sys counting() { let n = 0; while true { n = n + 1; g = n; } }";

#[test]
fn a_cpu_without_a_block_does_nothing_where_no_other_block_ends() {
    let machine = machine(FOREVER, "machine { cpus 3; } cpu 1 { shared(); }");
    let properties = everywhere(&machine, |state, enabled| {
        assert!(enabled.iter().all(|action| action.cpu() == 1), "{enabled:?}");
        assert!(state.cells[0] <= 1, "the block runs on one CPU");
    });
    // The one block goes round in a loop that changes nothing: that is a deadlock.
    assert_eq!(properties, Property::Deadlock.as_set());
}

#[test]
fn a_cpu_without_a_block_needs_no_registers_of_another_ones_code() {
    let machine = machine(FOREVER, "machine { cpus 2; } cpu 0 { counting(); }");
    let mut run = Run::new(&machine);
    for _ in 0..20 {
        assert!(run.enabled().iter().all(|action| action.cpu() == 0), "{:?}", run.enabled());
        let action = run.enabled()[0];
        run.take(action);
    }
}

#[test]
fn a_cpu_with_a_block_of_set_up_alone_does_nothing_afterwards() {
    let machine = machine(
        FOREVER,
        "machine { cpus 2; } setup { cpu 1 { inc_return(g); } } cpu 0 { while true { smp_mb(); } }",
    );
    assert_eq!(machine.initial().cells, [1]);
    everywhere(&machine, |_, enabled| assert!(enabled.iter().all(|action| action.cpu() == 0)));
}

#[test]
fn every_step_reports_something_whether_or_not_it_had_anything_to_do() {
    let machine = machine(
        "global f: frame;
        percpu p: int = 0;
        ipi nothing() { }
        sys all() {
            invlpg(0x800000000000); invlpg(0x400000); invlpg(0x400000);
            ipi nothing() to {}; wait_ipis; ipi nothing() to {1}; wait_ipis;
            invlpgb_flush_user_nr_nosync(0, 0x400000, 1, true); tlbsync();
            local_irq_enable(); toggle_pge(); smp_mb();
            write_cr3(init_mm.pgd, 0, noflush); invpcid_flush_all();
            cmpxchg(f, alloc_page(), f); free_page_rcu(f); p = 1; mwait_c1();
        }",
        "machine { cpus 2; vendor amd; tso 1; } mm A { } cpu 0 { run(A); all(); } cpu 1 { kthread(); }",
    );
    let mut steps = 0;
    everywhere(&machine, |state, enabled| {
        for &action in enabled {
            let mut events: Vec<Event> = Vec::new();
            machine.step(&mut state.clone(), action, &mut events);
            assert!(!events.is_empty(), "{action:?} reports nothing in {state:?}");
            steps += 1;
        }
    });
    assert!(steps > 20, "{steps}");
}
