//! Timed runs of kernels on a workload, one after the other, in slices.
//!
//! First the kernels are named that cannot run the workload. Each of the others is a run of the `cost` crate: the same
//! steps of the same machine as everywhere. Counts are reported as soon as they are known. The searches for the
//! verdicts take much longer, so they come last. A verdict does not depend on what things cost, and is kept for the
//! next job.

use crate::message::{WireRun, WireTimed};
use crate::{FromExplorer, MAX_CHANGES, MAX_RUNS, MAX_TEXT, MAX_TIMED, MessagePart, Refusal, WireCell};
use cost::{End, NoTimedSubject, Over, Settings, TimedRun, TimedSubject, changed, on_kernel, read_costs};
use experiment::{Experiment, NoMachine};
use explore::{Completeness, Limits};
use lang::costs::Costs;
use machine::{Asked, Check, Machine, VIOLATION, headline, run_check};
use std::collections::VecDeque;
use std::sync::Arc;

/// Steps of a timed run for each state that a caller asks for: they take about as long.
const STEPS: u64 = 4;

/// What may happen in a timed run for each of these steps, before others have their turn: there may be much that is no step.
const EVENTS: u64 = 4;

/// How often time may pass without a step before a run is given up. Other runs wait for it.
const PATIENCE: u64 = 2_000_000;

/// As many verdicts are kept.
const KEPT: usize = 128;

/// Timed runs under way, or done.
pub(crate) struct Timed {
    pub(crate) number: u32,
    texts: Experiment,
    costs: Costs,
    steps: u32,
    states: u32,
    waiting: VecDeque<(u32, WireRun)>,
    /// The kernels of runs that have been begun, or refused.
    tried: Vec<String>,
    /// The first run of each kernel that can run, begun and waiting for its turn.
    begun: VecDeque<Now>,
    now: Option<Now>,
    /// What has been counted, and waits for its verdict.
    judging: VecDeque<Now>,
    /// What the explorer has said: of which experiment, within so many states.
    judged: Vec<(Experiment, u32, WireCell)>,
}

/// A run under way: first by the clock, seed by seed, then the search for the verdict.
struct Now {
    place: u32,
    asked: WireRun,
    subject: TimedSubject,
    costs: Costs,
    seed: u8,
    run: Option<TimedRun>,
    found: WireTimed,
    check: Option<(Arc<Machine>, Check<Arc<Machine>>)>,
}

impl Timed {
    /// Runs that are to be made; `before` is the job whose place they take.
    pub(crate) fn new(
        number: u32,
        texts: Experiment,
        costs: &str,
        runs: Vec<WireRun>,
        (steps, states): (u32, u32),
        before: Option<Timed>,
    ) -> Result<Timed, Refusal> {
        if runs.len() > MAX_RUNS
            || steps > MAX_TIMED
            || runs.iter().any(|run| run.changes.len() > MAX_CHANGES)
        {
            return Err(Refusal::TooBig(MessagePart::Runs));
        }
        if costs.len() > MAX_TEXT {
            return Err(Refusal::TooBig(MessagePart::Text));
        }
        let costs = read_costs(costs).map_err(Refusal::Costs)?;
        let judged = before.map(|before| before.judged).unwrap_or_default();
        let waiting = (0..).zip(runs).collect();
        let (tried, begun, judging) = (Vec::new(), VecDeque::new(), VecDeque::new());
        Ok(Timed { number, texts, costs, steps, states, waiting, tried, begun, now: None, judging, judged })
    }

    /// Whether there is something to do.
    pub(crate) fn busy(&self) -> bool {
        self.now.is_some()
            || ![&self.begun, &self.judging].iter().all(|queue| queue.is_empty())
            || !self.waiting.is_empty()
    }

    /// What is to be said of what has not been done, if another job takes its place.
    pub(crate) fn cancelled(&self) -> Option<FromExplorer> {
        let refused = FromExplorer::Refused { job: Some(self.number), reason: Refusal::Cancelled };
        self.busy().then_some(refused)
    }

    /// Forgets what is still to be done.
    pub(crate) fn stop(&mut self) -> Option<FromExplorer> {
        let said = self.cancelled();
        self.now = None;
        self.begun.clear();
        self.judging.clear();
        self.waiting.clear();
        said
    }

    /// Goes on as long as `budget` states take; the answer, if a run is done.
    pub(crate) fn run(&mut self, budget: u32) -> Option<FromExplorer> {
        let Some(now) = &mut self.now else {
            let next = self.untried();
            let tries = next.is_some();
            if let Some(now) = if tries { None } else { self.begun.pop_front() } {
                self.now = Some(now);
                return None;
            }
            let Some((place, asked)) = next.or_else(|| self.waiting.pop_front()) else {
                self.now = self.judging.pop_front();
                return None;
            };
            match begun(&self.texts, &self.costs, place, asked) {
                Ok(now) if tries => self.begun.push_back(now),
                Ok(now) => self.now = Some(now),
                Err(reason) => {
                    let (job, run) = (self.number, place);
                    return Some(FromExplorer::Timed { job, run, found: Err(reason), more: false });
                }
            }
            return None;
        };
        if let Some((machine, check)) = &mut now.check {
            if run_check(check, budget) {
                return None;
            }
            let verdict = verdict(machine, check);
            // The oldest make room.
            self.judged.drain(..(self.judged.len() + 1).saturating_sub(KEPT));
            self.judged.push((now.subject.experiment.clone(), self.states, verdict.clone()));
            now.found.verdict = Some(verdict);
        } else {
            if now.go_on(u64::from(budget) * STEPS, self.steps) {
                return None;
            }
            if self.states > 0 && !self.look_up() {
                let now = self.now.take()?;
                let said = self.said(now.place, now.found.clone(), true);
                self.judging.push_back(now);
                return Some(said);
            }
        }
        let Now { place, found, .. } = self.now.take()?;
        Some(self.said(place, found, false))
    }

    fn said(&self, run: u32, found: WireTimed, more: bool) -> FromExplorer {
        FromExplorer::Timed { job: self.number, run, found: Ok(found), more }
    }

    /// The first run of a kernel that has not been tried. These come before all others: whether a kernel can run is known at
    /// once, and how much there is to wait for.
    fn untried(&mut self) -> Option<(u32, WireRun)> {
        let tried = &self.tried;
        let new = |(_, run): &(u32, WireRun)| !tried.contains(&run.kernel);
        let run = self.waiting.iter().position(new).and_then(|at| self.waiting.remove(at))?;
        self.tried.push(run.1.kernel.clone());
        Some(run)
    }

    /// What the explorer says of the run at hand: whether it is known. If not, the search is begun.
    fn look_up(&mut self) -> bool {
        let Some(now) = &mut self.now else { return true };
        let machine = match now.subject.experiment.compile().machine {
            Ok(machine) => Arc::new(machine),
            Err(why) => {
                if let NoMachine::Refused(why) = why {
                    now.found.verdict = Some(WireCell::Refused(Refusal::Machine(why.to_string())));
                }
                return true;
            }
        };
        let states = self.states;
        let known = self.judged.iter().find(|known| known.0 == now.subject.experiment && known.1 == states);
        if let Some((.., verdict)) = known {
            now.found.verdict = Some(verdict.clone());
            return true;
        }
        let limits = Limits { states, ..Limits::default() };
        let check = Check::whether(machine.clone(), limits, Asked::whether(VIOLATION));
        now.check = Some((machine, check));
        false
    }
}

/// A run at its beginning.
fn begun(texts: &Experiment, costs: &Costs, place: u32, asked: WireRun) -> Result<Now, Refusal> {
    let mut changes = Vec::new();
    for (name, value) in &asked.changes {
        let over = Over::named(name).map_err(Refusal::Costs)?;
        changes.push((over, *value));
    }
    let experiment = on_kernel(texts, &asked.kernel);
    let (subject, costs) = changed(&experiment, costs, None, &changes).map_err(|why| match why {
        NoTimedSubject::Text(first) => Refusal::Text { errors: 1, first },
        NoTimedSubject::Refused(why) => Refusal::Machine(why),
    })?;
    Ok(Now { place, asked, subject, costs, seed: 0, run: None, found: WireTimed::default(), check: None })
}

impl Now {
    /// Goes on for so many steps; whether there is more to run.
    fn go_on(&mut self, steps: u64, most: u32) -> bool {
        let Now { asked, subject, costs, seed, run, found, .. } = self;
        if run.is_none() {
            *seed += 1;
            let settings = Settings {
                seed: u64::from(*seed),
                repeat: subject.repeats,
                patience: PATIENCE,
                ..Settings::default()
            };
            let run = run.insert(TimedRun::new(subject.machine.clone(), costs, &subject.workload, settings));
            if *seed == 1 {
                run.record(asked.strips.min(MAX_TIMED) as usize);
            }
        }
        let Some(there) = run else { return false };
        let left = u64::from(most).saturating_sub(there.counters().steps);
        let ended = there.go_on_within(steps.min(left), &mut steps.saturating_mul(EVENTS)).is_some();
        if !ended && there.counters().steps < u64::from(most) {
            return true;
        }
        let ended = there.ended().unwrap_or(End::Steps);
        if ended.early().is_some() {
            found.end = ended as u8;
        }
        let mut counters = there.counters().clone();
        if *seed == 1 {
            found.strips =
                there.strips().iter().map(|strip| (strip.cpu, strip.doing as u8, strip.from)).collect();
        } else {
            // One after the other, as if they were one run.
            for (number, before) in counters.numbers().into_iter().zip(&found.numbers) {
                *number += before;
            }
            for (number, before) in counters.rounds.iter_mut().zip(&found.rounds) {
                *number += before;
            }
        }
        found.load = counters.load();
        found.numbers = counters.numbers().into_iter().map(|number| *number).collect();
        found.rounds = counters.rounds;
        *run = None;
        *seed < asked.seeds
    }
}

/// What the explorer says, as a cell of a table has it.
fn verdict(machine: &Machine, check: &Check<Arc<Machine>>) -> WireCell {
    let progress = check.progress();
    let found = headline(progress.seen, machine.program());
    let shown = found.and_then(|property| Some((property, check.witness(property.as_set())?.1.len())));
    match (shown, progress.completeness) {
        (Some((property, steps)), _) => WireCell::Reachable {
            property: property.number(),
            steps: steps as u32,
            shortest: check.shortest(property.as_set()),
        },
        (None, Completeness::Complete) => {
            WireCell::Safe { states: progress.states, saturated: check.saturated() }
        }
        (None, _) => WireCell::Bounded { states: progress.states },
    }
}
