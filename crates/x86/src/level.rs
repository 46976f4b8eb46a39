//! The small closed sets that everything else uses: levels, memory types, vendors.

/// Whether an entry maps a page.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Maps {
    Always,
    /// With PS set.
    WithPs,
    /// PS is reserved.
    Never,
}

/// A row of the table: one level.
struct Row {
    entry: &'static str,
    table: &'static str,
    linux: &'static str,
    maps: Maps,
    page: [&'static str; 2],
}

/// Turns each row of the table into a variant of [`Level`] and a [`Row`], the page table first.
macro_rules! levels {
    ($($(#[$doc:meta])* $level:ident = $number:literal: $entry:literal in $table:literal, $linux:literal, $maps:ident $page:literal $short:literal;)+) => {
        /// The level of a page-table entry, named as the SDM names the table that holds it.
        ///
        /// Which levels a walk goes through depends on the paging mode, that is on the level that CR3 leads to
        /// ([`MemoryMap::top`](crate::MemoryMap::top)).
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        pub enum Level {
            $($(#[$doc])* $level = $number,)+
        }

        impl Level {
            /// All levels of any paging mode, the page table first.
            pub const ALL: &[Level] = &[$(Level::$level),+];
        }

        /// Row i describes `Level::ALL[i]`.
        const TABLE: &[Row] = &[$(Row { entry: $entry, table: $table, linux: $linux, maps: Maps::$maps, page: [$page, $short] }),+];
    };
}

levels! {
    /// Holds PTEs, each mapping 4 KiB (Linux: pte).
    Pt = 1: "PTE" in "page table", "pte", Always "4 KiB" "4k";
    /// Holds PDEs, each mapping 2 MiB or pointing to a page table (Linux: pmd).
    Pd = 2: "PDE" in "page directory", "pmd", WithPs "2 MiB" "2M";
    /// Holds PDPTEs (Linux: pud).
    Pdpt = 3: "PDPTE" in "PDPT", "pud", WithPs "1 GiB" "1G";
    /// Holds PML4Es; CR3 points to it with 4-level paging (Linux: p4d, and the same as its pgd with 4-level paging).
    Pml4 = 4: "PML4E" in "PML4", "p4d", Never "" "";
    /// Holds PML5Es; CR3 points to it with 5-level paging (Linux: pgd).
    Pml5 = 5: "PML5E" in "PML5", "pgd", Never "" "";
}

/// What Linux calls an entry of the table that CR3 points to, whichever level that is.
const ROOT: &str = "pgd";

impl Level {
    /// The highest level of any paging mode.
    pub const WIDEST: Level = Level::Pml5;

    /// The level with this number; 1 is the page table.
    #[must_use]
    pub const fn from_number(number: u8) -> Option<Level> {
        if number == 0 || number as usize > Level::ALL.len() {
            None
        } else {
            Some(Level::ALL[number as usize - 1])
        }
    }

    /// This level and all below it, in the order of a walk, the page table last.
    pub fn walk(self) -> impl DoubleEndedIterator<Item = Level> + Clone {
        Level::ALL[..self as usize].iter().rev().copied()
    }

    /// The same without the page table: the levels whose entries may point to a table, and so may be cached as pointers
    /// (H5).
    pub fn pointers(self) -> impl DoubleEndedIterator<Item = Level> + Clone {
        Level::ALL[1..self as usize].iter().rev().copied()
    }

    /// The level whose tables this one's entries point to.
    #[must_use]
    pub const fn below(self) -> Option<Level> {
        Level::from_number(self as u8 - 1)
    }

    /// The level whose entries point to tables of this one.
    #[must_use]
    pub const fn above(self) -> Option<Level> {
        Level::from_number(self as u8 + 1)
    }

    /// Lowest bit of a linear address that selects an entry at this level.
    #[must_use]
    pub const fn shift(self) -> u32 {
        12 + 9 * (self as u32 - 1)
    }

    /// How many bits of a linear address are translated if CR3 leads to this level: 48 or 57.
    #[must_use]
    pub const fn width(self) -> u32 {
        self.shift() + 9
    }

    /// Which of the 512 entries of a table at this level translates `va`.
    #[must_use]
    pub const fn index(self, va: u64) -> u16 {
        ((va >> self.shift()) & 511) as u16
    }

    /// Whether an entry at this level maps a page, by its PS bit.
    #[must_use]
    pub const fn maps_a_page(self, ps: bool) -> bool {
        match self.row().maps {
            Maps::Always => true,
            Maps::WithPs => ps,
            Maps::Never => false,
        }
    }

    /// Whether its entries map the smallest pages, and have a PAT bit where others have PS.
    #[must_use]
    pub const fn is_page_table(self) -> bool {
        matches!(self.row().maps, Maps::Always)
    }

    /// Whether PS is reserved at this level: no page is that large.
    #[must_use]
    pub const fn maps_no_page(self) -> bool {
        matches!(self.row().maps, Maps::Never)
    }

    /// The size of a page that an entry at this level maps, if it can map one: `2 MiB`.
    #[must_use]
    pub const fn page_size(self) -> &'static str {
        self.row().page[0]
    }

    /// The same for an id, or for a place with little space: `2M`.
    #[must_use]
    pub const fn short_page_size(self) -> &'static str {
        self.row().page[1]
    }

    /// What an entry at this level is called in the SDM.
    #[must_use]
    pub const fn entry_name(self) -> &'static str {
        self.row().entry
    }

    /// What a table of such entries is called in the SDM.
    #[must_use]
    pub const fn table_name(self) -> &'static str {
        self.row().table
    }

    /// What Linux calls an entry at this level if CR3 leads to `top`.
    #[must_use]
    pub fn linux_name(self, top: Level) -> &'static str {
        if self == top { ROOT } else { self.row().linux }
    }

    /// The level that Linux calls so if CR3 leads to `top`. With four levels p4d is another name for pgd, as in Linux.
    #[must_use]
    pub fn from_linux_name(name: &str, top: Level) -> Option<Level> {
        if name == ROOT { Some(top) } else { top.walk().find(|level| level.row().linux == name) }
    }

    const fn row(self) -> &'static Row {
        &TABLE[self as usize - 1]
    }
}

/// How the caches treat a range of physical memory (SDM 11.3; H28 to H33).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum MemoryType {
    /// Uncacheable: no speculative accesses, no speculative walks (H30).
    Uc = 0,
    /// Write combining: speculative reads allowed.
    Wc = 1,
    /// Write through.
    Wt = 4,
    /// Write protected.
    Wp = 5,
    /// Write back: ordinary DRAM.
    Wb = 6,
    /// Uncacheable unless the MTRRs say write combining (UC-). Only the PAT can say this, no MTRR.
    UcMinus = 7,
}

impl MemoryType {
    /// The effective memory type: the PAT's type of a mapping, `self`, combined with the MTRRs' type of the
    /// address (SDM table 11-7; H28).
    #[must_use]
    pub const fn with_mtrr(self, mtrr: MemoryType) -> MemoryType {
        use MemoryType::{Uc, UcMinus, Wb, Wc, Wp, Wt};
        match (self, mtrr) {
            (Uc, _) => Uc,
            (Wc, _) => Wc,
            (UcMinus, Wc | Wp) => Wc,
            (UcMinus, _) => Uc,
            (Wt | Wp | Wb, Uc | UcMinus) | (Wt | Wp, Wc) => Uc,
            (Wb, mtrr) => mtrr,
            (Wt, _) => Wt,
            (Wp, _) => Wp,
        }
    }
}

/// The vendor of the walker: the one architectural difference in what a walk to a non-DRAM address does
/// (question 6 in docs/model.md).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Vendor {
    /// Walks into UC ranges stop (H30).
    Intel,
    /// With TlbCacheDis=0 the walker assumes that tables live in WB DRAM (H31).
    Amd,
}
