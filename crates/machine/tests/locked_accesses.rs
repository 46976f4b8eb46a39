//! Locked operations on user memory: through the MMU, as a store, and on memory itself.

use crate::support::*;

/// One CPU on `A`: 0x400000 may be written and holds 6, 0x401000 is read-only.
fn one(kernel: &str, block: &str) -> Machine {
    machine(
        &format!("{G} {kernel}"),
        &format!(
            "machine {{ cpus 1; }} mm A {{ 0x400000 -> page \"data\"; 0x401000 -> page \"code\" ro; }}
             setup {{ cpu 0 {{ run(A); store(0x400000, 6); }} }} cpu 0 {{ {block} inc_return(g); }}"
        ),
    )
}

#[test]
fn each_gives_what_it_gives_on_a_variable() {
    for (operation, gives, leaves) in [
        ("xchg(mem(0x400000), 1)", 6, 1),
        ("cmpxchg(mem(0x400000), 6, 1)", 6, 1),
        ("cmpxchg(mem(0x400000), 5, 1)", 6, 6),
        ("inc_return(mem(0x400000))", 7, 7),
        ("dec_return(mem(0x400000))", 5, 5),
        ("add_return(mem(0x400000), 4)", 10, 10),
        ("fetch_or(mem(0x400000), 9)", 6, 15),
        ("fetch_and_not(mem(0x400000), 2)", 6, 4),
    ] {
        // Carried out by a program, and by a function of the kernel.
        let by_program = one(
            "sys keep(v: int) { xchg(got, v); }",
            &format!("let v = {operation}; BUG_ON(load(0x400000) != {leaves}); keep(v);"),
        );
        assert_eq!(ends(&by_program), (vec![(1, gives)], PropertySet::NONE), "{operation}");
        let by_kernel = one(
            &format!("sys f() {{ let v = {operation}; BUG_ON(load(0x400000) != {leaves}); xchg(got, v); }}"),
            "f();",
        );
        assert_eq!(ends(&by_kernel), (vec![(1, gives)], PropertySet::NONE), "{operation}");
    }
}

#[test]
fn it_is_a_store_for_the_rights_and_for_the_dirty_bit() {
    for (operation, done) in [("cmpxchg(mem(0x401000), 5, 1);", 0), ("load(0x401000);", 1)] {
        assert_eq!(ends(&one("", operation)).0, [(done, 9)], "{operation}");
    }
    let clean = "sys clean(m: mm) { fetch_and_not(pte(m, 0x400000), _PAGE_DIRTY); invlpg(0x400000); }
        sys dirty(m: mm) -> bool { return (pte(m, 0x400000) & _PAGE_DIRTY) != 0; }";
    // An operation that changes nothing sets it, too.
    let machine = one(clean, "clean(A); cmpxchg(mem(0x400000), 5, 1); BUG_ON(!dirty(A));");
    assert_eq!(ends(&machine), (vec![(1, 9)], PropertySet::NONE));
    let machine = one(clean, "clean(A); load(0x400000); BUG_ON(!dirty(A));");
    assert!(ends(&machine).1.intersects(Property::KernelBug.as_set()));
}

#[test]
fn h55_it_waits_for_the_store_buffer_and_is_a_barrier() {
    // Store buffering: the locked operation between store and load forbids that both miss the other's store.
    let test = |between: &str| {
        let block = |mine: &str, other: &str| {
            format!("store(0x40{mine}000, 1); {between} if load(0x40{other}000) == 0 {{ seen(); }}")
        };
        let machine = machine(
            &format!("{G} sys seen() {{ inc_return(g); }}"),
            &format!(
                "machine {{ cpus 2; }} mm A {{ 0x400000 -> page \"x\"; 0x401000 -> page \"y\"; 0x402000 -> page \"z\"; }}
                 setup {{ cpu 0 {{ run(A); load(0x400000); load(0x401000); store(0x402000, 1); }}
                     cpu 1 {{ run(A); load(0x400000); load(0x401000); store(0x402000, 1); }} }}
                 cpu 0 {{ {} }} cpu 1 {{ {} }}",
                block("0", "1"),
                block("1", "0")
            ),
        );
        ends(&machine).0.iter().any(|end| end.0 == 2)
    };
    assert!(test("load(0x402000);"));
    assert!(!test("xchg(mem(0x402000), 1);"));
    // And it is taken only when the buffer is empty.
    let machine = one("", "store(0x400000, 1); xchg(mem(0x400000), 2);");
    let mut run = Run::new(&machine);
    run.walk_all(0).take(Action::Access { cpu: 0, copy: 0 });
    assert_eq!(run.blocked(0), Some(Blocked::StoreBufferNotEmpty(Occasion::Locked)));
    assert!(!run.can(Action::Access { cpu: 0, copy: 0 }));
    assert!(run.drain(0).can(Action::Access { cpu: 0, copy: 0 }));
}

#[test]
fn two_cpus_that_add_lose_nothing_and_with_plain_accesses_they_may() {
    let sum = |add: &str| {
        let machine = machine(
            &format!("{G} sys done() {{ if inc_return(g) == 2 {{ xchg(got, load(0x400000)); }} }}"),
            &format!(
                "machine {{ cpus 2; }} mm A {{ 0x400000 -> page \"x\"; }}
                 setup {{ cpu 0 {{ run(A); store(0x400000, 0); }} cpu 1 {{ run(A); store(0x400000, 0); }} }}
                 cpu 0 {{ {add} done(); }} cpu 1 {{ {add} done(); }}"
            ),
        );
        let mut sums: Vec<u64> = ends(&machine).0.iter().map(|end| end.1).collect();
        sums.dedup();
        sums
    };
    assert_eq!(sum("inc_return(mem(0x400000));"), [2]);
    assert_eq!(sum("store(0x400000, load(0x400000) + 1);"), [1, 2]);
}

#[test]
fn the_kernel_finds_out_whether_it_faulted() {
    let kernel =
        |call: &str| format!("sys f() {{ let x = 7; if {call} {{ add_return(g, 10); }} xchg(got, x); }}");
    for (call, end, leaves) in [
        ("xchg_user(x, 0x400000, 3)", (1, 6), 3),
        ("cmpxchg_user(x, 0x400000, 6, 3)", (1, 6), 3),
        ("cmpxchg_user(x, 0x400000, 4, 3)", (1, 6), 6),
        ("xchg_user(x, 0x500000, 3)", (11, 0), 6),
        ("cmpxchg_user(x, 0x401000, 0, 3)", (11, 0), 6),
    ] {
        let machine = one(&kernel(call), &format!("f(); BUG_ON(load(0x400000) != {leaves});"));
        let (values, properties) = ends(&machine);
        assert_eq!(values, [end], "{call}");
        assert!(!properties.intersects(Property::KernelBug.as_set()), "{call}");
    }
}

#[test]
fn a_handler_of_page_faults_serves_it_too() {
    let kernel = "global the_mm: mm; sys enter(m: mm) { the_mm = m; smp_mb(); }
        fault f(address: va, write: bool) {
            BUG_ON(!write);
            fetch_or(pte(the_mm, address), _PAGE_RW);
        }";
    let machine = one(kernel, "enter(A); BUG_ON(inc_return(mem(0x401000)) != 1);");
    assert_eq!(ends(&machine), (vec![(1, 9)], Property::PageFault.as_set()));
}
