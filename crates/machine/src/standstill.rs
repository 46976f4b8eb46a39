//! What becomes of a machine from which no end can be reached: who has ended, who waits, and who goes round in a loop.
//!
//! A hang is told as soon as nothing can end it any more, so a CPU may still be on its way to the loop that it never leaves.
//! Whoever is to understand the hang wants to know that loop. So the machine runs on here, each CPU in turn, until it comes
//! back to a state in which it has been.

use crate::{Action, Event, Loc, Machine, State, What};
use explore::System;
use lang::effects::Flow;
use lang::program::Pc;

/// The most turns until the machine goes round.
const MOST: usize = 4_096;

/// A machine that comes no further.
#[derive(Clone, Debug)]
pub struct Standstill {
    /// A state of its round; the state itself if nothing happens any more.
    pub state: State,
    /// What each CPU does there for ever.
    pub cpus: Vec<Standing>,
}

/// What a CPU does for ever.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Nothing: its program has ended.
    Ended,
    /// It waits for what [`Machine::blocked`] says.
    Waits,
    /// It goes round.
    Round {
        /// The operations of its round, each once.
        pcs: Vec<Pc>,
        /// The places that it looks at.
        reads: Vec<Loc>,
        /// Whether it was in the round from the beginning.
        already: bool,
    },
}

impl Machine {
    /// What becomes of a machine that hangs in this state.
    #[must_use]
    pub fn standstill(&self, state: &State) -> Standstill {
        let mut state = state.clone();
        self.gain_all(&mut state);
        let at = |state: &State| -> Vec<Pc> { state.cpus.iter().map(|cpu| cpu.context().pc).collect() };
        let first = at(&state);
        // Most rounds are a few turns, so a list will do.
        let mut been = Vec::new();
        let mut name = self.bytes(&state);
        while !been.contains(&name) && been.len() + 1 < MOST {
            self.turn(&mut state, &mut |_, _| {});
            been.push(std::mem::replace(&mut name, self.bytes(&state)));
        }
        let round = state.clone();
        let mut taken: Vec<(Vec<Pc>, Vec<Loc>)> = vec![Default::default(); round.cpus.len()];
        for _ in 0..MOST {
            let before = at(&state);
            let mut parts = Vec::new();
            self.turn(&mut state, &mut |cpu, events| parts.push((cpu, events)));
            for (cpu, events) in parts {
                let Some((pcs, reads)) = taken.get_mut(usize::from(cpu)) else { continue };
                let pc = before[usize::from(cpu)];
                if !pcs.contains(&pc) {
                    pcs.push(pc);
                }
                for event in events {
                    if let What::Read { loc, .. } = event.what
                        && event.cpu == cpu
                        && !reads.contains(&loc)
                    {
                        reads.push(loc);
                    }
                }
            }
            if self.bytes(&state) == name {
                break;
            }
        }
        let standing = |(cpu, (pcs, reads)): (u8, (Vec<Pc>, Vec<Loc>))| {
            if !pcs.is_empty() {
                let already = first.get(usize::from(cpu)).is_some_and(|pc| pcs.contains(pc));
                Standing::Round { pcs, reads, already }
            } else if self.next(&round, cpu).flow == Flow::End {
                Standing::Ended
            } else {
                Standing::Waits
            }
        };
        let cpus = (0..).zip(taken).map(standing).collect();
        Standstill { state: round, cpus }
    }

    /// Each CPU takes a step, if it can, and walks cache what they find. Nothing else happens that nobody asked for.
    fn turn(&self, state: &mut State, tell: &mut dyn FnMut(u8, Vec<Event>)) {
        for cpu in (0..=u8::MAX).take(state.cpus.len()) {
            let mut enabled = Vec::new();
            self.enabled(state, &mut enabled);
            let own = |action: &&Action| action.cpu() == cpu && !action.unasked();
            let Some(&action) = enabled.iter().find(own) else { continue };
            let mut events = Vec::new();
            self.step(state, action, &mut events);
            self.gain_all(state);
            tell(cpu, events);
        }
    }
}
