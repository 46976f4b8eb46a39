//! `fuzz TARGET --runs N --seed S`: many inputs. `fuzz TARGET FILE..`: the inputs in these files.

#![forbid(unsafe_code)]

use fuzz::watch::Watch;
use fuzz::{TARGETS, Target, run};
use lexopt::prelude::*;
use std::process::ExitCode;
use std::time::Instant;

const HELP: &str = "usage: fuzz TARGET [--runs N] [--seed S]
       fuzz TARGET FILE..";

fn main() -> ExitCode {
    match asked() {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            let names: Vec<&str> = TARGETS.iter().map(|target| target.name).collect();
            eprintln!("{why}\n{HELP}\ntargets: {}", names.join(", "));
            ExitCode::from(2)
        }
    }
}

fn asked() -> Result<(), lexopt::Error> {
    let mut parser = lexopt::Parser::from_env();
    let (mut target, mut runs, mut seed, mut files): (Option<&Target>, u64, u64, Vec<String>) =
        (None, 10_000, 1, Vec::new());
    while let Some(arg) = parser.next()? {
        match arg {
            Long("runs") => runs = parser.value()?.parse()?,
            Long("seed") => seed = parser.value()?.parse()?,
            Value(word) if target.is_none() => {
                let found = TARGETS.iter().find(|target| word == target.name);
                target = Some(found.ok_or_else(|| format!("there is no target {word:?}"))?);
            }
            Value(file) => files.push(file.string()?),
            other => return Err(other.unexpected()),
        }
    }
    let target = target.ok_or("which target?")?;
    let began = Instant::now();
    if files.is_empty() {
        let reached = run(target, runs, seed);
        let took = began.elapsed().as_secs();
        println!(
            "{}: {runs} inputs, seed {seed}, {took} s; {reached} of them reached the code under test",
            target.name
        );
        return Ok(());
    }
    let watch = Watch::start(target.name);
    for file in files {
        let input = std::fs::read(&file).map_err(|error| format!("{file}: {error}"))?;
        watch.over(&input, || (target.take)(&input));
        println!("{file}: nothing wrong");
    }
    Ok(())
}
