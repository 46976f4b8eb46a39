//! Which walks only add possibilities: the reason why it is enough to search saturated states ([`Monotone`]).
//!
//! A CPU's caches are sets. An entry is used by choice and stays until an invalidation removes it. An invalidation
//! removes entries by their contents, whatever else is cached. So a CPU with more entries can do whatever the same CPU
//! with fewer can: caching is monotone. A walk that only caches something, and changes nothing in memory, is a gain.
//!
//! A walk is no gain if
//!
//! - it sets an accessed bit: memory is another one then, and software may look;
//! - it reads a device: a read may have a side effect;
//! - it raises a machine check: nothing can be done afterwards;
//! - it caches nothing new, and is offered for the hazard that it shows. It stays a step, or it would be taken for ever.
//!
//! In a guest the same holds for the second dimension: a cached guest-physical mapping is one more that a walk may go
//! through, and prevents no other walk.
//!
//! Where CPUs share a TLB, a walk caches on several of them. Then each of them has one entry more, and the same holds.
//!
//! With erratum 383 two translations of different sizes stop the machine. A CPU that has cached more may then be able to
//! do less, so no walk is a gain there.
//!
//! An invariant that looks at what is cached may be broken by a CPU that has cached less, so no walk is a gain there either.
//!
//! docs/proof.md has the proof, and `tests/tests/saturation.rs` compares both searches over the whole library.

use crate::number::{ActionGroup, hardware};
use crate::property::LABELLED;
use crate::{Action, Machine, Property, State};
use explore::{Monotone, PropertySet};

impl Machine {
    /// Whether more entries never make a step impossible, and never make an invariant hold.
    fn caching_is_monotone(&self) -> bool {
        let hardware = (0..self.program.machine.cpus).any(|cpu| self.inspected >> hardware(cpu) & 1 == 1);
        !self.program.machine.erratum_383 && !hardware
    }

    /// Whether a walk caches something new and does nothing else.
    fn only_caches(&self, state: &State, action: Action) -> bool {
        let Some((_, walked)) = self.walked(state, action) else { return false };
        self.fills(state, action.cpu(), &walked)
            && walked.sets_accessed.is_none()
            && self.caching_is_monotone()
    }
}

impl Monotone for Machine {
    fn gaining(&self, group: u32) -> bool {
        let cpus = self.program.machine.cpus;
        self.caching_is_monotone() && matches!(ActionGroup::from_number(group, cpus), ActionGroup::Walks(_))
    }

    fn gains(&self, state: &State, action: Action) -> bool {
        // An action of a kind that is not known here counts as no gain. That is always sound.
        self.only_caches(state, action)
    }

    /// All but two: what else is cached decides whether a fill shows two translations at once, and, with claims,
    /// whether a claim shows a missed flush. Checks with labels show what checks without labels show. A final state is a
    /// state, and no step.
    fn steady(&self) -> PropertySet {
        // Each property is named, so that a new one does not compile before somebody has thought about it.
        let steady = |property: &Property| match property {
            Property::MultiMatch | Property::FinalState => false,
            Property::MissedFlush => !self.claims,
            Property::WalkOfFreed
            | Property::ABitCorruption
            | Property::GarbagePsc
            | Property::GarbageTlb
            | Property::DeviceRead
            | Property::MachineCheck
            | Property::StaleAccess
            | Property::PageFault
            | Property::KernelBug
            | Property::KernelWarning
            | Property::Deadlock
            | Property::IpiToIdle
            | Property::StaleTranslation
            | Property::MissedFlushUsed
            | Property::ForeignAccess
            | Property::Invariant => true,
        };
        Property::ALL.into_iter().filter(steady).fold(LABELLED, |all, property| all | property.as_set())
    }
}
