//! The texts that lie before a reader.

use crate::names::Names;
use crate::remarks::checked;
use lang::source::{SourceId, Span};
use lang::{Checked, Selection, Texts, Whole};
use std::cell::OnceCell;

/// The texts that are edited together, and where others are found.
#[derive(Clone, Copy)]
pub struct Workspace<'a> {
    /// The scenario, if one is there.
    pub scenario: Option<&'a str>,
    /// The kernel, if one is there. With a scenario it is the one that the scenario runs on.
    pub kernel: Option<&'a str>,
    /// Other kernels: those that the kernel extends, and the names that a scenario may use.
    pub kernels: &'a dyn Texts,
    /// The case and the options for which remarks are made.
    pub selection: &'a Selection,
    /// The sentences of the language's words: [`WORDS`](crate::WORDS), or nothing as long as they are not there.
    pub words: &'a str,
}

/// One of the texts of a workspace.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum WhichText {
    /// The scenario.
    Scenario,
    /// The kernel.
    Kernel,
    /// The text of a kernel that the kernel extends, by its name.
    Extended(String),
}

/// Bytes of one of the texts.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TextPlace {
    /// Which text.
    pub text: WhichText,
    /// Which bytes.
    pub span: Span,
}

impl<'a> Workspace<'a> {
    /// The kernel's text with those that it extends, as the compiler reads it.
    #[must_use]
    pub fn whole(&self) -> Option<Whole<'a>> {
        self.kernel.map(|kernel| Whole::new(kernel, self.kernels))
    }
}

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

/// Where a place of the compiler's texts is for the reader.
pub(crate) fn place(whole: Option<&Whole<'_>>, source: SourceId, span: Span) -> TextPlace {
    if source == SourceId::SCENARIO {
        return TextPlace { text: WhichText::Scenario, span };
    }
    match whole.map(|whole| whole.place(span)) {
        Some((Some(name), _, span)) => TextPlace { text: WhichText::Extended(name.to_owned()), span },
        Some((None, _, span)) => TextPlace { text: WhichText::Kernel, span },
        None => TextPlace { text: WhichText::Kernel, span },
    }
}
