//! What kernels cost on a workload: what the reader has chosen, what was asked of the explorer, and what it has counted.
//!
//! Nothing is asked until the reader opens the table. Then each kernel of the library runs on the workload, and the picture
//! follows: where two kernels cost the same. What was counted is kept by workload, kernels and costs.

mod awaited;
pub mod clock;
mod contest;
mod linked;
mod overview;
mod standing;

use crate::model::jobs::{Jobs, Purpose};
use crate::model::session::Session;
use cost::Over;
use experiment::{Experiment, Kernels};
use lang::costs::{Costs, Figure};
use lang::diagnostic::Diagnostic;
use lang::source::SourceId;
use lang::workload::Workload;
use protocol::{FromExplorer, Refusal, ToExplorer, WireCell, WireRun, WireTimed};
use std::collections::BTreeMap;
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

/// What a reader can do with costs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TimedAct {
    /// Runs the kernels.
    Open,
    /// Stops them.
    Stop,
    /// Chooses a workload, by slug; or, with [`ALL`], the overview.
    Workload(String),
    /// Chooses a table of costs of the library, by slug.
    Costs(String),
    /// Gives something another value; or, with nothing, all the values that workload and costs say.
    Change(Option<(String, u64)>),
    /// Chooses a kernel for a place among those that are compared; an empty name clears the place.
    Contest(usize, String),
    /// Chooses over what they are compared.
    Over(String),
    /// Puts one round on a kernel, as the clock decides it, on the stage: at the beginning, or where a column of the table counts
    /// something for the first time. In the overview the column says on which workload.
    Stage(String, Option<usize>),
    /// Puts the workload on a kernel on the stage, and the shortest way to its violation as soon as the explorer has found it.
    Witness(String),
    /// Chooses the number that the overview shows: a column of the table of a workload.
    Number(usize),
}

/// What a run has counted, or why there is none.
pub type Found = Rc<Result<WireTimed, Refusal>>;

/// What belongs to a workload with its kernels, and a table of costs.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Base {
    texts: Experiment,
    costs: Arc<str>,
}

impl Default for Base {
    fn default() -> Base {
        Base { texts: Experiment::new(""), costs: "".into() }
    }
}

type Runs = Rc<BTreeMap<WireRun, Found>>;

/// What belongs to each workload of the overview, by slug.
type Workloads = Vec<(String, Rc<Base>)>;

/// What was asked for last.
#[derive(Clone, Debug, Default)]
struct Asked {
    job: Option<u32>,
    stopped: Option<u32>,
    /// What the runs belong to.
    of: Rc<Base>,
    /// States of the searches for verdicts; 0 if nobody wants verdicts.
    states: u32,
    runs: Rc<Vec<WireRun>>,
}

/// All that is known of costs.
#[derive(Clone, Debug)]
pub struct Timed {
    open: bool,
    /// The table is the overview: the base of each workload that is offered, by slug.
    all: Option<Rc<Workloads>>,
    /// What the overview shows: the place of a column of the table of a workload.
    number: usize,
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
    base: Rc<Base>,
    /// What kernels may be compared over, with the values that workload and costs say.
    said: Rc<Vec<(Over, u64)>>,
    /// What the workload says.
    load: Rc<Workload>,
    /// How many CPUs the scenario itself has.
    cpus: u8,
    found: Runs,
    /// The rows that the table showed before the last change: they stay until there are others.
    before: Rc<Vec<(String, Found)>>,
    kept: Rc<Vec<(Rc<Base>, Runs)>>,
    /// The rows of the table, and the points of the picture.
    asked: [Asked; 2],
}

impl Default for Timed {
    fn default() -> Timed {
        Timed {
            open: false,
            all: None,
            number: 0,
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

    /// Over what they are compared.
    #[must_use]
    pub fn over(&self) -> Option<Over> {
        let offered = self.offered();
        let chosen = Over::named(&self.over).ok().filter(|over| offered.iter().any(|one| one.0 == *over));
        chosen.or_else(|| offered.first().map(|one| one.0))
    }

    /// What kernels can be compared over: each with its value now.
    #[must_use]
    pub fn offered(&self) -> Vec<(Over, u64)> {
        let now = |(over, said): &(Over, u64)| {
            let changed = self.changes.iter().find(|change| change.0 == over.name());
            (*over, changed.map_or(*said, |change| change.1))
        };
        self.said.iter().map(now).filter(|one| one.1 > 0).collect()
    }

    /// Over what they are compared, the value now, and from and to which value the picture goes: around what workload and
    /// costs say, so that a change does not move the picture.
    #[must_use]
    pub fn range(&self) -> Option<(Over, u64, (u64, u64))> {
        let over = self.over()?;
        let now = self.offered().into_iter().find(|one| one.0 == over)?.1;
        let said = self.said.iter().find(|one| one.0 == over && one.1 > 0).map_or(now, |one| one.1);
        Some((over, now, cost::around(over, said, self.cpus)))
    }

    /// How many CPUs the scenario itself has: each with a block of its own.
    #[must_use]
    pub fn blocks(&self) -> u8 {
        self.cpus
    }

    /// A value in words: of what it is so many, the workload says.
    #[must_use]
    pub fn told(&self, over: Over, value: u64) -> String {
        over.value(value, &self.noun(over))
    }

    /// What a value is a number of.
    #[must_use]
    pub fn noun(&self, over: Over) -> String {
        over.noun(&self.load)
    }

    /// Every kernel, in the order of the library; those of the reader first.
    fn names(&self) -> Vec<String> {
        let own = self
            .kernels
            .iter()
            .filter(|(name, text)| gallery::kernel(name).is_none() && lang::extended_kernel(text).is_none());
        own.map(|(name, _)| name.to_owned()).chain(cost::kernels().map(str::to_owned)).collect()
    }

    fn row(&self, kernel: &str) -> WireRun {
        WireRun { kernel: kernel.to_owned(), changes: self.changes.clone(), seeds: SEEDS, strips: 0 }
    }

    /// The rows of the table: each kernel, what is known of it, and whether that is from the figures before the last change.
    #[must_use]
    pub fn rows(&self) -> Vec<(String, Option<Found>, bool)> {
        let known = |kernel: String| {
            let found = self.found.get(&self.row(&kernel)).cloned();
            let old =
                self.before.iter().find(|row| found.is_none() && row.0 == kernel).map(|row| row.1.clone());
            let is_old = old.is_some();
            (kernel, found.or(old), is_old)
        };
        self.names().into_iter().map(known).collect()
    }

    /// What the table shows stays until there is something newer.
    fn remember(&mut self) {
        let rows = self.rows().into_iter();
        self.before = Rc::new(rows.filter_map(|(kernel, found, _)| Some((kernel, found?))).collect());
    }

    /// The same with everything asked for that the table and the picture need and nobody has asked for.
    #[must_use]
    pub fn wanting(&self, session: &Session, jobs: &mut Jobs) -> Timed {
        if !self.open {
            return self.clone();
        }
        let mut timed = self.clone();
        timed.look_at(&session.experiment);
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

    fn ask(&mut self, place: usize, (of, states, runs): (Rc<Base>, u32, Vec<WireRun>), jobs: &mut Jobs) {
        let asked = &self.asked[place];
        let same = (&asked.of, asked.states) == (&of, states);
        if asked.stopped.is_none() && runs.iter().all(|run| same && asked.runs.contains(run)) {
            return;
        }
        if runs.is_empty() && asked.job.is_none() {
            return;
        }
        let job = Some(jobs.number(PURPOSES[place]));
        self.asked[place] = Asked { job, stopped: None, of, states, runs: Rc::new(runs) };
    }

    /// Makes sure that there are the texts that are named; whether there are. The page may not have the library yet, and a link
    /// may name what the library does not have: then what is shown at first takes its place.
    fn complete(&mut self) -> bool {
        let own = self.workload == OWN && self.own.is_some();
        if !own && gallery::workload(&self.workload).is_none() && gallery::workload(WORKLOAD).is_some() {
            WORKLOAD.clone_into(&mut self.workload);
        }
        if self.text.is_empty() {
            if costs_text(&self.preset).is_empty() {
                PRESET.clone_into(&mut self.preset);
            }
            self.text = costs_text(&self.preset);
        }
        !self.workload_text().is_empty() && !self.text.is_empty()
    }

    /// Notes the scenario on the stage, if it has a workload. A round that came from here is none of the reader's.
    fn look_at(&mut self, stage: &Experiment) {
        let same = |own: &Experiment| {
            own.scenario == stage.scenario
                && (&own.selection.case, &own.selection.options)
                    == (&stage.selection.case, &stage.selection.options)
        };
        if self.own.as_ref().is_some_and(same) || self.base.texts.scenario == stage.scenario {
            return;
        }
        let timed = lang::workload::workload(&stage.scenario).is_ok_and(|said| said.is_some());
        let library = || gallery::workloads().map(|text| cost::experiment_of(text.text).scenario);
        if timed && library().all(|scenario| scenario != stage.scenario) {
            self.own = Some(Experiment { kernels: Kernels::default(), ..stage.on_kernel(None) });
            if self.workload == OWN {
                self.rebase();
            }
            self.base_all();
        }
    }

    /// Workload, kernels or costs are other ones.
    fn rebase(&mut self) {
        if !self.complete() {
            return;
        }
        let texts = self.texts_of(&self.workload);
        let mut used = self.text.clone();
        match cost::costs_of(&used) {
            Ok(costs) => {
                self.costs = Some(Rc::new(costs));
                self.diagnostics = Rc::default();
            }
            // What was there before stays.
            Err(found) => {
                let here = |found: Diagnostic| Diagnostic { source: COSTS, ..found };
                self.diagnostics = Rc::new(found.into_iter().map(here).collect());
                used = if self.costs.is_some() { self.base.costs.clone() } else { costs_text(&self.preset) };
                if self.costs.is_none() {
                    self.costs = cost::costs_of(&used).ok().map(Rc::new);
                }
            }
        }
        if let Some(costs) = &self.costs {
            self.said = Rc::new(said(&texts, costs));
            self.load = Rc::new(lang::workload::workload(&texts.scenario).ok().flatten().unwrap_or_default());
            self.cpus = texts.program().program.map_or(2, |program| program.machine.cpus);
        }
        let base = Base { texts, costs: used };
        if *self.base == base {
            return self.base_all();
        }
        self.remember();
        if base.texts.scenario != self.base.texts.scenario {
            self.before = Rc::default();
        }
        let (base, found) = (Rc::new(base), std::mem::take(&mut self.found));
        let kept = Rc::make_mut(&mut self.kept);
        kept.retain(|known| known.0 != self.base);
        kept.insert(0, (self.base.clone(), found));
        kept.truncate(KEPT);
        if let Some(known) = kept.iter().find(|known| known.0 == base) {
            self.found = known.1.clone();
        }
        self.base = base;
        for asked in &mut self.asked {
            // What is under way is about something else.
            asked.runs = Rc::default();
            asked.stopped = asked.job;
        }
        self.base_all();
    }

    /// The texts of a workload, with the kernels of the reader.
    fn texts_of(&self, workload: &str) -> Experiment {
        let mut texts = match &self.own {
            Some(own) if workload == OWN => own.clone(),
            _ => cost::experiment_of(gallery::workload(workload).map_or("", |text| text.text)),
        };
        for (name, text) in self.kernels.iter() {
            if texts.kernels.own(name).is_none() {
                texts.kernels.insert(name.to_owned(), text.clone());
            }
        }
        texts
    }

    /// The same after a reader has done something; putting something on the stage is the lab's business.
    #[must_use]
    pub fn after(&self, act: &TimedAct, jobs: &mut Jobs) -> Timed {
        let mut timed = self.clone();
        timed.halted = false;
        match act {
            TimedAct::Open => timed.open = true,
            TimedAct::Stop => {
                timed.halted = true;
                for (place, asked) in timed.asked.iter_mut().enumerate() {
                    let stopped = asked.job;
                    let job = stopped.map(|_| jobs.number(PURPOSES[place]));
                    *asked = Asked { job, stopped, ..Asked::default() };
                }
            }
            TimedAct::Workload(slug) => {
                timed.all = (slug == ALL).then(Rc::default);
                if slug != ALL {
                    timed.workload.clone_from(slug);
                }
                timed.changes.retain(|change| matches!(Over::named(&change.0), Ok(Over::Figure(_))));
                timed.rebase();
            }
            TimedAct::Costs(slug) => {
                timed.preset.clone_from(slug);
                timed.text = costs_text(slug);
                timed.changes.retain(|change| !matches!(Over::named(&change.0), Ok(Over::Figure(_))));
                timed.rebase();
            }
            TimedAct::Change(None) => {
                timed.remember();
                timed.changes.clear();
            }
            TimedAct::Change(Some((what, value))) => {
                timed.remember();
                timed.changes.retain(|change| change.0 != *what);
                timed.changes.push((what.clone(), *value));
            }
            TimedAct::Contest(place, kernel) => timed.compare(*place, kernel),
            TimedAct::Over(over) => timed.over.clone_from(over),
            TimedAct::Number(number) => timed.number = *number,
            TimedAct::Stage(_, Some(column)) => {
                if let Some((slug, _)) = timed.all.as_ref().and_then(|all| all.get(*column)) {
                    timed.workload.clone_from(slug);
                    timed.rebase();
                }
            }
            TimedAct::Stage(..) | TimedAct::Witness(_) => {}
        }
        timed
    }

    /// The same with another text of the costs.
    #[must_use]
    pub fn edited(&self, text: Option<&str>) -> Timed {
        let text = text.map_or_else(|| costs_text(&self.preset), Arc::from);
        let mut timed = Timed { text, halted: false, ..self.clone() };
        timed.rebase();
        timed
    }

    /// The number of what was last asked for.
    #[must_use]
    pub fn job(&self, purpose: Purpose) -> u32 {
        self.asked[usize::from(purpose == Purpose::Curve)].job.unwrap_or_default()
    }

    /// The message that asks for it, or stops what was asked before.
    #[must_use]
    pub fn request(&self, purpose: Purpose) -> Option<ToExplorer> {
        let curve = purpose == Purpose::Curve;
        let Asked { job, stopped, of, states, runs } = &self.asked[usize::from(curve)];
        let job = (*job)?;
        if let (Some(job), true) = (stopped, runs.is_empty()) {
            return Some(ToExplorer::Cancel { job: *job });
        }
        Some(ToExplorer::Timed {
            job,
            curve,
            texts: (&of.texts).into(),
            costs: of.costs.to_string(),
            runs: runs.to_vec(),
            steps: STEPS,
            states: *states,
        })
    }

    /// Takes in what the explorer said.
    pub fn hear(&mut self, purpose: Purpose, said: &FromExplorer) {
        let Asked { of, runs, .. } = self.asked[usize::from(purpose == Purpose::Curve)].clone();
        let known = self.known_mut(&of);
        match said {
            FromExplorer::Timed { run, found, .. } => {
                let Some(run) = runs.get(*run as usize) else { return };
                // The second answer has the verdict.
                if known.get(run).is_none_or(is_unsettled) {
                    known.insert(run.clone(), Rc::new(found.clone()));
                }
            }
            FromExplorer::Refused { reason, .. } if *reason != Refusal::Cancelled => {
                let found = known;
                for run in runs.iter() {
                    let said = found.entry(run.clone()).or_insert_with(|| Rc::new(Err(reason.clone())));
                    // What was counted stays. Its verdict does not come any more.
                    if let (true, Ok(there)) = (is_unsettled(said), Rc::make_mut(said)) {
                        there.verdict = Some(WireCell::Refused(reason.clone()));
                    }
                }
            }
            _ => {}
        }
    }
}

/// Whether a row of the table has its numbers and not its verdict.
fn is_unsettled(found: &Found) -> bool {
    matches!(&**found, Ok(found) if found.verdict.is_none())
}

const PURPOSES: [Purpose; 2] = [Purpose::Timed, Purpose::Curve];

/// What kernels on a workload may be compared over: how often blocks run and how long CPUs sleep, what decides in the thread, and
/// how many CPUs there are.
fn said(texts: &Experiment, costs: &Costs) -> Vec<(Over, u64)> {
    const FIGURES: [Figure; 8] = [
        Figure::C6Exit,
        Figure::C1Exit,
        Figure::IpiLatency,
        Figure::Cr3Keep,
        Figure::Cr3Flush,
        Figure::LineRemote,
        Figure::VcpuWaits,
        Figure::BroadcastLatency,
    ];
    let cpus = (0..4).flat_map(|cpu| [Over::Every(cpu), Over::Sleep(cpu)]);
    let all = cpus.chain(FIGURES.map(Over::Figure)).chain([Over::Cpus]);
    all.filter_map(|over| Some((over, cost::now(texts, costs, None, over)?))).collect()
}
