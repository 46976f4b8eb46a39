//! `tlbscope link`: an exact moment as a text after `#`.

use crate::recorded::MomentArguments;
use crate::stop::{Status, Stop};
use clap::Args;
use std::io::Write;

/// Print a link to an exact moment. Append it to the address of the page.
#[derive(Args, Debug)]
pub struct LinkCommand {
    #[command(flatten)]
    moment: MomentArguments,
}

impl LinkCommand {
    pub fn run(&self, out: &mut impl Write) -> Result<Status, Stop> {
        let recorded = self.moment.record()?;
        if recorded.run.status == Status::Fine {
            writeln!(out, "#{}", recorded.link)?;
        }
        Ok(recorded.run.status)
    }
}
