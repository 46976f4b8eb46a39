//! Steps that one CPU alone can see: no other CPU can observe when they happen.
//!
//! [`commuting`](crate::commuting) says what each step touches, and what the other CPUs may touch from here on. If none of that is
//! the same, a step makes no difference to any of them, now or later. It is told only of steps that touch no memory: walks, which no
//! program asks for, may read memory at any time.

use crate::commuting::{Resources, STORAGE};
use crate::number::software;
use crate::{Action, Machine, State};
use explore::{Commuting, Touched};

impl Machine {
    /// Whether no other CPU can observe when this action is taken. A choice of the environment is always seen.
    #[must_use]
    pub fn is_local(&self, state: &State, action: Action) -> bool {
        let cpu = action.cpu();
        let drains = match action {
            Action::Step { .. } => false,
            Action::Drain { .. } => true,
            _ => return false,
        };
        if !self.commutes() {
            return false;
        }
        let resources = Resources::of(self);
        let touched = match drains {
            false => self.next_touched(&resources, state, cpu),
            true => self.drained(&resources, state, cpu),
        };
        // What the others may touch: by themselves, and if a CPU calls them.
        let (mut others, mut called, mut calls) = (Touched::NOTHING, Touched::NOTHING, false);
        for other in 0..self.program.machine.cpus {
            let Some(prospect) = self.prospect(state, software(other)) else { return false };
            calls |= prospect.calls;
            if other != cpu {
                (others, called) = (others.and(prospect.ever), called.and(prospect.called));
            }
        }
        if calls {
            others = others.and(called);
        }
        (touched.reads | touched.writes) & STORAGE == 0 && !touched.conflicts(others, 0)
    }
}
