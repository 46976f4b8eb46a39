//! The values over which kernels are compared: which there are, what each is now, and its words for readers.

use super::Timed;
use cost::Over;
use experiment::Experiment;
use lang::costs::{Costs, Figure};

impl Timed {
    /// Over what they are compared.
    #[must_use]
    pub fn over(&self) -> Option<Over> {
        let offered = self.offered();
        let chosen = Over::named(&self.over).ok().filter(|over| offered.iter().any(|one| one.0 == *over));
        chosen.or_else(|| offered.first().map(|one| one.0))
    }

    /// What kernels can be compared over: each with its value now.
    #[must_use]
    pub fn offered(&self) -> Vec<(Over, u64)> {
        let now = |(over, said): &(Over, u64)| {
            let changed = self.changes.iter().find(|change| change.0 == over.name());
            (*over, changed.map_or(*said, |change| change.1))
        };
        self.said.iter().map(now).filter(|one| one.1 > 0).collect()
    }

    /// Over what they are compared, the value now, and from and to which value the picture goes: around what workload and
    /// costs say, so that a change does not move the picture.
    #[must_use]
    pub fn range(&self) -> Option<(Over, u64, (u64, u64))> {
        let over = self.over()?;
        let now = self.offered().into_iter().find(|one| one.0 == over)?.1;
        let said = self.said.iter().find(|one| one.0 == over && one.1 > 0).map_or(now, |one| one.1);
        Some((over, now, cost::around(over, said, self.cpus)))
    }

    /// How many CPUs the scenario itself has: each with a block of its own.
    #[must_use]
    pub fn blocks(&self) -> u8 {
        self.cpus
    }

    /// A value in words: of what it is so many, the workload says.
    #[must_use]
    pub fn told(&self, over: Over, value: u64) -> String {
        over.value(value, &self.noun(over))
    }

    /// What a value is a number of.
    #[must_use]
    pub fn noun(&self, over: Over) -> String {
        over.noun(&self.load)
    }
}

/// What kernels on a workload may be compared over: how often blocks run and how long CPUs sleep, what decides in the thread, and
/// how many CPUs there are.
pub(super) fn said(texts: &Experiment, costs: &Costs) -> Vec<(Over, u64)> {
    const FIGURES: [Figure; 8] = [
        Figure::C6Exit,
        Figure::C1Exit,
        Figure::IpiLatency,
        Figure::Cr3Keep,
        Figure::Cr3Flush,
        Figure::LineRemote,
        Figure::VcpuWaits,
        Figure::BroadcastLatency,
    ];
    let cpus = (0..4).flat_map(|cpu| [Over::Every(cpu), Over::Sleep(cpu)]);
    let all = cpus.chain(FIGURES.map(Over::Figure)).chain([Over::Cpus]);
    all.filter_map(|over| Some((over, cost::now(texts, costs, None, over)?))).collect()
}
