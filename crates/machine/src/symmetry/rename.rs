//! A state in which the CPUs have exchanged their names.
//!
//! A renaming has to reach every place where a state names a CPU; one that it misses makes the search unsound. So
//! every struct is taken apart and put together again field by field, without `..`: a new field does not compile here
//! until somebody has said whether it names a CPU. For the same reason every enum is matched variant by variant.

use crate::kinds::{Holds, Kinds};
use crate::{
    AddressSpace, Context, CpuState, Exception, Intruder, Ipi, Loc, RcuFrame, Running, Sent, State, Vmcs,
};
use lang::program::{Mode, Pc, Program, Scope, Type, Variable};
use x86::{Broadcast, Cpu, Cr3, Ghost, Guest, Memory, Owner, PscEntry, StoreBuffer, TlbEntry};

/// New names for CPUs: a permutation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Renaming(Vec<u8>);

impl Renaming {
    /// Each CPU keeps its name.
    pub(super) fn identity(cpus: u8) -> Renaming {
        Renaming((0..cpus).collect())
    }

    /// Two CPUs exchange their names.
    pub(super) fn exchange(cpus: u8, one: u8, other: u8) -> Renaming {
        Renaming::identity(cpus).then_exchange(one, other)
    }

    /// The same, but what these two CPUs would be called is exchanged.
    pub(super) fn then_exchange(&self, one: u8, other: u8) -> Renaming {
        let mut names = self.0.clone();
        names.swap(one.into(), other.into());
        Renaming(names)
    }

    /// The new name of a CPU.
    pub(crate) fn of(&self, cpu: u8) -> u8 {
        self.0[usize::from(cpu)]
    }

    /// A set of CPUs under the new names. Members that are no CPU of the machine stay.
    fn set(&self, set: u64) -> u64 {
        let beyond = set >> self.0.len() << self.0.len();
        let members = self.0.iter().enumerate().filter(|(cpu, _)| set >> cpu & 1 == 1);
        members.fold(beyond, |set, (_, &to)| set | 1 << to)
    }

    /// A word that holds the number of a CPU. Numbers that are no CPU of the machine stay.
    fn word(&self, cpu: u64) -> u64 {
        usize::try_from(cpu).ok().and_then(|cpu| self.0.get(cpu)).map_or(cpu, |&cpu| cpu.into())
    }

    /// A value of a type.
    fn value(&self, ty: Type, value: u64) -> u64 {
        match ty {
            Type::Cpu => self.word(value),
            Type::Cpus => self.set(value),
            Type::Int | Type::Bool | Type::Mm | Type::Frame | Type::Pte | Type::Va | Type::Task => value,
        }
    }

    /// The cell that is to the new name of its owner what this cell is to the old one.
    fn cell(&self, program: &Program, cell: u16) -> u16 {
        match variable_of(program, cell) {
            Some(variable) if variable.scope == Scope::PerCpu => {
                let place = cell - variable.base;
                let (owner, element) = (place / variable.len, place % variable.len);
                variable.base + u16::from(self.0[usize::from(owner)]) * variable.len + element
            }
            _ => cell,
        }
    }

    /// The kernel's variables.
    fn cells(&self, program: &Program, cells: &[u64]) -> Vec<u64> {
        let mut after = cells.to_vec();
        for variable in &program.variables {
            for cell in variable.base..variable.base + owners(program, variable.scope) * variable.len {
                let value = self.value(variable.ty, cells[usize::from(cell)]);
                after[usize::from(self.cell(program, cell))] = value;
            }
        }
        after
    }

    fn buffer(&self, program: &Program, buffer: &StoreBuffer<Loc>) -> StoreBuffer<Loc> {
        buffer.map(|loc, stored| match loc {
            Loc::Cell(cell) => {
                let ty = variable_of(program, cell).map_or(Type::Int, |variable| variable.ty);
                (Loc::Cell(self.cell(program, cell)), self.value(ty, stored))
            }
            // A word of memory is data. Programs that keep a CPU's number in one have no symmetry.
            Loc::Word(frame, index) => (Loc::Word(frame, index), stored),
        })
    }

    fn ipi(&self, program: &Program, ipi: &Ipi) -> Ipi {
        let Ipi { handler, sender, args } = ipi;
        let params = &program.handlers[usize::from(*handler)].params;
        let args = args.iter().zip(params).map(|(&arg, &(_, ty))| self.value(ty, arg));
        Ipi { handler: *handler, sender: self.of(*sender), args: args.collect() }
    }

    fn sent(&self, sent: &Sent) -> Sent {
        let Sent { sender, broadcast } = *sent;
        let Broadcast { pcid, range, globals, final_only, asid, nested, by } = broadcast;
        let broadcast = Broadcast { pcid, range, globals, final_only, asid, nested, by };
        Sent { sender: self.of(sender), broadcast }
    }

    fn waiting(&self, waiting: &RcuFrame) -> RcuFrame {
        let RcuFrame { frame, waiting } = *waiting;
        RcuFrame { frame, waiting: self.set(waiting) }
    }
}

/// Which CPUs of a machine are interchangeable.
#[derive(Clone, Debug, Default)]
pub(crate) struct Symmetry {
    /// Classes of two or more, as sets.
    pub(super) classes: Vec<u64>,
    /// All renamings but the identity.
    pub(super) renamings: Vec<Renaming>,
    pub(super) kinds: Option<Kinds>,
    /// For each CPU of a class: each operation of its thread, with the same operation of the class's first CPU.
    pub(super) code: Vec<Vec<(Pc, Pc)>>,
}

impl Symmetry {
    /// The classes.
    pub(crate) fn classes(&self) -> &[u64] {
        &self.classes
    }

    /// A state under new names.
    pub(crate) fn rename(&self, program: &Program, renaming: &Renaming, state: &State) -> State {
        let State { memory: all, cells, cpus, free, rcu, stopped, spaces, tasks } = state;
        let mut after = cpus.clone();
        for (cpu, this) in (0..).zip(cpus) {
            after[usize::from(renaming.of(cpu))] = self.cpu(program, renaming, cpu, this);
        }
        State {
            memory: memory(all),
            cells: renaming.cells(program, cells),
            cpus: after,
            free: free.clone(),
            rcu: rcu.iter().map(|frame| renaming.waiting(frame)).collect(),
            stopped: *stopped,
            // With threads no CPUs are interchangeable.
            tasks: tasks.clone(),
            spaces: spaces
                .iter()
                .map(|&AddressSpace { root, exists }| AddressSpace { root, exists })
                .collect(),
        }
    }

    /// The state of CPU `cpu`, as the state of the CPU that takes its place.
    fn cpu(&self, program: &Program, renaming: &Renaming, cpu: u8, this: &CpuState) -> CpuState {
        let CpuState {
            hw,
            buffer,
            irqs_on,
            thread,
            mode: running,
            task,
            exception,
            handler,
            intruder,
            nmis,
            vmexits,
            pending,
            broadcasts,
            asleep,
            vmcs,
        } = this;
        CpuState {
            hw: hardware(hw),
            buffer: renaming.buffer(program, buffer),
            irqs_on: *irqs_on,
            thread: *thread,
            mode: mode(*running),
            task: self.task(renaming, cpu, task),
            exception: exception.as_ref().map(|exception| self.exception(renaming, exception)),
            handler: handler.as_ref().map(|running| self.running(renaming, running)),
            intruder: intruder.as_ref().map(|intruder| self.intruder(renaming, intruder)),
            nmis: *nmis,
            vmexits: *vmexits,
            pending: pending.iter().map(|ipi| renaming.ipi(program, ipi)).collect(),
            broadcasts: broadcasts.iter().map(|sent| renaming.sent(sent)).collect(),
            asleep: *asleep,
            vmcs: vmcs.map(|Vmcs { guest, cr3, entered }| Vmcs { guest, cr3, entered }),
        }
    }

    /// The thread's own context: at the same operation of the thread that runs under the new name.
    fn task(&self, renaming: &Renaming, cpu: u8, task: &Context) -> Context {
        let Context { pc, regs } = self.context(renaming, task);
        Context { pc: self.pc(cpu, renaming.of(cpu), pc), regs }
    }

    fn exception(&self, renaming: &Renaming, exception: &Exception) -> Exception {
        let Exception { handler, irqs_on, context } = exception;
        Exception { handler: *handler, irqs_on: *irqs_on, context: self.context(renaming, context) }
    }

    fn running(&self, renaming: &Renaming, running: &Running) -> Running {
        let Running { handler, sender, context } = running;
        let context = self.context(renaming, context);
        Running { handler: *handler, sender: renaming.of(*sender), context }
    }

    fn intruder(&self, renaming: &Renaming, intruder: &Intruder) -> Intruder {
        let Intruder { handler, context } = intruder;
        Intruder { handler: *handler, context: self.context(renaming, context) }
    }

    /// A context at the same operation. Which registers name CPUs depends on the operation.
    fn context(&self, renaming: &Renaming, context: &Context) -> Context {
        let Context { pc, regs } = context;
        let kinds = self.kinds.as_ref().map_or(&[][..], |kinds| kinds.at(usize::from(*pc)));
        let mut regs = regs.clone();
        for (register, kind) in regs.iter_mut().zip(kinds) {
            *register = match kind {
                Holds::Cpu => renaming.word(*register),
                Holds::Set => renaming.set(*register),
                Holds::Nothing | Holds::Literal { .. } | Holds::Plain | Holds::Mixed => *register,
            };
        }
        Context { pc: *pc, regs }
    }

    /// The operation of thread `to` that is the same as the operation at `pc` of thread `from`, which is in its class.
    fn pc(&self, from: u8, to: u8, pc: Pc) -> Pc {
        let in_first = match self.code[usize::from(from)].as_slice() {
            [] => pc,
            code => code.iter().find(|pair| pair.1 == pc).map_or(pc, |pair| pair.0),
        };
        match self.code[usize::from(to)].as_slice() {
            [] => in_first,
            code => code.iter().find(|pair| pair.0 == in_first).map_or(in_first, |pair| pair.1),
        }
    }
}

// The rest names no CPU. Each field is listed all the same.

/// Memory is the same under all names.
fn memory(Memory { frames, pops }: &Memory) -> Memory {
    let owner = |owner: Owner| match owner {
        Owner::Free | Owner::Data | Owner::User { mm: _ } | Owner::Table { mm: _, level: _ } => owner,
    };
    Memory {
        frames: frames.iter().map(|frame| frame.map(owner, |_, word| word)).collect(),
        pops: pops.clone(),
    }
}

/// What a CPU's walkers depend on is the same under all names.
fn hardware(Cpu { cr3, guest, tlb, psc }: &Cpu) -> Cpu {
    let Cr3 { root, pcid, provenance } = *cr3;
    let translation = |entry: &TlbEntry| {
        let TlbEntry { pcid, level, page, pfn, rights, dirty, global, memory_type, provenance, ghost, space } =
            *entry;
        let ghost = observed(ghost);
        TlbEntry { pcid, level, page, pfn, rights, dirty, global, memory_type, provenance, ghost, space }
    };
    let table = |entry: &PscEntry| {
        let PscEntry { pcid, level, tag, table, rights, memory_type, provenance, ghost, space } = *entry;
        let ghost = observed(ghost);
        PscEntry { pcid, level, tag, table, rights, memory_type, provenance, ghost, space }
    };
    Cpu {
        cr3: Cr3 { root, pcid, provenance },
        // Its tags and its root name no CPU.
        guest: guest.map(|Guest { vpid, root, ept, provenance }| Guest { vpid, root, ept, provenance }),
        tlb: tlb.iter().map(translation).collect(),
        psc: psc.iter().map(table).collect(),
    }
}

/// What an entry records for claims names an address space and a frame, but no CPU.
fn observed(Ghost { space, outdated, gfn }: Ghost) -> Ghost {
    Ghost { space, outdated, gfn }
}

/// A mode names an address space, and no CPU.
fn mode(mode: Mode) -> Mode {
    match mode {
        Mode::Idle | Mode::Kthread | Mode::User(_) | Mode::Kernel(_) | Mode::Entered(_) => mode,
    }
}

/// How many instances of a variable there are.
pub(crate) fn owners(program: &Program, scope: Scope) -> u16 {
    match scope {
        Scope::Global => 1,
        Scope::PerMm => u16::try_from(program.mms.len()).expect("there are at most MAX_MMS"),
        Scope::PerCpu => program.machine.cpus.into(),
    }
}

/// The variable that a cell belongs to.
fn variable_of(program: &Program, cell: u16) -> Option<&Variable> {
    program.variables.iter().find(|variable| {
        (variable.base..variable.base + owners(program, variable.scope) * variable.len).contains(&cell)
    })
}
