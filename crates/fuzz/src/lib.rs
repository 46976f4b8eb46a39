//! Unintended inputs for every entry point of the product: links, texts, machines, messages, exports.
//!
//! A [`Target`] takes bytes and panics if something is wrong. [`corpus`] has the inputs to begin with: the library,
//! the folder `corpus` (inputs on which something failed once, and a text with limits), and links and messages made of them. [`mutate`]
//! makes new inputs from those, by a seed: the same seed gives the same inputs on every machine. [`run()`] gives
//! the inputs to a target. [`watch`] ends the run at an input that takes more than two seconds of processor time or
//! a gigabyte of memory.
//!
//! `cargo xtask test` runs some thousand inputs of each target. For many more: `cargo run --release -p fuzz --
//! TARGET --runs N --seed S`. A target is a plain function of bytes, so that libFuzzer can call it too.

#![forbid(unsafe_code)]

pub mod corpus;
mod costs;
mod export;
mod links;
mod litmus;
mod messages;
pub mod mutate;
mod reached;
mod texts;
pub mod watch;

use explore::Seeded;
use watch::Watch;

/// A door of the product.
pub struct Target {
    /// What it is called.
    pub name: &'static str,
    /// Takes an input.
    pub take: fn(&[u8]),
    /// Inputs to begin with.
    pub corpus: fn() -> Vec<Vec<u8>>,
    /// Makes an input of two others.
    pub mutate: fn(&[u8], &[u8], &mut Seeded) -> Vec<u8>,
    /// How many inputs `cargo xtask test` tries.
    pub short: u64,
}

/// All of them.
pub const TARGETS: [Target; 9] = [
    Target {
        name: "links",
        take: links::decoded,
        corpus: corpus::links,
        mutate: mutate::link,
        short: 20_000,
    },
    Target { name: "opened", take: links::opened, corpus: corpus::links, mutate: mutate::link, short: 150 },
    Target {
        name: "language",
        take: texts::language,
        corpus: corpus::texts,
        mutate: mutate::text,
        short: 1_500,
    },
    Target { name: "steps", take: texts::steps, corpus: corpus::texts, mutate: mutate::text, short: 150 },
    Target {
        name: "verdicts",
        take: texts::verdicts,
        corpus: corpus::texts,
        mutate: mutate::text,
        short: 100,
    },
    Target {
        name: "messages",
        take: messages::messages,
        corpus: corpus::messages,
        mutate: mutate::bytes,
        short: 1_000,
    },
    Target { name: "export", take: export::export, corpus: corpus::texts, mutate: mutate::text, short: 60 },
    Target {
        name: "litmus",
        take: litmus::litmus,
        corpus: corpus::litmus,
        mutate: mutate::text,
        short: 2_000,
    },
    Target { name: "costs", take: costs::costs, corpus: corpus::costs, mutate: mutate::text, short: 400 },
];

/// Gives the corpus to a target, then so many inputs made from it. Returns how often one of those reached the code that the
/// target tests: if all are refused before, nothing is tested.
pub fn run(target: &Target, runs: u64, seed: u64) -> u64 {
    let corpus = (target.corpus)();
    let watch = Watch::start(target.name);
    let take = |input: &[u8]| watch.over(input, || (target.take)(input));
    corpus.iter().for_each(|input| take(input));
    let mut seeded = Seeded::new(seed);
    reached::forget();
    for _ in 0..runs {
        let pick = |seeded: &mut Seeded| &corpus[(seeded.number() % corpus.len() as u64) as usize];
        let (one, other) = (pick(&mut seeded), pick(&mut seeded));
        take(&(target.mutate)(one, other, &mut seeded));
    }
    reached::count()
}
