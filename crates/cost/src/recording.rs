//! Records what each CPU of a timed run is doing.

use crate::lane::Wait;
use crate::run::TimedRun;
use crate::strips::{Doing, Strip, Strips};
use lang::program::Sleep;
use machine::Blocked;

impl TimedRun {
    /// Records from now on what each CPU is at, up to `most` changes.
    pub fn record(&mut self, most: usize) {
        let cpus = self.lanes.len();
        self.strips = Strips { all: Vec::new(), most };
        for cpu in 0..cpus {
            self.note_doing(cpu);
        }
    }

    /// What was recorded; of each CPU in the order of time.
    #[must_use]
    pub fn strips(&self) -> &[Strip] {
        &self.strips.all
    }

    /// Notes what a CPU is at, and what it will be at if nobody interrupts it.
    pub(crate) fn note_doing(&mut self, cpu: usize) {
        if self.strips.all.len() >= self.strips.most {
            return;
        }
        let (lane, this) = (&self.lanes[cpu], &self.state.cpus[cpu]);
        let ended = || {
            u8::try_from(cpu).is_ok_and(|cpu| self.machine.blocked(&self.state, cpu) == Some(Blocked::Ended))
        };
        let (doing, then) = match (this.asleep, lane.waits) {
            (Some(Sleep::C1), _) => (Doing::C1, None),
            (Some(Sleep::C6), _) => (Doing::C6, None),
            _ if lane.off(self.now) => {
                (Doing::Preempted, lane.computing.map(|since| (since.max(lane.off_until), Doing::Computes)))
            }
            _ if this.handler.is_some() => (Doing::Handles, None),
            (None, _) if self.now < lane.begins => (Doing::Rests, Some((lane.begins, Doing::Works))),
            (None, Some((Wait::Others, _))) => (Doing::WaitsForOthers, None),
            (None, Some(_)) => (Doing::Waits, None),
            (None, None) if ended() => (Doing::Works, Some((lane.clock, Doing::Rests))),
            (None, None) => (Doing::Works, lane.computing.map(|since| (since, Doing::Computes))),
        };
        let now = self.now;
        match then {
            Some((since, doing)) if since <= now => self.note(cpu, now, doing),
            Some((since, after)) => {
                self.note(cpu, now, doing);
                self.note(cpu, since, after);
            }
            None => self.note(cpu, now, doing),
        }
    }

    /// Notes that a CPU is at something from a time on, if that is news and somebody records. What it was to be at later is
    /// overtaken by that.
    pub(crate) fn note(&mut self, cpu: usize, from: u64, doing: Doing) {
        let Strips { all, most } = &mut self.strips;
        if all.len() >= *most {
            return;
        }
        let cpu = u8::try_from(cpu).unwrap_or(u8::MAX);
        let last = loop {
            match all.iter().rposition(|strip| strip.cpu == cpu) {
                Some(place) if all[place].from > from => {
                    all.remove(place);
                }
                Some(place) => break Some(all[place].doing),
                None => break None,
            }
        };
        if last != Some(doing) {
            all.push(Strip { from, cpu, doing });
        }
    }
}
