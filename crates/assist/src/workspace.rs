//! The texts that lie before a reader.

use lang::source::{SourceId, Span};
use lang::{Selection, Texts, Whole};

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
