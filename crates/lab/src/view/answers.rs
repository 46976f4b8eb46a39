//! What the page has said of each switch since the first of them was set.
//!
//! An answer stands below its switch. If the answer to one switch went when another is set, all that is below it would move
//! while the reader's finger is on it. So an answer keeps its place until another text is opened, and is marked as one of then.
//! Only the last few can be read. Where an older one stands above the switch that was set last, its place stays empty.

use crate::model::before::Switch;
use crate::model::lab::Lab;
use crate::view::answer::Answer;
use lang::program::ProgramOption;

/// As many answers can be read.
const MOST: usize = 3;

/// The answers so far, each switch's last one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answers {
    /// The oldest first; of each, whether it can be read.
    said: Vec<(Answer, bool)>,
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
    /// So many have been set since that it is not shown any more: its place alone is there.
    Gone(&'a Answer),
}

impl Answers {
    /// What there is to say at a moment, after what was said before.
    #[must_use]
    pub fn at(mut self, lab: &Lab) -> Answers {
        let Some(before) = lab.before() else { return Answers::default() };
        let answer = Answer::of(before, lab);
        self.last = Some((before.asked.clone(), answer.is_some()));
        if let Some(answer) = answer {
            self.said.retain(|said| said.0.asked != answer.asked);
            self.said.push((answer, true));
            let options = &lab.player().machine().program().options;
            let here = place(options, &before.asked);
            let old = self.said.len().saturating_sub(MOST);
            for (index, mut said) in std::mem::take(&mut self.said).into_iter().enumerate() {
                said.1 = index >= old;
                if said.1 || place(options, &said.0.asked) < here {
                    self.said.push(said);
                }
            }
        }
        self
    }

    /// What stands below a switch.
    #[must_use]
    pub fn below(&self, switch: &Switch) -> Place<'_> {
        let last = self.last.as_ref().filter(|(last, _)| last == switch);
        let said = self.said.iter().find(|said| said.0.asked == *switch);
        match (last, said) {
            (Some((_, true)), Some((said, _))) => Place::Now(said),
            (_, Some((said, true))) => Place::Then(said),
            (_, Some((said, false))) => Place::Gone(said),
            (Some(_), None) => Place::Waits,
            (None, None) => Place::Empty,
        }
    }

    /// Whether what was set last has been answered.
    #[must_use]
    pub fn answered(&self) -> bool {
        matches!(self.last, Some((_, true)))
    }

    /// The first sentence of that answer.
    #[must_use]
    pub fn told(&self) -> Option<&String> {
        self.said.last().filter(|_| self.answered())?.0.sentences.first()
    }
}

/// Where a switch stands: cases come first.
fn place(options: &[ProgramOption], switch: &Switch) -> Option<usize> {
    let Switch::Option(name) = switch else { return None };
    options.iter().position(|option| option.name == *name)
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
        // Out of view, it is told in the notice too, and changes nothing else.
        let told = act(lab.clone(), Act::Tell(once.told().expect("it is answered").clone()));
        assert!(told.notice().is_some_and(|notice| notice.sentence.starts_with("Still reachable")));
        assert_eq!((once.clone().at(&told), told.link()), (once.clone(), lab.link()));
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
        assert_eq!(
            (&*first.settings, lab.session().experiment.selection.options.len()),
            ("with memory barrier on", 1)
        );
        let other = act(lab, Act::Open("lazy+munmap".to_owned()));
        assert_eq!(twice.at(&other), Answers::default());
    }

    /// The places of older ones stay above the switch that was set last, and go below it: it does not move.
    #[test]
    fn only_the_last_few_can_be_read() {
        let mut lab = checked(Lab::open(None).expect("a scenario compiles"));
        let mut answers = Answers::default().at(&lab);
        let set_to = |lab: &Lab, answers: Answers, name: &str, choice: &str| {
            let lab = checked(act(lab.clone(), set(name, choice)));
            let answers = answers.at(&lab);
            (lab, answers)
        };
        let below = |answers: &Answers, name: &str| match answers.below(&Switch::Option(name.to_owned())) {
            Place::Empty => "empty",
            Place::Waits => "waits",
            Place::Now(_) => "now",
            Place::Then(_) => "then",
            Place::Gone(_) => "gone",
        };
        for (name, choice) in
            [("lazy_tlb", "off"), ("init_mm_switch", "on"), ("vendor", "intel"), ("memory_barrier", "on")]
        {
            (lab, answers) = set_to(&lab, answers, name, choice);
        }
        let names = ["lazy_tlb", "memory_barrier", "init_mm_switch", "vendor"];
        assert_eq!(names.map(|name| below(&answers, name)), ["gone", "now", "then", "then"]);
        let Place::Now(last) = answers.below(&Switch::Option("memory_barrier".to_owned())) else {
            panic!("{answers:?}")
        };
        assert_eq!(last.settings, "with memory barrier on, lazy tlb off, init mm switch on, \u{2026}");
        // Set anew it can be read; what is old now stands below it.
        (_, answers) = set_to(&lab, answers, "lazy_tlb", "on");
        assert_eq!(names.map(|name| below(&answers, name)), ["now", "then", "empty", "then"]);
    }
}
