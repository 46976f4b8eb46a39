//! Invariants: conditions that hold in every state, as the texts say.
//!
//! An invariant is code that only reads: memory (not what is in store buffers), CR3 and the caches of all CPUs. It is
//! broken if a check in it fails. The same functions that run all other code run it, on a copy of the state in which
//! nothing else runs.
//!
//! A step that changes nothing that invariants read can't break one. So invariants are evaluated after each step that
//! could change it, and after no other. The parts that a step's group reads and writes say whether it could. If those
//! include parts that invariants read, then the step also depends on all parts that invariants read
//! ([`Factored`](explore::Factored)). The initial state is checked when the machine is made.

use crate::needs::parts_read;
use crate::number::ActionGroup;
use crate::property::of_check;
use crate::state::Context;
use crate::step::Stepping;
use crate::{Action, Event, Machine, Property, State, What};
use explore::PropertySet;
use lang::effects::{Flow, Touches};
use lang::program::{Inspected, Invariant, NO_MM, Operand};
use x86::{PscEntry, StoreBuffer, TlbEntry};

/// The most operations of one look at an invariant.
const MOST: u32 = 1 << 20;

impl ActionGroup {
    /// The group of an action.
    fn of(action: Action) -> ActionGroup {
        match action {
            Action::Step { cpu }
            | Action::Access { cpu, .. }
            | Action::DirtyWalk { cpu, .. }
            | Action::Fault { cpu }
            | Action::ProtectionFault { cpu, .. }
            | Action::Allocate { cpu, .. }
            | Action::Violation { cpu }
            | Action::Pick { cpu, .. } => ActionGroup::Operation(cpu),
            Action::Drain { cpu } => ActionGroup::Drain(cpu),
            Action::Interrupt { cpu } => ActionGroup::Interrupt(cpu),
            Action::Nmi { cpu } | Action::VmExit { cpu } => ActionGroup::CutIn(cpu),
            Action::Broadcast { cpu } => ActionGroup::Broadcast(cpu),
            Action::Walk { cpu, .. }
            | Action::GuestWalk { cpu, .. }
            | Action::NestedWalk { cpu, .. }
            | Action::Translate { cpu, .. } => ActionGroup::Walks(cpu),
        }
    }
}

impl Machine {
    /// The parts that the invariants read.
    pub(crate) fn invariants_read(&self) -> u64 {
        // Their code is the last of the program.
        let Some(first) = self.program.invariants.iter().map(|invariant| invariant.entry).min() else {
            return 0;
        };
        let code = self.effects.iter().skip(usize::from(first));
        code.fold(0, |parts, row| parts | parts_read(row, self.program.machine.cpus))
    }

    /// Whether a step could break an invariant.
    pub(crate) fn may_break(&self, state: &State, action: Action) -> bool {
        self.inspected != 0
            && self
                .own_footprint(state, ActionGroup::of(action), &mut Vec::new())
                .is_some_and(|parts| parts & self.inspected != 0)
    }

    /// Checks whether every invariant holds; the result is what shows if one does not.
    pub(crate) fn look(&self, state: &State, cpu: u8, mut events: Option<&mut Vec<Event>>) -> PropertySet {
        let mut shown = PropertySet::NONE;
        for invariant in &self.program.invariants {
            if !self.holds(state, *invariant) {
                shown |= of_check(&self.program, Property::Invariant, invariant.label);
                if let Some(events) = &mut events {
                    events.push(Event { cpu, what: What::InvariantBroken { label: invariant.label } });
                }
            }
        }
        shown
    }

    /// Whether the invariants with a label hold in a state: those that do not hold after a step may not have held before it.
    #[must_use]
    pub fn label_holds(&self, state: &State, label: u16) -> bool {
        let mut labelled = self.program.invariants.iter().filter(|invariant| invariant.label == label);
        labelled.all(|invariant| self.holds(state, *invariant))
    }

    /// Whether an invariant holds in a state. One that takes too long does not.
    #[must_use]
    pub fn holds(&self, state: &State, invariant: Invariant) -> bool {
        let mut scratch = state.clone();
        let this = &mut scratch.cpus[0];
        this.task = Context { pc: invariant.entry, regs: vec![0; usize::from(invariant.regs)] };
        (this.exception, this.handler, this.intruder) = (None, None, None);
        this.buffer = StoreBuffer::default();
        let mut step = Stepping::new(&mut scratch, 0, None);
        for _ in 0..MOST {
            let pc = usize::from(step.state.cpus[0].task.pc);
            if self.effects[pc].flow == Flow::End {
                return true;
            }
            let row = &self.effects[pc];
            let failed = |cond: Operand| self.value(&step, cond) != 0;
            if row.touches.any(Touches::SHOWN) && row.reads.first().is_some_and(|read| failed(read.0)) {
                return false;
            }
            self.carry_out(&mut step, &self.program.code[pc]);
        }
        false
    }

    /// What an invariant asks of a CPU.
    pub(crate) fn inspect(&self, state: &State, what: Inspected, cpu: u64, n: u64) -> u64 {
        let Some(this) = usize::try_from(cpu).ok().and_then(|cpu| state.cpus.get(cpu)) else { return 0 };
        let hw = &this.hw;
        let n = usize::try_from(n).unwrap_or(usize::MAX);
        let of_translation = |value: &dyn Fn(&TlbEntry) -> u64| hw.tlb.get(n).map_or(0, value);
        let of_pointer = |value: &dyn Fn(&PscEntry) -> u64| hw.psc.get(n).map_or(0, value);
        match what {
            Inspected::Root => hw.cr3.root.0,
            Inspected::Pcid => hw.cr3.pcid.0.into(),
            Inspected::Translations => hw.tlb.len() as u64,
            Inspected::TranslationPcid => of_translation(&|entry| entry.pcid.0.into()),
            Inspected::TranslationVa => of_translation(&|entry| entry.page << entry.level.shift()),
            Inspected::TranslationFrame => of_translation(&|entry| entry.pfn.0),
            Inspected::TranslationMm => of_translation(&|entry| entry.ghost.space.unwrap_or(NO_MM).into()),
            Inspected::Writable => of_translation(&|entry| entry.rights.write.into()),
            Inspected::User => of_translation(&|entry| entry.rights.user.into()),
            Inspected::Global => of_translation(&|entry| entry.global.into()),
            Inspected::Pointers => hw.psc.len() as u64,
            Inspected::PointerPcid => of_pointer(&|entry| entry.pcid.0.into()),
            Inspected::PointerVa => of_pointer(&|entry| entry.tag << entry.level.shift()),
            Inspected::PointerFrame => of_pointer(&|entry| entry.table.0),
            Inspected::PointerMm => of_pointer(&|entry| entry.ghost.space.unwrap_or(NO_MM).into()),
        }
    }
}
