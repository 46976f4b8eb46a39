//! What a lab folds, and stepping over it.

use super::{Lab, Notice};
use crate::model::folding::Folding;
use crate::model::player::PlayerAct;

impl Lab {
    /// The player is asked for something. Step by step, a reader goes over what is folded.
    pub(super) fn play(&mut self, what: &PlayerAct) {
        let before = self.player.cursor();
        self.player = self.player.after(what);
        let forward = match what {
            PlayerAct::Forward | PlayerAct::Tick(_) => true,
            PlayerAct::Back => false,
            _ => return,
        };
        let cursor = self.player.cursor();
        if let Some(folding) = self.folding().filter(|_| cursor != before) {
            self.player = self.player.past(folding.past(cursor, forward));
        }
    }

    /// Folds, or unfolds all.
    pub(super) fn fold(&mut self) {
        self.folding = match self.folding {
            Some(_) => None,
            None => Some(Folding::of(self.player.machine(), self.player.trace())),
        };
        if self.folding.as_ref().is_some_and(Folding::is_empty) {
            self.notice = Some(Notice::of_run(match explore::Commuting::commutes(self.player.machine()) {
                true => "Nothing is folded: other CPUs can see each step of this run.".to_owned(),
                false => "Nothing is folded: for a scenario like this one it is not known which steps only one CPU can see.".to_owned(),
            }));
        }
    }

    /// Opens the fold with a step.
    pub(super) fn unfold(&mut self, step: u32) {
        self.folding = self.folding.as_ref().map(|folding| folding.opened(step));
    }

    /// Another run is on the stage; what is open stays open while it is one of the same machine.
    pub(super) fn fold_anew(&mut self, same: bool) {
        if let Some(before) = &self.folding {
            let folding = Folding::of(self.player.machine(), self.player.trace());
            self.folding = Some(if same { folding.open_as(before) } else { folding });
        }
    }
}
