//! The goals for the search, and whether they are met.

use crate::rounds::Measurements;
use crate::table::{markdown, median};
use crate::tool::{Order, Tool};
use bench::subject::{Kind, Size};
use std::time::Duration;

/// Times as fast as Stateright's breadth-first search on one thread: for the toy, whose steps cost nothing, and for
/// scenarios, whose steps it takes too.
const STATERIGHT: [f64; 2] = [12.0, 5.0];
/// Times as fast as the faster of Spin's two searches.
const SPIN: [f64; 2] = [10.0, 4.0];
/// Two threads to one.
const THREADS: f64 = 1.7;
/// Bytes of memory for each state.
const BYTES: f64 = 20.0;
/// Speed in wasm to native speed.
const WASM: f64 = 0.5;

/// Subjects of fewer states are over before any of this matters.
const STATES: u64 = 1_000_000;

/// Whether the goals apply to such a search: a full one, of many states.
pub fn counts(rounds: &Measurements) -> bool {
    !rounds.find && rounds.runs[0].counts.states >= STATES
}

/// A section of the page: a row for each goal and each large subject.
pub fn section(all: &[(Measurements, Option<f64>)]) -> String {
    let mut rows = Vec::new();
    for (rounds, wasm) in all.iter().filter(|(rounds, _)| counts(rounds)) {
        let name = rounds.subject.name;
        let kind = usize::from(matches!(rounds.subject.kind, Kind::Scenario(_)));
        let mut add = |what: String, value: Option<f64>, met: fn(f64, f64) -> bool, goal: f64| {
            if let Some(value) = value {
                let word = if met(value, goal) { "met" } else { "not met" };
                rows.push(vec![name.into(), what, format!("{goal}"), format!("{value:.2}"), word.into()]);
            }
        };
        let wall = |wanted: &dyn Fn(Tool) -> bool| {
            let of = rounds.runs.iter().filter(|runs| wanted(runs.tool));
            of.map(|runs| median(runs.used.iter().map(|used| used.wall).collect::<Vec<Duration>>()))
                .min_by(f64::total_cmp)
        };
        let ours = wall(&|tool| tool == Tool::Ours(1));
        let times = |theirs: Option<f64>| Some(theirs? / ours?);
        let at_least: fn(f64, f64) -> bool = |value, goal| value >= goal;
        let stateright = wall(&|tool| tool == Tool::Stateright(Order::Bfs, 1));
        add("times Stateright `spawn_bfs`, at least".into(), times(stateright), at_least, STATERIGHT[kind]);
        let spin = wall(&|tool| matches!(tool, Tool::Spin(_)));
        add("times Spin, at least".into(), times(spin), at_least, SPIN[kind]);
        let two = wall(&|tool| tool == Tool::Ours(2)).and_then(|two| Some(ours? / two));
        add("two threads against one, at least".into(), two, at_least, THREADS);
        let peak = rounds.runs[0].used.iter().map(|used| used.peak).max();
        let bytes = peak.map(|peak| peak as f64 / rounds.runs[0].counts.states as f64);
        add("bytes for each state, at most".into(), bytes, |value, goal| value <= goal, BYTES);
        add("wasm against native speed, at least".into(), *wasm, at_least, WASM);
    }
    if rows.is_empty() {
        return String::new();
    }
    let once = if all.iter().any(|(rounds, _)| rounds.subject.size == Size::Large) {
        " A subject that takes minutes was run once."
    } else {
        ""
    };
    format!(
        "\n## Goals\n\nThese are the goals for subjects of a million states and more, on one thread unless the goal says otherwise.{once}\n\n{}",
        markdown(&["subject", "goal", "aim", "measured", "result"], &rows)
    )
}
