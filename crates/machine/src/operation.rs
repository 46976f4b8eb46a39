//! What each operation does: the one match over all of them. Those of a kind have their helpers in a file of their own.

#![deny(clippy::wildcard_enum_match_arm)]

use crate::property;
use crate::step::Stepping;
use crate::{Bug, How, Invalidation, Machine, Property, VmFault, What};
use lang::program::{Leave, Mode, Op};
use x86::{Owner, TlbControl};

impl Machine {
    /// Carries out an operation, and leads to the next one.
    pub(crate) fn carry_out(&self, step: &mut Stepping<'_>, op: &Op) {
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
}
