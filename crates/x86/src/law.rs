//! The hardware rules H1 to H76: everything the model takes for granted about x86 translation caching.
//!
//! A TLB may hold translations that the page tables no longer contain. Two manuals, a few errata and some mails say
//! what a TLB may hold, for how long, and which instruction ends that. The model is only as good as its reading of
//! those sources. So each rule is a value. The code that obeys a rule names it, the caption of a step shows its
//! sentence, and a reader who doubts a verdict can follow the rule to the section it came from.
//!
//! There are nine groups, in the order of the numbers:
//!
//! - H1 to H12: what is cached and how it is tagged, for TLB entries and paging-structure-cache entries;
//! - H13 to H16: when walks happen, which is whenever the processor likes;
//! - H17 to H22: the A and D flags, which make a walk a writer and not only a reader of memory;
//! - H23 to H27: rights, reserved bits, and garbage that is read as an entry;
//! - H28 to H33: memory types, where AMD and Intel differ in what a stray walk can break;
//! - H34 to H53: what each instruction or event must invalidate, and what it may leave behind;
//! - H54 to H61: ordering, that is store buffers, fences, the moment at which a flush takes effect, and events;
//! - H62: paging modes;
//! - H63 to H71: guests, with a second dimension of paging and the tags that it needs.
//! - H72: Intel's remote action requests.
//! - H73: CPUs that share a TLB.
//! - H74 to H76: devices that share page tables, behind an IOMMU.
//!
//! How to read a rule. "May" is a freedom of the processor, and the model tries both outcomes. A rule of H34 to H49
//! states the minimum that must be removed; H50 allows more. "Non-global" and "global" speak of TLB entries alone,
//! since paging-structure caches have no global entries (H4). A leaf is an entry that maps a page. [`Confidence`]
//! says how well the sentence is supported, and [`Law::note`] says what remains in doubt.
//!
//! Citations of the SDM use the numbering in which paging is chapter 4 of volume 3A. In newer editions paging is
//! chapter 5 with the same subsections; the chapters on multiprocessors (8) and caches (11) moved too, and the one
//! on address translation for guests is 28 here and 29 in newer editions.
//!
//! This file knows no addresses, no caches and no steps. The table is in `law/table.rs`. `law/built.rs` says which
//! rules are built. The tests generate `docs/rules.md` from both, and `library/rules/hardware.md` from the table.

use std::fmt;

/// The standing of a rule's source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Confidence {
    /// The processor's vendor documents it, or it follows from what the vendor documents.
    Documented,
    /// It was seen on hardware, or a maintainer of the code for that hardware reports it.
    Observed,
    /// The sources are silent or disagree, and the model had to choose.
    Choice,
}

impl Confidence {
    /// All values, the best supported first.
    pub const ALL: [Confidence; 3] = [Confidence::Documented, Confidence::Observed, Confidence::Choice];

    /// One lower-case word, for a badge.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Confidence::Documented => "documented",
            Confidence::Observed => "observed",
            Confidence::Choice => "choice",
        }
    }

    /// What the word means, in one sentence.
    #[must_use]
    pub const fn sentence(self) -> &'static str {
        match self {
            Confidence::Documented => "The vendor's manual says so, or it follows from what the manual says.",
            Confidence::Observed => "It was seen on hardware, or an erratum or a maintainer reports it.",
            Confidence::Choice => "Sources are silent or disagree on part of it, and the model chose.",
        }
    }
}

impl fmt::Display for Confidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

/// What heads a rule.
struct Head {
    title: &'static str,
    confidence: Confidence,
}

/// What a rule says. The page has the heads in its program and these texts in its library, so the two are separate tables.
struct Text {
    sentence: &'static str,
    source: &'static str,
    note: Option<&'static str>,
}

/// Turns each row of the table into a variant of [`Law`], documented by its own sentence, with a [`Head`] and a [`Text`].
macro_rules! laws {
    ($($law:ident $title:literal, $confidence:ident, $source:literal:
        $sentence:literal $(, note $note:literal)?;)+) => {
        /// A rule about what x86 hardware may do, must do, or need not do.
        ///
        /// The order is that of the numbers.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        pub enum Law {
            $(#[doc = $sentence] $law,)+
        }

        impl Law {
            /// All rules, H1 first.
            pub const ALL: [Law; 76] = [$(Law::$law),+];
        }

        /// Row i heads `Law::ALL[i]`.
        pub(super) static HEADS: [Head; Law::ALL.len()] = [$(Head {
            title: $title,
            confidence: Confidence::$confidence,
        }),+];

        /// Row i is what `Law::ALL[i]` says.
        pub(super) static TEXTS: [Text; Law::ALL.len()] = [$(Text {
            sentence: $sentence,
            source: $source,
            note: laws!(@note $($note)?),
        }),+];
    };
    (@note) => { None };
    (@note $note:literal) => { Some($note) };
}

mod built;
mod table;
#[cfg(test)]
mod tests;

pub use built::Built;
pub use table::Law;

impl Law {
    /// The number after the H: 1 to 71.
    #[must_use]
    pub const fn number(self) -> u8 {
        self as u8 + 1
    }

    /// The rule with this number, if there is one.
    #[must_use]
    pub fn from_number(number: u8) -> Option<Law> {
        Law::ALL.get(usize::from(number.checked_sub(1)?)).copied()
    }

    /// Two to five words, for a heading.
    #[must_use]
    pub const fn title(self) -> &'static str {
        self.head().title
    }

    /// The rule in one sentence that is complete without context.
    #[must_use]
    pub const fn sentence(self) -> &'static str {
        self.text().sentence
    }

    /// Its source: sections of the manuals, an erratum, an advisory or a commit.
    #[must_use]
    pub const fn source(self) -> &'static str {
        self.text().source
    }

    /// The standing of its source.
    #[must_use]
    pub const fn confidence(self) -> Confidence {
        self.head().confidence
    }

    /// Doubts, differences between vendors, and what in the sentence is our own inference.
    #[must_use]
    pub const fn note(self) -> Option<&'static str> {
        self.text().note
    }

    const fn head(self) -> &'static Head {
        &table::HEADS[self as usize]
    }

    const fn text(self) -> &'static Text {
        &table::TEXTS[self as usize]
    }
}

impl fmt::Display for Law {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad_integral(true, "", &format!("H{}", self.number()))
    }
}
