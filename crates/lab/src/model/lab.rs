//! The lab: everything that the page knows, as one value, and what each act does to it. Native tests drive it.

use crate::model::act::Act;
use crate::model::before::{Before, Switch};
use crate::model::comparison::Counterpart;
use crate::model::control::ControlAnswer;
use crate::model::distances::Distances;
use crate::model::files::{left, own_name};
use crate::model::folding::Folding;
use crate::model::grid::Grid;
use crate::model::jobs::{Jobs, Purpose};
use crate::model::lesson::Lesson;
use crate::model::library::Library;
use crate::model::lost::Lost;
use crate::model::opening::Opening;
use crate::model::player::{Player, PlayerAct};
use crate::model::session::{DEFAULT, Session, Setting};
use crate::model::timed::clock::{Clock, Staged};
use crate::model::timed::{COSTS, Timed};
use crate::model::verdict::{self, Check, Settled};
use lang::diagnostic::Diagnostic;
use lang::source::SourceId;
use machine::Property;
use protocol::FromExplorer;
use std::rc::Rc;

mod arrival;
mod files;
mod folds;
mod lesson;
mod reading;
mod settled;
mod stops;
mod timed;
mod why;

/// A notice to the reader, above the stage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Whether it is about something that went wrong.
    pub warning: bool,
    /// Whether it is about the run on the stage, so that it goes when another run comes there.
    pub of_run: bool,
    /// The sentence.
    pub sentence: String,
}

impl Notice {
    /// What has been done.
    #[must_use]
    pub fn done(sentence: String) -> Notice {
        Notice { warning: false, of_run: false, sentence }
    }

    /// What went wrong.
    #[must_use]
    pub fn warning(sentence: String) -> Notice {
        Notice { warning: true, of_run: false, sentence }
    }

    /// What the reader did last, and what is wrong with the texts: both are told, in one notice.
    #[must_use]
    pub fn joined(last: Option<Notice>, wrong: Option<String>) -> Option<Notice> {
        match (last, wrong) {
            (Some(last), Some(wrong)) => {
                let end = if last.sentence.ends_with(['.', '!', '?']) { "" } else { "." };
                Some(Notice::warning(format!("{}{end} {wrong}", last.sentence)))
            }
            (last, wrong) => last.or(wrong.map(Notice::warning)),
        }
    }

    /// What is true of the run on the stage.
    #[must_use]
    pub fn of_run(sentence: String) -> Notice {
        Notice { warning: false, of_run: true, sentence }
    }
}

/// All that the page knows.
#[derive(Clone, Debug)]
pub struct Lab {
    /// The texts as they are, perhaps with errors.
    session: Session,
    /// How many times each of the texts has become another one by anything but an edit: scenario, kernel, costs.
    texts: [u32; 3],
    /// The texts that were saved last.
    saved: Option<Rc<Session>>,
    /// The compiler's messages about them.
    diagnostics: Rc<Vec<Diagnostic>>,
    /// The last setup that compiled, and a run on it.
    player: Player,
    /// The explorer's answer about that setup.
    check: Check,
    /// Its answers about all settings of the options.
    grid: Grid,
    /// Its answers about the run's distance to the violation.
    distances: Distances,
    /// Its answer about where the run of the verdict was lost.
    lost: Lost,
    /// What kernels cost.
    timed: Rc<Timed>,
    /// When each step of a round on the stage is taken.
    clock: Option<Clock>,
    /// What was put on the stage from the table of costs last.
    staged: Option<Staged>,
    /// What was there before that.
    left: Option<Rc<Lab>>,
    /// How many rounds have been put on the stage.
    rounds: u32,
    /// The step that is explained. It stays while the reader looks at the steps that it rests on, as long as the
    /// run is the same.
    why: Option<u32>,
    /// It is told how control came to the step, and not what the step rests on.
    control: Option<ControlAnswer>,
    /// How many times that was asked.
    controls: u32,
    /// The steps that only one CPU can see, if they are folded.
    folding: Option<Folding>,
    /// The words that are looked for in the run.
    sought: Rc<str>,
    /// Whether the run has been reduced to its necessary steps.
    reduced: bool,
    /// The other machine on which the run is followed.
    counterpart: Option<Counterpart>,
    /// How many times the reader has asked for one.
    compared: u32,
    notice: Option<Notice>,
    /// What has been said of the step from which on the run is another one.
    parted: Option<String>,
    /// What was on the page before a switch or a case, as long as that is the last change.
    before: Option<Rc<Before>>,
    /// Whether the reader has read that the texts have errors.
    read_of_errors: bool,
    /// How much of the library there is.
    library: Library,
    /// What somebody has asked for, and what waits for the library.
    waiting: Option<Box<Act>>,
    /// A link whose run is long, while it is followed. The earlier contents stay until then.
    opening: Option<Opening>,
    /// The tour or the challenge that the reader is in.
    lesson: Lesson,
    /// Numbers the questions to the explorer.
    jobs: Jobs,
    /// Whether the page shows the check's headline when the check is done: the reader has not chosen a moment yet.
    unveil: bool,
    /// Whether the reader has done something, so that the address has to be written.
    touched: bool,
    /// How many scenarios, kernels, cases and switches the reader has chosen: each is a step of the browser's history.
    chapter: u32,
    /// Whether the stage has never shown the texts in the editor: texts with errors came by a link.
    stands_in: bool,
    /// For how many seconds the explorer has not answered, if that is long.
    silent: Option<u32>,
    /// How many times the reader has had the explorer started anew.
    restarts: u32,
    /// The last verdict.
    settled: Option<Settled>,
    /// The verdict before the last change, if it was a different one.
    was: Option<Settled>,
}

impl Lab {
    /// The page as it opens: at a link, or at a scenario of the library. Nothing if no scenario compiles.
    #[must_use]
    pub fn open(link: Option<&str>) -> Option<Lab> {
        let mut slugs = std::iter::once(DEFAULT).chain(gallery::scenarios().map(|text| text.slug));
        let lab = slugs.find_map(Lab::at)?;
        Some(match link {
            Some(link) => lab.follow(link),
            None => lab,
        })
    }

    fn at(slug: &str) -> Option<Lab> {
        let session = Session::library(slug)?;
        let (setup, diagnostics) = session.compile();
        let player = Player::new(Rc::new(setup?));
        let mut jobs = Jobs::default();
        let check = Check::asked(jobs.number(Purpose::Check));
        let diagnostics = Rc::new(diagnostics);
        Some(Lab {
            grid: Grid::new(&session),
            distances: Distances::default(),
            lost: Lost::default(),
            timed: Rc::default(),
            clock: None,
            staged: None,
            left: None,
            rounds: 0,
            session,
            texts: [0; 3],
            saved: None,
            diagnostics,
            player,
            check,
            why: None,
            control: None,
            controls: 0,
            folding: None,
            sought: Rc::default(),
            reduced: false,
            counterpart: None,
            compared: 0,
            notice: None,
            before: None,
            read_of_errors: false,
            parted: None,
            library: Library::at_first(),
            waiting: None,
            opening: None,
            lesson: Lesson::default(),
            jobs,
            unveil: true,
            touched: false,
            chapter: 0,
            stands_in: false,
            silent: None,
            restarts: 0,
            settled: None,
            was: None,
        })
    }

    /// Another session: if it compiles, the run continues there as far as it can.
    fn turn_to(&mut self, session: Session) {
        let (setup, diagnostics) = session.compile();
        self.opening = None;
        self.session = session;
        self.diagnostics = Rc::new(diagnostics);
        let Some(setup) = setup else { return };
        self.stands_in = false;
        let (player, diverged) = self.player.moved_to(Rc::new(setup));
        self.notice = diverged.map(|diverged| {
            let at = diverged.at;
            if diverged.full {
                return Notice::of_run(format!(
                    "Step {at} is the last step of the run here: the run has reached its limit of work."
                ));
            }
            // A reader who had not come so far stays at the moment that is shown.
            let place = if at == 0 {
                "This is the beginning. From here on"
            } else if player.cursor() == at {
                "This is the moment before. From here on"
            } else {
                "From there on"
            };
            // A run that has parted once is followed again from its beginning: its length tells which one it is.
            let steps = self.player.chosen().1.len();
            Notice::of_run(format!(
                "Step {} of the run of {} can't happen now. {place} the run is another one.",
                at + 1,
                scene::steps(steps)
            ))
        });
        self.parted = self.notice.as_ref().map(|notice| notice.sentence.clone());
        self.player = player;
        self.check = Check::asked(self.jobs.number(Purpose::Check));
        self.grid = self.grid.moved_to(&self.player.setup().session, &mut self.jobs);
    }

    /// The page after something has happened.
    #[must_use]
    pub fn after(&self, act: Act) -> Lab {
        let mut lab = self.clone();
        lab.apply(act);
        lab
    }

    fn apply(&mut self, act: Act) {
        if self.put_off(&act) {
            return;
        }
        if let Act::Typed(of, source, text) = act {
            if self.texts(source) == of {
                self.apply(Act::Edit(source, text));
            }
            return;
        }
        self.part(&act);
        self.touched |= act.touches();
        self.lesson.see(act.leads_away(), false);
        // A notice is about the last action: after the next one it is no longer true, or no longer news.
        if act.is_a_deed() {
            self.notice = None;
        }
        let (run, setup) = (self.player.trace().clone(), self.player.setup().clone());
        let slug = self.session.slug.clone();
        let asked = match &act {
            Act::Option { name, .. } => Some(Switch::Option(name.clone())),
            Act::Case(_) => Some(Switch::Case),
            _ => None,
        };
        let before = asked.map(|asked| {
            let (player, report) = (self.player.clone(), self.check.report().cloned());
            Rc::new(Before { asked, player, report })
        });
        let sets = before.is_some() || matches!(act, Act::Setting(_));
        let may_concern_costs = !matches!(act, Act::Play(_));
        let others = !matches!(act, Act::Play(_) | Act::Edit(..));
        let shown = others.then(|| (self.session.clone(), self.timed.text().clone()));
        let reduces = matches!(act, Act::Necessary) && !self.reduced;
        let texts = sets.then(|| self.session.clone());
        let follows = matches!(act, Act::Follow(_) | Act::Opened);
        // A round of the costs is another scenario as well.
        let elsewhere = follows
            || matches!(
                act,
                Act::Open(_) | Act::New(_) | Act::Files(_) | Act::Home | Act::Lesson(_) | Act::Timed(_)
            );
        let (round, chapter) = (self.clock().is_some(), self.chapter);
        self.apply_to_run(act);
        if let Some((session, costs)) = shown {
            self.count_texts(&session, &costs);
        }
        self.chapter += u32::from(texts.is_some_and(|before| before != self.session));
        // A reader who leaves a round for another run wants to come back to it.
        if round && self.clock().is_none() && self.chapter == chapter && !follows {
            self.chapter += 1;
        }
        // A switch that waits until the texts compile gets an answer too, and the errors are told once more.
        let waits = sets && self.stale();
        if !Rc::ptr_eq(&setup, self.player.setup()) || before.is_some() && waits {
            self.before = before;
        }
        self.read_of_errors &= self.stale() && !waits;
        if !Rc::ptr_eq(&run, self.player.trace()) {
            self.why = None;
            self.reduced = reduces;
        }
        if elsewhere && !Rc::ptr_eq(&setup, self.player.setup()) {
            (self.settled, self.was) = (None, None);
        }
        if !Rc::ptr_eq(&setup, self.player.setup()) && self.session.slug != slug && !follows {
            self.counterpart = None;
        }
        self.fold_anew(!Rc::ptr_eq(&run, self.player.trace()), Rc::ptr_eq(&setup, self.player.setup()));
        let report = self.check.report();
        self.distances = self.distances.wanting(&self.player, report.map(|it| &**it), &mut self.jobs);
        // In a challenge it would give away where to look.
        let open = report.filter(|_| self.lesson.challenge().is_none());
        self.lost = self.lost.wanting(&self.player, open, &mut self.jobs);
        if may_concern_costs && self.timed.is_open() {
            self.timed = Rc::new(self.timed.wanting(&self.player.setup().session, &mut self.jobs));
        }
    }

    fn apply_to_run(&mut self, act: Act) {
        match act {
            Act::Play(what) => {
                self.unveil &=
                    matches!(what, PlayerAct::Tick(_) | PlayerAct::Speed(_) | PlayerAct::Faster(_));
                self.play(&what);
            }
            Act::Take(index) => self.take(index),
            Act::Open(_) if self.would_lose() => self.keep_texts(),
            Act::Open(slug) => {
                let own = own_name(&self.session);
                if self.open_library(&slug) {
                    self.notice = own.map(|own| Notice::done(left(&own)));
                    self.lesson.see(true, true);
                    self.chapter += 1;
                }
            }
            Act::New(slug) => self.begin_with(&slug),
            Act::Files(files) => self.open_files(&files),
            Act::Save => self.save(),
            Act::Follow(link) => {
                *self = self.clone().follow(&link);
                // Its address is in the address bar.
                self.touched = false;
            }
            Act::OpeningOn => self.opening = self.opening.as_ref().map(Opening::further),
            Act::Opened => self.end_opening(),
            Act::StopOpening => self.stop_opening(),
            Act::Home => self.go_home(),
            Act::Stop => self.check = self.check.stopped(&mut self.jobs),
            Act::Check => self.check = Check::asked(self.jobs.number(Purpose::Check)),
            Act::Case(case) => {
                self.unveil = false;
                self.turn_to(self.session.with_case(case));
            }
            Act::Option { name, choice } => self.switch(&name, &choice),
            Act::Setting(setting) => self.set(setting),
            // Told apart before.
            Act::Typed(..) => {}
            Act::Edit(COSTS, text) => self.timed = Rc::new(self.timed.edited(Some(&text))),
            Act::Reset(COSTS) => {
                self.chapter += u32::from(self.timed.is_edited());
                self.timed = Rc::new(self.timed.edited(None));
            }
            Act::Timed(what) => self.timed_by(&what),
            Act::Edit(source, text) => {
                self.unveil = false;
                let said = self.parted.clone();
                self.turn_to(self.session.edited(source, &text));
                // The run is followed again from its beginning with each edit. What has been said is not said again.
                self.notice = self.notice.take().filter(|_| self.parted != said);
            }
            Act::Reset(source) => self.reset(source),
            Act::RunTo(lines) => self.run_to(&lines),
            Act::Show(property) => self.show(property),
            Act::ShowLost => self.show_lost(),
            Act::Why => self.explain(false),
            Act::WhyHere => self.explain(true),
            Act::Came(number, said) => self.came(number, said),
            Act::Fold => self.fold(),
            Act::Unfold(step) => self.unfold(step),
            Act::Origin(step) => self.explain_origin(step),
            Act::EndWhy => self.why = None,
            Act::Seek(words) => self.sought = words.into(),
            Act::Lesson(ask) => self.lesson_by(ask),
            Act::Necessary => self.keep_necessary(),
            Act::Compare(counterpart) => {
                self.compared += u32::from(counterpart.is_some());
                self.counterpart = counterpart;
            }
            Act::Library(library) => self.library_is(library),
            Act::Heard(said) => said.iter().for_each(|said| self.hear(said)),
            Act::Silent(seconds) => self.silent = seconds,
            Act::Restart => (self.silent, self.restarts) = (None, self.restarts + 1),
            Act::Lost(why) => self.notice = Some(Notice::warning(why)),
            Act::Tell(sentence) => self.tell(sentence),
            Act::Dismiss => (self.notice, self.read_of_errors) = (None, self.stale()),
        }
    }

    fn go_home(&mut self) {
        self.lesson.leave();
        self.open_library(DEFAULT);
        self.touched = false;
    }

    fn reset(&mut self, source: SourceId) {
        let session = self.session.reset(source);
        // What was written is an entry to go back to.
        self.chapter += u32::from(session != self.session);
        self.turn_to(session);
    }

    /// Says something beside what is said already.
    fn tell(&mut self, sentence: String) {
        let also = self.notice.take();
        let warning = also.as_ref().is_some_and(|also| also.warning);
        let also = also.map(|also| format!(" {}", also.sentence)).unwrap_or_default();
        self.notice = Some(Notice { warning, ..Notice::done(sentence + &also) });
    }

    /// Counts the texts that are others than they were.
    fn count_texts(&mut self, session: &Session, costs: &str) {
        if *session != self.session {
            let kernel = |of: &Session| (of.kernel_name(), of.kernel());
            self.texts[0] += u32::from(session.experiment.scenario != self.session.experiment.scenario);
            self.texts[1] += u32::from(kernel(session) != kernel(&self.session));
        }
        self.texts[2] += u32::from(*costs != **self.timed.text());
    }

    fn take(&mut self, index: usize) {
        if let Some(&action) = self.player.enabled().get(index) {
            self.apply(Act::Play(PlayerAct::Choose(action)));
        }
    }

    fn switch(&mut self, name: &str, choice: &str) {
        self.unveil = false;
        let options = &self.player.machine().program().options;
        if let Some(option) = options.iter().find(|option| option.name == name) {
            let session = self.session.with_option(option, choice);
            self.turn_to(session);
        }
    }

    fn set(&mut self, setting: Setting) {
        let Setting { case, options, kernel } = setting;
        let base = |session: &Session| session.with_case(case).on_kernel(kernel.as_deref());
        // What is the default anyway is forgotten, so that links stay short.
        let (setup, _) = base(&self.setup().session).compile();
        let told = setup.map(|setup| setup.machine.program().options.clone()).unwrap_or_default();
        let mut session = base(&self.session);
        for (name, choice) in options {
            if let Some(option) = told.iter().find(|option| option.name == name) {
                session = session.with_option(option, &choice);
            }
        }
        self.turn_to(session);
        // A reader who asks for a verdict wants to see it.
        self.unveil = true;
    }

    fn show(&mut self, property: Property) {
        match self.check.witness(property) {
            // It is on the stage already: then it is played.
            Some(schedule) if schedule == self.player.trace().schedule() => {
                self.unveil = false;
                self.player = self.player.after(&PlayerAct::Toggle);
            }
            Some(schedule) => self.load(schedule),
            None => {}
        }
    }

    fn show_lost(&mut self) {
        let Some(lost) = self.lost.known().cloned() else { return };
        if *lost.schedule != self.player.trace().schedule() {
            self.load(lost.schedule.to_vec());
        }
        self.unveil = false;
        self.player = self.player.after(&PlayerAct::To(lost.from));
    }

    fn hear(&mut self, said: &FromExplorer) {
        match self.jobs.purpose(said) {
            Some(Purpose::Check) => {
                let Some(check) = self.check.hear(said) else { return };
                self.check = check;
                self.settle();
                self.unveil_headline();
                self.want_grid();
            }
            Some(Purpose::Distances) => {
                if let Some(distances) = self.distances.hear(said) {
                    self.distances = distances;
                }
            }
            Some(Purpose::Lost) => {
                if let Some(lost) = self.lost.hear(said) {
                    self.lost = lost;
                }
            }
            // The session on the stage, which the explorer was asked about.
            Some(Purpose::Grid) => {
                self.grid.hear(said);
            }
            Some(purpose @ (Purpose::Timed | Purpose::Curve)) => {
                Rc::make_mut(&mut self.timed).hear(purpose, said);
            }
            None => {}
        }
    }

    fn keep_necessary(&mut self) {
        self.unveil = false;
        if self.reduced {
            self.player = self.player.after(&PlayerAct::Restore);
            self.notice = None;
            return;
        }
        let Some(core) = self.player.core() else { return };
        let (left, all) = (core.schedule.len(), self.player.trace().len());
        let end = if core.irreducible {
            ""
        } else {
            " Perhaps more steps can be left out: the search for them took too long."
        };
        let sentence = if left == all {
            format!("All {all} steps are needed: without any one of them this does not happen.{end}")
        } else {
            format!("{left} of the {all} steps are needed for this; the others are left out.{end}")
        };
        if left < all {
            self.player = self.player.after(&PlayerAct::Reduce(core.schedule));
        }
        self.notice = Some(Notice::of_run(sentence));
    }

    fn unveil_headline(&mut self) {
        let Some(report) = self.check.report().cloned().filter(|_| self.unveil) else { return };
        self.unveil = false;
        if self.unveil_moment(&report) {
            return;
        }
        if let Some((_, schedule)) = verdict::headline(&report, self.player.machine().program()) {
            self.load(schedule);
        }
    }

    fn load(&mut self, schedule: Vec<machine::Action>) {
        let end = schedule.len();
        self.unveil = false;
        self.notice = self.notice.take().filter(|notice| !notice.of_run);
        self.player = self.player.after(&PlayerAct::Load(schedule, end));
    }
}

#[cfg(test)]
pub(crate) mod tests;
