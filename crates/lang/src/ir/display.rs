//! A program in words, for the terminal and for tests: one operation per line, names instead of numbers.

use crate::check::builtin::type_name;
use crate::program::{
    Bin, InvlpgbOp, InvpcidOp, Leave, MmId, Mode, NO_MM, Op, Operand, Pc, Place, Program, Rmw, RmwResult,
    Scope, Sleep, Type, Variable,
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
    for (word, counts) in [("nmis", &program.nmis), ("vmexits", &program.vmexits)] {
        if counts.iter().any(|&count| count > 0) {
            writeln!(out, "{word} {counts:?}")?;
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
                handler.params.iter().map(|(n, ty)| format!("{n}: {}", type_name(*ty))).collect();
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
    let mut line = format!("{scope} {}{len}: {} = {value}", variable.name, type_name(variable.ty));
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
                format!("{}({}, {})", level.linux_name(), self.mm_operand(mm), self.operand(va))
            }
            Place::Word { frame, index } => format!("frame {}[{}]", self.operand(frame), self.operand(index)),
        }
    }

    fn op(&self, op: &Op) -> String {
        let o = |operand: &Operand| self.operand(*operand);
        match op {
            Op::Bin { dst, op, a, b } => format!("r{dst} = {} {} {}", o(a), sign(*op), o(b)),
            Op::Move { dst, a } => format!("r{dst} = {}", o(a)),
            Op::PgdOf { dst, mm } => format!("r{dst} = {}.pgd", self.mm_operand(*mm)),
            Op::Jump(target) => format!("jump {target}"),
            Op::JumpIfZero { cond, target } => format!("unless {} jump {target}", o(cond)),
            Op::Load { dst, place } => format!("r{dst} = load {}", self.place(place)),
            Op::Store { place, value } => format!("store {} = {}", self.place(place), o(value)),
            Op::Rmw { dst, place, op, value } => {
                let dst = match dst {
                    Some((reg, RmwResult::Old)) => format!("r{reg} = old of "),
                    Some((reg, RmwResult::New)) => format!("r{reg} = new of "),
                    None => String::new(),
                };
                let what = match op {
                    Rmw::Xchg => format!("xchg {}", o(value)),
                    Rmw::Add => format!("add {}", o(value)),
                    Rmw::Or => format!("or {}", o(value)),
                    Rmw::AndNot => format!("andnot {}", o(value)),
                    Rmw::CmpXchg { expected } => format!("cmpxchg {} to {}", o(expected), o(value)),
                };
                format!("{dst}lock {} {what}", self.place(place))
            }
            Op::Fence => "fence".to_owned(),
            Op::Acquire { place } => format!("acquire {}", self.place(place)),
            Op::Maybe { dst } => format!("r{dst} = maybe"),
            Op::IsTable { dst, frame } => format!("r{dst} = is table {}", o(frame)),
            Op::Invlpgb { op, pcid, va, pages, final_only } => {
                let what = match op {
                    InvlpgbOp::Range => {
                        format!("pcid {} va {} pages {} final {}", o(pcid), o(va), o(pages), o(final_only))
                    }
                    InvlpgbOp::Single => format!("pcid {}", o(pcid)),
                    InvlpgbOp::AllNonGlobal => "all nonglobal".to_owned(),
                    InvlpgbOp::All => "all".to_owned(),
                };
                format!("invlpgb {what}")
            }
            Op::Tlbsync => "tlbsync".to_owned(),
            Op::Sleep(Sleep::C1) => "mwait c1".to_owned(),
            Op::Sleep(Sleep::C6) => "mwait c6".to_owned(),
            Op::Until { place, cmp, value } => {
                format!("until {} {} {}", self.place(place), sign(*cmp), o(value))
            }
            Op::WriteCr3 { root, pcid, noflush } => {
                format!("write_cr3 frame {} pcid {} noflush {}", o(root), o(pcid), o(noflush))
            }
            Op::Invlpg { va } => format!("invlpg {}", o(va)),
            Op::Invpcid { op: InvpcidOp::Addr, pcid, va } => {
                format!("invpcid one pcid {} va {}", o(pcid), o(va))
            }
            Op::Invpcid { op: InvpcidOp::Single, pcid, .. } => format!("invpcid single pcid {}", o(pcid)),
            Op::Invpcid { op: InvpcidOp::All, .. } => "invpcid all".to_owned(),
            Op::Invpcid { op: InvpcidOp::AllNonGlobal, .. } => "invpcid all nonglobal".to_owned(),
            Op::TogglePge => "toggle pge".to_owned(),
            Op::IrqDisable => "cli".to_owned(),
            Op::IrqEnable => "sti".to_owned(),
            Op::SendIpi { handler, targets, args, queued } => {
                let name = self.program.handlers.get(usize::from(*handler)).map_or("?", |h| h.name.as_str());
                let args: Vec<String> = args.iter().map(o).collect();
                let by = if *queued { " by llist_add" } else { "" };
                format!("ipi {name}({}) to {}{by}", args.join(", "), o(targets))
            }
            Op::WaitIpis => "wait for ipis".to_owned(),
            Op::AllocPage { dst } => format!("r{dst} = alloc page"),
            Op::AllocTable { dst, level, mm } => {
                format!("r{dst} = alloc {} of {}", level.table_name(), self.mm_operand(*mm))
            }
            Op::Free { frame } => format!("free {}", o(frame)),
            Op::FreeRcu { frame } => format!("free by rcu {}", o(frame)),
            Op::UserLoad { dst, va, fixup } => format!("r{dst} = user load {}{}", o(va), nofault(*fixup)),
            Op::UserStore { va, value, fixup } => {
                format!("user store {} = {}{}", o(va), o(value), nofault(*fixup))
            }
            Op::SetMode(mode) => match mode {
                Mode::User(mm) => format!("mode user {}", self.mm((*mm).into())),
                Mode::Kernel(mm) | Mode::Entered(mm) => format!("mode kernel {}", self.mm((*mm).into())),
                Mode::Kthread => "mode kthread".to_owned(),
                Mode::Idle => "mode idle".to_owned(),
            },
            Op::EnterKernel => "enter kernel".to_owned(),
            Op::LeaveKernel(leave) => match leave {
                Leave::Call => "leave kernel".to_owned(),
                Leave::Stay => "stay in kernel".to_owned(),
                Leave::ToUser => "leave kernel to user".to_owned(),
            },
            Op::Check { cond, fatal: true } => format!("bug on {}", o(cond)),
            Op::Check { cond, fatal: false } => format!("warn on {}", o(cond)),
            Op::Return => "return".to_owned(),
            Op::Halt => "halt".to_owned(),
        }
    }
}

fn number(value: u64) -> String {
    if value < 4096 { value.to_string() } else { format!("{value:#x}") }
}

fn sign(op: Bin) -> &'static str {
    match op {
        Bin::Add => "+",
        Bin::Sub => "-",
        Bin::Mul => "*",
        Bin::And => "&",
        Bin::Or => "|",
        Bin::Xor => "^",
        Bin::AndNot => "&~",
        Bin::Shl => "<<",
        Bin::Shr => ">>",
        Bin::Eq => "==",
        Bin::Ne => "!=",
        Bin::Lt => "<",
        Bin::Le => "<=",
        Bin::Gt => ">",
        Bin::Ge => ">=",
        Bin::In => "in",
        Bin::Disjoint => "disjoint",
    }
}

fn nofault(fixup: bool) -> &'static str {
    if fixup { " nofault" } else { "" }
}
