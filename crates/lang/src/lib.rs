//! The TLBscope language: text to program.
#![forbid(unsafe_code)]
pub mod program;
pub mod source;
