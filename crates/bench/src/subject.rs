//! What is searched: the toy in some sizes, and scenarios.

use crate::toy::Toy;
use lang::{Selection, Texts};
use machine::Machine;

/// Something to search.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Subject {
    /// Its name: on the command line, in tables, in file names.
    pub name: &'static str,
    /// What it is.
    pub kind: Kind,
    /// Whether it belongs to the smallest of its kind.
    pub small: bool,
    /// Whether a violation is looked for, besides the full search.
    pub find: bool,
}

/// The two kinds of subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The toy.
    Toy(Toy),
    /// A scenario's text.
    Scenario(&'static str),
}

const fn toy(name: &'static str, starts: [u64; 4], small: bool, find: bool) -> Subject {
    Subject { name, kind: Kind::Toy(Toy { starts }), small, find }
}

/// All of them.
#[must_use]
pub fn all() -> Vec<Subject> {
    let mut all = vec![
        toy("toy-S", [6, 6, 8, 8], true, false),
        toy("toy-M", [3, 3, 3, 9], false, false),
        toy("toy-L", [0, 0, 9, 9], false, false),
        toy("toy-bug", [0, 0, 0, 12], false, true),
    ];
    for (name, small) in SCENARIOS {
        if let Some(text) = gallery::scenario(name) {
            all.push(Subject { name, kind: Kind::Scenario(text.text), small, find: true });
        }
    }
    let four = Kind::Scenario(include_str!("../scenarios/four.tlb"));
    all.push(Subject { name: "four", kind: four, small: false, find: true });
    all
}

/// Scenarios of the library that are measured, and whether it is a small one.
const SCENARIOS: [(&str, bool); 2] = [("lazy+exit+andy", true), ("switch+zap+return", false)];

/// The subject of a name.
///
/// # Errors
/// If there is none.
pub fn named(name: &str) -> Result<Subject, String> {
    all().into_iter().find(|subject| subject.name == name).ok_or_else(|| format!("no subject {name:?}"))
}

/// The library's kernels.
struct Kernels;

impl Texts for Kernels {
    fn kernel(&self, name: &str) -> Option<&str> {
        gallery::kernel(name).map(|kernel| kernel.text)
    }
}

/// The machine of a scenario's text.
///
/// # Errors
/// If it does not compile.
pub fn machine(text: &str) -> Result<Machine, String> {
    compile(text, &Selection::default())
}

/// The machine of a variant of a scenario.
///
/// # Errors
/// If it does not compile.
pub fn compile(text: &str, selection: &Selection) -> Result<Machine, String> {
    let compiled = lang::compile(text, &Kernels, selection);
    let program = compiled.program.ok_or("the scenario does not compile")?;
    Machine::new(program).map_err(|refusal| refusal.to_string())
}
