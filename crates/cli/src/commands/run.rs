//! `tlbscope run`: a run, step by step.

use crate::schedule::Which;
use crate::setting::Setting;
use crate::stop::{Status, Stop};
use crate::subject::Subject;
use clap::Args;
use scene::Sources;
use std::io::Write;

/// Print a run step by step.
///
/// Without --seed, --witness or --schedule it is the run of the link, or that of seed 0.
///
/// Exit status: 0 all is as asked for, 1 the run can't be reproduced or the property never shows, 2 a text is no
/// good, 3 the search stopped at its bound.
#[derive(Args, Debug)]
pub struct Run {
    /// The scenario: a file, the name of a built-in one, or a link.
    #[arg(value_name = "PATH")]
    path: String,
    #[command(flatten)]
    setting: Setting,
    #[command(flatten)]
    which: Which,
    /// Most steps to print.
    #[arg(long, value_name = "N")]
    steps: Option<usize>,
}

impl Run {
    pub fn run(&self, out: &mut impl Write) -> Result<Status, Stop> {
        let mut subject = Subject::load(&self.path, &self.setting)?;
        let variant = subject.variant(&self.setting)?;
        let run = self.which.run(&subject, &variant, self.steps)?;
        let kernel = subject.kernel(variant.case).map_or("", |found| found.text);
        let sources = Sources { scenario: &subject.text, kernel };
        write!(out, "{}", scene::text(&variant.machine, &run.trace, sources))?;
        writeln!(out, "{}", run.note)?;
        Ok(run.status)
    }
}
