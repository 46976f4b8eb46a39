//! The tests of `machine`: one program, since linking one for each file takes longer than running them all.
//! A file that is not named here is never compiled, which tidy finds.

mod accesses;
mod asked;
mod beginnings;
mod claims;
mod fault_handlers;
mod finale;
mod flushes;
mod frames;
mod guest_claims;
mod guests;
mod hang;
mod idle;
mod interrupts;
mod intruders;
mod invariants;
mod iommu;
mod kernel_accesses;
mod labels;
mod levels;
mod limits;
mod locked_accesses;
mod occasions;
mod own_loads;
mod page_faults;
mod sizes;
mod sleep;
mod spaces;
mod stages;
mod stale_translations;
mod support;
mod threads;
mod tso;
mod unreached;
mod variable_limits;
mod walks;
