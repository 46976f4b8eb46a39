//! NMIs, and the host of a virtual machine: what comes whether or not interrupts are on.

use crate::support::*;

const NMI: Action = Action::Nmi { cpu: 1 };
const VM_EXIT: Action = Action::VmExit { cpu: 1 };

const KERNEL: &str = "global hits: int = 0; global n: int = 0; percpu own: int = 0;
    ipi ping() { inc_return(hits); }
    sys off() { local_irq_disable(); inc_return(n); local_irq_enable(); }
    sys send() { ipi ping() to {1} and wait; }
    sys sleep() { mwait_c6(); inc_return(n); }
    sys twice() { own = 1; own = own + 1; own = own + 1; inc_return(n); }
    nmi note() { inc_return(hits); own = 0; }
    vmexit host() { inc_return(hits); inc_return(hits); }";

fn with(scenario: &str) -> Machine {
    machine(KERNEL, scenario)
}

#[test]
fn an_nmi_comes_with_interrupts_off_and_in_a_handler_but_not_in_itself() {
    let machine = with("nmi cpu 1; nmi cpu 1; cpu 0 { send(); } cpu 1 { off(); }");
    let mut run = Run::new(&machine);
    assert!(!run.can(Action::Nmi { cpu: 0 }), "only where the scenario lets it come");
    run.step(1);
    assert!(!run.state.cpus[1].interruptible());
    run.take(NMI);
    assert!(!run.can(NMI), "not in itself");
    run.step(1).step(1);
    assert!(run.state.cpus[1].intruder.is_none() && !run.state.cpus[1].irqs_on, "as it was before");
    run.step(1).step(1).step(0).take(Action::Interrupt { cpu: 1 }).take(NMI);
    assert!(run.state.cpus[1].handler.is_some(), "the IPI's handler waits below");
    run.step(1).step(1).step(1).step(1);
    assert_eq!(run.global("hits"), 3);
    assert!(!run.can(NMI), "two have come");
}

#[test]
fn it_may_come_or_not() {
    let machine = with("nmi cpu 1; cpu 1 { off(); }");
    assert_eq!(outcomes(&machine, ["hits"]), [[0], [1]]);
    assert!(!possible(&machine, Property::Deadlock));
}

#[test]
fn it_cuts_in_between_two_accesses_to_what_its_handler_touches() {
    let copied = "sys copy() { own = 1; n = own; }";
    let values = |nmi: &str| {
        let machine = machine(&format!("{KERNEL} {copied}"), &format!("{nmi} cpu 1 {{ copy(); }}"));
        outcomes(&machine, ["n"])
    };
    assert_eq!(values(""), [[1]]);
    assert_eq!(values("nmi cpu 1;"), [[0], [1]]);
}

#[test]
fn its_accesses_are_the_kernels_and_go_through_the_tables_that_are_loaded() {
    let kernel = "global seen: int = 0; nmi peek() { let word = load(0xffff888000000000); seen = word; }";
    let scenario =
        "mm init_mm { 0xffff888000000000 -> page \"kernel data\"; } mm A { 0x400000 -> page \"a\"; }
        nmi cpu 1; setup { cpu 1 { run(A); } } cpu 1 { load(0x400000); }";
    let machine = machine(kernel, scenario);
    let mut run = Run::new(&machine);
    run.take(NMI);
    assert_eq!(run.machine.wants(&run.state, 1).map(x86::VirtAddr::get), Some(0xffff_8880_0000_0000));
    run.walk_all(1);
    assert!(run.can(Action::Access { cpu: 1, copy: 0 }), "a user program could not");
    run.take(Action::Access { cpu: 1, copy: 0 });
    assert!(!run.shows(Property::PageFault));
}

#[test]
fn it_ends_sleep_and_the_host_does_not() {
    let machine = with("nmi cpu 1; vmexit cpu 1; cpu 1 { sleep(); }");
    let mut run = Run::new(&machine);
    run.step(1).take(VM_EXIT).step(1).step(1).step(1);
    assert!(run.state.cpus[1].asleep.is_some());
    run.take(NMI);
    assert!(run.state.cpus[1].asleep.is_none());
    run.step(1).step(1).step(1);
    assert_eq!(run.global("n"), 1, "the operation after the sleep, and not the sleep again");
}

#[test]
fn a_preempted_cpu_walks_nothing_takes_no_ipi_and_keeps_what_it_has() {
    let machine = with(
        "mm A { 0x400000 -> page \"a\"; 0x401000 -> page \"b\"; } vmexit cpu 1; \
                        setup { cpu 1 { run(A); } } cpu 0 { send(); }",
    );
    let mut run = Run::new(&machine);
    let walk = run.walks(1)[0];
    run.take(walk);
    let cached = run.cached(1);
    assert!(cached.1 == 1 && !run.walks(1).is_empty(), "there is more to walk");
    run.take(VM_EXIT).step(0);
    assert!(run.walks(1).is_empty() && !run.can(Action::Interrupt { cpu: 1 }));
    assert_eq!((run.cached(1), run.blocked(0)), (cached, Some(Blocked::IpisNotHandled)));
    run.step(1).step(1).step(1);
    assert!(run.can(Action::Interrupt { cpu: 1 }) && !run.walks(1).is_empty(), "it runs again");
}

#[test]
fn a_grace_period_waits_for_an_nmi() {
    let kernel = "nmi note() { } sys free() { free_page_rcu(alloc_page()); }";
    let machine = machine(kernel, "machine { cpus 2; tso off; } nmi cpu 1; cpu 0 { free(); }");
    let mut run = Run::new(&machine);
    run.take(NMI).step(0).step(0);
    assert_eq!(run.state.rcu.len(), 1);
    run.step(1);
    assert!(run.state.rcu.is_empty());
}

#[test]
fn states_with_them_are_packed_and_unpacked() {
    let machine = with("nmi cpu 1; nmi cpu 1; vmexit cpu 1; cpu 0 { send(); } cpu 1 { twice(); }");
    everywhere(&machine, |state, _| {
        let mut packed = Vec::new();
        machine.pack(state, &mut packed);
        assert_eq!(machine.unpack(&packed), *state);
    });
}
