//! What a check found, in a form that can cross to the page.
//!
//! The core types derive no serialisation, so that they may change shape freely. This file converts what crosses,
//! field by field.

use explore::{Bound, Completeness, Progress, PropertySet};
use lang::program::{Expectation, Observation, Program};
use machine::{Action, Check, Finals, Finding, LIMIT, Machine, Needs, Property, Verdict};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// What a check found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// What stopped it early; nothing if it is complete.
    pub bound: Option<WireBound>,
    /// What it would have needed, if a bound of states or memory stopped it and there is an estimate.
    pub needs: Option<WireNeeds>,
    /// Whether the figures are of saturated states, in which the hardware has cached whatever it can.
    pub saturated: bool,
    /// Distinct states found.
    pub states: u32,
    /// States that were found and not expanded: 0 if it is complete.
    pub frontier: u32,
    /// Transitions computed.
    pub transitions: u64,
    /// Steps from the beginning to the states expanded last.
    pub depth: u32,
    /// Memory used, in bytes.
    pub bytes: u64,
    /// Whether a store had to wait in some state because the store buffer was full.
    pub stores_waited: bool,
    /// Accesses that are reached and fault each time, as places in the program's code.
    pub only_fault: Vec<u16>,
    /// Claims that say nothing, as places in the program's code, and whether some CPU reaches them.
    pub idle_claims: Vec<(u16, bool)>,
    /// Statements of the kernel that no run reaches, as places in the program's code.
    pub unreached: Vec<u16>,
    /// What is known of each property.
    pub findings: Vec<WireFinding>,
    /// What the scenario expects, in its order, and whether it holds.
    pub expectations: Vec<WireExpectation>,
    /// The states in which executions end; nothing if the scenario asks nothing of them.
    pub finals: Option<WireFinals>,
}

/// The states in which executions end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WireFinals {
    /// What was observed of each, at most [`MOST_FINALS`] of them.
    pub states: Vec<Vec<u64>>,
    /// How many more there are.
    pub more: u32,
    /// For how many of all final states the condition holds.
    pub holds: u32,
    /// Whether these are all final states.
    pub complete: bool,
}

/// The most final states that are listed one by one.
pub const MOST_FINALS: usize = 128;

impl From<Finals> for WireFinals {
    fn from(finals: Finals) -> WireFinals {
        let Finals { mut states, holds, complete } = finals;
        let narrow = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        let more = narrow(states.len().saturating_sub(MOST_FINALS));
        states.truncate(MOST_FINALS);
        WireFinals { states, more, holds: narrow(holds), complete }
    }
}

/// What kept a search from being complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum WireBound {
    /// As many states as allowed.
    States,
    /// As much memory as allowed.
    Bytes,
    /// A queue of the model was full: beyond that, more could happen.
    Model,
    /// The limit of a variable, which the text declares: runs beyond it are not followed.
    Limit,
    /// All that was asked had been seen.
    Found,
}

/// An estimate of what a search that a bound has stopped would have needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WireNeeds {
    /// How many states.
    pub states: u64,
    /// Whether these are saturated states.
    pub saturated: bool,
    /// How many bytes of memory.
    pub bytes: u64,
}

impl From<Needs> for WireNeeds {
    fn from(needs: Needs) -> WireNeeds {
        let Needs { states, saturated, bytes } = needs;
        WireNeeds { states, saturated, bytes }
    }
}

impl From<WireNeeds> for Needs {
    fn from(needs: WireNeeds) -> Needs {
        let WireNeeds { states, saturated, bytes } = needs;
        Needs { states, saturated, bytes }
    }
}

/// A property, how often it shows, and a path to see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WireFinding {
    /// Its number; of a labelled one, that of the property that it stands for.
    pub property: u8,
    /// Its number in a set of properties.
    pub number: u8,
    /// How often; nothing if that is open.
    pub observation: Option<WireObservation>,
    /// Codes of a schedule that shows it.
    pub witness: Option<Vec<u32>>,
    /// Whether it is known to be a shortest one.
    pub shortest: bool,
}

/// How often something happens over all executions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum WireObservation {
    /// In every complete execution.
    Always,
    /// In some executions.
    Sometimes,
    /// In no execution.
    Never,
}

/// An expectation of the scenario.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WireExpectation {
    /// How often it is expected.
    pub expected: WireObservation,
    /// Name of a property, or of a group of them.
    pub property: String,
    /// Whether it holds.
    pub verdict: WireVerdict,
}

/// What a search says about an expectation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum WireVerdict {
    /// It holds.
    Met,
    /// It does not hold.
    Failed,
    /// The search stopped before it could tell.
    Open,
}

impl Report {
    /// What a check has found when it is done.
    pub(crate) fn of(check: &Check<Arc<Machine>>, program: &Program) -> Report {
        let Progress { states, frontier, transitions, depth, bytes, seen, completeness } = check.progress();
        let expectation = |expectation: &Expectation| WireExpectation {
            expected: expectation.observation.into(),
            property: expectation.property.clone(),
            verdict: check.verdict(expectation).into(),
        };
        Report {
            bound: bound(completeness, seen),
            needs: check.needs().map(WireNeeds::from),
            saturated: check.saturated(),
            states,
            frontier,
            transitions,
            depth,
            bytes,
            stores_waited: check.stores_waited(),
            only_fault: check.only_fault(),
            idle_claims: check.idle_claims(),
            unreached: check.unreached(),
            findings: check.findings().into_iter().map(WireFinding::from).collect(),
            expectations: program.expectations.iter().map(expectation).collect(),
            finals: check.finals().map(WireFinals::from),
        }
    }

    /// Whether every reachable state has been seen.
    #[must_use]
    pub const fn complete(&self) -> bool {
        self.bound.is_none()
    }

    /// Of a set of properties, the one that shows after the fewest steps, and how.
    #[must_use]
    pub fn witness(&self, properties: PropertySet) -> Option<(Property, Vec<Action>)> {
        let shown =
            self.findings.iter().filter(|finding| PropertySet::one(finding.number).intersects(properties));
        let shown = shown.filter_map(|finding| Some((finding.property()?, finding.schedule()?)));
        shown.min_by_key(|(_, schedule)| schedule.len())
    }

    /// Whether the witness of a property is known to be as short as can be.
    #[must_use]
    pub fn shortest(&self, property: Property) -> bool {
        self.findings.iter().any(|finding| finding.property == property.number() && finding.shortest)
    }

    /// The properties that show.
    #[must_use]
    pub fn seen(&self) -> PropertySet {
        let shown = self.findings.iter().filter(|finding| finding.witness.is_some());
        shown.fold(PropertySet::NONE, |properties, finding| properties | PropertySet::one(finding.number))
    }
}

fn bound(completeness: Completeness, seen: PropertySet) -> Option<WireBound> {
    match completeness {
        Completeness::Complete => None,
        Completeness::Bounded(Bound::Bytes) => Some(WireBound::Bytes),
        Completeness::Bounded(Bound::System) if seen.intersects(LIMIT) => Some(WireBound::Limit),
        Completeness::Bounded(Bound::System) => Some(WireBound::Model),
        Completeness::Bounded(Bound::Found) => Some(WireBound::Found),
        // A check asks for a report when nothing runs.
        Completeness::Bounded(Bound::States) | Completeness::Running => Some(WireBound::States),
    }
}

impl WireFinding {
    /// The property, if this build knows it.
    #[must_use]
    pub fn property(&self) -> Option<Property> {
        Property::from_number(self.property)
    }

    /// The schedule of its witness, if there is one and all of its codes mean something.
    #[must_use]
    pub fn schedule(&self) -> Option<Vec<Action>> {
        self.witness.as_ref()?.iter().map(|&code| Action::from_code(code)).collect()
    }
}

impl From<Finding> for WireFinding {
    fn from(finding: Finding) -> WireFinding {
        let Finding { property, number, observation, witness, shortest } = finding;
        WireFinding {
            property: property.number(),
            number,
            observation: observation.map(WireObservation::from),
            witness: witness.map(|schedule| schedule.into_iter().map(Action::code).collect()),
            shortest,
        }
    }
}

impl WireExpectation {
    /// As it stands in the scenario: `sometimes walk_of_freed`.
    #[must_use]
    pub fn text(&self) -> String {
        format!("{} {}", self.expected.word(), self.property)
    }
}

impl WireObservation {
    /// Its word in the language.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            WireObservation::Always => "always",
            WireObservation::Sometimes => "sometimes",
            WireObservation::Never => "never",
        }
    }
}

impl From<Observation> for WireObservation {
    fn from(observation: Observation) -> WireObservation {
        match observation {
            Observation::Always => WireObservation::Always,
            Observation::Sometimes => WireObservation::Sometimes,
            Observation::Never => WireObservation::Never,
        }
    }
}

impl From<WireObservation> for Observation {
    fn from(observation: WireObservation) -> Observation {
        match observation {
            WireObservation::Always => Observation::Always,
            WireObservation::Sometimes => Observation::Sometimes,
            WireObservation::Never => Observation::Never,
        }
    }
}

impl From<Verdict> for WireVerdict {
    fn from(verdict: Verdict) -> WireVerdict {
        match verdict {
            Verdict::Met => WireVerdict::Met,
            Verdict::Failed => WireVerdict::Failed,
            Verdict::Open => WireVerdict::Open,
        }
    }
}

impl From<WireVerdict> for Verdict {
    fn from(verdict: WireVerdict) -> Verdict {
        match verdict {
            WireVerdict::Met => Verdict::Met,
            WireVerdict::Failed => Verdict::Failed,
            WireVerdict::Open => Verdict::Open,
        }
    }
}
