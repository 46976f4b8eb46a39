//! The two texts as they stand, and the remarks about them.

use crate::model::changes::{Change, changes};
use crate::model::lab::Lab;
use crate::model::permalink;
use crate::model::session::Session;
use lang::diagnostic::Severity;
use lang::source::SourceId;
use std::rc::Rc;
use std::sync::Arc;

/// One of the texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// What it is called.
    pub title: String,
    /// It.
    pub text: Arc<str>,
    /// It differs from the library's.
    pub edited: bool,
    /// In what, if the library has one to go back to.
    pub changes: Option<Rc<Vec<Change>>>,
}

/// The two texts as they stand.
#[must_use]
pub fn sources(session: &Session) -> [Source; 2] {
    let source = |source: SourceId, title: String| Source {
        title,
        text: session.text(source),
        edited: session.is_edited(source),
        changes: session
            .library_text(source)
            .filter(|_| session.is_edited(source))
            .map(|before| Rc::new(changes(before, &session.text(source)))),
    };
    let scenario = lang::scenario_name(&session.experiment.scenario).unwrap_or_else(|| "scenario".to_owned());
    let kernel = session.kernel_name().unwrap_or_else(|| "kernel".to_owned());
    let kernel = match session.named_kernel().filter(|_| session.experiment.selection.kernel.is_some()) {
        Some(named) => format!("{kernel}, instead of {named}"),
        None => kernel,
    };
    [source(SourceId::SCENARIO, scenario), source(SourceId::KERNEL, kernel)]
}

/// The names of the scenario as it stands and of its cases.
#[must_use]
pub fn cases(session: &Session) -> Vec<String> {
    let name = |case: lang::CaseName| case.name.unwrap_or_else(|| "as written".to_owned());
    session.cases().into_iter().map(name).collect()
}

/// What to say while the texts have errors, or are too long to be kept.
#[must_use]
pub fn broken(lab: &Lab) -> Option<String> {
    if let Some(sentence) = permalink::too_long(lab.session(), lab.player().trace().len()) {
        return Some(sentence);
    }
    let errors = lab.diagnostics().iter().filter(|found| found.severity == Severity::Error).count();
    let errors = match errors {
        0 => return None,
        _ if lab.read_of_errors() => return None,
        1 => "The text has an error".to_owned(),
        errors => format!("The text has {errors} errors"),
    };
    Some(if lab.stands_in() {
        format!("{errors}. The stage shows a similar text that compiles.")
    } else {
        format!("{errors}. The stage keeps the last machine that compiled.")
    })
}
