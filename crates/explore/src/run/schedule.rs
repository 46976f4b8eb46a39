//! What decides which action comes next.
//!
//! A schedule is a list of actions. A [`Chooser`] decides on one action at a time: by following a schedule (replay), at
//! random from a seed, or by asking a person. The search needs no chooser, since it tries all actions.

use crate::width::to_usize;

/// Picks one of the enabled actions.
pub trait Chooser<A> {
    /// The next action, which must be one of `enabled`, or nothing at the end.
    fn choose(&mut self, enabled: &[A]) -> Option<A>;
}

/// Follows a list. Stops where the list ends, or where it asks for something that is not enabled.
#[derive(Clone, Debug)]
pub struct Replay<'a, A> {
    schedule: &'a [A],
    next: usize,
}

impl<'a, A> Replay<'a, A> {
    /// Follows `schedule` from its beginning.
    #[must_use]
    pub fn new(schedule: &'a [A]) -> Replay<'a, A> {
        Replay { schedule, next: 0 }
    }

    /// How many actions have been taken.
    #[must_use]
    pub fn taken(&self) -> usize {
        self.next
    }
}

impl<A: Copy + Ord> Chooser<A> for Replay<'_, A> {
    fn choose(&mut self, enabled: &[A]) -> Option<A> {
        let action = *self.schedule.get(self.next)?;
        enabled.contains(&action).then(|| {
            self.next += 1;
            action
        })
    }
}

/// Chooses at random from a seed: the same seed gives the same choices everywhere.
#[derive(Clone, Debug)]
pub struct Seeded(u64);

impl Seeded {
    /// A chooser for a seed.
    #[must_use]
    pub fn new(seed: u64) -> Seeded {
        Seeded(seed)
    }

    /// The next 64 random bits: SplitMix64 (Steele, Lea and Flood 2014): a counter through a mixing function.
    pub fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
}

impl<A: Copy> Chooser<A> for Seeded {
    fn choose(&mut self, enabled: &[A]) -> Option<A> {
        // The remainder favours small numbers by less than 2^-50: there are at most some hundred actions.
        let index = self.number() % (enabled.len().max(1) as u64);
        enabled.get(to_usize(index)).copied()
    }
}
