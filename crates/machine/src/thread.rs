//! Threads that belong to no CPU: the kernel's own scheduler lets them run.
//!
//! What runs on a CPU is a task: the CPU's own block, which is its idle task, or a thread. Tasks have numbers: those of
//! the CPUs' own blocks are the CPUs' numbers, those of threads follow. `__switch_to(next)` does what Linux's assembly
//! of that name does: the CPU saves the stack of the task that runs, and loads the stack of another task, which
//! continues where it was saved. A stack holds the position and locals of a task, with the kernel's functions that it
//! is in, and the handler of a page fault or an interrupt that runs on it. CR3, caches, store buffer and the interrupt
//! flag belong to the CPU and stay as they are.
//!
//! A thread that has not run yet begins in user code, or in the kernel if it is a kernel thread: it gets there by an IRET that
//! sets the interrupt flag.
//!
//! The switch does not wait for the store buffer. A task that continues on another CPU may find memory without its own
//! last stores, unless the kernel prevents that, as Linux does by the runqueue's lock and by `on_cpu`.

use crate::state::Context;
use crate::step::Stepping;
use crate::{Bug, CpuState, Machine, State, Task, What};
use lang::effects::{Flow, Waits};
use lang::program::Mode;

impl Machine {
    /// The task that a CPU runs.
    #[must_use]
    pub fn task_of(&self, cpu: &CpuState, number: u8) -> u8 {
        cpu.thread.unwrap_or(number)
    }

    /// What a CPU's own block has: its context, also where a thread runs on the CPU.
    #[must_use]
    pub fn own_task<'a>(&self, state: &'a State, cpu: u8) -> &'a Context {
        let this = &state.cpus[usize::from(cpu)];
        match state.tasks.get(usize::from(cpu)) {
            Some(Some(task)) if this.thread.is_some() => &task.context,
            _ => &this.task,
        }
    }

    /// Tasks before anything runs: each CPU runs its own block, and no thread has begun. Empty without threads.
    pub(crate) fn tasks_at_first(&self) -> Vec<Option<Task>> {
        if self.program.tasks.is_empty() {
            return Vec::new();
        }
        let thread = |spec: &lang::program::TaskSpec| {
            let mode = spec.mm.map_or(Mode::Kthread, Mode::User);
            let context = Context { pc: spec.entry, regs: vec![0; spec.regs.into()] };
            Some(Task { begun: false, mode, context, exception: None })
        };
        let own = (0..self.program.machine.cpus).map(|_| None);
        own.chain(self.program.tasks.iter().map(thread)).collect()
    }

    /// The address space of a task; init_mm's for what is no thread of a program.
    pub(crate) fn mm_of_task(&self, task: u64) -> u64 {
        let thread = task.checked_sub(self.program.machine.cpus.into());
        let thread = thread.and_then(|thread| self.program.tasks.get(usize::try_from(thread).ok()?));
        thread.and_then(|thread| thread.mm).unwrap_or(0).into()
    }

    /// The CPU goes on with another task.
    pub(crate) fn switch_to(&self, step: &mut Stepping<'_>, next: u64) {
        step.advance();
        let cpu = step.cpu;
        let from = self.task_of(&step.state.cpus[usize::from(cpu)], cpu);
        if next == u64::from(from) {
            return step.event(|| What::Switched { from, to: from, begins: false });
        }
        let others = next < u64::from(self.program.machine.cpus) && next != u64::from(cpu);
        let slot = usize::try_from(next).ok().and_then(|next| step.state.tasks.get_mut(next));
        let Some(found) = slot.filter(|_| !others).and_then(Option::take) else {
            return step.bug(Bug::NotToRun(next));
        };
        self.forget(step);
        // There are no more tasks than numbers.
        let to = u8::try_from(next).unwrap_or(cpu);
        let this = &mut step.state.cpus[usize::from(cpu)];
        let left = Task {
            begun: true,
            mode: std::mem::replace(&mut this.mode, found.mode),
            context: std::mem::replace(&mut this.task, found.context),
            exception: std::mem::replace(&mut this.exception, found.exception),
        };
        this.thread = (to != cpu).then_some(to);
        if let Some(slot) = step.state.tasks.get_mut(usize::from(from)) {
            *slot = Some(left);
        }
        let begins = !found.begun;
        step.event(|| What::Switched { from, to, begins });
        if begins {
            step.state.cpus[usize::from(cpu)].irqs_on = true;
            self.quiescent(step);
        }
    }

    /// Where a thread continues when it is killed.
    pub(crate) fn after_death(&self, cpu: &CpuState) -> lang::program::Pc {
        let thread = cpu.thread.and_then(|thread| thread.checked_sub(self.program.machine.cpus));
        thread
            .and_then(|thread| self.program.tasks.get(usize::from(thread)))
            .map_or(self.program.end, |t| t.exit)
    }

    /// Whether a thread is in the kernel's `do_exit`, from which it need not return.
    fn exits(&self, task: u8, context: &Context) -> bool {
        let thread = task.checked_sub(self.program.machine.cpus);
        let Some(spec) = thread.and_then(|thread| self.program.tasks.get(usize::from(thread))) else {
            return false;
        };
        // Its code is the last of the thread's, up to where the thread ends.
        let mut behind = spec.exit..context.pc;
        context.pc >= spec.exit && behind.all(|pc| self.effects(pc).flow != Flow::End)
    }

    /// Whether all threads have come to their end, and every CPU's own block too, or it waits in the idle task for more to do.
    pub(crate) fn tasks_done(&self, state: &State) -> bool {
        let ended = |context: &Context| self.effects(context.pc).flow == Flow::End;
        (0..).zip(&state.tasks).all(|(number, task)| {
            let running = state.cpus.iter().zip(0..).find(|&(cpu, at)| self.task_of(cpu, at) == number);
            match (task, running) {
                (Some(task), _) => {
                    let idle = number < self.program.machine.cpus && task.mode == Mode::Idle;
                    let over = || ended(&task.context) || self.exits(number, &task.context);
                    idle || task.exception.is_none() && over()
                }
                (None, Some((cpu, at))) => {
                    let waits = || self.next(state, at).waits == Waits::Condition;
                    let idle = number == at && cpu.mode == Mode::Idle && cpu.in_thread() && waits();
                    idle || cpu.exception.is_none() && ended(&cpu.task)
                }
                (None, None) => false,
            }
        })
    }
}
