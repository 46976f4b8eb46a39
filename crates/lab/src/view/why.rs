//! What a step rests on, for the list beside the caption and the arcs in the timeline.

use crate::model::control::ControlAnswer;
use crate::model::player::Player;
use scene::Reason;
use scene::view::Caption;

/// A step and the earlier steps that it rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grounds {
    /// The step that is explained; the first is 1.
    pub step: u32,
    /// What it rests on, directly or by way of others.
    pub reasons: Vec<Reason>,
    /// What is explained.
    pub about: Explained,
}

/// What is explained of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Explained {
    /// What it rests on.
    Data,
    /// How control came to its statement.
    Control,
    /// The same; it is not known yet.
    Awaited,
    /// The same; but no statement took it.
    Hardware,
}

/// One of the steps it rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ground {
    /// The number of the step.
    pub step: u32,
    /// What it did.
    pub sentence: String,
    /// What it left for later steps.
    pub left: Vec<String>,
}

impl Grounds {
    /// The grounds of a step of the run that is played.
    #[must_use]
    pub fn of(player: &Player, step: u32) -> Grounds {
        Grounds { step, reasons: scene::why(player.machine(), player.trace(), step), about: Explained::Data }
    }

    /// How control came to the statement of a step.
    #[must_use]
    pub fn of_control(step: u32, control: &ControlAnswer) -> Grounds {
        let (reasons, about) = match control.answer() {
            None => (Vec::new(), Explained::Awaited),
            Some(None) => (Vec::new(), Explained::Hardware),
            Some(Some(reasons)) => (reasons.clone(), Explained::Control),
        };
        Grounds { step, reasons, about }
    }

    /// What there is to say of a step on which so many rest, after its name.
    #[must_use]
    pub fn head(&self, steps: usize) -> String {
        let before = match self.step {
            2 => "the step before it".to_owned(),
            step => format!(
                "{} of the {} steps before it",
                if steps == 1 { "one".to_owned() } else { steps.to_string() },
                step - 1
            ),
        };
        match (self.about, steps) {
            (Explained::Data, 0) => " rests on no earlier step, only on the initial state.".to_owned(),
            (Explained::Data, _) => format!(" rests on {before}:"),
            (Explained::Hardware, _) => {
                " was taken by hardware: no statement of a program asked for it then.".to_owned()
            }
            (Explained::Awaited, _) => " is followed back through its program\u{2026}".to_owned(),
            (Explained::Control, 0) => {
                " was reached from the beginning: nothing led its CPU elsewhere.".to_owned()
            }
            (Explained::Control, _) => format!(" was reached by {before}:"),
        }
    }

    /// The step itself and all that it rests on, in the order of the run.
    #[must_use]
    pub fn steps(&self) -> Vec<u32> {
        let mut steps = vec![self.step];
        for reason in &self.reasons {
            if let Err(at) = steps.binary_search(&reason.on) {
                steps.insert(at, reason.on);
            }
        }
        steps
    }

    /// Whether a step is the one that is explained, or one of those that it rests on.
    #[must_use]
    pub fn names(&self, step: u32) -> bool {
        step == self.step || self.reasons.iter().any(|reason| reason.on == step)
    }

    /// The steps that it rests on, in the order of the run. A step that is too late in the run to have a
    /// sentence goes by its number.
    #[must_use]
    pub fn told(&self, captions: &[Caption]) -> Vec<Ground> {
        let earlier = self.steps().into_iter().filter(|&step| step != self.step);
        let ground = |step: u32| {
            let mut left: Vec<String> = Vec::new();
            for reason in self.reasons.iter().filter(|reason| reason.on == step) {
                if !left.contains(&reason.what) {
                    left.push(reason.what.clone());
                }
            }
            let caption = captions.get((step as usize).saturating_sub(1));
            let sentence = caption.map_or_else(|| format!("Step {step}"), |caption| caption.sentence.clone());
            Ground { step, sentence, left }
        };
        earlier.map(ground).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::Grounds;
    use crate::model::player::Player;
    use crate::model::session::Session;
    use crate::view::run::RunView;
    use std::rc::Rc;

    #[test]
    fn grounds_are_told_in_order_and_once() {
        let session = Session::library(crate::DEFAULT).expect("the default scenario is in the library");
        let player = Player::new(Rc::new(session.compile().0.expect("it compiles")));
        let run = RunView::new(player.machine(), player.trace());
        let explained = |step: u32| Grounds::of(&player, step);
        let grounds = (1..=player.trace().len() as u32)
            .map(explained)
            .max_by_key(|grounds| grounds.reasons.len())
            .expect("the run has steps");
        let told = grounds.told(&run.captions);
        assert!(told.len() > 1 && told.is_sorted_by(|a, b| a.step < b.step), "{told:?}");
        assert!(told.iter().all(|ground| ground.step < grounds.step && !ground.left.is_empty()));
        assert_eq!(told[0].sentence, run.captions[told[0].step as usize - 1].sentence);
        assert_eq!(grounds.steps().len(), told.len() + 1);
        assert_eq!(grounds.told(&[])[0].sentence, format!("Step {}", told[0].step));
        assert!(explained(1).told(&run.captions).is_empty(), "the first step rests on the beginning");
    }
}
