//! The texts of a workspace with all names in them, and with what the compiler knows.

use crate::checked::checked;
use crate::names::Names;
use crate::workspace::{TextPlace, WhichText, Workspace, place};
use lang::source::{SourceId, Span};
use lang::{Checked, Whole};
use std::cell::OnceCell;

/// The texts of a workspace, read once for several questions.
///
/// ```
/// # use assist::{Workspace, Reading, WhichText, WORDS};
/// # let (none, selection): ([(&str, &str); 0], _) = ([], lang::Selection::default());
/// let kernel = Some("kernel \"k\" { percpu lazy: bool; sys idle() { lazy = true; } }");
/// let workspace = Workspace { scenario: None, kernel, kernels: &none, selection: &selection, words: WORDS };
/// let whole = workspace.whole();
/// let reading = Reading::new(&workspace, whole.as_ref());
/// let declared = reading.definitions(&WhichText::Kernel, 47);
/// assert_eq!(declared[0].span, lang::source::Span { start: 20, end: 24 });
/// assert_eq!(reading.explain(&WhichText::Kernel, 47).map(|found| found.head).as_deref(), Some("percpu lazy: bool"));
/// ```
pub struct Reading<'a> {
    pub(crate) workspace: &'a Workspace<'a>,
    pub(crate) whole: Option<&'a Whole<'a>>,
    pub(crate) names: Names<'a>,
    /// What the compiler knows, if it has been asked.
    checked: OnceCell<Checked>,
}

impl<'a> Reading<'a> {
    /// Reads the texts of a workspace; `whole` is what [`Workspace::whole`] gives.
    #[must_use]
    pub fn new(workspace: &'a Workspace<'a>, whole: Option<&'a Whole<'a>>) -> Reading<'a> {
        let kernel = whole.map_or("", |whole| &whole.text);
        let names = Names::new(workspace.scenario.unwrap_or(""), kernel);
        Reading { workspace, whole, names, checked: OnceCell::new() }
    }

    /// What the compiler says and knows with the workspace's selection.
    pub(crate) fn checked(&self) -> &Checked {
        self.checked.get_or_init(|| checked(self.workspace, self.whole, self.workspace.selection))
    }

    /// The text that the compiler knows by a number, and where a place of it is for the reader.
    pub(crate) fn place(&self, source: SourceId, span: Span) -> TextPlace {
        place(self.whole, source, span)
    }

    /// The compiler's number of a text, and a byte of it there.
    pub(crate) fn source(&self, text: &WhichText, byte: u32) -> Option<(SourceId, u32)> {
        match text {
            WhichText::Scenario => Some((SourceId::SCENARIO, byte)),
            WhichText::Kernel => Some((SourceId::KERNEL, byte)),
            WhichText::Extended(name) => {
                let joint = self.whole?.joints.iter().find(|(_, there)| there == name)?;
                Some((SourceId::KERNEL, joint.0.saturating_add(byte)))
            }
        }
    }
}
