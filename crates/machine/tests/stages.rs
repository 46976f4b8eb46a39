//! What a scenario says of the beginning and of walks: pages with contents, one page in several spaces, walks that are
//! switched off.

use crate::support::*;
use x86::Owner;

#[test]
fn a_page_holds_what_the_scenario_says() {
    let machine = machine(
        "global a: int; global b: int; global c: int;
         sys look() { get(); } fn get() { let x = 0; if get_user(x, 0x400000) { return; } a = x; b = load(0x400010); c = load(0x600008); }",
        "machine { cpus 1; tso off; } mm A { 0x400000 -> page \"data\"; 0x600000 -> page \"huge\" 2M; }
         page \"data\" = 7; page \"data\"[2] = \"mine\"; page \"huge\"[1] = 9;
         setup { cpu 0 { run(A); } } cpu 0 { look(); }",
    );
    assert_eq!(outcomes(&machine, ["a", "b", "c"]), [[7, u64::from(u32::from_le_bytes(*b"mine")), 9]]);
}

/// CPU 0 writes to a page through `A`, CPU 1 reads it through `B`.
fn two_spaces(shared: &str) -> Machine {
    machine(
        "global seen: int;
         sys write() { store(0x400000, 5); }
         sys read() { seen = load(0x800000); }",
        &format!(
            "machine {{ cpus 2; tso off; }}
             mm A {{ 0x400000 -> page \"file\" {shared}; }} mm B {{ 0x800000 -> page \"file\" ro {shared}; }}
             setup {{ cpu 0 {{ run(A); }} cpu 1 {{ run(B); }} }} cpu 0 {{ write(); }} cpu 1 {{ read(); }}"
        ),
    )
}

#[test]
fn one_page_may_be_mapped_in_two_spaces() {
    assert_eq!(outcomes(&two_spaces("shared"), ["seen"]), [[0], [5]]);
    assert_eq!(outcomes(&two_spaces(""), ["seen"]), [[0]]);
    let owners = |machine: &Machine, owner: Owner| {
        let state = machine.initial();
        state.memory.frames.iter().filter(|frame| frame.owner == owner).count()
    };
    let machine = two_spaces("shared");
    assert_eq!((owners(&machine, Owner::Data), owners(&machine, Owner::User { mm: 1 })), (1, 0));
    assert!(!possible(&machine, Property::StaleAccess), "whoever maps it may use it");
}

#[test]
fn a_page_may_be_mapped_twice_in_one_space_and_by_the_kernel() {
    let machine = machine(
        "global seen: int; global direct: int;
         sys look() { store(0x400000, 3); seen = load(0x401000); direct = load(0xffff888000000000); }",
        "machine { cpus 1; tso off; }
         mm init_mm { 0xffff_8880_0000_0000 -> page \"data\" global shared; }
         mm A { 0x400000 -> page \"data\" shared; 0x401000 -> page \"data\" ro shared; }
         page \"data\"[1] = 4;
         setup { cpu 0 { run(A); } } cpu 0 { look(); }",
    );
    assert_eq!(outcomes(&machine, ["seen", "direct"]), [[3, 3]]);
}

/// CPU 1 may have cached the page before CPU 0 unmaps and frees it.
fn unmap(walks: &str) -> Machine {
    machine(
        "sys zap(m: mm) { let e = xchg(pte(m, 0x400000), 0); free_page(pte_pfn(e)); }",
        &format!(
            "machine {{ cpus 2; tso off; }} mm A {{ 0x400000 -> page \"data\"; 0x401000 -> page \"other\"; }}
             setup {{ cpu 0 {{ run(A); }} cpu 1 {{ run(A); }} }}
             {walks}
             cpu 0 {{ zap(A); }} cpu 1 {{ smp_mb(); load(0x400000); }}"
        ),
    )
}

#[test]
fn where_walks_are_off_a_cpu_walks_only_for_its_own_access() {
    let only_asked = |machine: &Machine, cpu: u8| {
        let mut walked = false;
        everywhere(machine, |state, enabled| {
            for action in enabled.iter().filter(|action| action.cpu() == cpu && action.speculative()) {
                let Action::Walk { va, .. } = action else { continue };
                assert_eq!(
                    machine.wants(state, cpu).map(|va| va.get()),
                    Some(machine.watched()[*va as usize].get())
                );
                walked = true;
            }
        });
        walked
    };
    assert!(only_asked(&unmap("walk cpu 1 off;"), 1), "it still walks for its own access");
    assert!(!only_asked(&unmap("walk cpu 0 off;"), 0), "it makes no access");
    // For one address, on all CPUs; the other address is walked as before.
    let machine = unmap("walk 0x401000 off;");
    let mut first = false;
    everywhere(&machine, |_, enabled| {
        for action in enabled {
            if let Action::Walk { va, .. } = action {
                assert_eq!(*va, 0, "nobody accesses the other one");
                first = true;
            }
        }
    });
    assert!(first);
    let states = |walks: &str| count(&unmap(walks));
    assert!(states("walk cpu 1 off;") < states(""));
    assert_eq!(states("walk cpu 1 off; walk cpu 1 on;"), states("walk cpu 1 off;"), "off is off");
}

#[test]
fn switching_walks_off_isolates_the_cause() {
    // The access itself asks for a walk, and may go through what that walk has cached: only the time before is speculation.
    let early = |walks: &str| {
        let kernel = "global gone: int;
             sys zap(m: mm) { let e = xchg(pte(m, 0x400000), 0); free_page(pte_pfn(e)); gone = 1; }
             sys wait() { until gone == 1; }";
        let machine = machine(
            kernel,
            &format!(
                "machine {{ cpus 2; tso off; }} mm A {{ 0x400000 -> page \"data\"; }}
                 setup {{ cpu 0 {{ run(A); }} cpu 1 {{ run(A); }} }}
                 {walks}
                 cpu 0 {{ zap(A); }} cpu 1 {{ wait(); load(0x400000); }}"
            ),
        );
        possible(&machine, Property::StaleAccess)
    };
    assert!(early("") && early("walk cpu 0 off;"));
    assert!(!early("walk cpu 1 off;") && !early("walk 0x400000 off;"));
}

#[test]
fn cpus_that_walk_differently_are_not_interchangeable() {
    let pair = |walks: &str| {
        let scenario = format!(
            "machine {{ cpus 3; tso off; }} mm A {{ 0x400000 -> page \"data\"; }} {walks}
             cpu 1 {{ run(A); }} cpu 2 {{ run(A); }}"
        );
        machine("", &scenario).interchangeable().to_vec()
    };
    assert_eq!(pair(""), [0b110]);
    assert_eq!(pair("walk cpu 1 off; walk cpu 2 off;"), [0b110]);
    assert_eq!(pair("walk 0x400000 off;"), [0b110]);
    assert_eq!(pair("walk cpu 2 off;"), []);
}
