//! IPIs and their answers, from step to step, and the IPIs that were not sent.

use crate::name;
use crate::view::{MessageKind, MessageView};
use explore::Step;
use machine::{Action, Event, What};

/// Messages under way.
#[derive(Default)]
pub(super) struct Messages {
    arrows: Vec<MessageView>,
    /// IPIs not taken yet, oldest first: place in `arrows`, and target.
    sent: Vec<(usize, u8)>,
    /// Answers not seen yet: place in `arrows`, and who waits for it.
    done: Vec<(usize, u8)>,
}

impl Messages {
    /// Follows a step.
    pub(super) fn step(&mut self, number: u32, step: &Step<Action, Event>) {
        for event in &step.events {
            match &event.what {
                What::IpiSent { targets, omitted, .. } => {
                    for target in name::members(*targets) {
                        self.sent.push((self.arrows.len(), target));
                        self.arrow(number, event.cpu, target, MessageKind::Ipi);
                    }
                    for target in name::members(*omitted) {
                        self.arrow(number, event.cpu, target, MessageKind::NotSent);
                    }
                }
                What::IpiTaken { .. } => {
                    if let Some(at) = self.sent.iter().position(|sent| sent.1 == event.cpu) {
                        let (arrow, _) = self.sent.remove(at);
                        self.arrows[arrow].to_step = number;
                    }
                }
                What::IpiDone { sender, .. } => {
                    self.done.push((self.arrows.len(), *sender));
                    self.arrow(number, event.cpu, *sender, MessageKind::Done);
                }
                What::Waited => {
                    for (arrow, _) in self.done.extract_if(.., |done| done.1 == event.cpu) {
                        self.arrows[arrow].to_step = number;
                    }
                }
                _ => {}
            }
        }
    }

    fn arrow(&mut self, step: u32, from: u8, to: u8, kind: MessageKind) {
        let (from_step, to_step, from_lane, to_lane) = (step, step, from, to);
        self.arrows.push(MessageView { from_step, from_lane, to_step, to_lane, kind });
    }

    /// All of them.
    pub(super) fn end(self) -> Vec<MessageView> {
        self.arrows
    }
}
