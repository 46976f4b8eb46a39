//! The tour and the challenges in words: the current moment or task, what counts, and how an attempt stands.

use crate::model::lab::Lab;
use guide::Goal;
use guide::judge::Judgement;

/// The lesson that the reader is in, by name.
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
    lab.lesson().challenge().is_some_and(|challenge| matches!(challenge.task, Goal::Break { .. }))
}

/// The name of a kind of challenge.
#[must_use]
pub const fn kind(task: &Goal) -> &'static str {
    match task {
        Goal::Break { .. } => "Break it",
        Goal::Secure { .. } => "Make it safe",
        Goal::Mend { .. } => "Find the bug",
        Goal::Cheapest { .. } => "Find the cheapest",
        Goal::Turn { .. } => "Reverse the answer",
    }
}

/// What counts as a solution.
#[must_use]
pub fn rules(task: &Goal, allowed: Option<u32>) -> String {
    match (task, allowed) {
        (Goal::Break { name, .. }, Some(allowed)) => format!(
            "Choose what happens, step by step, until the page says \u{201c}{}\u{201d}. You have at most {}.",
            name.replace('_', " "),
            scene::steps(allowed as usize)
        ),
        (Goal::Break { name, .. }, None) => {
            format!("Choose what happens, step by step, until the page says \u{201c}{}\u{201d}.", name.replace('_', " "))
        }
        (Goal::Secure { keep }, _) if keep.is_empty() => {
            "You may set the kernel's switches; the machine's switches stay as they are.".to_owned()
        }
        (Goal::Secure { keep }, _) => format!(
            "You may set the kernel's switches, except {}; the machine's switches stay as they are.",
            keep.join(", ").replace('_', " ")
        ),
        (Goal::Mend { .. }, _) => {
            "Only the kernel's text may change. The explorer must find no violation, and everything that the scenario \
             expects must hold."
                .to_owned()
        }
        (Goal::Cheapest { within, .. }, _) => format!(
            "Keep workload and costs as they are. Put a round of the kernel that you choose on the stage. The explorer must find no violation on that \
             kernel, and the kernel may cost at most {within} % more than the cheapest safe kernel."
        ),
        (Goal::Turn { kernels: [one, other], within, .. }, _) => format!(
            "Change one figure so that {other} costs less than {one}. The figure may grow or shrink by a factor of {within} at most. \
             Keep the workload as it is."
        ),
    }
}

/// The state of the attempt.
#[must_use]
pub fn standing(task: &Goal, judgement: Option<Judgement>, taken: usize, allowed: Option<u32>) -> String {
    match (judgement, task) {
        (None, _) => "The explorer is working on it.".to_owned(),
        (Some(Judgement::Solved), Goal::Break { .. }) => format!("Solved, in {}.", scene::steps(taken)),
        (Some(Judgement::Solved), Goal::Secure { .. }) => {
            format!(
                "Solved: safe, with {}, and fewer would not be enough.",
                changes(allowed.unwrap_or_default())
            )
        }
        (Some(Judgement::Solved), Goal::Mend { .. }) => {
            "Solved: no violation is reachable any more.".to_owned()
        }
        (Some(Judgement::Solved), Goal::Cheapest { .. }) => {
            "Solved: nothing can go wrong on this kernel, and no safe kernel costs much less.".to_owned()
        }
        (Some(Judgement::Solved), Goal::Turn { .. }) => {
            "Solved: this one figure reverses the answer.".to_owned()
        }
        (Some(Judgement::Open), Goal::Cheapest { .. } | Goal::Turn { .. }) => {
            "Not yet: see the table of costs.".to_owned()
        }
        (Some(Judgement::Dear { took, .. }), Goal::Cheapest { .. }) => {
            format!("Safe, but it costs {took} % more than the cheapest safe kernel.")
        }
        (Some(Judgement::Dear { took, .. }), Goal::Turn { .. }) => {
            format!("The answer is reversed, but you changed {took} figures. One is enough.")
        }
        (Some(Judgement::Open), Goal::Break { .. }) => match allowed {
            Some(allowed) => format!("{taken} of {} taken.", scene::steps(allowed as usize)),
            None => format!("{} taken.", scene::steps(taken)),
        },
        (Some(Judgement::Open), _) => "Not yet: see the verdict.".to_owned(),
        (Some(Judgement::Dear { took, allowed }), Goal::Break { .. }) => {
            format!(
                "Done in {}, but at most {allowed} are allowed. Go back and find a shorter run.",
                scene::steps(took as usize)
            )
        }
        (Some(Judgement::Dear { took, allowed }), _) => {
            format!("Safe, with {}; {} would be enough.", changes(took), allowed)
        }
        (Some(Judgement::Elsewhere), _) => {
            "You have changed a part that the challenge fixes, so this attempt does not count.".to_owned()
        }
        (Some(Judgement::Unsettled), _) => {
            "The search stopped at its bound, so the result is unknown.".to_owned()
        }
    }
}

fn changes(number: u32) -> String {
    match number {
        1 => "1 change".to_owned(),
        number => format!("{number} changes"),
    }
}
