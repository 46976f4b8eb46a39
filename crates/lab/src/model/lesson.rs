//! The tour and the challenges, as far as the page keeps account of them: where in them the reader is, what was bet,
//! what the explorer has found out about a challenge. What happens to the stage is in `lab/lesson.rs`.

use crate::model::session::Session;
use guide::{Challenge, TourMoment};
use lang::source::SourceId;
use std::rc::Rc;

/// Where the reader is, and what is known there.
#[derive(Clone, Debug)]
pub struct Lesson {
    /// The tour.
    pub moments: Rc<Vec<TourMoment>>,
    /// The challenges.
    pub challenges: Rc<Vec<Challenge>>,
    on: Option<Course>,
    /// How many times the tour or a challenge has been opened.
    entered: u32,
    /// The moment of the tour that was open last: a reader who left comes back to it.
    last: usize,
    /// The bet on "it can still go wrong".
    bet: Option<bool>,
    /// The answer has been asked for, with a bet or without one.
    answered: bool,
    /// The reader has done something else since the moment or the challenge was opened.
    wandered: bool,
    /// The fewest changes that make a kernel safe.
    fewest: Option<Rc<Switches>>,
    /// The link to a solution, once asked for.
    solution: Option<String>,
}

/// The tour or the challenge that the reader is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Course {
    /// The tour, at a moment.
    Tour(usize),
    /// A challenge.
    Challenge(usize),
}

/// Options to be changed: names and choices.
pub type Switches = Vec<(String, String)>;

/// The acts of the tour and of challenges.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LessonAct {
    /// A bet: that it can still go wrong, or not.
    Bet(bool),
    /// The answer without a bet.
    Answer,
    /// Return to the beginning of the moment or the challenge.
    Again,
    /// Leave the tour or the challenge.
    Leave,
    /// These changes make a kernel safe, and no fewer do.
    Fewest(Switches),
    /// A solution.
    Solve,
}

impl Default for Lesson {
    fn default() -> Lesson {
        Lesson {
            moments: Rc::new(guide::tour()),
            challenges: Rc::new(guide::challenges()),
            on: None,
            entered: 0,
            last: 0,
            bet: None,
            answered: false,
            wandered: false,
            fewest: None,
            solution: None,
        }
    }
}

/// So many characters of an unknown name are said.
const LONGEST: usize = 40;

impl Lesson {
    /// The course that an address leads to, and the link to a run on which the reader has wandered there: `tour/SLUG` or
    /// `tour/SLUG/LINK`. Without a name, it leads to the first one.
    #[must_use]
    pub fn find<'a>(&self, address: &'a str) -> Option<(Course, Option<&'a str>)> {
        match address.trim_end_matches('/') {
            "tour" => return (!self.moments.is_empty()).then_some((Course::Tour(0), None)),
            "challenge" => return (!self.challenges.is_empty()).then_some((Course::Challenge(0), None)),
            _ => {}
        }
        let (kind, rest) = address.split_once('/')?;
        let (slug, link) = rest.split_once('/').map_or((rest, None), |(slug, link)| (slug, Some(link)));
        let course = match kind {
            "tour" => self.moments.iter().position(|moment| moment.slug == slug).map(Course::Tour),
            "challenge" => {
                self.challenges.iter().position(|challenge| challenge.slug == slug).map(Course::Challenge)
            }
            _ => None,
        }?;
        Some((course, link))
    }

    /// What to say of an address that is meant to lead to the tour or to a challenge, and does not.
    #[must_use]
    pub fn astray(&self, address: &str) -> Option<String> {
        let (kind, slug) = address.split_once('/')?;
        let (what, known): (_, Vec<&str>) = match kind {
            "tour" => ("The tour has no moment", self.moments.iter().map(|moment| moment.slug).collect()),
            "challenge" => {
                ("There is no challenge", self.challenges.iter().map(|challenge| challenge.slug).collect())
            }
            _ => return None,
        };
        let slug: String = slug.split('/').next().unwrap_or_default().chars().take(LONGEST).collect();
        Some(format!("{what} \u{201c}{slug}\u{201d}. There are: {}.", known.join(", ")))
    }

    /// The address of the moment or the challenge that is open.
    #[must_use]
    pub fn address(&self) -> Option<String> {
        let moment = |index: usize| self.moments.get(index).map(|moment| format!("tour/{}", moment.slug));
        match self.on? {
            Course::Tour(index) => moment(index),
            Course::Challenge(_) => self.challenge().map(|challenge| format!("challenge/{}", challenge.slug)),
        }
    }

    /// The address of the tour: of the moment that was open last.
    #[must_use]
    pub fn tour_address(&self) -> Option<String> {
        self.moments.get(self.last).map(|moment| format!("tour/{}", moment.slug))
    }

    /// The address of the tour and its length, if it begins on this scenario. An edited text is another scenario, which
    /// the tour is not about.
    #[must_use]
    pub fn tour_of(&self, session: &Session) -> Option<(String, usize)> {
        let first = self.moments.first().filter(|moment| moment.setting.scenario == session.slug)?;
        if session.is_edited(SourceId::SCENARIO) {
            return None;
        }
        Some((format!("tour/{}", first.slug), self.moments.len()))
    }

    /// The tour or the challenge that the reader is in.
    #[must_use]
    pub fn course(&self) -> Option<Course> {
        self.on
    }

    /// How many times the tour or a challenge has been opened: also the one that is open already.
    #[must_use]
    pub fn entered(&self) -> u32 {
        self.entered
    }

    /// The moment of the tour that is open.
    #[must_use]
    pub fn moment(&self) -> Option<&TourMoment> {
        match self.on? {
            Course::Tour(index) => self.moments.get(index),
            Course::Challenge(_) => None,
        }
    }

    /// The challenge that is open.
    #[must_use]
    pub fn challenge(&self) -> Option<&Challenge> {
        match self.on? {
            Course::Tour(_) => None,
            Course::Challenge(index) => self.challenges.get(index),
        }
    }

    /// The bet.
    #[must_use]
    pub fn bet(&self) -> Option<bool> {
        self.bet
    }

    /// Whether the answer to the bet is shown.
    #[must_use]
    pub fn answered(&self) -> bool {
        self.answered
    }

    /// Whether the moment that is open asks for a bet, and its answer is not shown.
    #[must_use]
    pub fn asks(&self) -> bool {
        !self.answered && self.moment().is_some_and(|moment| moment.bet.is_some())
    }

    /// The reader has done something else.
    #[must_use]
    pub fn wandered(&self) -> bool {
        self.wandered
    }

    /// The fewest changes that make the kernel of this challenge safe.
    #[must_use]
    pub fn fewest(&self) -> Option<&Rc<Switches>> {
        self.fewest.as_ref()
    }

    /// The link to a solution.
    #[must_use]
    pub fn solution(&self) -> Option<&str> {
        self.solution.as_deref()
    }

    /// The tour or a challenge begins.
    pub(crate) fn enter(&mut self, course: Course) {
        if let Course::Tour(index) = course {
            self.last = index;
        }
        let again = self.on == Some(course);
        let fewest = self.fewest.take().filter(|_| again);
        self.entered += 1;
        self.leave();
        *self = Lesson { on: Some(course), fewest, ..self.clone() };
    }

    /// The tour or the challenge is over.
    pub(crate) fn leave(&mut self) {
        *self = Lesson {
            on: None,
            bet: None,
            answered: false,
            wandered: false,
            fewest: None,
            solution: None,
            ..self.clone()
        };
    }

    /// The moment or the challenge is on the stage as it was meant.
    pub(crate) fn arrive(&mut self) {
        self.wandered = false;
    }

    pub(crate) fn answer(&mut self, bet: Option<bool>) {
        (self.bet, self.answered) = (bet, true);
    }

    pub(crate) fn know(&mut self, fewest: Switches) {
        self.fewest = Some(Rc::new(fewest));
    }

    pub(crate) fn offer(&mut self, solution: String) {
        self.solution = Some(solution);
    }

    /// A link is followed. One that leads out of the course ends it; a challenge's own solution doesn't, nor does one to which the
    /// reader had wandered.
    pub(crate) fn follow(&mut self, link: &str) {
        let within = self.on.is_some() && self.find(link).map(|(course, _)| course) == self.on;
        if within || self.solution.as_deref() == Some(link) {
            self.wandered = true;
        } else {
            self.leave();
        }
    }

    /// The reader does something: it leads away from what was written, or even opens another scenario.
    pub(crate) fn see(&mut self, leads_away: bool, opens: bool) {
        self.wandered |= leads_away && self.on.is_some();
        if opens && matches!(self.on, Some(Course::Challenge(_))) {
            self.leave();
        }
    }
}
