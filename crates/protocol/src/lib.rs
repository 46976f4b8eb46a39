//! What the page and its worker say to each other, and the [`Server`] that answers.
//!
//! The page asks for a check of a scenario. The server compiles the scenario, searches in slices, reports its
//! progress, and answers with observations and witnesses. While a large search goes on, the server already tells what has
//! shown. Only choices cross: texts and options one way, schedules the other way. The receiver of a schedule computes the states again, with the same code. [`BUILD`] makes sure
//! that the code is the same, and a `Hello` from another build is refused.
//!
//! Messages are bytes: postcard of the enums in `message.rs`. Decoding gives a result, never a panic. Nothing
//! here knows of wasm, workers or threads: a page without a worker runs the server itself, and so do the tests.
//!
//! ```
//! use protocol::{FromExplorer, Server, ToExplorer, from_bytes, to_bytes};
//!
//! let mut server = Server::default();
//! let hello = to_bytes(&ToExplorer::hello());
//! let replies = server.handle(&hello);
//! assert_eq!(from_bytes(&replies[0]), Ok(FromExplorer::Ready { build: protocol::BUILD.into() }));
//! ```
#![forbid(unsafe_code)]

mod codec;
mod distance;
mod grid;
mod job;
mod limits;
mod lost;
mod message;
mod refusal;
mod report;
mod server;
mod timed;
mod wire;

pub use codec::{from_bytes, is_progress, to_bytes};
pub use limits::WireLimits;
pub use message::{
    FromExplorer, ToExplorer, WireCell, WireMoment, WireOutlook, WirePhase, WireRun, WireTimed,
};
pub use refusal::{MessagePart, Refusal};
pub use report::{
    MOST_FINALS, Report, WireBound, WireExpectation, WireFinals, WireFinding, WireNeeds, WireObservation,
    WireVerdict,
};
pub use server::Server;
pub use wire::{WireSelection, WireTexts};

/// The version of the messages.
pub const PROTOCOL: u16 = 16;
/// The name of this build: of all source that decides what a check answers.
pub const BUILD: &str = env!("TLBSCOPE_BUILD");

/// The most bytes a message may have.
pub const MAX_MESSAGE: usize = 8 << 20;
/// The most kernel texts that a message may bring along.
pub const MAX_KERNELS: usize = 64;
/// The most bytes each of its texts may have.
pub const MAX_TEXT: usize = lang::MAX_TEXT;
/// The most options it may choose.
pub const MAX_OPTIONS: usize = 64;
/// The most steps a run may have about which something is asked.
pub const MAX_STEPS: usize = 2_000;
/// The most variants a grid may have.
pub const MAX_VARIANTS: usize = 256;
/// The most timed runs that a message may ask for.
pub const MAX_RUNS: usize = 1_024;
/// The most steps that each of them may have.
pub const MAX_TIMED: u32 = 2_000_000;
/// The most values that may be changed for one of them.
pub const MAX_CHANGES: usize = 16;
