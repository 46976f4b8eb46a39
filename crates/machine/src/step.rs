//! The transition function: what happens when an action is taken.
//!
//! There is one transition function, for the player, the explorer, the command line and the tests. An observer
//! passes a sink.

#![deny(clippy::wildcard_enum_match_arm)]

use crate::property;
use crate::state::Context;
use crate::{
    Action, BEYOND, Bug, CpuState, Event, How, Invalidation, LIMIT, Machine, Property, State, VmFault, What,
};
use explore::{Factored, Passed, PropertySet, Rounds, Sink, System};
use lang::effects::{Flow, Seen};
use lang::program::{HandlerKind, Leave, Mode, Op, Operand, Pc};
use x86::{Owner, TlbControl};

/// The most silent operations in one step. A text can only exceed it with a counting loop of that length.
const MOST_SILENT: u32 = 65_536;

/// A step being taken.
pub(crate) struct Step<'a> {
    pub(crate) state: &'a mut State,
    pub(crate) cpu: u8,
    /// The events, if an observer wants them. (A sink of any type would make a second copy of all this
    /// code.)
    pub(crate) events: Option<&'a mut Vec<Event>>,
    pub(crate) properties: PropertySet,
    /// The operations that CPUs reach, if somebody asks for them.
    pub(crate) passed: Option<&'a mut Passed>,
    /// How many silent operations were carried out.
    pub(crate) silent: u32,
    /// The run ends with this step, at a limit that the text declares.
    pub(crate) cut: bool,
}

impl<'a> Step<'a> {
    pub(crate) fn new(state: &'a mut State, cpu: u8, events: Option<&'a mut Vec<Event>>) -> Step<'a> {
        Step { state, cpu, events, passed: None, properties: PropertySet::NONE, silent: 0, cut: false }
    }
}

impl Step<'_> {
    pub(crate) fn event(&mut self, what: impl FnOnce() -> What) {
        if let Some(events) = &mut self.events {
            events.push(Event { cpu: self.cpu, what: what() });
        }
    }

    /// The text did something impossible.
    pub(crate) fn bug(&mut self, bug: Bug) {
        self.properties |= Property::KernelBug.as_set();
        self.event(|| What::Bug(bug));
    }

    fn context(&mut self) -> &mut Context {
        self.state.cpus[self.cpu as usize].context_mut()
    }

    pub(crate) fn set(&mut self, reg: u8, value: u64) {
        self.context().regs[reg as usize] = value;
    }

    /// Control continues there.
    pub(crate) fn go(&mut self, target: Pc) {
        self.context().pc = target;
    }

    pub(crate) fn advance(&mut self) {
        self.context().pc += 1;
    }
}

impl System for Machine {
    type State = State;
    type Action = Action;
    type Event = Event;

    fn initial(&self) -> State {
        self.initial.clone()
    }

    fn enabled(&self, state: &State, out: &mut Vec<Action>) {
        self.list(state, out);
    }

    fn step(&self, state: &mut State, action: Action, sink: &mut impl Sink<Event>) -> PropertySet {
        if !sink.listens() {
            let (properties, silent) = self.take(state, action, None, sink.passed());
            sink.worked(silent);
            return properties;
        }
        let mut events = Vec::new();
        let (properties, silent) = self.take(state, action, Some(&mut events), sink.passed());
        events.into_iter().for_each(|event| sink.event(|| event));
        sink.worked(silent);
        properties
    }

    fn observe(&self, state: &State, enabled: &[Action]) -> PropertySet {
        let stuck = enabled.iter().all(|action| action.unasked());
        if !stuck {
            return self.goes_round(state, &mut Rounds::default());
        }
        if stuck && !state.stopped && !self.all_done(state) && !self.walk_wanted(state) {
            Property::Deadlock.as_set()
        } else if stuck && self.final_state_shows(state) {
            Property::FinalState.as_set()
        } else {
            PropertySet::NONE
        }
    }

    fn ended(&self, state: &State, enabled: &[Action]) -> bool {
        let over = state.stopped || self.all_done(state);
        over && enabled.iter().all(|action| action.unasked()) && !self.cut_off(state)
    }

    fn truncated(&self) -> PropertySet {
        BEYOND | LIMIT
    }

    fn pack(&self, state: &State, out: &mut Vec<u8>) {
        crate::pack::pack(state, out);
    }

    fn unpack(&self, bytes: &[u8]) -> State {
        crate::pack::unpack(self, bytes)
    }
}

impl Machine {
    /// Whether every thread has ended.
    #[must_use]
    pub fn all_done(&self, state: &State) -> bool {
        let free = |cpu: &CpuState| cpu.handler.is_none() && cpu.intruder.is_none();
        if !state.tasks.is_empty() {
            return state.cpus.iter().all(free) && self.tasks_done(state);
        }
        state.cpus.iter().all(|cpu| free(cpu) && self.effects(cpu.task.pc).flow == Flow::End)
    }

    /// Whether some CPU is about to make a committed access: it can always continue, if necessary by
    /// walks.
    pub(crate) fn walk_wanted(&self, state: &State) -> bool {
        (0..self.program.machine.cpus).any(|cpu| self.wants(state, cpu).is_some())
    }

    /// Carries out the silent operations at the beginning of a thread, up to the first that shows a property: that one
    /// is left for the thread's first step, since a run contains only what a step shows. If the thread begins with an
    /// endless loop, its first step is the beginning of the loop. Returns how many operations there were.
    pub(crate) fn settle(&self, state: &mut State, cpu: u8, passed: Option<&mut Passed>) -> u32 {
        let before = state.clone();
        let mut step = Step { passed, ..Step::new(state, cpu, None) };
        while step.properties == PropertySet::NONE && self.silent_operation(&mut step) {}
        let silent = step.silent;
        if step.properties != PropertySet::NONE {
            *step.state = before;
            step = Step { passed: step.passed, ..Step::new(step.state, cpu, None) };
            let quiet = if silent > MOST_SILENT { 0 } else { silent - 1 };
            while step.silent < quiet && self.silent_operation(&mut step) {}
        }
        self.forget(&mut step);
        silent
    }

    /// A step, for [`System::step`]; not generic, so that it is compiled once and here. What it showed, and how many
    /// silent operations it took.
    pub(crate) fn take(
        &self,
        state: &mut State,
        action: Action,
        mut events: Option<&mut Vec<Event>>,
        passed: Option<&mut Passed>,
    ) -> (PropertySet, u32) {
        if !self.may_break(state, action) {
            return self.take_alone(state, action, events, passed);
        }
        let (shown, silent) = self.take_alone(state, action, events.as_deref_mut(), passed);
        (shown | self.look(state, action.cpu(), events), silent)
    }

    /// A step that does not evaluate the invariants.
    pub(crate) fn take_alone(
        &self,
        state: &mut State,
        action: Action,
        events: Option<&mut Vec<Event>>,
        passed: Option<&mut Passed>,
    ) -> (PropertySet, u32) {
        let mut step = Step { passed, ..Step::new(state, action.cpu(), events) };
        match action {
            Action::Step { .. } => self.operate(&mut step),
            Action::Allocate { frame, .. } => {
                self.put_last(&mut step, frame);
                self.operate(&mut step);
                Self::put_back(&mut step);
            }
            Action::Access { copy, .. } => self.access(&mut step, copy),
            Action::DirtyWalk { level, copy, .. } => self.dirty_walk(&mut step, level, copy),
            Action::Fault { .. } => self.fault(&mut step, false),
            Action::ProtectionFault { .. } => self.fault(&mut step, true),
            Action::Drain { .. } => self.drain(&mut step),
            Action::Interrupt { .. } => self.interrupt(&mut step),
            Action::Nmi { .. } => self.intrude(&mut step, HandlerKind::Nmi),
            Action::VmExit { .. } => self.intrude(&mut step, HandlerKind::VmExit),
            Action::Pick { yes, .. } => self.pick(&mut step, yes),
            Action::Broadcast { .. } => {
                self.broadcast(&mut step);
                return (step.properties, 0);
            }
            Action::Violation { .. } => self.violate(&mut step),
            Action::Translate { va, copy, .. } => {
                self.take_translation(&mut step, va, copy);
                return (step.properties, 0);
            }
            // A walk is the hardware's: software stays where it is.
            Action::Walk { .. } | Action::GuestWalk { .. } | Action::NestedWalk { .. } => {
                self.take_walk(&mut step, action);
                return (step.properties, 0);
            }
        }
        self.run_silent(&mut step);
        (step.properties, step.silent)
    }

    /// Continues through silent operations, then makes the context canonical.
    fn run_silent(&self, step: &mut Step<'_>) {
        while self.silent_operation(step) {}
        self.forget(step);
    }

    /// Carries out the next operation if no other CPU can see it; returns whether there was one, and there may
    /// be more.
    fn silent_operation(&self, step: &mut Step<'_>) -> bool {
        if step.cut {
            return false;
        }
        let this = &step.state.cpus[step.cpu as usize];
        let pc = this.context().pc as usize;
        if let Some(passed) = &mut step.passed {
            passed.note(this.context().pc);
        }
        let seen = self.effects[pc].seen;
        if !(seen.silent() || self.fused && self.unseen(step.state, step.cpu)) {
            return false;
        }
        // A wait that is over.
        if seen == Seen::WhileItWaits {
            step.advance();
            return true;
        }
        step.silent += 1;
        if step.silent > MOST_SILENT {
            step.bug(Bug::Runaway);
            return false;
        }
        self.carry_out(step, &self.program.code[pc]);
        true
    }

    /// Sets registers that will not be read to 0.
    pub(crate) fn forget(&self, step: &mut Step<'_>) {
        let context = step.context();
        let live = self.program.live[context.pc as usize];
        for (reg, value) in context.regs.iter_mut().enumerate() {
            if live >> reg & 1 == 0 {
                *value = 0;
            }
        }
    }

    fn operate(&self, step: &mut Step<'_>) {
        let op = &self.program.code[step.state.cpus[step.cpu as usize].context().pc as usize];
        self.carry_out(step, op);
    }

    pub(crate) fn carry_out(&self, step: &mut Step<'_>, op: &Op) {
        let cpu = step.cpu;
        match op {
            Op::Bin { dst, op, a, b } => {
                let value = lang::fold(*op, self.value(step, *a), self.value(step, *b));
                step.set(*dst, value);
            }
            Op::Move { dst, a } => {
                let value = self.value(step, *a);
                step.set(*dst, value);
            }
            Op::PgdOf { dst, mm } => {
                self.read_root(step, *dst, *mm);
            }
            Op::LoadPgd { dst, mm } => {
                let mm = self.read_root(step, *dst, *mm);
                step.event(|| What::RootRead { mm });
            }
            Op::Jump(target) => {
                step.context().pc = *target;
                return;
            }
            Op::JumpIfZero { cond, target } => {
                if self.value(step, *cond) == 0 {
                    step.context().pc = *target;
                    return;
                }
            }
            Op::Load { dst, place } => {
                let value = self.load(step, *place);
                step.set(*dst, value);
            }
            Op::Store { place, value } => {
                let value = self.value(step, *value);
                match self.locate(step.state, cpu, *place) {
                    Ok(loc) if self.private(*place).is_some() => {
                        self.write(step, loc, value, How::Private);
                    }
                    Ok(loc) => self.store(step, loc, value),
                    Err(bug) => step.bug(bug),
                }
            }
            Op::Rmw { dst, place, op, value } => self.read_modify_write(step, *dst, *place, *op, *value),
            Op::Fence => step.event(|| What::Fenced),
            Op::Until { .. } | Op::WaitIpis => step.event(|| What::Waited),
            Op::Tlbsync => self.tlbsync(step),
            Op::Acquire { place } => match self.locate(step.state, cpu, *place) {
                Ok(loc) => {
                    self.put(step.state, loc, 1);
                    step.event(|| What::Acquired { loc });
                    self.keep_within(step, loc, 1);
                }
                Err(bug) => step.bug(bug),
            },
            Op::IsTable { dst, frame } => {
                let frame = self.whole(self.value(step, *frame));
                let owner = frame.map(|frame| step.state.memory.frames[frame as usize].owner);
                step.set(*dst, u64::from(matches!(owner, Ok(Owner::Table { .. }))));
            }
            Op::Invlpgb { op, pcid, va, pages, final_only } => {
                let (pcid, va) = (self.value(step, *pcid), self.value(step, *va));
                let (pages, final_only) = (self.value(step, *pages), self.value(step, *final_only) != 0);
                if !self.invlpgb(step, *op, pcid, va, pages, final_only) {
                    return;
                }
            }
            Op::SendRar { op, targets, pcid, va } => {
                let (pcid, va) = (self.value(step, *pcid), self.value(step, *va));
                if !self.send_rar(step, *op, *targets, pcid, va) {
                    return;
                }
            }
            Op::WaitRar => self.rar_wait(step),
            Op::QueueFlush { op, pasid, va } => {
                let (pasid, va) = (self.value(step, *pasid), self.value(step, *va));
                if !self.queue_command(step, *op, pasid, va) {
                    return;
                }
            }
            Op::QueueWait => step.event(|| What::Waited),
            Op::AttachPasid { device, mm, pasid } => {
                let (device, mm) = (self.value(step, *device), self.value(step, *mm));
                let pasid = self.value(step, *pasid);
                self.attach_pasid(step, device, mm, pasid);
            }
            Op::Sleep(depth) => {
                if !self.sleep(step, *depth) {
                    return;
                }
            }
            Op::WriteCr3 { root, pcid, noflush } => {
                let (root, pcid) = (self.value(step, *root), self.value(step, *pcid));
                let noflush = self.value(step, *noflush) != 0;
                self.write_cr3(step, root, pcid, noflush);
            }
            Op::Invlpg { va } => {
                let va = self.value(step, *va);
                match self.map.linear(va) {
                    Some(va) => {
                        let removed = step.state.cpus[cpu as usize].hw.invlpg(self.control, va);
                        step.event(|| What::Invalidated { by: Invalidation::Invlpg(va), removed });
                    }
                    None => step.event(|| What::NoOperation { va }),
                }
            }
            Op::Invpcid { op, pcid, va } => {
                let (pcid, va) = (self.value(step, *pcid), self.value(step, *va));
                self.invpcid(step, *op, pcid, va);
            }
            Op::TogglePge => {
                let removed = step.state.cpus[cpu as usize].hw.toggle_pge();
                step.event(|| What::Invalidated { by: Invalidation::TogglePge, removed });
            }
            Op::IrqDisable => self.irqs(step, false),
            Op::IrqEnable => self.irqs(step, true),
            Op::IrqSave { dst } => {
                let on = self.irq_save(step);
                step.set(*dst, u64::from(on));
            }
            Op::IrqRestore { on } => {
                let on = self.value(step, *on) != 0;
                self.irqs(step, on);
            }
            Op::SendIpi { handler, targets, args, queued: _ } => {
                if !self.send_ipi(step, *handler, *targets, args) {
                    return;
                }
            }
            Op::AllocPage { .. } | Op::AllocTable { .. } | Op::Free { .. } | Op::FreeRcu { .. }
                if step.state.cpus[cpu as usize].in_guest() =>
            {
                step.bug(Bug::Vm(VmFault::InGuest));
            }
            Op::AllocPage { dst } => self.allocate(step, *dst, Owner::Data),
            Op::AllocTable { dst, level, mm } => match self.mm(self.value(step, *mm)) {
                Ok(mm) => self.allocate(step, *dst, Owner::Table { mm, level: *level }),
                Err(bug) => step.bug(bug),
            },
            Op::Current { dst } => {
                let task = self.task_of(&step.state.cpus[cpu as usize], cpu);
                step.set(*dst, task.into());
            }
            Op::MmOfTask { dst, task } => {
                let mm = self.mm_of_task(self.value(step, *task));
                step.set(*dst, mm);
            }
            Op::SwitchTo { task } => {
                let task = self.value(step, *task);
                self.switch_to(step, task);
                return;
            }
            Op::MmAlloc { mm } => {
                let mm = self.value(step, *mm);
                self.make_space(step, mm);
            }
            Op::MmFree { mm } => {
                let mm = self.value(step, *mm);
                self.end_space(step, mm);
            }
            Op::Free { frame } => match self.whole(self.value(step, *frame)) {
                Ok(frame) => self.free(step, frame),
                Err(bug) => step.bug(bug),
            },
            Op::FreeRcu { frame } => match self.whole(self.value(step, *frame)) {
                Ok(frame) => self.free_rcu(step, frame),
                Err(bug) => step.bug(bug),
            },
            Op::SetMode(mode) => self.mode(step, |_| *mode),
            Op::EnterKernel => self.mode(step, |mode| match mode {
                Mode::User(mm) => Mode::Kernel(mm),
                Mode::Kernel(_) | Mode::Entered(_) | Mode::Kthread | Mode::Idle => mode,
            }),
            Op::LeaveKernel(leave) => self.mode(step, |mode| match (mode, leave) {
                (Mode::Kernel(mm), Leave::Call) => Mode::User(mm),
                (Mode::Kernel(mm), Leave::Stay) => Mode::Entered(mm),
                (Mode::Kernel(mm) | Mode::Entered(mm), Leave::ToUser) => Mode::User(mm),
                (other, _) => other,
            }),
            Op::Check { cond, fatal, label } => {
                if self.value(step, *cond) != 0 {
                    let property = if *fatal { Property::KernelBug } else { Property::KernelWarning };
                    step.properties |= property::of_check(&self.program, property, *label);
                    step.event(|| What::CheckFailed { fatal: *fatal, label: *label });
                }
            }
            Op::Claim { what, mm, start, end } => {
                let (start, end) = (self.value(step, *start), self.value(step, *end));
                match self.mm(self.value(step, *mm)) {
                    Ok(mm) => self.claim(step, *what, mm, start, end),
                    Err(bug) => step.bug(bug),
                }
            }
            Op::Inspect { dst, what, cpu, n } => {
                let (of, n) = (self.value(step, *cpu), self.value(step, *n));
                let value = self.inspect(step.state, *what, of, n);
                step.set(*dst, value);
            }
            Op::Vmptrld { mm, ept, vpid } => {
                let (mm, ept, vpid) =
                    (self.value(step, *mm), self.value(step, *ept), self.value(step, *vpid));
                self.vmptrld(step, mm, ept, vpid);
            }
            Op::VmEnter { control } => {
                let control = control.map(|control| self.value(step, control));
                if self.vm_enter(step, control) {
                    return;
                }
            }
            Op::Vmcall => self.vmcall(step),
            Op::Invept { ept } => {
                let ept = ept.map(|ept| self.value(step, ept));
                self.invept(step, ept);
            }
            Op::Invvpid { op, vpid, va } => {
                let (vpid, va) = (self.value(step, *vpid), self.value(step, *va));
                self.invvpid(step, *op, vpid, va);
            }
            Op::Invlpga { va, asid } => {
                let (va, asid) = (self.value(step, *va), self.value(step, *asid));
                self.invlpga(step, va, asid);
            }
            Op::Return => {
                self.end_handler(step, TlbControl::Nothing);
                return;
            }
            Op::BadArea => {
                self.bad_area(step);
                return;
            }
            // Accesses have actions of their own; a thread that has ended has none.
            Op::UserLoad { .. } | Op::UserStore { .. } | Op::UserRmw { .. } | Op::Maybe { .. } | Op::Halt => {
                return;
            }
        }
        step.advance();
    }

    pub(crate) fn value(&self, step: &Step<'_>, operand: Operand) -> u64 {
        self.operand(step.state, step.cpu, operand)
    }

    fn pick(&self, step: &mut Step<'_>, yes: bool) {
        if let Some((dst, _)) = self.next(step.state, step.cpu).result {
            step.set(dst, u64::from(yes));
            step.event(|| What::Picked { yes });
            step.advance();
        }
    }
}
