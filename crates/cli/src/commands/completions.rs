//! `tlbscope completions`: what a shell needs to complete commands and options.

use crate::stop::{Status, Stop};
use clap::{Args, Command};
use clap_complete::Shell;
use std::io::Write;

/// Print completions for a shell. In bash: source <(tlbscope completions bash)
#[derive(Args, Debug)]
pub struct CompletionsCommand {
    /// The shell.
    #[arg(value_name = "SHELL", value_enum)]
    shell: Shell,
}

impl CompletionsCommand {
    /// `whole` is the command line that is completed.
    pub fn run(&self, mut whole: Command, out: &mut impl Write) -> Result<Status, Stop> {
        // It would end the process if the output can't be written.
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut whole, "tlbscope", &mut script);
        out.write_all(&script)?;
        Ok(Status::Fine)
    }
}
