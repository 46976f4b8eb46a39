//! Interrupts: the interrupt flag, IPIs from sending to answering, and sleep, which an IPI ends. Also what the flag
//! does not stop: NMIs, and the host of a virtual machine.

use crate::step::Stepping;
use crate::{Context, CpuState, Exception, Intruder, Ipi, MOST_WAITING, Machine, Property, Running, What};
use lang::program::{HandlerKind, Mode, Operand, Sleep, Type};
use x86::{Removed, TlbControl};

impl Machine {
    /// Turns interrupts on or off. A handler begins with its flag clear, and IRET restores the flag of the interrupted
    /// code. So a handler's changes of the flag end with it. And since no handler interrupts another one here, its own
    /// flag need not be stored: nothing could observe it.
    pub(crate) fn irqs(&self, step: &mut Stepping<'_>, on: bool) {
        let this = &mut step.state.cpus[step.cpu as usize];
        if this.handler.is_none() && this.intruder.is_none() {
            this.irqs_on = on;
        }
        step.event(|| What::IrqsOn(on));
        self.quiescent(step);
    }

    /// Turns interrupts off; whether they were on. In a handler they were not.
    pub(crate) fn irq_save(&self, step: &mut Stepping<'_>) -> bool {
        let on = step.state.cpus[step.cpu as usize].interruptible();
        self.irqs(step, false);
        on
    }

    /// Sends an IPI, unless one of its targets has no room for it; whether the operation is over.
    pub(crate) fn send_ipi(
        &self,
        step: &mut Stepping<'_>,
        handler: u8,
        targets: Operand,
        args: &[Operand],
    ) -> bool {
        let others = u64::MAX >> (64 - step.state.cpus.len()) & !(1 << step.cpu);
        let targets = self.others(step.state, step.cpu, targets);
        let full =
            |(cpu, target): &(u8, &CpuState)| targets >> cpu & 1 == 1 && target.pending.len() >= MOST_WAITING;
        if let Some((cpu, _)) = (0..).zip(&step.state.cpus).find(full) {
            self.wait_for_room(step, cpu);
            return false;
        }
        let args: Vec<u64> = args.iter().map(|&arg| self.value(step, arg)).collect();
        let params = &self.program.handlers[handler as usize].params;
        // The first mm among the arguments is what the IPI is about.
        let about = params.iter().zip(&args).find(|(param, _)| param.1 == Type::Mm).map(|(_, &mm)| mm);
        let root =
            about.and_then(|mm| self.root_of(step.state, mm)).map(|root| self.map.frames[root as usize].0);
        let mut omitted = 0;
        for (cpu, target) in step.state.cpus.iter_mut().enumerate() {
            if targets >> cpu & 1 == 1 {
                target.pending.push(Ipi { handler, sender: step.cpu, args: args.clone() });
                if matches!(target.mode, Mode::Kthread | Mode::Idle) {
                    step.properties |= Property::IpiToIdle.as_set();
                }
            } else if others >> cpu & 1 == 1 && Some(target.hw.cr3.root) == root {
                omitted |= 1 << cpu;
            }
        }
        step.event(|| {
            let args = params.iter().zip(args).map(|(param, value)| (param.1, value)).collect();
            What::IpiSent { handler, args, targets, omitted }
        });
        true
    }

    pub(crate) fn interrupt(&self, step: &mut Stepping<'_>) {
        let this = &mut step.state.cpus[step.cpu as usize];
        if this.pending.is_empty() {
            return;
        }
        let ipi = this.pending.remove(0);
        wake(this);
        self.interrupt_guest(step);
        let this = &mut step.state.cpus[step.cpu as usize];
        let handler = &self.program.handlers[ipi.handler as usize];
        let on_thread = handler.kind == HandlerKind::Irq;
        let mut regs = ipi.args;
        regs.resize(handler.regs as usize, 0);
        let context = Context { pc: handler.entry, regs };
        if on_thread {
            // Interrupts were enabled, or this one would not have come.
            this.exception = Some(Exception { handler: ipi.handler, irqs_on: true, context });
            this.irqs_on = false;
        } else {
            this.handler = Some(Running { handler: ipi.handler, sender: ipi.sender, context });
        }
        step.event(|| What::IpiTaken { handler: ipi.handler, sender: ipi.sender });
        self.regain(step);
    }

    /// Whether a CPU takes an IPI once its store buffer is empty. One whose handler runs on the thread waits for a handler
    /// that runs there already.
    pub(crate) fn may_take(&self, cpu: &CpuState, ipi: &Ipi) -> bool {
        let on_thread = self.program.handlers[ipi.handler as usize].kind == HandlerKind::Irq;
        cpu.interruptible() && !(on_thread && cpu.exception.is_some())
    }

    /// An NMI or the host cuts in.
    pub(crate) fn intrude(&self, step: &mut Stepping<'_>, kind: HandlerKind) {
        let handlers = &self.program.handlers;
        let Some((number, handler)) = (0..).zip(handlers).find(|(_, handler)| handler.kind == kind) else {
            return;
        };
        // In a guest an NMI is a VM exit. The host handles it first, and then the exit.
        let this = &mut step.state.cpus[step.cpu as usize];
        if kind == HandlerKind::Nmi {
            this.nmis = this.nmis.saturating_sub(1);
            // The host leaves a guest that sleeps asleep when it preempts it.
            wake(this);
            self.interrupt_guest(step);
        } else {
            this.vmexits = this.vmexits.saturating_sub(1);
        }
        let this = &mut step.state.cpus[step.cpu as usize];
        let context = Context { pc: handler.entry, regs: vec![0; handler.regs as usize] };
        this.intruder = Some(Intruder { handler: number, context });
        step.event(|| What::CutIn { handler: number });
        self.regain(step);
    }

    /// Whether the host has preempted a CPU: no code of the guest runs.
    #[must_use]
    pub fn preempted(&self, cpu: &CpuState) -> bool {
        cpu.intruder.as_ref().is_some_and(|intruder| {
            self.program.handlers[intruder.handler as usize].kind == HandlerKind::VmExit
        })
    }

    /// The handler that runs has ended. If it is that of VM exits, the guest goes on, by a VMRUN with this TLB_CONTROL.
    pub(crate) fn end_handler(&self, step: &mut Stepping<'_>, control: TlbControl) {
        let this = &mut step.state.cpus[step.cpu as usize];
        if let Some(intruder) = this.intruder.take() {
            step.event(|| What::CutInDone { handler: intruder.handler });
        } else if let Some(running) = this.handler.take() {
            step.event(|| What::IpiDone { handler: running.handler, sender: running.sender });
        } else if let Some(handler) = self.end_exception(step) {
            let kind = self.program.handlers[usize::from(handler)].kind;
            match kind {
                HandlerKind::Irq => step.event(|| What::CutInDone { handler }),
                HandlerKind::Exit => self.end_exit(step, handler, control),
                HandlerKind::Fault | HandlerKind::Ipi | HandlerKind::Nmi | HandlerKind::VmExit => {
                    step.event(|| What::FaultDone { handler });
                }
            }
        }
        self.quiescent(step);
        self.regain(step);
    }

    /// Goes to sleep, or wakes up; whether the operation is over.
    pub(crate) fn sleep(&self, step: &mut Stepping<'_>, depth: Sleep) -> bool {
        let this = &mut step.state.cpus[step.cpu as usize];
        if this.asleep.take().is_some() {
            step.event(|| What::Woke);
            self.regain(step);
            return true;
        }
        this.asleep = Some(depth);
        let removed = match depth {
            Sleep::C1 => Removed::default(),
            Sleep::C6 => this.hw.lose_everything(),
        };
        step.event(|| What::Slept { depth, removed });
        false
    }
}

/// An interrupt ends MWAIT, and the operation with it: what runs now goes on behind it later. In a guest this comes before the VM
/// exit, since the code that slept is the guest's.
fn wake(cpu: &mut CpuState) {
    if cpu.asleep.take().is_some() {
        cpu.context_mut().pc += 1;
    }
}
