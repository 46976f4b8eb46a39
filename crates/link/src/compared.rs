//! The machine that a run is compared with.

use crate::Numbered;
use experiment::Experiment;
use lang::Selection;

/// What a run is followed on besides its own machine, by name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Compared {
    /// The same machine with one option set otherwise.
    Option {
        /// Its name.
        name: String,
        /// What it is set to.
        choice: String,
    },
    /// A case of the scenario as it is told; without a name, the scenario as written.
    Case(Option<String>),
    /// The same choices on another kernel.
    Kernel(String),
}

/// What a link says about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// Its name.
    Named(Compared),
    /// A number, in a link of version 1. [`open`](crate::open) finds out what it meant.
    Numbered(Numbered),
}

impl Compared {
    /// The experiment that is compared with one; nothing if its scenario has no such case.
    #[must_use]
    pub fn experiment(&self, with: &Experiment) -> Option<Experiment> {
        Some(match self {
            Compared::Option { name, choice } => {
                let mut selection = with.selection.clone();
                selection.options.retain(|(there, _)| there != name);
                selection.options.push((name.clone(), choice.clone()));
                with.selecting(selection)
            }
            Compared::Case(name) => {
                let case = with.cases().into_iter().find(|case| case.name == *name)?.case;
                with.selecting(Selection { case, ..Selection::default() })
            }
            Compared::Kernel(name) => with.on_kernel(Some(name)),
        })
    }
}
