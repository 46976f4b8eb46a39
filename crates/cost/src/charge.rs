//! How long a step takes, and what it adds to the counters: computed from its events.

use crate::counters::Flushed;
use crate::lane::Wait;
use crate::run::{MOST_TIME, TimedRun};
use lang::costs::Figure;
use lang::program::{Mode, Sleep};
use machine::{Action, Aftermath, Event, How, Invalidation, Loc, What};
use x86::{Backing, Broadcast, Cr3, Invpcid, VirtAddr, WordId};

/// The time that a step takes of its CPU, by kind.
#[derive(Clone, Copy, Debug, Default)]
struct Charge {
    /// Everything but what follows.
    own: u64,
    /// MOV to CR3.
    cr3: u64,
    /// Cache lines of other CPUs.
    lines: u64,
    /// Walks that an access waits for, and refills.
    misses: u64,
    /// The way into a handler and out of it.
    gates: u64,
    /// What a program computes afterwards.
    computes: u64,
}

/// The CPUs whose waits a step may end.
#[derive(Clone, Copy, Debug, Default)]
struct News {
    /// Memory has changed.
    memory: bool,
    /// CPUs of which an IPI or an INVLPGB has been carried out.
    answered: u64,
}

impl TimedRun {
    /// Charges for the step that has just been taken.
    pub(crate) fn charge(&mut self, action: Action, in_handler: bool) {
        let cpu = action.cpu();
        let mut charge = Charge::default();
        let mut news = News::default();
        let events = std::mem::take(&mut self.record.events);
        for event in &events {
            self.read(event, &mut charge, &mut news);
        }
        self.record.events = events;
        match action {
            // The hardware's own: the program does not wait for it.
            Action::Drain { .. } => {}
            Action::Broadcast { .. } => {
                let stall = self.prices.of(Figure::BroadcastStall);
                let lane = &mut self.lanes[usize::from(cpu)];
                if lane.clock > self.now {
                    lane.clock += stall;
                }
                self.counters.target_time += stall;
            }
            // (A timed run has neither guests nor devices, so that it does not come to their walks.)
            Action::Walk { .. }
            | Action::GuestWalk { .. }
            | Action::NestedWalk { .. }
            | Action::Translate { .. } => {}
            Action::Interrupt { .. } => self.pay(cpu, charge, true),
            Action::Step { .. }
            | Action::Allocate { .. }
            | Action::Access { .. }
            | Action::DirtyWalk { .. }
            | Action::Fault { .. }
            | Action::ProtectionFault { .. }
            | Action::Violation { .. }
            | Action::Nmi { .. }
            | Action::VmExit { .. }
            | Action::Pick { .. } => {
                let operations = 1 + u64::from(self.record.silent);
                charge.own += self.prices.of(Figure::Operation) * operations;
                self.pay(cpu, charge, in_handler);
            }
        }
        self.flush(cpu);
        self.tell(news);
    }

    /// Advances a CPU's clock by the cost of a step.
    fn pay(&mut self, cpu: u8, charge: Charge, in_handler: bool) {
        let Charge { own, cr3, lines, misses, gates, computes } = charge;
        let operation = own + cr3 + lines;
        if in_handler {
            self.counters.target_time += operation + gates + misses;
        } else {
            self.counters.kernel_time += operation + gates;
            self.counters.miss_time += misses;
        }
        self.counters.cr3_time += cr3;
        self.counters.line_time += lines;
        self.counters.computed += computes;
        let lane = &mut self.lanes[usize::from(cpu)];
        let open = self.now + operation + gates + misses;
        let computes = computes + std::mem::take(&mut lane.owed);
        // A handler does not do the computation that was put off.
        if self.state.cpus[usize::from(cpu)].handler.is_some() {
            lane.owed = computes;
            lane.clock = open;
        } else {
            lane.clock = open + computes;
            lane.computing = (computes > 0).then_some(open);
        }
    }

    fn figure(&self, figure: Figure) -> u64 {
        self.prices.of(figure)
    }

    /// What an event costs. No event is left out: those that cost nothing stand at the end.
    fn read(&mut self, event: &Event, charge: &mut Charge, news: &mut News) {
        let cpu = event.cpu;
        match &event.what {
            What::Read { loc, forwarded, .. } => {
                let remote = !forwarded && self.lines.read(cpu, *loc);
                self.fetched(remote, charge);
            }
            What::Buffered { loc, .. } => self.buffered(cpu, *loc),
            What::Written { loc, how, .. } => {
                news.memory = true;
                self.written(cpu, *loc, *how, charge);
            }
            What::Acquired { loc } => {
                let remote = self.lines.write(cpu, *loc);
                self.fetched(remote, charge);
                self.locked(remote, charge);
            }
            What::Fenced => charge.own += self.figure(Figure::Fence),
            What::Allocated { .. } | What::Freed { .. } => {
                news.memory = true;
                charge.own += self.figure(Figure::Frame);
            }
            What::Mode { from, to } => {
                let user = |mode: &Mode| matches!(mode, Mode::User(_));
                if user(from) != user(to) {
                    charge.own += self.figure(Figure::ModeSwitch);
                }
            }
            What::Accessed { va, write, backing, was, .. } => {
                self.accessed(cpu, *va, (*write, was.is_some()), *backing, charge);
            }
            What::DirtySet { level, .. } => {
                charge.misses += self.prices.walk(*level) + self.figure(Figure::Locked);
            }
            What::Faulted { then, .. } => self.faulted(cpu, *then, charge),
            What::Slept { depth, .. } => self.slept(cpu, *depth),
            What::Cr3Written { after, noflush, .. } => self.cr3_written(*after, *noflush, charge),
            What::Invalidated { by, .. } => self.invalidated(*by, charge),
            What::NoOperation { .. } => charge.own += self.figure(Figure::Invlpg),
            What::IpiSent { targets, .. } => self.sent(*targets, charge),
            What::NoRoom { .. } => charge.own += self.figure(Figure::IpiSend),
            What::IpiTaken { .. } => {
                self.lanes[usize::from(cpu)].arrivals.pop_front();
                charge.gates += self.figure(Figure::IpiEntry);
            }
            What::IpiDone { sender, .. } => {
                news.answered |= 1 << sender;
                charge.gates += self.figure(Figure::IpiExit);
            }
            What::BroadcastSent(_) => self.broadcast(cpu, charge),
            // No figures of its own are published. The sender writes the ICR as for an IPI, and microcode answers as it does an
            // INVLPGB.
            What::RarSent { targets, .. } => {
                charge.own += self.figure(Figure::IpiSend) * u64::from(targets.count_ones());
                let here = self.now + self.figure(Figure::BroadcastLatency);
                for (other, lane) in
                    (0..).zip(&mut self.lanes).filter(|&(other, _)| targets >> other & 1 == 1)
                {
                    lane.broadcasts.push_back(here);
                    self.disturbed |= 1_u64 << other;
                }
            }
            What::BroadcastDone { broadcast, sender, .. } => {
                news.answered |= 1 << sender;
                self.broadcast_done(cpu, broadcast);
            }
            // `walk` has counted it and charged for it (`access.rs`).
            What::Walk { .. } => {}
            // The step itself takes its time, and these take no more. That a CPU which shares the TLB has the entry too costs nothing.
            What::RootRead { .. }
            | What::Shared { .. }
            | What::IrqsOn(_)
            | What::FaultDone { .. }
            | What::GivenUp { .. }
            | What::Picked { .. }
            | What::Woke
            | What::Waited
            | What::Switched { .. }
            | What::SpaceMade { .. }
            | What::SpaceEnded { .. }
            | What::FreeQueued { .. }
            | What::Rewalked { .. }
            | What::CheckFailed { .. }
            | What::Claimed { .. }
            | What::StillHeld { .. }
            | What::UserWithoutInterrupts
            | What::InvariantBroken { .. }
            | What::BeyondLimit { .. }
            | What::Bug(_) => {}
            // A timed run has no guests, no devices, and neither NMIs nor VM exits.
            What::CommandQueued(_)
            | What::PasidAttached { .. }
            | What::Translated { .. }
            | What::DeviceRefused { .. } => {}
            What::VmcsLoaded { .. }
            | What::VmEntered { .. }
            | What::VmExited { .. }
            | What::CutIn { .. }
            | What::CutInDone { .. } => {}
        }
    }

    fn cr3_written(&mut self, after: Cr3, noflush: bool, charge: &mut Charge) {
        if noflush {
            charge.cr3 += self.figure(Figure::Cr3Keep);
            self.counters.cr3_kept += 1;
        } else {
            charge.cr3 += self.figure(Figure::Cr3Flush);
            self.counters.cr3_flushed += 1;
            self.flushed = Flushed::One(after.pcid);
        }
    }

    /// An INVLPGB goes out to every CPU.
    fn broadcast(&mut self, cpu: u8, charge: &mut Charge) {
        self.counters.invlpgb += 1;
        charge.own += self.figure(Figure::Invlpgb);
        let here = self.now + self.figure(Figure::BroadcastLatency);
        for (other, lane) in (0..).zip(&mut self.lanes) {
            lane.broadcasts.push_back(if other == cpu { self.now } else { here });
            self.disturbed |= 1_u64 << other;
        }
    }

    fn broadcast_done(&mut self, cpu: u8, broadcast: &Broadcast) {
        self.lanes[usize::from(cpu)].broadcasts.pop_front();
        if broadcast.range.is_none() {
            self.flushed = broadcast.pcid.map_or(Flushed::All, Flushed::One);
        }
    }

    fn faulted(&mut self, cpu: u8, then: Aftermath, charge: &mut Charge) {
        self.counters.faults += 1;
        charge.own += self.figure(Figure::PageFault);
        // A program that is killed ends its round, and what it computed with it.
        if matches!(then, Aftermath::Killed | Aftermath::Oops) {
            self.lanes[usize::from(cpu)].owed = 0;
        }
    }

    /// A cache line may have to come from another CPU.
    fn fetched(&mut self, remote: bool, charge: &mut Charge) {
        if remote {
            charge.lines += self.figure(Figure::LineRemote);
        }
    }

    /// A store will leave the buffer after the one before it.
    fn buffered(&mut self, cpu: u8, loc: Loc) {
        let line = if self.lines.elsewhere(cpu, loc) { self.figure(Figure::LineRemote) } else { 0 };
        let takes = self.figure(Figure::Drain) + line;
        let now = self.now;
        let drains = &mut self.lanes[usize::from(cpu)].drains;
        let after = drains.back().copied().unwrap_or(0).max(now);
        drains.push_back(after + takes);
    }

    fn written(&mut self, cpu: u8, loc: Loc, how: How, charge: &mut Charge) {
        let remote = how != How::Private && self.lines.write(cpu, loc);
        match how {
            How::Private => {}
            How::Drained => {
                self.lanes[usize::from(cpu)].drains.pop_front();
            }
            How::Direct => self.fetched(remote, charge),
            How::Locked => {
                self.fetched(remote, charge);
                self.locked(remote, charge);
            }
        }
    }

    fn locked(&mut self, remote: bool, charge: &mut Charge) {
        charge.own += self.prices.of(Figure::Locked);
        self.counters.locked += 1;
        self.counters.locked_remote += u64::from(remote);
    }

    fn invalidated(&mut self, by: Invalidation, charge: &mut Charge) {
        let counters = &mut self.counters;
        let (figure, counter, flushed) = match by {
            Invalidation::Invlpg(_) => (Figure::Invlpg, &mut counters.invlpg, Flushed::Nothing),
            Invalidation::Invpcid(which) => {
                let (figure, flushed) = match which {
                    Invpcid::Address(..) => (Figure::Invpcid, Flushed::Nothing),
                    Invpcid::Single(pcid) => (Figure::Invpcid, Flushed::One(pcid)),
                    Invpcid::All | Invpcid::AllNonGlobal => (Figure::InvpcidAll, Flushed::All),
                };
                (figure, &mut counters.invpcid, flushed)
            }
            Invalidation::TogglePge => (Figure::TogglePge, &mut counters.toggle_pge, Flushed::All),
            // Subjects with guests are refused: there is no figure for these.
            Invalidation::Invept(_)
            | Invalidation::Invvpid(_)
            | Invalidation::Invlpga(..)
            | Invalidation::Violation { .. } => return,
        };
        charge.own += self.prices.of(figure);
        *counter += 1;
        if flushed != Flushed::Nothing {
            self.flushed = flushed;
        }
    }

    /// IPIs go out one after the other.
    fn sent(&mut self, targets: u64, charge: &mut Charge) {
        let (send, latency) = (self.prices.of(Figure::IpiSend), self.prices.of(Figure::IpiLatency));
        let mut left = targets;
        while left != 0 {
            let target = left.trailing_zeros() as usize;
            left &= left - 1;
            charge.own += send;
            let here = self.now + charge.own + latency;
            let lane = &mut self.lanes[target];
            let after = lane.arrivals.back().copied().unwrap_or(0);
            lane.arrivals.push_back(here.max(after));
            let counters = &mut self.counters;
            *match self.state.cpus[target].asleep {
                Some(Sleep::C1) => &mut counters.ipis_c1,
                Some(Sleep::C6) => &mut counters.ipis_c6,
                None if lane.off(here) => &mut counters.ipis_not_running,
                None => &mut counters.ipis_busy,
            } += 1;
        }
        self.disturbed |= targets;
    }

    /// A CPU has gone to sleep. If it is woken too early, it continues the same sleep.
    fn slept(&mut self, cpu: u8, depth: Sleep) {
        let mean = self.sleep_of(cpu);
        let now = self.now;
        let lane = &mut self.lanes[usize::from(cpu)];
        if lane.sleeps_until <= now {
            lane.sleeps_until = now + lane.chance.around(mean).max(1);
        }
        if depth == Sleep::C6 {
            self.flushed = Flushed::All;
        }
    }

    /// A program's access was made. It may stand for computing, and for a whole working set.
    fn accessed(
        &mut self,
        cpu: u8,
        va: VirtAddr,
        (write, locked): (bool, bool),
        backing: Backing,
        charge: &mut Charge,
    ) {
        if let (Backing::Frame(frame), false, false) = (backing, write, locked) {
            let remote = self.lines.read(cpu, Loc::Word(frame, WordId::from(va.word())));
            self.fetched(remote, charge);
        }
        let lane = &mut self.lanes[usize::from(cpu)];
        lane.walked = 0;
        let page = va.get() & !0xfff;
        let Some(work) = self.workload.works.iter().find(|work| work.va == page) else { return };
        charge.computes += work.time;
        if work.pages > 0 {
            let hw = &self.state.cpus[usize::from(cpu)].hw;
            let room = self.prices.of(Figure::TlbEntries);
            let missing = lane.resident.touch(work.pages, hw, room, &mut lane.luck);
            self.counters.refills += missing;
            charge.misses += missing.saturating_mul(self.prices.of(Figure::Refill)).min(MOST_TIME);
        }
    }

    /// Pages of working sets go where the step flushed them.
    fn flush(&mut self, cpu: u8) {
        let resident = &mut self.lanes[usize::from(cpu)].resident;
        match std::mem::replace(&mut self.flushed, Flushed::Nothing) {
            Flushed::Nothing => return,
            Flushed::One(pcid) => resident.flushed(Some(pcid)),
            Flushed::All => resident.flushed(None),
        }
        resident.tidy(&self.state.cpus[usize::from(cpu)].hw);
    }

    /// CPUs that wait for what has happened look again.
    fn tell(&mut self, news: News) {
        let mut left = self.waiting;
        while left != 0 {
            let cpu = left.trailing_zeros();
            left &= left - 1;
            let concerned = match self.lanes[cpu as usize].waits {
                Some((Wait::Others, _)) => news.answered >> cpu & 1 == 1,
                Some((Wait::Memory, _)) => news.memory,
                Some((Wait::Buffer, _)) | None => false,
            };
            self.disturbed |= u64::from(concerned) << cpu;
        }
    }
}
