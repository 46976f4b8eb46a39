//! What the lab does about costs: a round of a timed run comes onto the stage.

use super::Lab;
use crate::model::player::Player;
use crate::model::session::Session;
use crate::model::timed::TimedAct;
use explore::Trace;
use machine::Action;
use std::rc::Rc;

impl Lab {
    pub(super) fn timed_by(&mut self, what: &TimedAct) {
        self.timed = Rc::new(self.timed.after(what, &mut self.jobs));
        if let TimedAct::Stage(kernel) = what {
            self.stage_round(kernel);
        }
    }

    /// Shows what a link shows of costs, and asks for it.
    pub(super) fn time_by_link(&mut self, linked: Option<link::Timed>) {
        let timed = self.timed.following(linked);
        self.timed = Rc::new(timed.wanting(&self.player.setup().session, &mut self.jobs));
    }

    /// Puts one round of each block on the stage, as clock, costs and seed decide it.
    fn stage_round(&mut self, kernel: &str) {
        let Some((experiment, codes)) = self.timed.staged(kernel) else { return };
        let schedule: Vec<Action> = codes.iter().map_while(|&code| Action::from_code(code)).collect();
        let session = Session::of(experiment);
        let (setup, diagnostics) = session.compile();
        let Some(setup) = setup else { return };
        let (trace, _) = Trace::replay(&setup.machine, &schedule);
        self.session = session;
        self.diagnostics = Rc::new(diagnostics);
        self.opening = None;
        self.counterpart = None;
        self.chapter += 1;
        self.arrive(Player::at(Rc::new(setup), trace, 0));
    }
}
