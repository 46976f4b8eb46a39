//! A question to the explorer: whether the explorer still owes an answer, and what happens to the question when the
//! worker dies.

use protocol::{FromExplorer, ToExplorer};

/// A question, and how many answers to it are to come.
#[derive(Clone, Debug)]
pub struct Pending {
    message: ToExplorer,
    left: usize,
    /// States that the explorer has reported for it.
    states: u32,
    /// A worker that should have answered it has died.
    again: bool,
}

impl Pending {
    /// A question just asked.
    #[must_use]
    pub fn new(message: ToExplorer) -> Pending {
        let left = match &message {
            ToExplorer::Check { .. } | ToExplorer::Distances { .. } | ToExplorer::Lost { .. } => 1,
            ToExplorer::Grid { variants, .. } => variants.len(),
            ToExplorer::Timed { runs, .. } => runs.len(),
            ToExplorer::Hello { .. } | ToExplorer::Cancel { .. } => 0,
        };
        Pending { message, left, states: 0, again: false }
    }

    /// The question.
    #[must_use]
    pub fn message(&self) -> &ToExplorer {
        &self.message
    }

    /// Its number.
    #[must_use]
    pub fn job(&self) -> Option<u32> {
        match self.message {
            ToExplorer::Check { job, .. }
            | ToExplorer::Grid { job, .. }
            | ToExplorer::Distances { job, .. }
            | ToExplorer::Lost { job, .. }
            | ToExplorer::Timed { job, .. }
            | ToExplorer::Cancel { job } => Some(job),
            ToExplorer::Hello { .. } => None,
        }
    }

    /// Whether an answer is to come.
    #[must_use]
    pub fn open(&self) -> bool {
        self.left > 0
    }

    /// Takes note of what the explorer said.
    pub fn hear(&mut self, said: &FromExplorer) {
        let mine = |job: &u32| self.job() == Some(*job);
        match said {
            FromExplorer::Progress { job, states, .. } if mine(job) => self.states = *states,
            FromExplorer::Done { job, .. }
            | FromExplorer::Distances { job, .. }
            | FromExplorer::Lost { job, .. }
                if mine(job) =>
            {
                self.left = 0
            }
            FromExplorer::Refused { job: Some(job), .. } if mine(job) => self.left = 0,
            FromExplorer::Cell { job, .. } | FromExplorer::Timed { job, more: false, .. } if mine(job) => {
                self.left = self.left.saturating_sub(1)
            }
            _ => {}
        }
    }

    /// States that the explorer has reported for it.
    #[must_use]
    pub fn states(&self) -> u32 {
        self.states
    }

    /// The worker that was to answer it has died: whether another one shall be asked. Not, if the worker `died_of_it`,
    /// nor if it has happened before.
    pub fn survives(&mut self, died_of_it: bool) -> bool {
        let survives = !died_of_it && !self.again;
        self.again = true;
        if !survives {
            self.left = 0;
        }
        survives
    }
}

#[cfg(test)]
mod tests {
    use super::Pending;
    use protocol::{FromExplorer, Refusal, ToExplorer, WireCell, WireLimits, WireSelection, WireTexts};

    fn grid(variants: usize) -> Pending {
        Pending::new(ToExplorer::Grid {
            job: 7,
            texts: WireTexts::default(),
            variants: vec![WireSelection::default(); variants],
            limits: WireLimits::default(),
        })
    }

    fn cell(job: u32) -> FromExplorer {
        FromExplorer::Cell {
            job,
            variant: 0,
            verdict: WireCell::Safe { states: 1, saturated: false },
            shared: false,
            link: None,
        }
    }

    #[test]
    fn a_question_is_open_until_its_last_answer() {
        let mut asked = grid(2);
        asked.hear(&cell(7));
        asked.hear(&cell(6));
        assert!(asked.open());
        asked.hear(&cell(7));
        assert!(!asked.open());
        let mut asked = grid(2);
        asked.hear(&FromExplorer::Refused { job: Some(7), reason: Refusal::Cancelled });
        assert!(!asked.open());
        assert!(!Pending::new(ToExplorer::Cancel { job: 7 }).open(), "nobody answers that");
    }

    #[test]
    fn what_a_worker_died_of_is_not_asked_again_and_nothing_a_third_time() {
        let mut killer = grid(2);
        assert!(!killer.survives(true));
        assert!(!killer.open());
        let mut waiting = grid(2);
        assert!(waiting.survives(false), "it may have been another question that it died of");
        assert!(waiting.open());
        assert!(!waiting.survives(false));
    }

    #[test]
    fn progress_tells_how_many_states_the_worker_holds_for_a_question() {
        let question = ToExplorer::Check {
            job: 7,
            texts: WireTexts::default(),
            selection: WireSelection::default(),
            limits: WireLimits::default(),
        };
        let mut asked = Pending::new(question);
        let progress = |job| FromExplorer::Progress {
            job,
            states: 1_300_000,
            frontier: 0,
            transitions: 0,
            depth: 0,
            bytes: 0,
            outlook: protocol::WireOutlook::default(),
        };
        asked.hear(&progress(6));
        assert_eq!(asked.states(), 0, "that was about another question");
        asked.hear(&progress(7));
        assert_eq!(asked.states(), 1_300_000);
    }
}
