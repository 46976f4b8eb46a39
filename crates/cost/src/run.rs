//! A timed run.

use crate::counters::{Counters, Flushed};
use crate::lane::{Lane, NEVER, Next};
use crate::lines::Lines;
use crate::prices::Prices;
use crate::strips::Strips;
use explore::{Passed, PropertySet, Sink, System};
use lang::costs::{Costs, Figure};
use lang::effects::Taken;
use lang::program::{Alloc, Program, Thread};
use lang::source::SourceId;
use lang::workload::{Load, MaybeAnswer, Workload};
use machine::{Action, Event, Machine, State};
use std::sync::Arc;

/// What determines a timed run, apart from its machine, its costs and its workload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// The seed of the random numbers.
    pub seed: u64,
    /// Whether a block begins once more when it has ended. Otherwise each runs once.
    pub repeat: bool,
    /// Whether the run begins somewhere in the time slices of the host, so that virtual CPUs may be preempted at its beginning.
    /// Otherwise each begins with a whole slice.
    pub anywhere: bool,
    /// Whether the choices of the first rounds are kept: up to the first block that begins once more, or so many.
    pub keep: usize,
    /// How often time passes without a step before the run is given up. Each step gives back `PER_STEP` of it, so that no
    /// run goes on for ever on things that are not steps.
    pub patience: u64,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings { seed: 1, repeat: true, anywhere: false, keep: 0, patience: 50_000_000 }
    }
}

/// Why a run has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// It has taken as many steps as it was to take.
    Steps,
    /// No CPU has anything left to do.
    Done,
    /// No CPU can continue, and some CPU waits.
    Stuck,
    /// The machine has stopped: by a machine check, or at a limit that the text declares.
    Stopped,
    /// Time passes, and nothing happens any more, or hardly anything.
    Idle,
    /// The run has come to the end of its time: some 20 hours.
    Late,
}

impl End {
    /// All of them; their places are their numbers.
    pub const ALL: [End; 6] = [End::Steps, End::Done, End::Stuck, End::Stopped, End::Idle, End::Late];

    /// In a word, for CSV and JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            End::Steps => "steps",
            End::Done => "done",
            End::Stuck => "stuck",
            End::Stopped => "stopped",
            End::Idle => "idle",
            End::Late => "late",
        }
    }

    /// Why a run ended before it had taken its steps; nothing if it took them, or came to the end of its programs.
    #[must_use]
    pub const fn early(self) -> Option<&'static str> {
        match self {
            End::Steps | End::Done => None,
            End::Stuck => Some("no CPU can go on, and at least one of them waits"),
            End::Stopped => Some("the machine has stopped"),
            End::Idle => Some("time goes by, and hardly any step is taken"),
            End::Late => Some("20 hours have gone by on its clock"),
        }
    }
}

/// The end of a run's time, in picoseconds. No step takes longer than that, so clocks and sums of 64 CPUs do not run over.
pub(crate) const MOST_TIME: u64 = 1 << 56;

/// What a step gives back of a run's patience.
const PER_STEP: u64 = 1_000;

/// So much happens at one moment without a step before a run is given up: an empty block that begins again at once.
const MOST_AT_ONCE: u64 = 100_000;

/// What a step reports.
#[derive(Default)]
pub(crate) struct Record {
    pub(crate) events: Vec<Event>,
    pub(crate) silent: u32,
}

impl Sink<Event> for Record {
    fn event(&mut self, make: impl FnOnce() -> Event) {
        self.events.push(make());
    }

    fn listens(&self) -> bool {
        true
    }

    fn worked(&mut self, work: u32) {
        self.silent += work;
    }

    fn passed(&mut self) -> Option<&mut Passed> {
        None
    }
}

/// A machine that runs by the clock.
///
/// Each CPU has a clock of its own. The earliest event happens next, and of two events at the same time that of the CPU
/// with the lower number. So the run is a schedule of the machine, chosen without looking ahead, and the explorer has
/// each of its steps too.
pub struct TimedRun {
    pub(crate) machine: Arc<Machine>,
    pub(crate) prices: Prices,
    pub(crate) workload: Workload,
    pub(crate) state: State,
    pub(crate) lanes: Vec<Lane>,
    pub(crate) lines: Lines,
    pub(crate) now: u64,
    pub(crate) counters: Counters,
    pub(crate) record: Record,
    pub(crate) scratch: Vec<Action>,
    /// CPUs that wait for something.
    pub(crate) waiting: u64,
    /// CPUs whose plans have to be computed again, in addition to those that wait for what has happened.
    pub(crate) disturbed: u64,
    pub(crate) flushed: Flushed,
    /// How the question at an operation is answered.
    answers: Vec<MaybeAnswer>,
    /// For each CPU, what the workload says of its block.
    loads: Vec<Load>,
    shown: PropertySet,
    schedule: Vec<Action>,
    /// How many of its first choices are kept.
    pub(crate) keep: usize,
    repeat: bool,
    /// What there is at the beginning, and what is left of it.
    patience: (u64, u64),
    /// How often something that is no step has happened since time last passed.
    at_once: u64,
    ended: Option<End>,
    pub(crate) strips: Strips,
}

impl TimedRun {
    /// A run at its beginning.
    #[must_use]
    pub fn new(machine: Arc<Machine>, costs: &Costs, workload: &Workload, settings: Settings) -> TimedRun {
        let program = machine.program();
        let cpus = program.machine.cpus;
        let state = machine.initial();
        let mut run = TimedRun {
            prices: Prices::new(costs),
            lanes: (0..cpus).map(|cpu| Lane::new(settings.seed, cpu.into())).collect(),
            lines: Lines::new(program.cells.len(), machine.map().frames.len()),
            now: 0,
            counters: Counters { rounds: vec![0; cpus.into()], ..Counters::default() },
            record: Record::default(),
            scratch: Vec::new(),
            waiting: 0,
            disturbed: 0,
            flushed: Flushed::Nothing,
            answers: answers(program, workload),
            loads: (0..cpus).map(|cpu| load_of(program, workload, cpu)).collect(),
            shown: PropertySet::NONE,
            schedule: Vec::new(),
            keep: settings.keep,
            repeat: settings.repeat,
            patience: (settings.patience, settings.patience),
            at_once: 0,
            ended: None,
            strips: Strips::default(),
            workload: workload.clone(),
            machine,
            state,
        };
        for cpu in 0..cpus {
            run.begin(cpu);
            if settings.anywhere {
                run.slice(cpu);
            }
        }
        for cpu in 0..cpus {
            run.replan(cpu);
        }
        run
    }

    /// A CPU at the beginning. Blocks do not begin all at once.
    fn begin(&mut self, cpu: u8) {
        let at = usize::from(cpu);
        let has_block = self.machine.program().threads.iter().any(|thread| thread.cpu == cpu);
        let every = self.loads[at].every.unwrap_or(0);
        let (speculation, runs) = (self.prices.of(Figure::Speculation), self.prices.of(Figure::VcpuRuns));
        let lane = &mut self.lanes[at];
        lane.clock = lane.chance.below(every.max(1_000_000));
        lane.begins = lane.clock;
        lane.round_at = if has_block && self.repeat { lane.clock + lane.chance.around(every) } else { NEVER };
        lane.speculates_at = if speculation == 0 { NEVER } else { lane.luck.around(speculation) };
        lane.off_at = if runs == 0 { NEVER } else { lane.luck.around(runs) };
        self.counters.rounds[at] = u64::from(has_block);
    }

    /// Begins somewhere in the time slices of the host, all moments of which are equally likely.
    fn slice(&mut self, cpu: u8) {
        let (runs, waits) = (self.prices.of(Figure::VcpuRuns), self.prices.of(Figure::VcpuWaits));
        let lane = &mut self.lanes[usize::from(cpu)];
        if runs == 0 {
            return;
        }
        let left = lane.luck.below(runs + waits);
        if left < waits {
            (lane.off_until, lane.off_at) = (left, left + lane.luck.around(runs).max(1));
        } else {
            lane.off_at = left - waits;
        }
    }

    /// Continues for so many steps of the machine. Returns nothing if the run can still continue.
    pub fn go_on(&mut self, steps: u64) -> Option<End> {
        let mut any = u64::MAX;
        self.go_on_within(steps, &mut any)
    }

    /// Continues for so many steps, but for no more events than are left in `events`, and takes from these what it needs. An
    /// event is a step, or anything else that happens at a moment: a time slice ends, a walk comes to nothing. Returns
    /// nothing if the run can still continue.
    pub fn go_on_within(&mut self, steps: u64, events: &mut u64) -> Option<End> {
        let end = self.counters.steps.saturating_add(steps);
        while self.ended.is_none() && self.counters.steps < end && *events > 0 {
            *events -= 1;
            let (steps, now) = (self.counters.steps, self.now);
            self.happen();
            let (most, left) = self.patience;
            let idle = self.counters.steps == steps;
            self.patience.1 = if idle { left.saturating_sub(1) } else { most.min(left + PER_STEP) };
            self.at_once = if idle && self.now == now { self.at_once + 1 } else { 0 };
            if self.patience.1 == 0 || self.at_once > MOST_AT_ONCE {
                self.ended.get_or_insert(End::Idle);
            }
        }
        self.counters.time = self.now;
        self.ended
    }

    /// A whole run.
    #[must_use]
    pub fn to_end(mut self, steps: u64) -> (Counters, End) {
        let end = self.go_on(steps).unwrap_or(End::Steps);
        (self.counters, end)
    }

    /// How many choices there is room for.
    pub(crate) fn schedule_room(&self) -> usize {
        self.schedule.capacity()
    }

    /// Why it has ended; nothing if it can still continue.
    #[must_use]
    pub fn ended(&self) -> Option<End> {
        self.ended
    }

    /// What has been counted.
    #[must_use]
    pub fn counters(&self) -> &Counters {
        &self.counters
    }

    /// The properties that its steps have shown. Where one of them is a violation, the explorer finds it too.
    #[must_use]
    pub fn shown(&self) -> PropertySet {
        self.shown
    }

    /// The choices that were kept: a schedule of the machine.
    #[must_use]
    pub fn schedule(&self) -> &[Action] {
        &self.schedule
    }

    /// The machine's state.
    #[must_use]
    pub fn state(&self) -> &State {
        &self.state
    }

    /// Carries out the earliest event.
    fn happen(&mut self) {
        let mut first = 0;
        for (cpu, lane) in self.lanes.iter().enumerate() {
            if lane.due < self.lanes[first].due {
                first = cpu;
            }
        }
        let Lane { due, next, .. } = self.lanes[first];
        let Ok(cpu) = u8::try_from(first) else { return };
        if due == NEVER || self.state.stopped {
            self.ended = Some(match self.state.stopped {
                true => End::Stopped,
                false if self.machine.all_done(&self.state) => End::Done,
                false => End::Stuck,
            });
            return;
        }
        if due > MOST_TIME {
            self.ended = Some(End::Late);
            return;
        }
        self.now = self.now.max(due);
        self.perform(cpu, next);
        self.disturbed |= 1 << cpu;
        while self.disturbed != 0 {
            let cpu = self.disturbed.trailing_zeros();
            self.disturbed &= self.disturbed - 1;
            self.replan(u8::try_from(cpu).unwrap_or(0));
            self.note_doing(cpu as usize);
        }
    }

    fn perform(&mut self, cpu: u8, next: Next) {
        match next {
            Next::Nothing => {}
            Next::Broadcast => self.step(Action::Broadcast { cpu }),
            Next::Drain => self.step(Action::Drain { cpu }),
            Next::Preempt => self.preempt(cpu),
            Next::Interrupt => self.interrupt(cpu),
            Next::Wake => self.wake(cpu),
            Next::Round => self.round(cpu),
            Next::Speculate => self.speculate(cpu),
            Next::Program => {
                let lane = &mut self.lanes[usize::from(cpu)];
                lane.computing = None;
                match self.machine.next(&self.state, cpu).taken {
                    Taken::OneWay => {
                        let action = self.taken(cpu);
                        self.step(action);
                    }
                    Taken::Picked => {
                        let yes = self.pick(cpu);
                        self.step(Action::Pick { cpu, yes });
                    }
                    Taken::Access(_) => self.access(cpu),
                }
            }
        }
    }

    /// Takes a step of the machine, and charges for it.
    pub(crate) fn step(&mut self, action: Action) {
        self.record.events.clear();
        self.record.silent = 0;
        let in_handler = self.state.cpus[usize::from(action.cpu())].handler.is_some();
        self.shown |= self.machine.step(&mut self.state, action, &mut self.record);
        self.counters.steps += 1;
        if self.schedule.len() < self.keep {
            self.schedule.push(action);
        }
        self.charge(action, in_handler);
    }

    /// The action that carries out an operation with one outcome; only an allocator may offer several frames.
    fn taken(&mut self, cpu: u8) -> Action {
        if self.machine.program().machine.alloc != Alloc::Any {
            return Action::Step { cpu };
        }
        self.scratch.clear();
        self.machine.choices(&self.state, cpu, &mut self.scratch);
        let ways = self.scratch.len() as u64;
        let chosen = usize::try_from(self.lanes[usize::from(cpu)].luck.below(ways)).unwrap_or(0);
        self.scratch.get(chosen).copied().unwrap_or(Action::Step { cpu })
    }

    /// The answer to a `maybe()`.
    fn pick(&mut self, cpu: u8) -> bool {
        let lane = &mut self.lanes[usize::from(cpu)];
        match self.answers[usize::from(self.state.cpus[usize::from(cpu)].context().pc)] {
            MaybeAnswer::Percent(percent) => lane.chance.percent(percent),
            MaybeAnswer::Asleep => self.now < lane.sleeps_until,
        }
    }

    /// The mean time that a CPU sleeps.
    pub(crate) fn sleep_of(&self, cpu: u8) -> u64 {
        self.loads[usize::from(cpu)].sleep.unwrap_or(DEFAULT_SLEEP)
    }

    /// The block of a CPU begins once more.
    fn round(&mut self, cpu: u8) {
        // From here on the choices alone do not reproduce the state.
        self.keep = 0;
        let at = usize::from(cpu);
        self.machine.again(&mut self.state, cpu);
        let every = self.loads[at].every.unwrap_or(0);
        let lane = &mut self.lanes[at];
        // After a round that took too long, later rounds do not come faster.
        lane.round_at = lane.round_at.max(self.now.saturating_sub(every)) + lane.chance.around(every);
        lane.clock = self.now;
        lane.computing = None;
        self.counters.rounds[at] += 1;
    }

    /// The host takes the CPU's time slice for others.
    fn preempt(&mut self, cpu: u8) {
        let (runs, waits) = (self.prices.of(Figure::VcpuRuns), self.prices.of(Figure::VcpuWaits));
        let lane = &mut self.lanes[usize::from(cpu)];
        lane.off_until = self.now + lane.luck.around(waits);
        lane.off_at = lane.off_until + lane.luck.around(runs).max(1);
        // The work that was interrupted takes that much longer.
        if lane.clock > self.now {
            let left = lane.clock - self.now;
            lane.clock = lane.off_until.saturating_add(left);
            lane.computing = lane.computing.map(|since| since.max(lane.off_until));
        }
        self.counters.preempted += 1;
    }

    /// A CPU that slept runs again: the host gives it a whole time slice.
    pub(crate) fn awake(&mut self, cpu: u8) {
        let (speculation, runs) = (self.prices.of(Figure::Speculation), self.prices.of(Figure::VcpuRuns));
        let now = self.now;
        let lane = &mut self.lanes[usize::from(cpu)];
        lane.clock = lane.clock.max(now);
        if speculation > 0 {
            lane.speculates_at = lane.speculates_at.max(now + lane.luck.around(speculation));
        }
        if runs > 0 {
            lane.off_at = now + lane.luck.around(runs);
        }
    }
}

/// The mean time that a CPU sleeps if the workload does not say: 100 us.
const DEFAULT_SLEEP: u64 = 100_000_000;

/// How the question at each operation is answered. A scenario's own are counted block by block, in the order of the text; a
/// kernel's own, such as whether an allocation fails, are answered with no, and those that the workload leaves out by a
/// coin.
fn answers(program: &Program, workload: &Workload) -> Vec<MaybeAnswer> {
    let mut answers = vec![MaybeAnswer::Percent(0); program.code.len()];
    for thread in &program.threads {
        let load = workload.loads.iter().find(|load| load.cpu == thread.cpu);
        let mut place = 0;
        for pc in block(program, thread) {
            let question = program.code[pc].effects().taken == Taken::Picked;
            if question && program.sites[pc].source == SourceId::SCENARIO && !same_as_before(program, thread)
            {
                place += 1;
                let said =
                    load.and_then(|load| load.answers.iter().find(|answer| answer.0 == place).map(|a| a.1));
                answers[pc] = said.unwrap_or(MaybeAnswer::Percent(50));
            }
        }
    }
    answers
}

/// Whether a CPU runs the very code of one with a lower number.
fn same_as_before(program: &Program, thread: &Thread) -> bool {
    program.threads.iter().any(|other| other.cpu < thread.cpu && other.entry == thread.entry)
}

/// The operations of a block, in the order of the text.
fn block(program: &Program, thread: &Thread) -> Vec<usize> {
    let mut seen = vec![false; program.code.len()];
    let mut left = vec![usize::from(thread.entry)];
    while let Some(pc) = left.pop() {
        if !std::mem::replace(&mut seen[pc], true) {
            left.extend(program.code[pc].effects().flow.successors(pc));
        }
    }
    (0..seen.len()).filter(|&pc| seen[pc]).collect()
}

/// The workload of a CPU's block; for an added CPU, the workload of the CPU that it is like.
fn load_of(program: &Program, workload: &Workload, cpu: u8) -> Load {
    let of = |cpu: u8| workload.loads.iter().find(|load| load.cpu == cpu);
    let entry = program.threads.iter().find(|thread| thread.cpu == cpu).map(|thread| thread.entry);
    let like = || {
        let same = |thread: &&Thread| Some(thread.entry) == entry && thread.cpu < cpu;
        program.threads.iter().find(same).and_then(|thread| of(thread.cpu))
    };
    of(cpu).or_else(like).cloned().unwrap_or_default()
}
