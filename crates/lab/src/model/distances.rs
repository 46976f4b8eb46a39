//! How far each moment of the run is from the violation that the verdict is about.
//!
//! The worker computes the distances. The page asks for them whenever the run, the machine or the violation
//! changes, as long as the graph is small enough for an answer at once.

use crate::model::jobs::{Jobs, Purpose};
use crate::model::player::Player;
use crate::model::session::Setup;
use crate::model::verdict;
use crate::same::Same;
use explore::Trace;
use machine::{Action, Machine, Property};
use protocol::{FromExplorer, MAX_STEPS, Report, ToExplorer, WireLimits, WireMoment};
use std::rc::Rc;

/// Most states for which distances are computed: all their arrows are in memory at once.
pub const MOST_STATES: u32 = 50_000;

/// The subject of the question.
#[derive(Clone, Debug)]
struct Question {
    setup: Rc<Setup>,
    trace: Rc<Trace<Machine>>,
    property: Property,
}

/// The question, and what is known.
#[derive(Clone, Debug, Default)]
pub struct Distances {
    job: u32,
    asked: Option<Question>,
    moments: Rc<Vec<WireMoment>>,
    refused: Option<String>,
}

/// What is known about one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Away {
    /// The property that it is about.
    pub property: Property,
    /// The least number of steps to it; nothing if no path leads there.
    pub steps: Option<u32>,
    /// The same after each enabled action, by code; 0 if the action itself shows the property.
    pub after: Vec<(u32, Option<u32>)>,
}

impl Distances {
    /// The same, with questions for everything that a player's run needs.
    #[must_use]
    pub fn wanting(&self, player: &Player, report: Option<&Report>, jobs: &mut Jobs) -> Distances {
        let small = |report: &&Report| report.complete() && !report.saturated && report.states <= MOST_STATES;
        let shown =
            report.filter(small).and_then(|report| verdict::headline(report, player.machine().program()));
        let property = shown.map(|(property, _)| property).filter(|_| player.trace().len() <= MAX_STEPS);
        let Some(property) = property else {
            return Distances { job: self.job, ..Distances::default() };
        };
        let (setup, trace) = (player.setup().clone(), player.trace().clone());
        let same = |asked: &Question| {
            Rc::ptr_eq(&asked.setup, &setup) && Rc::ptr_eq(&asked.trace, &trace) && asked.property == property
        };
        if self.asked.as_ref().is_some_and(same) {
            return self.clone();
        }
        let asked = Some(Question { setup, trace, property });
        Distances { job: jobs.number(Purpose::Distances), asked, ..Distances::default() }
    }

    /// The number of the last question.
    #[must_use]
    pub fn job(&self) -> u32 {
        self.job
    }

    /// The message that asks the question.
    #[must_use]
    pub fn request(&self) -> Option<ToExplorer> {
        let Question { setup, trace, property } = self.asked.as_ref()?;
        let experiment = &setup.session.experiment;
        Some(ToExplorer::Distances {
            job: self.job,
            texts: experiment.into(),
            selection: (&experiment.selection).into(),
            property: property.number(),
            schedule: trace.schedule().into_iter().map(Action::code).collect(),
            limits: WireLimits { states: MOST_STATES, ..WireLimits::default() },
        })
    }

    /// The same after the explorer said something; nothing if it was about something else.
    #[must_use]
    pub fn hear(&self, said: &FromExplorer) -> Option<Distances> {
        match said {
            FromExplorer::Distances { job, moments } if *job == self.job => {
                Some(Distances { moments: Rc::new(moments.clone()), ..self.clone() })
            }
            FromExplorer::Refused { job: Some(job), reason } if *job == self.job => {
                let refused = Some(format!("The distance to the violation is unknown. {reason}"));
                Some(Distances { refused, ..self.clone() })
            }
            _ => None,
        }
    }

    /// Why there is no answer, as a sentence, if the explorer said so.
    #[must_use]
    pub fn refused(&self) -> Option<&str> {
        self.refused.as_deref()
    }

    /// The last answer, for comparison by identity.
    #[must_use]
    pub fn known(&self) -> Same<Vec<WireMoment>> {
        Same(self.moments.clone())
    }

    /// The first moment of the run that shows the property.
    fn happens(&self) -> Option<usize> {
        let Question { trace, property, .. } = self.asked.as_ref()?;
        let shows = |at: usize| {
            trace.steps().get(at).is_some_and(|step| step.properties.intersects(property.as_set()))
        };
        (0..trace.len()).find(|&at| shows(at)).map(|at| at + 1)
    }

    /// The distances along the run, from its beginning, as far as they are known and until it shows the property.
    #[must_use]
    pub fn along(&self) -> Vec<Option<u32>> {
        let before = self.happens().unwrap_or(usize::MAX);
        let mut along: Vec<Option<u32>> =
            self.moments.iter().take(before).map(|moment| moment.steps).collect();
        if self.moments.len() > before {
            along.push(Some(0));
        }
        along
    }

    /// The distance at a moment of the run; nothing if it is not known, or if the property has shown already.
    #[must_use]
    pub fn at(&self, cursor: usize) -> Option<Away> {
        let property = self.asked.as_ref()?.property;
        let moment = self.moments.get(cursor)?;
        if self.happens().is_some_and(|happens| cursor >= happens) {
            return None;
        }
        Some(Away { property, steps: moment.steps, after: moment.choices.clone() })
    }
}

impl Away {
    /// The distance, as a sentence.
    #[must_use]
    pub fn sentence(&self) -> String {
        let what = self.property.title();
        match self.steps {
            None => format!("From here on it can no longer happen: {what}."),
            Some(0) => format!("It is here: {what}."),
            Some(1) => format!("One step away: {what}."),
            Some(steps) => format!("At least {steps} steps away: {what}."),
        }
    }

    /// What an action leads to, in a word or two, and whether that is the violation itself.
    #[must_use]
    pub fn word(&self, action: Action) -> Option<(String, bool)> {
        let code = action.code();
        Some(match self.after.iter().find(|after| after.0 == code)?.1 {
            None => ("no longer possible".to_owned(), false),
            Some(0) => ("this is it".to_owned(), true),
            Some(steps) => (format!("then {steps} away"), false),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Distances;
    use crate::model::player::PlayerAct;
    use crate::{Act, Lab};
    use protocol::{Server, ToExplorer, from_bytes, to_bytes};

    /// The page after the worker has answered everything but the grid.
    fn answered(lab: Lab) -> Lab {
        let mut lab = lab;
        let mut server = Server::default();
        server.handle(&to_bytes(&ToExplorer::hello()));
        let mut requests = vec![lab.check().request(&lab.setup().session)];
        while let Some(request) = requests.pop() {
            let mut replies = server.handle(&to_bytes(&request));
            while server.busy() {
                replies.extend(server.run(100_000));
            }
            let job = lab.distances().job();
            for reply in replies {
                lab = lab.after(Act::Heard(vec![from_bytes(&reply).expect("the server's own words")]));
            }
            requests.extend(lab.distances().request().filter(|_| lab.distances().job() != job));
        }
        lab
    }

    #[test]
    fn a_shortest_run_comes_nearer_with_each_step() {
        let lab = answered(Lab::open(None).expect("a scenario compiles"));
        let along = lab.distances().along();
        let last = lab.player().trace().len() as u32;
        assert!(last > 10);
        assert_eq!(along, (0..=last).rev().map(Some).collect::<Vec<_>>());
        assert_eq!(lab.distances().at(last as usize), None, "it has happened");
        let away = lab.distances().at(0).expect("it is known");
        assert_eq!(
            (away.steps, away.after.len()),
            (Some(last), lab.player().after(&PlayerAct::To(0)).enabled().len())
        );
        assert!(away.after.iter().any(|after| after.1 == Some(last - 1)), "one of them is the shortest way");
    }

    #[test]
    fn another_run_is_asked_about_anew_and_late_answers_are_dropped() {
        let lab = answered(Lab::open(None).expect("a scenario compiles"));
        let asked = lab.distances().job();
        let forked = lab.after(Act::Play(PlayerAct::To(3)));
        assert_eq!(forked.distances().job(), asked, "it is the same run");
        let other = forked.player().enabled()[1];
        let forked = forked.after(Act::Play(PlayerAct::Choose(other)));
        assert_ne!(forked.distances().job(), asked);
        assert!(forked.distances().along().is_empty());
        let late = protocol::FromExplorer::Distances { job: asked, moments: Vec::new() };
        assert!(forked.distances().hear(&late).is_none());
        assert_eq!(Distances::default().request(), None);
    }
}
