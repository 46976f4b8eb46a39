//! What is said of a machine that hangs: who waits for what, who goes round where, and who has ended; and the steps that left
//! it so.

use explore::{Limits, Search, Trace};
use machine::{Machine, Property};

/// The sentences of the shortest run into a hang.
fn hanging(kernel: &str, blocks: &str) -> (Machine, Trace<Machine>, Vec<String>) {
    let kernel = format!("kernel \"k\" {{ {kernel} }}");
    let scenario = format!(
        "scenario \"s\" {{ use kernel \"k\" machine {{ cpus 2; tso 0; }} {blocks} expect never deadlock; }}"
    );
    let compiled = lang::compile(&scenario, &[("k", kernel.as_str())], &lang::Selection::default());
    let program = compiled.program.unwrap_or_else(|| panic!("{:#?}", compiled.diagnostics));
    let machine = Machine::new(program).expect("it fits");
    let deadlock = Property::Deadlock;
    let mut search = Search::new(&machine, Limits { stop_at: deadlock.as_set(), ..Limits::default() });
    search.run_to_end();
    let witness = search.witness(deadlock.number()).expect("it hangs");
    let trace = Trace::replay(&machine, &witness.schedule).0;
    let told = (1..).zip(trace.steps()).map(|(at, step)| {
        scene::caption(&machine, &trace.state(&machine, at - 1), step, &trace.state(&machine, at)).sentence
    });
    let told = told.collect();
    (machine, trace, told)
}

#[test]
fn a_lock_that_is_never_given_back() {
    let (machine, trace, told) =
        hanging("global l: int = 0; sys zap() { spin_lock(l); }", "cpu 0 { zap(); } cpu 1 { zap(); }");
    let last = told.last().map_or("", String::as_str);
    assert!(
        last.contains("now no CPU can continue: CPU ") && last.contains(" waits for the lock l; CPU "),
        "{last}"
    );
    assert!(last.ends_with(" has ended."), "{last}");
    let reasons = scene::why(&machine, &trace, trace.len() as u32);
    let taken = told.iter().position(|sentence| sentence.contains("takes the lock l")).map(|at| at + 1);
    // The hang may begin in the very step that takes it.
    let on = |step: usize| step == trace.len() || reasons.iter().any(|reason| reason.on as usize == step);
    assert!(taken.is_some_and(on), "{told:#?} {reasons:#?}");
}

#[test]
fn a_lock_is_still_held_long_after_it_was_taken() {
    let (machine, trace, told) = hanging(
        "global l: int = 0; global x: int = 0; global y: int = 0;
         sys zap() { spin_lock(l); inc_return(x); } sys late() { until x == 1; y = 1; spin_lock(l); }",
        "cpu 0 { zap(); } cpu 1 { late(); }",
    );
    let last = told.last().map_or("", String::as_str);
    assert!(last.ends_with("CPU 1 waits for the lock l; CPU 0 has ended."), "{last}");
    let reasons = scene::why(&machine, &trace, trace.len() as u32);
    let step =
        |words: &str| told.iter().position(|sentence| sentence.contains(words)).map_or(0, |at| at as u32 + 1);
    for (words, what) in
        [("takes the lock l", "l"), ("x: 0 -> 1", "the last step of CPU 0, whose program has ended")]
    {
        let on = step(words);
        assert!(
            reasons.iter().any(|reason| reason.on == on && reason.what == what),
            "{words} {told:#?} {reasons:#?}"
        );
    }
}

/// Nothing can keep CPU 0 from its loop once the IPI is on its way, though nobody is in a loop yet.
#[test]
fn a_loop_that_is_still_ahead_is_told_as_one() {
    let (.., told) = hanging(
        "global left: cpus = {}; ipi flush() { invlpg(0x400000); }
         sys zap() { left = {1}; ipi flush() to {1}; wait_ipis; while left != {} { let x = 1; } }",
        "cpu 0 { zap(); } cpu 1 { }",
    );
    let last = told.last().map_or("", String::as_str);
    assert!(last.contains("now the machine hangs, whatever happens next: CPU 0 will go round in a loop of zap for ever with left = {1}"), "{last}");
    assert!(!last.contains("CPUs only go round"), "{last}");
}

#[test]
fn a_loop_that_a_cpu_is_in_is_told_as_one() {
    let (.., told) = hanging(
        "global a: int = 0; global b: int = 0; sys wait() { inc_return(b); while a == 0 { } }",
        "cpu 0 { wait(); } cpu 1 { }",
    );
    let last = told.last().map_or("", String::as_str);
    assert!(last.contains("CPU 0 goes round in a loop of wait for ever with a = 0"), "{last}");
}
