//! Which rules the code obeys, and in which crate. For the other rules: why the code does not.
//!
//! "Built" means that a step of the model would be wrong without the rule, so a test can fail for it. A rule is not
//! modelled, however true it is, if no scenario can ask for its instruction or its processor.

use super::Law;
use std::fmt;

/// Whether the code obeys a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Built {
    /// In this crate, with at least one test in `crates/x86/tests` that has the rule's number in its name.
    Here,
    /// In `crates/machine`, where instructions and store buffers meet the caches, with at least one test in
    /// `crates/machine/tests` that has the rule's number in its name.
    Machine,
    /// In no code, for this reason.
    NotModelled(&'static str),
}

impl fmt::Display for Built {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Built::Here => f.write_str("yes"),
            Built::Machine => f.write_str("yes, in machine"),
            Built::NotModelled(reason) => write!(f, "no: {reason}"),
        }
    }
}

impl Law {
    /// Whether the code obeys it.
    #[must_use]
    pub const fn built(self) -> Built {
        use Law::*;
        match self {
            H1 | H2 | H3 | H4 | H5 | H6 | H7 | H8 | H9 | H10 | H11 | H12 => Built::Here,
            H13 | H14 | H15 | H16 => Built::Here,
            H17 | H18 | H19 => Built::Here,
            H20 => {
                Built::NotModelled("A is set in the step that reads the entry, D in the step of the store")
            }
            H21 => Built::NotModelled("P is checked and A set in one step; a program can take two"),
            H22 => Built::Machine,
            H23 | H24 | H25 | H26 => Built::Here,
            H27 => Built::Machine,
            H28 | H29 | H30 | H31 | H32 | H33 => Built::Here,
            H34 | H35 | H36 | H37 | H38 | H39 | H40 | H41 | H42 | H43 => Built::Here,
            H44 => Built::NotModelled("CR4.PAE and CR4.SMEP cannot be changed"),
            H45 => Built::NotModelled("paging cannot be switched off"),
            H46 => Built::NotModelled("long mode has no such task switches"),
            H47 | H48 => Built::Here,
            H49 => Built::Machine,
            H50 | H51 | H52 | H53 => Built::Here,
            H54 => Built::Machine,
            H55 => Built::Here,
            H56 => Built::Machine,
            H57 | H58 => Built::Here,
            H59 | H60 | H61 => Built::Machine,
            H62 => Built::Here,
            H63 | H64 | H65 | H66 | H67 | H68 | H69 | H70 | H71 | H72 => Built::Here,
            H73 | H74 | H75 | H76 => Built::Machine,
        }
    }
}
