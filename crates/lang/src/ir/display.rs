//! A program in words, for the terminal and for tests: one operation per line, names instead of numbers.

use crate::ir::effects::{Gives, Role, Sends};
use crate::program::{
    Bin, Leaf, Level, MmId, NO_MM, Op, Operand, Pc, Place, Program, Scope, Type, Variable, WalksOff,
};
use std::fmt::Write;

/// The whole program.
#[must_use]
pub fn dump(program: &Program) -> String {
    let mut out = String::new();
    // Writing to a String cannot fail.
    let _ = write_program(&mut out, program);
    out
}

/// One operation.
#[must_use]
pub fn dump_op(program: &Program, op: &Op) -> String {
    Words { program }.op(op)
}

fn write_program(out: &mut String, program: &Program) -> std::fmt::Result {
    writeln!(out, "scenario \"{}\" on kernel \"{}\"", program.name, program.kernel)?;
    for option in &program.options {
        let choice = |n: u8| option.choices.get(usize::from(n)).map_or("?", String::as_str);
        let chosen = choice(option.chosen);
        write!(out, "option {} = {chosen}", option.name)?;
        match option.default == option.chosen {
            true => writeln!(out)?,
            false => writeln!(out, " (default {})", choice(option.default))?,
        }
    }
    for variable in &program.variables {
        writeln!(out, "{}", variable_line(program, variable))?;
    }
    let watched: Vec<String> = program.watched.iter().map(|va| format!("{va:#x}")).collect();
    writeln!(out, "watched {}", watched.join(" "))?;
    if program.walks_off != WalksOff::default() {
        writeln!(out, "speculative walks off: {}", program.walks_off.text())?;
    }
    for (word, counts) in [("nmis", &program.nmis), ("vmexits", &program.vmexits)] {
        if counts.iter().any(|&count| count > 0) {
            writeln!(out, "{word} {counts:?}")?;
        }
    }
    if let Some(finale) = &program.finale {
        writeln!(out, "final states: {}", finale.words())?;
        for observed in &finale.observed {
            let leaf = match observed.leaf {
                Leaf::Local { cpu, reg } => format!("r{reg} of cpu {cpu}"),
                Leaf::Place(place) => Words { program }.place(&place),
                Leaf::Fault(cpu) => format!("whether cpu {cpu} stands at {}", program.end),
            };
            writeln!(out, "    {}: {leaf}", observed.name)?;
        }
    }
    for (pc, (op, site)) in program.code.iter().zip(&program.sites).enumerate() {
        let entry = |e: Pc| usize::from(e) == pc;
        if entry(program.end) {
            writeln!(out, "nobody")?;
        }
        for thread in program.setup.iter().filter(|t| entry(t.entry)) {
            writeln!(out, "setup, cpu {}: {} registers", thread.cpu, thread.regs)?;
        }
        for thread in program.threads.iter().filter(|t| entry(t.entry)) {
            writeln!(out, "cpu {}: {} registers", thread.cpu, thread.regs)?;
        }
        for handler in program.handlers.iter().filter(|h| entry(h.entry)) {
            let params: Vec<String> =
                handler.params.iter().map(|(n, ty)| format!("{n}: {}", ty.name())).collect();
            let kind = handler.kind.word();
            writeln!(out, "{kind} {}({}): {} registers", handler.name, params.join(", "), handler.regs)?;
        }
        let text = Words { program }.op(op);
        let live = program.live.get(pc).copied().unwrap_or(0);
        let live: Vec<String> = (0..64).filter(|r| live >> r & 1 == 1).map(|r| format!("r{r}")).collect();
        writeln!(out, "{pc:5} {text:<60} ; {} {}", site.function, live.join(" "))?;
    }
    Ok(())
}

fn variable_line(program: &Program, variable: &Variable) -> String {
    let scope = match variable.scope {
        Scope::Global => "global",
        Scope::PerMm => "mm",
        Scope::PerCpu => "percpu",
    };
    let len = if variable.array { format!("[{}]", variable.len) } else { String::new() };
    let value = program.cells.get(usize::from(variable.base)).copied().unwrap_or(0);
    let value = Words { program }.value(value, variable.ty);
    let mut line = format!("{scope} {}{len}: {} = {value}", variable.name, variable.ty.name());
    if let Some(limit) = variable.limit {
        line.push_str(&format!(", limit {}", number(limit)));
    }
    if !variable.shared {
        line.push_str(", private");
    }
    if variable.in_handlers {
        line.push_str(", in handlers");
    }
    if variable.in_intruders {
        line.push_str(", in nmis or vmexits");
    }
    line
}

struct Words<'a> {
    program: &'a Program,
}

impl Words<'_> {
    fn mm(&self, mm: u64) -> String {
        match MmId::try_from(mm) {
            Ok(NO_MM) => "LOADED_MM_SWITCHING".to_owned(),
            Ok(id) => {
                self.program.mms.get(usize::from(id)).map_or_else(|| mm.to_string(), |mm| mm.name.clone())
            }
            Err(_) => mm.to_string(),
        }
    }

    fn value(&self, value: u64, ty: Type) -> String {
        match ty {
            Type::Mm => self.mm(value),
            Type::Bool => (value != 0).to_string(),
            Type::Cpus => {
                let members: Vec<String> =
                    (0..64).filter(|c| value >> c & 1 == 1).map(|c| c.to_string()).collect();
                format!("{{{}}}", members.join(", "))
            }
            _ => number(value),
        }
    }

    fn operand(&self, operand: Operand) -> String {
        match operand {
            Operand::Reg(reg) => format!("r{reg}"),
            Operand::Const(value) => number(value),
            Operand::ThisCpu => "cpu".to_owned(),
        }
    }

    fn mm_operand(&self, operand: Operand) -> String {
        match operand {
            Operand::Const(mm) => self.mm(mm),
            other => self.operand(other),
        }
    }

    fn place(&self, place: &Place) -> String {
        match *place {
            Place::Cell { var, owner, index } => {
                let Some(variable) = self.program.variables.get(usize::from(var)) else {
                    return "?".to_owned();
                };
                let mut name = variable.name.clone();
                if variable.array {
                    // The index of a group's field stands before the field.
                    let (array, field) = name
                        .split_once('.')
                        .map_or((name.as_str(), String::new()), |(a, f)| (a, format!(".{f}")));
                    name = format!("{array}[{}]{field}", self.operand(index));
                }
                match (variable.scope, owner) {
                    (Scope::Global, _) | (Scope::PerCpu, Operand::ThisCpu) => name,
                    (Scope::PerMm, _) => format!("{}.{name}", self.mm_operand(owner)),
                    (Scope::PerCpu, _) => format!("per_cpu({name}, {})", self.operand(owner)),
                }
            }
            Place::Entry { level, mm, va } => {
                format!(
                    "{}({}, {})",
                    level.linux_name(self.program.machine.top),
                    self.mm_operand(mm),
                    self.operand(va)
                )
            }
            Place::Word { frame, index } => format!("frame {}[{}]", self.operand(frame), self.operand(index)),
        }
    }

    fn op(&self, op: &Op) -> String {
        let row = op.effects();
        let mut out = match row.result {
            Some((register, Gives::Before)) => format!("r{register} = old of "),
            Some((register, Gives::After)) => format!("r{register} = new of "),
            Some((register, Gives::Plain | Gives::Read | Gives::Computed | Gives::Held)) => {
                format!("r{register} = ")
            }
            None => String::new(),
        };
        let argument = |read: &&(Operand, Role)| matches!(read.1, Role::Argument(_));
        let mut values = row.reads.iter().filter(|read| !argument(read));
        let mut parts = row.form.split(['{', '}']);
        out.push_str(parts.next().unwrap_or_default());
        // What stands in braces, then what follows them.
        while let (Some(wanted), Some(plain)) = (parts.next(), parts.next()) {
            match wanted {
                "" => out.extend(values.next().map(|read| self.read(*read))),
                "args" => {
                    let args: Vec<String> =
                        row.reads.iter().filter(argument).map(|read| self.read(*read)).collect();
                    out.push_str(&args.join(", "));
                }
                "place" => out.extend(row.place.map(|(place, _)| self.place(&place))),
                "fn" => out.extend(row.function.map(Bin::sign)),
                "to" => out.extend(row.flow.target().map(|target| target.to_string())),
                "handler" => out.push_str(self.handler(row.sends)),
                "table" => out.extend(row.table.map(Level::table_name)),
                _ => out.push('?'),
            }
            out.push_str(plain);
        }
        if let Some(label) = usize::from(row.label).checked_sub(1).and_then(|at| self.program.labels.get(at))
        {
            out.push_str(&format!(" \"{label}\""));
        }
        out
    }

    fn read(&self, (operand, role): (Operand, Role)) -> String {
        match role {
            Role::Mm => self.mm_operand(operand),
            Role::Plain
            | Role::Cpus
            | Role::Truth
            | Role::Any
            | Role::Operand
            | Role::Held
            | Role::Argument(_) => self.operand(operand),
        }
    }

    fn handler(&self, sends: Option<Sends>) -> &str {
        let handler = match sends {
            Some(Sends::Ipis(handler)) => self.program.handlers.get(usize::from(handler)),
            Some(Sends::Broadcasts | Sends::RcuFrames) | None => None,
        };
        handler.map_or("?", |handler| handler.name.as_str())
    }
}

fn number(value: u64) -> String {
    if value < 4096 { value.to_string() } else { format!("{value:#x}") }
}
