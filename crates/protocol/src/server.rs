//! The server: takes messages, works in slices, answers.

use crate::codec::{decoded, encoded};
use crate::distance::{DistanceQuestion, Known};
use crate::grid::Grid;
use crate::job::Job;
use crate::lost::LostQuestion;
use crate::timed::Timed;
use crate::wire::{chosen, machine};
use crate::{BUILD, FromExplorer, PROTOCOL, Refusal, ToExplorer};

/// The explorer behind its messages. It has one check at a time; distances and what was lost wait while there is a check, the rows of the table
/// of costs wait for all of these, the grid waits for the rows, and the points of a picture wait for everything else. Its owner calls [`Server::run`] as long as it is [`Server::busy`], and hands
/// it messages in between.
#[derive(Default)]
pub struct Server {
    greeted: bool,
    job: Option<Job>,
    /// The distances that were asked for, and those that were computed last.
    question: Option<DistanceQuestion>,
    known: Option<Known>,
    /// The run about which it was asked from where on it was lost.
    lost: Option<LostQuestion>,
    /// The grid asked for last. It stays when it is done, for what it has settled.
    grid: Option<Grid>,
    /// Timed runs: rows of a table, and points of a picture.
    timed: [Option<Timed>; 2],
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

    /// Expands up to `budget` states. Of a check, that gives one message of progress, perhaps after what shows, or its report; of
    /// distances, a grid or timed runs, an answer, what is known of a variant or of a run, or nothing yet. Nothing if there is
    /// nothing to do.
    pub fn run(&mut self, budget: u32) -> Vec<Vec<u8>> {
        let Some(job) = &mut self.job else {
            if let Some(question) = self.question.take() {
                return match question.run(budget, &mut self.known) {
                    Ok(answer) => vec![encoded(&answer)],
                    Err(question) => {
                        self.question = Some(question);
                        Vec::new()
                    }
                };
            }
            if let Some(question) = &mut self.lost {
                let answer = question.run(budget);
                if answer.is_some() {
                    self.lost = None;
                }
                return answer.iter().map(encoded).collect();
            }
            let [rows, points] = &mut self.timed;
            // A reader has asked for the table.
            if let Some(rows) = at_work(rows) {
                return rows.run(budget).iter().map(encoded).collect();
            }
            if let Some(grid) = self.grid.as_mut().filter(|grid| grid.busy()) {
                return grid.run(budget).iter().map(encoded).collect();
            }
            return at_work(points).and_then(|points| points.run(budget)).iter().map(encoded).collect();
        };
        let replies = job.run(budget);
        if matches!(replies[..], [FromExplorer::Done { .. }]) {
            self.job = None;
        }
        replies.iter().map(encoded).collect()
    }

    /// Whether there is something to do.
    #[must_use]
    pub fn busy(&self) -> bool {
        self.job.is_some()
            || self.question.is_some()
            || self.lost.is_some()
            || self.grid.as_ref().is_some_and(Grid::busy)
            || self.timed.iter().flatten().any(Timed::busy)
    }

    fn take(&mut self, message: ToExplorer) -> Vec<FromExplorer> {
        match message {
            ToExplorer::Hello { protocol, build } => vec![self.greet(protocol, build)],
            ToExplorer::Check { job, .. }
            | ToExplorer::Grid { job, .. }
            | ToExplorer::Distances { job, .. }
            | ToExplorer::Lost { job, .. }
            | ToExplorer::Timed { job, .. }
                if !self.greeted =>
            {
                vec![FromExplorer::Refused { job: Some(job), reason: Refusal::NotGreeted }]
            }
            ToExplorer::Check { job, texts, selection, limits } => {
                let mut replies = self.cancel();
                replies.extend(self.lost.take().map(|lost| cancelled(lost.number)));
                match texts.experiment().and_then(|there| machine(&there, selection)) {
                    Ok(machine) => self.job = Some(Job::new(job, machine, limits)),
                    Err(reason) => replies.push(FromExplorer::Refused { job: Some(job), reason }),
                }
                replies
            }
            ToExplorer::Grid { job, texts, variants, limits } => {
                let mut replies = self.cancel_grid();
                let before = self.grid.take();
                let grid =
                    texts.experiment().and_then(|texts| Grid::new(job, texts, variants, limits, before));
                match grid {
                    Ok(grid) => self.grid = Some(grid),
                    Err(reason) => replies.push(FromExplorer::Refused { job: Some(job), reason }),
                }
                replies
            }
            ToExplorer::Distances { job, texts, selection, property, schedule, limits } => {
                let question =
                    texts.experiment().and_then(|there| machine(&there, selection)).and_then(|machine| {
                        DistanceQuestion::new(job, machine, property, schedule, limits, self.known.as_ref())
                    });
                match question {
                    Ok(question) => self.question = Some(question),
                    Err(reason) => return vec![FromExplorer::Refused { job: Some(job), reason }],
                }
                Vec::new()
            }
            ToExplorer::Lost { job, texts, selection, property, schedule, limits } => {
                let asked = texts
                    .experiment()
                    .and_then(|there| machine(&there, selection))
                    .and_then(|machine| LostQuestion::new(job, machine, property, schedule, limits));
                self.ask(job, asked)
            }
            ToExplorer::Timed { job, curve, texts, selection, costs, runs, steps, states } => {
                let place = usize::from(curve);
                let before = self.timed[place].take();
                let mut replies: Vec<FromExplorer> = before.iter().filter_map(Timed::cancelled).collect();
                let timed = texts
                    .experiment()
                    .and_then(|texts| chosen(&texts, selection))
                    .and_then(|texts| Timed::new(job, texts, &costs, runs, (steps, states), before));
                match timed {
                    Ok(timed) => self.timed[place] = Some(timed),
                    Err(reason) => replies.push(FromExplorer::Refused { job: Some(job), reason }),
                }
                replies
            }
            ToExplorer::Cancel { job } if self.timed.iter().flatten().any(|timed| timed.number == job) => {
                let timed = self.timed.iter_mut().flatten().filter(|timed| timed.number == job);
                timed.filter_map(Timed::stop).collect()
            }
            ToExplorer::Cancel { job } if self.grid.as_ref().is_some_and(|grid| grid.number == job) => {
                self.cancel_grid()
            }
            // A cancel that comes too late has nothing to cancel.
            ToExplorer::Cancel { job } if self.job.as_ref().is_none_or(|there| there.number != job) => {
                Vec::new()
            }
            ToExplorer::Cancel { .. } => self.cancel(),
        }
    }

    fn ask(&mut self, job: u32, asked: Result<LostQuestion, Refusal>) -> Vec<FromExplorer> {
        self.lost = None;
        match asked {
            Ok(asked) => self.lost = Some(asked),
            Err(reason) => return vec![FromExplorer::Refused { job: Some(job), reason }],
        }
        Vec::new()
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
        self.job.take().map(|job| cancelled(job.number)).into_iter().collect()
    }

    fn cancel_grid(&mut self) -> Vec<FromExplorer> {
        let Some(grid) = self.grid.as_mut().filter(|grid| grid.busy()) else { return Vec::new() };
        grid.stop();
        vec![cancelled(grid.number)]
    }
}

/// Timed runs that have something to do.
fn at_work(timed: &mut Option<Timed>) -> Option<&mut Timed> {
    timed.as_mut().filter(|timed| timed.busy())
}

fn cancelled(job: u32) -> FromExplorer {
    FromExplorer::Refused { job: Some(job), reason: Refusal::Cancelled }
}
