//! Settling what a scenario expects.
//!
//! One full search answers "never" and "sometimes" for all properties at once, with a shortest witness each. An
//! "always" needs a second search that leaves out every step that shows the property. If a complete execution is
//! still possible, the property does not always show.
//!
//! All searches of a check share one bound on memory: of a search for an "always", only the answer is kept, with
//! the schedule that gives it.
//!
//! A check may stop when none of its questions is open ([`Asked`]). Then it says so, and does not call itself
//! complete.

use crate::{Action, Asked, Machine, Property, by_name};
use explore::{Completeness, Handle, Limits, Progress, PropertySet, Search};
use lang::program::{Expectation, Observation, Pc};

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

/// How often a property shows, as far as the searches went, with a shortest path to see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Which property.
    pub property: Property,
    /// How often; nothing if that is open.
    pub observation: Option<Observation>,
    /// A shortest schedule that shows it.
    pub witness: Option<Vec<Action>>,
}

/// A check under way, which runs in slices of a budget. `M` is how it holds its machine: `&Machine` or `Arc<Machine>`.
pub struct Check<M: Handle<System = Machine>> {
    machine: M,
    limits: Limits,
    asked: Asked,
    full: Search<M>,
    /// What searches say that avoid the properties of the `always` expectations.
    avoiding: Vec<(PropertySet, Avoided)>,
    /// The one of them that is under way.
    now: Option<Box<Search<M>>>,
}

/// What is known of the executions that never show some properties.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Avoided {
    /// Nobody has looked yet.
    Waiting,
    /// One of them is complete: a shortest of those.
    Possible(Vec<Action>),
    /// None is.
    Impossible,
    /// The search came to a bound before it could tell.
    Open,
}

impl<M: Handle<System = Machine> + Clone> Check<M> {
    /// A check of everything a machine's scenario expects, and of every other property, to the end. `limits.avoid` and
    /// `limits.stop_at` are not used.
    #[must_use]
    pub fn new(machine: M, limits: Limits) -> Check<M> {
        Check::of(machine, limits, Asked::EVERYTHING)
    }

    /// A check of everything a machine's scenario expects, which stops where nothing of `asked` is open.
    #[must_use]
    pub fn of(machine: M, limits: Limits, asked: Asked) -> Check<M> {
        let limits = Limits { avoid: PropertySet::NONE, stop_at: PropertySet::NONE, ..limits };
        let mut avoiding: Vec<(PropertySet, Avoided)> = Vec::new();
        for expectation in &machine.system().program().expectations {
            let properties = by_name(&expectation.property).unwrap_or(PropertySet::NONE);
            if expectation.observation == Observation::Always && avoiding.iter().all(|a| a.0 != properties) {
                avoiding.push((properties, Avoided::Waiting));
            }
        }
        let full = Search::new(machine.clone(), limits);
        Check { machine, limits, asked, full, avoiding, now: None }
    }

    /// Expands up to `budget` states; whether there is more to do.
    pub fn run(&mut self, budget: u32) -> bool {
        if self.full.progress().completeness == Completeness::Running {
            self.asked.run(&mut self.full, budget);
            return true;
        }
        let bytes = self.limits.bytes.saturating_sub(self.full.progress().bytes);
        let Some((avoid, known)) = self.avoiding.iter_mut().find(|a| a.1 == Avoided::Waiting) else {
            return false;
        };
        let limits = Limits { avoid: *avoid, bytes, ..self.limits };
        let search = self.now.get_or_insert_with(|| Box::new(Search::new(self.machine.clone(), limits)));
        let completeness = search.run(budget);
        // One complete execution is enough.
        *known = match completeness {
            _ if search.ended() => {
                Avoided::Possible(search.ending().map(|found| found.schedule).unwrap_or_default())
            }
            Completeness::Running => return true,
            Completeness::Complete => Avoided::Impossible,
            Completeness::Bounded(_) => Avoided::Open,
        };
        self.now = None;
        true
    }

    /// Runs to the end.
    pub fn run_to_end(&mut self) {
        while self.run(u32::MAX) {}
    }

    /// Figures of the full search, with the memory of all.
    #[must_use]
    pub fn progress(&self) -> Progress {
        let progress = self.full.progress();
        let beside = self.now.as_ref().map_or(0, |search| search.progress().bytes);
        Progress { bytes: progress.bytes + beside, ..progress }
    }

    /// Whether a store had to wait in some state because the store buffer was full: then what was found holds for so many
    /// stores in flight, and with more there may be other outcomes.
    #[must_use]
    pub fn stores_waited(&self) -> bool {
        self.machine.system().stores_waited(&self.full)
    }

    /// The operations of cpu blocks that access memory, are come to, and faulted each time: what stands behind them is in
    /// no execution. Known of a complete search only.
    #[must_use]
    pub fn only_fault(&self) -> Vec<Pc> {
        match self.full.progress().completeness {
            Completeness::Complete => self.machine.system().only_fault(&self.full),
            _ => Vec::new(),
        }
    }

    /// A shortest schedule that shows one of a set of properties, with the one it shows.
    #[must_use]
    pub fn witness(&self, properties: PropertySet) -> Option<(Property, Vec<Action>)> {
        properties
            .iter()
            .filter_map(|number| {
                let schedule = self.full.witness(number)?.schedule;
                Some((schedule.len(), Property::from_number(number)?, schedule))
            })
            .min_by_key(|found| (found.0, found.1))
            .map(|found| (found.1, found.2))
    }

    fn avoided(&self, properties: PropertySet) -> Option<&Avoided> {
        self.avoiding.iter().find(|avoiding| avoiding.0 == properties).map(|avoiding| &avoiding.1)
    }

    /// A shortest complete execution that never shows one of a set of properties, if that was expected always and
    /// there is one.
    #[must_use]
    pub fn without(&self, properties: PropertySet) -> Option<&[Action]> {
        match self.avoided(properties)? {
            Avoided::Possible(schedule) => Some(schedule),
            Avoided::Waiting | Avoided::Impossible | Avoided::Open => None,
        }
    }

    /// How often a set of properties shows: whether any of them does.
    #[must_use]
    pub fn observation(&self, properties: PropertySet) -> Option<Observation> {
        let progress = self.full.progress();
        let complete = progress.completeness == Completeness::Complete;
        if !progress.seen.intersects(properties) {
            return complete.then_some(Observation::Never);
        }
        match self.avoided(properties) {
            // Nobody asked whether it always shows.
            None | Some(Avoided::Possible(_)) => Some(Observation::Sometimes),
            Some(Avoided::Impossible) => Some(Observation::Always),
            Some(Avoided::Waiting | Avoided::Open) => None,
        }
    }

    /// What is known of every property that showed or could show.
    #[must_use]
    pub fn findings(&self) -> Vec<Finding> {
        Property::ALL
            .into_iter()
            .map(|property| Finding {
                property,
                observation: self.observation(property.as_set()),
                witness: self.full.witness(property.number()).map(|witness| witness.schedule),
            })
            .collect()
    }

    /// Whether an expectation holds. A property that shows always also shows sometimes.
    #[must_use]
    pub fn verdict(&self, expectation: &Expectation) -> Verdict {
        let Some(properties) = by_name(&expectation.property) else { return Verdict::Failed };
        match (expectation.observation, self.observation(properties)) {
            (_, None) => Verdict::Open,
            (Observation::Sometimes, Some(Observation::Always | Observation::Sometimes)) => Verdict::Met,
            (expected, Some(found)) if expected == found => Verdict::Met,
            _ => Verdict::Failed,
        }
    }
}
