//! `tlbscope`: the command line. It says what the page says, from the same functions.
//!
//! Each command is a file in `commands`. The commands share three modules. A [`subject`] is a scenario with the
//! kernels that it may use, from files, the built-in library or a link. [`diagnostics`] shows the errors in a text.
//! A [`stop`] is the reason why a command could not do its work. Results go to standard output, everything else to
//! standard error.
//!
//! Exit statuses: 0 everything is as expected, 1 something is not, 2 the input has errors, 3 a search stopped
//! before it could tell, 4 a process was lost (`team`, which is compiled with the feature `processes` only).
#![forbid(unsafe_code)]

mod article;
mod commands;
mod diagnostics;
mod files;
mod kernels;
mod ledger;
mod lost;
mod lsp;
mod number;
mod recorded;
mod report;
mod schedule;
mod setting;
mod shards;
mod shell;
mod stop;
mod subject;
#[cfg(feature = "processes")]
mod team;
mod timing;
mod watch;

use clap::Parser;
use std::io::{self, BufWriter, Write};
use std::process::ExitCode;

fn main() -> ExitCode {
    let command = commands::Cli::parse().command;
    let mut out = BufWriter::new(io::stdout().lock());
    let status = command.run(&mut out).and_then(|status| {
        out.flush()?;
        Ok(status)
    });
    match status {
        Ok(status) => ExitCode::from(status as u8),
        Err(stop) => stop.report(),
    }
}
