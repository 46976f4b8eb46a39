//! What tests share: a workspace of texts, and a cursor in one of them.

use assist::{WORDS, WhichText, Workspace};
use experiment::Kernels;
use lang::Selection;

/// A scenario and a kernel of the library, or of the test.
pub struct Texts {
    pub scenario: Option<String>,
    pub kernel: Option<String>,
    pub kernels: Kernels,
    pub selection: Selection,
}

impl Texts {
    pub fn new(scenario: Option<&str>, kernel: Option<&str>) -> Texts {
        Texts {
            scenario: scenario.map(str::to_owned),
            kernel: kernel.map(str::to_owned),
            kernels: Kernels::default(),
            selection: Selection::default(),
        }
    }

    pub fn workspace(&self) -> Workspace<'_> {
        Workspace {
            scenario: self.scenario.as_deref(),
            kernel: self.kernel.as_deref(),
            kernels: &self.kernels,
            selection: &self.selection,
            words: WORDS,
        }
    }
}

/// A text with a cursor, written as `\u{2038}`: the text, and its byte.
pub fn cursor(text: &str) -> (String, u32) {
    let at = text.find('\u{2038}').expect("a cursor");
    (text.replace('\u{2038}', ""), u32::try_from(at).expect("a short text"))
}

/// The two texts of which one has the cursor.
pub fn at(scenario: &str, kernel: &str) -> (Texts, WhichText, u32) {
    let some = |text: &str| (!text.is_empty()).then(|| text.replace('\u{2038}', ""));
    let texts = Texts::new(some(scenario).as_deref(), some(kernel).as_deref());
    match scenario.contains('\u{2038}') {
        true => (texts, WhichText::Scenario, cursor(scenario).1),
        false => (texts, WhichText::Kernel, cursor(kernel).1),
    }
}
