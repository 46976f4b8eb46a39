//! How a run reaches the stage from elsewhere: by a link, or from the library. And how the library itself
//! arrives.

use super::{Lab, Notice};
use crate::model::act::Act;
use crate::model::jobs::Purpose;
use crate::model::library::{self, Library};
use crate::model::opening::Opening;
use crate::model::permalink::{self, Broken, Opened, Unopened};
use crate::model::player::Player;
use crate::model::timed::TimedAct;
use crate::model::verdict::Check;
use link::Link;
use std::rc::Rc;

impl Lab {
    /// Opens a link: of a moment, of the tour, of a challenge.
    pub(super) fn follow(mut self, address: &str) -> Lab {
        let slug = self.session.slug.clone();
        let mut link = address;
        if let Some((course, within)) = self.lesson.find(address) {
            self.begin(course);
            self.counterpart = self.counterpart.take().filter(|_| self.session.slug == slug);
            match within {
                Some(within) => link = within,
                None => return self,
            }
        } else if let Some(sentence) = self.lesson.astray(address) {
            return self.stays(&sentence);
        }
        self.opening = None;
        match permalink::begin(link) {
            Ok(begun) => match Opening::soon_done(begun, address) {
                Ok(opened) => {
                    self.lesson.follow(address);
                    self.opened(opened);
                }
                Err(opening) => self.opening = Some(opening),
            },
            Err(Unopened::Broken(broken)) => {
                self.lesson.follow(address);
                let Broken { session, player, link } = *broken;
                self.diagnostics = Rc::new(session.compile().1);
                self.session = session;
                self.notice = None;
                // A page that opens with this shows the shortest run of what stands there, like one that opens without a link.
                let unveil = self.unveil && player.is_none();
                let player = player.unwrap_or_else(|| self.player.clone());
                self.arrive(player);
                self.unveil = unveil;
                self.besides(link);
                self.stands_in = true;
                self.counterpart = None;
            }
            Err(Unopened::Refused(sentence)) => return self.stays(&sentence),
        }
        self
    }

    /// An address leads nowhere.
    fn stays(mut self, sentence: &str) -> Lab {
        let shown = &self.player.machine().program().name;
        self.notice = Some(Notice::warning(format!("{sentence} What you see is {shown}.")));
        self
    }

    /// A link has been opened.
    pub(super) fn opened(&mut self, opened: Opened) {
        self.session = opened.player.setup().session.clone();
        self.diagnostics = Rc::default();
        let reproduced = opened.outcome == link::Outcome::Reproduced;
        let mut sentence = opened.outcome.to_string();
        self.arrive(opened.player);
        self.counterpart = opened.counterpart;
        self.besides(opened.link);
        if let Some(words) = self.about().words() {
            sentence += &format!(" What it shows is {words}.");
        }
        if let Some(words) = self.setup().session.chosen() {
            sentence += &format!(" Changed from the library: {words}.");
        }
        if let Some(why) = opened.incomparable {
            sentence += &format!(" {why}");
        }
        let warning = !reproduced || opened.incomparable.is_some();
        self.notice = Some(Notice { warning, of_run: false, sentence });
    }

    /// What a link shows beside the run: a new field of a link has its line here, and in `Lab::link_with`.
    fn besides(&mut self, link: Link) {
        self.time_by_link(link.timed);
    }

    /// The link that was followed in slices is at its end.
    pub(super) fn end_opening(&mut self) {
        let Some(opening) = self.opening.take() else { return };
        let link = opening.link().clone();
        if let Some(opened) = opening.end() {
            self.lesson.follow(&link);
            self.opened(opened);
            self.touched = false;
        }
    }

    /// The page waits for the link no longer.
    pub(super) fn stop_opening(&mut self) {
        if self.opening.take().is_some() {
            let sentence = "The link was not opened: its run was stopped before its end.".to_owned();
            self.notice = Some(Notice::warning(sentence));
        }
    }

    /// Puts the contents of a link on the stage, at the link's moment.
    pub(super) fn arrive(&mut self, player: Player) {
        self.unveil = false;
        self.stands_in = false;
        self.check = Check::asked(self.jobs.number(Purpose::Check));
        self.player = player;
        self.grid = self.grid.moved_to(&self.player.setup().session, &mut self.jobs);
    }

    /// Whether the library has to come before something can be done; then that waits for it.
    pub(super) fn put_off(&mut self, act: &Act) -> bool {
        let needs = match act {
            Act::Open(slug) => !gallery::at_once(slug),
            Act::Follow(link) => library::needed(&self.lesson, link),
            // A text may use any kernel of the library.
            Act::New(_) | Act::Files(_) | Act::Timed(TimedAct::Open) => true,
            _ => false,
        };
        let waits = needs && self.library != Library::Here;
        if waits {
            self.waiting = Some(Box::new(act.clone()));
        }
        waits
    }

    /// The library has come, or not. What was not found in it is looked for once more.
    pub(super) fn library_is(&mut self, library: Library) {
        self.library = library;
        if self.library == Library::Here {
            let session = self.session.found();
            if session != self.session || self.stale() {
                let notice = self.notice.take();
                self.turn_to(session);
                self.notice = notice;
            }
            if let Some(act) = self.waiting.take() {
                self.apply(*act);
            }
        }
        self.want_grid();
    }

    /// Asks for the verdicts under all settings, once there is one at all and all kernels are known.
    pub(super) fn want_grid(&mut self) {
        if self.check.report().is_some() && self.library != Library::Coming {
            self.grid = self.grid.wanting(self.player.setup(), &mut self.jobs);
        }
    }

    /// Replaces everything with a scenario of the library; whether there is one.
    pub(super) fn open_library(&mut self, slug: &str) -> bool {
        let Some(opened) = Lab::at(slug) else { return false };
        let mut jobs = self.jobs;
        let check = Check::asked(jobs.number(Purpose::Check));
        let grid = self.grid.moved_to(&opened.session, &mut jobs);
        let (lesson, distances, chapter) = (self.lesson.clone(), self.distances.clone(), self.chapter);
        let lost = self.lost.clone();
        let (library, timed, rounds) = (self.library.clone(), self.timed.clone(), self.rounds);
        let texts = self.texts;
        let (touched, saved, compared) = (true, self.saved.clone(), self.compared);
        let (silent, restarts) = (self.silent, self.restarts);
        *self = Lab {
            check,
            grid,
            distances,
            lost,
            timed,
            rounds,
            compared,
            texts,
            lesson,
            jobs,
            touched,
            saved,
            chapter,
            library,
            silent,
            restarts,
            ..opened
        };
        true
    }
}
