//! The corpus, and some inputs made of it, with a fixed seed: the same ones on every machine.

use fuzz::{TARGETS, Target};
use std::num::NonZero;
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// Each target in a process of its own, for the bound on memory is the process's: one for each processor at a time.
#[test]
fn every_door_stays_sound() {
    let next = AtomicUsize::new(0);
    let work = || {
        while let Some(target) = TARGETS.get(next.fetch_add(1, Ordering::Relaxed)) {
            stays_sound(target);
        }
    };
    let processors = thread::available_parallelism().map_or(1, NonZero::get);
    thread::scope(|scope| (0..processors).for_each(|_| drop(scope.spawn(work))));
}

fn stays_sound(target: &Target) {
    let runs = target.short.to_string();
    let output = Command::new(env!("CARGO_BIN_EXE_fuzz"))
        .args([target.name, "--runs", &runs, "--seed", "1"])
        .output()
        .expect("it is built with this test");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{}: {said}{}", target.name, String::from_utf8_lossy(&output.stderr));
    // If nearly all inputs are refused before they reach the code under test, nothing is tested.
    let reached = said.rsplit("; ").next().and_then(|last| last.split(' ').next()?.parse().ok());
    let reached: u64 = reached.unwrap_or_else(|| panic!("{}: how many got in? {said}", target.name));
    assert!(reached * 40 > target.short, "{}: {reached} of {} inputs got in", target.name, target.short);
}
