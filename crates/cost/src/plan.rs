//! What a CPU does next, and when.

use crate::lane::{NEVER, Next, Wait};
use crate::run::TimedRun;
use lang::costs::Figure;
use lang::program::Sleep;
use machine::Blocked;

impl TimedRun {
    /// Computes again what a CPU does next. Everything that may change that calls this: the CPU's own steps, what is
    /// sent to it, and what it waits for. No code polls a CPU that waits, so waiting costs nothing.
    pub(crate) fn replan(&mut self, cpu: u8) {
        let blocked = self.machine.blocked(&self.state, cpu);
        self.note_waiting(cpu, blocked);
        let this = &self.state.cpus[usize::from(cpu)];
        let lane = &mut self.lanes[usize::from(cpu)];
        (lane.next, lane.due) = (Next::Nothing, NEVER);
        let first = |queue: &std::collections::VecDeque<u64>| queue.front().copied().unwrap_or(NEVER);
        lane.offer(Next::Broadcast, first(&lane.broadcasts));
        lane.offer(Next::Drain, first(&lane.drains));
        let pending = if this.pending.is_empty() { NEVER } else { first(&lane.arrivals) };
        if let Some(depth) = this.asleep {
            let exit = self.prices.of(match depth {
                Sleep::C1 => Figure::C1Exit,
                Sleep::C6 => Figure::C6Exit,
            });
            if pending <= lane.sleeps_until && pending != NEVER {
                let next = match (this.interruptible(), this.buffer.is_empty()) {
                    (true, true) => Next::Interrupt,
                    (true, false) => Next::Drain,
                    (false, _) => Next::Wake,
                };
                lane.offer(next, pending.max(self.now) + exit);
            } else {
                lane.offer(Next::Wake, lane.sleeps_until.max(self.now).saturating_add(exit));
            }
            return;
        }
        let on = lane.off_until;
        if blocked != Some(Blocked::Ended) || lane.round_at != NEVER {
            lane.offer(Next::Preempt, lane.off_at);
        }
        if pending != NEVER && this.interruptible() {
            let time = pending.max(lane.open_since()).max(on);
            // The buffer drains before an interrupt is taken (H59).
            let next = if this.buffer.is_empty() { Next::Interrupt } else { Next::Drain };
            lane.offer(next, time);
        }
        match blocked {
            None => lane.offer(Next::Program, lane.clock.max(on)),
            Some(Blocked::Ended) if lane.round_at != NEVER => {
                lane.offer(Next::Round, lane.clock.max(lane.round_at).max(on));
            }
            Some(_) => {}
        }
        if lane.next != Next::Nothing {
            lane.offer(Next::Speculate, lane.speculates_at.max(on));
        }
    }

    /// Records waiting: since when, for what, and when it ends.
    fn note_waiting(&mut self, cpu: u8, blocked: Option<Blocked>) {
        let kind = match blocked {
            None | Some(Blocked::Ended) => None,
            Some(Blocked::StoreBufferNotEmpty(_) | Blocked::StoreBufferFull) => Some(Wait::Buffer),
            Some(Blocked::IpisNotHandled | Blocked::BroadcastsNotDone | Blocked::CommandsNotDone) => {
                Some(Wait::Others)
            }
            Some(Blocked::Condition | Blocked::LockHeld | Blocked::NoFreeFrame) => Some(Wait::Memory),
        };
        let lane = &self.lanes[usize::from(cpu)];
        if lane.waits.map(|waits| waits.0) != kind {
            // Another CPU did what this one waited for, and this one must fetch the cache line that
            // says so.
            let news = match lane.waits {
                Some((Wait::Others | Wait::Memory, _)) => self.prices.of(Figure::LineRemote),
                Some((Wait::Buffer, _)) | None => 0,
            };
            self.stop_waiting(cpu, self.now + news);
        }
        let lane = &mut self.lanes[usize::from(cpu)];
        match kind {
            Some(kind) => {
                lane.waits.get_or_insert((kind, lane.clock));
                self.waiting |= 1 << cpu;
            }
            None => self.waiting &= !(1 << cpu),
        }
    }

    /// A CPU waits no longer: its program continues then, or something else happens.
    pub(crate) fn stop_waiting(&mut self, cpu: u8, until: u64) {
        let lane = &mut self.lanes[usize::from(cpu)];
        let Some((kind, since)) = lane.waits.take() else { return };
        lane.clock = lane.clock.max(until);
        let waited = lane.clock.saturating_sub(since);
        match kind {
            Wait::Buffer => self.counters.kernel_time += waited,
            Wait::Others => self.counters.sender_waits += waited,
            Wait::Memory => self.counters.waited += waited,
        }
    }
}
