//! A run to watch when there is no counterexample: it shows what happens if the hardware does everything as early
//! as possible.
//!
//! Stores drain, interrupts are taken and broadcasts arrive at once. Every walk is made that would add something to
//! a cache. The CPUs take turns. The run ends soon after software has: hardware alone may repeat itself for ever. Nothing here is
//! random: the same machine gives the same run.

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
    /// Other steps of hardware alone since then.
    alone: u8,
}

/// The most of either.
const MOST_ALONE: u8 = 8;

impl Chooser<Action> for Eager {
    fn choose(&mut self, enabled: &[Action]) -> Option<Action> {
        let first = |wanted: fn(&Action) -> bool| enabled.iter().copied().find(wanted);
        let prompt = |action: &Action| {
            matches!(action, Action::Drain { .. } | Action::Interrupt { .. } | Action::Broadcast { .. })
        };
        if let Some(action) = first(prompt) {
            return Some(action);
        }
        if self.walks < MOST_ALONE
            && let Some(walk) = first(|action| action.speculative())
        {
            self.walks += 1;
            return Some(walk);
        }
        let software = || enabled.iter().copied().filter(|action| !action.unasked());
        let Some(chosen) = software().find(|action| action.cpu() >= self.turn).or_else(|| software().next())
        else {
            self.alone = self.alone.saturating_add(1);
            return enabled.first().copied().filter(|_| self.alone <= MOST_ALONE);
        };
        self.turn = chosen.cpu() + 1;
        (self.walks, self.alone) = (0, 0);
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
    fn a_run_ends_when_only_hardware_goes_on() {
        let walk = Action::Walk { cpu: 1, va: 0, from: From::Cr3, own: false };
        let mut eager = Eager::default();
        let alone = (0..99).map_while(|_| eager.choose(&[walk])).count();
        assert_eq!(alone, 16);
        // Software that comes in between has the hardware begin anew.
        let mut eager = Eager::default();
        let steps = (0..99).filter_map(|n| {
            let step = Action::Step { cpu: 0 };
            let enabled: &[Action] = if n % 12 == 11 { &[walk, step] } else { &[walk] };
            eager.choose(enabled)
        });
        assert_eq!(steps.count(), 99);
    }

    #[test]
    fn drains_before_all_else() {
        let enabled = [Action::Step { cpu: 0 }, Action::Drain { cpu: 0 }];
        assert_eq!(Eager::default().choose(&enabled), Some(Action::Drain { cpu: 0 }));
        assert_eq!(Eager::default().choose(&[]), None);
    }
}
