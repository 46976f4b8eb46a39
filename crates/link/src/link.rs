//! A link as the program has it: the present type, in which all versions of the format meet.
//!
//! A field is added here, and [`Link::new`] says what its absence in an older link means. Only `versions.rs` converts between
//! this type and what the versions write.

use crate::{ComparedAs, TimedTable, View};

/// A moment that can be shared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The texts.
    pub base: Base,
    /// Options that differ from their defaults: name and choice.
    pub options: Vec<(String, String)>,
    /// Which case of the scenario; nothing for the scenario as written.
    pub case: Option<u8>,
    /// Codes of all actions, those after the cursor included.
    pub schedule: Vec<u32>,
    /// How many steps have been taken at the moment shown.
    pub cursor: u32,
    /// How the page shows it.
    pub view: View,
    /// What its run is compared with.
    pub compared: Option<ComparedAs>,
    /// What is shown of costs; nothing in a link that speaks of no costs.
    pub timed: Option<TimedTable>,
    /// [`hash_state`](crate::hash_state) of the state after the whole schedule. It only verifies.
    pub digest: u32,
    /// The version of the model that recorded it.
    pub model: u16,
}

/// The texts a link starts from. `kernel` is the text of an edited kernel, which stands in for the one that the
/// scenario (or its case) names; without it, that one is the library's. `hash` is [`hash_texts`](crate::hash_texts) of the library's
/// texts that are used, to notice when those have changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Base {
    /// A scenario of the library.
    Library {
        /// Its file's name without `.tlb`.
        slug: String,
        /// An edited kernel.
        kernel: Option<String>,
        /// Of the scenario, then the kernel if that is the library's.
        hash: u32,
    },
    /// An edited scenario.
    Inline {
        /// Its text.
        scenario: String,
        /// An edited kernel.
        kernel: Option<String>,
        /// Of the kernel if that is the library's; of no text if not.
        hash: u32,
    },
}

impl Link {
    /// A link to the beginning of texts, with no choices made in them and no run. What a link of an older version does not
    /// say is as it is here.
    #[must_use]
    pub const fn new(base: Base) -> Link {
        Link {
            base,
            options: Vec::new(),
            case: None,
            schedule: Vec::new(),
            cursor: 0,
            view: View(0),
            compared: None,
            timed: None,
            digest: 0,
            model: machine::MODEL,
        }
    }
}

impl Base {
    /// The edited kernel, if there is one.
    #[must_use]
    pub fn kernel(&self) -> Option<&str> {
        match self {
            Base::Library { kernel, .. } | Base::Inline { kernel, .. } => kernel.as_deref(),
        }
    }

    /// The hash of the library's texts when the link was made.
    #[must_use]
    pub const fn hash(&self) -> u32 {
        match self {
            Base::Library { hash, .. } | Base::Inline { hash, .. } => *hash,
        }
    }
}
