//! What a reader asks of a step: what it rests on, and how control came to it.

use super::{Lab, Notice};
use crate::model::control::ControlAnswer;
use crate::model::player::PlayerAct;

impl Lab {
    /// Why the step that shows was taken: how control came to it, or else what it rests on. Asked once more, it is put away.
    pub(super) fn explain(&mut self, of_control: bool) {
        let step = u32::try_from(self.player.cursor()).ok().filter(|&step| step > 0);
        self.unveil = false;
        self.player = self.player.after(&PlayerAct::Pause);
        let open = self.why.is_some() && self.control.is_some() == of_control;
        // What a step rests on is asked further and further back, how control came of the step that shows.
        self.why = match of_control {
            true => step.filter(|_| !open || self.why != step),
            false if open => None,
            false => self.why.or(step),
        };
        self.controls += u32::from(of_control);
        self.control = of_control.then(|| ControlAnswer::asked(self.controls));
    }

    /// Where what stands on the stage comes from: a step, or the beginning of the run.
    pub(super) fn explain_origin(&mut self, step: Option<u32>) {
        self.unveil = false;
        self.player = self.player.after(&PlayerAct::Pause);
        self.why = step.filter(|_| self.why != step || self.control.is_some());
        self.control = None;
        let beginning = || Notice::of_run("This has been so from the beginning of the run.".to_owned());
        self.notice = step.is_none().then(beginning);
    }

    /// How control came to a step has been found.
    pub(super) fn came(&mut self, number: u32, said: Option<String>) {
        self.control = self.control.take().map(|control| control.heard(number, said));
    }
}
