//! What the page has said of each switch since the first of them was set.
//!
//! An answer stands below its switch. If the answer to one switch went when another is set, all that is below it would
//! move while the reader's finger is on it. So an answer keeps its place until another text is opened, and is marked
//! "Then".

use crate::model::before::Switch;
use crate::model::lab::Lab;
use crate::view::answer::Answer;

/// The answers so far, each switch's last one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answers {
    said: Vec<Answer>,
    /// What was set last, and whether it has been answered.
    last: Option<(Switch, bool)>,
}

/// What stands below a switch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place<'a> {
    /// It was not set.
    Empty,
    /// It was set last, and the explorer has not spoken.
    Waits,
    /// It was set last.
    Now(&'a Answer),
    /// Others have been set since.
    Then(&'a Answer),
}

impl Answers {
    /// What there is to say at a moment, after what was said before.
    #[must_use]
    pub fn at(mut self, lab: &Lab) -> Answers {
        let Some(before) = lab.before() else { return Answers::default() };
        let answer = Answer::of(before, lab);
        self.last = Some((before.asked.clone(), answer.is_some()));
        if let Some(answer) = answer {
            match self.said.iter_mut().find(|said| said.asked == answer.asked) {
                Some(said) => *said = answer,
                None => self.said.push(answer),
            }
        }
        self
    }

    /// What stands below a switch.
    #[must_use]
    pub fn below(&self, switch: &Switch) -> Place<'_> {
        let last = self.last.as_ref().filter(|(last, _)| last == switch);
        let said = self.said.iter().find(|said| said.asked == *switch);
        match (last, said) {
            (Some((_, true)), Some(said)) => Place::Now(said),
            (_, Some(said)) => Place::Then(said),
            (Some(_), None) => Place::Waits,
            (None, None) => Place::Empty,
        }
    }

    /// Whether what was set last has been answered.
    #[must_use]
    pub fn answered(&self) -> bool {
        matches!(self.last, Some((_, true)))
    }
}

#[cfg(test)]
mod tests {
    use super::{Answers, Place};
    use crate::model::before::Switch;
    use crate::model::lab::tests::{act, checked};
    use crate::{Act, Lab};

    fn set(name: &str, choice: &str) -> Act {
        Act::Option { name: name.to_owned(), choice: choice.to_owned() }
    }

    #[test]
    fn an_answer_keeps_its_place_until_another_text_is_opened() {
        let [barrier, init] =
            ["memory_barrier", "init_mm_switch"].map(|name| Switch::Option(name.to_owned()));
        let lab = checked(Lab::open(None).expect("a scenario compiles"));
        let none = Answers::default().at(&lab);
        assert_eq!(none.below(&barrier), Place::Empty);
        let lab = act(lab, set("memory_barrier", "on"));
        let waits = none.at(&lab);
        assert_eq!((waits.below(&barrier), waits.below(&init)), (Place::Waits, Place::Empty));
        let lab = checked(lab);
        let once = waits.at(&lab);
        let Place::Now(first) = once.below(&barrier) else { panic!("{once:?}") };
        let first = first.clone();
        assert!(once.answered() && first.sentences[0].contains("Still reachable"));
        // While the next one is worked on, and after it, the first answer stands where it was.
        let lab = act(lab, set("init_mm_switch", "on"));
        let second = once.at(&lab);
        assert_eq!((second.below(&barrier), second.below(&init)), (Place::Then(&first), Place::Waits));
        assert!(!second.answered());
        let lab = checked(lab);
        let twice = second.at(&lab);
        assert_eq!(twice.below(&barrier), Place::Then(&first));
        assert!(matches!(twice.below(&init), Place::Now(_)));
        // Set once more, it stands as one of then until the explorer speaks.
        let lab = act(lab, set("memory_barrier", "off"));
        assert_eq!(twice.clone().at(&lab).below(&barrier), Place::Then(&first));
        let other = act(lab, Act::Open("lazy+munmap".to_owned()));
        assert_eq!(twice.at(&other), Answers::default());
    }
}
