//! Which shared resources each CPU may ever touch: this lets a search leave out orders of steps ([`Commuting`]).
//!
//! A CPU's groups of software form a process, and its walks are a bystander. For each place of the program, this file
//! computes in advance what may be touched from there on: which variables of which owner, and a few resources that
//! stand for everything else.
//!
//! - *Memory*: frames, tables, the allocator, and all that is cached of them. All steps that read or write any of these
//!   conflict with each other. So walks need no further analysis: while no CPU touches memory, no walk becomes possible
//!   or impossible.
//! - *The interrupt line* of a CPU: touched by a sender of an IPI to it, and by the CPU itself while it could take one.
//!   The sender also observes whether the CPU is idle (`ipi_to_idle`), so a change of what runs there touches it too.
//! - *The acknowledgement* of a CPU's IPIs: touched by the ends of their handlers, and by the CPU that waits for them.
//! - *Quiescence* of a CPU: touched by what turns its interrupts on or off or empties its store buffer, and by what
//!   begins a grace period.
//! - *Grace periods*: a step that may end one frees memory. As long as none is under way, no step can observe them.
//!
//! If a scenario uses more than this file models (guests, INVLPGB, remote action requests, NMIs, a host, claims, invariants, limits, threads,
//! address spaces that come and go, shared TLBs, devices behind an IOMMU), no order is left out. docs/proof.md has the proof.

use crate::futures::Futures;
use crate::needs::buffered;
use crate::number::{ActionGroup, MEMORY, StatePart, place_of, software};
use crate::{Loc, Machine, State};
use explore::{Commuting, Prospect, Touched};
use lang::effects::{Access, Effects, Flow, Seen, Sends, Taken, Touches, Waits};
use lang::program::{HandlerKind, Operand, Place, Scope, Variable};

/// The most CPUs for which there are enough resources.
const MOST_CPUS: u8 = 8;

/// The resource that is memory, and the one that is grace periods.
pub(crate) const STORAGE: u64 = 1;
const GRACE: u64 = 2;

/// The number of resources before those of CPUs.
const FIXED: u32 = 2;

const fn reads(resources: u64) -> Touched {
    Touched { reads: resources, writes: 0 }
}

const fn writes(resources: u64) -> Touched {
    Touched { reads: 0, writes: resources }
}

/// Which resources belong to what.
pub(crate) struct Resources {
    cpus: u32,
    /// Whether there are grace periods.
    grace: bool,
}

impl Resources {
    pub(crate) fn of(machine: &Machine) -> Resources {
        let grace = machine.effects.iter().any(|row| row.sends == Some(Sends::RcuFrames));
        Resources { cpus: machine.program.machine.cpus.into(), grace }
    }

    fn line(&self, cpu: u8) -> u64 {
        1 << (FIXED + u32::from(cpu))
    }

    fn acknowledged(&self, cpu: u8) -> u64 {
        1 << (FIXED + self.cpus + u32::from(cpu))
    }

    fn quiescence(&self, cpu: u8) -> u64 {
        1 << (FIXED + 2 * self.cpus + u32::from(cpu))
    }

    fn all(&self, one: impl Fn(u8) -> u64) -> u64 {
        (0..MOST_CPUS).filter(|&cpu| u32::from(cpu) < self.cpus).fold(0, |all, cpu| all | one(cpu))
    }

    /// A cell of a variable that others see. Where there are many, several share a resource.
    fn cell(&self, cell: u64) -> u64 {
        let before = FIXED + 3 * self.cpus;
        1 << (u64::from(before) + cell % u64::from(64 - before))
    }

    /// What a CPU touches that may be in a quiescent state now, or no longer be.
    fn may_rest(&self, cpu: u8) -> Touched {
        if self.grace { writes(self.quiescence(cpu) | GRACE) } else { Touched::NOTHING }
    }

    /// What is touched with memory: a grace period that ends changes it too.
    fn memory(&self) -> Touched {
        writes(STORAGE | if self.grace { GRACE } else { 0 })
    }
}

impl Futures {
    pub(crate) fn new(machine: &Machine) -> Futures {
        let program = &machine.program;
        let resources = Resources::of(machine);
        if !machine.may_commute() {
            return Futures::default();
        }
        let rows = &machine.effects;
        let reach = |from: &dyn Fn(&Effects) -> bool| {
            let own = rows.iter().map(|row| if from(row) { reads(1) } else { Touched::NOTHING }).collect();
            gathered(machine, own, |_| true).into_iter().map(|all| all != Touched::NOTHING).collect()
        };
        let mut futures = Futures {
            sends: reach(&|row| matches!(row.sends, Some(Sends::Ipis(_)))),
            defers: reach(&|row| row.sends == Some(Sends::RcuFrames)),
            loops: loops(rows),
            ..Futures::default()
        };
        // A handler that sends IPIs could go on for ever.
        let handlers = || program.handlers.iter().filter(|handler| handler.kind == HandlerKind::Ipi);
        if handlers().any(|handler| futures.sends[usize::from(handler.entry)]) {
            return Futures::default();
        }
        for cpu in 0..program.machine.cpus {
            let own = |pc: usize| machine.touched(&resources, pc, cpu, None);
            let own: Vec<Touched> = (0..rows.len()).map(own).collect();
            let silent = |pc: usize| machine.may_be_silent(&rows[pc]);
            // A CPU that arrives at an access changes which addresses are walked for.
            let lands = |pc: usize| match (silent(pc), rows[pc].taken.access()) {
                (true, _) => own[pc],
                (false, Some(_)) => resources.memory(),
                (false, None) => Touched::NOTHING,
            };
            let landing = (0..rows.len()).map(lands).collect();
            futures.silent.push(gathered(machine, landing, silent));
            let ever = gathered(machine, own, |_| true);
            let called =
                handlers().fold(Touched::NOTHING, |all, handler| all.and(ever[usize::from(handler.entry)]));
            futures.called.push(called);
            futures.ever.push(ever);
        }
        futures
    }
}

/// Propagates what each place touches to the places before it, until nothing changes any more. Places that do not pass
/// anything on keep their own.
fn gathered(machine: &Machine, own: Vec<Touched>, passes: impl Fn(usize) -> bool) -> Vec<Touched> {
    let mut all = own;
    let handler = machine.fault_handler.map(|handler| machine.program.handlers[usize::from(handler)].entry);
    loop {
        let mut changed = false;
        for pc in (0..all.len()).rev().filter(|&pc| passes(pc)) {
            let row = &machine.effects[pc];
            // An access may fault.
            let fault = handler.filter(|_| row.taken.access().is_some()).map(usize::from);
            let next = row.flow.successors(pc).chain(fault);
            let with = next.fold(all[pc], |with, next| with.and(all[next]));
            changed |= with != all[pc];
            all[pc] = with;
        }
        if !changed {
            return all;
        }
    }
}

/// Which places lie between the two ends of a jump back. Every loop does.
fn loops(rows: &[Effects]) -> Vec<bool> {
    let mut loops = vec![false; rows.len()];
    for (pc, row) in rows.iter().enumerate() {
        if let Some(target) = row.flow.target().map(usize::from).filter(|&target| target <= pc) {
            loops[target..=pc].fill(true);
        }
    }
    loops
}

/// The values that an operand may have, out of so many.
fn numbers(operand: Operand, cpu: u8, known: Option<u64>, count: u64) -> std::ops::Range<u64> {
    match (operand, known) {
        (Operand::Const(number), _) | (Operand::Reg(_), Some(number)) => number..number.saturating_add(1),
        (Operand::ThisCpu, _) => cpu.into()..u64::from(cpu) + 1,
        (Operand::Reg(_), None) => 0..count,
    }
}

impl Machine {
    /// Whether this file models everything that the program can do.
    fn may_commute(&self) -> bool {
        let program = &self.program;
        let intrusions = program.nmis.iter().chain(&program.vmexits);
        (2..=MOST_CPUS).contains(&program.machine.cpus)
            && intrusions.copied().all(|count| count == 0)
            && program.invariants.is_empty()
            && !program.makes_spaces()
            && !program.wanders()
            && !program.mms.iter().any(|mm| mm.second)
            && self.limits.is_empty()
            && !self.claims
            && !program.machine.erratum_383
            && program.machine.tlb_shared_by == 1
            && program.machine.ats == 0
            && !self.effects.iter().any(|row| row.sends == Some(Sends::Broadcasts))
    }

    /// Whether an operation may be part of the step before it ([`Machine::unseen`]).
    fn may_be_silent(&self, row: &Effects) -> bool {
        match (row.seen, row.place) {
            (Seen::ThroughPlace, Some((Place::Cell { var, owner, .. }, access))) => {
                let own =
                    owner == Operand::ThisCpu && access == Access::Load && self.own_written[usize::from(var)];
                own || !self.program.variables[usize::from(var)].shared
            }
            (Seen::ThroughPlace, _) => false,
            (seen, _) => seen.maybe_silent(),
        }
    }

    /// What the oldest store in a CPU's buffer touches when it becomes visible, with the silent operations after that.
    pub(crate) fn drained(&self, resources: &Resources, state: &State, cpu: u8) -> Touched {
        let pc = state.cpus[usize::from(cpu)].context().pc;
        let behind = self.futures.silent[usize::from(cpu)][usize::from(pc)];
        self.buffered_cells(resources, state, cpu, 1).and(behind)
    }

    /// The cells that a place may name, as resources.
    fn cells(&self, resources: &Resources, place: Place, cpu: u8, state: Option<&State>) -> u64 {
        let Place::Cell { var, owner, index } = place else { return STORAGE };
        let variable: &Variable = &self.program.variables[usize::from(var)];
        // What no other CPU looks at.
        if !variable.shared {
            return 0;
        }
        let (owners, owner) = match variable.scope {
            Scope::Global => (1, Operand::Const(0)),
            Scope::PerMm => (self.program.mms.len() as u64, owner),
            Scope::PerCpu => (self.program.machine.cpus.into(), owner),
        };
        let len = u64::from(variable.len);
        let known = |operand| state.map(|state| self.operand(state, cpu, operand));
        let mut all = 0;
        for owner in numbers(owner, cpu, known(owner), owners).filter(|&owner| owner < owners) {
            for index in numbers(index, cpu, known(index), len).filter(|&index| index < len) {
                all |= resources.cell(u64::from(variable.base) + owner * len + index);
            }
        }
        all
    }

    /// What an operation touches when a CPU carries it out: in some state, or in the given one. A store that goes into
    /// the store buffer counts as touching the place where it will become visible.
    fn touched(&self, resources: &Resources, pc: usize, cpu: u8, state: Option<&State>) -> Touched {
        let row = &self.effects[pc];
        let mut all = Touched::NOTHING;
        let mut add = |touched: Touched| all = all.and(touched);
        if let Some((place, access)) = row.place {
            match self.cells(resources, place, cpu, state) {
                STORAGE => add(resources.memory()),
                cells if access.writes() => add(writes(cells)),
                cells => add(reads(cells)),
            }
            if access == Access::Store && buffered(&self.program) {
                add(resources.may_rest(cpu));
            }
        }
        let storage = Touches::FRAMES.and(Touches::TRANSLATIONS).and(Touches::ALL_TRANSLATIONS);
        if row.touches.any(storage) {
            add(resources.memory());
        }
        if row.touches.any(Touches::MODE) {
            add(writes(resources.line(cpu)));
        }
        if row.touches.any(Touches::ALL_CPUS) {
            add(match (row.sends, row.waits) {
                (Some(Sends::Ipis(_)), _) => writes(resources.all(|cpu| resources.line(cpu))),
                (Some(Sends::RcuFrames), _) => reads(resources.all(|cpu| resources.quiescence(cpu))),
                (None, Waits::Ipis) => reads(resources.acknowledged(cpu)),
                _ => writes(u64::MAX),
            });
        }
        if row.touches.any(Touches::QUIESCENCE) || row.flow == Flow::Leave {
            add(resources.may_rest(cpu));
        }
        if row.flow == Flow::Leave {
            add(writes(resources.all(|cpu| resources.acknowledged(cpu))));
        }
        all
    }

    /// What the stores in a CPU's buffer touch when they become visible.
    fn buffered_cells(&self, resources: &Resources, state: &State, cpu: u8, most: usize) -> Touched {
        let stores = state.cpus[usize::from(cpu)].buffer.stores().iter().take(most);
        stores.fold(Touched::NOTHING, |all, &(loc, _)| {
            let touched = match loc {
                Loc::Cell(cell) => writes(resources.cell(cell.into())),
                Loc::Word(..) => resources.memory(),
            };
            all.and(touched).and(resources.may_rest(cpu))
        })
    }

    /// What the next operation of a CPU touches, with the silent ones after it.
    pub(crate) fn next_touched(&self, resources: &Resources, state: &State, cpu: u8) -> Touched {
        let this = &state.cpus[usize::from(cpu)];
        let pc = usize::from(this.context().pc);
        let row = &self.effects[pc];
        if row.flow == Flow::End {
            return Touched::NOTHING;
        }
        let silent = |pc: usize| self.futures.silent[usize::from(cpu)][pc];
        // A store that no other CPU sees yet.
        let store = row.place.is_some_and(|(_, access)| access == Access::Store);
        let hidden = store && buffered(&self.program);
        let own = match (hidden, row.place) {
            // (A store to a variable touches only its own place. The place of an entry is found through
            // memory.)
            (true, Some((Place::Cell { .. }, _))) if this.interruptible() => resources.may_rest(cpu),
            (true, Some((Place::Cell { .. }, _))) => Touched::NOTHING,
            _ => self.touched(resources, pc, cpu, Some(state)),
        };
        let mut all = row.flow.successors(pc).fold(own, |all, next| all.and(silent(next)));
        if row.flow == Flow::Leave {
            // Back at the interrupted operation, or after it.
            for context in [Some(&this.task), this.exception.as_ref().map(|exception| &exception.context)] {
                let Some(back) = context.map(|context| usize::from(context.pc)) else { continue };
                let behind = self.effects[back].flow.successors(back);
                all = behind.fold(all.and(silent(back)), |all, next| all.and(silent(next)));
            }
        }
        if row.taken.access().is_some() {
            // A fault in a handler ends it.
            if !this.in_thread() {
                all = all.and(resources.may_rest(cpu));
                all = all.and(writes(resources.all(|cpu| resources.acknowledged(cpu))));
            }
            // A fault drains the buffer and begins the handler.
            all = all.and(self.buffered_cells(resources, state, cpu, usize::MAX)).and(resources.memory());
            if let Some(handler) = self.fault_handler {
                all = all.and(silent(self.program.handlers[usize::from(handler)].entry.into()));
            }
        }
        all
    }

    /// Whether the next operation can be carried out now, in one way, whatever else its CPU does: what is in its store buffer
    /// becomes visible before or after it with the same outcome.
    fn goes_alone(&self, resources: &Resources, state: &State, cpu: u8) -> bool {
        let this = &state.cpus[usize::from(cpu)];
        let row = self.next(state, cpu);
        let rests = resources.grace && (row.touches.any(Touches::QUIESCENCE) || this.interruptible());
        matches!(row.taken, Taken::OneWay)
            && matches!(row.waits, Waits::Never | Waits::Room)
            && row.flow != Flow::End
            && row.sends.is_none()
            && (!rests || this.buffer.is_empty())
            && (!this.interruptible() || this.pending.is_empty())
            && self.blocked(state, cpu).is_none()
    }
}

impl Commuting for Machine {
    fn commutes(&self) -> bool {
        !self.futures.ever.is_empty()
    }

    fn bystander(&self, group: u32) -> bool {
        matches!(ActionGroup::from_number(group, self.program.machine.cpus), ActionGroup::Walks(_))
    }

    fn asleep(&self, state: &State) -> u64 {
        if state.rcu.is_empty() { GRACE } else { 0 }
    }

    fn prospect(&self, state: &State, control: u32) -> Option<Prospect> {
        debug_assert!(control != MEMORY);
        let StatePart::Software(cpu) = place_of(control) else { return None };
        debug_assert_eq!(software(cpu), control);
        let futures = &self.futures;
        let resources = Resources::of(self);
        let this = &state.cpus[usize::from(cpu)];
        let of = usize::from(cpu);
        let contexts = [
            Some(&this.task),
            this.exception.as_ref().map(|exception| &exception.context),
            this.handler.as_ref().map(|running| &running.context),
        ];
        let pcs = contexts.into_iter().flatten().map(|context| usize::from(context.pc));
        let buffer = self.buffered_cells(&resources, state, cpu, usize::MAX);
        let mut ever = pcs.clone().fold(buffer, |all, pc| all.and(futures.ever[of][pc]));
        let called = futures.called[of].and(writes(resources.line(cpu))).and(resources.may_rest(cpu));
        if !this.pending.is_empty() {
            ever = ever.and(called);
        }
        let row = self.next(state, cpu);
        let operation = self.next_touched(&resources, state, cpu);
        let mut next = operation;
        if !this.buffer.is_empty() {
            next = next.and(self.drained(&resources, state, cpu));
        }
        if this.interruptible() {
            let first = this.pending.first().map(|ipi| self.program.handlers[usize::from(ipi.handler)].entry);
            let handler = first.map_or(Touched::NOTHING, |entry| futures.silent[of][usize::from(entry)]);
            next = next.and(writes(resources.line(cpu))).and(resources.may_rest(cpu)).and(handler);
        }
        let alone = self.goes_alone(&resources, state, cpu).then_some(operation);
        // An access that faults may be made again.
        let again = row.taken.access().is_some() && self.fault_handler.is_some();
        let defers = pcs.clone().any(|pc| futures.defers[pc]) || self.handlers_defer();
        Some(Prospect {
            next,
            alone,
            deaf: !this.interruptible(),
            ever,
            called,
            calls: pcs.clone().any(|pc| futures.sends[pc]),
            wakes: if defers { GRACE } else { 0 },
            straight: !again && row.sends.is_none() && !futures.loops[usize::from(this.context().pc)],
        })
    }
}

impl Machine {
    /// Whether a handler of IPIs may begin a grace period.
    fn handlers_defer(&self) -> bool {
        let handlers = self.program.handlers.iter().filter(|handler| handler.kind == HandlerKind::Ipi);
        handlers.into_iter().any(|handler| self.futures.defers[usize::from(handler.entry)])
    }
}
