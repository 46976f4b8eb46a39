//! Words for what software does with memory: loads, stores, locked operations, allocating and freeing.

use super::{Says, Telling, held};
use crate::name;
use crate::reference::{self, Reference};
use crate::view::Tone;
use lang::effects::Access;
use lang::program::{Bin, Scope, Type};
use machine::{How, Loc};
use x86::{FrameId, Level, Owner, Pte, WordId};

impl Telling<'_> {
    pub(super) fn read(&self, loc: Loc, value: u64, forwarded: bool) -> Says {
        let name = self.names.loc(self.before, self.cpu, loc);
        let value = self.names.loc_value(self.before, loc, value);
        if forwarded {
            return Says::new(self.subject(), format!("reads {name} from its own store buffer: {value}"))
                .because("A CPU's own loads see its stores before memory does.", &[55]);
        }
        Says::new(self.subject(), format!("reads {name}: {value}"))
    }

    pub(super) fn buffered(&self, loc: Loc, value: u64) -> Says {
        let name = self.names.loc(self.before, self.cpu, loc);
        let text = self.names.loc_value(self.before, loc, value);
        Says::new(self.subject(), format!("stores {text} to {name}"))
            .because("The store waits in the store buffer, where only this CPU sees it.", &[55])
    }

    pub(super) fn written(&self, loc: Loc, before: u64, after: u64, how: How) -> Says {
        let name = self.names.loc(self.before, self.cpu, loc);
        let value = |value| self.names.loc_value(self.before, loc, value);
        let change = format!("{} -> {}", value(before), value(after));
        let says = match how {
            How::Drained if before == after => Says::new(
                format!("CPU {}'s store to {name}", self.cpu),
                format!("reaches memory, which already held {}", value(after)),
            ),
            How::Drained => {
                Says::new(format!("CPU {}'s store to {name}", self.cpu), format!("reaches memory: {change}"))
            }
            How::Direct | How::Locked | How::Private => {
                Says::new(self.subject(), self.write_clause(loc, &name, before, after, &change))
            }
        };
        let says = match how {
            How::Drained | How::Locked => says.laws(&[55]),
            How::Direct | How::Private => says,
        };
        match loc {
            Loc::Word(frame, index) => self.word_written(says, frame, index, before, after),
            Loc::Cell(cell) => self.cell_written(says, cell, before, after),
        }
    }

    /// Says so if a CPU leaves an mm's set of CPUs while its CR3 still holds the mm's tables.
    fn cell_written(&self, says: Says, cell: u16, before: u64, after: u64) -> Says {
        let Some((variable, owner, _)) = self.names.machine.variable_of(cell) else { return says };
        let set = variable.scope == Scope::PerMm && variable.ty == Type::Cpus;
        let loaded = |cpu: &u8| {
            let cr3 = self.after.cpus.get(*cpu as usize).map(|cpu| cpu.hw.cr3);
            let mm = cr3.and_then(|cr3| self.names.machine.mm_of_root(self.after, cr3.root));
            mm.is_some_and(|mm| u64::from(mm) == owner)
        };
        let gone: u64 = name::members(before & !after).filter(loaded).map(|cpu| 1 << cpu).sum();
        // Nobody ever frees the tables of init_mm.
        if !set || gone == 0 || owner == 0 {
            return says;
        }
        let (who, mm) = (name::cpu_list(gone), self.names.mm(owner));
        let because = match gone.count_ones() {
            1 => format!("The CR3 of {who} still holds {mm}'s page tables."),
            _ => format!("{who} still have {mm}'s page tables in CR3."),
        };
        says.because(because, &[])
    }

    /// What software writes, with the verb that fits: `takes itself out of A.cpumask: {0, 1} -> {0}`.
    fn write_clause(&self, loc: Loc, name: &str, before: u64, after: u64, change: &str) -> String {
        let value = self.names.loc_value(self.before, loc, after);
        let row = self.row();
        let access = row.place.map(|(_, access)| access);
        if before == after {
            return match access {
                Some(Access::Compare) => format!("compares {name}, finds {value} and leaves it unchanged"),
                Some(Access::Load | Access::Store | Access::Locked) | None => {
                    format!("writes {value} to {name}, which already held that value")
                }
            };
        }
        let ty = match loc {
            Loc::Cell(cell) => self.names.machine.variable_of(cell).map(|variable| variable.0.ty),
            Loc::Word(..) => None,
        };
        let me = 1u64.checked_shl(u32::from(self.cpu)).unwrap_or(0);
        match ty {
            Some(Type::Cpus) if after == before & !me => format!("takes itself out of {name}: {change}"),
            Some(Type::Cpus) if after == before | me => format!("puts itself into {name}: {change}"),
            Some(Type::Int)
                if access == Some(Access::Locked) && row.function == Some(Bin::Add) && after > before =>
            {
                format!("raises {name}: {change}")
            }
            Some(_) => format!("sets {name}: {change}"),
            None if after == 0 => format!("clears {name}: {change}"),
            None => format!("writes {name}: {change}"),
        }
    }

    /// What a changed word of a frame means. In a table: which CPUs still use the old entry. In any other
    /// frame: which CPUs could read the new word as an entry.
    fn word_written(&self, says: Says, frame: FrameId, index: WordId, before: u64, after: u64) -> Says {
        let Owner::Table { level, .. } = self.before.memory.frames[frame as usize].owner else {
            let walkers = self.walkers_into(self.after, frame);
            let Some(level) = walkers.iter().find_map(|walker| walker.table) else { return says };
            let entry = level.entry_name();
            let who = held(&walkers, "can still get here");
            let because = format!("{who}; a walk would read the word as a {entry}.");
            return says.because(because, &[6, 26]).tone(Tone::Stale);
        };
        let (old, new) = (Pte(before), Pte(after));
        if !old.has(Pte::P) {
            return match new.has(Pte::P) {
                true => says.because(
                    "The entry was not present, and no CPU caches an absent entry: no flush is needed.",
                    &[10, 23],
                ),
                false => says,
            };
        }
        let cached = self.cached_from(index, level, old);
        if old.pfn(level) == new.pfn(level) && new.has(Pte::P) || cached == 0 {
            return says.laws(&[11]);
        }
        let verb = if cached.count_ones() == 1 { "has" } else { "have" };
        let because = format!(
            "{} {verb} the old entry cached and may keep using it until it is invalidated.",
            name::cpu_list(cached)
        );
        says.because(because, &[11, 52])
    }

    /// CPUs that hold something made from an entry: a pointer to the same table or a translation to the same page,
    /// for addresses that the entry serves.
    fn cached_from(&self, index: WordId, level: Level, entry: Pte) -> u64 {
        let pfn = entry.pfn(level);
        let leaf = entry.is_leaf(level);
        // Addresses with the same index at this level. The same target settles the levels above.
        let same = |tag: u64| tag & 511 == u64::from(index);
        let holds = |reference: &Reference| {
            let kind = if leaf { reference.table.is_none() } else { reference.table == level.below() };
            kind && !reference.is_root() && reference.pfn == pfn && same(reference.tag)
        };
        let held = reference::all(self.names.machine, self.after).into_iter().filter(holds);
        held.fold(0, |set, reference| set | 1 << reference.cpu)
    }

    pub(super) fn allocated(&self, frame: FrameId, owner: Owner) -> Says {
        let name = self.names.frame_now(self.after, frame);
        let clause = match owner {
            Owner::Table { .. } => format!("allocates {name} as a {}, zeroed", self.names.owner(owner)),
            _ => format!("allocates {name} with its old contents"),
        };
        let says = Says::new(self.subject(), clause);
        let walkers = self.walkers_into(self.after, frame);
        if walkers.is_empty() {
            return says;
        }
        says.because(format!("{}.", held(&walkers, "can still walk into it")), &[6]).tone(Tone::Stale)
    }

    pub(super) fn freed(&self, frame: FrameId, was: Owner) -> Says {
        let owner = self.names.owner(was);
        let name = self.names.frame(frame);
        let says = Says::new(self.subject(), format!("frees {name} ({owner})"));
        let references = reference::to_frame(self.names.machine, self.after, frame);
        let (usable, parked): (Vec<_>, Vec<_>) = references.into_iter().partition(|r| r.usable);
        let walkers: Vec<Reference> = usable.into_iter().filter(Reference::dangerous).collect();
        if !walkers.is_empty() {
            let who = held(&walkers, "can still reach it");
            let because = format!("{who}: the hardware does not learn that a page is freed.");
            return says.because(because, &[6, 11, 52]).tone(Tone::Stale);
        }
        if !parked.is_empty() {
            let who = held(&parked, "still points to it");
            let because = format!("{who}, but under a PCID that is not loaded now.");
            return says.because(because, &[2, 36]).tone(Tone::Stale);
        }
        match was {
            Owner::Table { .. } => says.because("No CPU has a pointer to it any more.", &[]),
            Owner::User { .. } => says.because("No TLB translates to it any more.", &[]),
            Owner::Data | Owner::Free => says,
        }
    }

    pub(super) fn free_queued(&self, frame: FrameId, waiting: u64) -> Says {
        let name = self.names.frame(frame);
        let clause = format!("queues {name} to be freed after a grace period");
        let because = if waiting == 0 {
            "No CPU has interrupts off, so the grace period is over at once.".to_owned()
        } else {
            let verb = if waiting.count_ones() == 1 { "has" } else { "have" };
            format!(
                "The grace period lasts until {} {verb} been seen with interrupts on.",
                name::cpu_list(waiting)
            )
        };
        Says::new(self.subject(), clause).because(because, &[])
    }
}
