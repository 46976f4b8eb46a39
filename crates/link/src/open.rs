//! Opening a link: text, machine, run, and how that compares with what was recorded.
//!
//! The page, the command line and the tests open links with this and nothing else, so that they can't disagree
//! about what a link shows.

use crate::variant::digest;
use crate::{Link, Outcome, Replayed, Variant};
use explore::Trace;
use lang::{Diagnostic, Severity};
use machine::{Action, MODEL, Machine};
use std::fmt;

/// A link that has been opened.
#[derive(Debug)]
pub struct Opened {
    /// What it is about.
    pub variant: Variant,
    /// The machine.
    pub machine: Machine,
    /// The run, as far as it goes here.
    pub trace: Trace<Machine>,
    /// How many of its steps have been taken at the moment shown.
    pub cursor: usize,
    /// How the run compares with the one recorded.
    pub outcome: Outcome,
    /// Warnings of the compiler.
    pub diagnostics: Vec<Diagnostic>,
}

/// Why a link that is well formed shows nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unopened {
    /// It names a scenario that the library does not have.
    NoScenario(String),
    /// Its text does not compile: all that is to be said about it.
    Text(Vec<Diagnostic>),
    /// The machine that the text asks for can't exist.
    Machine(String),
}

/// Opens a link.
///
/// # Errors
/// If there is nothing to show.
pub fn open(link: &Link) -> Result<Opened, Unopened> {
    let variant = Variant::of(link)?;
    let lang::Compiled { program, diagnostics } = variant.compile();
    let Some(program) = program else { return Err(Unopened::Text(diagnostics)) };
    let machine = Machine::new(program).map_err(|refusal| Unopened::Machine(refusal.to_string()))?;
    let (trace, outcome) = replay(link, &variant, &machine);
    let cursor = trace.len().min(link.cursor as usize);
    Ok(Opened { variant, machine, trace, cursor, outcome, diagnostics })
}

/// Follows a link's schedule on a machine as far as it goes. A code that means nothing ends it, like an action that
/// is not enabled.
#[must_use]
pub fn replay(link: &Link, variant: &Variant, machine: &Machine) -> (Trace<Machine>, Outcome) {
    let schedule: Vec<Action> = link.schedule.iter().map_while(|&code| Action::from_code(code)).collect();
    let (trace, _) = Trace::replay(machine, &schedule);
    let (digest, texts) = (digest(machine, &trace), variant.base().hash());
    let outcome = Outcome::of(link, Replayed { taken: trace.len(), digest, model: MODEL, texts });
    (trace, outcome)
}

impl fmt::Display for Unopened {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Unopened::NoScenario(slug) => {
                write!(f, "The link is to a scenario named {slug:?}, which is not in this library.")
            }
            Unopened::Text(diagnostics) => {
                let mut errors = diagnostics.iter().filter(|found| found.severity == Severity::Error);
                match errors.next() {
                    Some(first) => write!(f, "The text in this link does not compile: {}.", first.message),
                    None => f.write_str("The text in this link does not compile."),
                }
            }
            Unopened::Machine(why) => write!(f, "The machine of this link can't be built: {why}."),
        }
    }
}

impl std::error::Error for Unopened {}
