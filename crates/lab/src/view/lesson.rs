//! The tour and the challenges in words: what a reader is at, what counts, and how an attempt stands.

use crate::model::lab::Lab;
use guide::Kind;
use guide::judge::Judgement;

/// What the reader is at, by name.
#[must_use]
pub fn title(lab: &Lab) -> Option<String> {
    let lesson = lab.lesson();
    let (kind, title) = match (lesson.moment(), lesson.challenge()) {
        (Some(moment), _) => ("Tour", &moment.title),
        (_, Some(challenge)) => ("Challenge", &challenge.title),
        _ => return None,
    };
    Some(format!("{kind}: {title}"))
}

/// Whether the verdict would give a challenge away.
#[must_use]
pub fn sealed(lab: &Lab) -> bool {
    lab.lesson().challenge().is_some_and(|challenge| matches!(challenge.kind, Kind::Break { .. }))
}

/// What a kind of challenge is called.
#[must_use]
pub const fn kind(kind: &Kind) -> &'static str {
    match kind {
        Kind::Break { .. } => "Break it",
        Kind::Secure { .. } => "Make it safe",
        Kind::Mend { .. } => "Find the bug",
    }
}

/// What counts.
#[must_use]
pub fn rules(kind: &Kind, allowed: Option<u32>) -> String {
    match (kind, allowed) {
        (Kind::Break { name, .. }, Some(allowed)) => format!(
            "Choose what happens, step by step, until the page says \u{201c}{}\u{201d}: in {allowed} steps at most.",
            name.replace('_', " ")
        ),
        (Kind::Break { name, .. }, None) => {
            format!("Choose what happens, step by step, until the page says \u{201c}{}\u{201d}.", name.replace('_', " "))
        }
        (Kind::Secure { keep }, _) if keep.is_empty() => {
            "The kernel's switches are yours, the machine's stay as they are.".to_owned()
        }
        (Kind::Secure { keep }, _) => format!(
            "The kernel's switches are yours but for {}, the machine's stay as they are.",
            keep.join(", ").replace('_', " ")
        ),
        (Kind::Mend { .. }, _) => {
            "Only the kernel's text may change. The explorer must find nothing, and everything that the scenario \
             expects must hold."
                .to_owned()
        }
    }
}

/// How the attempt stands.
#[must_use]
pub fn standing(kind: &Kind, judgement: Option<Judgement>, taken: usize, allowed: Option<u32>) -> String {
    match (judgement, kind) {
        (None, _) => "The explorer is at it.".to_owned(),
        (Some(Judgement::Solved), Kind::Break { .. }) => format!("Solved, in {taken} steps."),
        (Some(Judgement::Solved), Kind::Secure { .. }) => {
            format!("Solved: safe, with {}, and no fewer would do.", changes(allowed.unwrap_or_default()))
        }
        (Some(Judgement::Solved), Kind::Mend { .. }) => "Solved: nothing can go wrong any more.".to_owned(),
        (Some(Judgement::Open), Kind::Break { .. }) => match allowed {
            Some(allowed) => format!("{taken} of {allowed} steps taken."),
            None => format!("{taken} steps taken."),
        },
        (Some(Judgement::Open), _) => "Not yet: see the verdict.".to_owned(),
        (Some(Judgement::Dear { took, allowed }), Kind::Break { .. }) => {
            format!("Done, in {took} steps; {allowed} are allowed. Go back, and choose better.")
        }
        (Some(Judgement::Dear { took, allowed }), _) => {
            format!("Safe, with {}; {} would do.", changes(took), allowed)
        }
        (Some(Judgement::Elsewhere), _) => {
            "Something has changed that belongs to the challenge: it does not count.".to_owned()
        }
        (Some(Judgement::Unsettled), _) => "The search stopped at its bound: nobody knows.".to_owned(),
    }
}

fn changes(number: u32) -> String {
    match number {
        1 => "1 change".to_owned(),
        number => format!("{number} changes"),
    }
}
