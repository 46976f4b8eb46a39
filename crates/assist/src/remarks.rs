//! What the compiler says of the texts, with the mend that it offers.

use crate::checked::checked;
use crate::workspace::{TextPlace, WhichText, Workspace, place};
use lang::diagnostic::{Diagnostic, Severity};
use lang::source::SourceId;
use lang::{Mend, Selection, Whole};

/// A remark about a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark {
    /// The place.
    pub place: TextPlace,
    /// Error or warning.
    pub severity: Severity,
    /// What is wrong.
    pub message: String,
    /// What to write instead, if that is known.
    pub advice: Option<String>,
    /// The same as a change of the text of that place, if the advice is exact.
    pub mend: Option<Mend>,
    /// Other places that matter.
    pub related: Vec<Related>,
}

/// Another place that matters, with what it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Related {
    /// The place.
    pub place: TextPlace,
    /// What it is.
    pub what: String,
}

/// The most remarks about all cases together.
const MOST: usize = 100;

impl Workspace<'_> {
    /// What the compiler says of the texts with the workspace's selection. Without a scenario the kernel is checked by itself.
    #[must_use]
    pub fn remarks(&self) -> Vec<Remark> {
        let whole = self.whole();
        self.told(whole.as_ref(), checked(self, whole.as_ref(), self.selection).diagnostics)
    }

    /// What the compiler says of the scenario and each of its cases: each remark once.
    #[must_use]
    pub fn remarks_of_cases(&self) -> Vec<Remark> {
        let mut all = self.remarks();
        let named =
            |kernel: &str| self.kernel.is_some_and(|text| lang::kernel_name(text).as_deref() == Some(kernel));
        for case in self.scenario.map(lang::cases).unwrap_or_default() {
            let Some(number) = case.case else { continue };
            let selection = Selection { case: Some(number), ..Selection::default() };
            let own = named(&case.kernel);
            let workspace = Workspace { kernel: self.kernel.filter(|_| own), selection: &selection, ..*self };
            let whole = workspace.whole();
            for remark in
                workspace.told(whole.as_ref(), checked(&workspace, whole.as_ref(), &selection).diagnostics)
            {
                // Another kernel is not on this workspace.
                let here = own || remark.place.text == WhichText::Scenario;
                if here && all.len() < MOST && !all.contains(&remark) {
                    all.push(remark);
                }
            }
        }
        all
    }

    fn told(&self, whole: Option<&Whole<'_>>, found: Vec<Diagnostic>) -> Vec<Remark> {
        found.into_iter().map(|diagnostic| self.remark(whole, diagnostic)).collect()
    }

    fn remark(&self, whole: Option<&Whole<'_>>, diagnostic: Diagnostic) -> Remark {
        let text = match diagnostic.source {
            SourceId::SCENARIO => self.scenario.unwrap_or(""),
            _ => whole.map_or("", |whole| &whole.text),
        };
        let there = place(whole, diagnostic.source, diagnostic.span);
        let mend = lang::mend(&diagnostic, text).map(|mend| {
            let span = place(whole, diagnostic.source, mend.span).span;
            Mend { span, ..mend }
        });
        let related = diagnostic.related.into_iter();
        let related = related.map(|(source, span, what)| Related { place: place(whole, source, span), what });
        Remark {
            place: there,
            severity: diagnostic.severity,
            message: diagnostic.message,
            advice: diagnostic.advice,
            mend,
            related: related.collect(),
        }
    }
}
