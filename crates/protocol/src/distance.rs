//! The distance of each moment of a run from a property.
//!
//! Distances need every state and every arrow of the graph. So the message limits the number of states. The server
//! keeps the last result, because the next question is usually about another run of the same machine.

use crate::message::WireMoment;
use crate::{FromExplorer, MAX_STEPS, MessagePart, Refusal, WireLimits};
use explore::{Distances, PropertySet, Survey, Surveyed, System};
use lang::program::Program;
use machine::{Action, Machine, Property, run_survey};
use std::sync::Arc;

/// The question of a job.
pub(crate) struct DistanceQuestion {
    pub(crate) number: u32,
    machine: Arc<Machine>,
    states: u32,
    properties: PropertySet,
    schedule: Vec<u32>,
    /// What is still to be computed before there is an answer.
    survey: Option<Survey<Arc<Machine>>>,
}

/// What was computed last.
pub(crate) struct Known {
    program: Program,
    properties: PropertySet,
    states: u32,
    /// Nothing if there are more states than that.
    distances: Option<Box<Distances<Arc<Machine>>>>,
}

impl DistanceQuestion {
    pub(crate) fn new(
        number: u32,
        machine: Machine,
        property: u8,
        schedule: Vec<u32>,
        limits: WireLimits,
        known: Option<&Known>,
    ) -> Result<DistanceQuestion, Refusal> {
        if schedule.len() > MAX_STEPS {
            return Err(Refusal::TooBig(MessagePart::Run));
        }
        let properties = Property::from_number(property).ok_or(Refusal::Malformed)?.as_set();
        let states = limits.states;
        let machine = Arc::new(machine);
        let same = |known: &Known| {
            known.program == *machine.program() && known.properties == properties && known.states == states
        };
        let survey =
            (!known.is_some_and(same)).then(|| Survey::new(machine.clone(), properties, limits.into()));
        Ok(DistanceQuestion { number, machine, states, properties, schedule, survey })
    }

    /// Goes through up to `budget` states; the question again if that was not all of them, or else what is known now
    /// and the answer.
    pub(crate) fn run(
        mut self,
        budget: u32,
        known: &mut Option<Known>,
    ) -> Result<FromExplorer, DistanceQuestion> {
        if let Some(survey) = self.survey.take() {
            let distances = match run_survey(survey, budget) {
                Surveyed::Partly(survey) => return Err(DistanceQuestion { survey: Some(survey), ..self }),
                Surveyed::Whole(distances) => Some(distances),
                Surveyed::TooLarge => None,
            };
            let program = self.machine.program().clone();
            *known = Some(Known { program, properties: self.properties, states: self.states, distances });
        }
        let job = self.number;
        let distances = known.as_ref().and_then(|known| known.distances.as_ref());
        let moments =
            distances.ok_or(Refusal::TooBig(MessagePart::States)).and_then(|known| self.moments(known));
        Ok(match moments {
            Ok(moments) => FromExplorer::Distances { job, moments },
            Err(reason) => FromExplorer::Refused { job: Some(job), reason },
        })
    }

    fn moments(&self, distances: &Distances<Arc<Machine>>) -> Result<Vec<WireMoment>, Refusal> {
        let DistanceQuestion { machine, properties, .. } = self;
        let mut state = machine.initial();
        let mut moments = vec![moment(machine, distances, *properties, &state)];
        for &code in &self.schedule {
            let action = Action::from_code(code).ok_or(Refusal::Malformed)?;
            let mut enabled = Vec::new();
            machine.enabled(&state, &mut enabled);
            if !enabled.contains(&action) {
                return Err(Refusal::Malformed);
            }
            machine.step(&mut state, action, &mut ());
            moments.push(moment(machine, distances, *properties, &state));
        }
        Ok(moments)
    }
}

fn moment(
    machine: &Machine,
    distances: &Distances<Arc<Machine>>,
    properties: PropertySet,
    state: &machine::State,
) -> WireMoment {
    let mut enabled = Vec::new();
    machine.enabled(state, &mut enabled);
    let after = |action: Action| {
        let mut next = state.clone();
        let shown = machine.step(&mut next, action, &mut ());
        let steps = if shown.intersects(properties) { Some(0) } else { distances.of(&next) };
        (action.code(), steps)
    };
    WireMoment { steps: distances.of(state), choices: enabled.into_iter().map(after).collect() }
}
