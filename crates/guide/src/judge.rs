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
        /// What it took: the number of steps, or of changed options or figures; or how much more it costs, in percent.
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

/// A kernel that was run by the clock: what it costs, and whether the explorer says that nothing can go wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimedKernel {
    /// No violation is reachable.
    pub safe: bool,
    /// What it costs.
    pub load: u64,
}

/// Judges whether a kernel is the cheapest safe one among some, within this many percent.
#[must_use]
pub fn cheapest(chosen: TimedKernel, all: &[TimedKernel], within: u64) -> Judgement {
    let least = all.iter().filter(|one| one.safe).map(|one| one.load).min();
    let Some(least) = least.filter(|_| chosen.safe) else { return Judgement::Open };
    let more = chosen.load.saturating_sub(least).saturating_mul(100) / least.max(1);
    if more <= within {
        return Judgement::Solved;
    }
    let number = |percent: u64| u32::try_from(percent).unwrap_or(u32::MAX);
    Judgement::Dear { took: number(more), allowed: number(within) }
}

/// Judges whether the second of two kernels costs less than the first, after this many figures have been changed.
#[must_use]
pub fn turned([one, other]: [TimedKernel; 2], changes: u32) -> Judgement {
    match changes {
        0 => Judgement::Open,
        _ if !one.safe || !other.safe || other.load >= one.load => Judgement::Open,
        1 => Judgement::Solved,
        took => Judgement::Dear { took, allowed: 1 },
    }
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
    // One by one: a sort of their own is as much code as a small panel.
    let mut shortest: Vec<Vec<(String, String)>> = Vec::with_capacity(ways.len());
    for way in ways {
        let place =
            shortest.iter().rposition(|other| other.len() <= way.len()).map_or(0, |before| before + 1);
        shortest.insert(place, way);
    }
    shortest
}

#[cfg(test)]
mod tests {
    use super::{Judgement, TimedKernel, cheapest, turned};

    fn timed(safe: bool, load: u64) -> TimedKernel {
        TimedKernel { safe, load }
    }

    #[test]
    fn what_is_cheap_and_broken_is_no_answer() {
        let all = [timed(false, 10), timed(true, 100), timed(true, 104), timed(true, 200)];
        let judged = all.map(|one| cheapest(one, &all, 5));
        let dear = Judgement::Dear { took: 100, allowed: 5 };
        assert_eq!(judged, [Judgement::Open, Judgement::Solved, Judgement::Solved, dear]);
    }

    #[test]
    fn one_change_turns_the_answer_or_does_not_count() {
        let two = |one: u64, other: u64| [timed(true, one), timed(true, other)];
        assert_eq!(turned(two(10, 9), 0), Judgement::Open, "nothing was changed");
        assert_eq!(turned(two(10, 10), 1), Judgement::Open);
        assert_eq!(turned(two(10, 9), 1), Judgement::Solved);
        assert_eq!(turned(two(10, 9), 3), Judgement::Dear { took: 3, allowed: 1 });
        assert_eq!(turned([timed(true, 10), timed(false, 9)], 1), Judgement::Open, "it must be safe");
    }
}
