//! A run to watch when there is no counterexample: it shows what happens if the hardware does everything as early
//! as possible.
//!
//! Stores drain, interrupts are taken and broadcasts arrive at once. Every walk is made that would add something to
//! a cache. The CPUs take turns. Nothing here is random: the same machine gives the same run.

use explore::Chooser;
use machine::Action;

/// The most steps of a run that was not asked to run to its end.
pub const MOST_STEPS: usize = 200;

/// Chooses as described above.
#[derive(Clone, Debug, Default)]
pub struct Eager {
    /// The CPU whose turn it is.
    turn: u8,
    /// Walks since software last did something: bounded, so that hardware can't block everything else.
    walks: u8,
}

const MOST_WALKS: u8 = 8;

impl Chooser<Action> for Eager {
    fn choose(&mut self, enabled: &[Action]) -> Option<Action> {
        let first = |wanted: fn(&Action) -> bool| enabled.iter().copied().find(wanted);
        let prompt = |action: &Action| {
            matches!(action, Action::Drain { .. } | Action::Interrupt { .. } | Action::Broadcast { .. })
        };
        if let Some(action) = first(prompt) {
            return Some(action);
        }
        if self.walks < MOST_WALKS
            && let Some(walk) = first(|action| action.speculative())
        {
            self.walks += 1;
            return Some(walk);
        }
        let software = || enabled.iter().copied().filter(|action| !action.unasked());
        let chosen = software()
            .find(|action| action.cpu() >= self.turn)
            .or_else(|| software().next())
            .or_else(|| enabled.first().copied())?;
        self.turn = chosen.cpu() + 1;
        self.walks = 0;
        Some(chosen)
    }
}

#[cfg(test)]
mod tests {
    use super::Eager;
    use explore::Chooser;
    use machine::{Action, From};

    #[test]
    fn software_takes_turns() {
        let enabled = [Action::Step { cpu: 0 }, Action::Step { cpu: 1 }];
        let mut eager = Eager::default();
        let turns: Vec<u8> = (0..4).filter_map(|_| eager.choose(&enabled)).map(Action::cpu).collect();
        assert_eq!(turns, [0, 1, 0, 1]);
    }

    #[test]
    fn hardware_goes_first_but_not_for_ever() {
        let walk = Action::Walk { cpu: 1, va: 0, from: From::Cr3, own: false };
        let enabled = [Action::Step { cpu: 0 }, walk];
        let mut eager = Eager::default();
        let chosen: Vec<Action> = (0..9).filter_map(|_| eager.choose(&enabled)).collect();
        assert_eq!(chosen[0], walk);
        assert_eq!(chosen[8], Action::Step { cpu: 0 });
    }

    #[test]
    fn drains_before_all_else() {
        let enabled = [Action::Step { cpu: 0 }, Action::Drain { cpu: 0 }];
        assert_eq!(Eager::default().choose(&enabled), Some(Action::Drain { cpu: 0 }));
        assert_eq!(Eager::default().choose(&[]), None);
    }
}
