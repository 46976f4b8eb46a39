//! Where software reads and writes: from the places of a program to locations of a state.

use crate::{Action, Bug, CpuState, Loc, Machine, State};
use lang::effects::{Access, Effects, Seen};
use lang::program::{Operand, Place, Program, Scope, Variable};
use x86::{Backing, FrameId, Level, MmId, Pfn, Pte, SECOND};

impl Machine {
    /// The value of an operand in the context that runs on a CPU.
    #[must_use]
    pub fn operand(&self, state: &State, cpu: u8, operand: Operand) -> u64 {
        match operand {
            Operand::Const(value) => value,
            Operand::ThisCpu => u64::from(cpu),
            Operand::Reg(reg) => state.cpus[cpu as usize].context().regs[reg as usize],
        }
    }

    /// The location of a place.
    ///
    /// # Errors
    /// If the text asks for something that does not exist.
    pub fn locate(&self, state: &State, cpu: u8, place: Place) -> Result<Loc, Bug> {
        match place {
            Place::Cell { var, owner, index } => {
                let variable = &self.program.variables[var as usize];
                let owner = self.operand(state, cpu, owner);
                let index = self.operand(state, cpu, index);
                self.cell(variable, owner, index).ok_or(Bug::OutOfRange)
            }
            Place::Entry { level, mm, va } => {
                let mm = self.operand(state, cpu, mm);
                let va = self.operand(state, cpu, va);
                self.entry(state, cpu, mm, va, level)
            }
            Place::Word { frame, index } => {
                let pfn = self.operand(state, cpu, frame);
                let index = self.operand(state, cpu, index);
                let frame = self.frame(pfn)?;
                let index = u16::try_from(index).ok().filter(|index| *index < 512).ok_or(Bug::OutOfRange)?;
                Ok(Loc::Word(frame, self.map.place(frame, Pfn(pfn), index)))
            }
        }
    }

    fn cell(&self, variable: &Variable, owner: u64, index: u64) -> Option<Loc> {
        let owners = match variable.scope {
            Scope::Global => 1,
            Scope::PerMm => self.program.mms.len() as u64,
            Scope::PerCpu => u64::from(self.program.machine.cpus),
        };
        let owner = if variable.scope == Scope::Global { 0 } else { owner };
        let len = u64::from(variable.len);
        let place = (owner < owners && index < len).then(|| owner * len + index)?;
        Some(Loc::Cell(variable.base + u16::try_from(place).expect("there are at most MAX_CELLS")))
    }

    /// The entry for `va` at `level`, found as the kernel finds it: down from the root, through memory as this
    /// CPU sees it.
    fn entry(&self, state: &State, cpu: u8, mm: u64, va: u64, level: Level) -> Result<Loc, Bug> {
        let mut frame = self.root_of(state, mm).ok_or(Bug::OutOfRange)?;
        let mut table = self.map.frames[frame as usize].0.0;
        let spec = &self.program.mms[usize::from(self.mm(mm)?)];
        if spec.second {
            return self.nested_entry(state, cpu, frame, va, level);
        }
        // In a guest the tables are where its second dimension has them.
        let place = |pfn: Pfn| spec.guest.map_or(Ok(pfn), |guest| self.backed(state, guest, pfn));
        if spec.guest.is_some() {
            table = place(self.root_pfn(self.mm(mm)?))?.0;
            frame = self.frame(table)?;
        }
        for upper in self.map.top.walk() {
            let loc = Loc::Word(frame, self.map.place(frame, Pfn(table), upper.index(va)));
            if upper == level {
                return Ok(loc);
            }
            let entry = Pte(self.view(state, cpu, loc).0);
            if !entry.has(Pte::P) || entry.is_leaf(upper) {
                return Err(Bug::NoTable(upper));
            }
            table = place(entry.pfn(upper))?.0;
            frame = self.frame(table)?;
        }
        Err(Bug::NoTable(level))
    }

    /// The same in a second dimension, of a frame of a guest.
    fn nested_entry(
        &self,
        state: &State,
        cpu: u8,
        root: FrameId,
        gpa: u64,
        level: Level,
    ) -> Result<Loc, Bug> {
        if !self.guest_frames.iter().any(|frame| frame.gfn.0 == gpa >> 12) {
            return Err(Bug::NotGuestMemory(gpa));
        }
        let (mut frame, mut table) = (root, self.map.frames[root as usize].0.0);
        for upper in SECOND.walk() {
            let loc = Loc::Word(frame, self.map.place(frame, Pfn(table), upper.index(gpa)));
            if upper == level {
                return Ok(loc);
            }
            let entry = Pte(self.view(state, cpu, loc).0);
            if !entry.has(Pte::P) || entry.is_leaf(upper) {
                return Err(Bug::NoTable(upper));
            }
            table = entry.pfn(upper).0;
            frame = self.frame(table)?;
        }
        Err(Bug::NoTable(level))
    }

    /// The modelled frame that begins at a frame number: what can be freed as a whole.
    pub(crate) fn whole(&self, pfn: u64) -> Result<FrameId, Bug> {
        let frame = self.frame(pfn)?;
        if self.map.frames[frame as usize].0.0 == pfn { Ok(frame) } else { Err(Bug::NoFrame(pfn)) }
    }

    /// The modelled frame that a frame number lies in.
    pub(crate) fn frame(&self, pfn: u64) -> Result<FrameId, Bug> {
        match self.map.backing(Pfn(pfn)) {
            Backing::Frame(frame) => Ok(frame),
            _ => Err(Bug::NoFrame(pfn)),
        }
    }

    /// The mm id of a value, if there is such an mm.
    pub(crate) fn mm(&self, value: u64) -> Result<MmId, Bug> {
        let mm = MmId::try_from(value).ok();
        mm.filter(|&mm| usize::from(mm) < self.program.mms.len()).ok_or(Bug::OutOfRange)
    }

    /// The value in memory at a location.
    #[must_use]
    pub fn memory(&self, state: &State, loc: Loc) -> u64 {
        match loc {
            Loc::Cell(cell) => state.cells[cell as usize],
            Loc::Word(frame, index) => state.memory.word(frame, index),
        }
    }

    /// What a CPU's own loads see at a location, and whether it comes from its store buffer (H55).
    pub(crate) fn view(&self, state: &State, cpu: u8, loc: Loc) -> (u64, bool) {
        match state.cpus[cpu as usize].buffer.forward(loc) {
            Some(value) => (value, true),
            None => (self.memory(state, loc), false),
        }
    }

    /// Writes memory; returns what was there.
    pub(crate) fn put(&self, state: &mut State, loc: Loc, value: u64) -> u64 {
        match loc {
            Loc::Cell(cell) => std::mem::replace(&mut state.cells[cell as usize], value),
            Loc::Word(frame, index) => state.memory.frames[frame as usize].put(index, value),
        }
    }

    /// The variable a cell belongs to, with its owner and element.
    #[must_use]
    pub fn variable_of(&self, cell: u16) -> Option<(&Variable, u64, u16)> {
        let variable = self.program.variables.iter().rev().find(|variable| variable.base <= cell)?;
        let offset = cell - variable.base;
        Some((variable, u64::from(offset / variable.len), offset % variable.len))
    }

    /// Whether a place is a variable that no other CPU ever reads or writes.
    pub(crate) fn private(&self, place: Place) -> Option<&Variable> {
        match place {
            Place::Cell { var, .. } => {
                Some(&self.program.variables[var as usize]).filter(|variable| !variable.shared)
            }
            _ => None,
        }
    }
}

impl Machine {
    /// Whether an access needs no step of its own, because only the running context can observe when it happens.
    ///
    /// Two kinds: loads and stores of a variable that no other CPU looks at; and loads of this CPU's own element
    /// of a variable that others read and only its own CPU writes. What such a load finds is what the CPU itself
    /// stored last, whether that is still in its buffer or has reached memory, and no step of another CPU and no
    /// walk or drain changes that. The load itself changes nothing but a register. So it gives the same value at
    /// every moment between the operation before it and the one after it, and taking it at the first of them
    /// leaves out no behaviour. (The store is different: its readers can observe when it reaches memory.)
    ///
    /// The one thing that can come in between is a handler on this CPU. So if a handler touches the variable, this
    /// holds only while none can begin. The same is true of NMIs and of the host, each for the variables that it
    /// touches.
    fn silent_access(&self, cpu: &CpuState, place: Place, access: Access) -> bool {
        let variable = match (place, access) {
            (Place::Cell { var, owner: Operand::ThisCpu, .. }, Access::Load)
                if self.own_written[var as usize] =>
            {
                Some(&self.program.variables[var as usize])
            }
            (place, _) => self.private(place),
        };
        variable.is_some_and(|variable| {
            !(variable.in_handlers && cpu.interruptible() || variable.in_intruders && cpu.intrudable())
        })
    }

    /// Whether what a context does next is such an access; or a wait for IPIs that is over, which stays over, as only
    /// this CPU could send another one.
    pub(crate) fn unseen(&self, state: &State, cpu: u8) -> bool {
        let this = &state.cpus[cpu as usize];
        let row = &self.effects[this.context().pc as usize];
        match row.seen {
            Seen::ByNobody | Seen::ByOthers => false,
            Seen::WhileItWaits => !state.awaits(cpu),
            Seen::ThroughPlace => {
                row.place.is_some_and(|(place, access)| self.silent_access(this, place, access))
            }
        }
    }

    /// Whether an action exists only in a machine made by [`Machine::unreduced`]: only the CPU itself can observe
    /// when it happens, and in other machines it is part of the step before it.
    #[must_use]
    pub fn is_silent(&self, state: &State, action: Action) -> bool {
        matches!(action, Action::Step { cpu } if self.unseen(state, cpu))
    }
}

/// For each variable, whether it is one per CPU that no CPU but its own writes, as far as the text can tell: an
/// element that is named by a number may be any CPU's.
pub(crate) fn own_written(program: &Program, effects: &[Effects]) -> Vec<bool> {
    let mut own: Vec<bool> = program.variables.iter().map(|v| v.scope == Scope::PerCpu).collect();
    for (place, access) in effects.iter().filter_map(|row| row.place) {
        if let Place::Cell { var, owner, .. } = place
            && access.writes()
            && owner != Operand::ThisCpu
        {
            own[var as usize] = false;
        }
    }
    own
}
