//! Which of a CPU's cached translations are really there.
//!
//! The model's caches are sets: an entry stays until an invalidation removes it, since a CPU may have lost any entry
//! that it may use (H9). A timed run has caches of a given size. An entry that it evicts stays in the model's state,
//! and is marked here as gone: the run does not use it until a walk has brought it back. So a timed run is a schedule
//! of the machine like any other: it makes only choices that the explorer has too.
//!
//! A kernel that takes a new PCID at each switch never removes what it leaves behind. So there is a limit to the marks.
//! Beyond it the state loses what the caches have lost: a smaller set of entries allows fewer choices, and no new ones.
//! Only a run whose choices are kept loses nothing, since they name entries by their places in the set. Such a run is short.
//!
//! A program touches more pages than a model has. Pages of a *working set* are counted here, by PCID: how many of them
//! have their translation cached. They compete with the modelled ones for room, and a flush of their PCID removes them
//! all.

use crate::random::Random;
use x86::{Cpu, Level, Pcid, PscEntry, TlbEntry};

/// What tells two entries of one kind apart, as far as hardware would: for translations by page and frame, for pointers to
/// page tables by tag and table.
type Mark = (Pcid, Level, u64, u64);

/// The most marks of one kind in a run whose choices nobody keeps.
const MOST_LOST: usize = 64;

fn translation(entry: &TlbEntry) -> Mark {
    (entry.pcid, entry.level, entry.page, entry.pfn.0)
}

fn pointer(entry: &PscEntry) -> Mark {
    (entry.pcid, entry.level, entry.tag, entry.table.0)
}

/// The entries that one CPU has cached.
#[derive(Clone, Debug, Default)]
pub(crate) struct Resident {
    /// Translations of the state that have been evicted, in order.
    lost: Vec<Mark>,
    /// Pointers of the state that have been evicted, in order.
    lost_pointers: Vec<Mark>,
    /// Cached pages of working sets, by PCID, the last used last.
    counted: Vec<(Pcid, u64)>,
}

impl Resident {
    /// The bytes that it takes on the heap.
    pub(crate) fn heap(&self) -> usize {
        (self.lost.capacity() + self.lost_pointers.capacity()) * size_of::<Mark>()
            + self.counted.capacity() * size_of::<(Pcid, u64)>()
    }

    /// Whether a translation of the state can be used.
    pub(crate) fn has(&self, entry: &TlbEntry) -> bool {
        self.lost.binary_search(&translation(entry)).is_err()
    }

    /// Whether a pointer of the state can be used.
    pub(crate) fn has_pointer(&self, entry: &PscEntry) -> bool {
        self.lost_pointers.binary_search(&pointer(entry)).is_err()
    }

    /// A walk has cached a translation; another one may be evicted.
    pub(crate) fn bring(&mut self, entry: &TlbEntry, hw: &Cpu, room: u64, luck: &mut Random) {
        unmark(&mut self.lost, &translation(entry));
        self.make_room(hw, room, Some(translation(entry)), luck);
    }

    /// A walk has cached a pointer; another one may be evicted.
    pub(crate) fn bring_pointer(&mut self, entry: &PscEntry, hw: &Cpu, room: u64, luck: &mut Random) {
        unmark(&mut self.lost_pointers, &pointer(entry));
        let there = |entry: &&PscEntry| self.has_pointer(entry);
        if hw.psc.iter().filter(there).count() as u64 <= room {
            return;
        }
        let kept = pointer(entry);
        let others: Vec<Mark> =
            hw.psc.iter().filter(there).map(pointer).filter(|other| *other != kept).collect();
        if let Some(victim) = others.get(place(luck, others.len())) {
            mark(&mut self.lost_pointers, *victim);
        }
    }

    /// A program touches pages of a working set. Returns how many translations were not cached.
    pub(crate) fn touch(&mut self, pages: u64, hw: &Cpu, room: u64, luck: &mut Random) -> u64 {
        let pcid = hw.cr3.pcid;
        let before = self.counted.iter().position(|counted| counted.0 == pcid);
        let (_, there) = before.map_or((pcid, 0), |at| self.counted.remove(at));
        let missing = pages.saturating_sub(there);
        self.counted.push((pcid, there.max(pages)));
        self.make_room(hw, room, None, luck);
        missing
    }

    /// Evicts as many entries as there are too many. Each is as likely to go as any other; only the PCID used last keeps its
    /// pages until the others have none.
    fn make_room(&mut self, hw: &Cpu, room: u64, kept: Option<Mark>, luck: &mut Random) {
        let counted: u64 = self.counted.iter().map(|counted| counted.1).sum();
        let modelled = hw.tlb.iter().filter(|entry| self.has(entry)).count() as u64;
        let mut excess = (counted + modelled).saturating_sub(room);
        if excess == 0 {
            return;
        }
        // On average, so many of the entries that are evicted are modelled ones.
        let mut share = excess * modelled;
        let total = counted + modelled;
        while share > 0 && luck.below(total) < share {
            let others: Vec<Mark> = hw
                .tlb
                .iter()
                .filter(|entry| self.has(entry))
                .map(translation)
                .filter(|other| Some(*other) != kept)
                .collect();
            let Some(victim) = others.get(place(luck, others.len())) else { break };
            mark(&mut self.lost, *victim);
            excess -= 1;
            share = share.saturating_sub(total);
            if excess == 0 {
                return;
            }
        }
        for (_, pages) in &mut self.counted {
            let gone = excess.min(*pages);
            *pages -= gone;
            excess -= gone;
        }
        self.counted.retain(|counted| counted.1 > 0);
    }

    /// The pages of a PCID have been flushed; of all of them for `None`.
    pub(crate) fn flushed(&mut self, pcid: Option<Pcid>) {
        self.counted.retain(|counted| pcid.is_some_and(|pcid| counted.0 != pcid));
    }

    /// Forgets marks of entries that the state does not have any more.
    pub(crate) fn tidy(&mut self, hw: &Cpu) {
        self.lost.retain(|lost| hw.tlb.iter().any(|entry| translation(entry) == *lost));
        self.lost_pointers.retain(|lost| hw.psc.iter().any(|entry| pointer(entry) == *lost));
    }

    /// If there are too many marks, the state loses what they mark.
    pub(crate) fn lose(&mut self, hw: &mut Cpu) {
        if self.lost.len() > MOST_LOST {
            hw.tlb.retain(|entry| self.has(entry));
            self.lost.clear();
        }
        if self.lost_pointers.len() > MOST_LOST {
            hw.psc.retain(|entry| self.has_pointer(entry));
            self.lost_pointers.clear();
        }
    }
}

/// Marks an entry, in an ordered list of marks.
fn mark(lost: &mut Vec<Mark>, entry: Mark) {
    if let Err(place) = lost.binary_search(&entry) {
        lost.insert(place, entry);
    }
}

/// Takes the mark away, if there is one.
fn unmark(lost: &mut Vec<Mark>, entry: &Mark) {
    if let Ok(place) = lost.binary_search(entry) {
        lost.remove(place);
    }
}

/// A place in a list of that length.
fn place(luck: &mut Random, len: usize) -> usize {
    usize::try_from(luck.below(len as u64)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::Resident;
    use crate::random::Random;
    use x86::{Cpu, Pcid, Pfn};

    #[test]
    fn a_working_set_is_there_until_it_is_flushed_or_another_one_needs_the_room() {
        let (mut there, mut luck) = (Resident::default(), Random::stream(1, 1));
        let mut hw = Cpu::new(Pfn(1));
        let mut touch = |there: &mut Resident, pcid, pages| {
            hw.cr3.pcid = Pcid(pcid);
            there.touch(pages, &hw, 1000, &mut luck)
        };
        assert_eq!(touch(&mut there, 1, 512), 512, "all are new");
        assert_eq!(touch(&mut there, 1, 512), 0);
        assert_eq!(touch(&mut there, 2, 400), 400);
        assert_eq!(touch(&mut there, 1, 512), 0, "both fit");
        there.flushed(Some(Pcid(2)));
        assert_eq!(touch(&mut there, 1, 512), 0);
        assert_eq!(touch(&mut there, 2, 600), 600);
        assert_eq!(touch(&mut there, 1, 512), 112, "600 and 512 are 112 too many");
        there.flushed(None);
        assert_eq!(touch(&mut there, 1, 512), 512);
    }
}
