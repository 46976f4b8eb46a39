//! The checker: whether a set of states contains the initial one, is closed, and shows nothing that it claims never shows.
//!
//! The checker begins at the initial state and continues with states that some step has led to. So it never takes a
//! step in something that only the file claims to be a state.

use crate::Certificate;
use explore::{Factored, Monotone, PropertySet, Symmetric, System};
use machine::{Action, Machine, Property, State, numbered};
use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::fmt;

/// What was looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verified {
    /// States that the machine reaches.
    pub states: usize,
    /// States of the set that it does not reach. They do no harm.
    pub superfluous: usize,
    /// Steps out of them.
    pub steps: u64,
}

/// Why a certificate proves nothing. States are counted from 0, in the file's order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Flaw {
    /// Its states have another number of parts than the machine's.
    OtherMachine,
    /// The initial state is not in the set.
    NoBeginning,
    /// A step leads out of the set.
    Open {
        /// From which state.
        state: usize,
        /// By which action.
        action: Action,
    },
    /// Something shows that is claimed never to show.
    Shows {
        /// In which state or in a step out of it; nothing if it shows on the way to the first saturated state.
        state: Option<usize>,
        /// The property; of a labelled one, the property of its checks.
        property: Property,
    },
    /// The machine reached one of its own limits there: more could happen than it shows.
    Beyond {
        /// The state.
        state: usize,
    },
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Flaw::OtherMachine => write!(f, "its states are not states of this machine"),
            Flaw::NoBeginning => write!(f, "the initial state is not in the set"),
            Flaw::Open { state, action } => {
                write!(f, "a step of CPU {} leads from state {state} out of the set", action.cpu())
            }
            Flaw::Shows { state: Some(state), property } => {
                write!(f, "{} shows in state {state} or in a step out of it", property.name())
            }
            Flaw::Shows { state: None, property } => {
                write!(f, "{} shows in the initial state", property.name())
            }
            Flaw::Beyond { state } => {
                write!(
                    f,
                    "a step out of state {state} needs a longer queue than the model has: more may happen there"
                )
            }
        }
    }
}

impl std::error::Error for Flaw {}

/// The places of values by their bytes, for each part.
type Places = Vec<BTreeMap<Vec<u8>, u32>>;

/// A certificate being checked for a machine.
struct Checker<'a> {
    certificate: &'a Certificate,
    machine: &'a Machine,
    places: Places,
    bytes: Vec<u8>,
    row: Vec<u32>,
    enabled: Vec<Action>,
}

impl Certificate {
    /// Checks the certificate for a machine. `watch` hears how many states have been looked at.
    ///
    /// # Errors
    /// The first flaw that was found.
    pub fn verify(&self, machine: &Machine, mut watch: impl FnMut(usize)) -> Result<Verified, Flaw> {
        let parts = usize::try_from(machine.parts()).unwrap_or(usize::MAX);
        if self.values.len() != parts {
            return Err(Flaw::OtherMachine);
        }
        let place = |values: &Vec<Vec<u8>>| values.iter().cloned().zip(0..).collect();
        let places = self.values.iter().map(place).collect();
        let (bytes, row, enabled) = (Vec::new(), Vec::new(), Vec::new());
        let mut checker = Checker { certificate: self, machine, places, bytes, row, enabled };
        let mut first = machine.initial();
        let shown = checker.ascend(&mut first);
        checker.refuse(None, shown)?;
        let beginning = checker.find(&first).ok_or(Flaw::NoBeginning)?;
        let mut reached = vec![false; self.states()];
        reached[beginning] = true;
        let (mut todo, mut states, mut steps) = (vec![beginning], 0, 0);
        while let Some(at) = todo.pop() {
            steps += checker.state(at, |next| {
                if !reached[next] {
                    reached[next] = true;
                    todo.push(next);
                }
            })?;
            states += 1;
            watch(states);
        }
        Ok(Verified { states, superfluous: self.states() - states, steps })
    }
}

impl Checker<'_> {
    /// Checks a state that the machine reaches, and reports to which places its steps lead; returns how many steps there are.
    fn state(&mut self, at: usize, mut leads_to: impl FnMut(usize)) -> Result<u64, Flaw> {
        let state = self.unfold(at);
        let machine = self.machine;
        let mut actions = Vec::new();
        machine.enabled(&state, &mut actions);
        self.refuse(Some(at), machine.observe(&state, &actions))?;
        for &action in &actions {
            let mut after = state.clone();
            let shown = machine.step(&mut after, action, &mut ());
            let shown = shown | self.ascend(&mut after);
            self.refuse(Some(at), shown)?;
            leads_to(self.find(&after).ok_or(Flaw::Open { state: at, action })?);
        }
        Ok(actions.len() as u64)
    }

    /// The state at a place of the list. It has been found there before, so these are bytes that the machine has written.
    fn unfold(&self, at: usize) -> State {
        let mut state = self.machine.initial();
        for ((part, values), &place) in (0..).zip(&self.certificate.values).zip(self.certificate.row(at)) {
            self.machine.unpack_part(&values[place as usize], part, &mut state);
        }
        state
    }

    /// Goes up to the saturated state, if the set is of such; what shows on the way.
    fn ascend(&mut self, state: &mut State) -> PropertySet {
        let mut shown = PropertySet::NONE;
        while self.certificate.claim.saturated {
            self.enabled.clear();
            self.machine.enabled(state, &mut self.enabled);
            let Some(&gain) = self.enabled.iter().find(|&&action| self.machine.gains(state, action)) else {
                break;
            };
            shown |= self.machine.step(state, gain, &mut ());
        }
        shown
    }

    /// Nothing may show that never shows.
    fn refuse(&self, state: Option<usize>, shown: PropertySet) -> Result<(), Flaw> {
        let wrong = PropertySet(shown.0 & self.certificate.claim.never.0);
        let program = self.machine.program();
        if let Some(property) = wrong.iter().find_map(|number| numbered(program, number)) {
            return Err(Flaw::Shows { state, property });
        }
        if shown.intersects(self.machine.truncated()) {
            return Err(Flaw::Beyond { state: state.unwrap_or_default() });
        }
        Ok(())
    }

    /// The place of a state in the set, perhaps under other names.
    fn find(&mut self, state: &State) -> Option<usize> {
        let machine = self.machine;
        let under_other_names = |checker: &mut Self| {
            let renamings = machine.renamings().iter().filter(|_| checker.certificate.claim.symmetry);
            renamings.map(|renaming| machine.rename(renaming, state)).find_map(|state| checker.look(&state))
        };
        self.look(state).or_else(|| under_other_names(self))
    }

    /// The place of a state in the list, as it is.
    fn look(&mut self, state: &State) -> Option<usize> {
        self.row.clear();
        for (part, places) in (0..).zip(&self.places) {
            self.bytes.clear();
            self.machine.pack_part(state, part, &mut self.bytes);
            self.row.push(*places.get(&self.bytes)?);
        }
        let (mut low, mut high) = (0, self.certificate.states());
        while low < high {
            let middle = usize::midpoint(low, high);
            match self.certificate.row(middle).cmp(&self.row) {
                Ordering::Equal => return Some(middle),
                Ordering::Less => low = middle + 1,
                Ordering::Greater => high = middle,
            }
        }
        None
    }
}
