//! Accesses of programs, the walks that they need, speculative walks; interrupts and waking up.

use crate::run::TimedRun;
use crate::strips::Doing;
use lang::costs::Figure;
use lang::program::Sleep;
use machine::{Action, From};
use x86::{Level, VirtAddr, WalkOutcome, Walked};

/// After so many steps of walks for one access a walk begins at CR3, and after twice as many the access is given up.
const MOST_WALKED: u32 = 16;

impl TimedRun {
    /// A program accesses memory: through a cached translation, or by a step of a walk towards it, or it faults.
    pub(crate) fn access(&mut self, cpu: u8) {
        let mut choices = std::mem::take(&mut self.scratch);
        choices.clear();
        self.machine.choices(&self.state, cpu, &mut choices);
        let chosen = self.way(cpu, &choices);
        let fault = choices
            .iter()
            .copied()
            .find(|a| matches!(a, Action::Fault { .. } | Action::ProtectionFault { .. }));
        let any = choices.first().copied();
        self.scratch = choices;
        if let Some(action) = chosen {
            return self.step(action);
        }
        let lane = &mut self.lanes[usize::from(cpu)];
        lane.walked += 1;
        if lane.walked == 1 {
            self.counters.misses += 1;
        }
        let from_cr3 = lane.walked > MOST_WALKED;
        let given_up = lane.walked > 2 * MOST_WALKED;
        let walked = self.machine.wants(&self.state, cpu).and_then(|va| self.best_walk(cpu, va, from_cr3));
        match (walked, fault) {
            (Some((walk, walked)), _) if leads_on(&walked) && !given_up => {
                self.walk(cpu, walk, &walked, true)
            }
            (_, Some(fault)) => {
                lane_mut(self, cpu).walked = 0;
                self.step(fault);
            }
            // A cached pointer leads nowhere, but memory may hold a translation: walk from the
            // root.
            (Some(_), None) if !given_up => {
                lane_mut(self, cpu).walked = MOST_WALKED + 1;
                lane_mut(self, cpu).clock = self.now + self.prices.walk(Level::Pt);
            }
            _ => match any {
                Some(action) => self.step(action),
                // Nothing can be done: it waits for ever.
                None => lane_mut(self, cpu).clock = crate::lane::NEVER,
            },
        }
    }

    /// The first cached translation through which the access can be made.
    fn way(&self, cpu: u8, choices: &[Action]) -> Option<Action> {
        let va = self.machine.wants(&self.state, cpu)?;
        let hw = &self.state.cpus[usize::from(cpu)].hw;
        let resident = &self.lanes[usize::from(cpu)].resident;
        let there = |action: &&Action| match action {
            Action::Access { copy, .. } => {
                hw.translations(va).nth(usize::from(*copy)).is_some_and(|entry| resident.has(entry))
            }
            _ => false,
        };
        choices.iter().find(there).copied()
    }

    /// A step of a walk to an address, from the deepest cached pointer.
    fn best_walk(&self, cpu: u8, va: VirtAddr, from_cr3: bool) -> Option<(Action, Walked)> {
        let page = va.tag(Level::Pt);
        let number = self.machine.watched().iter().position(|watched| watched.tag(Level::Pt) == page)?;
        self.walk_to(cpu, u8::try_from(number).ok()?, from_cr3)
    }

    fn walk_to(&self, cpu: u8, number: u8, from_cr3: bool) -> Option<(Action, Walked)> {
        let va = *self.machine.watched().get(usize::from(number))?;
        let hw = &self.state.cpus[usize::from(cpu)].hw;
        let resident = &self.lanes[usize::from(cpu)].resident;
        let levels = Level::WIDEST.pointers().rev().filter(|_| !from_cr3);
        let mut pointers = levels.filter_map(|level| {
            let cached = hw.structures(va).filter(|entry| entry.level == level);
            let copy = (0..=u8::MAX).zip(cached).find(|(_, entry)| resident.has_pointer(entry))?.0;
            Some(From::Psc { level, copy })
        });
        let from = pointers.next().unwrap_or(From::Cr3);
        // First with memory as it is; then, if the walker must see the CPU's own stores, as these
        // stores will leave it (H57).
        [false, true].into_iter().find_map(|own| {
            let walked = self.machine.walk(&self.state, cpu, number, from, own)?;
            Some((Action::Walk { cpu, va: number, from, own }, walked))
        })
    }

    /// Takes a step of a walk. If the state has its outcome already, it only takes its time: the entry had been evicted.
    fn walk(&mut self, cpu: u8, action: Action, walked: &Walked, wanted: bool) {
        let at = usize::from(cpu);
        if walked.matters(&self.state.cpus[at].hw) {
            self.step(action);
            self.counters.speculative += u64::from(!wanted);
        }
        let (room, pointers) = (self.prices.of(Figure::TlbEntries), self.prices.of(Figure::PscEntries));
        let hw = &self.state.cpus[at].hw;
        let lane = &mut self.lanes[at];
        match &walked.outcome {
            WalkOutcome::Translation(entry) => lane.resident.bring(entry, hw, room, &mut lane.luck),
            WalkOutcome::Structure(entry) => {
                lane.resident.bring_pointer(entry, hw, pointers, &mut lane.luck);
            }
            // Nothing is cached.
            WalkOutcome::NotPresent
            | WalkOutcome::Reserved
            | WalkOutcome::Uncacheable
            | WalkOutcome::DeviceRead { .. }
            | WalkOutcome::MachineCheck => {}
        }
        if self.keep == 0 {
            lane.resident.lose(&mut self.state.cpus[at].hw);
        }
        if wanted {
            let takes = self.prices.walk(walked.from.level);
            let lane = &mut self.lanes[at];
            lane.clock = self.now + takes;
            self.counters.walk_reads += 1;
            match self.state.cpus[at].handler.is_some() {
                true => self.counters.target_time += takes,
                false => self.counters.miss_time += takes,
            }
        }
    }

    /// A whole speculative walk (H13). It takes no time of its CPU.
    pub(crate) fn speculate(&mut self, cpu: u8) {
        let mean = self.prices.of(Figure::Speculation);
        let watched = self.machine.watched().len() as u64;
        let now = self.now;
        let lane = &mut self.lanes[usize::from(cpu)];
        lane.speculates_at = now + lane.luck.around(mean).max(1);
        let Ok(number) = u8::try_from(lane.luck.below(watched)) else { return };
        // Where the text has switched off speculative walks.
        if self.machine.unwalked(cpu) >> number & 1 == 1 {
            return;
        }
        for _ in Level::ALL {
            let Some((action, walked)) = self.walk_to(cpu, number, false) else { return };
            self.walk(cpu, action, &walked, false);
            if !matches!(walked.outcome, WalkOutcome::Structure(_)) {
                return;
            }
        }
    }

    /// A CPU takes an IPI, awake or asleep.
    pub(crate) fn interrupt(&mut self, cpu: u8) {
        self.woken(cpu, true);
        self.stop_waiting(cpu, self.now);
        let lane = lane_mut(self, cpu);
        // What it computes has to wait.
        if lane.computing.take().is_some() {
            let left = lane.clock.saturating_sub(self.now);
            lane_mut(self, cpu).owed = left;
        }
        self.step(Action::Interrupt { cpu });
    }

    /// A CPU wakes up: its time is over, or an IPI has arrived while interrupts are off.
    pub(crate) fn wake(&mut self, cpu: u8) {
        let lane = &self.lanes[usize::from(cpu)];
        let called = lane.arrivals.front().is_some_and(|&here| here <= lane.sleeps_until && here <= self.now);
        self.woken(cpu, called);
        self.step(Action::Step { cpu });
    }

    /// Counts a wake-up, if the CPU sleeps.
    fn woken(&mut self, cpu: u8, called: bool) {
        let Some(depth) = self.state.cpus[usize::from(cpu)].asleep else { return };
        let (count, exit) = match depth {
            Sleep::C1 => (&mut self.counters.woken_c1, Figure::C1Exit),
            Sleep::C6 => (&mut self.counters.woken_c6, Figure::C6Exit),
        };
        let since = self.now.saturating_sub(self.prices.of(exit));
        if called {
            *count += 1;
            self.counters.target_time += self.prices.of(exit);
        } else {
            self.counters.woken_by_time += 1;
        }
        self.note(usize::from(cpu), since, Doing::Wakes);
        self.awake(cpu);
    }
}

/// Whether a walk continues, or has found what it was made for.
fn leads_on(walked: &Walked) -> bool {
    matches!(walked.outcome, WalkOutcome::Structure(_) | WalkOutcome::Translation(_))
}

fn lane_mut(run: &mut TimedRun, cpu: u8) -> &mut crate::lane::Lane {
    &mut run.lanes[usize::from(cpu)]
}
