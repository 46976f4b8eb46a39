//! The actions that are enabled in a state.

use crate::number::ActionGroup;
use crate::{Action, From, Loc, Machine, Occasion, State};
use explore::Factored;
use lang::effects::{Taken, Waits};
use lang::program::{Alloc, Bin, Mode, OwnStores};
use x86::{Backing, Circumstances, Level, Provenance, TableRef, VirtAddr, Walked, look};

impl Machine {
    /// Appends the actions enabled in `state`: software first, CPU by CPU, then the hardware's own, CPU by CPU,
    /// address by address, from CR3 downwards.
    pub(crate) fn list(&self, state: &State, out: &mut Vec<Action>) {
        if state.stopped {
            return;
        }
        for group in 0..self.groups() {
            self.enabled_in(state, group, out);
        }
    }

    /// Appends the ways in which a CPU can carry out its next operation now: none if it waits.
    pub fn choices(&self, state: &State, cpu: u8, out: &mut Vec<Action>) {
        if !state.stopped {
            self.list_of(state, ActionGroup::Operation(cpu), out);
        }
    }

    /// Appends the enabled actions of a group of a machine that runs.
    pub(crate) fn list_of(&self, state: &State, group: ActionGroup, out: &mut Vec<Action>) {
        let this = &state.cpus[group.cpu() as usize];
        match group {
            ActionGroup::Operation(cpu) => match &self.next(state, cpu).taken {
                Taken::OneWay if self.any_frame(state, cpu) => {
                    out.extend(state.free.iter().map(|&frame| Action::Allocate { cpu, frame }));
                }
                Taken::OneWay => {
                    out.extend(self.blocked(state, cpu).is_none().then_some(Action::Step { cpu }))
                }
                Taken::Picked => out.extend([false, true].map(|yes| Action::Pick { cpu, yes })),
                Taken::Access(access) => {
                    let va = self.operand(state, cpu, access.va);
                    self.accesses(state, cpu, va, (access.stored.is_some(), access.locked.is_some()), out)
                }
            },
            ActionGroup::Drain(cpu) => out.extend((!this.buffer.is_empty()).then_some(Action::Drain { cpu })),
            ActionGroup::Interrupt(cpu) => {
                let taken = this.pending.first().is_some_and(|ipi| self.may_take(this, ipi))
                    && !self.held_back(state, cpu, Occasion::Interrupt);
                out.extend(taken.then_some(Action::Interrupt { cpu }));
            }
            ActionGroup::CutIn(cpu) => {
                let may = |left: u8, occasion: Occasion| {
                    left > 0 && this.intruder.is_none() && !self.held_back(state, cpu, occasion)
                };
                out.extend(may(this.nmis, Occasion::Nmi).then_some(Action::Nmi { cpu }));
                out.extend(may(this.vmexits, Occasion::VmExit).then_some(Action::VmExit { cpu }));
            }
            ActionGroup::Broadcast(cpu) => {
                out.extend((!this.broadcasts.is_empty()).then_some(Action::Broadcast { cpu }));
            }
            ActionGroup::Walks(cpu) if this.in_guest() => self.guest_walks(state, cpu, out),
            ActionGroup::Walks(cpu) => {
                for (va, &address) in (0..).zip(&self.watched) {
                    self.walks(state, cpu, va, address, out);
                }
            }
        }
    }

    /// Whether the next operation of a CPU takes a frame, and the allocator may give any.
    fn any_frame(&self, state: &State, cpu: u8) -> bool {
        self.program.machine.alloc == Alloc::Any
            && self.next(state, cpu).waits == Waits::Frame
            && self.blocked(state, cpu).is_none()
    }

    /// What the next operation of a CPU waits for, if it can't be carried out now.
    #[must_use]
    pub fn blocked(&self, state: &State, cpu: u8) -> Option<Blocked> {
        let this = &state.cpus[cpu as usize];
        let occasion = self.occasion(state, cpu);
        if self.held_back(state, cpu, occasion) {
            return Some(Blocked::StoreBufferNotEmpty(occasion));
        }
        let row = self.next(state, cpu);
        // A place that does not exist is a bug, which is reported when the operation is carried
        // out.
        let place = || row.place.and_then(|(place, _)| self.locate(state, cpu, place).ok());
        match row.waits {
            Waits::Never => None,
            Waits::Room => {
                let depth = self.program.machine.store_buffer as usize;
                let full = depth > 0 && this.buffer.len() >= depth;
                let private = row.place.is_some_and(|(place, _)| self.private(place).is_some());
                (full && !private).then_some(Blocked::StoreBufferFull)
            }
            Waits::Frame => state.free.is_empty().then_some(Blocked::NoFreeFrame),
            Waits::Condition => {
                let found = self.view(state, cpu, place()?).0;
                let (cmp, (value, _)) = (row.function?, row.reads.first()?);
                let value = self.operand(state, cpu, *value);
                let holds = match cmp {
                    // `x in set`: the operand is the element, the place the set.
                    Bin::In => lang::fold(Bin::In, value, found),
                    cmp => lang::fold(cmp, found, value),
                };
                (holds == 0).then_some(Blocked::Condition)
            }
            Waits::Lock => (self.memory(state, place()?) != 0).then_some(Blocked::LockHeld),
            Waits::Broadcasts => state.unsynced(cpu).then_some(Blocked::BroadcastsNotDone),
            Waits::Commands => state.queued(cpu).then_some(Blocked::CommandsNotDone),
            Waits::Ipis => state.awaits(cpu).then_some(Blocked::IpisNotHandled),
            Waits::Ended => Some(Blocked::Ended),
        }
    }

    /// How a committed user access can be made: through each usable translation that allows it, or by faulting if
    /// memory or a cached entry does not allow it. If memory allows it and no translation is cached, a walk has to come
    /// first.
    fn accesses(
        &self,
        state: &State,
        cpu: u8,
        va: u64,
        (write, locked): (bool, bool),
        out: &mut Vec<Action>,
    ) {
        let Some(va) = self.map.linear(va) else {
            out.push(Action::Fault { cpu });
            return;
        };
        let this = &state.cpus[cpu as usize];
        let depth = self.program.machine.store_buffer as usize;
        // A locked operation waits until the buffer is empty, another store until it has a free
        // entry.
        let full = match locked {
            true => self.held_back(state, cpu, Occasion::Locked),
            false => write && depth > 0 && this.buffer.len() >= depth,
        };
        let supervisor = self.supervisor(state, cpu);
        let mut refused = false;
        for (copy, entry) in (0..=u8::MAX).zip(self.usable(state, cpu, va)) {
            if (entry.rights.user || supervisor) && (!write || entry.rights.write) {
                if !full {
                    out.push(Action::Access { cpu, copy });
                }
            } else {
                refused = true;
            }
        }
        if write && !full {
            for level in self.map.top.pointers() {
                let cached = this.hw.structures(va).filter(|entry| entry.level == level);
                for (copy, _) in (0..=u8::MAX).zip(cached) {
                    if self.dirty_leaf(state, cpu, va, level, copy).is_some() {
                        out.push(Action::DirtyWalk { cpu, level, copy });
                    }
                }
            }
        }
        if this.in_guest() {
            let own = self.next_access(state, cpu).is_some_and(|access| self.own_fault(state, cpu, &access));
            out.extend((own || refused).then_some(Action::Fault { cpu }));
            out.extend(self.may_violate(state, cpu).then_some(Action::Violation { cpu }));
            return;
        }
        let (plain, present) = match self.asks_present(state, cpu) {
            true => self.error_codes(state, cpu, va, write, refused),
            false => {
                let cached = self.faults_by_cache(state, cpu, va, refused);
                (cached || self.faults(state, cpu, va, write).is_some(), false)
            }
        };
        out.extend(plain.then_some(Action::Fault { cpu }));
        out.extend(present.then_some(Action::ProtectionFault { cpu }));
    }

    /// Whether an access is made with supervisor rights: by whatever runs but a user program, the handlers that
    /// interrupt one included (SMAP is off).
    pub(crate) fn supervisor(&self, state: &State, cpu: u8) -> bool {
        let this = &state.cpus[cpu as usize];
        !self.is_device(cpu) && (!this.in_thread() || !matches!(this.mode, Mode::User(_)))
    }

    /// Whether a CPU's next operation is an access to the page of an address.
    pub(crate) fn asks_for(&self, state: &State, cpu: u8, va: VirtAddr) -> bool {
        self.wants(state, cpu).is_some_and(|wanted| wanted.tag(Level::Pt) == va.tag(Level::Pt))
    }

    /// The walks to the watched address with this number.
    fn walks(&self, state: &State, cpu: u8, va: u8, address: VirtAddr, out: &mut Vec<Action>) {
        let this = &state.cpus[cpu as usize];
        if this.asleep.is_some() || self.preempted(this) || self.detached(state, cpu) {
            return;
        }
        // Where the text has switched off speculative walks.
        if self.unwalked[cpu as usize] >> va & 1 == 1 && !self.asks_for(state, cpu, address) {
            return;
        }
        self.requests(state, cpu, va, address, out);
        let mut offer = |from: From, table: TableRef| {
            for own in [false, true] {
                if let Some(walked) = self.walk_from(state, cpu, address, table, own)
                    && self.matters(state, cpu, &walked)
                {
                    out.push(Action::Walk { cpu, va, from, own });
                }
            }
        };
        offer(From::Cr3, TableRef::from_cr3(&this.hw, &self.map));
        for level in self.map.top.pointers() {
            let cached = this.hw.structures(address).filter(|entry| entry.level == level);
            for (copy, entry) in (0..=u8::MAX).zip(cached) {
                if let Some(table) = TableRef::from_psc(entry) {
                    offer(From::Psc { level, copy }, table);
                }
            }
        }
    }

    /// What a step of a walk would do, seeing memory or the CPU's own stores; nothing if the machine's walkers
    /// don't see the latter (H57). A walker that would have to set the accessed bit of a buffered entry does
    /// not see that entry: the locked write waits for the buffer, and then finds the entry in memory.
    pub(crate) fn walk_from(
        &self,
        state: &State,
        cpu: u8,
        va: VirtAddr,
        table: TableRef,
        own: bool,
    ) -> Option<Walked> {
        let this = &state.cpus[cpu as usize];
        let buffered = match self.map.backing(table.table) {
            Backing::Frame(frame) => {
                let index = self.map.place(frame, table.table, table.level.index(va.get()));
                this.buffer.forward(Loc::Word(frame, index))
            }
            _ => None,
        };
        let seen = match (buffered, self.program.machine.walk_sees_own_stores) {
            // The CPU has no store of its own that the walk could see.
            (None, _) if own => return None,
            (None, _) => None,
            (Some(_), OwnStores::No) if own => return None,
            (Some(_), OwnStores::Yes) if !own => return None,
            (Some(word), _) => own.then_some(word),
        };
        // A walk that the CPU's own program waits for is not speculative (H30).
        let wanted = self.asks_for(state, cpu, va);
        let circumstances = Circumstances { own: seen, wanted };
        let mut table = table;
        // What a walk from CR3 finds belongs to the address space of CR3. Below that, the cached entries
        // record it.
        if self.claims || self.origins && crate::origin::of_a_user(va) {
            self.note_origin(state, &this.hw, &mut table);
        }
        let walked = look(&this.hw, &state.memory, &self.map, self.control_of(cpu), table, va, circumstances);
        (seen.is_none() || walked.sets_accessed.is_none()).then_some(walked)
    }

    /// What a walk action would do; nothing if there is no such start.
    #[must_use]
    pub fn walk(&self, state: &State, cpu: u8, va: u8, from: From, own: bool) -> Option<Walked> {
        let this = &state.cpus.get(cpu as usize)?.hw;
        let address = *self.watched.get(va as usize)?;
        let table = match from {
            From::Cr3 => TableRef::from_cr3(this, &self.map),
            From::Psc { level, copy } => {
                let entry =
                    this.structures(address).filter(|entry| entry.level == level).nth(copy as usize)?;
                TableRef::from_psc(entry)?
            }
        };
        self.walk_from(state, cpu, address, table, own)
    }

    /// Whether a CPU could still walk through a table that has been freed: it holds a dangling or garbage
    /// reference that is usable now.
    #[must_use]
    pub fn in_danger(&self, state: &State, cpu: u8) -> bool {
        let this = &state.cpus[cpu as usize].hw;
        let bad = |provenance| provenance != Provenance::Sound;
        bad(this.cr3.provenance)
            || this.psc.iter().any(|entry| entry.pcid == this.cr3.pcid && bad(entry.provenance))
    }
}

/// Why an operation can't be carried out now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Blocked {
    /// The store buffer has to be empty first, for the reason that the occasion names.
    StoreBufferNotEmpty(Occasion),
    /// There is no room for another store.
    StoreBufferFull,
    /// All frames are in use.
    NoFreeFrame,
    /// The condition of an `until` does not hold.
    Condition,
    /// IPIs have not been handled.
    IpisNotHandled,
    /// INVLPGBs have not been carried out everywhere (H49).
    BroadcastsNotDone,
    /// Commands of the IOMMU's queue have not been carried out (H76).
    CommandsNotDone,
    /// Another context holds the lock.
    LockHeld,
    /// The thread has ended.
    Ended,
}
