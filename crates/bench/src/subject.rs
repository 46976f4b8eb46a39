//! What is searched: the toy in some sizes, and scenarios.

use crate::toy::Toy;
use experiment::Experiment;
use machine::Machine;

/// Something to search.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Subject {
    /// Its name: on the command line, in tables, in file names.
    pub name: &'static str,
    /// What it is.
    pub kind: Kind,
    /// How large it is.
    pub size: Size,
    /// Whether there is also a search for a violation, and not only the full one.
    pub find: bool,
}

/// Whether it is among the subjects that are measured without being asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Size {
    /// The smallest of its kind: it is always measured.
    Small,
    /// It is measured without being asked for.
    Medium,
    /// It is measured only with `--large`, since each round takes minutes.
    Large,
}

/// The two kinds of subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The toy.
    Toy(Toy),
    /// A scenario's text.
    Scenario(&'static str),
}

const fn toy(name: &'static str, starts: [u64; 4], size: Size, find: bool) -> Subject {
    Subject { name, kind: Kind::Toy(Toy { starts }), size, find }
}

/// All of them.
#[must_use]
pub fn all() -> Vec<Subject> {
    let mut all = vec![
        toy("toy-S", [6, 6, 8, 8], Size::Small, false),
        toy("toy-M", [3, 3, 3, 9], Size::Medium, false),
        toy("toy-L", [0, 0, 9, 9], Size::Large, false),
        toy("toy-bug", [0, 0, 0, 12], Size::Medium, true),
    ];
    for (name, size) in SCENARIOS {
        if let Some(text) = gallery::scenario(name) {
            all.push(Subject { name, kind: Kind::Scenario(text.text), size, find: true });
        }
    }
    let four = Kind::Scenario(include_str!("../scenarios/four.tlb"));
    all.push(Subject { name: "four", kind: four, size: Size::Medium, find: true });
    let long = Kind::Scenario(include_str!("../scenarios/four-long.tlb"));
    all.push(Subject { name: "four-long", kind: long, size: Size::Large, find: false });
    all
}

/// Scenarios of the library that are measured.
const SCENARIOS: [(&str, Size); 2] = [("lazy+exit+andy", Size::Small), ("switch+zap+return", Size::Medium)];

/// The subject of a name.
///
/// # Errors
/// If there is none.
pub fn named(name: &str) -> Result<Subject, String> {
    all().into_iter().find(|subject| subject.name == name).ok_or_else(|| format!("no subject {name:?}"))
}

/// The machine of a scenario's text.
///
/// # Errors
/// If it does not compile.
pub fn machine(text: &str) -> Result<Machine, String> {
    Experiment::new(text).compile().into_machine()
}
