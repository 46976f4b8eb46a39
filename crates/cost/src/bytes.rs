//! How much memory a run takes.

use crate::lane::Lane;
use crate::run::TimedRun;
use machine::{Action, CpuState, Event, Ipi, Sent, State};
use std::mem::size_of;
use x86::FrameId;

/// Bytes of the elements for which a vector has room.
fn room<T>(capacity: usize) -> usize {
    capacity * size_of::<T>()
}

/// What a CPU of the state has on the heap. Entries of its caches and of its queues are all that grows.
fn of_cpu(cpu: &CpuState) -> usize {
    let queues = room::<Ipi>(cpu.pending.capacity())
        + cpu.pending.iter().map(|ipi| room::<u64>(ipi.args.capacity())).sum::<usize>()
        + room::<Sent>(cpu.broadcasts.capacity());
    queues + room::<x86::TlbEntry>(cpu.hw.tlb.capacity()) + room::<x86::PscEntry>(cpu.hw.psc.capacity())
}

fn of_state(state: &State) -> usize {
    let frames = room::<x86::Frame>(state.memory.frames.capacity())
        + state.memory.frames.iter().map(x86::Frame::heap).sum::<usize>();
    let cpus = room::<CpuState>(state.cpus.capacity()) + state.cpus.iter().map(of_cpu).sum::<usize>();
    let words = state.cells.capacity() * size_of::<u64>() + room::<FrameId>(state.free.capacity());
    frames + cpus + words
}

impl TimedRun {
    /// The memory that the run takes, computed from what its vectors and queues have room for. The machine, which other runs share,
    /// is not in it, and neither are locals of the kernel's functions that the state keeps while one runs.
    #[must_use]
    pub fn bytes(&self) -> usize {
        let lanes = room::<Lane>(self.lanes.capacity()) + self.lanes.iter().map(Lane::heap).sum::<usize>();
        let record = room::<Event>(self.record.events.capacity()) + room::<Action>(self.scratch.capacity());
        let kept = room::<Action>(self.schedule_room()) + self.strips.heap();
        let counted = room::<u64>(self.counters.rounds.capacity()) + self.lines.heap();
        size_of::<TimedRun>() + of_state(&self.state) + lanes + record + kept + counted
    }
}
