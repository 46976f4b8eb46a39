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
pub(crate) enum Kind {
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

impl Kind {
    fn of(ty: Type) -> Kind {
        match ty {
            Type::Cpu => Kind::Cpu,
            Type::Cpus => Kind::Set,
            Type::Int | Type::Bool | Type::Mm | Type::Frame | Type::Pte | Type::Va | Type::Task => {
                Kind::Plain
            }
        }
    }

    /// Where two paths meet.
    fn join(self, other: Kind) -> Kind {
        use Kind::{Literal, Mixed, Nothing};
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
    fn may_be(self, wanted: Kind) -> bool {
        match self {
            Kind::Nothing => true,
            Kind::Literal { set, cpu } => match wanted {
                Kind::Set => set,
                Kind::Cpu => cpu,
                Kind::Plain => true,
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
    registers: Vec<Option<Vec<Kind>>>,
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
            kinds.reach(thread.entry.into(), vec![Kind::Nothing; thread.regs.into()], &mut todo);
        }
        for handler in &program.handlers {
            let mut registers = vec![Kind::Nothing; handler.regs.into()];
            for (register, param) in registers.iter_mut().zip(&handler.params) {
                *register = Kind::of(param.1);
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
            let mixed = |(n, kind): (usize, &Kind)| live >> n & 1 == 1 && *kind == Kind::Mixed;
            if registers.iter().flatten().enumerate().any(mixed) {
                return Err(Numbered);
            }
        }
        Ok(kinds)
    }

    /// The kinds at an operation.
    pub(crate) fn at(&self, pc: usize) -> &[Kind] {
        self.registers.get(pc).and_then(Option::as_deref).unwrap_or_default()
    }

    /// An operation is reached with these registers.
    fn reach(&mut self, pc: usize, registers: Vec<Kind>, todo: &mut Vec<usize>) {
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
    registers: &'a [Kind],
}

impl At<'_> {
    fn kind(&self, operand: Operand) -> Kind {
        match operand {
            Operand::Reg(register) => self.registers[usize::from(register)],
            Operand::ThisCpu => Kind::Cpu,
            Operand::Const(value) => Kind::Literal {
                set: self.classes.iter().all(|class| value & class == 0 || value & class == *class),
                cpu: self.classes.iter().all(|class| value >= 64 || class >> value & 1 == 0),
            },
        }
    }

    fn want(&self, operand: Operand, kind: Kind) -> Result<(), Numbered> {
        if self.kind(operand).may_be(kind) { Ok(()) } else { Err(Numbered) }
    }

    fn plain<const N: usize>(&self, operands: [Operand; N]) -> Result<(), Numbered> {
        operands.into_iter().try_for_each(|operand| self.want(operand, Kind::Plain))
    }

    /// What a place holds.
    fn place(&self, place: &Place) -> Result<Kind, Numbered> {
        match *place {
            Place::Cell { var, owner, index } => {
                let variable = &self.program.variables[usize::from(var)];
                match variable.scope {
                    Scope::PerCpu => self.want(owner, Kind::Cpu)?,
                    Scope::PerMm => self.want(owner, Kind::Plain)?,
                    Scope::Global => {}
                }
                self.want(index, Kind::Plain)?;
                Ok(Kind::of(variable.ty))
            }
            Place::Entry { mm, va, .. } => self.plain([mm, va]).map(|()| Kind::Plain),
            Place::Word { frame, index } => self.plain([frame, index]).map(|()| Kind::Plain),
        }
    }

    /// The kind of `a op b`.
    fn bin(&self, op: Bin, a: Kind, b: Kind, one: bool) -> Result<Kind, Numbered> {
        let both = |kind: Kind| a.may_be(kind) && b.may_be(kind);
        let named = |kind: Kind| a == kind || b == kind;
        match op {
            Bin::Shl if one && b == Kind::Cpu => Ok(Kind::Set),
            Bin::In if a.may_be(Kind::Cpu) && b.may_be(Kind::Set) => Ok(Kind::Plain),
            Bin::And | Bin::Or | Bin::Xor | Bin::AndNot if named(Kind::Set) && both(Kind::Set) => {
                Ok(Kind::Set)
            }
            Bin::Disjoint | Bin::Weight if both(Kind::Set) => Ok(Kind::Plain),
            Bin::Disjoint | Bin::Eq | Bin::Ne if both(Kind::Set) || both(Kind::Cpu) => Ok(Kind::Plain),
            _ if both(Kind::Plain) => Ok(Kind::Plain),
            _ => Err(Numbered),
        }
    }

    /// Makes sure that CPUs are used as CPUs; what the operation writes.
    fn check(&self, row: &Effects) -> Result<Option<(u8, Kind)>, Numbered> {
        let held = row.place.map(|(place, _)| self.place(&place)).transpose()?;
        for &(operand, role) in &row.reads {
            match role {
                Role::Plain | Role::Mm => self.want(operand, Kind::Plain)?,
                Role::Cpus => self.want(operand, Kind::Set)?,
                Role::Truth if self.kind(operand) == Kind::Set => {}
                Role::Truth => self.want(operand, Kind::Plain)?,
                Role::Held => self.want(operand, held.unwrap_or(Kind::Plain))?,
                Role::Argument(n) => self.want(operand, self.parameter(row, n))?,
                // `computed` looks at these.
                Role::Any | Role::Operand => {}
            }
        }
        let computed = self.computed(row, held)?;
        if row.waits == Waits::Lock && held != Some(Kind::Plain) {
            return Err(Numbered);
        }
        let Some((register, gives)) = row.result else { return Ok(None) };
        let kind = match gives {
            Gives::Plain => Kind::Plain,
            Gives::Read => row.reads.first().map_or(Kind::Plain, |read| self.kind(read.0)),
            Gives::Computed => computed,
            Gives::Held | Gives::Before | Gives::After => held.unwrap_or(Kind::Plain),
        };
        Ok(Some((register, kind)))
    }

    /// What the operation's function gives, if it has one.
    fn computed(&self, row: &Effects, held: Option<Kind>) -> Result<Kind, Numbered> {
        let Some(function) = row.function else { return Ok(Kind::Nothing) };
        let mut kinds = held.into_iter().chain(row.reads.iter().map(|read| self.kind(read.0)));
        let (a, b) = (kinds.next().unwrap_or(Kind::Nothing), kinds.next().unwrap_or(Kind::Nothing));
        let one = held.is_none() && row.reads.first().is_some_and(|read| read.0 == Operand::Const(1));
        match row.waits {
            // Either side of the comparison may be the set.
            Waits::Condition => self.bin(function, a, b, false).or_else(|_| self.bin(function, b, a, false)),
            Waits::Never
            | Waits::Room
            | Waits::Frame
            | Waits::Lock
            | Waits::Broadcasts
            | Waits::Ipis
            | Waits::Ended => self.bin(function, a, b, one),
        }
    }

    /// What a parameter of the handler that is sent holds.
    fn parameter(&self, row: &Effects, n: u8) -> Kind {
        let handler = match row.sends {
            Some(Sends::Ipis(handler)) => self.program.handlers.get(usize::from(handler)),
            Some(Sends::Broadcasts | Sends::RcuFrames) | None => None,
        };
        let parameter = handler.and_then(|handler| handler.params.get(usize::from(n)));
        parameter.map_or(Kind::Plain, |parameter| Kind::of(parameter.1))
    }
}
