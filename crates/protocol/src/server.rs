//! Takes messages, works in slices, answers.

use crate::codec::{decoded, encoded};
use crate::job::{Job, Request};
use crate::{BUILD, FromExplorer, PROTOCOL, Refusal, ToExplorer};

/// The explorer behind its messages. It has one job at a time; whoever owns it calls [`Server::run`] as long as
/// it is [`Server::busy`], and hands it messages in between.
#[derive(Default)]
pub struct Server {
    greeted: bool,
    job: Option<Job>,
}

impl Server {
    /// Takes a message; the answers to it, as bytes. Whatever the bytes are, there is no panic.
    pub fn handle(&mut self, bytes: &[u8]) -> Vec<Vec<u8>> {
        let replies = match decoded(bytes) {
            Ok(message) => self.take(message),
            Err(reason) => vec![FromExplorer::Refused { job: None, reason }],
        };
        replies.iter().map(encoded).collect()
    }

    /// Expands up to `budget` states of the job there is: one message of progress, or its report. Nothing if
    /// there is no job.
    pub fn run(&mut self, budget: u32) -> Vec<Vec<u8>> {
        let Some(job) = &mut self.job else { return Vec::new() };
        let reply = job.run(budget);
        if matches!(reply, FromExplorer::Done { .. }) {
            self.job = None;
        }
        vec![encoded(&reply)]
    }

    /// Whether there is a job to run.
    #[must_use]
    pub fn busy(&self) -> bool {
        self.job.is_some()
    }

    fn take(&mut self, message: ToExplorer) -> Vec<FromExplorer> {
        match message {
            ToExplorer::Hello { protocol, build } => vec![self.greet(protocol, build)],
            ToExplorer::Check { job, .. } if !self.greeted => {
                vec![FromExplorer::Refused { job: Some(job), reason: Refusal::NotGreeted }]
            }
            ToExplorer::Check { job, scenario, kernels, case, options, limits } => {
                let mut replies = self.cancel();
                match Job::new(job, Request { scenario, kernels, case, options, limits }) {
                    Ok(job) => self.job = Some(job),
                    Err(reason) => replies.push(FromExplorer::Refused { job: Some(job), reason }),
                }
                replies
            }
            // A cancel that comes too late has nothing to cancel.
            ToExplorer::Cancel { job } if self.job.as_ref().is_none_or(|there| there.number != job) => {
                Vec::new()
            }
            ToExplorer::Cancel { .. } => self.cancel(),
        }
    }

    fn greet(&mut self, protocol: u16, build: String) -> FromExplorer {
        let reason = if protocol != PROTOCOL {
            Refusal::OtherProtocol { ours: PROTOCOL, theirs: protocol }
        } else if build != BUILD {
            Refusal::OtherBuild { ours: BUILD.to_owned(), theirs: build }
        } else {
            self.greeted = true;
            return FromExplorer::Ready { build };
        };
        FromExplorer::Refused { job: None, reason }
    }

    fn cancel(&mut self) -> Vec<FromExplorer> {
        let cancelled =
            |job: Job| FromExplorer::Refused { job: Some(job.number), reason: Refusal::Cancelled };
        self.job.take().map(cancelled).into_iter().collect()
    }
}
