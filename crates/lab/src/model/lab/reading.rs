//! What there is to read in a lab.

use super::{Lab, Notice};
use crate::model::about::About;
use crate::model::before::Before;
use crate::model::comparison::Counterpart;
use crate::model::control::ControlAnswer;
use crate::model::distances::Distances;
use crate::model::folding::Folding;
use crate::model::grid::Grid;
use crate::model::jobs::Purpose;
use crate::model::lesson::Lesson;
use crate::model::library::Library;
use crate::model::lost::Lost;
use crate::model::opening::Opening;
use crate::model::permalink;
use crate::model::player::{Player, PlayerAct};
use crate::model::session::{Session, Setup};
use crate::model::timed::Timed;
use crate::model::verdict::Check;
use lang::diagnostic::Diagnostic;
use lang::program::ProgramOption;
use lang::source::SourceId;
use protocol::ToExplorer;
use std::rc::Rc;

impl Lab {
    /// A link whose run is being followed.
    #[must_use]
    pub fn opening(&self) -> Option<&Opening> {
        self.opening.as_ref()
    }

    /// How much of the library there is.
    #[must_use]
    pub fn library(&self) -> &Library {
        &self.library
    }

    /// Whether somebody has asked for something that waits for the library.
    #[must_use]
    pub fn waits(&self) -> bool {
        self.waiting.is_some()
    }

    /// The texts as they are.
    #[must_use]
    pub fn session(&self) -> &Session {
        &self.session
    }

    /// How many times a text has become another one by anything but an edit. What is written in a field that shows an earlier
    /// one is part of none.
    #[must_use]
    pub fn texts(&self, source: SourceId) -> u32 {
        self.texts.get(usize::from(source.0)).copied().unwrap_or_default()
    }

    /// The texts that were saved last.
    #[must_use]
    pub fn saved(&self) -> Option<&Rc<Session>> {
        self.saved.as_ref()
    }

    /// The compiler's messages about them.
    #[must_use]
    pub fn diagnostics(&self) -> &Rc<Vec<Diagnostic>> {
        &self.diagnostics
    }

    /// The options of the machine on the stage, as the reader has set them: a choice of which there is no machine shows, too.
    #[must_use]
    pub fn options(&self) -> Vec<ProgramOption> {
        let mut options = self.player.machine().program().options.clone();
        for (name, choice) in &self.session.experiment.selection.options {
            let option = options.iter_mut().find(|option| option.name == *name);
            if let Some((option, chosen)) = option.and_then(|option| {
                option.choices.iter().position(|there| there == choice).map(|at| (option, at))
            }) {
                option.chosen = u8::try_from(chosen).unwrap_or(option.chosen);
            }
        }
        options
    }

    /// The player.
    #[must_use]
    pub fn player(&self) -> &Player {
        &self.player
    }

    /// What the player plays on.
    #[must_use]
    pub fn setup(&self) -> &Rc<Setup> {
        self.player.setup()
    }

    /// What the explorer has said.
    #[must_use]
    pub fn check(&self) -> &Check {
        &self.check
    }

    /// Whether the page may keep showing `shown` until this lab has its verdict: another check has been asked for, and
    /// the reader is not editing the texts.
    #[must_use]
    pub fn comes_after(&self, shown: &Lab) -> bool {
        let (now, then) = (&self.session, &shown.session);
        let same_texts = now.same_texts(then);
        self.check.job != shown.check.job && (now.slug != then.slug || same_texts)
    }

    /// The number of what was last asked for a purpose.
    #[must_use]
    pub fn job(&self, purpose: Purpose) -> u32 {
        match purpose {
            Purpose::Check => self.check.job,
            Purpose::Distances => self.distances.job(),
            Purpose::Lost => self.lost.job(),
            Purpose::Grid => self.grid.job(),
            Purpose::Timed | Purpose::Curve => self.timed.job(purpose),
        }
    }

    /// The message that asks it, or cancels the question before; nothing if there is nothing to ask.
    #[must_use]
    pub fn request(&self, purpose: Purpose) -> Option<ToExplorer> {
        match purpose {
            Purpose::Check => Some(self.check.request(&self.setup().session)),
            Purpose::Distances => self.distances.request(),
            Purpose::Lost => self.lost.request(),
            Purpose::Grid => self.grid.request(),
            Purpose::Timed | Purpose::Curve => self.timed.request(purpose),
        }
    }

    /// What it has said about all settings.
    #[must_use]
    pub fn grid(&self) -> &Grid {
        &self.grid
    }

    /// What it has said about how far the run is from the violation.
    #[must_use]
    pub fn distances(&self) -> &Distances {
        &self.distances
    }

    /// What it has said about where the run of the verdict was lost.
    #[must_use]
    pub fn lost(&self) -> &Lost {
        &self.lost
    }

    /// What kernels cost.
    #[must_use]
    pub fn timed(&self) -> &Rc<Timed> {
        &self.timed
    }

    /// The step that is explained.
    #[must_use]
    pub fn why(&self) -> Option<u32> {
        self.why
    }

    /// How control came to that step, if that is told.
    #[must_use]
    pub fn control(&self) -> Option<&ControlAnswer> {
        self.control.as_ref().filter(|_| self.why.is_some())
    }

    /// The number of the question how control came to a step, and the step, if an answer is wanted.
    #[must_use]
    pub fn asks_control(&self) -> Option<(u32, u32)> {
        Some((self.control()?.asks()?, self.why?))
    }

    /// What is folded of the run.
    #[must_use]
    pub fn folding(&self) -> Option<&Folding> {
        self.folding.as_ref()
    }

    /// Whether the reader has steps folded that only one CPU can see.
    #[must_use]
    pub fn folds(&self) -> bool {
        self.folding.is_some()
    }

    /// The words that are looked for in the run.
    #[must_use]
    pub fn sought(&self) -> &Rc<str> {
        &self.sought
    }

    /// The tour or the challenge that the reader is in.
    #[must_use]
    pub fn lesson(&self) -> &Lesson {
        &self.lesson
    }

    /// Whether the run has been reduced to its necessary steps.
    #[must_use]
    pub fn reduced(&self) -> bool {
        self.reduced
    }

    /// The other machine that the run is followed on; nothing while that is the machine on the stage.
    #[must_use]
    pub fn counterpart(&self) -> Option<&Counterpart> {
        self.counterpart.as_ref().filter(|other| !other.is_on_stage(self.setup()))
    }

    /// How many times the reader has asked for another machine to follow the run on.
    #[must_use]
    pub fn compared(&self) -> u32 {
        self.compared
    }

    /// What was on the page before the last switch or case.
    #[must_use]
    pub fn before(&self) -> Option<&Rc<Before>> {
        self.before.as_ref()
    }

    /// Whether the reader has read that the texts have errors.
    #[must_use]
    pub fn read_of_errors(&self) -> bool {
        self.read_of_errors
    }

    /// Something to tell the reader.
    #[must_use]
    pub fn notice(&self) -> Option<&Notice> {
        self.notice.as_ref()
    }

    /// Whether the reader has done something.
    #[must_use]
    pub fn touched(&self) -> bool {
        self.touched
    }

    /// What a verdict is about.
    #[must_use]
    pub fn about(&self) -> About {
        About::of(&self.setup().session, self.stale(), self.stands_in)
    }

    /// For how many seconds the explorer has not answered, if that is long.
    #[must_use]
    pub fn silent(&self) -> Option<u32> {
        self.silent
    }

    /// How many times the reader has had the explorer started anew.
    #[must_use]
    pub fn restarts(&self) -> u32 {
        self.restarts
    }

    /// How many scenarios, kernels, cases and switches the reader has chosen.
    #[must_use]
    pub fn chapter(&self) -> u32 {
        self.chapter
    }

    /// Whether the stage never showed the texts in the editor.
    #[must_use]
    pub fn stands_in(&self) -> bool {
        self.stands_in
    }

    /// The texts of which a case may be chosen: none, if other texts stand in for them on the stage, whose switches are shown.
    #[must_use]
    pub fn offers_cases_of(&self) -> Option<&Session> {
        (!self.stands_in).then_some(&self.session)
    }

    /// The link to everything: the texts as they stand, the run, the moment.
    #[must_use]
    pub fn link(&self) -> String {
        self.link_with(self.timed.linked())
    }

    /// The same with another table of costs.
    #[must_use]
    pub fn link_with(&self, timed: Option<link::TimedTable>) -> String {
        let link = permalink::of_texts(&self.session, &self.player, self.counterpart());
        link::encode(&link::Link { timed, ..link })
    }

    /// The same at the beginning of the run; nothing if that is the moment shown.
    #[must_use]
    pub fn link_at_start(&self) -> Option<String> {
        let start = self.player.after(&PlayerAct::To(0));
        (self.player.cursor() > 0).then(|| {
            let link = permalink::of_texts(&self.session, &start, self.counterpart());
            link::encode(&link::Link { timed: self.timed.linked(), ..link })
        })
    }

    /// The texts have errors: what is on the stage is the last good machine.
    #[must_use]
    pub fn stale(&self) -> bool {
        self.setup().session != self.session
    }
}
