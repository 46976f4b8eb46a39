//! The messages. Every answer to a check carries the number of its job, so that the page can tell a late answer
//! from the answer that it waits for.

use crate::{BUILD, PROTOCOL, Refusal, Report, WireLimits, WireSelection, WireTexts};
use explore::Progress;
use machine::{Outlook, Phase};
use serde::{Deserialize, Serialize};

/// What the page says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ToExplorer {
    /// The first message.
    Hello {
        /// [`PROTOCOL`] of the page.
        protocol: u16,
        /// [`BUILD`] of the page.
        build: String,
    },
    /// Settle what a scenario expects. A check that is under way is cancelled.
    Check {
        /// The number that answers will carry: any number that the page has not used before.
        job: u32,
        /// The texts.
        texts: WireTexts,
        /// The choices: the case, the kernel and the options.
        selection: WireSelection,
        /// Where to stop.
        limits: WireLimits,
    },
    /// Settle many variants of a scenario, one after the other, whenever no check is under way. Those that are
    /// under way are cancelled.
    Grid {
        /// The number that answers will carry: any number that the page has not used before.
        job: u32,
        /// The texts.
        texts: WireTexts,
        /// The choices of each variant. Answers name a variant by its place in this list.
        variants: Vec<WireSelection>,
        /// Where to stop, for each of them.
        limits: WireLimits,
    },
    /// Compute how far each moment of a run is from a property, and how far after each action there. An earlier question
    /// of this kind without an answer is dropped.
    Distances {
        /// The number that the answer will carry: any number that the page has not used before.
        job: u32,
        /// The texts.
        texts: WireTexts,
        /// The choices: the case, the kernel and the options.
        selection: WireSelection,
        /// The number of the property.
        property: u8,
        /// The codes of the run's actions.
        schedule: Vec<u32>,
        /// Where to stop.
        limits: WireLimits,
    },
    /// Find out from which step of a run on it could no longer be avoided what the run shows. An earlier question of this kind without
    /// an answer is dropped.
    Lost {
        /// The number that the answer will carry: any number that the page has not used before.
        job: u32,
        /// The texts.
        texts: WireTexts,
        /// The choices: the case, the kernel and the options.
        selection: WireSelection,
        /// The number of the property that the run shows.
        property: u8,
        /// The codes of the run's actions.
        schedule: Vec<u32>,
        /// Where to stop.
        limits: WireLimits,
    },
    /// Run kernels on a workload by the clock, one after the other, whenever nothing else is to be done. What is asked for by
    /// another job of the same kind (`curve`) and has not been answered is forgotten.
    Timed {
        /// What answers will be marked with: any number that the page has not used before.
        job: u32,
        /// Whether these are the points of a picture, which come after the rows of a table.
        curve: bool,
        /// The workload, and the kernels that come with it.
        texts: WireTexts,
        /// What is chosen in it. Each run names its kernel.
        selection: WireSelection,
        /// The table of costs, as a text.
        costs: String,
        /// What is to be run. Answers go by the place in this list.
        runs: Vec<WireRun>,
        /// How many steps each run has.
        steps: u32,
        /// The most states of the search for a verdict; 0 for no verdict.
        states: u32,
    },
    /// Stop.
    Cancel {
        /// The job's number.
        job: u32,
    },
}

impl ToExplorer {
    /// The greeting of this build.
    #[must_use]
    pub fn hello() -> ToExplorer {
        ToExplorer::Hello { protocol: PROTOCOL, build: BUILD.to_owned() }
    }
}

/// What the worker says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FromExplorer {
    /// The answer to `Hello`.
    Ready {
        /// [`BUILD`] of the worker.
        build: String,
    },
    /// How far a check has come.
    Progress {
        /// The job's number.
        job: u32,
        /// Distinct states found.
        states: u32,
        /// States not yet expanded.
        frontier: u32,
        /// Transitions computed.
        transitions: u64,
        /// Steps from the beginning to what is being expanded.
        depth: u32,
        /// Memory in use, in bytes.
        bytes: u64,
        /// The search that is under way.
        outlook: WireOutlook,
    },
    /// A large check has found a violation and goes on. It says so once more when it knows more: a graver one, a shortest run,
    /// or that there is no graver one.
    Early {
        /// The job's number.
        job: u32,
        /// The violation, by number.
        property: u8,
        /// Codes of a run that shows it.
        witness: Vec<u32>,
        /// Whether no run that shows it is shorter.
        shortest: bool,
        /// Whether no graver violation is to come.
        settled: bool,
    },
    /// A check is done.
    Done {
        /// The job's number.
        job: u32,
        /// What it found.
        report: Report,
    },
    /// One of the variants of a grid is settled.
    Cell {
        /// The job's number.
        job: u32,
        /// The number of the variant.
        variant: u32,
        /// The verdict on it.
        verdict: WireCell,
        /// It took no search: another variant becomes the very same program.
        shared: bool,
        /// The link to its beginning; nothing if there is no such machine, or if the texts are long.
        link: Option<String>,
    },
    /// Distances are known.
    Distances {
        /// The job's number.
        job: u32,
        /// The moments of the run, that before its first step first.
        moments: Vec<WireMoment>,
    },
    /// It is known from which step of a run on it was lost ([`explore::Lost`]).
    Lost {
        /// The job's number.
        job: u32,
        /// How many steps had been taken then.
        from: u32,
        /// Whether it could be avoided one step before.
        settled: bool,
    },
    /// A timed run has been made.
    Timed {
        /// Which job.
        job: u32,
        /// Which of its runs.
        run: u32,
        /// What was counted, or why there was nothing to run.
        found: Result<WireTimed, Refusal>,
        /// Whether the verdict is to come: the same will be said once more, with it.
        more: bool,
    },
    /// A message or a job is refused.
    Refused {
        /// Which job; nothing if it was no message about one.
        job: Option<u32>,
        /// The reason.
        reason: Refusal,
    },
}

impl FromExplorer {
    /// The number of the job that it is about; nothing if it is about none, or about a message that could not be read.
    #[must_use]
    pub fn job(&self) -> Option<u32> {
        match self {
            FromExplorer::Ready { .. } => None,
            FromExplorer::Refused { job, .. } => *job,
            FromExplorer::Progress { job, .. }
            | FromExplorer::Early { job, .. }
            | FromExplorer::Done { job, .. }
            | FromExplorer::Cell { job, .. }
            | FromExplorer::Distances { job, .. }
            | FromExplorer::Lost { job, .. }
            | FromExplorer::Timed { job, .. } => Some(*job),
        }
    }
}

/// What a check is looking for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum WirePhase {
    /// What shows, in every state.
    #[default]
    Every,
    /// What shows, in saturated states.
    Saturated,
    /// Shortest paths to what is known to show.
    Shortest,
    /// Executions that never show something.
    Without,
}

/// How far a search has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WireOutlook {
    /// What it looks for.
    pub phase: WirePhase,
    /// Distinct states found.
    pub states: u32,
    /// States not yet expanded.
    pub frontier: u32,
    /// Steps from the beginning to what is being expanded.
    pub depth: u32,
    /// How many states there will be in all, estimated.
    pub estimate: Option<u64>,
}

impl From<Outlook> for WireOutlook {
    fn from(outlook: Outlook) -> WireOutlook {
        let Outlook { phase, progress, estimate } = outlook;
        let phase = match phase {
            Phase::Every => WirePhase::Every,
            Phase::Saturated => WirePhase::Saturated,
            Phase::Shortest => WirePhase::Shortest,
            Phase::Without => WirePhase::Without,
        };
        let Progress { states, frontier, depth, .. } = progress;
        WireOutlook { phase, states, frontier, depth, estimate }
    }
}

/// What is known of a variant, in a few words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum WireCell {
    /// A violation is reachable.
    Reachable {
        /// The violation that the headline would name, by number.
        property: u8,
        /// Length of a path to it.
        steps: u32,
        /// Whether it is known to be a shortest one.
        shortest: bool,
    },
    /// No violation is reachable.
    Safe {
        /// In how many states.
        states: u32,
        /// Whether these are saturated states.
        saturated: bool,
    },
    /// None was found before the search stopped.
    Bounded {
        /// In how many states.
        states: u32,
    },
    /// There is no such variant.
    Refused(Refusal),
}

/// A timed run.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct WireRun {
    /// The kernel, by name.
    pub kernel: String,
    /// What has another value than workload and costs say: what, as `c6_exit` or `every 0`, and the value.
    pub changes: Vec<(String, u64)>,
    /// As many seeds, from 1.
    pub seeds: u8,
    /// How many changes of what a CPU is at are told.
    pub strips: u32,
}

/// What a timed run has counted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WireTimed {
    /// The numbers, summed over the seeds ([`cost::Counters::numbers`]).
    pub numbers: Vec<u64>,
    /// The rounds, by CPU, summed over the seeds.
    pub rounds: Vec<u64>,
    /// The load of all seeds together ([`cost::Counters::load`]).
    pub load: u64,
    /// What the explorer says of one round, if it was asked and has an answer.
    pub verdict: Option<WireCell>,
    /// What each CPU was at with the first seed: CPU, number of [`cost::Doing`], and since when in picoseconds.
    pub strips: Vec<(u8, u8, u64)>,
    /// Why a run of it ended before it had taken its steps: a place in [`cost::End::ALL`]; 0 if each run took them.
    pub end: u8,
}

/// A moment of a run, and how far it is from what was asked about.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WireMoment {
    /// The least number of steps to it; nothing if no path leads there.
    pub steps: Option<u32>,
    /// The code of each enabled action, and the least number of steps after it; 0 if the action itself shows the property.
    pub choices: Vec<(u32, Option<u32>)>,
}
