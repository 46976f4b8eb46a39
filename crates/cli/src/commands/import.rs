//! `tlbscope import`: another tool's text as a scenario.

use crate::stop::{Status, Stop};
use crate::subject::imported;
use clap::Args;
use std::io::Write;

/// Print a litmus test, in herd's format for X86 or X86_64, as a scenario. docs/litmus.md says what can be read.
#[derive(Args, Debug)]
pub struct ImportCommand {
    /// The test: a file, or - for standard input.
    #[arg(value_name = "FILE")]
    path: String,
}

impl ImportCommand {
    pub fn run(&self, out: &mut impl Write) -> Result<Status, Stop> {
        out.write_all(imported(&self.path)?.as_bytes())?;
        Ok(Status::Fine)
    }
}
