//! Links: an exact moment of an exact scenario, as a short text after `#`.
//!
//! A link is a number, a dot, and base64url (RFC 4648, no padding). The number is the version of the format, and is
//! read before anything is decoded. `v1.rs` to `v4.rs` describe the versions, and `versions.rs` is their table. A version
//! that has been released is frozen: it has wire types of its own, and one conversion leads from them to [`Link`]. A new
//! field makes a new version, which is written only for links that use the field. Every old version stays readable, and
//! is written for every link that it can express. It does not name newer fields: [`Link::new`] says what their absence
//! means.
//!
//! ```
//! use link::{Base, Link, View};
//!
//! let base = Base::Library { slug: "lazy+exit+andy".into(), kernel: None, hash: 0x1234_5678 };
//! let link = Link {
//!     options: vec![("memory_barrier".into(), "on".into())],
//!     schedule: vec![0, 0, 9, 0, 8],
//!     cursor: 4,
//!     view: View::CODE,
//!     digest: 0xfeed_beef,
//!     ..Link::new(base)
//! };
//! let text = link::encode(&link);
//! assert!(text.starts_with("1."));
//! assert_eq!(link::decode(&format!("(see https://host/lab/?embed%23{text}).")), Ok(link));
//! ```
//!
//! There is one decoder, and it is total: for any input it answers with a link or with a [`LinkRefusal`] that says what is
//! wrong, and it checks sizes before it allocates. It does not know the meaning of a schedule or of a text. [`open`]
//! does: it compiles the text, replays the schedule and compares the result with the recorded one ([`Outcome`]).
//! [`moment()`] leads back, from a run to a link.
#![forbid(unsafe_code)]

mod address;
mod compared;
mod hash;
mod moment;
mod open;
mod outcome;
mod refusal;
mod v1;
mod v2;
mod v3;
mod v4;
mod versions;
mod wire;

pub use compared::{Compared, ComparedAs, Incomparable};
pub use hash::{hash_state, hash_texts};
pub use moment::{left_out, moment};
pub use open::{Opened, Opening, Unopened, open, replay};
pub use outcome::{Outcome, Replayed};
pub use refusal::LinkRefusal;
pub use v1::Numbered;
pub use versions::NEWEST;

/// The most characters that are looked at to find a link in.
pub const MAX_PASTED: usize = 2 << 20;
/// The most bytes a text may have, decompressed.
pub const MAX_TEXT: usize = 256 << 10;
/// The most steps a schedule may have.
pub const MAX_STEPS: usize = 100_000;
/// The most options that may differ from their defaults.
pub const MAX_OPTIONS: usize = 64;
/// The most values that a table of costs may change.
pub const MAX_CHANGES: usize = 16;
/// The most bytes in a slug, a case's or kernel's name, an option's name or its value.
pub const MAX_NAME: usize = 255;

/// A moment that can be shared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The texts.
    pub base: Base,
    /// Options that differ from their defaults: name and choice.
    pub options: Vec<(String, String)>,
    /// Which case of the scenario; nothing for the scenario as written.
    pub case: Option<u8>,
    /// Codes of all actions, those after the cursor included.
    pub schedule: Vec<u32>,
    /// How many steps have been taken at the moment shown.
    pub cursor: u32,
    /// How the page shows it.
    pub view: View,
    /// What its run is compared with.
    pub compared: Option<ComparedAs>,
    /// What is shown of costs; nothing in a link that speaks of no costs.
    pub timed: Option<TimedTable>,
    /// [`hash_state`] of the state after the whole schedule. It only verifies.
    pub digest: u32,
    /// The version of the model that recorded it.
    pub model: u16,
}

/// The texts a link starts from. `kernel` is the text of an edited kernel, which stands in for the one that the
/// scenario (or its case) names; without it, that one is the library's. `hash` is [`hash_texts`] of the library's
/// texts that are used, to notice when those have changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Base {
    /// A scenario of the library.
    Library {
        /// Its file's name without `.tlb`.
        slug: String,
        /// An edited kernel.
        kernel: Option<String>,
        /// Of the scenario, then the kernel if that is the library's.
        hash: u32,
    },
    /// An edited scenario.
    Inline {
        /// Its text.
        scenario: String,
        /// An edited kernel.
        kernel: Option<String>,
        /// Of the kernel if that is the library's; of no text if not.
        hash: u32,
    },
}

/// A table of costs: which workload, on which costs, and what is compared over what.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TimedTable {
    /// The workload, by its file's name without `.tlb`. One that begins with `**` is the page's overview of all of them.
    pub workload: String,
    /// The table of costs.
    pub costs: TimedCosts,
    /// What has another value than workload and costs say: what, and the value in picoseconds or entries.
    pub changes: Vec<(String, u64)>,
    /// The two kernels whose costs are compared, by name.
    pub contest: [String; 2],
    /// Further kernels, each of which is compared with the first.
    pub more: Vec<String>,
    /// Over what.
    pub over: String,
}

/// A table of costs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TimedCosts {
    /// One of the library, by its file's name without `.tlb`.
    Library(String),
    /// An edited text, and the one of the library that it was made from.
    Text(String, String),
}

impl Default for TimedCosts {
    fn default() -> TimedCosts {
        TimedCosts::Library(String::new())
    }
}

impl Link {
    /// A link to the beginning of texts, with no choices made in them and no run. What a link of an older version does not
    /// say is as it is here.
    #[must_use]
    pub const fn new(base: Base) -> Link {
        Link {
            base,
            options: Vec::new(),
            case: None,
            schedule: Vec::new(),
            cursor: 0,
            view: View(0),
            compared: None,
            timed: None,
            digest: 0,
            model: machine::MODEL,
        }
    }
}

impl Base {
    /// The edited kernel, if there is one.
    #[must_use]
    pub fn kernel(&self) -> Option<&str> {
        match self {
            Base::Library { kernel, .. } | Base::Inline { kernel, .. } => kernel.as_deref(),
        }
    }

    /// The hash of the library's texts when the link was made.
    #[must_use]
    pub const fn hash(&self) -> u32 {
        match self {
            Base::Library { hash, .. } | Base::Inline { hash, .. } => *hash,
        }
    }
}

/// What is open on the page: a set of flags. Bits are only ever added; those that a reader does not know mean
/// nothing to it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct View(pub u8);

impl View {
    /// The texts are shown.
    pub const CODE: View = View(1);
    /// The kernel's text is in front of the scenario's.
    pub const KERNEL: View = View(2);
    /// The list of all steps is open.
    pub const TRACE: View = View(4);

    /// Whether all of `flags` are set.
    #[must_use]
    pub const fn has(self, flags: View) -> bool {
        self.0 & flags.0 == flags.0
    }

    /// This view with `flags` set as well.
    #[must_use]
    pub const fn with(self, flags: View) -> View {
        View(self.0 | flags.0)
    }
}

/// The text of a link, without `#`: letters, digits, `-`, `_` and one dot.
///
/// What exceeds a limit of this crate is encoded all the same, and refused by [`decode`]. Texts that compile and
/// traces that were made by stepping stay far below them.
#[must_use]
pub fn encode(link: &Link) -> String {
    versions::encode(link)
}

/// Reads a link as people paste it: with or without `#`, in a whole address, percent-encoded once or more,
/// broken over lines, or with the full stop or bracket that followed it.
///
/// # Errors
/// If there is no link in it, if a newer version made it, or if it has been damaged.
pub fn decode(pasted: &str) -> Result<Link, LinkRefusal> {
    if pasted.len() > MAX_PASTED {
        return Err(LinkRefusal::TooBig { what: "link" });
    }
    let (version, body) = address::find(pasted).ok_or(LinkRefusal::NotALink)?;
    let small = || body.len() >= TELLING && !body.bytes().any(|letter| letter.is_ascii_uppercase());
    versions::decode(version, &body).map_err(|why| match why {
        LinkRefusal::Truncated { .. } | LinkRefusal::Corrupt | LinkRefusal::TooBig { .. } if small() => {
            LinkRefusal::Lowercased
        }
        why => why,
    })
}

/// So many characters of a link have a capital letter among them (all but one of 30,000 do).
const TELLING: usize = 20;

/// How many characters a link has, from its version on, as its beginning says: the text may go on behind the link, or end too
/// early. Nothing if the text does not begin like a link.
///
/// ```
/// let link = "1.KNp7pCABwy2zx9w1M4MLbGF6eSttdW5tYXAQAQUACP8P_w__DwgHAAAAQBA";
/// assert_eq!(link::length(&format!("{link}__")), Some(link.len()));
/// assert_eq!(link::length(&link[..20]), Some(link.len()));
/// assert_eq!(link::length("words"), None);
/// ```
#[must_use]
pub fn length(text: &str) -> Option<usize> {
    let (version, body) = text.split_once('.')?;
    let known = (1..=4).contains(&version.len()) && version.bytes().all(|digit| digit.is_ascii_digit());
    wire::envelope::length(body).filter(|_| known).map(|length| version.len() + 1 + length)
}
