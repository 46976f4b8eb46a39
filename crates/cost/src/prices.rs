//! A table of costs as numbers, looked up by every step.

use lang::costs::{Costs, Figure};
use x86::Level;

/// The figures, by number.
#[derive(Clone, Debug)]
pub(crate) struct Prices(Vec<u64>);

impl Prices {
    pub(crate) fn new(costs: &Costs) -> Prices {
        Prices(Figure::ALL.iter().map(|&figure| costs.amount(figure)).collect())
    }

    pub(crate) fn of(&self, figure: Figure) -> u64 {
        self.0[figure as usize]
    }

    /// What a walk takes to read an entry.
    pub(crate) fn walk(&self, level: Level) -> u64 {
        self.of(match level {
            Level::Pml5 => Figure::WalkPml5,
            Level::Pml4 => Figure::WalkPml4,
            Level::Pdpt => Figure::WalkPdpt,
            Level::Pd => Figure::WalkPd,
            Level::Pt => Figure::WalkPt,
        })
    }
}
