//! Frames change hands: allocation, freeing at once, and freeing after an RCU grace period.

use crate::step::Step;
use crate::{Bug, Machine, RcuFrame, What};
use x86::{FrameId, Owner};

impl Machine {
    pub(crate) fn allocate(&self, step: &mut Step<'_>, dst: u8, owner: Owner) {
        // `enabled` offers the step only while there is a free frame.
        let Some(frame) = step.state.free.pop() else { return };
        let target = &mut step.state.memory.frames[frame as usize];
        target.owner = owner;
        if matches!(owner, Owner::Table { .. }) {
            target.clear();
        }
        step.set(dst, self.map.frames[frame as usize].0.0);
        step.event(|| What::Allocated { frame, owner });
    }

    pub(crate) fn free(&self, step: &mut Step<'_>, frame: FrameId) {
        let was = std::mem::replace(&mut step.state.memory.frames[frame as usize].owner, Owner::Free);
        let queued = step.state.rcu.iter().any(|queued| queued.frame == frame);
        if was == Owner::Free || queued {
            step.state.memory.frames[frame as usize].owner = was;
            return step.bug(Bug::DoubleFree(frame));
        }
        self.give_back(step, frame, was);
    }

    pub(crate) fn give_back(&self, step: &mut Step<'_>, frame: FrameId, was: Owner) {
        step.state.memory.frames[frame as usize].owner = Owner::Free;
        step.state.free.push(frame);
        let freed = self.map.span(frame);
        for cpu in &mut step.state.cpus {
            cpu.hw.frames_freed(freed.clone());
        }
        step.event(|| What::Freed { frame, was });
    }

    /// Frees a frame after a grace period: as soon as every CPU has been quiescent. That is the earliest moment
    /// RCU-sched allows, and so the most adverse one.
    pub(crate) fn free_rcu(&self, step: &mut Step<'_>, frame: FrameId) {
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

    /// The CPU may have interrupts on now, or nothing in its store buffer: a quiescent state, if it is both.
    pub(crate) fn quiescent(&self, step: &mut Step<'_>) {
        if step.state.cpus[step.cpu as usize].quiescent() {
            for queued in &mut step.state.rcu {
                queued.waiting &= !(1 << step.cpu);
            }
            self.end_grace_periods(step);
        }
    }

    pub(crate) fn end_grace_periods(&self, step: &mut Step<'_>) {
        let over: Vec<RcuFrame> = step.state.rcu.extract_if(.., |queued| queued.waiting == 0).collect();
        for queued in over {
            let was = step.state.memory.frames[queued.frame as usize].owner;
            self.give_back(step, queued.frame, was);
        }
    }
}
