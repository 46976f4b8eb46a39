//! Whether the explorer's worker lives, judged by the times at which it was heard and at which the page looked.
//!
//! A worker that works says something every second (`PULSE_EVERY` in `browser/pump.rs`), and one that is pinged answers. Silence
//! has many reasons besides death. The whole machine may be short of time, or asleep, or the page may lie in the background,
//! where its timers come late. Then the page's own looks come late too, and such a look counts nothing: it says nothing about
//! the worker. And one call of the explorer may take long, on a busy machine above all. So the worker is asked for a sign of life
//! first. The reader is told when that has not been answered, and only much later is the worker given up.

/// How often the page looks, in milliseconds.
pub const LOOK: u64 = 2_000;

/// A look that comes later than this after the one before was late: the page was not scheduled, in milliseconds.
const LATE: u64 = LOOK + LOOK / 2;

/// Silence after which the worker is pinged, in milliseconds.
const PINGED: u64 = 6_000;

/// Silence after which the reader is told, in milliseconds: by then the worker has had as long again to answer the ping.
const TOLD: u64 = 2 * PINGED;

/// Silence after which a worker that has never said anything is given up, in milliseconds. The page does its work then.
pub const STARTS: u64 = 15_000;

/// Silence after which a worker that holds so many states counts as dead, in milliseconds.
///
/// When its keys get longer, a search writes all of its states anew in one call. That takes a second for some million states on
/// a quiet machine; here it may take twenty times as long.
#[must_use]
pub fn patience(states: u32) -> u64 {
    40_000 + u64::from(states) / 50
}

/// The silence of a worker that is to answer something, as far as the page was there to hear it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Watch {
    /// When the page looked last.
    looked: Option<u64>,
    /// How long the worker has been silent, without the time in which the page was not scheduled.
    silent: u64,
    pinged: bool,
}

/// What a look has found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// The worker has been heard, or has nothing to do.
    Alive,
    /// The worker has been silent for a while, and shall be asked for a sign of life.
    Quiet,
    /// The worker has been silent for so many seconds, and has not answered the ping.
    Silent {
        /// For how many seconds.
        seconds: u32,
    },
    /// The worker is dead.
    Dead,
}

impl Watch {
    /// The worker has been heard, or asked something new.
    pub fn heard(&mut self) {
        (self.silent, self.pinged) = (0, false);
    }

    /// The page looks, at a time in milliseconds. The worker is given up after that much silence; nothing if it has nothing to
    /// answer.
    pub fn look(&mut self, now: u64, patience: Option<u64>) -> Found {
        let since = self.looked.replace(now).map_or(0, |before| now.saturating_sub(before));
        let Some(patience) = patience else {
            self.heard();
            return Found::Alive;
        };
        if since <= LATE {
            self.silent += since;
        }
        if self.silent >= patience {
            self.heard();
            return Found::Dead;
        }
        match self.silent {
            0..PINGED => Found::Alive,
            _ if !std::mem::replace(&mut self.pinged, true) => Found::Quiet,
            PINGED..TOLD => Found::Alive,
            silent => Found::Silent { seconds: u32::try_from(silent / 1_000).unwrap_or(u32::MAX) },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Found, LOOK, PINGED, TOLD, Watch, patience};

    /// A simulated clock: the page looks every `every` milliseconds for so many milliseconds; gives what the looks found.
    fn looks(watch: &mut Watch, now: &mut u64, every: u64, during: u64, states: u32) -> Vec<Found> {
        let end = *now + during;
        let mut found = Vec::new();
        while *now < end {
            *now += every;
            found.push(watch.look(*now, Some(patience(states))));
        }
        found
    }

    fn is_silent(found: &Found) -> bool {
        matches!(found, Found::Silent { .. })
    }

    #[test]
    fn a_worker_that_pulses_lives_however_long_it_works() {
        let (mut watch, mut now) = (Watch::default(), 0);
        for _ in 0..1_000 {
            assert_eq!(looks(&mut watch, &mut now, LOOK, LOOK, 0), [Found::Alive]);
            watch.heard();
        }
    }

    #[test]
    fn a_silent_worker_is_pinged_once_then_waited_for_and_given_up_at_last() {
        let (mut watch, mut now) = (Watch::default(), 0);
        watch.look(now, Some(patience(0)));
        let found = looks(&mut watch, &mut now, LOOK, patience(0), 0);
        let pinged: Vec<usize> = (0..found.len()).filter(|&at| found[at] == Found::Quiet).collect();
        assert_eq!(pinged, [(PINGED / LOOK) as usize - 1]);
        let first = found.iter().position(is_silent).expect("the reader is told");
        assert_eq!(first as u64 + 1, TOLD / LOOK);
        assert_eq!(found[first], Found::Silent { seconds: 12 });
        assert_eq!(found[first + 1], Found::Silent { seconds: 14 });
        let (last, before) = found.split_last().expect("some");
        assert_eq!(*last, Found::Dead);
        assert!(before[first..].iter().all(is_silent));
        // Another worker is another matter.
        assert_eq!(looks(&mut watch, &mut now, LOOK, LOOK, 0), [Found::Alive]);
    }

    /// One call of the explorer takes that long on a machine on which much else runs: it answers when the call is done.
    #[test]
    fn nobody_is_told_of_a_worker_that_answers_the_ping() {
        let (mut watch, mut now) = (Watch::default(), 0);
        for _ in 0..100 {
            let found = looks(&mut watch, &mut now, LOOK, TOLD - LOOK, 0);
            assert!(found.contains(&Found::Quiet) && !found.iter().any(is_silent), "{found:?}");
            watch.heard();
        }
    }

    #[test]
    fn an_answer_to_the_ping_ends_the_silence() {
        let (mut watch, mut now) = (Watch::default(), 0);
        for _ in 0..100 {
            let found = looks(&mut watch, &mut now, LOOK, 20_000, 0);
            assert!(is_silent(found.last().expect("some")) && !found.contains(&Found::Dead));
            watch.heard();
            assert_eq!(looks(&mut watch, &mut now, LOOK, LOOK, 0), [Found::Alive]);
        }
    }

    #[test]
    fn time_in_which_the_page_was_not_scheduled_does_not_count() {
        // A machine under load, where the page's own timer comes every ten seconds; then a night.
        let (mut watch, mut now) = (Watch::default(), 0);
        let found = looks(&mut watch, &mut now, 10_000, 3_600_000, 0);
        assert!(found.iter().all(|found| *found == Found::Alive));
        now += 8 * 3_600_000;
        assert_eq!(watch.look(now, Some(patience(0))), Found::Alive);
        // Every other look in time: the silence of those alone counts.
        for _ in 0..2 {
            assert_eq!(looks(&mut watch, &mut now, LOOK, LOOK, 0), [Found::Alive]);
            assert_eq!(looks(&mut watch, &mut now, 9_000, 9_000, 0), [Found::Alive]);
        }
        assert_eq!(looks(&mut watch, &mut now, LOOK, LOOK, 0), [Found::Quiet]);
        assert_eq!(looks(&mut watch, &mut now, LOOK, 6_000, 0)[2], Found::Silent { seconds: 12 });
        // A clock that is put back counts nothing either.
        assert!(is_silent(&watch.look(now - 7_000, Some(patience(0)))));
    }

    #[test]
    fn a_worker_that_holds_many_states_may_be_silent_for_longer() {
        let dead = |states: u32| {
            let (mut watch, mut now) = (Watch::default(), 0);
            let found = looks(&mut watch, &mut now, LOOK, 1_000_000, states);
            (found.iter().position(|found| *found == Found::Dead).expect("at last") as u64 + 1) * LOOK
        };
        assert!(dead(0) < 50_000);
        // Twenty microseconds for each state.
        assert!(dead(1_300_000) >= dead(0) + 26_000 - LOOK);
    }

    #[test]
    fn nobody_waits_for_a_worker_that_has_nothing_to_do() {
        let (mut watch, mut now) = (Watch::default(), 0);
        looks(&mut watch, &mut now, LOOK, 20_000, 0);
        assert_eq!(watch.look(now + LOOK, None), Found::Alive);
        assert_eq!(watch.look(now + 2 * LOOK, Some(patience(0))), Found::Alive);
    }
}
