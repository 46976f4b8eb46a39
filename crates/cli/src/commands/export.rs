//! `tlbscope export`: a scenario for other tools.

use crate::setting::Setting;
use crate::stop::{Status, Stop};
use crate::subject::Subject;
use clap::Args;
use std::io::Write;

/// Print a scenario in the form that another tool needs.
#[derive(Args, Debug)]
pub struct Export {
    /// The scenario: a file, the name of a built-in one, or a link.
    #[arg(value_name = "PATH")]
    path: String,
    #[command(flatten)]
    setting: Setting,
    #[command(flatten)]
    form: Form,
    /// Room for this many more entries in caches, queues and lists than the states near the initial state need.
    #[arg(long, value_name = "N", default_value_t = 0)]
    room: u16,
}

/// For which tool.
#[derive(Args, Debug)]
#[group(required = true, multiple = false)]
struct Form {
    /// A Promela model for Spin, with the same states and steps; its first lines say how to run it.
    #[arg(long)]
    promela: bool,
    /// A litmus test for litmus7 and herd (X86_64): of a scenario that ends in exists, ~exists or forall, and in which no
    /// translation matters.
    #[arg(long)]
    litmus: bool,
}

impl Export {
    pub fn run(&self, out: &mut impl Write) -> Result<Status, Stop> {
        let mut subject = Subject::load(&self.path, &self.setting)?;
        let variant = subject.variant(&self.setting)?;
        if self.form.promela {
            let refused = promela::refused(&variant.machine);
            if !refused.is_empty() {
                let one = |found: &promela::Refused| {
                    format!("\n  {}, and {}; instead: {}", found.what, found.why, found.mend)
                };
                let all: String = refused.iter().map(one).collect();
                return Err(Stop::Refused(format!("{} can't be exported:{all}", subject.path)));
            }
            out.write_all(promela::export(&variant.machine, self.room).as_bytes())?;
        }
        if self.form.litmus {
            let test = litmus::export(&variant.machine);
            let refused =
                |why| Stop::Refused(format!("{}: no litmus test can be made of it: {why}", self.path));
            out.write_all(test.map_err(refused)?.as_bytes())?;
        }
        Ok(Status::Fine)
    }
}
