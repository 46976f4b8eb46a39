//! Judges challenges by what runs and searches show.

use explore::{PropertySet, Step};
use lang::program::{Origin, Program, ProgramOption};
use machine::{Action, Event};

/// The state of an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Judgement {
    /// The challenge is solved.
    Solved,
    /// The challenge is not solved yet.
    Open,
    /// It is solved, but with more steps or changes than allowed.
    Dear {
        /// What it took: steps, or options changed.
        took: u32,
        /// How many are allowed.
        allowed: u32,
    },
    /// Something was changed that has to stay as it is.
    Elsewhere,
    /// The search stopped at a bound: the answer is not known.
    Unsettled,
}

/// After how many steps a run shows a property.
#[must_use]
pub fn shown(steps: &[Step<Action, Event>], goal: PropertySet) -> Option<u32> {
    let first = steps.iter().position(|step| step.properties.intersects(goal))?;
    u32::try_from(first + 1).ok()
}

/// A run chosen by hand, which may have `allowed` steps until it shows its goal.
#[must_use]
pub fn run(steps: &[Step<Action, Event>], goal: PropertySet, allowed: u32) -> Judgement {
    match shown(steps, goal) {
        None => Judgement::Open,
        Some(took) if took <= allowed => Judgement::Solved,
        Some(took) => Judgement::Dear { took, allowed },
    }
}

/// Options of a kernel: how many were changed since the start; nothing if one was that has to stay as it is, or one
/// of the machine was.
#[must_use]
pub fn changed(start: &Program, now: &Program, keep: &[String]) -> Option<u32> {
    let mut changed = 0;
    for option in &now.options {
        let before = start.options.iter().find(|before| before.name == option.name)?;
        if before.chosen != option.chosen {
            if option.origin != Origin::Kernel || keep.contains(&option.name) {
                return None;
            }
            changed += 1;
        }
    }
    Some(changed)
}

/// The most combinations of options that are looked through.
const MOST_WAYS: usize = 256;

/// All ways to set the options of a kernel that need not stay as they are, those with the fewest changes first. Each
/// is the list of what is changed.
#[must_use]
pub fn ways(start: &Program, keep: &[String]) -> Vec<Vec<(String, String)>> {
    let free = |option: &&ProgramOption| option.origin == Origin::Kernel && !keep.contains(&option.name);
    let mut ways = vec![Vec::new()];
    for option in start.options.iter().filter(free) {
        let others =
            option.choices.iter().enumerate().filter(|(index, _)| *index != usize::from(option.chosen));
        let mut more = Vec::new();
        for (_, choice) in others {
            more.extend(ways.iter().map(|way: &Vec<(String, String)>| {
                let mut way = way.clone();
                way.push((option.name.clone(), choice.clone()));
                way
            }));
        }
        ways.extend(more);
        ways.truncate(MOST_WAYS);
    }
    ways.sort_by_cached_key(Vec::len);
    ways
}
