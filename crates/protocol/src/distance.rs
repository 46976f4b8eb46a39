//! How far the moments of a run are from a property.
//!
//! Distances need every state and every arrow of the graph, and are computed in one go: so a message says how many
//! states there may be. What was computed last is kept, since the next question is mostly about another run of the same
//! machine.

use crate::job::Request;
use crate::message::WireMoment;
use crate::{FromExplorer, MAX_STEPS, Part, Refusal};
use explore::{Distances, Marks, System};
use lang::program::Program;
use machine::{Action, Machine, Property};
use std::sync::Arc;

/// What was asked.
pub(crate) struct Question {
    pub(crate) number: u32,
    request: Request,
    property: u8,
    schedule: Vec<u32>,
}

/// What was computed last.
pub(crate) struct Known {
    program: Program,
    marks: Marks,
    states: u32,
    /// Nothing if there are more states than that.
    distances: Option<Distances<Arc<Machine>>>,
}

impl Question {
    pub(crate) fn new(
        number: u32,
        request: Request,
        property: u8,
        schedule: Vec<u32>,
    ) -> Result<Question, Refusal> {
        if schedule.len() > MAX_STEPS {
            return Err(Refusal::TooBig(Part::Run));
        }
        Ok(Question { number, request, property, schedule })
    }

    /// The answer.
    pub(crate) fn answer(self, known: &mut Option<Known>) -> FromExplorer {
        let job = self.number;
        match self.moments(known) {
            Ok(moments) => FromExplorer::Distances { job, moments },
            Err(reason) => FromExplorer::Refused { job: Some(job), reason },
        }
    }

    fn moments(self, known: &mut Option<Known>) -> Result<Vec<WireMoment>, Refusal> {
        let marks = Property::from_number(self.property).ok_or(Refusal::Malformed)?.mark();
        let states = self.request.limits.states;
        let limits = self.request.limits.into();
        let machine = Arc::new(self.request.machine()?);
        let same = |known: &Known| {
            known.program == *machine.program() && known.marks == marks && known.states == states
        };
        if !known.as_ref().is_some_and(same) {
            *known = Some(Known {
                program: machine.program().clone(),
                marks,
                states,
                distances: Distances::new(machine.clone(), marks, limits),
            });
        }
        let distances = known.as_ref().and_then(|known| known.distances.as_ref());
        let distances = distances.ok_or(Refusal::TooBig(Part::States))?;
        let mut state = machine.initial();
        let mut moments = vec![moment(&machine, distances, marks, &state)];
        for code in self.schedule {
            let action = Action::from_code(code).ok_or(Refusal::Malformed)?;
            let mut enabled = Vec::new();
            machine.enabled(&state, &mut enabled);
            if !enabled.contains(&action) {
                return Err(Refusal::Malformed);
            }
            machine.step(&mut state, action, &mut ());
            moments.push(moment(&machine, distances, marks, &state));
        }
        Ok(moments)
    }
}

fn moment(
    machine: &Machine,
    distances: &Distances<Arc<Machine>>,
    marks: Marks,
    state: &machine::State,
) -> WireMoment {
    let mut enabled = Vec::new();
    machine.enabled(state, &mut enabled);
    let after = |action: Action| {
        let mut next = state.clone();
        let shown = machine.step(&mut next, action, &mut ());
        let steps = if shown.meets(marks) { Some(0) } else { distances.of(&next) };
        (action.code(), steps)
    };
    WireMoment { steps: distances.of(state), choices: enabled.into_iter().map(after).collect() }
}
