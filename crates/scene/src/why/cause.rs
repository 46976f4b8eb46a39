//! Why a cached entry is wrong: what has changed under it since it was cached, and why no flush has removed it.
//!
//! How an entry came into a cache says nothing of that. An entry is wrong because a word that it was made from has another
//! value now, because the frame that it names has been freed or belongs to somebody else, or because CR3 has made it usable for
//! another address space. And it is still there because a flush left its CPU out, has not arrived, did nothing on arrival, or
//! came before it was cached.

use super::{Graph, Thing};
use lang::program::Scope;
use machine::{Loc, State};
use x86::{Backing, FrameId, Pte, TlbEntry, VirtAddr};

impl Graph<'_> {
    /// The step that left a thing last; 0 if it was so from the beginning.
    pub(super) fn since(&self, thing: Thing) -> u32 {
        self.last.iter().find(|left| left.thing == thing).map_or(0, |left| left.step)
    }

    /// What has changed under an entry of a CPU since it was cached: words that it was made from, and words that a walk to the
    /// address would go through now.
    pub(super) fn changed(
        &self,
        state: &State,
        cpu: u8,
        entry: Thing,
        va: Option<VirtAddr>,
        uses: &mut Vec<Thing>,
    ) {
        let since = self.since(entry);
        let mut words = self.words(entry);
        words.extend(va.into_iter().flat_map(|va| self.path(state, cpu, va)));
        let later = words.into_iter().map(Thing::Changed).filter(|&word| self.since(word) > since);
        uses.extend(later);
    }

    /// Why a CPU still has what it cached in a step.
    pub(super) fn missed(&self, state: &State, cpu: u8, entry: Thing, uses: &mut Vec<Thing>) {
        let since = self.since(entry);
        let before = uses.len();
        let this = &state.cpus[usize::from(cpu)];
        if !this.pending.is_empty() || this.handler.is_some() {
            uses.push(Thing::Ipi(cpu));
        }
        if !this.broadcasts.is_empty() {
            uses.push(Thing::Broadcast(cpu));
        }
        let later = [Thing::LeftOut(cpu), Thing::Skipped(cpu)];
        uses.extend(later.into_iter().filter(|&thing| self.since(thing) > since));
        if uses.len() == before && self.since(Thing::Flushed(cpu)) < since {
            uses.push(Thing::Flushed(cpu));
        }
    }

    /// What a translation of another size that serves the same address came from, and why it is still there.
    pub(super) fn beside(
        &self,
        state: &State,
        cpu: u8,
        (va, made): (VirtAddr, &TlbEntry),
        uses: &mut Vec<Thing>,
    ) {
        let tlb = state.cpus[usize::from(cpu)].hw.tlb.iter();
        for other in
            tlb.filter(|other| other.covers(va) && other.level != made.level && other.space == made.space)
        {
            let entry = super::tlb(cpu, other);
            uses.push(entry);
            self.changed(state, cpu, entry, Some(va), uses);
            self.missed(state, cpu, entry, uses);
        }
    }

    /// The words that a walk from CR3 of a CPU would read now, in its own dimension.
    fn path(&self, state: &State, cpu: u8, va: VirtAddr) -> Vec<Loc> {
        let (machine, map) = (self.names.machine, self.names.machine.map());
        let mut words = Vec::new();
        let mut table = state.cpus[usize::from(cpu)].hw.cr3.root;
        let mut backing = map.backing(table);
        for level in map.top.walk() {
            let Backing::Frame(frame) = backing else { break };
            let index = map.place(frame, table, level.index(va.get()));
            words.push(Loc::Word(frame, index));
            let entry = Pte(state.memory.word(frame, index));
            if !entry.has(Pte::P) || entry.is_leaf(level) {
                break;
            }
            table = entry.pfn(level);
            backing = machine.named_by(frame, table);
            if let (Backing::Frame(below), true) = (backing, map.backing(table) != backing) {
                table = map.frames[usize::from(below)].0;
            }
        }
        words
    }

    /// The frame that a translation leads to now, if it is a modelled one.
    pub(super) fn frame_of(&self, pfn: x86::Pfn) -> Option<FrameId> {
        match self.names.machine.map().backing(pfn) {
            Backing::Frame(frame) => Some(frame),
            _ => None,
        }
    }

    /// Whose variable a place is, if it is one that each CPU has.
    pub(super) fn owner_of(&self, loc: Loc) -> Option<u8> {
        let Loc::Cell(cell) = loc else { return None };
        let (variable, owner, _) = self.names.machine.variable_of(cell)?;
        (variable.scope == Scope::PerCpu).then_some(owner as u8)
    }
}
