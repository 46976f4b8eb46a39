//! The clock beside the stage: the round that is shown, as lanes to scale, with the moment marked in them.

use super::lanes::{Lanes, STRETCHES, WIDTH, drawn};
use super::time;
use crate::model::lab::Lab;

/// The clock at a moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClockView {
    /// The moment, in words.
    pub words: String,
    /// The lanes around it.
    pub lanes: Lanes,
    /// Where the moment is, in tenths of a unit.
    pub at: u64,
}

impl ClockView {
    /// The clock, with a stretch of so much; nothing if the run on the stage is no round that the clock has decided.
    #[must_use]
    pub fn of(lab: &Lab, stretch: usize) -> Option<ClockView> {
        let (clock, player) = (lab.clock()?, lab.player());
        let now = clock.time(player.cursor());
        let length = STRETCHES[stretch.min(STRETCHES.len() - 1)];
        // A third of the stretch has gone by.
        let from = now.saturating_sub(length / 3);
        let strips = clock.round.strips.iter().map(|strip| (strip.cpu, strip.doing as u8, strip.from));
        let strips: Vec<_> = strips.collect();
        let cpus = usize::from(player.machine().program().machine.cpus);
        let last = clock.round.times.last().copied().unwrap_or(now);
        let next = clock
            .round
            .times
            .get(player.cursor())
            .map(|next| format!(" The next step is {} later.", time(next.saturating_sub(now))));
        Some(ClockView {
            words: format!("at {} of {}.{}", time(now), time(last), next.unwrap_or_default()),
            lanes: drawn(&clock.kernel, cpus, &strips, (from, from + length)),
            at: (now - from) * WIDTH / length,
        })
    }
}
