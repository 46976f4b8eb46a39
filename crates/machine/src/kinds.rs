//! Which registers hold CPUs, and which hold sets of CPUs.
//!
//! When two interchangeable CPUs are exchanged, every value that names one must name the other. Values in a program are
//! bare numbers. This file infers their meaning from the variables that they come from and the operations that they go
//! through. A text may use a CPU as a number: compare two of them for order, name one by its number, go through a set
//! one by one. Then the numbers matter, and no CPUs are interchangeable.

use lang::effects::{Effects, Gives, Role, Sends, Waits};
use lang::program::{Bin, Operand, Place, Program, Scope, Type};

/// What a register holds at some place of a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Holds {
    /// Nothing that is read.
    Nothing,
    /// A number that the text names; whether it may stand for a set of CPUs, and whether for a CPU.
    Literal { set: bool, cpu: bool },
    /// Anything but CPUs.
    Plain,
    /// A CPU.
    Cpu,
    /// A set of CPUs.
    Set,
    /// One thing or another, depending on the path that led here.
    Mixed,
}

impl Holds {
    fn of(ty: Type) -> Holds {
        match ty {
            Type::Cpu => Holds::Cpu,
            Type::Cpus => Holds::Set,
            Type::Int | Type::Bool | Type::Mm | Type::Frame | Type::Pte | Type::Va | Type::Task => {
                Holds::Plain
            }
        }
    }

    /// Where two paths meet.
    fn join(self, other: Holds) -> Holds {
        use Holds::{Literal, Mixed, Nothing};
        match (self, other) {
            (Nothing, kind) | (kind, Nothing) => kind,
            (Literal { set: a, cpu: b }, Literal { set: c, cpu: d }) => Literal { set: a && c, cpu: b && d },
            (literal @ Literal { .. }, kind) | (kind, literal @ Literal { .. }) if literal.may_be(kind) => {
                kind
            }
            (one, other) if one == other => one,
            _ => Mixed,
        }
    }

    /// Whether it may be used as such a value.
    fn may_be(self, wanted: Holds) -> bool {
        match self {
            Holds::Nothing => true,
            Holds::Literal { set, cpu } => match wanted {
                Holds::Set => set,
                Holds::Cpu => cpu,
                Holds::Plain => true,
                _ => false,
            },
            kind => kind == wanted,
        }
    }
}

/// The kinds of all registers at each operation of a program.
#[derive(Clone, Debug)]
pub(crate) struct Kinds {
    /// `None` for operations that are never reached.
    registers: Vec<Option<Vec<Holds>>>,
}

/// A use of a CPU's number as a number: no CPUs are interchangeable.
#[derive(Debug)]
pub(crate) struct Numbered;

impl Kinds {
    /// Finds them. `classes` are sets of CPUs that run the same code.
    pub(crate) fn new(program: &Program, effects: &[Effects], classes: &[u64]) -> Result<Kinds, Numbered> {
        let mut kinds = Kinds { registers: vec![None; program.code.len()] };
        let mut todo = Vec::new();
        for thread in &program.threads {
            kinds.reach(thread.entry.into(), vec![Holds::Nothing; thread.regs.into()], &mut todo);
        }
        for handler in &program.handlers {
            let mut registers = vec![Holds::Nothing; handler.regs.into()];
            for (register, param) in registers.iter_mut().zip(&handler.params) {
                *register = Holds::of(param.1);
            }
            kinds.reach(handler.entry.into(), registers, &mut todo);
        }
        while let Some(pc) = todo.pop() {
            let row = &effects[pc];
            let mut after = kinds.at(pc).to_vec();
            if let Some((register, kind)) = (At { program, classes, registers: kinds.at(pc) }).check(row)? {
                after[usize::from(register)] = kind;
            }
            for next in row.flow.successors(pc) {
                kinds.reach(next, after.clone(), &mut todo);
            }
        }
        for (registers, live) in kinds.registers.iter().zip(&program.live) {
            let mixed = |(n, kind): (usize, &Holds)| live >> n & 1 == 1 && *kind == Holds::Mixed;
            if registers.iter().flatten().enumerate().any(mixed) {
                return Err(Numbered);
            }
        }
        Ok(kinds)
    }

    /// The kinds at an operation.
    pub(crate) fn at(&self, pc: usize) -> &[Holds] {
        self.registers.get(pc).and_then(Option::as_deref).unwrap_or_default()
    }

    /// An operation is reached with these registers.
    fn reach(&mut self, pc: usize, registers: Vec<Holds>, todo: &mut Vec<usize>) {
        let Some(known) = self.registers.get_mut(pc) else { return };
        let Some(known) = known else {
            *known = Some(registers);
            todo.push(pc);
            return;
        };
        let mut changed = false;
        for (known, new) in known.iter_mut().zip(registers) {
            let joined = known.join(new);
            changed |= joined != *known;
            *known = joined;
        }
        if changed {
            todo.push(pc);
        }
    }
}

/// An operation about to run.
struct At<'a> {
    program: &'a Program,
    classes: &'a [u64],
    registers: &'a [Holds],
}

impl At<'_> {
    fn kind(&self, operand: Operand) -> Holds {
        match operand {
            Operand::Reg(register) => self.registers[usize::from(register)],
            Operand::ThisCpu => Holds::Cpu,
            Operand::Const(value) => Holds::Literal {
                set: self.classes.iter().all(|class| value & class == 0 || value & class == *class),
                cpu: self.classes.iter().all(|class| value >= 64 || class >> value & 1 == 0),
            },
        }
    }

    fn want(&self, operand: Operand, kind: Holds) -> Result<(), Numbered> {
        if self.kind(operand).may_be(kind) { Ok(()) } else { Err(Numbered) }
    }

    fn plain<const N: usize>(&self, operands: [Operand; N]) -> Result<(), Numbered> {
        operands.into_iter().try_for_each(|operand| self.want(operand, Holds::Plain))
    }

    /// What a place holds.
    fn place(&self, place: &Place) -> Result<Holds, Numbered> {
        match *place {
            Place::Cell { var, owner, index } => {
                let variable = &self.program.variables[usize::from(var)];
                match variable.scope {
                    Scope::PerCpu => self.want(owner, Holds::Cpu)?,
                    Scope::PerMm => self.want(owner, Holds::Plain)?,
                    Scope::Global => {}
                }
                self.want(index, Holds::Plain)?;
                Ok(Holds::of(variable.ty))
            }
            Place::Entry { mm, va, .. } => self.plain([mm, va]).map(|()| Holds::Plain),
            Place::Word { frame, index } => self.plain([frame, index]).map(|()| Holds::Plain),
        }
    }

    /// The kind of `a op b`.
    fn bin(&self, op: Bin, a: Holds, b: Holds, one: bool) -> Result<Holds, Numbered> {
        let both = |kind: Holds| a.may_be(kind) && b.may_be(kind);
        let named = |kind: Holds| a == kind || b == kind;
        match op {
            Bin::Shl if one && b == Holds::Cpu => Ok(Holds::Set),
            Bin::In if a.may_be(Holds::Cpu) && b.may_be(Holds::Set) => Ok(Holds::Plain),
            Bin::And | Bin::Or | Bin::Xor | Bin::AndNot if named(Holds::Set) && both(Holds::Set) => {
                Ok(Holds::Set)
            }
            Bin::Disjoint | Bin::Weight if both(Holds::Set) => Ok(Holds::Plain),
            Bin::Disjoint | Bin::Eq | Bin::Ne if both(Holds::Set) || both(Holds::Cpu) => Ok(Holds::Plain),
            _ if both(Holds::Plain) => Ok(Holds::Plain),
            _ => Err(Numbered),
        }
    }

    /// Makes sure that CPUs are used as CPUs; what the operation writes.
    fn check(&self, row: &Effects) -> Result<Option<(u8, Holds)>, Numbered> {
        let held = row.place.map(|(place, _)| self.place(&place)).transpose()?;
        for &(operand, role) in &row.reads {
            match role {
                Role::Plain | Role::Mm => self.want(operand, Holds::Plain)?,
                Role::Cpus => self.want(operand, Holds::Set)?,
                Role::Truth if self.kind(operand) == Holds::Set => {}
                Role::Truth => self.want(operand, Holds::Plain)?,
                Role::Held => self.want(operand, held.unwrap_or(Holds::Plain))?,
                Role::Argument(n) => self.want(operand, self.parameter(row, n))?,
                // `computed` looks at these.
                Role::Any | Role::Operand => {}
            }
        }
        let computed = self.computed(row, held)?;
        if row.waits == Waits::Lock && held != Some(Holds::Plain) {
            return Err(Numbered);
        }
        let Some((register, gives)) = row.result else { return Ok(None) };
        let kind = match gives {
            Gives::Plain => Holds::Plain,
            Gives::Read => row.reads.first().map_or(Holds::Plain, |read| self.kind(read.0)),
            Gives::Computed => computed,
            Gives::Held | Gives::Before | Gives::After => held.unwrap_or(Holds::Plain),
        };
        Ok(Some((register, kind)))
    }

    /// What the operation's function gives, if it has one.
    fn computed(&self, row: &Effects, held: Option<Holds>) -> Result<Holds, Numbered> {
        let Some(function) = row.function else { return Ok(Holds::Nothing) };
        let mut kinds = held.into_iter().chain(row.reads.iter().map(|read| self.kind(read.0)));
        let (a, b) = (kinds.next().unwrap_or(Holds::Nothing), kinds.next().unwrap_or(Holds::Nothing));
        let one = held.is_none() && row.reads.first().is_some_and(|read| read.0 == Operand::Const(1));
        match row.waits {
            // Either side of the comparison may be the set.
            Waits::Condition => self.bin(function, a, b, false).or_else(|_| self.bin(function, b, a, false)),
            Waits::Never
            | Waits::Room
            | Waits::Frame
            | Waits::Lock
            | Waits::Broadcasts
            | Waits::Commands
            | Waits::Ipis
            | Waits::Ended => self.bin(function, a, b, one),
        }
    }

    /// What a parameter of the handler that is sent holds.
    fn parameter(&self, row: &Effects, n: u8) -> Holds {
        let handler = match row.sends {
            Some(Sends::Ipis(handler)) => self.program.handlers.get(usize::from(handler)),
            Some(Sends::Broadcasts | Sends::RcuFrames) | None => None,
        };
        let parameter = handler.and_then(|handler| handler.params.get(usize::from(n)));
        parameter.map_or(Holds::Plain, |parameter| Holds::of(parameter.1))
    }
}
