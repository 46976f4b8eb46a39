//! What kernels cost on a workload: what the reader has chosen, what was asked of the explorer, and what it has counted.
//!
//! Nothing is asked until the reader opens the table. Then each kernel of the library runs on the workload, and the picture
//! follows: where two kernels cost the same. What was counted is kept by workload, kernels and costs.

mod act;
mod asked;
mod awaited;
mod basis;
pub mod clock;
mod contest;
mod found;
mod linked;
mod over;
mod overview;
mod questions;
mod rebased;
mod rows;
mod standing;

pub use act::TimedAct;
pub use found::Found;
pub(crate) use overview::number_name;

use crate::model::jobs::Jobs;
use crate::model::session::Session;
use asked::LastAsked;
use basis::Basis;
use cost::Over;
use experiment::{Experiment, Kernels};
use found::Runs;
use lang::costs::Costs;
use lang::diagnostic::Diagnostic;
use lang::source::SourceId;
use lang::workload::Workload;

use std::rc::Rc;
use std::sync::Arc;

/// The table of costs, among the texts of the page: behind scenario and kernel.
pub const COSTS: SourceId = SourceId(2);

/// What is shown at first: the question of the thread.
const WORKLOAD: &str = "idle+munmap";
const PRESET: &str = "server";

/// Stands for a scenario of the reader's among the workloads. No text of the library has such a slug.
pub const OWN: &str = "*";

/// Stands for the overview of every workload among the workloads.
pub const ALL: &str = "**";
pub(crate) const CONTEST: [&str; 2] = ["init_mm switch", "linux-4.13"];

/// At most this many kernels are compared.
pub const MOST_COMPARED: usize = 5;

/// Each number of the table and each point of the picture comes from this many runs, which differ in their seed. Both
/// come from the same runs, so that they say the same.
pub const SEEDS: u8 = 2;

/// Steps of a run; states of a search for a verdict.
pub const STEPS: u32 = 40_000;
const STATES: u32 = 1_000_000;

/// As many tables are kept besides the one that is shown.
const KEPT: usize = 16;

/// What belongs to each workload of the overview, by slug.
type Workloads = Vec<(String, Rc<Basis>)>;

/// All that is known of costs.
#[derive(Clone, Debug)]
pub struct Timed {
    open: bool,
    /// The table is the overview: the base of each workload that is offered, by slug.
    all: Option<Rc<Workloads>>,
    /// What the overview shows: the place of a column of the table of a workload.
    number: usize,
    /// The place in the table from which something was put on the stage last: the kernel, and the column as `sorted` counts it.
    came: Option<(String, usize)>,
    halted: bool,
    workload: String,
    /// The last scenario on the stage that has a workload and is not from here: with its choices, on whatever kernel.
    own: Option<Experiment>,
    preset: String,
    /// The table as it stands in the editor.
    text: Arc<str>,
    /// What is wrong with it.
    diagnostics: Rc<Vec<Diagnostic>>,
    /// The last one that could be read.
    costs: Option<Rc<Costs>>,
    changes: Vec<(String, u64)>,
    contest: Vec<String>,
    over: String,
    /// Kernels that the reader has edited.
    kernels: Kernels,
    base: Rc<Basis>,
    /// What kernels may be compared over, with the values that workload and costs say.
    said: Rc<Vec<(Over, u64)>>,
    /// What the workload says.
    load: Rc<Workload>,
    /// How many CPUs the scenario itself has.
    cpus: u8,
    found: Runs,
    /// The rows that the table showed before the last change: they stay until there are others.
    before: Rc<Vec<(String, Found)>>,
    kept: Rc<Vec<(Rc<Basis>, Runs)>>,
    /// The rows of the table, and the points of the picture.
    asked: [LastAsked; 2],
}

impl Default for Timed {
    fn default() -> Timed {
        Timed {
            open: false,
            all: None,
            number: 0,
            came: None,
            halted: false,
            workload: WORKLOAD.to_owned(),
            own: None,
            preset: PRESET.to_owned(),
            text: "".into(),
            diagnostics: Rc::default(),
            costs: None,
            changes: Vec::new(),
            contest: CONTEST.map(str::to_owned).into(),
            over: String::new(),
            kernels: Kernels::default(),
            base: Rc::default(),
            said: Rc::default(),
            load: Rc::default(),
            cpus: 2,
            found: Runs::default(),
            before: Rc::default(),
            kept: Rc::default(),
            asked: Default::default(),
        }
    }
}

fn costs_text(slug: &str) -> Arc<str> {
    gallery::costs().find(|text| text.slug == slug).map_or("", |text| text.text).into()
}

impl Timed {
    /// Whether the reader has opened the table.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.open
    }

    /// Whether the reader has stopped the runs.
    #[must_use]
    pub fn halted(&self) -> bool {
        self.halted
    }

    /// The workload, by slug.
    #[must_use]
    pub fn workload(&self) -> &str {
        &self.workload
    }

    /// A scenario of the reader's that has a workload, by its name.
    #[must_use]
    pub fn own(&self) -> Option<String> {
        lang::scenario_name(&self.own.as_ref()?.scenario)
    }

    /// What the reader has chosen in the workload, in words: in a scenario of one's own, as it is on the stage.
    #[must_use]
    pub fn choices(&self) -> Vec<String> {
        let Some(own) = self.own.as_ref().filter(|_| self.workload == OWN && !self.all()) else {
            return Vec::new();
        };
        let options = own.selection.options.iter();
        let options = options.map(|(name, choice)| format!("{} {choice}", name.replace('_', " ")));
        own.case().into_iter().chain(options).collect()
    }

    /// The text of the workload.
    #[must_use]
    pub fn workload_text(&self) -> &str {
        match &self.own {
            Some(own) if self.workload == OWN => &own.scenario,
            _ => gallery::workload(&self.workload).map_or("", |text| text.text),
        }
    }

    /// The table of costs of the library that is used, or from which the one in use was made.
    #[must_use]
    pub fn preset(&self) -> &str {
        &self.preset
    }

    /// The text of the table of costs.
    #[must_use]
    pub fn text(&self) -> &Arc<str> {
        &self.text
    }

    /// What is wrong with it.
    #[must_use]
    pub fn diagnostics(&self) -> &Rc<Vec<Diagnostic>> {
        &self.diagnostics
    }

    /// The library's text that it was made from.
    #[must_use]
    pub fn preset_text(&self) -> Arc<str> {
        costs_text(&self.preset)
    }

    /// What the editor shows of the costs, once the reader has opened them: the name of the library's table, and the text.
    #[must_use]
    pub fn sheet(&self) -> Option<(&str, &Arc<str>)> {
        self.open.then_some((&*self.preset, &self.text))
    }

    /// Whether it differs from the library's.
    #[must_use]
    pub fn is_edited(&self) -> bool {
        !self.text.is_empty() && *self.text != *costs_text(&self.preset)
    }

    /// The table of costs, with what was changed in it; nothing before the table is opened.
    #[must_use]
    pub fn costs(&self) -> Option<Costs> {
        let mut costs = self.costs.as_ref()?.as_ref().clone();
        for (what, value) in &self.changes {
            if let Ok(Over::Figure(figure)) = Over::named(what) {
                costs = costs.having(figure, *value);
            }
        }
        Some(costs)
    }

    /// What has another value than workload and costs say.
    #[must_use]
    pub fn changes(&self) -> &[(String, u64)] {
        &self.changes
    }

    /// The kernels that are compared, each with the first one: two or more.
    #[must_use]
    pub fn contest(&self) -> &[String] {
        &self.contest
    }

    /// The same with everything asked for that the table and the picture need and nobody has asked for.
    #[must_use]
    pub fn wanting(&self, session: &Session, jobs: &mut Jobs) -> Timed {
        if !self.open {
            return self.clone();
        }
        let mut timed = self.clone();
        let first = timed.base.texts.scenario.is_empty();
        timed.look_at(&session.experiment);
        // Whoever has a workload on the stage opens the table for that.
        if first && timed.own.is_some() && timed.workload == WORKLOAD {
            OWN.clone_into(&mut timed.workload);
        }
        if !timed.complete() {
            return timed;
        }
        // A kernel that was put on the stage from the table is none of the reader's.
        let own = session.experiment.kernels.iter().filter(|(name, _)| !cost::is_added(name));
        let own: Kernels = own.map(|(name, text)| (name, text.clone())).collect();
        if timed.kernels != own || timed.base.texts.scenario.is_empty() {
            timed.kernels = own;
            timed.rebase();
        }
        if timed.halted {
            return timed;
        }
        timed.replace_idle();
        let (mut rows, mut later) = (Vec::new(), (timed.base.clone(), 0, Vec::new()));
        match &timed.all {
            None => {
                rows = timed.missing(&timed.base, STATES);
                later.2 = timed.curve_wanted();
            }
            // All workloads are counted before the first verdict.
            Some(all) => {
                let passes =
                    [0, STATES].into_iter().flat_map(|states| all.iter().map(move |(_, of)| (of, states)));
                for (of, states) in passes {
                    let runs = timed.missing(of, states);
                    if !runs.is_empty() {
                        later = (of.clone(), states, runs);
                        break;
                    }
                }
            }
        }
        timed.ask(0, (timed.base.clone(), STATES, rows), jobs);
        timed.ask(1, later, jobs);
        timed
    }
}
