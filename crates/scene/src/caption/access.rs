//! Words for what a program itself loads and stores, and for its faults.

use super::{Says, Telling};
use crate::name;
use crate::view::Tone;
use lang::program::HandlerKind;
use machine::{Aftermath, Loc};
use x86::{
    Fault, FrameId, Level, MmId, Owner, Provenance, Removed, SpaceKind, TlbEntry, VirtAddr, WordId, translate,
};

impl Telling<'_> {
    pub(super) fn accessed(
        &self,
        va: VirtAddr,
        write: bool,
        value: u64,
        via: &TlbEntry,
        (owner, was, given, foreign): (Option<Owner>, Option<u64>, bool, Option<MmId>),
    ) -> Says {
        let target = self.names.whereabouts(via.frame_of(va));
        let value = name::data(value);
        let mut clause = if let Some(was) = was {
            let was = name::data(was);
            format!(
                "changes {was} to {value} at {va} by a locked operation; its TLB translates {va} to {target}"
            )
        } else if write {
            format!("stores {value} to {va}, which its TLB translates to {target}")
        } else {
            format!("loads {value} from {va}, which its TLB translates to {target}")
        };
        let now = owner.map(|owner| self.names.owner(owner));
        match via.provenance {
            Provenance::Sound if given => Says::new(self.subject(), clause),
            Provenance::Sound if let Some(space) = foreign => {
                clause.push_str(&format!(
                    "; this translation comes from the page tables of {}",
                    self.names.mm(space.into())
                ));
                let (tags, rules): (_, &[u8]) = match via.space.kind {
                    SpaceKind::Linear | SpaceKind::GuestPhysical => {
                        ("A TLB tells address spaces apart by their PCID alone.", &[2, 16])
                    }
                    SpaceKind::Combined => {
                        ("In guests, a TLB tells address spaces apart by their tags alone.", &[64, 16])
                    }
                    SpaceKind::Device => {
                        ("An IOMMU tells address spaces apart by their PASID alone.", &[74, 16])
                    }
                };
                Says::new(self.subject(), clause).because(tags, rules).tone(Tone::Corrupt)
            }
            Provenance::Sound => {
                clause.push_str(match via.space.kind {
                    SpaceKind::Combined => {
                        "; the guest's page tables and the second dimension no longer say so"
                    }
                    SpaceKind::Linear | SpaceKind::GuestPhysical => {
                        "; the page tables that its CR3 leads to no longer say so"
                    }
                    SpaceKind::Device => "; the page tables of its PASID no longer say so",
                });
                Says::new(self.subject(), clause)
                    .because("A cached translation may be used until it is invalidated.", &[16, 11])
                    .tone(Tone::Stale)
            }
            Provenance::Dangling if owner.is_none() => {
                clause.push_str(", memory that belongs to nobody in this scenario");
                Says::new(self.subject(), clause)
                    .because(
                        "The word that was read as an entry leads there. Memory that no frame models counts as somebody \
                         else's.",
                        &[26],
                    )
                    .tone(Tone::Corrupt)
            }
            // The table may have been freed, or be in use by a window that was opened with too many rights. The
            // sentence is true of both.
            Provenance::Dangling
                if matches!(owner, Some(Owner::Table { .. })) && via.rights.user && via.rights.write =>
            {
                clause.push_str(&format!(", which is {}", now.unwrap_or_default()));
                Says::new(self.subject(), clause)
                    .because("No translation may let a program write a page table.", &[])
                    .tone(Tone::Corrupt)
            }
            Provenance::Dangling => {
                clause.push_str(", a page that has been freed");
                if let Some(now) = now.filter(|_| owner != Some(Owner::Free)) {
                    clause.push_str(&format!(" and is {now} now"));
                }
                if self.right_again(va, via) {
                    clause.push_str("; the page tables give the same translation again, but only by luck");
                }
                let (because, laws): (_, &[u8]) = match via.space.kind {
                    SpaceKind::Combined => (
                        "The host has freed the page behind the guest's memory, and this combined mapping was never invalidated.",
                        &[65, 68, 16],
                    ),
                    SpaceKind::Linear | SpaceKind::GuestPhysical => {
                        ("The translation was never invalidated.", &[11, 16])
                    }
                    SpaceKind::Device => ("No command has removed it from the device's TLB.", &[75, 76]),
                };
                Says::new(self.subject(), clause).because(because, laws).tone(Tone::Corrupt)
            }
            Provenance::Garbage => {
                if let Some(now) = now {
                    clause.push_str(&format!(" ({now})"));
                }
                Says::new(self.subject(), clause)
                    .because("The translation was made from memory that is no page table.", &[26, 11])
                    .tone(Tone::Corrupt)
            }
        }
    }

    /// Whether the page tables, with the CPU's own stores to them, now give an address the translation that
    /// was used.
    fn right_again(&self, va: VirtAddr, via: &TlbEntry) -> bool {
        let cpu = &self.before.cpus[self.cpu as usize];
        let mut memory = self.before.memory.clone();
        for &(loc, value) in cpu.buffer.stores() {
            if let Loc::Word(frame, index) = loc {
                memory.frames[frame as usize].put(index, value);
            }
        }
        let found = translate(&cpu.hw, &memory, self.names.machine.map(), va, false, true);
        matches!(found, Ok((level, pfn, _)) if (level, pfn) == (via.level, via.pfn))
    }

    pub(super) fn dirty_set(&self, frame: FrameId, index: WordId, level: Level) -> Says {
        let entry = level.entry_name();
        let table = self.names.frame(frame);
        Says::new(self.subject(), format!("sets the dirty bit of {entry} {index} of {table}"))
            .because("Only a committed store sets the dirty bit.", &[19])
    }

    pub(super) fn faulted(
        &self,
        va: VirtAddr,
        write: bool,
        (fault, then): (Option<Fault>, Aftermath),
        removed: &Removed,
    ) -> Says {
        let access = if write { "storing to" } else { "loading from" };
        let drops = self.dropped(removed, "the fault");
        let why = match fault {
            None if then == Aftermath::Handled => {
                let clause =
                    format!("faults {access} {va} although memory allows it{drops}; {}", self.handled());
                return Says::new(self.subject(), clause).because(
                    "The page fault is spurious: a cached entry was stricter than memory, or a store of this CPU was still \
                     in its store buffer. Interrupts are off in the handler, and the store buffer has drained.",
                    &[23, 15, 47, 59],
                );
            }
            None => {
                let clause = format!("faults {access} {va} although memory allows it{drops}");
                return Says::new(self.subject(), clause).because(
                    "The page fault is spurious: a cached entry was stricter than memory, or a store of this CPU was still \
                     in its store buffer. The access is made again.",
                    &[23, 15, 47],
                );
            }
            Some(Fault::NotPresent(level)) => format!("its {} is not present", level.entry_name()),
            Some(Fault::Reserved(level)) => format!("its {} has a reserved bit set", level.entry_name()),
            Some(Fault::Protection) => "its rights do not allow the access".to_owned(),
            Some(Fault::Nested(refused)) => {
                format!("the second dimension refuses guest-physical address {:#x}", refused.gpa)
            }
            Some(Fault::Unreachable(level)) => format!("its {} is not in memory", level.table_name()),
        };
        let end = match then {
            Aftermath::Killed => "Nothing repairs the fault: the program is killed and does nothing more.",
            Aftermath::Oops => {
                "The access was the kernel's own, so this is an oops. The code that ran does nothing more."
            }
            Aftermath::SteppedOver => "The access has a fixup: the program continues after the access.",
            Aftermath::Retried => "The access is made again.",
            Aftermath::Handled => {
                let clause = format!("faults {access} {va}: {why}{drops}; {}", self.handled());
                return Says::new(self.subject(), clause).because(
                    "Interrupts are off in the handler, and the store buffer has drained.",
                    &[15, 47, 59],
                );
            }
        };
        let ends = ends(then);
        Says::new(self.subject(), format!("faults {access} {va}: {why}{ends}{drops}")).because(end, &[15, 47])
    }

    /// `it begins exc_page_fault`
    fn handled(&self) -> String {
        format!("it begins {}", self.names.handler_of(HandlerKind::Fault))
    }

    pub(super) fn fault_done(&self, handler: u8) -> Says {
        let name = self.names.handler(handler);
        Says::new(self.subject(), format!("returns from {name}")).because("The access is made again.", &[59])
    }

    pub(super) fn given_up(&self, handler: u8, va: u64, then: Aftermath) -> Says {
        let name = self.names.handler(handler);
        let clause = format!("gives up the access to {va:#x} in {name}{}", ends(then));
        let end = match then {
            Aftermath::SteppedOver => "The access has a fixup: the code continues there.",
            Aftermath::Oops => {
                "The access was the kernel's own, so this is an oops. The code that ran does nothing more."
            }
            Aftermath::Killed | Aftermath::Handled | Aftermath::Retried => {
                "The program is killed and does nothing more."
            }
        };
        Says::new(self.subject(), clause).because(end, &[])
    }

    /// The CPU looks at the tables again, and does not fault.
    pub(super) fn rewalked(&self, va: VirtAddr, write: bool, removed: &Removed) -> Says {
        let access = if write { "store to" } else { "load from" };
        let drops = self.dropped(removed, "the new walk");
        Says::new(
            self.subject(),
            format!("cannot {access} {va} through its cached entries, and walks again{drops}"),
        )
        .because("The processor reports a fault only after it has walked the tables in memory.", &[15, 19])
    }

    fn dropped(&self, removed: &Removed, who: &str) -> String {
        match removed.tlb.len() + removed.psc.len() {
            0 => String::new(),
            _ => format!("; {who} {}", self.drops(removed)),
        }
    }
}

/// What a fault that nobody mends ends.
fn ends(then: Aftermath) -> &'static str {
    match then {
        Aftermath::Killed => ", and the program is killed",
        Aftermath::Oops => ", and an oops ends this code",
        Aftermath::SteppedOver | Aftermath::Retried | Aftermath::Handled => "",
    }
}
