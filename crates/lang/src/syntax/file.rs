//! A whole text, as the grammar reads it.

use super::scenario::Scenario;
use super::tree::{CostsDecl, Kernel, Text};

/// A whole text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum File {
    /// `kernel "..." { ... }`
    Kernel(Box<Kernel>),
    /// `scenario "..." { ... }`
    Scenario(Box<Scenario>),
    /// `costs "..." { ... }`
    Costs(Box<CostsDecl>),
}

impl File {
    /// The name that it gives itself.
    #[must_use]
    pub fn name(&self) -> &Text {
        match self {
            File::Kernel(kernel) => &kernel.name,
            File::Scenario(scenario) => &scenario.name,
            File::Costs(table) => &table.name,
        }
    }
}
