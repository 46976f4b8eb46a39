//! Kinds of steps that a reader looks for in a run.

use explore::Step;
use machine::{Action, Event, VIOLATION, What};

/// A kind of steps. A step may be of several.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepKind {
    /// It shows a violation.
    Violation,
    /// A page walk, whether an instruction asked for it or not.
    Walk,
    /// An IPI: sent, sent to fewer CPUs than possible, taken, or handled.
    Ipi,
    /// An invalidation by software, on this CPU or broadcast.
    Invalidation,
    /// A MOV to CR3.
    Cr3,
    /// Memory changes, other than by a page walk.
    Write,
    /// A frame changes hands.
    Frame,
}

impl StepKind {
    /// All, in the order in which they are offered.
    pub const ALL: [StepKind; 7] = [
        StepKind::Violation,
        StepKind::Walk,
        StepKind::Ipi,
        StepKind::Invalidation,
        StepKind::Cr3,
        StepKind::Write,
        StepKind::Frame,
    ];

    /// What it is called.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            StepKind::Violation => "violation",
            StepKind::Walk => "page walk",
            StepKind::Ipi => "IPI",
            StepKind::Invalidation => "invalidation",
            StepKind::Cr3 => "CR3 write",
            StepKind::Write => "memory write",
            StepKind::Frame => "frame allocated or freed",
        }
    }

    /// Whether a step is of this kind.
    #[must_use]
    pub fn has(self, step: &Step<Action, Event>) -> bool {
        self == StepKind::Violation && step.properties.intersects(VIOLATION)
            || step.events.iter().any(|event| self.has_event(&event.what))
    }

    fn has_event(self, what: &What) -> bool {
        match self {
            StepKind::Violation => false,
            StepKind::Walk => matches!(what, What::Walk { .. }),
            StepKind::Ipi => {
                matches!(what, What::IpiSent { .. } | What::IpiTaken { .. } | What::IpiDone { .. })
            }
            StepKind::Invalidation => {
                matches!(
                    what,
                    What::Invalidated { .. }
                        | What::BroadcastSent(_)
                        | What::RarSent { .. }
                        | What::CommandQueued(_)
                        | What::BroadcastDone { .. }
                )
            }
            StepKind::Cr3 => matches!(what, What::Cr3Written { .. }),
            StepKind::Write => matches!(what, What::Written { .. }),
            StepKind::Frame => {
                matches!(what, What::Allocated { .. } | What::Freed { .. } | What::FreeQueued { .. })
            }
        }
    }
}
