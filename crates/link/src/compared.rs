//! The machine that a run is compared with.

use crate::Numbered;
use experiment::Experiment;
use lang::Selection;
use std::fmt;

/// The other machines on which a run is followed, by name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Compared {
    /// The same machine with one option changed.
    Option {
        /// Its name.
        name: String,
        /// What it is set to.
        choice: String,
    },
    /// A case of the scenario as written; without a name, the scenario itself.
    Case(Option<String>),
    /// The same choices on another kernel. Of the kernel that is run itself it is the library's text, in place of one's own.
    Kernel(String),
}

/// How a link names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ComparedAs {
    /// Its name.
    Named(Compared),
    /// A number, in a link of version 1. [`open`](fn@crate::open) finds out what it meant.
    Numbered(Numbered),
}

/// Why a link's comparison means nothing here. The link opens without it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Incomparable {
    /// The kernel has a number, and no kernel of this library has that number.
    NoKernel,
    /// The setting has a number, and there is no setting of that number.
    NoSetting,
    /// The setting has a number, and it means one setting or another, as the library has changed since.
    Ambiguous,
    /// It has a name, and nothing here has that name.
    Gone,
}

impl fmt::Display for Incomparable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let why = match self {
            Incomparable::NoKernel => "the library no longer has the kernel that the run was compared with",
            Incomparable::NoSetting => "the setting that the run was compared with no longer exists",
            Incomparable::Ambiguous => {
                "the library has changed since the link was made, and it is not certain which setting the run was compared with"
            }
            Incomparable::Gone => "what the run was compared with no longer exists",
        };
        write!(f, "The link's comparison is left out: {why}.")
    }
}

impl std::error::Error for Incomparable {}

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
            Compared::Kernel(name) if with.kernel_name().as_ref() == Some(name) => {
                let mut unedited = with.clone();
                unedited.kernels.remove(name);
                unedited
            }
            Compared::Kernel(name) => with.on_kernel(Some(name)),
        })
    }
}
