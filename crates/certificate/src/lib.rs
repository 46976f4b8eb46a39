//! A verdict of "none" as a file, and a small checker that does not trust the search.
//!
//! A search that finds nothing has no witness to show: a reader of its verdict has to trust the search. Its caches, its
//! threads, its keys and its order may all be wrong. A *certificate* is evidence for such a verdict: a set of states
//! that
//!
//! - contains the initial state,
//! - is closed: each step out of a state of the set leads into the set, and
//! - shows nothing that the verdict says is never shown.
//!
//! If these three things hold, the verdict is right, wherever the set came from. The checker ([`Certificate::verify`])
//! takes each step of each state once, by the machine's own transition function, and looks up where it leads in a
//! sorted list. It uses nothing else of the explorer: no memory of steps, no keys, no threads.
//!
//! The set may be one of saturated states ([`explore::Monotone`]). Then "leads to" means: to the saturated state above it. It may
//! also have one state for all that differ only in the names of interchangeable CPUs ([`explore::Symmetric`]). Then the
//! checker looks up a state under its other names too.
//!
//! What remains to be trusted is the machine (its rules, and that its promises of monotonicity and symmetry hold) and
//! the few hundred lines of this crate. docs/proof.md says why the promises hold.
#![forbid(unsafe_code)]

mod bytes;
mod claim;
mod read;
mod refusal;
mod verify;
mod write;

pub use claim::Claim;
pub use read::Certificate;
pub use refusal::CertificateRefusal;
pub use verify::{Flaw, Verified};
pub use write::write;
