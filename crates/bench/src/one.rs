//! One run of a tool that is part of this program, in a process of its own.

use crate::tool::Tool;
use bench::counts::Counts;
use bench::subject::{self, Kind};
use bench::toy::{self, Toy};
use explore::{Completeness, Limits, PropertySet, Search, Symmetric};
use machine::{Machine, VIOLATION};

/// Searches, and prints what it counted. With `find` it stops at the first violation.
pub fn run(tool: Tool, name: &str, find: bool) -> Result<(), String> {
    let counts = match subject::named(name)?.kind {
        Kind::Toy(toy) => system::<Toy>(tool, toy, find.then_some(PropertySet::one(toy::STALE)))?,
        Kind::Scenario(text) => system::<Machine>(tool, subject::machine(text)?, find.then_some(VIOLATION))?,
    };
    println!("{counts}");
    Ok(())
}

#[cfg(feature = "stateright")]
fn system<S>(tool: Tool, system: S, find: Option<PropertySet>) -> Result<Counts, String>
where
    S: crate::stateright::Driven,
{
    match tool {
        Tool::Ours(threads) => ours(&system, threads, find),
        Tool::Stateright(order, threads) => Ok(crate::stateright::search(system, order, threads, find)),
        Tool::Spin(_) => Err("Spin is no part of this program".into()),
    }
}

#[cfg(not(feature = "stateright"))]
fn system<S: Symmetric>(tool: Tool, system: S, find: Option<PropertySet>) -> Result<Counts, String> {
    match tool {
        Tool::Ours(threads) => ours(&system, threads, find),
        Tool::Stateright(..) => Err("compiled without Stateright".into()),
        Tool::Spin(_) => Err("Spin is no part of this program".into()),
    }
}

fn ours<S: Symmetric>(system: &S, threads: u8, find: Option<PropertySet>) -> Result<Counts, String> {
    let stop_at = find.unwrap_or(PropertySet::NONE);
    // The others know nothing of symmetry.
    let (states, bytes) = (u32::MAX, 16 << 30);
    let limits = Limits { stop_at, threads, states, bytes, symmetry: false, ..Limits::default() };
    let mut search = Search::new(system, limits);
    let end = search.run_to_end();
    if find.is_none() && end != Completeness::Complete {
        return Err(format!("the search did not come to its end: {end:?}"));
    }
    let progress = search.progress();
    let lengths = stop_at.iter().filter_map(|property| search.witness(property));
    Ok(Counts {
        states: progress.states.into(),
        transitions: progress.transitions,
        depth: Some(progress.depth.into()),
        found: lengths.map(|witness| witness.schedule.len() as u64).min(),
    })
}
