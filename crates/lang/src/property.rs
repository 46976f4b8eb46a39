//! What an execution can show, and an expectation can name: a row for each property, a row for each group.
//!
//! The language knows only their names; the machine decides when a property shows, and its `Property` numbers these
//! rows. All words about a property, wherever they are shown, come from here.

/// A property: something that a step or a state shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PropertyRow {
    /// Its name in the language.
    pub name: &'static str,
    /// Its name for readers, in two or three words.
    pub title: &'static str,
    /// What it means, as the end of "It is possible that ...".
    pub sentence: &'static str,
    /// The title of a verdict of which it is the headline.
    pub verdict: &'static str,
    /// What it says of the kernel.
    pub kind: PropertyKind,
    /// How a step that shows it is drawn.
    pub look: Look,
}

/// What a property says of the kernel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PropertyKind {
    /// Nothing: a correct kernel may show it as well. An expectation can name it.
    Noted,
    /// No correct kernel shows it.
    Violation {
        /// How grave it is: the headline is the gravest. No two properties are equally grave.
        gravity: u8,
        /// Whether memory is read or written that belongs to another owner.
        corruption: bool,
        /// Whether it is a check of the texts themselves that fails, as a BUG_ON: it shows that something has gone wrong, not what.
        own_check: bool,
    },
}

/// How a step that shows a property is drawn. The last of several is what is seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Look {
    /// Like any other step of its kind.
    Plain,
    /// As a use of something stale.
    Stale,
    /// As a step that leaves wrong data or a wrong state behind.
    Corrupt,
}

const fn violation(gravity: u8) -> PropertyKind {
    PropertyKind::Violation { gravity, corruption: false, own_check: false }
}

const fn corruption(gravity: u8) -> PropertyKind {
    PropertyKind::Violation { gravity, corruption: true, own_check: false }
}

const fn own_check(gravity: u8) -> PropertyKind {
    PropertyKind::Violation { gravity, corruption: false, own_check: true }
}

/// All properties. A property's number is its place here. Numbers are in links, so that the order is fixed and new rows
/// come last.
pub const PROPERTIES: [PropertyRow; 19] = [
    PropertyRow {
        name: "walk_of_freed",
        title: "walk of freed memory",
        sentence: "a page walk reads a page table that has been freed",
        verdict: "A walk of freed memory is reachable",
        kind: violation(40),
        look: Look::Stale,
    },
    PropertyRow {
        name: "a_bit_corruption",
        title: "accessed bit in foreign data",
        sentence: "a page walk writes an accessed bit into somebody else's memory",
        verdict: "Corruption is reachable",
        kind: corruption(100),
        look: Look::Corrupt,
    },
    PropertyRow {
        name: "garbage_psc",
        title: "garbage cached as a pointer",
        sentence: "garbage is cached as a pointer to a page table",
        verdict: "Cached garbage is reachable",
        kind: violation(50),
        look: Look::Corrupt,
    },
    PropertyRow {
        name: "garbage_tlb",
        title: "garbage cached as a translation",
        sentence: "garbage is cached as a translation",
        verdict: "Cached garbage is reachable",
        kind: violation(60),
        look: Look::Corrupt,
    },
    PropertyRow {
        name: "device_read",
        title: "walk of a device",
        sentence: "a page walk reads a device register",
        verdict: "A stray device read is reachable",
        kind: violation(70),
        look: Look::Corrupt,
    },
    PropertyRow {
        name: "machine_check",
        title: "machine check",
        sentence: "a page walk raises a machine check",
        verdict: "A machine check is reachable",
        kind: violation(80),
        look: Look::Corrupt,
    },
    PropertyRow {
        name: "stale_access",
        title: "stale access",
        sentence: "a program uses a translation to a page that has been freed, or that no program was given",
        verdict: "Corruption is reachable",
        kind: corruption(90),
        look: Look::Corrupt,
    },
    PropertyRow {
        name: "page_fault",
        title: "page fault",
        sentence: "a program's access faults",
        verdict: "Reachable",
        kind: PropertyKind::Noted,
        look: Look::Plain,
    },
    PropertyRow {
        name: "kernel_bug",
        title: "kernel bug",
        sentence: "the kernel does something impossible",
        verdict: "A kernel bug is reachable",
        kind: own_check(30),
        look: Look::Corrupt,
    },
    PropertyRow {
        name: "kernel_warning",
        title: "kernel warning",
        sentence: "a kernel warning fires",
        verdict: "A kernel warning is reachable",
        kind: own_check(10),
        look: Look::Plain,
    },
    PropertyRow {
        name: "deadlock",
        title: "deadlock",
        sentence: "the machine hangs: a CPU has more to do, and none can ever go on",
        verdict: "A deadlock is reachable",
        kind: violation(20),
        look: Look::Plain,
    },
    PropertyRow {
        name: "ipi_to_idle",
        title: "IPI to an idle CPU",
        sentence: "an IPI disturbs a CPU that idles or runs a kernel thread",
        verdict: "Reachable",
        kind: PropertyKind::Noted,
        look: Look::Plain,
    },
    PropertyRow {
        name: "multi_match",
        title: "two translations at once",
        sentence: "a CPU caches translations of different sizes for one address",
        verdict: "Reachable",
        kind: PropertyKind::Noted,
        look: Look::Plain,
    },
    PropertyRow {
        name: "final_state",
        title: "final state",
        sentence: "an execution ends in a state that the scenario describes",
        verdict: "Reachable",
        kind: PropertyKind::Noted,
        look: Look::Plain,
    },
    PropertyRow {
        name: "stale_translation",
        title: "use of a stale translation",
        sentence: "a CPU uses a translation that its page tables no longer give",
        verdict: "Reachable",
        kind: PropertyKind::Noted,
        look: Look::Stale,
    },
    PropertyRow {
        name: "missed_flush",
        title: "missed flush",
        sentence: "a CPU can still use what the kernel claims to have flushed",
        verdict: "A missed flush is reachable",
        kind: violation(34),
        look: Look::Stale,
    },
    PropertyRow {
        name: "missed_flush_used",
        title: "use after a missed flush",
        sentence: "a program uses a translation that the kernel claims to have flushed",
        verdict: "A missed flush is reachable",
        kind: violation(36),
        look: Look::Corrupt,
    },
    PropertyRow {
        name: "invariant",
        title: "broken invariant",
        sentence: "an invariant of the texts does not hold",
        verdict: "A broken invariant is reachable",
        kind: own_check(32),
        look: Look::Corrupt,
    },
    PropertyRow {
        name: "foreign_access",
        title: "foreign access",
        sentence: "a program uses a translation of another address space",
        verdict: "Another space\u{2019}s memory is reachable",
        kind: corruption(85),
        look: Look::Corrupt,
    },
];

/// A name for several properties.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PropertyGroup {
    /// Each violation that corrupts.
    Corruption,
    /// Each violation.
    Violation,
}

impl PropertyGroup {
    /// All groups.
    pub const ALL: [PropertyGroup; 2] = [PropertyGroup::Corruption, PropertyGroup::Violation];

    /// Its name in the language.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            PropertyGroup::Corruption => "corruption",
            PropertyGroup::Violation => "violation",
        }
    }

    /// What it means, as the end of "It is possible that ...".
    #[must_use]
    pub const fn sentence(self) -> &'static str {
        match self {
            PropertyGroup::Corruption => "memory is read or written that belongs to somebody else",
            PropertyGroup::Violation => "a property is violated",
        }
    }

    /// Whether a property of this kind is in it.
    #[must_use]
    pub const fn has(self, kind: PropertyKind) -> bool {
        match (self, kind) {
            (_, PropertyKind::Noted) => false,
            (PropertyGroup::Violation, PropertyKind::Violation { .. }) => true,
            (PropertyGroup::Corruption, PropertyKind::Violation { corruption, .. }) => corruption,
        }
    }
}

/// The names that an expectation may use: of properties by number, then of groups.
pub fn names() -> impl Iterator<Item = &'static str> {
    PROPERTIES.iter().map(|row| row.name).chain(PropertyGroup::ALL.map(PropertyGroup::name))
}

/// What a name means, as the end of "It is possible that ...".
#[must_use]
pub fn sentence(name: &str) -> Option<&'static str> {
    let group =
        PropertyGroup::ALL.into_iter().find(|group| group.name() == name).map(PropertyGroup::sentence);
    group.or_else(|| PROPERTIES.iter().find(|row| row.name == name).map(|row| row.sentence))
}
