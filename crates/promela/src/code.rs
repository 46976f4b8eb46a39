//! The program's operations in C: what each operation waits for, and what it does.

#![deny(clippy::wildcard_enum_match_arm)]

use crate::layout::{mode, number};
use crate::names;
use lang::effects::{Access, Seen, Taken};
use lang::program::{
    Bin, Claimed, FaultFact, Fixup, HandlerKind, InvlpgbOp, InvpcidOp, Leave, Mode, Op, Operand, Place,
    Program, RarOp, Rmw, RmwResult, Scope, Sleep, Variable, Vendor,
};
use machine::{Machine, Property, of_check};
use std::fmt::Write;

/// Operations in one block: Spin reads a block of C into a buffer of fixed length.
const BLOCK: usize = 100;

/// Blocks of C: one function for each, with a case for each operation; then one that finds the block.
pub(crate) fn parts(machine: &Machine) -> Vec<String> {
    let program = machine.program();
    let blocks = program.code.len().div_ceil(BLOCK);
    let mut parts = Vec::new();
    for block in 0..blocks {
        let from = block * BLOCK;
        let ops = || program.code.iter().enumerate().skip(from).take(BLOCK);
        parts.push(function(
            "int",
            &format!("blocked_{block}"),
            "0",
            ops().filter_map(|(pc, op)| Some((pc, waits(program, op)?))),
        ));
        parts.push(function(
            "int",
            &format!("is_silent_{block}"),
            "0",
            ops().filter_map(|(pc, op)| Some((pc, silent(program, op)?))),
        ));
        parts.push(function(
            "void",
            &format!("carry_out_{block}"),
            "",
            ops().map(|(pc, op)| (pc, effect(program, op))),
        ));
    }
    for (result, name) in [("int", "blocked"), ("int", "is_silent"), ("void", "carry_out")] {
        let mut text = format!("static {result} {name}(int c, int pc) {{\n    switch (pc / {BLOCK}) {{\n");
        for block in 0..blocks {
            let call = format!("{name}_{block}(c, pc)");
            let _ = match result {
                "int" => writeln!(text, "    case {block}: return {call};"),
                _ => writeln!(text, "    case {block}: {call}; break;"),
            };
        }
        text.push_str(if result == "int" { "    }\n    return 0;\n}\n" } else { "    }\n}\n" });
        parts.push(text);
    }
    parts.push(accesses(program));
    parts.extend(fault_facts(program));
    parts
}

fn function(
    result: &str,
    name: &str,
    otherwise: &str,
    cases: impl Iterator<Item = (usize, String)>,
) -> String {
    let mut text = format!("static {result} {name}(int c, int pc) {{\n    switch (pc) {{\n");
    for (pc, case) in cases {
        let _ = writeln!(text, "    case {pc}: {case}");
    }
    let end = if otherwise.is_empty() { String::new() } else { format!("    return {otherwise};\n") };
    let _ = write!(text, "    }}\n{end}}}\n");
    text
}

/// The address of a committed access, and where its value goes; where the choice of a pick goes.
fn accesses(program: &Program) -> String {
    let mut next = String::new();
    let mut done = String::new();
    let mut picked = String::new();
    let mut changed = String::new();
    for (pc, op) in program.code.iter().enumerate() {
        let row = op.effects();
        let set =
            |what: &str| row.result.map(|(dst, _)| format!("    case {pc}: SET({dst}, {what}); break;\n"));
        match row.taken {
            Taken::OneWay => {}
            Taken::Picked => picked.extend(set("(u64)yes")),
            Taken::Access(access) => {
                done.extend(set("value"));
                let lock = if access.locked.is_some() { "access->locked = 1; " } else { "" };
                let stored = access.stored.map_or(String::new(), |stored| {
                    format!("access->value = {}; access->write = 1; {lock}", value(stored))
                });
                if let Some((op, gives)) = access.locked {
                    let new = modified(op);
                    let given = match gives {
                        RmwResult::New => "new_",
                        RmwResult::Old => "old",
                    };
                    let _ = writeln!(
                        changed,
                        "    case {pc}: {{ u64 new_ = {new}; *given = {given}; return new_; }}"
                    );
                }
                let fixup = match access.fixup {
                    Fixup::Nowhere => 0,
                    Fixup::Behind => 1,
                    Fixup::At(target) => 2 + u32::from(target),
                };
                let va = value(access.va);
                let _ = writeln!(
                    next,
                    "    case {pc}: access->va = {va}; {stored}access->fixup = {fixup}; return 1;"
                );
            }
        }
    }
    format!(
        "static int user_access(int c, struct access *access) {{\n    access->value = access->write = access->fixup = access->locked = 0;\n    \
         switch (*pc_of(c)) {{\n{next}    }}\n    return 0;\n}}\n\
         static void finish(int c, u64 value) {{\n    switch (*pc_of(c)) {{\n{done}    }}\n    ++*pc_of(c);\n}}\n\
         static u64 changed_to(int c, u64 old, u64 value, u64 *given) {{\n    switch (*pc_of(c)) {{\n{changed}    }}\n    return old;\n}}\n\
         static void picked(int c, int yes) {{\n    switch (*pc_of(c)) {{\n{picked}    }}\n    ++*pc_of(c);\n}}\n"
    )
}

/// What the handler of page faults is told, if there is one.
fn fault_facts(program: &Program) -> Option<String> {
    let handler = program.handlers.iter().find(|handler| handler.kind == HandlerKind::Fault)?;
    let facts = handler.params.iter().enumerate().filter_map(|(register, (name, _))| {
        let fact = match FaultFact::named(name)?.0 {
            FaultFact::Address => "address",
            FaultFact::Write => "write",
            FaultFact::User => "user",
            FaultFact::Present => "present",
        };
        Some(format!("    CPU.eregs[{register}] = put_num({fact});\n"))
    });
    let facts: String = facts.collect();
    let head = "static void tell_handler(int c, u64 address, u64 write, u64 user, u64 present) {\n";
    Some(format!("{head}{facts}}}\n"))
}

/// Returns whether sending to a set has to wait: by locked operations, by a write to uncached memory, or by a WRMSR of which only
/// Intel says that it does not wait; and if there are no targets, not at all.
fn sending(program: &Program, targets: Operand, queued: bool) -> Option<String> {
    let spec = &program.machine;
    let waits = queued || !spec.x2apic || spec.vendor != Vendor::Intel;
    waits.then(|| format!("return others(c, {}) && !empty(c);", value(targets)))
}

/// Returns whether an operation has to wait; nothing if it never has.
fn waits(program: &Program, op: &Op) -> Option<String> {
    Some(match op {
        Op::Store { place, .. } if private(program, *place).is_none() => "return full(c);".into(),
        Op::Rmw { .. }
        | Op::Fence
        | Op::WriteCr3 { .. }
        | Op::Invlpg { .. }
        | Op::Invpcid { .. }
        | Op::TogglePge
        | Op::Sleep(Sleep::C6)
        | Op::Free { .. }
        | Op::MmFree { .. }
        | Op::BadArea
        | Op::Return => "return !empty(c);".into(),
        Op::SendIpi { targets, queued, .. } => sending(program, *targets, *queued)?,
        Op::SendRar { targets, .. } => sending(program, *targets, false)?,
        Op::AllocPage { .. } | Op::AllocTable { .. } | Op::MmAlloc { .. } => "return M.free == 0;".into(),
        Op::Until { place, cmp, value: right } => {
            // `x in set`: the operand is the element, the place the set.
            let holds = match *cmp == Bin::In {
                true => apply(Bin::In, &value(*right), "found"),
                false => apply(*cmp, "found", &value(*right)),
            };
            format!(
                "{{ int loc = {}; u64 found = loc ? view(c, loc) : 0; return loc && !({holds}); }}",
                locate(program, *place)
            )
        }
        Op::Acquire { place } => format!(
            "{{ int loc = {}; return loc && (!empty(c) || memory(loc) != 0); }}",
            locate(program, *place)
        ),
        Op::Tlbsync => "return !empty(c) || unsynced(c);".into(),
        Op::WaitRar => "return unsynced(c);".into(),
        // Refused before it comes to these.
        Op::QueueFlush { .. } | Op::QueueWait | Op::AttachPasid { .. } => return None,
        Op::WaitIpis => "return awaits(c);".into(),
        Op::Halt => "return 1;".into(),
        Op::Bin { .. }
        | Op::Move { .. }
        | Op::PgdOf { .. }
        | Op::Jump(_)
        | Op::JumpIfZero { .. }
        | Op::IsTable { .. }
        | Op::Maybe { .. }
        | Op::SetMode(_)
        | Op::EnterKernel
        | Op::LeaveKernel(_)
        | Op::Check { .. }
        | Op::Claim { .. }
        | Op::Inspect { .. }
        | Op::Vmptrld { .. }
        | Op::VmEnter { .. }
        | Op::Vmcall
        | Op::Invept { .. }
        | Op::Invvpid { .. }
        | Op::Invlpga { .. }
        | Op::Load { .. }
        | Op::Store { .. }
        | Op::UserLoad { .. }
        | Op::UserStore { .. }
        | Op::UserRmw { .. }
        | Op::Invlpgb { .. }
        | Op::IrqDisable
        | Op::IrqEnable
        | Op::IrqSave { .. }
        | Op::IrqRestore { .. }
        | Op::Sleep(Sleep::C1)
        | Op::Current { .. }
        | Op::MmOfTask { .. }
        | Op::SwitchTo { .. }
        | Op::LoadPgd { .. }
        | Op::FreeRcu { .. } => return None,
    })
}

/// Returns whether an operation needs no step of its own; nothing if it always does. (`machine` has the reasons.)
fn silent(program: &Program, op: &Op) -> Option<String> {
    let row = op.effects();
    let variable = match (row.seen, row.place) {
        (Seen::ByNobody, _) => return Some("return 1;".into()),
        // The wait that is over is the runtime's.
        (Seen::ByOthers | Seen::WhileItWaits, _) | (Seen::ThroughPlace, None) => return None,
        (Seen::ThroughPlace, Some((Place::Cell { var, owner: Operand::ThisCpu, .. }, Access::Load)))
            if own_written(program, var) =>
        {
            &program.variables[var as usize]
        }
        (Seen::ThroughPlace, Some((place, _))) => private(program, place)?,
    };
    let seen_by = [(variable.in_handlers, "interruptible(c)"), (variable.in_intruders, "intrudable(c)")];
    let others: Vec<&str> = seen_by.iter().filter(|(may, _)| *may).map(|(_, now)| *now).collect();
    Some(if others.is_empty() { "return 1;".into() } else { format!("return !({});", others.join(" || ")) })
}

/// The variable of a place that no other CPU reads or writes.
fn private(program: &Program, place: Place) -> Option<&Variable> {
    let Place::Cell { var, .. } = place else { return None };
    Some(&program.variables[var as usize]).filter(|variable| !variable.shared)
}

/// Whether each CPU's element of a variable is written by that CPU alone.
fn own_written(program: &Program, wanted: u16) -> bool {
    program.variables[wanted as usize].scope == Scope::PerCpu
        && program.code.iter().all(|op| match op.effects().place {
            Some((Place::Cell { var, owner, .. }, access)) => {
                var != wanted || owner == Operand::ThisCpu || !access.writes()
            }
            Some((Place::Entry { .. } | Place::Word { .. }, _)) | None => true,
        })
}

fn value(operand: Operand) -> String {
    match operand {
        Operand::Reg(reg) => format!("R({reg})"),
        Operand::Const(value) => number(value),
        Operand::ThisCpu => "(u64)c".into(),
    }
}

/// The location of a place; 0 if there is none.
pub(crate) fn locate(program: &Program, place: Place) -> String {
    match place {
        Place::Cell { var, owner, index } => {
            let variable = &program.variables[var as usize];
            let (owners, owner) = match variable.scope {
                Scope::Global => ("1", "0".into()),
                Scope::PerMm => ("MMS", value(owner)),
                Scope::PerCpu => ("CPUS", value(owner)),
            };
            format!("cell_loc({}, {owners}, {}, {owner}, {})", variable.base, variable.len, value(index))
        }
        Place::Entry { level, mm, va } => {
            format!("entry_loc(c, {}, {}, {})", level as u8, value(mm), value(va))
        }
        Place::Word { frame, index } => format!("word_loc({}, {})", value(frame), value(index)),
    }
}

pub(crate) fn apply(op: Bin, a: &str, b: &str) -> String {
    let infix = |sign: &str| format!("({a} {sign} {b})");
    match op {
        Bin::Add => infix("+"),
        Bin::Sub => infix("-"),
        Bin::Mul => infix("*"),
        Bin::And => infix("&"),
        Bin::Or => infix("|"),
        Bin::Xor => infix("^"),
        Bin::AndNot => format!("({a} & ~{b})"),
        Bin::Shl => format!("({b} < 64 ? {a} << {b} : 0)"),
        Bin::Shr => format!("({b} < 64 ? {a} >> {b} : 0)"),
        Bin::Eq => format!("(u64)({a} == {b})"),
        Bin::Ne => format!("(u64)({a} != {b})"),
        Bin::Lt => format!("(u64)({a} < {b})"),
        Bin::Le => format!("(u64)({a} <= {b})"),
        Bin::Gt => format!("(u64)({a} > {b})"),
        Bin::Ge => format!("(u64)({a} >= {b})"),
        Bin::In => format!("({a} < 64 ? {b} >> {a} & 1 : 0)"),
        Bin::Disjoint => format!("(u64)(({a} & {b}) == 0)"),
        Bin::Weight => format!("(u64)__builtin_popcountll({a} & {b})"),
    }
}

/// The new value that a locked operation makes from the old one.
fn modified(op: Rmw) -> String {
    match op {
        Rmw::Xchg => "value".into(),
        Rmw::Add => "old + value".into(),
        Rmw::Or => "old | value".into(),
        Rmw::AndNot => "old & ~value".into(),
        Rmw::CmpXchg { expected } => format!("old == {} ? value : old", value(expected)),
    }
}

/// Carries out an operation, and continues with the next one unless the operation says otherwise.
fn effect(program: &Program, op: &Op) -> String {
    const NEXT: &str = "++*pc_of(c); return;";
    let v = |operand: &Operand| value(*operand);
    match op {
        Op::Bin { dst, op, a, b } => format!("SET({dst}, {}); {NEXT}", apply(*op, &v(a), &v(b))),
        Op::Move { dst, a } => format!("SET({dst}, {}); {NEXT}", v(a)),
        Op::PgdOf { dst, mm } | Op::LoadPgd { dst, mm } => {
            format!("SET({dst}, root_pfn({})); {NEXT}", v(mm))
        }
        Op::Jump(target) => format!("*pc_of(c) = {target}; return;"),
        Op::JumpIfZero { cond, target } => {
            format!("if ({} == 0) *pc_of(c) = {target}; else ++*pc_of(c); return;", v(cond))
        }
        Op::Load { dst, place } => format!(
            "{{ int loc = {}; if (!loc) bug(); SET({dst}, loc ? view(c, loc) : 0); }} {NEXT}",
            locate(program, *place)
        ),
        Op::Store { place, value: stored } => {
            let put = if private(program, *place).is_some() { "write_memory(" } else { "store(c, " };
            let (loc, stored) = (locate(program, *place), v(stored));
            format!("{{ int loc = {loc}; if (loc) {put}loc, {stored}); else bug(); }} {NEXT}")
        }
        Op::Rmw { dst, place, op, value: operand } => {
            let new = modified(*op);
            let set = dst.map_or(String::new(), |(reg, which)| {
                format!(" SET({reg}, {});", if which == RmwResult::Old { "old" } else { "new_" })
            });
            format!(
                "{{ u64 value = {}; int loc = {}; if (!loc) bug(); else {{ u64 old = memory(loc), new_ = {new}; \
                 write_memory(loc, new_);{set} }} }} {NEXT}",
                v(operand),
                locate(program, *place)
            )
        }
        Op::Fence | Op::Until { .. } | Op::WaitIpis => NEXT.into(),
        Op::Tlbsync => format!("if (!AMD) bug(); {NEXT}"),
        Op::WaitRar => format!("if (AMD) bug(); {NEXT}"),
        // Refused before it comes to these.
        Op::QueueFlush { .. } | Op::QueueWait | Op::AttachPasid { .. } => NEXT.into(),
        Op::SendRar { op, targets, pcid, va } => {
            let one = u8::from(*op == RarOp::Addr);
            let [targets, pcid, va] = [targets, pcid, va].map(v);
            format!("send_rar(c, {one}, others(c, {targets}), {pcid}, {va}); {NEXT}")
        }
        Op::Acquire { place } => format!(
            "{{ int loc = {}; if (loc) write_memory(loc, 1); else bug(); }} {NEXT}",
            locate(program, *place)
        ),
        Op::IsTable { dst, frame } => format!(
            "{{ int frame = whole_of({}); SET({dst}, (u64)(frame >= 0 && KIND(M.owner[frame]) > 3)); }} {NEXT}",
            v(frame)
        ),
        Op::Invlpgb { op, pcid, va, pages, final_only } => {
            let kind = match op {
                InvlpgbOp::Range => 0,
                InvlpgbOp::Single => 1,
                InvlpgbOp::AllNonGlobal => 2,
                InvlpgbOp::All => 3,
                // Refused before it comes to this.
                InvlpgbOp::Asid | InvlpgbOp::AsidAll | InvlpgbOp::AllNested => 4,
            };
            let [pcid, va, pages, final_only] = [pcid, va, pages, final_only].map(v);
            format!("send_broadcast(c, {kind}, {pcid}, {va}, {pages}, {final_only} != 0); {NEXT}")
        }
        Op::Sleep(depth) => {
            let depth = if *depth == Sleep::C1 { 1 } else { 2 };
            format!("if (!sleeping(c, {depth})) return; {NEXT}")
        }
        Op::WriteCr3 { root, pcid, noflush } => {
            format!("write_cr3(c, {}, {}, {} != 0); {NEXT}", v(root), v(pcid), v(noflush))
        }
        Op::Invlpg { va } => format!("invlpg(c, {}); {NEXT}", v(va)),
        Op::Invpcid { op, pcid, va } => {
            let kind = match op {
                InvpcidOp::Addr => 0,
                InvpcidOp::Single => 1,
                InvpcidOp::All => 2,
                InvpcidOp::AllNonGlobal => 3,
            };
            format!("invpcid(c, {kind}, {}, {}); {NEXT}", v(pcid), v(va))
        }
        Op::TogglePge => format!("flush_all(c); {NEXT}"),
        Op::IrqDisable => format!("irqs(c, 0); {NEXT}"),
        Op::IrqEnable => format!("irqs(c, 1); {NEXT}"),
        Op::IrqSave { dst } => format!("SET({dst}, irq_save(c)); {NEXT}"),
        Op::IrqRestore { on } => format!("irqs(c, {} != 0); {NEXT}", v(on)),
        Op::SendIpi { handler, targets, args, queued: _ } => {
            let values: Vec<String> = args.iter().map(v).collect();
            let list = if values.is_empty() { "0".into() } else { values.join(", ") };
            format!(
                "{{ u64 args[] = {{ {list} }}; send_ipi(c, {handler}, {}, args, {}); }} {NEXT}",
                v(targets),
                args.len()
            )
        }
        Op::AllocPage { dst } => format!("allocate(c, {dst}, OWNER(1, 0)); {NEXT}"),
        Op::AllocTable { dst, level, mm } => format!(
            "{{ u64 mm = {}; if (mm < MMS) allocate(c, {dst}, OWNER({}, mm)); else bug(); }} {NEXT}",
            v(mm),
            3 + *level as u8
        ),
        Op::Free { frame } => format!("free_frame({}); {NEXT}", v(frame)),
        Op::FreeRcu { frame } => format!("free_rcu({}); {NEXT}", v(frame)),
        Op::SetMode(to) => {
            let (kind, mm) = mode(*to);
            let warning = Property::KernelWarning.as_set().0;
            let forgotten = format!("(CPU.mode != {kind} || CPU.mode_mm != {mm}) && !CPU.irqs_on");
            let user = matches!(to, Mode::User(_));
            let warns =
                if user { format!("if ({forgotten}) marks |= {warning:#x}u; ") } else { String::new() };
            format!("{warns}set_mode(c, {kind}, {mm}); {NEXT}")
        }
        Op::EnterKernel => format!("if (CPU.mode == USER_MODE) CPU.mode = KERNEL_MODE; {NEXT}"),
        Op::LeaveKernel(leave) => {
            let (from, to) = match leave {
                Leave::Call => ("CPU.mode == KERNEL_MODE", "USER_MODE"),
                Leave::Stay => ("CPU.mode == KERNEL_MODE", "ENTERED"),
                Leave::ToUser => ("CPU.mode == KERNEL_MODE || CPU.mode == ENTERED", "USER_MODE"),
            };
            if *leave == Leave::Stay {
                return format!("if ({from}) CPU.mode = {to}; {NEXT}");
            }
            let warning = Property::KernelWarning.as_set().0;
            format!("if ({from}) {{ CPU.mode = {to}; if (!CPU.irqs_on) marks |= {warning:#x}u; }} {NEXT}")
        }
        Op::Check { cond, fatal, label } => {
            let property = if *fatal { Property::KernelBug } else { Property::KernelWarning };
            let shown = of_check(program, property, *label).0;
            format!("if ({}) marks |= {shown:#x}u; {NEXT}", v(cond))
        }
        // So is what switches threads.
        Op::Current { .. } | Op::MmOfTask { .. } | Op::SwitchTo { .. } => {
            "die(\"this model has no threads\");".into()
        }
        Op::MmAlloc { mm } => format!("make_space({}); {NEXT}", v(mm)),
        Op::MmFree { mm } => format!("end_space({}); {NEXT}", v(mm)),
        Op::Claim { what, mm, start, end } => {
            let all = u8::from(*what == Claimed::All);
            format!("claim(c, {all}, {}, {}, {}); {NEXT}", v(mm), v(start), v(end))
        }
        Op::Inspect { dst, what, cpu, n } => {
            format!("SET({dst}, inspect({}, {}, {})); {NEXT}", names::inspected(*what), v(cpu), v(n))
        }
        // So are guests.
        Op::Vmptrld { .. }
        | Op::VmEnter { .. }
        | Op::Vmcall
        | Op::Invept { .. }
        | Op::Invvpid { .. }
        | Op::Invlpga { .. } => "die(\"this model has no guests\");".into(),
        Op::BadArea => "bad_area(c); return;".into(),
        Op::Return => "end_handler(c); return;".into(),
        // Accesses and picks are actions of their own; a thread that has ended has none.
        Op::UserLoad { .. } | Op::UserStore { .. } | Op::UserRmw { .. } | Op::Maybe { .. } | Op::Halt => {
            "return;".into()
        }
    }
}
