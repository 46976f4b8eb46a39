//! Time: a trace, a place in it, and whether it plays. A reducer over plain values, without a clock of its own.
//!
//! Looking and choosing lose nothing. Going back only moves the cursor. Choosing another action keeps the earlier
//! run, and the reader can restore it.

use crate::model::eager::{Eager, MOST_STEPS};
use crate::model::session::Setup;
use explore::{Core, Diverged, PropertySet, Step, System, Trace};
use machine::{Action, Event, Machine, State};
use scene::StepKind;
use std::rc::Rc;

/// Milliseconds per step, fastest last.
pub const SPEEDS: [u32; 6] = [4000, 2400, 1400, 800, 400, 150];

/// A run and a moment of it.
#[derive(Clone, Debug)]
pub struct RunAt {
    /// The run.
    pub trace: Rc<Trace<Machine>>,
    /// How many of its steps have been taken.
    pub cursor: usize,
}

/// What the reader chose to see: a run, and the last setup on which all of it happens.
#[derive(Clone, Debug)]
struct Chosen {
    setup: Rc<Setup>,
    moment: RunAt,
}

/// The player.
#[derive(Clone, Debug)]
pub struct Player {
    setup: Rc<Setup>,
    now: RunAt,
    /// The run that was chosen, step by step or as a whole. On another machine it is followed as far as it goes there.
    /// The choices stay, so that going back to the first machine brings back the whole run.
    chosen: Chosen,
    /// The run that the last fork left.
    kept: Option<RunAt>,
    playing: bool,
    /// Index into [`SPEEDS`].
    speed: usize,
    /// The kind of steps that was looked for last.
    sought: StepKind,
    /// Milliseconds since the step that is shown.
    waited: u32,
    /// Whether the last move was one step forward, so that what moved in it may be animated.
    forward: bool,
}

/// What the player can do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PlayerAct {
    /// Play, or pause.
    Toggle,
    /// Pause.
    Pause,
    /// One step forward; at the end of the run, the next step that hardware and software would take.
    Forward,
    /// One step back.
    Back,
    /// Go to a moment.
    To(usize),
    /// Go to the next step of a kind, from the beginning if there is none ahead.
    Next(StepKind),
    /// The same, of the kind that was looked for last.
    Again,
    /// Time passes, in milliseconds.
    Tick(u32),
    /// Faster or slower by one speed.
    Faster(bool),
    /// Set the speed.
    Speed(usize),
    /// Take this action here; what followed is kept aside.
    Choose(Action),
    /// Continue to the end, with hardware that acts as early as possible.
    RunOn,
    /// Return to the run that the last fork left.
    Restore,
    /// Load another run, and a moment of it.
    Load(Vec<Action>, usize),
    /// Replaces the run by its necessary steps; the whole run is kept aside.
    Reduce(Vec<Action>),
}

impl Player {
    /// A player at the beginning of an eager run.
    #[must_use]
    pub fn new(setup: Rc<Setup>) -> Player {
        let mut trace = Trace::new(&setup.machine);
        trace.run(&setup.machine, &mut Eager::default(), MOST_STEPS);
        Player::at(setup, trace, 0)
    }

    /// A player at a moment of a run.
    #[must_use]
    pub fn at(setup: Rc<Setup>, trace: Trace<Machine>, cursor: usize) -> Player {
        let now = RunAt { cursor: cursor.min(trace.len()), trace: Rc::new(trace) };
        Player {
            chosen: Chosen { setup: setup.clone(), moment: now.clone() },
            setup,
            now,
            kept: None,
            playing: false,
            speed: 2,
            sought: StepKind::Violation,
            waited: 0,
            forward: false,
        }
    }

    /// The same run on another machine, as far as it goes there. If a step of it can't be taken, the moment before it
    /// is shown, unless the reader was at an earlier one, and from there on the run is an eager one.
    #[must_use]
    pub fn moved_to(&self, setup: Rc<Setup>) -> (Player, Option<Diverged>) {
        let chosen = &self.chosen;
        let (mut trace, diverged) = Trace::replay(&setup.machine, &chosen.moment.trace.schedule());
        let cursor = chosen.moment.cursor.min(trace.len());
        if diverged.is_some() {
            trace.run(&setup.machine, &mut Eager::default(), MOST_STEPS);
        }
        let now = RunAt { trace: Rc::new(trace), cursor };
        let chosen = match diverged {
            None => Chosen { setup: setup.clone(), moment: now.clone() },
            Some(_) => chosen.clone(),
        };
        (
            Player {
                setup,
                now,
                chosen,
                kept: None,
                playing: false,
                forward: false,
                waited: 0,
                ..self.clone()
            },
            diverged,
        )
    }

    /// The same player after an act.
    #[must_use]
    pub fn after(&self, what: &PlayerAct) -> Player {
        let mut player = self.clone();
        player.apply(what);
        player
    }

    fn apply(&mut self, what: &PlayerAct) {
        match what {
            PlayerAct::Toggle => {
                self.playing = !self.playing;
                self.waited = 0;
                if self.playing && self.at_end() {
                    self.to(0);
                }
            }
            PlayerAct::Pause => self.playing = false,
            PlayerAct::Forward => {
                if self.at_end() {
                    self.extend(1);
                }
                self.playing = false;
                self.forward_one();
            }
            PlayerAct::Back => {
                self.playing = false;
                self.to(self.now.cursor.saturating_sub(1));
            }
            PlayerAct::To(moment) => {
                self.playing = false;
                self.to(*moment);
            }
            PlayerAct::Next(kind) => {
                self.sought = *kind;
                self.apply(&PlayerAct::Again);
            }
            PlayerAct::Again => {
                self.playing = false;
                if let Some(moment) = self.next(self.sought) {
                    self.to(moment);
                }
            }
            PlayerAct::Tick(elapsed) => self.tick(*elapsed),
            PlayerAct::Faster(faster) => {
                self.speed = if *faster {
                    (self.speed + 1).min(SPEEDS.len() - 1)
                } else {
                    self.speed.saturating_sub(1)
                };
            }
            PlayerAct::Speed(speed) => self.speed = (*speed).min(SPEEDS.len() - 1),
            PlayerAct::Choose(action) => self.choose(*action),
            PlayerAct::RunOn => {
                self.playing = false;
                self.extend(MOST_STEPS);
            }
            PlayerAct::Restore => {
                if let Some(kept) = self.kept.take() {
                    self.now = kept;
                    self.playing = false;
                    self.forward = false;
                    self.chose();
                }
            }
            PlayerAct::Reduce(schedule) => {
                let whole = self.now.clone();
                self.apply(&PlayerAct::Load(schedule.clone(), schedule.len()));
                self.kept = Some(whole);
            }
            PlayerAct::Load(schedule, cursor) => {
                let (trace, _) = Trace::replay(&self.setup.machine, schedule);
                let cursor = (*cursor).min(trace.len());
                self.now = RunAt { trace: Rc::new(trace), cursor };
                self.kept = None;
                self.playing = false;
                self.forward = false;
                self.chose();
            }
        }
    }

    fn to(&mut self, moment: usize) {
        self.now.cursor = moment.min(self.now.trace.len());
        self.chosen.moment.cursor = self.now.cursor;
        self.forward = false;
        self.waited = 0;
    }

    /// The same player at another moment, which it comes to on the way that it goes. At the end it stops.
    #[must_use]
    pub(crate) fn past(&self, moment: usize) -> Player {
        let mut player = self.clone();
        if moment != self.now.cursor {
            player.to(moment);
            player.playing &= !player.at_end();
        }
        player
    }

    fn forward_one(&mut self) {
        if !self.at_end() {
            self.now.cursor += 1;
            self.chosen.moment.cursor = self.now.cursor;
            self.forward = true;
            self.waited = 0;
        }
    }

    /// At most one step per tick, however late it comes: a frame that was off screen must not skip the story.
    fn tick(&mut self, elapsed: u32) {
        if !self.playing {
            return;
        }
        self.waited = self.waited.saturating_add(elapsed);
        if self.waited >= SPEEDS[self.speed] {
            self.forward_one();
            if self.at_end() {
                self.playing = false;
            }
        }
    }

    fn choose(&mut self, action: Action) {
        if !self.enabled().contains(&action) {
            return;
        }
        if self.now.trace.steps().get(self.now.cursor).is_none_or(|step| step.action != action) {
            let mut trace = self.now.trace.fork(&self.setup.machine, self.now.cursor);
            trace.push(&self.setup.machine, action);
            // A second fork from a fork keeps the first run: that is the one worth going back to.
            if !self.at_end() && self.kept.is_none() {
                self.kept = Some(self.now.clone());
            }
            self.now.trace = Rc::new(trace);
        }
        self.playing = false;
        self.forward_one();
        self.chose();
    }

    /// The reader chose what is shown now.
    fn chose(&mut self) {
        self.chosen = Chosen { setup: self.setup.clone(), moment: self.now.clone() };
    }

    fn extend(&mut self, steps: usize) {
        let mut trace = (*self.now.trace).clone();
        if trace.run(&self.setup.machine, &mut Eager::default(), steps) > 0 {
            self.now.trace = Rc::new(trace);
            self.chose();
        }
    }

    /// The setup that it plays on.
    #[must_use]
    pub fn setup(&self) -> &Rc<Setup> {
        &self.setup
    }

    /// The machine that it plays on.
    #[must_use]
    pub fn machine(&self) -> &Machine {
        &self.setup.machine
    }

    /// The run.
    #[must_use]
    pub fn trace(&self) -> &Rc<Trace<Machine>> {
        &self.now.trace
    }

    /// The run that the reader chose, and the last machine on which all of it happens. On the stage it may go on
    /// otherwise, from the first step that can't happen there.
    #[must_use]
    pub fn chosen(&self) -> (&Machine, &Rc<Trace<Machine>>) {
        (&self.chosen.setup.machine, &self.chosen.moment.trace)
    }

    /// How many of its steps have been taken.
    #[must_use]
    pub fn cursor(&self) -> usize {
        self.now.cursor
    }

    /// Whether all steps have been taken.
    #[must_use]
    pub fn at_end(&self) -> bool {
        self.now.cursor == self.now.trace.len()
    }

    /// Whether it plays.
    #[must_use]
    pub fn playing(&self) -> bool {
        self.playing
    }

    /// Index into [`SPEEDS`].
    #[must_use]
    pub fn speed(&self) -> usize {
        self.speed
    }

    /// Whether the last move was one step forward.
    #[must_use]
    pub fn forward(&self) -> bool {
        self.forward
    }

    /// Whether there is a run to return to.
    #[must_use]
    pub fn kept(&self) -> Option<&RunAt> {
        self.kept.as_ref()
    }

    /// The state after `moment` steps.
    #[must_use]
    pub fn state(&self, moment: usize) -> State {
        self.now.trace.state(&self.setup.machine, moment)
    }

    /// The step that led to the moment shown.
    #[must_use]
    pub fn step(&self) -> Option<&Step<Action, Event>> {
        self.now.trace.steps().get(self.now.cursor.checked_sub(1)?)
    }

    /// The enabled actions at the moment shown, CPU by CPU, software first.
    #[must_use]
    pub fn enabled(&self) -> Vec<Action> {
        let mut enabled = Vec::new();
        self.setup.machine.enabled(&self.state(self.now.cursor), &mut enabled);
        // One by one: a sort of their own is as much code as a small panel.
        let mut by_cpu: Vec<Action> = Vec::with_capacity(enabled.len());
        for action in enabled {
            let place =
                by_cpu.iter().rposition(|other| other.cpu() <= action.cpu()).map_or(0, |before| before + 1);
            by_cpu.insert(place, action);
        }
        by_cpu
    }

    /// Moments right after a step that shows a violation.
    #[must_use]
    pub fn violations(&self) -> Vec<usize> {
        self.moments(StepKind::Violation)
    }

    /// Moments right after a step of a kind.
    fn moments(&self, kind: StepKind) -> Vec<usize> {
        let steps = self.now.trace.steps().iter().enumerate();
        steps.filter(|(_, step)| kind.has(step)).map(|(index, _)| index + 1).collect()
    }

    /// The necessary steps of the run up to the violation at hand: that of the moment shown, or else the next one.
    /// Nothing if the run shows none.
    #[must_use]
    pub fn core(&self) -> Option<Core<Action>> {
        /// Steps taken at most: some tenths of a second.
        const BUDGET: usize = 200_000;
        let shown = self.violations().contains(&self.cursor()).then(|| self.cursor());
        let moment = shown.or_else(|| self.next(StepKind::Violation))?;
        let wanted = PropertySet(self.now.trace.steps().get(moment - 1)?.properties.0 & machine::VIOLATION.0);
        let schedule: Vec<Action> = self.now.trace.schedule().into_iter().take(moment).collect();
        explore::core(&self.setup.machine, &schedule, wanted, BUDGET)
    }

    fn next(&self, kind: StepKind) -> Option<usize> {
        let all = self.moments(kind);
        all.iter().copied().find(|&moment| moment > self.now.cursor).or_else(|| all.first().copied())
    }
}

impl PartialEq for Player {
    /// Two players are the same if they show the same moment of the very same run.
    fn eq(&self, other: &Player) -> bool {
        let kept = |player: &Player| player.kept.as_ref().map(|kept| Rc::as_ptr(&kept.trace));
        Rc::ptr_eq(&self.setup, &other.setup)
            && Rc::ptr_eq(&self.now.trace, &other.now.trace)
            && kept(self) == kept(other)
            && (self.now.cursor, self.playing, self.speed, self.forward, self.waited)
                == (other.now.cursor, other.playing, other.speed, other.forward, other.waited)
    }
}

#[cfg(test)]
mod tests {
    use super::{Player, PlayerAct, SPEEDS};
    use crate::model::session::Session;
    use machine::Action;
    use scene::StepKind;
    use std::rc::Rc;

    fn player() -> Player {
        let session = Session::library(crate::DEFAULT).expect("the default scenario is in the library");
        let (setup, diagnostics) = session.compile();
        Player::new(Rc::new(setup.unwrap_or_else(|| panic!("{diagnostics:?}"))))
    }

    fn with_option(player: &Player, name: &str, choice: &str) -> (Player, bool) {
        let options = &player.machine().program().options;
        let option = options.iter().find(|option| option.name == name).expect("the lab has it");
        let (setup, _) = player.setup().session.with_option(option, choice).compile();
        let (moved, diverged) = player.moved_to(Rc::new(setup.expect("its options are independent")));
        (moved, diverged.is_some())
    }

    #[test]
    fn the_cursor_stays_inside_the_run() {
        let player = player();
        let steps = player.trace().len();
        assert!(steps > 0);
        assert_eq!(player.after(&PlayerAct::Back).cursor(), 0);
        assert_eq!(player.after(&PlayerAct::To(usize::MAX)).cursor(), steps);
        assert_eq!(player.after(&PlayerAct::To(3)).after(&PlayerAct::Back).cursor(), 2);
        assert_eq!(player.after(&PlayerAct::To(3)).after(&PlayerAct::Forward).cursor(), 4);
    }

    #[test]
    fn the_next_step_of_each_kind_is_found() {
        let mut player = player();
        for kind in [StepKind::Walk, StepKind::Write, StepKind::Frame] {
            let moments = player.moments(kind);
            player = player.after(&PlayerAct::To(0)).after(&PlayerAct::Next(kind));
            for &moment in &moments {
                assert_eq!(player.cursor(), moment, "{kind:?}");
                player = player.after(&PlayerAct::Again);
            }
            assert_eq!(player.cursor(), moments[0], "after the last comes the first");
        }
        let none = StepKind::ALL.into_iter().find(|&kind| player.moments(kind).is_empty());
        let asked = none.map(|kind| player.after(&PlayerAct::Next(kind)).cursor());
        assert_eq!(asked, Some(player.cursor()), "a run without IPIs has no next one");
    }

    #[test]
    fn time_moves_one_step_at_a_time_and_stops_at_the_end() {
        let mut player = player().after(&PlayerAct::Toggle);
        assert!(player.playing());
        player = player.after(&PlayerAct::Tick(SPEEDS[player.speed()] - 1));
        assert_eq!(player.cursor(), 0);
        player = player.after(&PlayerAct::Tick(1_000_000));
        assert_eq!(player.cursor(), 1);
        for _ in 0..player.trace().len() {
            player = player.after(&PlayerAct::Tick(1_000_000));
        }
        assert!(player.at_end() && !player.playing());
        assert_eq!(player.after(&PlayerAct::Toggle).cursor(), 0, "played to the end, play begins anew");
    }

    #[test]
    fn choosing_otherwise_forks_and_the_old_run_comes_back() {
        let player = player().after(&PlayerAct::To(2));
        let taken = player.trace().steps()[2].action;
        let other: Action =
            player.enabled().into_iter().find(|&action| action != taken).expect("there is a choice");
        let forked = player.after(&PlayerAct::Choose(other));
        assert_eq!((forked.cursor(), forked.trace().len()), (3, 3));
        assert_eq!(forked.kept().map(|kept| kept.trace.len()), Some(player.trace().len()));
        let back = forked.after(&PlayerAct::Restore);
        assert_eq!(back.trace().schedule(), player.trace().schedule());
        assert_eq!((back.cursor(), back.kept().is_some()), (2, false));
        assert!(player.after(&PlayerAct::Choose(taken)).kept().is_none(), "what happens anyway is no fork");
    }

    #[test]
    fn the_necessary_steps_show_the_same_and_the_whole_run_comes_back() {
        let eager = player();
        assert!(eager.core().is_some() || eager.violations().is_empty());
        let moments = 0..eager.trace().len();
        let core = eager.core().expect("eager hardware finds something here");
        assert!(core.irreducible && core.schedule.len() < eager.trace().len());
        let reduced = eager.after(&PlayerAct::Reduce(core.schedule.clone()));
        assert_eq!(
            (reduced.cursor(), reduced.trace().schedule()),
            (core.schedule.len(), core.schedule.clone())
        );
        assert!(reduced.violations().contains(&reduced.cursor()));
        assert_eq!(reduced.core().map(|again| again.schedule), Some(core.schedule));
        let back = reduced.after(&PlayerAct::Restore);
        assert_eq!(back.trace().len(), moments.end);
    }

    #[test]
    fn another_machine_follows_the_run_and_the_first_one_gets_it_back() {
        let player = player();
        let end = player.after(&PlayerAct::To(usize::MAX));
        let (moved, diverged) = with_option(&end, "init_mm_switch", "on");
        assert!(diverged);
        assert!(moved.cursor() < end.cursor() && moved.trace().len() > moved.cursor());
        let (back, diverged) = with_option(&moved, "init_mm_switch", "off");
        assert!(!diverged);
        assert_eq!((back.cursor(), back.trace().schedule()), (end.cursor(), end.trace().schedule()));
    }
}
