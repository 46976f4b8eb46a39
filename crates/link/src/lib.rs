//! Links: an exact moment of an exact scenario, as a short text after `#`.
//!
//! A link is a number, a dot, and base64url (RFC 4648, no padding). The number is the version of the format, and is
//! read before anything is decoded. Each file in `versions/` describes one version. A version that has been released is
//! frozen: it has wire types of its own, which know nothing of the present [`Link`], and one conversion in `versions.rs`
//! leads from them to it. A new field makes a new version, which is written only for links that use the field. Every old
//! version stays readable, and is written for every link that it can express. It does not name newer fields: [`Link::new`]
//! says what their absence means.
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
mod codec;
mod compared;
mod hash;
mod limits;
mod link;
mod moment;
mod numbers;
mod open;
mod outcome;
mod refusal;
mod timed;
mod unopened;
mod versions;
mod view;
mod wire;

pub use codec::{decode, encode, length};
pub use compared::{Compared, ComparedAs, Incomparable};
pub use hash::{hash_state, hash_texts};
pub use limits::{MAX_CHANGES, MAX_NAME, MAX_OPTIONS, MAX_PASTED, MAX_STEPS, MAX_TEXT};
pub use link::{Base, Link};
pub use moment::{beginning, left_out, moment};
pub use open::{Opened, Opening, open, replay};
pub use outcome::{Outcome, Replayed};
pub use refusal::LinkRefusal;
pub use timed::{TimedCosts, TimedTable};
pub use unopened::Unopened;
pub use versions::{NEWEST, Numbered};
pub use view::View;
