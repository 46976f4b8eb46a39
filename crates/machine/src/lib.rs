//! x86 and a program put together: the only `System` there is.
//!
//! A [`Machine`] is configuration: a compiled program, a memory map, control bits. A [`State`] is everything that
//! changes. [`Action`]s are all the choices; [`Event`]s are what a step reports. The same `step` serves the player,
//! the explorer, replay of links, the command line and the tests.
//!
//! One step is one access that another CPU can observe, or one micro-event of the hardware. Operations that only
//! the running CPU can see happen in the step before them.
//!
//! The way through: `state` has the values, and `config` what does not change; `layout` makes a machine of a program, and
//! `setup` runs its first blocks. `enabled` lists the actions of a state, and `step` carries one out. `operation` does what
//! the program says, with a helper for each kind (`user`, `flush`, `interrupt`, `guest`, ...). `parts`, `needs`, `commuting`,
//! `symmetry` and `monotone` tell a search what it need not try twice. `local` tells readers of steps that one CPU alone can see,
//! and `trail` of the way of software within a step. `check` runs a search and gives the verdict.
#![forbid(unsafe_code)]
#![warn(
    clippy::cast_lossless,
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss
)]

mod access;
mod action;
mod asked;
mod beyond;
mod check;
mod claim;
mod commuting;
mod config;
mod enabled;
mod event;
mod exception;
mod fault;
mod finale;
mod flush;
mod frames;
mod futures;
mod guest;
mod hang;
mod headline;
mod idle_claims;
mod interrupt;
mod invariant;
mod iommu;
mod kinds;
mod layout;
mod limits;
mod local;
mod mode;
mod monotone;
mod needs;
mod number;
mod occasion;
mod only_fault;
mod operation;
mod origin;
mod pack;
mod parts;
mod place;
mod property;
mod rar;
mod refusal;
mod setup;
mod shared;
mod side;
mod space;
mod standstill;
mod state;
mod step;
mod symmetry;
mod thread;
mod trail;
mod unreached;
mod user;
mod vmcs;
mod walks;

pub use action::{Action, From};
pub use asked::Asked;
pub use check::{Check, Early, Finding, Needs, Outlook, Phase, Verdict};
pub use config::{MAX_FRAMES, Machine};
pub use enabled::Blocked;
pub use event::{Aftermath, Bug, Event, ExitReason, Held, How, Invalidation, VmFault, What};
pub use finale::Finals;
pub use guest::LAST_VPID;
pub use headline::{GRAVITY, headline};
pub use iommu::LAST_PASID;
pub use limits::{BEYOND, LIMIT, MOST_COPIES, MOST_WAITING};
pub use occasion::Occasion;
pub use origin::several as several_spaces;
pub use property::{
    CORRUPTION, LABELLED, Property, VIOLATION, by_name, every_property, members, name_of, named, numbered,
    of_check,
};
pub use refusal::MachineRefusal;
pub use shared::{run_check, run_forced, run_survey};
pub use standstill::{Standing, Standstill};
pub use state::{
    AddressSpace, Context, CpuState, Exception, Intruder, Ipi, Loc, RcuFrame, Running, Sent, State, Task,
};
pub use symmetry::Renaming;
pub use trail::{ContextId, TrailPart};
pub use vmcs::{GuestFrame, Vmcs};

/// The version of the model, which links carry: raised whenever a schedule may lead to another state than before.
pub const MODEL: u16 = 7;
