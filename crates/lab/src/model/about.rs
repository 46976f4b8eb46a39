//! Which texts a verdict is about: the library's or edited ones, and whether these are the texts in the
//! editor.

use crate::model::session::{Edits, Session};

/// The words beside the scenario's name, in the verdict, and in a quoted verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct About {
    /// How far the texts differ from the library's.
    pub edits: Edits,
    /// The texts in the editor have errors, so that other texts are on the stage.
    pub other: Option<StandIn>,
}

/// Texts that replace ones with errors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StandIn {
    /// The last texts that compiled.
    Last,
    /// Similar texts, because the texts in the editor have never compiled here.
    Like,
}

impl About {
    /// What is on the stage; `stale` if the texts in the editor have errors, `stands_in` if they never compiled here.
    #[must_use]
    pub fn of(on_stage: &Session, stale: bool, stands_in: bool) -> About {
        let other = if stands_in { StandIn::Like } else { StandIn::Last };
        About { edits: on_stage.edits(), other: stale.then_some(other) }
    }

    /// The same in a few words, beside a verdict; nothing for the library's own texts.
    #[must_use]
    pub fn words(self) -> Option<String> {
        self.told(["of the last text that compiled", "not of the text in the editor, which has errors"])
    }

    /// The same beside the name of what is on the stage.
    #[must_use]
    pub fn beside_a_name(self) -> Option<String> {
        self.told(["before the error in the text", "without the errors in the text"])
    }

    /// The words for texts with errors: of which others are on the stage, the last ones or similar ones.
    fn told(self, [last, like]: [&'static str; 2]) -> Option<String> {
        let edits = match self.edits {
            Edits::None => None,
            Edits::Lines(1) => Some("edited (1 line)".to_owned()),
            Edits::Lines(lines) => Some(format!("edited ({lines} lines)")),
            Edits::Workload => Some("a workload of the costs".to_owned()),
            Edits::Own => Some("a text that is not the library\u{2019}s".to_owned()),
        };
        let other = self.other.map(|other| match other {
            StandIn::Last => last,
            StandIn::Like => like,
        });
        match (edits, other) {
            (Some(edits), Some(other)) => Some(format!("{other}; {edits}")),
            (Some(words), None) => Some(words),
            (None, other) => other.map(str::to_owned),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{About, StandIn};
    use crate::model::session::Edits;

    #[test]
    fn what_is_said_fits_what_it_stands_beside() {
        let about = |other| About { edits: Edits::Lines(1), other: Some(other) };
        for (other, verdict, name) in [
            (
                StandIn::Last,
                "of the last text that compiled; edited (1 line)",
                "before the error in the text; edited (1 line)",
            ),
            (
                StandIn::Like,
                "not of the text in the editor, which has errors; edited (1 line)",
                "without the errors in the text; edited (1 line)",
            ),
        ] {
            assert_eq!(about(other).words().as_deref(), Some(verdict));
            assert_eq!(about(other).beside_a_name().as_deref(), Some(name));
        }
        let edited = About { edits: Edits::Lines(2), other: None };
        assert_eq!(edited.words(), edited.beside_a_name());
    }
}
