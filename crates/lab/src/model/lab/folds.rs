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
            None => Some(Folding::of(&self.player, self.counterpart())),
        };
        if let Some(folding) = self.folding.as_ref().filter(|folding| folding.is_empty()) {
            let commutes = explore::Commuting::commutes(self.player.machine());
            self.notice = Some(Notice::of_run(match folding.beside() {
                Some(_) if commutes => "Nothing is folded: no step is the same in both runs and seen by one CPU alone.".to_owned(),
                None if commutes => "Nothing is folded: other CPUs can see each step of this run.".to_owned(),
                _ => "Nothing is folded: for a scenario like this one it is not known which steps only one CPU can see.".to_owned(),
            }));
        }
    }

    /// Opens the fold with a step.
    pub(super) fn unfold(&mut self, step: u32) {
        self.folding = self.folding.as_ref().map(|folding| folding.opened(step));
    }

    /// Another run is on the stage, or another machine's run beside it; what is open stays open while it is one of the same machine.
    pub(super) fn fold_anew(&mut self, ran: bool, same: bool) {
        if let Some(before) =
            self.folding.as_ref().filter(|folding| ran || folding.beside() != self.counterpart())
        {
            let folding = Folding::of(&self.player, self.counterpart());
            self.folding = Some(if same { folding.open_as(before) } else { folding });
        }
    }
}
