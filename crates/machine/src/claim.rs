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
//! return, and for VM entries and exits.
//!
//! *Guests.* A claim about a guest (`guest G`) is a claim of the host: about guest-physical addresses, and the tables of
//! the second dimension. It marks guest-physical mappings. It also marks combined mappings, by the last guest-physical
//! frame that they went through: the frame of the page, or of the guest's table. A claim about an address space in a
//! guest is a claim of the guest's kernel: what counts is which guest-physical frame a combined mapping went through,
//! wherever the host keeps that frame.

use crate::step::Stepping;
use crate::{Held, Loc, Machine, Property, State, What};
use lang::program::Claimed;
use x86::{
    Backing, Cpu, Dimension, FrameId, Ghost, Level, MmId, Pcid, Pfn, PscEntry, Pte, Rights, SECOND, Space,
    SpaceKind, TlbEntry, VirtAddr, WordId, gpa, leads_on, rights_after,
};

/// What the tables of a space give an address at some level.
struct Found {
    level: Level,
    pfn: Pfn,
    rights: Rights,
    leaf: bool,
}

/// The tables that a claim is about.
#[derive(Clone, Copy)]
struct Tables<'a> {
    /// The root, if the space exists. In a guest it is a guest-physical frame.
    root: Option<Pfn>,
    top: Level,
    dimension: Dimension,
    /// In a guest: the guest's second dimension, and the state in which its tables are read.
    guest: Option<(MmId, &'a State)>,
}

/// What reads a word of memory.
type Words<'a> = &'a dyn Fn(FrameId, WordId) -> u64;

impl Machine {
    /// Carries out a claim.
    pub(crate) fn claim(&self, step: &mut Stepping<'_>, what: Claimed, mm: MmId, start: u64, end: u64) {
        let cpu = step.cpu;
        let seen = step.state.clone();
        let view = |frame, index| self.view(&seen, cpu, Loc::Word(frame, index)).0;
        let tables = self.tables(&seen, mm);
        let older = |entry: &TlbEntry| {
            let about = what == Claimed::All && self.about(mm, entry.ghost, entry.space.kind);
            about && self.is_older(&view, tables, entry, start, end)
        };
        let unlinked = |entry: &PscEntry| {
            let about = self.about(mm, entry.ghost, entry.space.kind);
            about && self.is_unlinked(&view, tables, what, entry, start, end)
        };
        for cpu in &mut step.state.cpus {
            cpu.hw.outdate(&older, &unlinked);
        }
        let mut held: Vec<(u8, Held)> =
            (0..self.program.machine.cpus).flat_map(|cpu| self.held(step.state, cpu)).collect();
        let memory = |frame, index| self.memory(&seen, Loc::Word(frame, index));
        for va in self.claimable(mm).filter(|va| (start & !0xfff..end).contains(&va.get())) {
            if self.differs(&memory, &view, tables, what, va) {
                held.push((cpu, Held::Buffered(va)));
            }
        }
        if !held.is_empty() {
            step.properties |= Property::MissedFlush.as_set();
        }
        step.event(|| What::Claimed { what, mm, start, end, held });
    }

    /// The addresses that a claim can be about: those that CPUs may walk to, or all pages of a guest's memory.
    pub(crate) fn claimable(&self, mm: MmId) -> impl Iterator<Item = VirtAddr> + '_ {
        let second = self.program.mms[usize::from(mm)].second;
        let linear = self.watched.iter().copied().filter(move |_| !second);
        let of_guest = self.guest_frames.iter().filter(move |frame| second && frame.guest == mm);
        linear.chain(of_guest.filter_map(|frame| gpa(frame.gfn)))
    }

    /// Whether a claim about a space can concern a cached mapping.
    pub(crate) fn about(&self, mm: MmId, ghost: Ghost, kind: SpaceKind) -> bool {
        let of = |space: MmId| space == mm || self.program.mms[usize::from(space)].guest == Some(mm);
        match (self.program.mms[usize::from(mm)].second, kind) {
            (true, SpaceKind::Linear | SpaceKind::Device) | (false, SpaceKind::GuestPhysical) => false,
            (true, SpaceKind::GuestPhysical | SpaceKind::Combined) => ghost.space.is_some_and(of),
            // The kernel's mappings are in every space of the host.
            (false, SpaceKind::Linear | SpaceKind::Device | SpaceKind::Combined) => {
                mm == 0 && kind != SpaceKind::Combined || ghost.space == Some(mm)
            }
        }
    }

    /// The tables of a space. Nothing cached of an address space that has ended is right any more.
    fn tables<'a>(&self, state: &'a State, mm: MmId) -> Tables<'a> {
        let spec = &self.program.mms[usize::from(mm)];
        let dimension = if spec.second { Dimension::Second } else { Dimension::Only };
        let top = if spec.second { SECOND } else { self.map.top };
        let Some(guest) = spec.guest else {
            let root = self.root(state, mm).map(|root| self.map.frames[usize::from(root)].0);
            return Tables { root, top, dimension, guest: None };
        };
        let (root, dimension) = (Some(self.root_pfn(mm)), Dimension::Guest);
        Tables { root, top, dimension, guest: Some((guest, state)) }
    }

    /// The CPU has loaded CR3, or continues after sleep or preemption: which entries older than a
    /// claim it can use now.
    pub(crate) fn regain(&self, step: &mut Stepping<'_>) {
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
        let goes_on = this.asleep.is_none() && !self.preempted(this) && !self.detached(state, cpu);
        let Cpu { cr3, guest: _, tlb, psc } = &this.hw;
        let (linear, physical) = (this.hw.space(), this.hw.physical_space());
        let own = self.is_device(cpu).then_some(Space::DEVICE);
        let of_now = move |space: Space| space == linear || Some(space) == physical || Some(space) == own;
        let translations = tlb
            .iter()
            .filter(|entry| {
                entry.ghost.outdated && (entry.global || entry.pcid == pcid_of(cr3.pcid, entry.space))
            })
            .filter(move |entry| of_now(entry.space))
            .map(|entry| Held::Translation(*entry));
        let pointers = psc
            .iter()
            .filter(|entry| entry.ghost.outdated && entry.pcid == pcid_of(cr3.pcid, entry.space))
            .filter(move |entry| of_now(entry.space))
            .map(|entry| Held::Pointer(*entry));
        translations.chain(pointers).filter(move |_| goes_on).map(move |held| (cpu, held))
    }

    /// Whether a cached translation gives the addresses something that the tables do not give.
    fn is_older(&self, read: Words<'_>, tables: Tables<'_>, entry: &TlbEntry, start: u64, end: u64) -> bool {
        let Some(entry) = seen_from(tables, entry) else { return false };
        let Some((first, last)) = overlap(entry.page, entry.level, start, end) else { return false };
        let mut va = first;
        loop {
            let found = match self.find(read, tables, va, Level::Pt) {
                Sought::Found(found) if found.leaf => found,
                Sought::Unknown => return false,
                Sought::Found(_) | Sought::Nothing => return true,
            };
            // A translation of 1 GiB is never taken for a sum of small pages: no kernel here splits one.
            if entry.level > Level::Pd && found.level != entry.level {
                return true;
            }
            let now = TlbEntry { level: found.level, pfn: found.pfn, ..entry };
            let Some(address) = VirtAddr::new(va, tables.top) else { return true };
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
    fn is_unlinked(
        &self,
        read: Words<'_>,
        tables: Tables<'_>,
        what: Claimed,
        entry: &PscEntry,
        start: u64,
        end: u64,
    ) -> bool {
        let mut table = entry.table;
        match (tables.dimension, entry.space.kind, entry.ghost.gfn) {
            // To the second dimension a table of the guest is a page.
            (Dimension::Second, SpaceKind::Combined, gfn) => {
                let Some(gfn) = gfn.filter(|_| what == Claimed::All) else { return false };
                return self.is_older(read, tables, &as_page(entry, gfn), start, end);
            }
            (Dimension::Guest, _, Some(gfn)) => table = gfn,
            _ => {}
        }
        let Some((first, _)) = overlap(entry.tag, entry.level, start, end) else { return false };
        match self.find(read, tables, first, entry.level) {
            Sought::Found(found) => found.leaf || found.pfn != table || more(entry.rights, found.rights),
            Sought::Nothing => true,
            Sought::Unknown => false,
        }
    }

    /// Whether memory gives an address something that is older than what a CPU sees.
    fn differs(
        &self,
        memory: Words<'_>,
        view: Words<'_>,
        tables: Tables<'_>,
        what: Claimed,
        va: VirtAddr,
    ) -> bool {
        let lowest = if what == Claimed::All { Level::Pt } else { Level::Pd };
        tables.top.walk().take_while(|level| *level >= lowest).any(|level| {
            let Sought::Found(old) = self.find(memory, tables, va.get(), level) else { return false };
            if old.level != level {
                return false;
            }
            let counts = what == Claimed::All || !old.leaf;
            let same = |new: &Found| {
                (new.level, new.pfn, new.leaf) == (old.level, old.pfn, old.leaf)
                    && !more(old.rights, new.rights)
            };
            counts
                && match self.find(view, tables, va.get(), level) {
                    Sought::Found(new) => !same(&new),
                    Sought::Nothing => true,
                    Sought::Unknown => false,
                }
        })
    }

    /// The entry for an address at a level, or the leaf above it, with the rights that it leaves.
    fn find(&self, read: Words<'_>, tables: Tables<'_>, va: u64, lowest: Level) -> Sought {
        let Some(mut table) = tables.root else { return Sought::Nothing };
        let mut rights = Rights::ALL;
        for level in tables.top.walk() {
            if let Some((guest, state)) = tables.guest {
                // Where the host keeps a table of its guest is the host's affair, and so is that it keeps none.
                let Ok(backed) = self.backed(state, guest, table) else { return Sought::Unknown };
                table = backed;
            }
            let Backing::Frame(frame) = self.map.backing(table) else { return Sought::Nothing };
            let entry = Pte(read(frame, self.map.place(frame, table, level.index(va))));
            if !leads_on(tables.dimension, entry, level, &self.map) {
                return Sought::Nothing;
            }
            rights = rights_after(tables.dimension, entry, rights, self.map.vendor);
            table = entry.pfn(level);
            if entry.is_leaf(level) || level == lowest {
                return Sought::Found(Found { level, pfn: table, rights, leaf: entry.is_leaf(level) });
            }
        }
        Sought::Nothing
    }
}

/// What a search in tables finds.
enum Sought {
    Found(Found),
    /// Some entry on the way is not present or not valid.
    Nothing,
    /// The second dimension does not map a table of the guest at present.
    Unknown,
}

/// The PCID that an entry must have to be usable under this one. Guest-physical mappings have none.
fn pcid_of(now: Pcid, space: Space) -> Pcid {
    if space.kind == SpaceKind::GuestPhysical { Pcid(0) } else { now }
}

/// A translation as the tables of a claim see it. For a guest's tables it leads to a guest-physical frame. For the second
/// dimension a combined translation begins at that frame. Nothing if the translation went through no such frame.
fn seen_from(tables: Tables<'_>, entry: &TlbEntry) -> Option<TlbEntry> {
    match (tables.dimension, entry.space.kind) {
        (Dimension::Guest, _) => Some(TlbEntry { pfn: entry.ghost.gfn?, ..*entry }),
        (Dimension::Second, SpaceKind::Combined) => {
            let page = entry.ghost.gfn?.0 >> (entry.level.shift() - 12);
            // Of the rights that it leaves, the second dimension's tables know only that to write.
            let rights = Rights { user: false, no_execute: true, ..entry.rights };
            Some(TlbEntry { page, rights, ..*entry })
        }
        (Dimension::Only | Dimension::Second, _) => Some(*entry),
    }
}

/// A pointer to a table of a guest, as the second dimension sees it: a translation of that guest-physical frame.
fn as_page(entry: &PscEntry, gfn: Pfn) -> TlbEntry {
    TlbEntry {
        pcid: entry.pcid,
        level: Level::Pt,
        page: gfn.0,
        pfn: entry.table,
        // A walk only reads there.
        rights: Rights { write: false, user: false, no_execute: true },
        dirty: false,
        global: false,
        memory_type: entry.memory_type,
        provenance: entry.provenance,
        ghost: entry.ghost,
        space: entry.space,
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
