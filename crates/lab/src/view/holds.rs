//! What a link contains, in words.

use crate::model::lab::Lab;
use crate::model::session::Session;
use lang::diagnostic::Severity;
use lang::source::SourceId;

/// Above as many characters, programs that pass addresses on begin to cut them off. (How many the address has is told with it: that
/// depends on what of the moment it leads to.)
const SAFE: usize = 2_000;

/// Lines of what the link to a lab holds, and of what it does not.
#[must_use]
pub fn holds(lab: &Lab, link: &str) -> Vec<String> {
    let (session, player) = (lab.session(), lab.player());
    let mut lines = vec![text(session, SourceId::SCENARIO), text(session, SourceId::KERNEL)];
    let errors = lab.diagnostics().iter().filter(|found| found.severity == Severity::Error).count();
    if lab.stale() {
        let s = if errors == 1 { "" } else { "s" };
        lines.push(format!(
            "The texts have {errors} error{s}. Whoever opens the link sees the texts and the error{s}. The run \
             goes as far as it can on a text that compiles."
        ));
    }
    let cases = session.cases();
    if let Some(name) = cases
        .into_iter()
        .find(|case| case.case == session.experiment.selection.case)
        .and_then(|case| case.name)
    {
        lines.push(format!("The case \u{201c}{name}\u{201d}."));
    }
    let set = session.experiment.selection.options.iter().map(|(name, choice)| format!("{name} {choice}"));
    let set = set.collect::<Vec<_>>().join(", ");
    if !set.is_empty() {
        lines.push(format!("Options set: {set}."));
    }
    lines.push(match player.trace().len() {
        0 => "No run.".to_owned(),
        steps => format!("A run of {}, at step {}.", scene::steps(steps), player.cursor()),
    });
    if lab.counterpart().is_some() {
        lines.push("The machine that the run is compared with.".to_owned());
    }
    for name in link::left_out(&session.experiment) {
        lines.push(format!(
            "The link does not hold your text of the kernel \u{201c}{name}\u{201d}, which is not used here."
        ));
    }
    if link.len() > SAFE {
        lines.push("Some programs truncate such a long address: try it before you rely on it.".to_owned());
    }
    lines
}

fn text(session: &Session, source: SourceId) -> String {
    let (what, name) = if source == SourceId::SCENARIO {
        ("scenario", session.name())
    } else {
        ("kernel", session.kernel_name())
    };
    let named = name.map(|name| format!(" \u{201c}{name}\u{201d}")).unwrap_or_default();
    if !session.is_edited(source) {
        return format!("The library\u{2019}s {what}{named}, by name.");
    }
    if session.is_workloads(source) {
        return format!("The text of the {what}{named}, of a workload of the costs.");
    }
    let lines = session
        .library_text(source)
        .map(|library| crate::model::changes::lines(library, &session.text(source)));
    match lines {
        Some(1) => format!("Your text of the {what}{named}: 1 line is edited."),
        Some(lines) => format!("Your text of the {what}{named}: {lines} lines are edited."),
        None => format!("Your own text of the {what}{named}."),
    }
}
