//! How control came to a step. It is found where pictures are drawn, in a file that comes when somebody asks (`crates/plotter`).

use scene::Reason;
use std::rc::Rc;

/// A question, and its answer once there is one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ControlAnswer {
    number: u32,
    /// The reasons; none of them if no statement took the step.
    answer: Option<Rc<Option<Vec<Reason>>>>,
}

impl ControlAnswer {
    /// A question with its number.
    #[must_use]
    pub fn asked(number: u32) -> ControlAnswer {
        ControlAnswer { number, answer: None }
    }

    /// The number, as long as there is no answer.
    #[must_use]
    pub fn asks(&self) -> Option<u32> {
        self.answer.is_none().then_some(self.number)
    }

    /// The answer to a question: its lines say which step rests on which, and why. An answer to an earlier question is none.
    #[must_use]
    pub fn heard(mut self, number: u32, said: Option<String>) -> ControlAnswer {
        let reason = |line: &str| {
            let (step, rest) = line.split_once(' ')?;
            let (on, what) = rest.split_once(' ')?;
            Some(Reason { step: step.parse().ok()?, on: on.parse().ok()?, what: what.to_owned() })
        };
        if number == self.number {
            self.answer = Some(Rc::new(said.map(|said| said.lines().filter_map(reason).collect())));
        }
        self
    }

    /// The answer.
    #[must_use]
    pub fn answer(&self) -> Option<&Option<Vec<Reason>>> {
        self.answer.as_deref()
    }
}

#[cfg(test)]
mod tests {
    use super::ControlAnswer;
    use scene::Reason;

    #[test]
    fn an_answer_belongs_to_its_question() {
        let asked = ControlAnswer::asked(3);
        assert_eq!((asked.asks(), asked.answer()), (Some(3), None));
        assert_eq!(asked.clone().heard(2, Some("4 1 x".to_owned())), asked);
        let heard = asked.clone().heard(3, Some("4 1 the call of f\n2 1 a = b\nnonsense\n".to_owned()));
        let reason = |step, on, what: &str| Reason { step, on, what: what.to_owned() };
        assert_eq!(heard.answer(), Some(&Some(vec![reason(4, 1, "the call of f"), reason(2, 1, "a = b")])));
        assert_eq!(heard.asks(), None);
        assert_eq!(asked.heard(3, None).answer(), Some(&None));
    }
}
