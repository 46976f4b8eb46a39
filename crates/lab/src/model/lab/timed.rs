//! What the lab does about costs: a round of a timed run comes onto the stage.

use super::{Lab, Notice};
use crate::model::act::Act;
use crate::model::player::{Player, PlayerAct};
use crate::model::timed::TimedAct;
use crate::model::timed::clock::{Clock, Staged};
use explore::Trace;
use std::rc::Rc;

impl Lab {
    pub(super) fn timed_by(&mut self, what: &TimedAct) {
        self.timed = Rc::new(self.timed.after(what, &mut self.jobs));
        match what {
            // In the overview, all columns show one number.
            TimedAct::Stage(kernel, column) => self.stage_round(kernel, self.timed.number().or(*column)),
            TimedAct::Witness(kernel) => self.stage_violation(kernel),
            TimedAct::Back => self.come_back(),
            _ => {}
        }
    }

    /// Notes what a round or a violation takes the place of, unless that is from the table as well.
    pub(super) fn part(&mut self, act: &Act) {
        let stages = matches!(act, Act::Timed(TimedAct::Stage(..) | TimedAct::Witness(_)));
        if stages && self.staged().is_none() {
            self.left = Some(Rc::new(Lab { left: None, ..self.clone() }));
        }
    }

    /// Puts back what was on the stage.
    fn come_back(&mut self) {
        let Some(left) = self.left.take().filter(|_| self.staged().is_some()) else { return };
        self.session = left.session.clone();
        self.diagnostics = left.diagnostics.clone();
        self.counterpart.clone_from(&left.counterpart);
        self.arrive(left.player.after(&PlayerAct::Pause));
        self.stands_in = left.stands_in;
        // A reader who has left the tour or a challenge meanwhile does not find it open again.
        if self.lesson.course() == left.lesson.course() {
            self.lesson = left.lesson.clone();
        }
        (self.staged, self.clock) = (None, None);
        self.chapter += 1;
    }

    /// Shows what a link shows of costs, and asks for it.
    pub(super) fn time_by_link(&mut self, linked: Option<link::TimedTable>) {
        let timed = self.timed.following(linked);
        self.timed = Rc::new(timed.wanting(&self.player.setup().session, &mut self.jobs));
        self.clock = self.timed.clock_of(self.player.setup(), &self.player.trace().schedule());
        self.staged = self.timed.staged_by(self.player.setup());
    }

    /// Puts one round of each block on the stage, as clock, costs and seed decide it, and shows the step that a column
    /// counts first.
    fn stage_round(&mut self, kernel: &str, column: Option<usize>) {
        let Some((clock, place)) = self.timed.round(kernel, column) else { return };
        let (trace, _) = Trace::replay(&clock.setup().machine, &clock.round.schedule);
        self.session = clock.setup().session.clone();
        self.diagnostics = Rc::default();
        self.opening = None;
        self.counterpart = None;
        self.chapter += 1;
        self.rounds += 1;
        self.staged = Some(Staged::of(kernel, &self.session));
        self.arrive(Player::at(clock.setup().clone(), trace, place.unwrap_or(0)));
        let column = column.and_then(|column| cost::SHOWN.get(column));
        if let (Some(column), None) = (column, place) {
            let meaning = column.meaning;
            let sentence =
                format!("One round on {kernel} has nothing that this column counts. The column: {meaning}");
            self.notice = Some(Notice::of_run(sentence));
        }
        self.clock = Some(clock);
    }

    /// Puts the workload on a kernel on the stage. When the explorer has its verdict, the shortest way to the violation is loaded.
    fn stage_violation(&mut self, kernel: &str) {
        let Some(setup) = self.timed.setup(kernel) else { return };
        let (trace, _) = Trace::replay(&setup.machine, &[]);
        self.session = setup.session.clone();
        self.diagnostics = Rc::default();
        self.opening = None;
        self.counterpart = None;
        self.chapter += 1;
        self.rounds += 1;
        self.staged = Some(Staged::of(kernel, &self.session));
        self.arrive(Player::at(Rc::new(setup), trace, 0));
        self.clock = None;
        self.unveil = true;
    }

    /// The clock of the run on the stage, if it is a round that the clock has decided.
    #[must_use]
    pub fn clock(&self) -> Option<&Clock> {
        self.clock.as_ref().filter(|clock| clock.tells(self.player.setup(), self.player.trace()))
    }

    /// The kernel that was put on the stage from the table of costs, as long as its workload is there: whatever run, case or
    /// switch the reader has turned to meanwhile.
    #[must_use]
    pub fn staged(&self) -> Option<&str> {
        let staged = self.staged.as_ref().filter(|staged| staged.is_on(&self.player.setup().session));
        staged.map(|staged| &*staged.kernel)
    }

    /// Whether the page waits for the explorer's verdict, to show the run that belongs to it.
    #[must_use]
    pub fn unveils(&self) -> bool {
        self.unveil && self.check.report().is_none()
    }

    /// How many rounds have been put on the stage.
    #[must_use]
    pub fn rounds(&self) -> u32 {
        self.rounds
    }
}
