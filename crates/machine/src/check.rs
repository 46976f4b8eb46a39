//! Settling what a scenario expects.
//!
//! One full search answers "never" and "sometimes" for all properties at once, with a shortest witness each. An
//! "always" needs a second one that leaves out every step that shows the property: if a complete execution is
//! still possible, the property does not always show.

use crate::{Action, Machine, Property, by_name};
use explore::{Completeness, Limits, Marks, Progress, Search, System};
use lang::program::{Expectation, Observation};
use std::borrow::Borrow;

/// What a search says about an expectation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It holds.
    Met,
    /// It does not hold.
    Failed,
    /// The search stopped at a bound before it could tell.
    Open,
}

/// How often a property shows, as far as the searches went, with a shortest way to see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Which property.
    pub property: Property,
    /// How often; nothing if that is open.
    pub observation: Option<Observation>,
    /// A shortest schedule that shows it.
    pub witness: Option<Vec<Action>>,
}

/// A check under way: run it in slices of a budget. `M` is how it holds its machine: `&Machine` or `Arc<Machine>`.
pub struct Check<M: System<Action = Action>> {
    machine: M,
    limits: Limits,
    full: Search<M>,
    /// Searches that avoid the properties of the `always` expectations, one after the other.
    avoiding: Vec<(Marks, Option<Search<M>>)>,
}

impl<M: System<Action = Action> + Borrow<Machine> + Clone> Check<M> {
    /// A check of everything a machine's scenario expects. `limits.avoid` and `limits.stop_at` are not used.
    #[must_use]
    pub fn new(machine: M, limits: Limits) -> Check<M> {
        let limits = Limits { avoid: Marks::NONE, stop_at: Marks::NONE, ..limits };
        let mut avoiding: Vec<(Marks, Option<Search<M>>)> = Vec::new();
        for expectation in &machine.borrow().program().expectations {
            let marks = by_name(&expectation.property).unwrap_or(Marks::NONE);
            if expectation.observation == Observation::Always && avoiding.iter().all(|a| a.0 != marks) {
                avoiding.push((marks, None));
            }
        }
        let full = Search::new(machine.clone(), limits);
        Check { machine, limits, full, avoiding }
    }

    /// Expands up to `budget` states; whether there is more to do.
    pub fn run(&mut self, budget: u32) -> bool {
        if self.full.progress().completeness == Completeness::Running {
            self.full.run(budget);
            return true;
        }
        for (marks, search) in &mut self.avoiding {
            let limits = Limits { avoid: *marks, ..self.limits };
            let search = search.get_or_insert_with(|| Search::new(self.machine.clone(), limits));
            if search.progress().completeness == Completeness::Running {
                search.run(budget);
                return true;
            }
        }
        false
    }

    /// Runs to the end.
    pub fn run_to_end(&mut self) {
        while self.run(u32::MAX) {}
    }

    /// Figures of the full search.
    #[must_use]
    pub fn progress(&self) -> Progress {
        self.full.progress()
    }

    /// A shortest schedule that shows one of a set of properties, with the one it shows.
    #[must_use]
    pub fn witness(&self, marks: Marks) -> Option<(Property, Vec<Action>)> {
        marks
            .iter()
            .filter_map(|number| {
                let schedule = self.full.witness(number)?.schedule;
                Some((schedule.len(), Property::from_number(number)?, schedule))
            })
            .min_by_key(|found| (found.0, found.1))
            .map(|found| (found.1, found.2))
    }

    /// How often a set of properties shows: whether any of them does.
    #[must_use]
    pub fn observation(&self, marks: Marks) -> Option<Observation> {
        let progress = self.full.progress();
        let complete = progress.completeness == Completeness::Complete;
        if !progress.seen.meets(marks) {
            return complete.then_some(Observation::Never);
        }
        let avoiding = self.avoiding.iter().find(|a| a.0 == marks).and_then(|a| a.1.as_ref());
        match avoiding {
            // Nobody asked whether it always shows.
            None => Some(Observation::Sometimes),
            Some(search) if search.ended() => Some(Observation::Sometimes),
            Some(search) if search.progress().completeness == Completeness::Complete => {
                Some(Observation::Always)
            }
            Some(_) => None,
        }
    }

    /// What is known of every property that showed or could show.
    #[must_use]
    pub fn findings(&self) -> Vec<Finding> {
        Property::ALL
            .into_iter()
            .map(|property| Finding {
                property,
                observation: self.observation(property.mark()),
                witness: self.full.witness(property.number()).map(|witness| witness.schedule),
            })
            .collect()
    }

    /// Whether an expectation holds. A property that shows always also shows sometimes.
    #[must_use]
    pub fn verdict(&self, expectation: &Expectation) -> Verdict {
        let Some(marks) = by_name(&expectation.property) else { return Verdict::Failed };
        match (expectation.observation, self.observation(marks)) {
            (_, None) => Verdict::Open,
            (Observation::Sometimes, Some(Observation::Always | Observation::Sometimes)) => Verdict::Met,
            (expected, Some(found)) if expected == found => Verdict::Met,
            _ => Verdict::Failed,
        }
    }
}
