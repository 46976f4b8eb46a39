//! One of the fuzz targets under libFuzzer. Which one is named by `TLBSCOPE_FUZZ`; the arguments are libFuzzer's.

#![no_main]

use explore::Seeded;
use fuzz::{TARGETS, Target};
use libfuzzer_sys::{fuzz_mutator, fuzz_target, fuzzer_mutate};
use std::sync::LazyLock;

/// The target, and inputs to begin with.
static CHOSEN: LazyLock<(&Target, Vec<Vec<u8>>)> = LazyLock::new(|| {
    let name = std::env::var("TLBSCOPE_FUZZ").unwrap_or_default();
    let names: Vec<&str> = TARGETS.iter().map(|target| target.name).collect();
    match TARGETS.iter().find(|target| target.name == name) {
        Some(target) => (target, (target.corpus)()),
        None => {
            eprintln!("TLBSCOPE_FUZZ is {name:?}; it can be {}", names.join(", "));
            std::process::exit(2)
        }
    }
});

fuzz_target!(|input: &[u8]| (CHOSEN.0.take)(input));

// It begins with the target's corpus. Then half of the inputs are made as libFuzzer makes them, half by the target's own
// mutations, which know words and frames.
fuzz_mutator!(|data: &mut [u8], size: usize, most: usize, seed: u32| {
    let (target, corpus) = &*CHOSEN;
    let mut seeded = Seeded::new(u64::from(seed));
    let other = &corpus[(seeded.number() % corpus.len() as u64) as usize];
    let made = match seeded.number() % 2 {
        _ if size < 2 => other.clone(),
        0 => return fuzzer_mutate(data, size, most),
        _ => (target.mutate)(&data[..size], other, &mut seeded),
    };
    let length = made.len().min(most);
    data[..length].copy_from_slice(&made[..length]);
    length
});
