//! Kinds of steps that a reader looks for in a run.

use explore::Step;
use machine::{Action, Event, VIOLATION, What};

/// A kind of steps. A step may be of several.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
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

impl Kind {
    /// All, in the order in which they are offered.
    pub const ALL: [Kind; 7] =
        [Kind::Violation, Kind::Walk, Kind::Ipi, Kind::Invalidation, Kind::Cr3, Kind::Write, Kind::Frame];

    /// What it is called.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Kind::Violation => "violation",
            Kind::Walk => "page walk",
            Kind::Ipi => "IPI",
            Kind::Invalidation => "invalidation",
            Kind::Cr3 => "CR3 write",
            Kind::Write => "memory write",
            Kind::Frame => "frame allocated or freed",
        }
    }

    /// Whether a step is of this kind.
    #[must_use]
    pub fn has(self, step: &Step<Action, Event>) -> bool {
        self == Kind::Violation && step.properties.intersects(VIOLATION)
            || step.events.iter().any(|event| self.has_event(&event.what))
    }

    fn has_event(self, what: &What) -> bool {
        match self {
            Kind::Violation => false,
            Kind::Walk => matches!(what, What::Walk { .. }),
            Kind::Ipi => matches!(what, What::IpiSent { .. } | What::IpiTaken { .. } | What::IpiDone { .. }),
            Kind::Invalidation => {
                matches!(what, What::Invalidated { .. } | What::BroadcastSent(_) | What::BroadcastDone { .. })
            }
            Kind::Cr3 => matches!(what, What::Cr3Written { .. }),
            Kind::Write => matches!(what, What::Written { .. }),
            Kind::Frame => {
                matches!(what, What::Allocated { .. } | What::Freed { .. } | What::FreeQueued { .. })
            }
        }
    }
}
