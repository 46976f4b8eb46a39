//! What x86 hardware may do: physical memory, page-table entries, the TLB, paging-structure caches, the page walk,
//! invalidation, the store buffer. Rules are numbered; [`Law`] has their sentences and sources.
//!
//! Nothing here knows of a kernel, a program or a schedule. For what a processor *may* do at some moment, this
//! crate offers a question ([`look`]) and an answer that can be applied ([`Walked::apply`]). The choice is made
//! elsewhere.
#![forbid(unsafe_code)]
#![warn(
    clippy::cast_lossless,
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss
)]

mod addr;
mod broadcast;
mod cpu;
mod entry;
mod form;
mod guest;
mod hazard;
mod invalidate;
mod law;
mod level;
mod memory;
mod nested;
mod pte;
mod resolve;
mod space;
mod store_buffer;
mod walk;

pub use addr::{Pcid, Pfn, VirtAddr};
pub use broadcast::{Asks, Broadcast};
pub use cpu::{Control, Cpu, Cr3};
pub use entry::{Ghost, Provenance, PscEntry, Rights, TlbEntry};
pub use form::{Dimension, leads_on, rights_after};
pub use guest::{Guest, SECOND, gpa};
pub use hazard::{Hazard, Hazards};
pub use invalidate::{Invpcid, Removed};
pub use law::{Built, Confidence, Law};
pub use level::{Level, MemoryType, Vendor};
pub use memory::{Backing, Device, Frame, FrameId, Memory, MemoryMap, MmId, Owner, WordId};
pub use nested::{Invept, Invvpid, TlbControl};
pub use pte::Pte;
pub use resolve::{Refused, resolve};
pub use space::{Space, SpaceKind};
pub use store_buffer::StoreBuffer;
pub use walk::{Circumstances, Fault, TableRef, WalkOutcome, Walked, guest_page, leaf, look, translate};
