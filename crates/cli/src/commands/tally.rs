//! What a check has counted, and its last line.

use crate::diagnostics::Printed;
use crate::report;
use crate::stop::{Status, Stop};
use machine::Verdict;
use std::io::{self, Write};

/// Counts for the summary.
#[derive(Default)]
pub struct Tally {
    pub scenarios: u32,
    pub kernels: u32,
    pub cases: u32,
    pub met: u32,
    pub failed: u32,
    pub open: u32,
    /// Texts so far, and which of them have errors, counted from 1. All parts of a check count alike
    /// ([`Check::shard`](super::check::CheckCommand::shard)).
    pub texts: u32,
    pub bad: Vec<u32>,
    pub told: Printed,
    /// Variants met so far, those of other parts included ([`Check::shard`](super::check::CheckCommand::shard)).
    pub met_so_far: usize,
    /// The processes that share the searches, if there are several.
    #[cfg(feature = "processes")]
    pub team: Option<crate::team::Processes>,
}

impl Tally {
    pub fn count(&mut self, verdict: Verdict) {
        match verdict {
            Verdict::Met => self.met += 1,
            Verdict::Failed => self.failed += 1,
            Verdict::Open => self.open += 1,
        }
    }

    /// How many texts have errors.
    fn refused(&self) -> u32 {
        self.bad.len() as u32
    }

    /// One text has errors; the others may not.
    pub fn refuse(&mut self, stop: Stop) -> Result<(), Stop> {
        stop.tell()?;
        self.texts += 1;
        self.bad.push(self.texts);
        Ok(())
    }

    pub fn status(&self) -> Status {
        let if_any = |count: u32, status: Status| if count > 0 { status } else { Status::Fine };
        if_any(self.refused(), Status::BadInput)
            .and(if_any(self.failed, Status::Failed))
            .and(if_any(self.open, Status::Open))
    }

    pub fn summary(&self, shard: (usize, usize)) -> report::Summary {
        let Tally { scenarios, kernels, cases: variants, met, failed, open, .. } = *self;
        let (refused, refused_texts) = (self.refused(), self.bad.clone());
        let shard = (shard.1 > 1).then(|| format!("{}/{}", shard.0, shard.1));
        report::Summary { scenarios, variants, kernels, met, failed, open, refused, refused_texts, shard }
    }

    pub fn print(&self, out: &mut impl Write) -> io::Result<()> {
        let of = |count: u32, noun: &str| match count {
            1 => format!("1 {noun}"),
            count => format!("{count} {noun}s"),
        };
        let Tally { scenarios, kernels, cases, met, failed, open, .. } = self;
        let mut checked = Vec::new();
        if *cases == 0 && !self.bad.is_empty() {
            let texts = [(*scenarios, "scenario"), (*kernels, "kernel")];
            let texts =
                texts.into_iter().filter(|(count, _)| *count > 0).map(|(count, noun)| of(count, noun));
            let texts = texts.collect::<Vec<_>>().join(", ");
            let colon = if texts.is_empty() { "" } else { ": " };
            return writeln!(out, "{texts}{colon}{} can't be checked", of(self.refused(), "text"));
        }
        if *scenarios > 0 {
            checked.push(format!("{} in {}", of(*scenarios, "scenario"), of(*cases, "variant")));
        }
        if *kernels > 0 {
            checked.push(of(*kernels, "kernel"));
        }
        if !self.bad.is_empty() {
            checked.push(format!("{} with errors", self.refused()));
        }
        let expectations = of(met + failed + open, "expectation");
        writeln!(out, "{}; {expectations}: {met} met, {failed} failed, {open} open", checked.join(", "))
    }
}
