//! Frames change hands: allocation, freeing at once, and freeing after an RCU grace period.

use crate::step::Stepping;
use crate::{Bug, Machine, RcuFrame, What};
use lang::program::Alloc;
use x86::{FrameId, Owner};

impl Machine {
    /// Takes the frame that the allocator hands out next.
    fn next_free(&self, step: &mut Stepping<'_>) -> Option<FrameId> {
        let free = &mut step.state.free;
        match self.program.machine.alloc {
            // The frame to be handed out is the last one by now.
            Alloc::Last | Alloc::Any => free.pop(),
            Alloc::First => (!free.is_empty()).then(|| free.remove(0)),
        }
    }

    /// Lets a frame be the next one that is handed out.
    pub(crate) fn put_last(&self, step: &mut Stepping<'_>, frame: FrameId) {
        let free = &mut step.state.free;
        if let Some(at) = free.iter().position(|&other| other == frame) {
            free.remove(at);
            free.push(frame);
        }
    }

    /// Puts the last frame where its number belongs, if the operation has not taken it.
    pub(crate) fn put_back(step: &mut Stepping<'_>) {
        let free = &mut step.state.free;
        if let Some(frame) = free.pop() {
            free.insert(free.partition_point(|&other| other < frame), frame);
        }
    }

    /// Gives a frame to the allocator. Where any may be next, they are a set, in the order of their numbers.
    fn put_free(&self, step: &mut Stepping<'_>, frame: FrameId) {
        let free = &mut step.state.free;
        let at = match self.program.machine.alloc {
            Alloc::Last | Alloc::First => free.len(),
            Alloc::Any => free.partition_point(|&other| other < frame),
        };
        free.insert(at, frame);
    }

    pub(crate) fn allocate(&self, step: &mut Stepping<'_>, dst: u8, owner: Owner) {
        let Some(frame) = self.take_frame(step, owner) else { return };
        step.set(dst, self.map.frames[frame as usize].0.0);
        step.event(|| What::Allocated { frame, owner });
    }

    /// Takes a free frame. `enabled` offers the step only while there is one.
    pub(crate) fn take_frame(&self, step: &mut Stepping<'_>, owner: Owner) -> Option<FrameId> {
        let frame = self.next_free(step)?;
        let target = &mut step.state.memory.frames[frame as usize];
        target.owner = owner;
        if matches!(owner, Owner::Table { .. }) {
            target.clear();
        }
        Some(frame)
    }

    pub(crate) fn free(&self, step: &mut Stepping<'_>, frame: FrameId) {
        let was = std::mem::replace(&mut step.state.memory.frames[frame as usize].owner, Owner::Free);
        let queued = step.state.rcu.iter().any(|queued| queued.frame == frame);
        if was == Owner::Free || queued {
            step.state.memory.frames[frame as usize].owner = was;
            return step.bug(Bug::DoubleFree(frame));
        }
        self.give_back(step, frame, was);
    }

    pub(crate) fn give_back(&self, step: &mut Stepping<'_>, frame: FrameId, was: Owner) {
        step.state.memory.frames[frame as usize].owner = Owner::Free;
        self.put_free(step, frame);
        let freed = self.map.span(frame);
        for cpu in &mut step.state.cpus {
            cpu.hw.frames_freed(freed.clone());
            if let Some(vmcs) = &mut cpu.vmcs {
                vmcs.frames_freed(&freed);
            }
        }
        step.event(|| What::Freed { frame, was });
    }

    /// Frees a frame after a grace period: as soon as every CPU has been quiescent. That is the earliest moment
    /// RCU-sched allows, and so the most adverse one.
    pub(crate) fn free_rcu(&self, step: &mut Stepping<'_>, frame: FrameId) {
        let owner = step.state.memory.frames[frame as usize].owner;
        if owner == Owner::Free || step.state.rcu.iter().any(|queued| queued.frame == frame) {
            return step.bug(Bug::DoubleFree(frame));
        }
        let cpus = step.state.cpus.iter().enumerate();
        let waiting = cpus.filter(|(_, cpu)| !cpu.quiescent()).fold(0, |set, (cpu, _)| set | 1 << cpu);
        step.event(|| What::FreeQueued { frame, waiting });
        step.state.rcu.push(RcuFrame { frame, waiting });
        self.end_grace_periods(step);
    }

    /// The CPU may have interrupts on now, or nothing in its store buffer: a quiescent state, if both hold.
    pub(crate) fn quiescent(&self, step: &mut Stepping<'_>) {
        if step.state.cpus[step.cpu as usize].quiescent() {
            for queued in &mut step.state.rcu {
                queued.waiting &= !(1 << step.cpu);
            }
            self.end_grace_periods(step);
        }
    }

    pub(crate) fn end_grace_periods(&self, step: &mut Stepping<'_>) {
        let over: Vec<RcuFrame> = step.state.rcu.extract_if(.., |queued| queued.waiting == 0).collect();
        for queued in over {
            let was = step.state.memory.frames[queued.frame as usize].owner;
            self.give_back(step, queued.frame, was);
        }
    }
}
