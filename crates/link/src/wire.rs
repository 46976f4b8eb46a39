//! The pieces from which versions of the format are built: numbers and names as bytes, compressed texts, schedules, and
//! the envelope around a payload.
//!
//! They are frozen. Each released version is made of them, so a change here changes what published links mean. A
//! version that needs a different piece has its own.
//!
//! A *number* is LEB128, seven bits at a time, lowest first. A *name* is its length in bytes and UTF-8. A *text* is its
//! length, the length of its compressed form, and that (`wire/text.rs`). A *schedule* is described in
//! `wire/schedule.rs`.

mod bytes;
pub(crate) mod envelope;
mod payload;
pub(crate) mod schedule;
pub(crate) mod text;

pub(crate) use bytes::{Reader, Writer};
pub(crate) use payload::Payload;
