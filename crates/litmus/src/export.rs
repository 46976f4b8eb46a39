//! From a scenario to a test that litmus7 and herd read, if a test can express the scenario.
//!
//! The compiled program is written, not the text: calls are inlined and options decided. A test for herd has locations,
//! registers and a few instructions, and no address spaces: everything else in the program is refused with a message.

use explore::System;
use lang::program::{
    Bin, Finale, Leaf, Op, Operand, Pc, Place, Program, Quantifier, Reg, Rmw, RmwResult, Scope, Term, Thread,
};
use machine::{Machine, State};
use std::fmt::Write;

/// Registers of x86 that a block's values may take, as 64 and as 32 bits.
const REGISTERS: [(&str, &str); 14] = [
    ("rax", "eax"),
    ("rbx", "ebx"),
    ("rcx", "ecx"),
    ("rdx", "edx"),
    ("rsi", "esi"),
    ("rdi", "edi"),
    ("r8", "r8d"),
    ("r9", "r9d"),
    ("r10", "r10d"),
    ("r11", "r11d"),
    ("r12", "r12d"),
    ("r13", "r13d"),
    ("r14", "r14d"),
    ("r15", "r15d"),
];

/// A test for X86_64 that asks what the scenario asks.
///
/// # Errors
/// What a litmus test can't say, in words.
pub fn export(machine: &Machine) -> Result<String, String> {
    let program = machine.program();
    let Some(finale) = &program.finale else {
        return Err("the scenario has no exists, ~exists or forall for the test to end with".to_owned());
    };
    let quantifier = finale.quantifier.ok_or("this case has no exists, ~exists or forall of its own")?;
    if program.nmis.iter().chain(&program.vmexits).any(|&count| count > 0) {
        return Err("a litmus test has no NMIs and no host".to_owned());
    }
    let initial = machine.initial();
    let mut columns = Vec::new();
    for (n, thread) in program.threads.iter().enumerate() {
        if usize::from(thread.cpu) != n {
            return Err(
                "its processors would have other numbers: blocks have to begin with CPU 0, without a gap"
                    .to_owned(),
            );
        }
        let mut column = Column::new(program, finale, thread)?;
        // What runs before the first visible operation has run already.
        column.run(&initial)?;
        columns.push(column);
    }
    let mut out = format!("X86_64 {}\n", name(&program.name));
    out.push_str("\"written by TLBscope\"\n{\n");
    for (cell, &value) in initial.cells.iter().enumerate() {
        if value != 0 {
            let variable = program.variables.iter().find(|variable| usize::from(variable.base) == cell);
            let variable = variable.ok_or("a variable that is an array, or has more than one owner")?;
            let _ = writeln!(out, "{}={};", variable.name, small(value)?);
        }
    }
    for (n, column) in columns.iter().enumerate() {
        for (reg, value) in &column.start {
            let _ = writeln!(out, "{n}:{}={};", column.quad(*reg)?, small(*value)?);
        }
    }
    out.push_str("}\n");
    table(&mut out, &columns);
    let condition = Condition { finale, columns: &columns };
    let mut observed = Vec::new();
    for seen in &finale.observed {
        observed.push(condition.leaf(seen.leaf)?.trim_matches(['[', ']']).to_owned());
    }
    let _ = writeln!(out, "locations [{};]", observed.join("; "));
    if let Some(filter) = &finale.filter {
        let _ = writeln!(out, "filter ({})", condition.term(filter)?);
    }
    let word = match quantifier {
        Quantifier::Exists => "exists",
        Quantifier::NotExists => "~exists",
        Quantifier::Forall => "forall",
    };
    let _ = writeln!(out, "{word} ({})", condition.term(&finale.condition)?);
    Ok(out)
}

/// A name of a test: no blanks.
fn name(of: &str) -> String {
    let harmless = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '_' | '.');
    let name: String = of.chars().map(|c| if harmless(c) { c } else { '-' }).collect();
    if name.is_empty() { "test".to_owned() } else { name }
}

/// A number that 32 bits hold, whichever way they are read.
fn small(value: u64) -> Result<u64, String> {
    match value {
        0..=0x7fff_ffff => Ok(value),
        _ => Err(format!("the number {value}: only those below 2147483648 mean the same in a test")),
    }
}

fn table(out: &mut String, columns: &[Column<'_>]) {
    let heads: Vec<String> = (0..columns.len()).map(|n| format!("P{n}")).collect();
    let rows = columns.iter().map(|column| column.lines.len()).max().unwrap_or(0);
    let cell = |n: usize, row: usize| match row.checked_sub(1) {
        None => heads[n].as_str(),
        Some(row) => columns[n].lines.get(row).map_or("", String::as_str),
    };
    let width = |n: usize| (0..=rows).map(|row| cell(n, row).len()).max().unwrap_or(0);
    for row in 0..=rows {
        let cells: Vec<String> =
            (0..columns.len()).map(|n| format!("{:<width$}", cell(n, row), width = width(n))).collect();
        let _ = writeln!(out, " {} ;", cells.join(" | "));
    }
}

/// A processor's column.
struct Column<'a> {
    program: &'a Program,
    thread: &'a Thread,
    /// For each register of the program, the number of one of x86's.
    names: Vec<Option<usize>>,
    /// Registers that do not start as 0.
    start: Vec<(Reg, u64)>,
    lines: Vec<String>,
}

impl<'a> Column<'a> {
    fn new(program: &'a Program, finale: &Finale, thread: &'a Thread) -> Result<Column<'a>, String> {
        let mut names = vec![None; usize::from(thread.regs)];
        // Locals that are called like registers are these registers.
        for observed in &finale.observed {
            let Leaf::Local { cpu, reg } = observed.leaf else { continue };
            let word = observed.name.rsplit(':').next().unwrap_or("").to_ascii_lowercase();
            let same = REGISTERS.iter().position(|known| known.0 == word || known.1 == word);
            if cpu == thread.cpu && same.is_some() && !names.contains(&same) {
                names[usize::from(reg)] = same;
            }
        }
        for reg in 0..names.len() {
            if names[reg].is_none() {
                names[reg] = (0..REGISTERS.len()).find(|n| !names.contains(&Some(*n)));
            }
        }
        Ok(Column { program, thread, names, start: Vec::new(), lines: Vec::new() })
    }

    fn register(&self, reg: Reg) -> Result<(&'static str, &'static str), String> {
        let known = self.names.get(usize::from(reg)).copied().flatten();
        known.map(|n| REGISTERS[n]).ok_or_else(|| "more than 14 values in one block".to_owned())
    }

    fn quad(&self, reg: Reg) -> Result<&'static str, String> {
        Ok(self.register(reg)?.0)
    }

    fn long(&self, reg: Reg) -> Result<String, String> {
        Ok(format!("%{}", self.register(reg)?.1))
    }

    fn value(&self, operand: Operand) -> Result<String, String> {
        match operand {
            Operand::Const(value) => Ok(format!("${}", small(value)?)),
            Operand::Reg(reg) => self.long(reg),
            Operand::ThisCpu => Err("the number of the CPU is a value in it".to_owned()),
        }
    }

    fn place(&self, place: Place) -> Result<String, String> {
        Ok(format!("({})", location(self.program, place)?))
    }

    /// Writes the block from where the CPU stands.
    fn run(&mut self, initial: &State) -> Result<(), String> {
        let task = &initial.cpus[usize::from(self.thread.cpu)].task;
        for (reg, &value) in (0..).zip(&task.regs) {
            if value != 0 {
                self.start.push((reg, value));
            }
        }
        let mut pc = task.pc;
        loop {
            let op = &self.program.code[usize::from(pc)];
            if matches!(op, Op::Halt) {
                return Ok(());
            }
            pc = self.operation(op, pc)?;
        }
    }

    /// A value that is only moved needs no other register: where it goes, and the operation after that.
    fn destination(&self, dst: Reg, pc: Pc) -> (Reg, Pc) {
        let next = usize::from(pc) + 1;
        match self.program.code.get(next) {
            Some(Op::Move { dst: to, a: Operand::Reg(from) })
                if *from == dst
                    && self.program.live.get(next + 1).is_some_and(|live| live >> dst & 1 == 0) =>
            {
                (*to, pc + 2)
            }
            _ => (dst, pc + 1),
        }
    }

    /// Writes an operation; returns the next one.
    fn operation(&mut self, op: &Op, pc: Pc) -> Result<Pc, String> {
        let mut next = pc + 1;
        match *op {
            Op::Load { dst, place } => {
                let (dst, behind) = self.destination(dst, pc);
                next = behind;
                let (place, dst) = (self.place(place)?, self.long(dst)?);
                self.lines.push(format!("movl {place},{dst}"));
            }
            Op::Store { place, value } => {
                let (place, value) = (self.place(place)?, self.value(value)?);
                self.lines.push(format!("movl {value},{place}"));
            }
            // What mode a CPU is in matters to accesses through page tables only, and there are none.
            Op::EnterKernel | Op::LeaveKernel(_) | Op::SetMode(_) => {}
            Op::Fence => self.lines.push("mfence".to_owned()),
            Op::Move { dst, a } => {
                let (value, dst) = (self.value(a)?, self.long(dst)?);
                self.lines.push(format!("movl {value},{dst}"));
            }
            Op::Rmw { dst, place, op: Rmw::Xchg, value } => {
                let place = self.place(place)?;
                let to = match dst {
                    Some((dst, _)) => {
                        let (dst, behind) = self.destination(dst, pc);
                        next = behind;
                        dst
                    }
                    None => return Err("an xchg() whose value is not used: give it a local".to_owned()),
                };
                let (value, to) = (self.value(value)?, self.long(to)?);
                if value != to {
                    self.lines.push(format!("movl {value},{to}"));
                }
                self.lines.push(format!("xchgl {to},{place}"));
            }
            Op::Rmw { dst: None, place, op: Rmw::Add, value } => {
                let (place, value) = (self.place(place)?, self.value(value)?);
                self.lines.push(format!("lock addl {value},{place}"));
            }
            Op::Rmw {
                dst: Some((dst, RmwResult::New)),
                place,
                op: Rmw::Add,
                value: value @ Operand::Const(_),
            } => {
                let (dst, behind) = self.destination(dst, pc);
                next = behind;
                let (place, value, to) = (self.place(place)?, self.value(value)?, self.long(dst)?);
                self.lines.push(format!("movl {value},{to}"));
                self.lines.push(format!("lock xaddl {to},{place}"));
                self.lines.push(format!("addl {value},{to}"));
            }
            Op::Bin { dst, op: Bin::Add, a: Operand::Reg(a), b } if a == dst => {
                let (value, dst) = (self.value(b)?, self.long(dst)?);
                self.lines.push(format!("addl {value},{dst}"));
            }
            _ => {
                let said = lang::dump_op(self.program, op);
                return Err(format!("a test of litmus7 can't say this operation: {said}"));
            }
        }
        Ok(next)
    }
}

/// The location that a place is.
fn location(program: &Program, place: Place) -> Result<&str, String> {
    match place {
        Place::Cell { var, .. } => {
            let variable = &program.variables[usize::from(var)];
            if variable.scope != Scope::Global || variable.array || variable.name.contains('.') {
                return Err(format!("{} is no single global variable", variable.name));
            }
            Ok(&variable.name)
        }
        Place::Entry { .. } => Err("a test has no page tables".to_owned()),
        Place::Word { .. } => Err("a test has no page frames".to_owned()),
    }
}

struct Condition<'a> {
    finale: &'a Finale,
    columns: &'a [Column<'a>],
}

impl Condition<'_> {
    fn leaf(&self, leaf: Leaf) -> Result<String, String> {
        match leaf {
            Leaf::Local { cpu, reg } => {
                let column = self.columns.get(usize::from(cpu)).ok_or("a CPU without a block")?;
                Ok(format!("{cpu}:{}", column.quad(reg)?))
            }
            Leaf::Place(place) => {
                let program = self.columns.first().ok_or("a scenario without blocks")?.program;
                Ok(format!("[{}]", location(program, place)?))
            }
            Leaf::Fault(_) => Err("no access of the test can fault".to_owned()),
        }
    }

    fn term(&self, term: &Term) -> Result<String, String> {
        Ok(match term {
            Term::Const(value) => if *value == 0 { "false" } else { "true" }.to_owned(),
            Term::Not(a) => format!("not ({})", self.term(a)?),
            Term::And(a, b) => format!("{} /\\ {}", self.inner(a)?, self.inner(b)?),
            Term::Or(a, b) => format!("{} \\/ {}", self.inner(a)?, self.inner(b)?),
            Term::Bin(Bin::Eq, a, b) => self.equal(a, b)?,
            Term::Bin(Bin::Ne, a, b) => format!("not ({})", self.equal(a, b)?),
            Term::Bin(..) | Term::Observed(_) => {
                return Err(
                    "its condition: a test compares a register or a location with a number".to_owned()
                );
            }
        })
    }

    fn inner(&self, term: &Term) -> Result<String, String> {
        let written = self.term(term)?;
        Ok(if matches!(term, Term::And(..) | Term::Or(..)) { format!("({written})") } else { written })
    }

    fn equal(&self, a: &Term, b: &Term) -> Result<String, String> {
        let (Term::Observed(n), Term::Const(value)) = (a, b) else {
            return Err("its condition: a test compares a register or a location with a number".to_owned());
        };
        let observed = self.finale.observed.get(usize::from(*n)).ok_or("a value that is not observed")?;
        Ok(format!("{}={}", self.leaf(observed.leaf)?, small(*value)?))
    }
}
