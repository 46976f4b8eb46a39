//! `tlbscope link`: an exact moment as a text after `#`.

use crate::schedule::Which;
use crate::setting::Setting;
use crate::stop::{Status, Stop, tell};
use crate::subject::Subject;
use clap::Args;
use link::View;
use std::io::Write;

/// Print a link to an exact moment. Append it to the address of the page.
#[derive(Args, Debug)]
pub struct Share {
    /// The scenario: a file, the name of a built-in one, or a link.
    #[arg(value_name = "PATH")]
    path: String,
    #[command(flatten)]
    setting: Setting,
    #[command(flatten)]
    which: Which,
    /// The most steps to record.
    #[arg(long, value_name = "N")]
    steps: Option<usize>,
    /// The moment to show, in steps from the beginning. [default: the end]
    #[arg(long, value_name = "N")]
    at: Option<usize>,
}

impl Share {
    pub fn run(&self, out: &mut impl Write) -> Result<Status, Stop> {
        let mut subject = Subject::load(&self.path, &self.setting)?;
        let variant = subject.variant(&self.setting)?;
        let run = self.which.run(&subject, &variant, self.steps)?;
        if run.status != Status::Fine {
            tell(format!("{}\n", run.note));
            return Ok(run.status);
        }
        let length = run.trace.len();
        let at = self.at.unwrap_or(length);
        if at > length {
            return Err(Stop::Refused(format!("--at {at} is beyond the end: the run has {length} steps")));
        }
        let link = link::moment(
            &subject.for_link(&variant.experiment),
            &variant.machine,
            &run.trace,
            at,
            View::default(),
        );
        writeln!(out, "#{}", link::encode(&link))?;
        Ok(Status::Fine)
    }
}
