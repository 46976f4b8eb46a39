//! From a test to a scenario.

use crate::condition::{Question, asked};
use crate::cursor::{Piece, Wrong, without_comments};
use crate::init::{Init, Start, init};
use crate::instruction::{Cell, Compute, Instruction, Operand, cell};
use crate::names::{Locations, Width};
use crate::sections::{Architecture, sections};
use crate::{KERNEL, Problem};
use std::fmt::Write;

/// The deepest store buffer that a machine has.
const DEEPEST: usize = lang::program::MAX_STORE_BUFFER as usize;

/// The scenario of a test, formatted.
///
/// # Errors
/// What keeps the test from being read, with its place.
pub fn import(text: &str) -> Result<String, Problem> {
    if text.len() > lang::MAX_TEXT {
        let message = format!("a test has at most {} KiB", lang::MAX_TEXT >> 10);
        return Err(Problem { line: 1, column: 1, message });
    }
    let text = text.replace("\r\n", "\n");
    without_comments(&text).and_then(|plain| scenario(&plain)).map_err(|wrong| wrong.placed(&text))
}

fn scenario(text: &str) -> Result<String, Wrong> {
    let sections = sections(text)?;
    let mut locations = Locations::default();
    let processors = sections.rows[0].len();
    let init = init(sections.init, sections.architecture, processors, &mut locations)?;
    let mut programs: Vec<Vec<Cell<'_>>> = (0..processors).map(|_| Vec::new()).collect();
    for row in &sections.rows[1..] {
        for (program, piece) in programs.iter_mut().zip(row) {
            if !piece.text.is_empty() {
                program.push(cell(*piece, sections.architecture)?);
            }
        }
    }
    let mut blocks = Vec::new();
    for (processor, program) in programs.iter().enumerate() {
        let mut block = Block::new(processor, sections.architecture, &init, &mut locations);
        block.program(program)?;
        blocks.push((block.finish(), stores(program)));
    }
    let asked = asked(sections.rest, sections.architecture, processors, &mut locations)?;
    let most = blocks.iter().map(|block| block.1).max().unwrap_or(0);
    let mut out = format!("scenario \"{}\" {{\n", quoted(sections.name.text));
    let about = sections.about.map(quoted).filter(|about| !about.is_empty());
    let _ =
        writeln!(out, "about \"{}\"", about.unwrap_or_else(|| "A litmus test in herd's format.".to_owned()));
    let _ = writeln!(
        out,
        "use kernel \"{KERNEL}\"\nmachine {{ cpus {processors}; tso {}; }}",
        most.clamp(2, DEEPEST)
    );
    for (name, variable) in locations.renamed() {
        let _ = writeln!(out, "// The test calls {variable} {name}.");
    }
    out.push('\n');
    if !init.memory.is_empty() {
        out.push_str("setup {\ncpu 0 {\n");
        for (variable, value) in &init.memory {
            let _ = writeln!(out, "{variable} = {value};");
        }
        out.push_str("}\n}\n\n");
    }
    for (processor, (block, _)) in blocks.iter().enumerate() {
        write_block(&mut out, processor, block, &init, &asked);
    }
    out.push('\n');
    if !asked.locations.is_empty() {
        let _ = writeln!(out, "locations {};", asked.locations.join(", "));
    }
    if let Some(filter) = &asked.filter {
        let _ = writeln!(out, "filter ({})", bare(filter));
    }
    let _ = writeln!(out, "{} ({})\n}}", asked.quantifier, bare(&asked.condition));
    lang::format(&out).map_err(|diagnostics| {
        let why = diagnostics.first().map_or("it does not parse", |first| &first.message);
        Wrong { at: 0, message: format!("no scenario can be made of it: {why}") }
    })
}

/// A condition without parentheses around all of it.
fn bare(condition: &str) -> &str {
    let inner = condition.strip_prefix('(').and_then(|inner| inner.strip_suffix(')'));
    inner.filter(|inner| balanced(inner)).unwrap_or(condition)
}

/// Whether no parenthesis in it closes one outside.
fn balanced(text: &str) -> bool {
    let mut depth = 0i32;
    text.chars().all(|c| {
        depth += i32::from(c == '(') - i32::from(c == ')');
        depth >= 0
    })
}

/// A text between quotes.
fn quoted(text: &str) -> String {
    let harmless = |c: char| !c.is_control() && c != '"' && c != '\\';
    lang::legible(text).chars().filter(|c| harmless(*c)).take(120).collect::<String>().trim().to_owned()
}

/// How many stores a program may have in its store buffer.
fn stores(program: &[Cell<'_>]) -> usize {
    let store = |cell: &&Cell<'_>| match &cell.instruction {
        Instruction::Mov(to, _) => to.in_memory(),
        Instruction::Compute { to, locked, .. }
        | Instruction::Xadd { to, locked, .. }
        | Instruction::Cmpxchg { to, locked, .. } => to.in_memory() && !locked,
        _ => false,
    };
    program.iter().filter(store).count()
}

/// A statement of a block.
#[derive(Debug)]
enum Line {
    /// `EAX = x;`, with the registers that the right side reads.
    Set(String, String, Vec<String>),
    /// Anything else with its end, and the registers that it reads.
    Do(String, Vec<String>),
    /// `}`
    Close,
}

fn write_block(out: &mut String, processor: usize, lines: &[Line], init: &Init, asked: &Question) {
    let _ = writeln!(out, "cpu {processor} {{");
    let mut declared: Vec<String> = Vec::new();
    for (register, value) in early(processor, lines, init, asked) {
        let _ = writeln!(out, "let {register} = {value};");
        declared.push(register);
    }
    for line in lines {
        match line {
            Line::Set(to, value, _) => {
                let new = !declared.contains(to);
                if new {
                    declared.push(to.clone());
                }
                let _ = writeln!(out, "{}{to} = {value};", if new { "let " } else { "" });
            }
            Line::Do(text, _) => {
                let _ = writeln!(out, "{text}");
            }
            Line::Close => out.push_str("}\n"),
        }
    }
    out.push_str("}\n");
}

/// Registers that exist from the beginning: those that the test gives a value, those that are read before they are set or
/// set in a branch, and those that only the condition names.
fn early(processor: usize, lines: &[Line], init: &Init, asked: &Question) -> Vec<(String, u64)> {
    let mut early: Vec<(String, u64)> = Vec::new();
    for (_, register, start) in init.registers.iter().filter(|start| start.0 == processor) {
        if let Start::Number(number) = start {
            early.retain(|there| there.0 != *register);
            early.push((register.clone(), *number));
        }
    }
    let (mut depth, mut set): (u32, Vec<&String>) = (0, Vec::new());
    let need = |register: &String, early: &mut Vec<(String, u64)>, set: &[&String]| {
        if !set.contains(&register) && !early.iter().any(|there| there.0 == *register) {
            early.push((register.clone(), 0));
        }
    };
    for line in lines {
        match line {
            Line::Set(to, _, reads) => {
                reads.iter().for_each(|read| need(read, &mut early, &set));
                match depth {
                    0 => set.push(to),
                    _ => need(to, &mut early, &set),
                }
            }
            Line::Do(text, reads) => {
                reads.iter().for_each(|read| need(read, &mut early, &set));
                depth += u32::from(text.ends_with('{'));
            }
            Line::Close => depth = depth.saturating_sub(1),
        }
    }
    for (_, register) in asked.registers.iter().filter(|known| known.0 == processor) {
        need(register, &mut early, &set);
    }
    early
}

/// The block of a processor, being written.
struct Block<'i, 'l> {
    architecture: Architecture,
    /// Registers that hold addresses.
    addresses: Vec<(&'i str, &'static str)>,
    locations: &'l mut Locations,
    lines: Vec<Line>,
    /// What was compared last: both sides and the registers in them.
    compared: Option<(String, String, Vec<String>)>,
    /// Labels at which branches that are open end, innermost last.
    open: Vec<String>,
}

impl<'i, 'l> Block<'i, 'l> {
    fn new(
        processor: usize,
        architecture: Architecture,
        init: &'i Init,
        locations: &'l mut Locations,
    ) -> Block<'i, 'l> {
        let mine = init.registers.iter().filter(|start| start.0 == processor);
        let addresses = mine.filter_map(|(_, register, start)| match start {
            Start::Address(variable) => Some((register.as_str(), *variable)),
            Start::Number(_) => None,
        });
        let addresses = addresses.collect();
        Block { architecture, addresses, locations, lines: Vec::new(), compared: None, open: Vec::new() }
    }

    fn finish(self) -> Vec<Line> {
        self.lines
    }

    fn program(&mut self, program: &[Cell<'_>]) -> Result<(), Wrong> {
        for (n, cell) in program.iter().enumerate() {
            for label in &cell.labels {
                while self.open.last().is_some_and(|open| open == label) {
                    self.open.pop();
                    self.lines.push(Line::Close);
                }
                if self.open.iter().any(|open| open == label) {
                    return cell.at.wrong("branches overlap: each has to end before the one around it ends");
                }
            }
            let compared = self.compared.take();
            if let Instruction::Jump { when_equal, label } = &cell.instruction {
                let Some((a, b, reads)) = compared else {
                    return cell.at.wrong("a jump has to follow CMP or CMPXCHG at once");
                };
                if !program[n + 1..].iter().any(|later| later.labels.contains(label)) {
                    return cell
                        .at
                        .wrong(format!("only jumps forward can be read: there is no {label} below"));
                }
                let sign = if *when_equal { "!=" } else { "==" };
                self.lines.push(Line::Do(format!("if {a} {sign} {b} {{"), reads));
                self.open.push((*label).to_owned());
                continue;
            }
            self.instruction(cell)?;
        }
        Ok(())
    }

    /// The value of an operand, and the registers that are read for it.
    fn value(&mut self, operand: &Operand<'_>, at: Piece<'_>) -> Result<(String, Vec<String>), Wrong> {
        Ok(match operand {
            Operand::Number(number) => (number.cast_unsigned().to_string(), Vec::new()),
            Operand::Register(register) => {
                if self.addresses.iter().any(|known| known.0 == register) {
                    return at.wrong(format!("{register} holds an address: it can only be used as one"));
                }
                (register.clone(), vec![register.clone()])
            }
            Operand::Location(_) | Operand::Through(..) => (self.place(operand)?.to_owned(), Vec::new()),
        })
    }

    /// The variable of an operand in memory.
    fn place(&mut self, operand: &Operand<'_>) -> Result<&'static str, Wrong> {
        match operand {
            Operand::Location(name) => self.locations.variable(*name),
            Operand::Through(register, at) => match self.addresses.iter().find(|known| known.0 == register) {
                Some((_, variable)) => Ok(variable),
                None => at.wrong(format!("it is not known which location {register} leads to")),
            },
            Operand::Number(_) | Operand::Register(_) => Ok("x"),
        }
    }

    /// `to = value`, in memory or in a register.
    fn put(
        &mut self,
        to: &Operand<'_>,
        value: String,
        reads: Vec<String>,
        at: Piece<'_>,
    ) -> Result<(), Wrong> {
        let line = match to {
            Operand::Register(register) => {
                self.value(to, at)?;
                Line::Set(register.clone(), value, reads)
            }
            _ => Line::Do(format!("{} = {value};", self.place(to)?), reads),
        };
        self.lines.push(line);
        Ok(())
    }

    fn instruction(&mut self, cell: &Cell<'_>) -> Result<(), Wrong> {
        let at = cell.at;
        match &cell.instruction {
            Instruction::Nop | Instruction::Jump { .. } => {}
            Instruction::Fence(name) => self.lines.push(Line::Do(format!("{name}();"), Vec::new())),
            Instruction::Mov(to, by) => {
                let (value, reads) = self.value(by, at)?;
                self.put(to, value, reads, at)?;
            }
            Instruction::Xchg(a, b) => self.exchange(a, b, at)?,
            Instruction::Compute { op, to, by, locked } => self.compute(*op, to, by, *locked, cell)?,
            Instruction::Xadd { to, by, locked } => {
                let (by_value, reads) = self.value(by, at)?;
                if !locked {
                    return at.wrong("XADD can be read with the prefix LOCK only");
                }
                // What is returned is the sum.
                let value = format!("add_return({}, {by_value}) - {by_value}", self.place(to)?);
                self.put(by, value, reads, at)?;
            }
            Instruction::Cmpxchg { to, new, locked } => {
                if !locked {
                    return at.wrong("CMPXCHG can be read with the prefix LOCK only");
                }
                let accumulator = match self.architecture {
                    Architecture::X86 => "EAX",
                    Architecture::X8664 => "rax",
                };
                let accumulator = Operand::Register(accumulator.to_owned());
                let ((new, mut reads), (old, own)) = (self.value(new, at)?, self.value(&accumulator, at)?);
                reads.extend(own);
                let place = self.place(to)?;
                // A later jump asks whether it found the expected value.
                let found = format!("{old}_was");
                self.lines.push(Line::Set(found.clone(), old.clone(), vec![old.clone()]));
                self.put(&accumulator, format!("cmpxchg({place}, {old}, {new})"), reads, at)?;
                self.compared = Some((old.clone(), found.clone(), vec![old, found]));
            }
            Instruction::Compare(a, b) => {
                let (a, b) = match (a, b) {
                    // One read in a comparison, and it comes first.
                    (a, b) if b.in_memory() => (b, a),
                    both => both,
                };
                let ((a, mut reads), (b, more)) = (self.value(a, at)?, self.value(b, at)?);
                reads.extend(more);
                self.compared = Some((a, b, reads));
            }
        }
        Ok(())
    }

    fn exchange(&mut self, a: &Operand<'_>, b: &Operand<'_>, at: Piece<'_>) -> Result<(), Wrong> {
        let (memory, register) = match (a.in_memory(), b.in_memory()) {
            (true, _) => (a, b),
            (_, true) => (b, a),
            _ => return at.wrong("XCHG of two registers can't be read"),
        };
        let (value, reads) = self.value(register, at)?;
        let place = self.place(memory)?;
        self.put(register, format!("xchg({place}, {value})"), reads, at)
    }

    fn compute(
        &mut self,
        op: Compute,
        to: &Operand<'_>,
        by: &Operand<'_>,
        locked: bool,
        cell: &Cell<'_>,
    ) -> Result<(), Wrong> {
        let at = cell.at;
        let (value, mut reads) = self.value(by, at)?;
        if locked {
            let place = self.place(to)?;
            let call = match op {
                Compute::Add => format!("add_return({place}, {value});"),
                Compute::Sub if cell.width == Width::Quad => format!("add_return({place}, 0 - {value});"),
                Compute::Sub => return at.wrong("LOCK SUB and DEC can be read with 64 bits only"),
                Compute::Or => format!("fetch_or({place}, {value});"),
                Compute::And => format!("fetch_and_not({place}, ~{value});"),
                Compute::Xor => return at.wrong("LOCK XOR can't be read"),
            };
            self.lines.push(Line::Do(call, reads));
            return Ok(());
        }
        if let (Compute::Xor, Operand::Register(a), Operand::Register(b)) = (op, to, by)
            && a == b
        {
            return self.put(to, "0".to_owned(), Vec::new(), at);
        }
        let (old, own) = self.value(to, at)?;
        reads.extend(own);
        let computed = match op {
            Compute::Add => format!("{old} + {value}"),
            Compute::Sub => format!("{old} - {value}"),
            Compute::And => format!("{old} & {value}"),
            Compute::Or => format!("{old} | {value}"),
            Compute::Xor => format!("{old} ^ {value}"),
        };
        // Sums and differences of 32 bits stay there.
        let wraps = cell.width == Width::Long && matches!(op, Compute::Add | Compute::Sub);
        let computed = if wraps { format!("({computed}) & 0xffff_ffff") } else { computed };
        self.put(to, computed, reads, at)
    }
}
