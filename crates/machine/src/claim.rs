//! Claims about flushes: "from here on no CPU may use anything older".
//!
//! A claim is about addresses of a space. The page tables of that space at the claim, as the claiming CPU sees them,
//! are the newer state. A cached translation of the space is *older* if the tables do not justify it: it leads to
//! another frame, or allows what the tables do not allow, or the tables map nothing there. A cached pointer to a page
//! table is older if the tables no longer have that pointer. (A translation that is stricter than the tables is not
//! older: it can only cause one fault.)
//!
//! The claim marks every older entry, on every CPU. The state remembers nothing else of a claim. A mark disappears when
//! an invalidation removes its entry, and an entry that a walk makes from a marked pointer is marked too. No walk is in
//! flight between steps, since what a walk has read is an entry. So no other older entry can appear, with one
//! exception: a store to an entry that is still in the buffer of the claiming CPU. Until it drains, memory has the
//! older entry, and any walk may read it. A claim at such a moment is false at once.
//!
//! A CPU *can use* a marked entry if its walker or its program could, with the CR3 that is loaded: the PCID is the
//! current one or the entry is global, the CPU does not sleep, and the host has not preempted it. An entry under
//! another PCID is not usable, and a kernel may flush it when it loads that PCID again. If the kernel does not, the CR3
//! write makes the entry usable, and the claim is false from then on. The same holds for waking up and for the host's
//! return.

use crate::step::Step;
use crate::{Loc, Machine, Property, State, What};
use lang::program::Claimed;
use x86::{Backing, Cpu, FrameId, Level, MmId, Pfn, PscEntry, Pte, Rights, TlbEntry, VirtAddr, WordId};

/// An older entry that a CPU can still use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Held {
    /// A translation in its TLB.
    Translation(TlbEntry),
    /// A pointer in its paging-structure caches.
    Pointer(PscEntry),
    /// What memory gives an address, until a store of this CPU drains.
    Buffered(VirtAddr),
}

/// What the tables of a space give an address at some level.
struct Found {
    level: Level,
    pfn: Pfn,
    rights: Rights,
    leaf: bool,
}

/// The frame of a PML4, if there is one.
type Root = Option<FrameId>;

/// What reads a word of memory.
type Words<'a> = &'a dyn Fn(FrameId, WordId) -> u64;

impl Machine {
    /// Carries out a claim.
    pub(crate) fn claim(&self, step: &mut Step<'_>, what: Claimed, mm: MmId, start: u64, end: u64) {
        let cpu = step.cpu;
        let seen = step.state.clone();
        let view = |frame, index| self.view(&seen, cpu, Loc::Word(frame, index)).0;
        // Nothing cached of an address space that has ended is right any more.
        let root = self.root(&seen, mm);
        let about = |space: Option<MmId>| mm == 0 || space == Some(mm);
        let older = |entry: &TlbEntry| {
            what == Claimed::All && about(entry.ghost.space) && self.is_older(&view, root, entry, start, end)
        };
        let unlinked =
            |entry: &PscEntry| about(entry.ghost.space) && self.is_unlinked(&view, root, entry, start, end);
        for cpu in &mut step.state.cpus {
            cpu.hw.outdate(&older, &unlinked);
        }
        let mut held: Vec<(u8, Held)> =
            (0..self.program.machine.cpus).flat_map(|cpu| self.held(step.state, cpu)).collect();
        let memory = |frame, index| self.memory(&seen, Loc::Word(frame, index));
        let pages = self.watched.iter().filter(|va| (start & !0xfff..end).contains(&va.get()));
        for &va in pages {
            if self.differs(&memory, &view, root, what, va) {
                held.push((cpu, Held::Buffered(va)));
            }
        }
        if !held.is_empty() {
            step.properties |= Property::MissedFlush.as_set();
        }
        step.event(|| What::Claimed { what, mm, start, end, held });
    }

    /// The CPU has loaded CR3, or continues after sleep or preemption: which entries older than a
    /// claim it can use now.
    pub(crate) fn regain(&self, step: &mut Step<'_>) {
        if !self.claims {
            return;
        }
        let held: Vec<(u8, Held)> = self.held(step.state, step.cpu).collect();
        if !held.is_empty() {
            step.properties |= Property::MissedFlush.as_set();
            step.event(|| What::StillHeld { held });
        }
    }

    /// What is older than a claim and can be used on a CPU.
    pub fn held<'a>(&self, state: &'a State, cpu: u8) -> impl Iterator<Item = (u8, Held)> + 'a {
        let this = &state.cpus[cpu as usize];
        let goes_on = this.asleep.is_none() && !self.preempted(this);
        let Cpu { cr3, guest: _, tlb, psc } = &this.hw;
        let translations = tlb
            .iter()
            .filter(|entry| entry.ghost.outdated && (entry.global || entry.pcid == cr3.pcid))
            .map(|entry| Held::Translation(*entry));
        let pointers = psc
            .iter()
            .filter(|entry| entry.ghost.outdated && entry.pcid == cr3.pcid)
            .map(|entry| Held::Pointer(*entry));
        translations.chain(pointers).filter(move |_| goes_on).map(move |held| (cpu, held))
    }

    /// Whether a cached translation gives the addresses something that the tables do not give.
    fn is_older(&self, read: Words<'_>, root: Root, entry: &TlbEntry, start: u64, end: u64) -> bool {
        let Some((first, last)) = overlap(entry.page, entry.level, start, end) else { return false };
        let mut va = first;
        loop {
            let Some(found) = self.find(read, root, va, Level::Pt).filter(|found| found.leaf) else {
                return true;
            };
            // A translation of 1 GiB is never taken for a sum of small pages: no kernel here splits one.
            if entry.level > Level::Pd && found.level != entry.level {
                return true;
            }
            let now = TlbEntry { level: found.level, pfn: found.pfn, ..*entry };
            let Some(address) = self.map.linear(va) else { return true };
            if now.frame_of(address) != entry.frame_of(address) || more(entry.rights, found.rights) {
                return true;
            }
            let size = (1 << found.level.shift()) - 1;
            if last <= va | size {
                return false;
            }
            va = (va | size) + 1;
        }
    }

    /// Whether a cached pointer to a page table, on the path to one of the addresses, is one that the tables no
    /// longer have.
    fn is_unlinked(&self, read: Words<'_>, root: Root, entry: &PscEntry, start: u64, end: u64) -> bool {
        let Some((first, _)) = overlap(entry.tag, entry.level, start, end) else { return false };
        self.find(read, root, first, entry.level)
            .is_none_or(|found| found.leaf || found.pfn != entry.table || more(entry.rights, found.rights))
    }

    /// Whether memory gives an address something that is older than what a CPU sees.
    fn differs(&self, memory: Words<'_>, view: Words<'_>, root: Root, what: Claimed, va: VirtAddr) -> bool {
        let lowest = if what == Claimed::All { Level::Pt } else { Level::Pd };
        self.map.top.walk().take_while(|level| *level >= lowest).any(|level| {
            let Some(old) = self.find(memory, root, va.get(), level).filter(|old| old.level == level) else {
                return false;
            };
            let counts = what == Claimed::All || !old.leaf;
            let same = |new: &Found| {
                (new.level, new.pfn, new.leaf) == (old.level, old.pfn, old.leaf)
                    && !more(old.rights, new.rights)
            };
            counts && !self.find(view, root, va.get(), level).is_some_and(|new| same(&new))
        })
    }

    /// The entry for an address at a level, or the leaf above it, with the rights that it leaves; nothing if some entry on
    /// the way is not present or is no entry.
    fn find(&self, read: Words<'_>, root: Root, va: u64, lowest: Level) -> Option<Found> {
        let mut table = self.map.frames[usize::from(root?)].0;
        let mut rights = Rights::ALL;
        for level in self.map.top.walk() {
            let Backing::Frame(frame) = self.map.backing(table) else { return None };
            let entry = Pte(read(frame, self.map.place(frame, table, level.index(va))));
            if !entry.has(Pte::P) || entry.reserved(level, self.map.maxphyaddr, self.map.vendor) {
                return None;
            }
            rights.write &= entry.has(Pte::RW);
            rights.user &= entry.has(Pte::US);
            rights.no_execute |= entry.has(Pte::XD);
            table = entry.pfn(level);
            if entry.is_leaf(level) || level == lowest {
                return Some(Found { level, pfn: table, rights, leaf: entry.is_leaf(level) });
            }
        }
        None
    }
}

/// The first address of what an entry covers that a claim is about, and the last.
fn overlap(tag: u64, level: Level, start: u64, end: u64) -> Option<(u64, u64)> {
    let base = tag << level.shift();
    let last = base | ((1 << level.shift()) - 1);
    let (start, end) = (start & !0xfff, end.checked_sub(1)? | 0xfff);
    (base <= end && start <= last && start <= end).then(|| (base.max(start), last.min(end)))
}

/// Whether some rights allow an access that others do not.
fn more(some: Rights, others: Rights) -> bool {
    some.write && !others.write || some.user && !others.user || !some.no_execute && others.no_execute
}
