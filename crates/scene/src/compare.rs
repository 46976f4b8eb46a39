//! One schedule on two machines: what the same choices do where a setting is different.
//!
//! The other machine is asked to take the same actions in the same order. An action that it cannot take is left
//! out, with the reason, and the next action is tried. So the comparison shows a run of the other machine, made of
//! those choices that this machine has. Both diagrams use the columns of the first machine, so that one can stand
//! above the other.

use crate::timeline::{drawn, timeline};
use crate::view::Timeline;
use crate::{caption, explain_action, why_not};
use explore::{PropertySet, System, Trace};
use machine::Machine;

/// The other machine's run beside the first one's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comparison {
    /// Its diagram, in the columns of the first one's steps.
    pub timeline: Timeline,
    /// What it did at each of those steps.
    pub steps: Vec<Other>,
    /// Properties that the first machine's run shows.
    pub here: PropertySet,
    /// Properties that its own run shows.
    pub there: PropertySet,
}

/// What the other machine did at a step of the first one's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Other {
    /// It did the same.
    Same,
    /// It took the same action, with another result.
    Differs {
        /// The result on the first machine.
        here: String,
        /// The result on the other machine.
        there: String,
    },
    /// It could not take that action.
    Cannot {
        /// What the action was on the first machine.
        what: String,
        /// Why the machine could not take it.
        why: String,
    },
}

impl Comparison {
    /// The first step at which the two differ; the first of all is 1.
    #[must_use]
    pub fn first(&self) -> Option<(u32, &Other)> {
        (1..).zip(&self.steps).find(|(_, other)| **other != Other::Same)
    }

    /// Steps that the other machine could not take.
    pub fn left_out(&self) -> impl Iterator<Item = u32> {
        (1..)
            .zip(&self.steps)
            .filter(|(_, other)| matches!(other, Other::Cannot { .. }))
            .map(|(step, _)| step)
    }
}

/// Follows a run of one machine on another machine. Of a very long run it follows the part that is drawn.
#[must_use]
pub fn compare(here: &Machine, trace: &Trace<Machine>, there: &Machine) -> Comparison {
    let mut other = Trace::new(there);
    // For each step of the other machine, the step of the first one with which it was taken.
    let mut columns: Vec<u32> = Vec::new();
    let mut steps = Vec::new();
    let (mut before, mut seen) = (here.initial(), PropertySet::NONE);
    for (number, step) in (1..).zip(trace.steps()).take(drawn(here)) {
        let mut after = before.clone();
        here.step(&mut after, step.action, &mut ());
        seen |= step.properties;
        let now = other.last().clone();
        let full = other.full().then(|| "The run on this machine has reached its limit of work.".to_owned());
        steps.push(match full.or_else(|| why_not(there, &now, step.action)) {
            Some(why) => Other::Cannot { what: explain_action(here, &before, step.action), why },
            None => {
                other.push(there, step.action);
                columns.push(number);
                let told = caption(here, &before, step, &after).sentence;
                let taken = other.steps().last();
                let said = taken.map(|taken| caption(there, &now, taken, other.last()).sentence);
                match said {
                    Some(said) if said != told => Other::Differs { here: told, there: said },
                    _ => Other::Same,
                }
            }
        });
        before = after;
    }
    let shown = other.steps().iter().fold(PropertySet::NONE, |all, step| all | step.properties);
    Comparison {
        timeline: spread(there, &other, &columns, trace.len() as u32),
        steps,
        here: seen,
        there: shown,
    }
}

/// A diagram with its steps put into other columns.
fn spread(machine: &Machine, trace: &Trace<Machine>, columns: &[u32], steps: u32) -> Timeline {
    let mut timeline = timeline(machine, trace);
    let taken = timeline.steps;
    let column = |step: &mut u32| {
        *step = match *step {
            0 => 0,
            step => columns.get(step as usize - 1).copied().unwrap_or(steps),
        };
    };
    for mark in &mut timeline.marks {
        column(&mut mark.step);
    }
    for arrow in &mut timeline.arrows {
        column(&mut arrow.from_step);
        column(&mut arrow.to_step);
    }
    for band in &mut timeline.bands {
        column(&mut band.from_step);
        // A band that reaches the end of the run reaches the end of the diagram.
        if band.to_step >= taken {
            band.to_step = steps;
        } else {
            column(&mut band.to_step);
        }
    }
    timeline.steps = steps;
    timeline
}
