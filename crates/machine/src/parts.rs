//! The parts of a state, and the footprint of each group of actions ([`Factored`]): with them the search takes each step
//! only once.
//!
//! The kernel's variables are a part, and so is memory with its allocator. Each CPU has two parts: what its walkers
//! depend on (CR3, TLB, paging-structure caches), called its hardware, and all the rest, called its software. So a walk
//! depends on its own CPU's hardware and on memory, and most operations depend on their own CPU's software and on the
//! variables.
//!
//! Two tests compare this with the step function. Debug builds refuse a step that writes outside the footprint of its
//! group. `tests/tests/parts.rs` compares what the space remembers with what the machine does, in every state.

use crate::needs::{TouchedParts, buffered};
use crate::number::{ActionGroup, CELLS, MEMORY, StatePart, hardware, place_of, software};
use crate::pack::{self, Reader};
use crate::{Action, Context, CpuState, Loc, Machine, Property, State};
use explore::{Exploration, Factored, Handle, PropertySet, Rounds};
use lang::effects::{Crossing, Flow, Waits};
use lang::program::{HandlerKind, OwnStores};
use x86::{Cpu, Level, Memory};

impl Machine {
    fn cpus(&self) -> u8 {
        self.program.machine.cpus
    }

    /// Whether a CPU waits for a free entry of its store buffer, if these are the bytes of its software.
    fn store_waits(&self, bytes: &[u8], cpu: u8, scratch: &mut State) -> bool {
        self.unpack_part(bytes, software(cpu), scratch);
        self.next(scratch, cpu).waits == Waits::Room && self.blocked(scratch, cpu).is_some()
    }

    /// Whether a store waits, in some state that a search has found, because the store buffer is full. In a deeper buffer
    /// it would not wait.
    pub(crate) fn stores_waited<M: Handle<System = Machine>>(&self, search: &impl Exploration<M>) -> bool {
        let mut scratch = self.initial.clone();
        let cpus = if buffered(&self.program) { self.cpus() } else { 0 };
        (0..cpus)
            .any(|cpu| search.any_value(software(cpu), |bytes| self.store_waits(bytes, cpu, &mut scratch)))
    }

    /// What the walkers of a CPU read of its software: the address that it waits for, and perhaps its own stores to
    /// memory (H57).
    fn project_walkers(&self, state: &State, cpu: u8, projection: &mut Vec<u8>) {
        if let Some(wanted) = self.wants(state, cpu) {
            projection.push(1);
            projection.extend(wanted.tag(Level::Pt).to_le_bytes());
        }
        if self.program.machine.walk_sees_own_stores != OwnStores::No {
            for &(loc, value) in state.cpus[cpu as usize].buffer.stores() {
                if let Loc::Word(frame, index) = loc {
                    projection.extend([2, frame]);
                    projection.extend(index.to_le_bytes());
                    projection.extend(value.to_le_bytes());
                }
            }
        }
    }
}

impl Machine {
    /// What the actions of a group read and write, but for what is looked at afterwards.
    pub(crate) fn own_footprint(
        &self,
        state: &State,
        group: ActionGroup,
        projection: &mut Vec<u8>,
    ) -> Option<u64> {
        let cpu = group.cpu();
        let this = &state.cpus[cpu as usize];
        let pc = this.context().pc as usize;
        // If the program makes claims, a CPU that loads CR3 or takes a step looks at the entries
        // that it can use.
        let looks = if self.claims { TouchedParts::HARDWARE } else { TouchedParts::NOTHING };
        let silent = |pc: usize| self.dependencies.silent[pc].and(looks);
        // Where what runs continues if an access is given up that has no fixup.
        let dead = silent(usize::from(self.after_death(this)));
        let needs = match group {
            ActionGroup::Operation(_) => {
                let row = &self.effects[pc];
                let own = self.dependencies.own[pc];
                match row.flow {
                    Flow::End => return None,
                    // Back at the interrupted operation; after the access or at its fixup, if the access
                    // is given up.
                    Flow::Leave => {
                        let back = this.interrupted().pc as usize;
                        let given_up = self.effects[back].taken.access().is_some();
                        // The end of a VM exit is a VM entry.
                        let exits = this.exception.as_ref().is_some_and(|e| self.handles_exits(e.handler));
                        let own = if exits {
                            own.and(TouchedParts::HARDWARE).and(TouchedParts::MEMORY)
                        } else {
                            own
                        };
                        let behind = self.effects[back].flow.successors(back).filter(|_| given_up);
                        let own = if given_up { own.and(dead) } else { own };
                        behind.fold(own.and(silent(back)), |needs, next| needs.and(silent(next)))
                    }
                    Flow::Next | Flow::Jump(_) | Flow::Branch(_) => {
                        let next = |needs: TouchedParts, next: usize| needs.and(silent(next));
                        // A silent one is the first step of a block, or one in a loop without an end.
                        let after = match row.seen.silent() {
                            true => silent(pc),
                            false => row.flow.successors(pc).fold(own, next),
                        };
                        // A fault begins the handler of page faults or of VM exits, or ends what has made the
                        // access.
                        let after = match row.taken.access() {
                            None => after,
                            Some(_) => {
                                let exit = self.exit_handler().map(|(number, _)| number);
                                let handlers = self.fault_handler.into_iter().chain(exit);
                                let entry = |number: u8| self.program.handlers[usize::from(number)].entry;
                                handlers.fold(after.and(dead), |needs, handler| {
                                    needs.and(silent(usize::from(entry(handler))))
                                })
                            }
                        };
                        // A VM entry that ends the handler of VM exits leads back to where the guest was left.
                        let ends =
                            self.program.code[pc].crossing() == Some(Crossing::Entry) && self.ends_exit(this);
                        if ends { after.and(silent(this.interrupted().pc as usize)) } else { after }
                    }
                }
            }
            ActionGroup::Drain(_) => {
                let (loc, _) = this.buffer.stores().first()?;
                let target = match loc {
                    // A store that exceeds a limit stops the machine.
                    Loc::Cell(_) if !self.limits.is_empty() => TouchedParts::CELLS.and(TouchedParts::MEMORY),
                    Loc::Cell(_) => TouchedParts::CELLS,
                    Loc::Word(..) => TouchedParts::MEMORY,
                };
                target.and(self.dependencies.quiescent).and(silent(pc))
            }
            ActionGroup::Interrupt(_) => {
                let ipi = this.pending.first().filter(|ipi| self.may_take(this, ipi))?;
                // In a guest it is a VM exit as well.
                let exit = if this.in_guest() {
                    TouchedParts::HARDWARE.and(TouchedParts::MEMORY)
                } else {
                    TouchedParts::NOTHING
                };
                silent(self.program.handlers[ipi.handler as usize].entry as usize).and(exit)
            }
            ActionGroup::CutIn(_) => {
                if !this.intrudable() {
                    return None;
                }
                let kinds = [(this.nmis, HandlerKind::Nmi), (this.vmexits, HandlerKind::VmExit)];
                let handlers = kinds
                    .into_iter()
                    .filter(|kind| kind.0 > 0)
                    .filter_map(|kind| self.program.handlers.iter().find(|handler| handler.kind == kind.1));
                let exit = if this.in_guest() {
                    TouchedParts::HARDWARE.and(TouchedParts::MEMORY)
                } else {
                    TouchedParts::NOTHING
                };
                handlers.fold(exit, |needs, handler| needs.and(silent(handler.entry as usize)))
            }
            ActionGroup::Broadcast(_) => {
                this.broadcasts.first()?;
                TouchedParts::HARDWARE
            }
            ActionGroup::Walks(_) => {
                if this.asleep.is_some() || self.preempted(this) || self.detached(state, cpu) {
                    return None;
                }
                self.project_walkers(state, cpu, projection);
                return Some(1 << hardware(cpu) | 1 << MEMORY);
            }
        };
        Some(needs.parts(cpu, self.cpus()))
    }
}

impl Factored for Machine {
    fn parts(&self) -> u32 {
        software(self.cpus())
    }

    fn pack_part(&self, state: &State, part: u32, out: &mut Vec<u8>) {
        match place_of(part) {
            StatePart::Cells => {
                pack::put_cells(out, &state.cells);
                pack::put_tasks(out, &state.tasks);
            }
            StatePart::Memory => {
                pack::put_memory(out, &state.memory);
                pack::put_allocator(out, state);
            }
            StatePart::Software(cpu) => pack::put_software(out, &state.cpus[usize::from(cpu)]),
            StatePart::Hardware(cpu) => pack::put_hardware(out, &state.cpus[usize::from(cpu)].hw),
        }
    }

    fn unpack_part(&self, bytes: &[u8], part: u32, state: &mut State) {
        let mut reader = Reader { bytes };
        match place_of(part) {
            StatePart::Cells => {
                reader.cells(&mut state.cells);
                reader.tasks(&mut state.tasks);
            }
            StatePart::Memory => {
                reader.memory(&mut state.memory);
                reader.allocator(state);
            }
            StatePart::Software(cpu) => reader.software(&mut state.cpus[usize::from(cpu)]),
            StatePart::Hardware(cpu) => reader.hardware(&mut state.cpus[usize::from(cpu)].hw),
        }
    }

    fn copy_part(&self, from: &State, part: u32, to: &mut State) {
        match place_of(part) {
            StatePart::Cells => {
                to.cells.clone_from(&from.cells);
                to.tasks.clone_from(&from.tasks);
            }
            StatePart::Memory => {
                let State {
                    memory: Memory { frames, pops },
                    cells: _,
                    cpus: _,
                    free,
                    rcu,
                    stopped,
                    spaces,
                    tasks: _,
                } = from;
                to.memory.frames.clone_from(frames);
                to.memory.pops.clone_from(pops);
                to.free.clone_from(free);
                to.rcu.clone_from(rcu);
                to.stopped = *stopped;
                to.spaces.clone_from(spaces);
            }
            StatePart::Software(cpu) => {
                let cpu = usize::from(cpu);
                let CpuState {
                    hw: _,
                    buffer,
                    irqs_on,
                    thread,
                    mode,
                    task: Context { pc, regs },
                    exception,
                    handler,
                    intruder,
                    nmis,
                    vmexits,
                    pending,
                    broadcasts,
                    asleep,
                    vmcs,
                } = &from.cpus[cpu];
                let to = &mut to.cpus[cpu];
                to.buffer.clone_from(buffer);
                to.irqs_on = *irqs_on;
                to.thread = *thread;
                to.mode = *mode;
                to.task.pc = *pc;
                to.task.regs.clone_from(regs);
                to.exception.clone_from(exception);
                to.handler.clone_from(handler);
                to.intruder.clone_from(intruder);
                (to.nmis, to.vmexits) = (*nmis, *vmexits);
                to.pending.clone_from(pending);
                to.broadcasts.clone_from(broadcasts);
                to.asleep = *asleep;
                to.vmcs = *vmcs;
            }
            StatePart::Hardware(cpu) => {
                let cpu = usize::from(cpu);
                let (Cpu { cr3, guest, tlb, psc }, to) = (&from.cpus[cpu].hw, &mut to.cpus[cpu].hw);
                to.cr3 = *cr3;
                to.guest = *guest;
                to.tlb.clone_from(tlb);
                to.psc.clone_from(psc);
            }
        }
    }

    fn groups(&self) -> u32 {
        ActionGroup::Walks(self.cpus()).number(self.cpus())
    }

    fn control(&self, group: u32) -> u32 {
        software(ActionGroup::from_number(group, self.cpus()).cpu())
    }

    fn enabled_in(&self, state: &State, group: u32, out: &mut Vec<Action>) {
        self.list_of(state, ActionGroup::from_number(group, self.cpus()), out);
    }

    fn footprint(&self, state: &State, group: u32, projection: &mut Vec<u8>) -> Option<u64> {
        let group = ActionGroup::from_number(group, self.cpus());
        let own = self.own_footprint(state, group, projection)?;
        // What is cached on a CPU is cached where its TLB is shared, too.
        let cpu = group.cpu();
        let shared = self.siblings(cpu).filter(|_| own >> hardware(cpu) & 1 == 1);
        let parts = shared.fold(own, |parts, sibling| parts | 1 << hardware(sibling));
        // A step that could break an invariant depends on all that invariants read.
        Some(if parts & self.inspected == 0 { parts } else { parts | self.inspected })
    }

    fn halting_part(&self) -> Option<u32> {
        Some(MEMORY)
    }

    fn halts(&self, state: &State) -> bool {
        state.stopped
    }

    fn optional(&self, action: Action) -> bool {
        action.unasked()
    }

    /// Every CPU's software, and whether the machine runs. Also the variables, if one has a limit, if something is asked of
    /// final states, or if there are threads.
    fn quiescent_reads(&self) -> u64 {
        let threads = !self.program.tasks.is_empty();
        let asked = self.program.finale.is_some() || !self.limits.is_empty() || threads;
        let cells = u64::from(asked) << CELLS;
        (0..self.cpus()).fold(cells | 1 << MEMORY, |parts, cpu| parts | 1 << software(cpu))
    }

    fn may_go_round(&self) -> PropertySet {
        if self.lasting.is_empty() { PropertySet::NONE } else { Property::Deadlock.as_set() }
    }

    fn goes_round(&self, state: &State, known: &mut Rounds) -> PropertySet {
        if self.hangs_for_ever(state, known) { Property::Deadlock.as_set() } else { PropertySet::NONE }
    }
}
