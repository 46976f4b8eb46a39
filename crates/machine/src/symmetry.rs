//! CPUs that may change places.
//!
//! Two CPUs are interchangeable if they run the same code from the same beginning, and nothing in the program tells
//! them apart (`kinds.rs`). Then for every state there is one in which they have changed places, with the same future
//! but for the names, so that a search need look at one of the two only. Frames and address spaces are no candidates:
//! any word of memory may be read as an entry (H1), so the number of a frame is data, and so is where an address
//! space's tables lie.

use crate::kinds::{Kind, Kinds};
use crate::{Context, CpuState, Ipi, Loc, Machine, RcuFrame, Sent, State};
use lang::program::{Op, Pc, Program, Scope, Type};

/// The most ways of changing places that a search tries.
const MOST: usize = 23;

/// With more CPUs, all are told apart: their numbers don't fit into a key side by side, so that looking for images would
/// take longer than it saves, and no search gets to its end.
const MOST_CPUS: u8 = 10;

/// Which CPUs of a machine may change places.
#[derive(Clone, Debug, Default)]
pub(crate) struct Symmetry {
    /// Classes of two or more, as sets.
    classes: Vec<u64>,
    /// Where each CPU goes, for each way of changing places but the one that leaves all as it is.
    ways: Vec<Vec<u8>>,
    kinds: Option<Kinds>,
    /// For each CPU that may change places: each operation of its thread, beside that of the first in its class.
    code: Vec<Vec<(Pc, Pc)>>,
}

impl Symmetry {
    /// Finds out. The machine has none yet.
    pub(crate) fn new(machine: &Machine) -> Symmetry {
        let (program, cpus) = (&machine.program, machine.program.machine.cpus);
        if cpus > MOST_CPUS {
            return Symmetry::default();
        }
        let mut symmetry = Symmetry { code: vec![Vec::new(); cpus.into()], ..Symmetry::default() };
        let mut first_of: Vec<u8> = (0..cpus).collect();
        for cpu in 0..cpus {
            for first in 0..cpu {
                if first_of[usize::from(first)] != first || first_of[usize::from(cpu)] != cpu {
                    continue;
                }
                if let Some(code) = same_code(machine, first, cpu) {
                    first_of[usize::from(cpu)] = first;
                    symmetry.code[usize::from(cpu)] = code;
                }
            }
        }
        let set = |first: u8| {
            let class = (0..cpus).filter(|&cpu| first_of[usize::from(cpu)] == first);
            class.fold(0u64, |set, cpu| set | 1 << cpu)
        };
        symmetry.classes = (0..cpus).map(set).filter(|set| set.count_ones() > 1).collect();
        let Ok(kinds) = Kinds::new(program, &symmetry.classes) else { return Symmetry::default() };
        symmetry.kinds = Some(kinds);
        // They must begin alike, too.
        let alike = |one: u8, other: u8| {
            let mut swap: Vec<u8> = (0..cpus).collect();
            swap.swap(one.into(), other.into());
            symmetry.mirror(program, &swap, &machine.initial) == machine.initial
        };
        let mut classes: Vec<u64> = Vec::new();
        for cpu in (0..cpus).filter(|cpu| symmetry.classes.iter().any(|class| class >> cpu & 1 == 1)) {
            let with = classes.iter_mut().find(|class| {
                let first = class.trailing_zeros() as u8;
                first_of[usize::from(first)] == first_of[usize::from(cpu)] && alike(first, cpu)
            });
            match with {
                Some(class) => *class |= 1 << cpu,
                None => classes.push(1 << cpu),
            }
        }
        symmetry.classes = classes;
        symmetry.classes.retain(|class| class.count_ones() > 1);
        symmetry.ways = ways(&symmetry.classes, cpus);
        symmetry
    }

    /// The classes.
    pub(crate) fn classes(&self) -> &[u64] {
        &self.classes
    }

    /// Ways of changing places.
    pub(crate) fn ways(&self) -> &[Vec<u8>] {
        &self.ways
    }

    /// A state in which every CPU is where `way` sends it.
    pub(crate) fn mirror(&self, program: &Program, way: &[u8], state: &State) -> State {
        let mut after = state.clone();
        for variable in &program.variables {
            for cell in variable.base..variable.base + owners(program, variable.scope) * variable.len {
                let value = value(way, variable.ty, state.cells[usize::from(cell)]);
                after.cells[usize::from(mirror_cell(program, way, cell))] = value;
            }
        }
        for (cpu, this) in state.cpus.iter().enumerate() {
            after.cpus[usize::from(way[cpu])] = self.mirror_cpu(program, way, cpu as u8, this);
        }
        after.rcu = state
            .rcu
            .iter()
            .map(|waiting| RcuFrame { waiting: set(way, waiting.waiting), ..waiting.clone() })
            .collect();
        after
    }

    fn mirror_cpu(&self, program: &Program, way: &[u8], cpu: u8, this: &CpuState) -> CpuState {
        let to = way[usize::from(cpu)];
        let mut after = this.clone();
        after.task = self.context(way, &this.task);
        after.task.pc = self.pc(cpu, to, this.task.pc);
        if let (Some(after), Some(running)) = (&mut after.handler, &this.handler) {
            after.sender = way[usize::from(running.sender)];
            after.context = self.context(way, &running.context);
        }
        if let (Some(after), Some(intruder)) = (&mut after.intruder, &this.intruder) {
            after.context = self.context(way, &intruder.context);
        }
        after.pending = this
            .pending
            .iter()
            .map(|ipi| {
                let params = &program.handlers[usize::from(ipi.handler)].params;
                let args = ipi.args.iter().zip(params).map(|(&arg, param)| value(way, param.1, arg));
                Ipi { sender: way[usize::from(ipi.sender)], args: args.collect(), ..ipi.clone() }
            })
            .collect();
        after.broadcasts = this
            .broadcasts
            .iter()
            .map(|sent| Sent { sender: way[usize::from(sent.sender)], ..*sent })
            .collect();
        after.buffer = x86::StoreBuffer::default();
        for &(loc, stored) in this.buffer.stores() {
            match loc {
                Loc::Cell(cell) => {
                    let ty = variable_of(program, cell).map_or(Type::Int, |variable| variable.ty);
                    after.buffer.push(Loc::Cell(mirror_cell(program, way, cell)), value(way, ty, stored));
                }
                Loc::Word(..) => after.buffer.push(loc, stored),
            }
        }
        after
    }

    /// A context whose registers name the CPUs anew.
    fn context(&self, way: &[u8], context: &Context) -> Context {
        let kinds = self.kinds.as_ref().map_or(&[][..], |kinds| kinds.at(context.pc));
        let mut after = context.clone();
        for (register, kind) in after.regs.iter_mut().zip(kinds) {
            *register = match kind {
                Kind::Cpu => one(way, *register),
                Kind::Set => set(way, *register),
                _ => *register,
            };
        }
        after
    }

    /// Where a thread's operation stands in the thread of another CPU of the class.
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

/// How many instances of a variable there are.
fn owners(program: &Program, scope: Scope) -> u16 {
    match scope {
        Scope::Global => 1,
        Scope::PerMm => program.mms.len() as u16,
        Scope::PerCpu => program.machine.cpus.into(),
    }
}

fn variable_of(program: &Program, cell: u16) -> Option<&lang::program::Variable> {
    program.variables.iter().find(|variable| {
        (variable.base..variable.base + owners(program, variable.scope) * variable.len).contains(&cell)
    })
}

/// The cell that stands for another CPU what a cell stands for its own.
fn mirror_cell(program: &Program, way: &[u8], cell: u16) -> u16 {
    match variable_of(program, cell) {
        Some(variable) if variable.scope == Scope::PerCpu => {
            let (owner, element) =
                ((cell - variable.base) / variable.len, (cell - variable.base) % variable.len);
            variable.base + u16::from(way[usize::from(owner)]) * variable.len + element
        }
        _ => cell,
    }
}

fn value(way: &[u8], ty: Type, value: u64) -> u64 {
    match ty {
        Type::Cpu => one(way, value),
        Type::Cpus => set(way, value),
        Type::Int | Type::Bool | Type::Mm | Type::Frame | Type::Pte | Type::Va => value,
    }
}

fn one(way: &[u8], cpu: u64) -> u64 {
    usize::try_from(cpu).ok().and_then(|cpu| way.get(cpu)).map_or(cpu, |&cpu| cpu.into())
}

fn set(way: &[u8], set: u64) -> u64 {
    let beyond = set >> way.len() << way.len();
    let members = way.iter().enumerate().filter(|(cpu, _)| set >> cpu & 1 == 1);
    members.fold(beyond, |set, (_, &to)| set | 1 << to)
}

/// Pairs up the operations of two CPUs' threads, if they are the same.
fn same_code(machine: &Machine, first: u8, second: u8) -> Option<Vec<(Pc, Pc)>> {
    let program = &machine.program;
    let of = |counts: &[u8], cpu: u8| counts.get(usize::from(cpu)).copied().unwrap_or_default();
    if of(&program.nmis, first) != of(&program.nmis, second)
        || of(&program.vmexits, first) != of(&program.vmexits, second)
    {
        return None;
    }
    let start = |cpu: u8| machine.initial.cpus[usize::from(cpu)].task.pc;
    let mut pairs: Vec<(Pc, Pc)> = Vec::new();
    let mut todo = vec![(start(first), start(second))];
    while let Some((a, b)) = todo.pop() {
        match pairs.iter().find(|pair| pair.0 == a || pair.1 == b) {
            Some(&pair) if pair == (a, b) => continue,
            Some(_) => return None,
            None => pairs.insert(pairs.partition_point(|pair| *pair < (a, b)), (a, b)),
        }
        match (program.code.get(usize::from(a))?, program.code.get(usize::from(b))?) {
            (Op::Jump(a), Op::Jump(b)) => todo.push((*a, *b)),
            (Op::JumpIfZero { cond: x, target: c }, Op::JumpIfZero { cond: y, target: d }) if x == y => {
                todo.extend([(*c, *d), (a + 1, b + 1)]);
            }
            (Op::Halt, Op::Halt) => {}
            (one, other) if one == other && !matches!(one, Op::Jump(_) | Op::JumpIfZero { .. }) => {
                todo.push((a + 1, b + 1));
            }
            _ => return None,
        }
    }
    Some(pairs)
}

/// All ways in which the members of each class change places, but the one in which nobody does; the first of them, if
/// there are too many.
fn ways(classes: &[u64], cpus: u8) -> Vec<Vec<u8>> {
    let mut ways: Vec<Vec<u8>> = vec![(0..cpus).collect()];
    for class in classes {
        let members: Vec<usize> = (0..cpus.into()).filter(|cpu| class >> cpu & 1 == 1).collect();
        // Each member in turn is put into each place that is left.
        for at in 1..members.len() {
            let more: Vec<Vec<u8>> = ways
                .iter()
                .flat_map(|way| {
                    (0..at).map(|with| {
                        let mut other = way.clone();
                        other.swap(members[at], members[with]);
                        other
                    })
                })
                .collect();
            ways.extend(more);
            if ways.len() > MOST {
                break;
            }
        }
    }
    ways.remove(0);
    ways.truncate(MOST);
    ways
}
