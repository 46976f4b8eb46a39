//! A place in a run, named by what happens there. The run itself says at which step that is.

use crate::head::Malformed;
use explore::{PropertySet, Step};
use lang::program::Program;
use machine::{Action, Event, How, Loc, Machine, What, by_name};
use std::collections::BTreeSet;
use x86::{Owner, WalkOutcome};

/// A place: the moment right after the first step that fits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PlaceInRun {
    /// Before the first step.
    Start,
    /// After the last step.
    End,
    /// `changes NAME`: a kernel variable gets another value.
    Changes(String),
    /// `caches`: a speculative walk puts a pointer to a page table into a paging-structure cache.
    Caches,
    /// `omits`: IPIs are sent, and a CPU that has the address space loaded gets none.
    Omits,
    /// `frees`: a page table goes back to the allocator.
    Frees,
    /// `reuses`: a store reaches a page that was a page table.
    Reuses,
    /// `loads`: CR3 is written without a flush.
    Loads,
    /// `shows PROPERTY`: a property, or one of a group.
    Shows(PropertySet),
}

impl PlaceInRun {
    pub(crate) fn read(text: &str) -> Result<PlaceInRun, Malformed> {
        let (word, rest) = text.split_once(' ').unwrap_or((text, ""));
        match (word, rest) {
            ("start", "") => Ok(PlaceInRun::Start),
            ("end", "") => Ok(PlaceInRun::End),
            ("caches", "") => Ok(PlaceInRun::Caches),
            ("omits", "") => Ok(PlaceInRun::Omits),
            ("frees", "") => Ok(PlaceInRun::Frees),
            ("reuses", "") => Ok(PlaceInRun::Reuses),
            ("loads", "") => Ok(PlaceInRun::Loads),
            ("changes", name) if !name.is_empty() => Ok(PlaceInRun::Changes(name.to_owned())),
            ("shows", name) => match by_name(name) {
                Some(properties) => Ok(PlaceInRun::Shows(properties)),
                None => Err(Malformed(format!("no property {name}"))),
            },
            _ => Err(Malformed(format!("no such place: {text}"))),
        }
    }

    /// How many steps of a run have been taken there; nothing if the run has no such place.
    #[must_use]
    pub fn find(&self, machine: &Machine, steps: &[Step<Action, Event>]) -> Option<usize> {
        let program = machine.program();
        let mut tables = BTreeSet::new();
        match self {
            PlaceInRun::Start => return Some(0),
            PlaceInRun::End => return Some(steps.len()),
            _ => {}
        }
        for (moment, step) in (1..).zip(steps) {
            let mut events = step.events.iter();
            let fits = match self {
                PlaceInRun::Start | PlaceInRun::End => false,
                PlaceInRun::Shows(properties) => step.properties.intersects(*properties),
                PlaceInRun::Changes(name) => events.any(|event| changes(program, event, name)),
                PlaceInRun::Caches => step.action.speculative() && events.any(caches),
                PlaceInRun::Omits => {
                    events.any(|event| matches!(event.what, What::IpiSent { omitted, .. } if omitted != 0))
                }
                PlaceInRun::Frees => {
                    events.any(|event| matches!(event.what, What::Freed { was: Owner::Table { .. }, .. }))
                }
                PlaceInRun::Loads => {
                    events.any(|event| matches!(event.what, What::Cr3Written { noflush: true, .. }))
                }
                PlaceInRun::Reuses => events.any(|event| match event.what {
                    What::Freed { frame, was: Owner::Table { .. } } => {
                        tables.insert(frame);
                        false
                    }
                    What::Written { loc: Loc::Word(frame, _), how: How::Drained | How::Direct, .. } => {
                        tables.contains(&frame)
                    }
                    _ => false,
                }),
            };
            if fits {
                return Some(moment);
            }
        }
        None
    }
}

fn changes(program: &Program, event: &Event, name: &str) -> bool {
    let What::Written { loc: Loc::Cell(cell), before, after, .. } = event.what else { return false };
    // Cells are handed out in order: a cell belongs to the last variable that begins at or before it.
    let variable = program
        .variables
        .iter()
        .filter(|variable| variable.base <= cell)
        .max_by_key(|variable| variable.base);
    before != after && variable.is_some_and(|variable| variable.name == name)
}

fn caches(event: &Event) -> bool {
    matches!(&event.what, What::Walk { walked, filled: true, .. } if matches!(walked.outcome, WalkOutcome::Structure(_)))
}
