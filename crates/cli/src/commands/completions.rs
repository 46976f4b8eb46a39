//! `tlbscope completions`: what a shell needs to complete commands and options.

use crate::commands::Cli;
use crate::stop::{Status, Stop};
use clap::{Args, CommandFactory};
use clap_complete::Shell;
use std::io::Write;

/// Print completions for a shell. In bash: source <(tlbscope completions bash)
#[derive(Args, Debug)]
pub struct Completions {
    /// The shell.
    #[arg(value_name = "SHELL", value_enum)]
    shell: Shell,
}

impl Completions {
    pub fn run(&self, out: &mut impl Write) -> Result<Status, Stop> {
        // It would end the process if the output can't be written.
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut Cli::command(), "tlbscope", &mut script);
        out.write_all(&script)?;
        Ok(Status::Fine)
    }
}
