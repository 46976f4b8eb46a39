//! Physical memory: frames with owners and words, and the memory map around them.
//!
//! The map (DRAM, devices, types) is configuration. The frames of a scenario are state. A frame's words outlive its
//! owner: freeing a page does not change the page, and that is why a stale pointer to it is so dangerous. Words
//! that are zero are not stored, so that equal memory has one form.

use crate::{Level, MemoryType, Pfn, Vendor, VirtAddr};
use std::ops::Range;

/// Index of a modelled frame.
pub type FrameId = u8;
/// Number of a word in a modelled frame: 0 to 511, or to 512 * 512 - 1 in one of 2 MiB.
pub type WordId = u32;
/// Number of an address space: its place among those that a program declares. 0 is `init_mm`.
pub type MmId = u8;

/// Who a frame belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Owner {
    /// The allocator.
    Free,
    /// The page tables of an mm. A table that has been unlinked but not given back is still one.
    Table {
        /// Whose.
        mm: MmId,
        /// Level of its entries.
        level: Level,
    },
    /// User data of an mm.
    User {
        /// Whose.
        mm: MmId,
    },
    /// Another user who allocated it: a driver, or the page cache.
    Data,
}

/// A device whose registers can be read by address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Device {
    /// Name for people.
    pub name: String,
    /// First byte.
    pub base: u64,
    /// First byte after it.
    pub end: u64,
    /// Memory type by MTRR.
    pub memory_type: MemoryType,
}

/// What never changes about physical memory and the walkers that read it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemoryMap {
    /// Modelled frames: number and a name for people.
    pub frames: Vec<(Pfn, String)>,
    /// Those of 2 MiB: 512 page frames in a row that have one owner. All others are of 4 KiB.
    pub large: Vec<FrameId>,
    /// DRAM as byte ranges.
    pub dram: Vec<(u64, u64)>,
    /// Devices.
    pub devices: Vec<Device>,
    /// Level of the table that CR3 leads to: the paging mode, by CR4.LA57 (H62).
    pub top: Level,
    /// Physical-address width in bits.
    pub maxphyaddr: u8,
    /// The vendor of the walker.
    pub vendor: Vendor,
    /// HWCR.TlbCacheDis (H31).
    pub tlb_cache_dis: bool,
}

/// What lies at a physical address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Backing {
    /// A modelled frame.
    Frame(FrameId),
    /// DRAM that the scenario does not model; it reads as zero.
    OtherDram,
    /// A device, by index.
    Device(u8),
    /// Nothing.
    Absent,
}

impl MemoryMap {
    /// A linear address, if it is canonical in this paging mode (H27, H62).
    #[must_use]
    pub const fn linear(&self, address: u64) -> Option<VirtAddr> {
        VirtAddr::new(address, self.top)
    }

    /// What lies at a frame number.
    #[must_use]
    pub fn backing(&self, pfn: Pfn) -> Backing {
        if let Some((id, _)) = (0..).zip(&self.frames).find(|(_, frame)| frame.0 == pfn) {
            return Backing::Frame(id);
        }
        if let Some(&id) = self.large.iter().find(|&&id| self.span(id).contains(&pfn.0)) {
            return Backing::Frame(id);
        }
        let base = pfn.base();
        if self.dram.iter().any(|&(start, end)| (start..end).contains(&base)) {
            return Backing::OtherDram;
        }
        match (0..).zip(&self.devices).find(|(_, device)| (device.base..device.end).contains(&base)) {
            Some((id, _)) => Backing::Device(id),
            None => Backing::Absent,
        }
    }

    /// The page frames of a modelled one, as numbers.
    #[must_use]
    pub fn span(&self, frame: FrameId) -> Range<u64> {
        let first = self.frames[frame as usize].0.0;
        first..first + if self.large.contains(&frame) { 512 } else { 1 }
    }

    /// The number, in a modelled frame, of a word of one of its page frames.
    #[must_use]
    pub fn place(&self, frame: FrameId, pfn: Pfn, index: u16) -> WordId {
        let part = pfn.0.wrapping_sub(self.frames[frame as usize].0.0) & 511;
        (part as u32) << 9 | u32::from(index)
    }

    /// The memory type by MTRR: write-back for DRAM, the device's own, uncacheable where nothing is (H28).
    #[must_use]
    pub fn mtrr_type(&self, backing: Backing) -> MemoryType {
        match backing {
            Backing::Frame(_) | Backing::OtherDram => MemoryType::Wb,
            Backing::Device(id) => self.devices[id as usize].memory_type,
            Backing::Absent => MemoryType::Uc,
        }
    }
}

/// A modelled frame's state.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Frame {
    /// Who it belongs to.
    pub owner: Owner,
    /// Words that are not zero, by index, ascending.
    words: Vec<(WordId, u64)>,
}

impl Frame {
    /// The bytes that it takes on the heap.
    #[must_use]
    pub fn heap(&self) -> usize {
        self.words.capacity() * size_of::<(WordId, u64)>()
    }

    /// A frame of zeroes.
    #[must_use]
    pub fn new(owner: Owner) -> Frame {
        Frame { owner, words: Vec::new() }
    }

    /// The word at `index`.
    #[must_use]
    pub fn word(&self, index: impl Into<WordId>) -> u64 {
        let index = index.into();
        match self.words.binary_search_by_key(&index, |word| word.0) {
            Ok(at) => self.words[at].1,
            Err(_) => 0,
        }
    }

    /// Puts a word; returns what was there.
    pub fn put(&mut self, index: impl Into<WordId>, value: u64) -> u64 {
        let index = index.into();
        match (self.words.binary_search_by_key(&index, |word| word.0), value) {
            (Ok(at), 0) => self.words.remove(at).1,
            (Ok(at), _) => std::mem::replace(&mut self.words[at].1, value),
            (Err(_), 0) => 0,
            (Err(at), _) => {
                self.words.insert(at, (index, value));
                0
            }
        }
    }

    /// All words that are not zero, ascending.
    #[must_use]
    pub fn words(&self) -> &[(WordId, u64)] {
        &self.words
    }

    /// All its fields. (A new field does not compile until it has been added where frames are packed and
    /// renamed.)
    #[must_use]
    pub fn parts(&self) -> (Owner, &[(WordId, u64)]) {
        let Frame { owner, words } = self;
        (*owner, words)
    }

    /// The same frame, seen under other names: how its owner and each word are renamed. (Without `..`, as
    /// [`Frame::parts`].)
    #[must_use]
    pub fn map(&self, owner_of: impl Fn(Owner) -> Owner, word_of: impl Fn(WordId, u64) -> u64) -> Frame {
        let Frame { owner, words } = self;
        let words = words.iter().map(|&(index, word)| (index, word_of(index, word)));
        Frame { owner: owner_of(*owner), words: words.filter(|word| word.1 != 0).collect() }
    }

    /// Makes all words zero.
    pub fn clear(&mut self) {
        self.words.clear();
    }
}

/// The state of physical memory.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Memory {
    /// Modelled frames, as in [`MemoryMap::frames`].
    pub frames: Vec<Frame>,
    /// For each device, how often a walk has read it: each read pops its FIFO. Stops counting at 3.
    pub pops: Vec<u8>,
}

impl Memory {
    /// The word at an index of a modelled frame.
    #[must_use]
    pub fn word(&self, frame: FrameId, index: impl Into<WordId>) -> u64 {
        self.frames[frame as usize].word(index)
    }

    /// Whether `frame` is now a table whose entries are of `level`.
    #[must_use]
    pub fn is_table(&self, frame: FrameId, level: Level) -> bool {
        matches!(self.frames[frame as usize].owner, Owner::Table { level: l, .. } if l == level)
    }

    /// Whether `frame` is now a table that a walk may read as one whose entries are of `level`: a table of that level,
    /// or of a higher one. Through a slot that refers to its own table, or to another one of its level, every table
    /// below is read one level too low; a kernel accesses its page tables in this way.
    #[must_use]
    pub fn serves(&self, frame: FrameId, level: Level) -> bool {
        matches!(self.frames[frame as usize].owner, Owner::Table { level: l, .. } if l >= level)
    }
}

#[cfg(test)]
mod tests {
    use super::{Frame, Owner};

    #[test]
    fn equal_contents_have_one_form() {
        let mut a = Frame::new(Owner::Free);
        let mut b = a.clone();
        a.put(7u32, 1);
        a.put(2u32, 5);
        b.put(2u32, 4);
        b.put(7u32, 1);
        assert_eq!(b.put(2u32, 5), 4);
        assert_eq!(a, b);
        assert_eq!(a.put(7u32, 0), 1);
        assert_eq!((a.word(7u32), a.word(2u32), a.words()), (0, 5, &[(2, 5)][..]));
    }
}
