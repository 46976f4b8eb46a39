//! Committed accesses: what a program itself loads and stores.
//!
//! A committed access goes through a cached translation. If there are several, the translation is a choice (H25).
//! The walk that caches the translation is an action of its own and may have happened long before.

use crate::{Loc, Machine, Property, State, What, step::Stepping};
use explore::PropertySet;
use lang::program::{Fixup, Rmw, RmwResult};
use x86::{
    Backing, FrameId, Hazard, Hazards, Level, Memory, Provenance, Pte, TableRef, TlbEntry, VirtAddr,
    WalkOutcome, Walked, leaf, translate,
};

/// What a thread is about to access.
pub(crate) struct Access {
    pub(crate) va: u64,
    /// What it stores, or where the value goes that it loads.
    pub(crate) write: Option<u64>,
    pub(crate) dst: Option<u8>,
    /// It is a locked operation, with this effect.
    pub(crate) locked: Option<(Rmw, RmwResult)>,
    /// What happens if it faults.
    pub(crate) fixup: Fixup,
}

impl Machine {
    pub(crate) fn next_access(&self, state: &State, cpu: u8) -> Option<Access> {
        let row = self.next(state, cpu);
        let access = row.taken.access()?;
        Some(Access {
            locked: access.locked,
            va: self.operand(state, cpu, access.va),
            write: access.stored.map(|value| self.operand(state, cpu, value)),
            dst: row.result.map(|(register, _)| register),
            // An access of a device that is refused is given up.
            fixup: if self.is_device(cpu) { Fixup::Behind } else { access.fixup },
        })
    }

    /// The address that a CPU's program is about to access. Walks towards it are asked for; all others are
    /// speculative.
    #[must_use]
    pub fn wants(&self, state: &State, cpu: u8) -> Option<VirtAddr> {
        self.map.linear(self.next_access(state, cpu)?.va)
    }

    /// Makes the next access through the `copy`-th usable translation.
    pub(crate) fn access(&self, step: &mut Stepping<'_>, copy: u8) {
        let cpu = step.cpu;
        let Some(access) = self.next_access(step.state, cpu) else { return };
        let Some(va) = self.map.linear(access.va) else { return };
        let Some(mut entry) = self.usable(step.state, cpu, va).nth(copy as usize).copied() else { return };
        if access.write.is_some() && !entry.dirty {
            match self.set_dirty(step, va, entry) {
                Some(dirty) => {
                    entry = dirty;
                    self.share(step, va, WalkOutcome::Translation(dirty));
                }
                // The entry was stale, and memory holds another one. The entry is dropped, and the access
                // is tried again.
                None => return,
            }
        }
        self.go_through(step, &access, va, entry);
    }

    /// The leaf that a store to `va` would set D in, were its walk to begin at a paging-structure cache entry (H14):
    /// present, writable, not yet dirty. Nothing where a walk from CR3 finds the same leaf, as it then does the
    /// same.
    pub(crate) fn dirty_leaf(
        &self,
        state: &State,
        cpu: u8,
        va: VirtAddr,
        level: Level,
        copy: u8,
    ) -> Option<(Walked, FrameId, TlbEntry)> {
        let hw = &state.cpus[cpu as usize].hw;
        if hw.guest.is_some() {
            return None;
        }
        let cached = hw.structures(va).filter(|entry| entry.level == level).nth(copy as usize)?;
        let walked = self.walk_from(state, cpu, va, TableRef::from_psc(cached)?, false)?;
        let (WalkOutcome::Translation(entry), Backing::Frame(frame)) = (walked.outcome, walked.backing)
        else {
            return None;
        };
        let allowed = entry.rights.write && (entry.rights.user || self.supervisor(state, cpu));
        let place = (frame, walked.index, walked.from.level);
        let other = leaf(hw, &state.memory, &self.map, va) != Some(place);
        (allowed && other && !entry.dirty).then_some((walked, frame, entry))
    }

    /// Walks from a paging-structure cache entry to set D, and makes the store through what it found (H14, H19).
    pub(crate) fn dirty_walk(&self, step: &mut Stepping<'_>, level: Level, copy: u8) {
        let cpu = step.cpu;
        let Some(access) = self.next_access(step.state, cpu) else { return };
        let Some(va) = self.map.linear(access.va) else { return };
        let Some((walked, frame, entry)) = self.dirty_leaf(step.state, cpu, va, level, copy) else { return };
        let entry = TlbEntry { dirty: true, ..entry };
        let bits = walked.value.0 | Pte::A | Pte::D;
        step.state.memory.frames[frame as usize].put(walked.index, bits);
        let filled = step.state.cpus[cpu as usize].hw.insert_tlb(entry);
        let mut hazards = walked.hazards;
        if hazards.has(Hazard::WalkOfFreed) {
            // The walk has written to a word that is no longer a page-table entry, whether or not A
            // was set in it.
            hazards.add(Hazard::ABitCorruption);
        }
        step.hazards(hazards);
        step.event(|| What::Walk { va, walked, filled });
        step.event(|| What::DirtySet { frame, index: walked.index, level: walked.from.level });
        self.sizes(step, va);
        self.share(step, va, WalkOutcome::Translation(entry));
        if !step.state.stopped {
            self.go_through(step, &access, va, entry);
        }
    }

    /// Makes an access through a translation that allows it.
    fn go_through(&self, step: &mut Stepping<'_>, access: &Access, va: VirtAddr, entry: TlbEntry) {
        let cpu = step.cpu;
        if entry.provenance != Provenance::Sound {
            let mut hazards = Hazards::default();
            hazards.add(Hazard::StaleAccess);
            step.hazards(hazards);
        }
        let pfn = entry.frame_of(va);
        let backing = self.map.backing(pfn);
        let (loc, owner) = match backing {
            Backing::Frame(frame) => {
                let owner = step.state.memory.frames[frame as usize].owner;
                (Some(Loc::Word(frame, self.map.place(frame, pfn, va.word()))), Some(owner))
            }
            _ => (None, None),
        };
        if entry.ghost.outdated {
            step.properties |= Property::MissedFlushUsed.as_set();
        }
        let given = self.given(step.state, cpu, va, access.write.is_some(), entry);
        if !given {
            step.properties |= Property::StaleTranslation.as_set();
        }
        let hw = &step.state.cpus[usize::from(cpu)].hw;
        let foreign = if given { None } else { self.foreign(step.state, hw, va, &entry) };
        if foreign.is_some() {
            step.properties |= Property::ForeignAccess.as_set();
        }
        if let (Some((op, which)), Some(operand)) = (access.locked, access.write) {
            let old = loc.map_or(0, |loc| self.memory(step.state, loc));
            let value = self.modified(step, op, old, operand);
            step.event(|| What::Accessed {
                va,
                write: true,
                value,
                via: entry,
                backing,
                owner,
                was: Some(old),
                given,
                foreign,
            });
            if let Some(loc) = loc {
                self.put_locked(step, loc, value);
            }
            return self.finish(step, access.dst, if which == RmwResult::Old { old } else { value });
        }
        let value = match (access.write, loc) {
            (Some(value), _) => value,
            (None, Some(loc)) => self.view(step.state, cpu, loc).0,
            (None, None) => 0,
        };
        let write = access.write.is_some();
        step.event(|| What::Accessed {
            va,
            write,
            value,
            via: entry,
            backing,
            owner,
            was: None,
            given,
            foreign,
        });
        if let (true, Some(loc)) = (write, loc) {
            self.store(step, loc, value);
        }
        self.finish(step, access.dst, value);
    }

    /// Whether the page tables that CR3 leads to allow an access, and lead it to the frame that a translation leads it to:
    /// as they are in memory, or as the CPU's own stores will make them, which its walker may have seen (H57).
    fn given(&self, state: &State, cpu: u8, va: VirtAddr, write: bool, entry: TlbEntry) -> bool {
        let supervisor = self.supervisor(state, cpu);
        let hw = &state.cpus[cpu as usize].hw;
        let gives = |memory: &Memory| match translate(hw, memory, &self.map, va, write, supervisor) {
            Ok((level, pfn, _)) => TlbEntry { level, pfn, ..entry }.frame_of(va) == entry.frame_of(va),
            Err(_) => false,
        };
        gives(&state.memory) || self.memory_later(state, cpu).is_some_and(|memory| gives(&memory))
    }

    /// The access is over; a load gives `value`.
    pub(crate) fn finish(&self, step: &mut Stepping<'_>, dst: Option<u8>, value: u64) {
        if let Some(dst) = dst {
            step.set(dst, value);
        }
        step.advance();
    }

    /// Walks again to set D before a store through an entry that has it clear (H19): a locked write to the leaf
    /// entry in memory, if that still maps the same page.
    fn set_dirty(&self, step: &mut Stepping<'_>, va: VirtAddr, entry: TlbEntry) -> Option<TlbEntry> {
        let supervisor = self.supervisor(step.state, step.cpu);
        let state = &mut *step.state;
        let hw = &mut state.cpus[step.cpu as usize].hw;
        let found = leaf(hw, &state.memory, &self.map, va);
        let same = matches!(
            translate(hw, &state.memory, &self.map, va, true, supervisor),
            Ok((level, pfn, _)) if level == entry.level && pfn == entry.pfn
        );
        let (Some((frame, index, level)), true) = (found, same) else {
            if self.program.machine.is_device(step.cpu) {
                self.asked_again(step, va, entry);
                return None;
            }
            let removed = hw.page_fault(va);
            step.event(|| What::Rewalked { va, write: true, removed });
            return None;
        };
        let word = state.memory.word(frame, index);
        state.memory.frames[frame as usize].put(index, word | Pte::A | Pte::D);
        hw.tlb.retain(|other| *other != entry);
        let dirty = TlbEntry { dirty: true, ..entry };
        hw.insert_tlb(dirty);
        step.event(|| What::DirtySet { frame, index, level });
        Some(dirty)
    }
}

/// The properties of a set of hazards are added to a step.
impl Stepping<'_> {
    pub(crate) fn hazards(&mut self, hazards: Hazards) {
        let properties: PropertySet = crate::property::of_hazards(hazards);
        self.properties |= properties;
    }
}
