//! Why a link that was read shows nothing.

use lang::{Diagnostic, Severity};
use machine::MachineRefusal;
use std::fmt;

/// Why a well-formed link shows nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unopened {
    /// It names a scenario that the library does not have.
    NoScenario(String),
    /// Its text does not compile: all diagnostics.
    Text(Vec<Diagnostic>),
    /// The machine that the text asks for can't exist.
    Machine(MachineRefusal),
}

impl fmt::Display for Unopened {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Unopened::NoScenario(slug) => {
                write!(f, "The link names the scenario {slug:?}, which is not in this library.")
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
