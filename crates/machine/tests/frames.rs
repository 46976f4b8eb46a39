//! The allocator, and when a frame given to RCU comes back.

use crate::support::*;
use x86::Owner;

/// CPU 0 frees its page after a grace period and asks for it back; CPU 1 has interrupts off meanwhile, or not.
fn grace(cpu1: &str) -> Machine {
    machine(
        "global page: frame = none;
         sys make() { page = alloc_page(); smp_mb(); }
         sys drop() { free_page_rcu(page); page = alloc_page(); smp_mb(); }
         sys off() { local_irq_disable(); }
         sys on() { local_irq_enable(); }
         sys both() { local_irq_disable(); local_irq_enable(); }
         sys nap() { mwait_c1(); }",
        &format!(
            "machine {{ cpus 2; spare 1; }} setup {{ cpu 0 {{ make(); }} }} cpu 0 {{ drop(); }} cpu 1 {{ {cpu1} }}"
        ),
    )
}

/// Up to where CPU 0 has queued the page.
fn queue(run: &mut Run<'_>) {
    while run.state.rcu.is_empty() && run.state.free.is_empty() {
        run.step(0);
    }
}

#[test]
fn with_interrupts_on_everywhere_a_grace_period_is_over_at_once() {
    let machine = grace("");
    let mut run = Run::new(&machine);
    queue(&mut run);
    assert!(run.state.rcu.is_empty());
    assert_eq!(run.state.free.len(), 1);
    assert!(matches!(run.events[..], [.., What::FreeQueued { waiting: 0, .. }, What::Freed { .. }]));
}

#[test]
fn a_cpu_with_interrupts_off_holds_up_a_grace_period_until_it_switches_them_on() {
    let machine = grace("off(); on();");
    let mut run = Run::new(&machine);
    run.step(1);
    queue(&mut run);
    assert_eq!(run.state.rcu[0].waiting, 0b10);
    assert_eq!(run.blocked(0), Some(Blocked::NoFreeFrame));
    run.step(1);
    assert!(run.state.rcu.is_empty());
    assert_eq!(run.blocked(0), None);
}

#[test]
fn a_cpu_that_switches_them_off_later_is_not_waited_for() {
    let machine = grace("off(); on();");
    let mut run = Run::new(&machine);
    queue(&mut run);
    run.step(1);
    assert!(run.state.rcu.is_empty() && run.blocked(0).is_none());
}

#[test]
fn switching_them_off_again_does_not_take_a_quiescent_state_back() {
    // Interrupts are off when the page is queued, then on, then off for ever.
    let machine = grace("off(); on(); off();");
    let mut run = Run::new(&machine);
    run.step(1);
    queue(&mut run);
    run.step(1).step(1);
    assert!(run.state.rcu.is_empty());
    // A CPU that never enables interrupts again is waited for for ever.
    assert!(possible(&grace("off();"), Property::Deadlock));
    assert!(!possible(&grace("off(); on();"), Property::Deadlock));
}

#[test]
fn an_idle_cpu_and_a_sleeping_one_hold_up_nothing() {
    let machine = grace("nap();");
    let mut run = Run::new(&machine);
    run.step(1);
    assert!(run.state.cpus[1].asleep.is_some());
    queue(&mut run);
    assert!(run.state.rcu.is_empty());
}

#[test]
fn a_handler_holds_up_a_grace_period_until_it_ends() {
    let machine = machine(
        "global page: frame = none; global n: int = 0;
         ipi poke() { inc_return(n); }
         sys make() { page = alloc_page(); smp_mb(); }
         sys drop() { ipi poke() to {1}; free_page_rcu(page); }",
        "machine { spare 1; } setup { cpu 0 { make(); } } cpu 0 { drop(); }",
    );
    let mut run = Run::new(&machine);
    run.step(0).take(Action::Interrupt { cpu: 1 });
    queue(&mut run);
    assert_eq!(run.state.rcu[0].waiting, 0b10);
    run.step(1);
    assert!(!run.state.rcu.is_empty(), "in the middle of it");
    run.step(1);
    assert!(run.state.rcu.is_empty());
}

#[test]
fn a_frame_that_waits_keeps_its_owner_and_is_not_stale_before_it_is_freed() {
    let machine = machine(
        "sys zap(m: mm) {
             let page = pte_pfn(xchg(pte(m, 0x400000), 0));
             free_page_rcu(page);
         }
         sys off() { local_irq_disable(); } sys on() { local_irq_enable(); }",
        "machine { cpus 3; spare 0; } mm A { 0x400000 -> page \"data\"; }
         setup { cpu 1 { run(A); } } cpu 0 { zap(A); } cpu 1 { load(0x400000); } cpu 2 { off(); on(); }",
    );
    let mut run = Run::new(&machine);
    run.walk_all(1).step(2).software(0);
    let frame = run.state.rcu[0].frame as usize;
    assert_eq!(run.state.memory.frames[frame].owner, Owner::User { mm: 1 });
    let provenance = |run: &Run<'_>| run.state.cpus[1].hw.tlb[0].provenance;
    assert_eq!(provenance(&run), x86::Provenance::Sound);
    run.step(2);
    assert_eq!(run.state.memory.frames[frame].owner, Owner::Free);
    assert_eq!(provenance(&run), x86::Provenance::Dangling);
    run.take(Action::Access { cpu: 1, copy: 0 });
    assert!(run.shows(Property::StaleAccess));
}

#[test]
fn the_frame_freed_last_is_handed_out_first_and_keeps_what_is_in_it() {
    let machine = machine(
        "sys p() {
             let a = alloc_page(); let b = alloc_page();
             a[3] = 7; smp_mb();
             free_page(b); free_page(a);
             let c = alloc_page();
             BUG_ON(c != a || c[3] != 7);
             free_page(c);
             let t = alloc_table(init_mm, pte);
             BUG_ON(t != a || t[3] != 0);
             WARN_ON_ONCE(!is_page_table(t));
         }",
        "machine { cpus 1; spare 2; } cpu 0 { p(); }",
    );
    let properties = everywhere(&machine, |_, _| ());
    assert!(!properties.intersects(VIOLATION), "{properties:?}");
}

#[test]
fn an_allocation_waits_while_there_is_no_frame() {
    let text = "global page: frame = none;
        sys take() { page = alloc_page(); smp_mb(); } sys again() { let p = alloc_page(); p[0] = 1; }
        sys give() { free_page(page); }";
    let machine = machine(
        text,
        "machine { spare 1; } setup { cpu 0 { take(); } } cpu 0 { again(); } cpu 1 { give(); }",
    );
    let mut run = Run::new(&machine);
    assert_eq!(run.blocked(0), Some(Blocked::NoFreeFrame));
    run.software(1);
    assert_eq!(run.blocked(0), None);
}

#[test]
fn freeing_a_frame_twice_is_a_bug_however_it_is_freed() {
    for (first, second) in
        [("free_page", "free_page"), ("free_page", "free_page_rcu"), ("free_page_rcu", "free_page")]
    {
        let text = format!("sys p() {{ let a = alloc_page(); {first}(a); {second}(a); }}");
        assert!(possible(&machine(&text, "cpu 0 { p(); }"), Property::KernelBug), "{first} {second}");
    }
    // Freed while it still waits for a grace period.
    for second in ["free_page", "free_page_rcu"] {
        let text = format!(
            "sys p() {{ let a = alloc_page(); local_irq_disable(); free_page_rcu(a); {second}(a); local_irq_enable(); }}"
        );
        let machine = machine(&text, "cpu 0 { p(); }");
        let mut run = Run::new(&machine);
        run.step(0).step(0).step(0);
        assert_eq!((run.state.rcu.len(), run.shows(Property::KernelBug)), (1, false), "{second}");
        run.step(0);
        assert_eq!((run.state.rcu.len(), run.shows(Property::KernelBug)), (1, true), "{second}");
    }
    let text = "sys p() { let a = alloc_page(); free_page(a); }";
    assert!(!possible(&machine(text, "cpu 0 { p(); }"), Property::KernelBug));
}

/// The order in which three frames are handed out again after they were freed one after the other, for each allocator.
#[test]
fn the_machine_says_which_free_frame_is_handed_out() {
    let orders = |alloc: &str| {
        let machine = machine(
            "global one: int; global two: int; global three: int;
             fn number(f: frame, a: frame, b: frame) -> int {
                 if f == a { return 1; }
                 if f == b { return 2; }
                 return 3;
             }
             sys p() {
                 let a = alloc_page(); let b = alloc_page(); let c = alloc_page();
                 free_page(a); free_page(b); free_page(c);
                 one = number(alloc_page(), a, b);
                 two = number(alloc_page(), a, b);
                 three = number(alloc_page(), a, b);
             }",
            &format!("machine {{ cpus 1; tso off; spare 3; alloc {alloc}; }} cpu 0 {{ p(); }}"),
        );
        outcomes(&machine, ["one", "two", "three"])
    };
    assert_eq!(orders("last"), [[3, 2, 1]]);
    assert_eq!(orders("first"), [[1, 2, 3]]);
    assert_eq!(orders("any"), [[1, 2, 3], [1, 3, 2], [2, 1, 3], [2, 3, 1], [3, 1, 2], [3, 2, 1]]);
}

#[test]
fn free_frames_of_which_any_may_be_next_are_a_set() {
    let of = |frees: &str| {
        let machine = machine(
            &format!("sys p() {{ let a = alloc_page(); let b = alloc_page(); {frees} }}"),
            "machine { cpus 1; tso off; spare 2; alloc any; } cpu 0 { p(); }",
        );
        let mut lists = Vec::new();
        everywhere(&machine, |state, _| lists.push(state.free.clone()));
        lists.retain(|free| free.len() == 2);
        lists.dedup();
        lists
    };
    assert_eq!(of("free_page(a); free_page(b);"), of("free_page(b); free_page(a);"));
    assert_eq!(of("free_page(a); free_page(b);").len(), 1);
}

#[test]
fn an_allocation_with_a_choice_names_its_frame() {
    let text = "sys p() { let a = alloc_page(); a[0] = 1; }";
    let machine = machine(text, "machine { cpus 1; spare 2; alloc any; } cpu 0 { p(); }");
    let mut run = Run::new(&machine);
    let [lower, upper] = run.enabled()[..] else { panic!("{:?}", run.enabled()) };
    let Action::Allocate { frame, .. } = upper else { panic!("{upper:?}") };
    assert!(!run.can(Action::Step { cpu: 0 }) && lower < upper);
    run.take(upper);
    assert!(matches!(run.events[0], What::Allocated { frame: taken, .. } if taken == frame));
    assert_eq!(run.state.free.len(), 1);
}
