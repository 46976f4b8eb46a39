//! What the command line says is enough to go on with: once, with its place, and with what happened at the end of a run.

use crate::support;

use crate::support::said;

/// One function notices that the other one ran in between. A variable is there for nothing.
const TWO: &str = "kernel \"two\" {
    global spare: int = 0;
    global n: int = 0;
    sys first() { n = 1; }
    sys second() { n = 2; BUG_ON(n == 1); }
}
scenario \"one\" {
    use kernel \"two\"
    cpu 0 { first(); }
    cpu 1 { second(); }
    expect never violation;
}
scenario \"again\" {
    use kernel \"two\"
    cpu 0 { first(); }
    cpu 1 { first(); }
    expect never violation;
}
";

#[test]
fn what_failed_is_named_with_the_step_that_shows_it() {
    let folder = support::folder("said", "last", &[("two.tlb", TWO)]);
    let out = said(&folder, "check two.tlb --scenario one", 1);
    assert!(out.contains("Its last step: CPU 1 ") && out.contains("[kernel_bug]"), "{out}");
    let json = said(&folder, "check two.tlb --scenario one --json", 1);
    assert!(json.contains("\"shows\":[\"kernel_bug\"],\"last_step\":\"CPU 1 "), "{json}");
    let json = said(&folder, "check two.tlb --scenario again --json", 0);
    assert!(json.contains("\"shows\":[],\"last_step\":null"), "{json}");
}

/// A kernel with branches that no run takes, and one that extends it.
const RARE: &str = "kernel \"rare\" {
    global n: int = 0;
    fn flush() { toggle_pge(); }
    sys work() {
        if n == 7 {
            flush();
            n = 1;
        }
        n = 2;
        if n == 9 { flush(); }
    }
}
kernel \"rarer\" extends \"rare\" {
    fn flush() {
        invlpg(0x1000);
    }
}
scenario \"one\" { use kernel \"rare\" cpu 0 { work(); } expect never violation; }
scenario \"two\" { use kernel \"rarer\" cpu 0 { work(); } expect never violation; }
";

/// A `return` is no step of its own, so nobody says that no run reaches its line.
const LEFT: &str = "kernel \"left\" {
    global n: int = 0;
    sys work() {
        if n == 7 {
            n = 1;
        } else {
            return;
        }
        n = 2;
    }
}
scenario \"one\" { use kernel \"left\" cpu 0 { work(); } expect never violation; }
";

/// CPU 1 reaches its last line if both CPUs have two stores in flight.
const IN_FLIGHT: &str = "kernel \"buffered\" {
    global a: int; global b: int; global c: int; global d: int; global saw: int; global done: int;
    sys first() { a = 1; b = 1; if c == 0 { saw = 1; } done = 1; }
    sys second() {
        c = 1; d = 1;
        if a == 0 {
            until done == 1;
            if saw == 1 {
                smp_mb();
            }
        }
    }
}
scenario \"one\" { use kernel \"buffered\" machine { cpus 2; } cpu 0 { first(); } cpu 1 { second(); } expect never violation; }
";

#[test]
fn lines_that_no_run_reaches_do_not_join_over_a_return() {
    let folder = support::folder("said", "left", &[("left.tlb", LEFT)]);
    let out = said(&folder, "check left.tlb", 0);
    assert!(out.contains("No run reaches: work, lines 5, 9."), "{out}");
}

#[test]
fn a_full_store_buffer_bounds_what_no_run_reaches() {
    let folder = support::folder("said", "buffered", &[("buffered.tlb", IN_FLIGHT)]);
    let out = said(&folder, "check buffered.tlb --set store_buffer=1", 0);
    assert!(out.contains("No run with 1 store in flight reaches: second, line 9."), "{out}");
    let out = said(&folder, "check buffered.tlb --set store_buffer=8", 0);
    assert!(!out.contains("reaches:"), "{out}");
}

#[test]
fn code_that_no_run_reaches_is_named() {
    let folder = support::folder("said", "unreached", &[("rare.tlb", RARE)]);
    let out = said(&folder, "check rare.tlb --scenario one", 0);
    assert!(out.contains("No run reaches: flush, line 3; work, lines 6-7."), "{out}");
    let out = said(&folder, "check rare.tlb --scenario two", 0);
    assert!(out.contains("No run reaches: flush, line 15; work, lines 6-7 of rare."), "{out}");
    let json = said(&folder, "check rare.tlb --scenario one --json", 0);
    assert!(
        json.contains("{\"function\":\"work\",\"extended\":null,\"first_line\":6,\"last_line\":7}"),
        "{json}"
    );
    let out = said(&folder, "check rare.tlb --scenario one --states 1", 3);
    assert!(!out.contains("No run reaches"), "{out}");
}

#[test]
fn what_is_wrong_with_a_kernel_is_said_once() {
    let folder = support::folder("said", "once", &[("two.tlb", TWO)]);
    let out = said(&folder, "check two.tlb", 1);
    assert_eq!(out.matches("variable `spare` is never used").count(), 1, "{out}");
    assert!(!out.contains("it compiles"), "its scenarios have tried it: {out}");
    // Nor a second time where it is checked by itself, in a folder.
    let parts = TWO.find("scenario").map(|at| TWO.split_at(at)).unwrap_or_default();
    let folder = support::folder("said", "apart", &[("two.tlb", parts.0), ("use.tlb", parts.1)]);
    let out = said(&folder, "check .", 1);
    assert_eq!(out.matches("variable `spare` is never used").count(), 1, "{out}");
    assert!(out.contains("two.tlb: a kernel; it compiles"), "{out}");
}

#[test]
fn a_place_in_an_extended_kernel_names_that_kernel() {
    let mine = "kernel \"mine\" extends \"two\" { sys second() { n = 3; first(); } }
        scenario \"s\" { use kernel \"mine\" cpu 0 { second(); } expect sometimes kernel_bug; }";
    let folder = support::folder("said", "extended", &[("two.tlb", TWO), ("mine.tlb", mine)]);
    let run = said(&folder, "run mine.tlb", 0);
    assert!(run.contains("second:1 ") && run.contains("first:4 of \"two\" "), "{run}");
}

#[test]
fn the_thread_that_a_step_belongs_to_is_named() {
    let run = said(&support::folder("said", "thread", &[("two.tlb", TWO)]), "run migrate+munmap", 0);
    let of_threads = run.lines().filter(|line| line.contains(" kernel T ") || line.contains(" user T "));
    assert!(of_threads.count() > 0, "{run}");
    assert!(run.lines().any(|line| line.contains(" kernel    ")), "a CPU's own block has no name: {run}");
}

#[test]
fn a_thread_that_no_cpu_has_run_is_named_in_a_deadlock() {
    let text = "kernel \"k\" { global n: int = 0; sys go() { n = 1; } }
        scenario \"s\" {
            use kernel \"k\"
            mm A { 0x400000 -> page \"d\"; }
            cpu 0 { go(); }
            thread T in A { load(0x400000); }
            expect never violation;
        }";
    let folder = support::folder("said", "never", &[("s.tlb", text)]);
    let out = said(&folder, "check s.tlb", 1);
    assert!(
        out.contains("now no CPU can continue: CPU 0 ")
            && out.contains(" ended; T has never run. [deadlock]"),
        "{out}"
    );
}

#[test]
fn an_invariant_is_reported_by_the_step_that_breaks_it() {
    let text = "kernel \"k\" {
            global n: int = 0;
            global m: int = 0;
            sys go() { n = 1; m = 1; m = 2; n = 0; n = 1; }
        }
        scenario \"s\" {
            use kernel \"k\"
            machine { cpus 1; tso 0; }
            cpu 0 { go(); }
            invariant \"zero\" { BUG_ON(n == 1); }
            expect sometimes invariant;
        }";
    let folder = support::folder("said", "broken", &[("s.tlb", text)]);
    let run = said(&folder, "run s.tlb", 0);
    assert_eq!(run.matches("breaks the invariant \"zero\"").count(), 2, "{run}");
    assert_eq!(run.matches("[invariant]").count(), 2, "{run}");
}
