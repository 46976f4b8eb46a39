//! The state as a C structure, and the tables of everything that never changes.

use crate::names;
use crate::size::Size;
use explore::System;
use lang::effects::{Taken, Touches, Waits};
use lang::program::{Alloc, FaultFact, HandlerKind, Mode, NO_MM, Op, OwnStores, Program, Scope, Variable};
use machine::{Context, Loc, Machine, Property, State, of_check};
use std::fmt::Write;
use x86::{Owner, Vendor};

/// Constants and the state's type.
pub(crate) fn types(machine: &Machine, size: &Size) -> String {
    let (program, map, control) = (machine.program(), machine.map(), machine.control());
    let spec = &program.machine;
    let regs = |most: Option<u8>| u64::from(most.unwrap_or(0).max(1));
    let args = program.handlers.iter().map(|handler| handler.params.len()).max();
    let fault_handler = program.handlers.iter().position(|handler| handler.kind == HandlerKind::Fault);
    let present = fault_handler.is_some_and(|number| {
        program.handlers[number]
            .params
            .iter()
            .any(|(name, _)| FaultFact::named(name).is_some_and(|fact| fact.0 == FaultFact::Present))
    });
    // Registers that the condition on final states may read of a block that has faulted.
    let kept = if program.finale.is_some() { program.live[usize::from(program.end)] } else { 0 };
    let claims = program.code.iter().any(|op| op.effects().touches.any(Touches::MARKS));
    let threads = program.threads.iter().map(|thread| thread.regs);
    let constants: [(&str, u64); 45] = [
        ("CPUS", spec.cpus.into()),
        ("FRAMES", map.frames.len() as u64),
        ("MMS", program.mms.len() as u64),
        ("CELLS", program.cells.len() as u64),
        ("DRAMS", map.dram.len() as u64),
        ("DEVICES", map.devices.len() as u64),
        ("WATCHED", machine.watched().len() as u64),
        ("DEPTH", spec.store_buffer.into()),
        ("WORDS", words(machine) as u64),
        ("SLOTS", size.slots.into()),
        ("TLB_ROOM", size.tlb.into()),
        ("PSC_ROOM", size.psc.into()),
        ("IPIS", size.ipis.into()),
        ("CASTS", size.casts.into()),
        ("RCUS", size.rcus.into()),
        ("INTRUDERS", program.nmis.iter().chain(&program.vmexits).any(|&most| most > 0).into()),
        // Its number and one, or 0.
        ("FAULT_HANDLER", fault_handler.map_or(0, |number| number as u64 + 1)),
        ("ALLOC_FIRST", (spec.alloc == Alloc::First).into()),
        ("FAULT_PRESENT", present.into()),
        ("ACTIONS", size.actions.into()),
        ("ARGS", args.unwrap_or(0).max(1) as u64),
        ("TASK_REGS", regs(threads.chain(program.invariants.iter().map(|invariant| invariant.regs)).max())),
        ("HANDLER_REGS", regs(program.handlers.iter().map(|handler| handler.regs).max())),
        ("LEVELS", map.top as u64),
        ("MAXPHYADDR", map.maxphyaddr.into()),
        ("AMD", (map.vendor == Vendor::Amd).into()),
        ("TLB_CACHE_DIS", map.tlb_cache_dis.into()),
        ("PCIDE", control.pcide.into()),
        ("PGE", control.pge.into()),
        ("TCE", control.tce.into()),
        ("INVLPG_KEEPS_GLOBALS", control.invlpg_keeps_globals.into()),
        ("ERRATUM_383", spec.erratum_383.into()),
        ("INVLPGB_COUNT_MAX", spec.invlpgb_count_max.into()),
        ("OWN_STORES", own_stores(spec.walk_sees_own_stores)),
        ("END", program.end.into()),
        ("FINALE", program.finale.is_some().into()),
        ("KEPT", kept),
        ("CLAIMS", claims.into()),
        ("ORIGINS", machine::several_spaces(program).into()),
        ("INVARIANTS", program.invariants.len() as u64),
        ("LIMITS", u64::from(!limits(program).is_empty())),
        ("NO_MM", NO_MM.into()),
        ("ALLOC_ANY", (spec.alloc == Alloc::Any).into()),
        ("SPACES", program.makes_spaces().into()),
        ("MM_VARIABLES", mm_variables(program).count() as u64),
    ];
    let mut out = String::from("#include <stdio.h>\n#include <stdlib.h>\n#include <string.h>\n");
    for (name, value) in constants {
        let _ = writeln!(out, "#define {name} {value}");
    }
    for property in Property::ALL {
        let _ = writeln!(out, "#define {} {}", property.name().to_uppercase(), property.number());
    }
    let names = named_properties(program).map(|(number, name)| format!("[{number}] = \"{name}\""));
    let names: Vec<String> = names.collect();
    let _ = writeln!(out, "#define PROPERTY_NAMES {}", names.join(", "));
    out.push_str(STATE);
    out
}

/// Whether walks see their own CPU's buffered stores, as a number.
const fn own_stores(seen: OwnStores) -> u64 {
    match seen {
        OwnStores::No => 0,
        OwnStores::Yes => 1,
        OwnStores::Either => 2,
    }
}

/// Each property that the model can show, with its number and its name. Labels are told by number: a name in C and Promela
/// has to be harmless.
pub(crate) fn named_properties(program: &Program) -> impl Iterator<Item = (u8, String)> {
    let all = Property::ALL.into_iter().map(|property| (property.number(), property.name().to_owned()));
    let labelled = program.labelled.iter().enumerate().filter_map(|(at, labelled)| {
        let number = machine::named(program, &labelled.text())?.iter().next()?;
        Some((number, format!("{} label {}", labelled.property, at + 1)))
    });
    all.chain(labelled)
}

/// Words of a frame, or of the largest where there are some of 2 MiB.
fn words(machine: &Machine) -> usize {
    if machine.map().large.is_empty() { 512 } else { 512 * 512 }
}

/// Fields in the order of their width, so that there is nothing between them.
const STATE: &str = "
typedef unsigned short num;
struct ipi { num args[ARGS]; unsigned char handler, sender; };
struct cpu {
#if DEPTH
    unsigned where[DEPTH];
#endif
    num root, pcid, pc, hpc;
    num regs[TASK_REGS], hregs[HANDLER_REGS];
    num tlb[TLB_ROOM], psc[PSC_ROOM];
#if DEPTH
    num what[DEPTH];
#endif
#if IPIS
    struct ipi ipi[IPIS];
#endif
#if INTRUDERS
    num ipc, iregs[HANDLER_REGS];
#endif
#if FAULT_HANDLER
    num epc, eregs[HANDLER_REGS];
#endif
#if CASTS
    num cast[CASTS];
    unsigned char cast_by[CASTS];
#endif
    unsigned char held, ipis, casts, standing, irqs_on, mode, mode_mm, handler, sender, asleep;
#if INTRUDERS
    unsigned char intruder, nmis, vmexits;
#endif
#if FAULT_HANDLER
    unsigned char faulted, irqs_back;
#endif
};
struct machine {
    struct cpu cpu[CPUS];
    num cell[CELLS + 1], owner[FRAMES], word[FRAMES][SLOTS];
#if RCUS
    num rcu_waits[RCUS];
    unsigned char rcu_frame[RCUS];
#endif
    unsigned char free_frames[FRAMES], pops[DEVICES + 1], free, rcus, stopped;
#if SPACES
    unsigned char space_root[MMS], space_exists[MMS];
#endif
};
typedef struct machine Machine;
";

/// Macros that end where ours ends.
const SHORT_NAMES: [&str; 22] = [
    "M", "CPU", "P", "RW", "US", "PWT", "PCD", "A", "D", "PS", "G", "XD", "ADDRESS", "WRITE", "USER", "NX",
    "R", "SET", "SHOW", "HAZARD", "ENTRY", "COVERS",
];

/// Arrays of what never changes.
pub(crate) fn tables(machine: &Machine) -> String {
    let (program, map) = (machine.program(), machine.map());
    let mut out = names::HANDLER_KINDS.to_owned();
    let mut table = |head: &str, rows: Vec<String>| {
        // C has no empty arrays.
        let rows = if rows.is_empty() { "0".into() } else { lines(&rows) };
        let _ = writeln!(out, "static const {head} = {{ {rows} }};");
    };
    table("unsigned long long pfns[FRAMES]", map.frames.iter().map(|frame| number(frame.0.0)).collect());
    let frames = (0..map.frames.len()).map(|frame| map.span(frame as u8));
    table("unsigned short spans[FRAMES]", frames.map(|span| (span.end - span.start).to_string()).collect());
    let drams = map.dram.iter().map(|&(start, end)| format!("{{ {}, {} }}", number(start), number(end)));
    table("unsigned long long drams[DRAMS + 1][2]", drams.collect());
    let devices = map.devices.iter().map(|device| {
        format!("{{ {}, {}, {} }}", number(device.base), number(device.end), device.memory_type as u8)
    });
    table("unsigned long long devices[DEVICES + 1][3]", devices.collect());
    table(
        "unsigned long long watched[WATCHED + 1]",
        machine.watched().iter().map(|va| number(va.get())).collect(),
    );
    let unwalked = (0..program.machine.cpus).map(|cpu| machine.unwalked(cpu).to_string());
    table("unsigned short unwalked[CPUS]", unwalked.collect());
    let mms = 0..program.mms.len() as u8;
    table(
        "int roots[MMS]",
        mms.map(|mm| machine.root(&machine.initial(), mm).unwrap_or(0).to_string()).collect(),
    );
    table(
        "unsigned short handler_entry[]",
        program.handlers.iter().map(|handler| handler.entry.to_string()).collect(),
    );
    table(
        "unsigned char handler_kind[]",
        program.handlers.iter().map(|handler| names::handler_kind(handler.kind).to_owned()).collect(),
    );
    table("unsigned char kind[]", program.code.iter().map(|op| kind(op).to_string()).collect());
    table("unsigned long long limits[]", limits(program).into_iter().map(number).collect());
    if program.makes_spaces() {
        let of_mms = mm_variables(program).map(|one| format!("{{ {}, {} }}", one.base, one.len));
        table("unsigned short mm_variables[MM_VARIABLES + 1][2]", of_mms.collect());
        table(
            "unsigned long long first_cells[CELLS + 1]",
            program.cells.iter().map(|cell| number(*cell)).collect(),
        );
    }
    let invariants = || program.invariants.iter();
    table("unsigned short invariant_entry[]", invariants().map(|i| i.entry.to_string()).collect());
    table(
        "unsigned invariant_shows[]",
        invariants().map(|i| of_check(program, Property::Invariant, i.label).0.to_string()).collect(),
    );
    table("unsigned long long live[]", program.live.iter().map(|&live| number(live)).collect());
    format!("enum {{ STEPS, PICKS, ACCESSES, WAITS, HALTS, ALLOCATES }};\n{out}")
}

/// The variables that each mm has.
fn mm_variables(program: &Program) -> impl Iterator<Item = &Variable> {
    program.variables.iter().filter(|variable| variable.scope == Scope::PerMm)
}

/// The largest value of each variable with which a run continues; nothing if no variable has a limit.
fn limits(program: &Program) -> Vec<u64> {
    if program.variables.iter().all(|variable| variable.limit.is_none()) {
        return Vec::new();
    }
    let mut limits = vec![u64::MAX; program.cells.len()];
    for variable in &program.variables {
        let owners = match variable.scope {
            Scope::Global => 1,
            Scope::PerMm => program.mms.len(),
            Scope::PerCpu => usize::from(program.machine.cpus),
        };
        let cells = owners * usize::from(variable.len);
        limits[usize::from(variable.base)..][..cells].fill(variable.limit.unwrap_or(u64::MAX));
    }
    limits
}

/// Items with commas, sixteen to a line.
fn lines(items: &[String]) -> String {
    items.chunks(16).map(|line| line.join(", ")).collect::<Vec<_>>().join(",\n    ")
}

/// What kind of action an operation is offered as.
fn kind(op: &Op) -> u8 {
    let row = op.effects();
    match (row.taken, row.waits) {
        (Taken::Picked, _) => 1,
        (Taken::Access(_), _) => 2,
        (Taken::OneWay, Waits::Ipis) => 3,
        (Taken::OneWay, Waits::Ended) => 4,
        (Taken::OneWay, Waits::Frame) => 5,
        (
            Taken::OneWay,
            Waits::Never | Waits::Room | Waits::Condition | Waits::Lock | Waits::Broadcasts | Waits::Commands,
        ) => 0,
    }
}

/// A 64-bit constant.
pub(crate) fn number(value: u64) -> String {
    if value < 4096 { format!("{value}ull") } else { format!("{value:#x}ull") }
}

/// The function that makes the first state.
pub(crate) fn initial(machine: &Machine) -> String {
    let state = machine.initial();
    let mut out = String::from(
        "static struct machine first(void) {\n    memset(&M, 0, sizeof M);\n    atexit(tell);\n",
    );
    let mut put = |line: String| {
        let _ = writeln!(out, "    {line}");
    };
    for (cell, &value) in state.cells.iter().enumerate().filter(|(_, value)| **value != 0) {
        put(format!("M.cell[{cell}] = put_num({});", number(value)));
    }
    for (frame, content) in state.memory.frames.iter().enumerate() {
        let (kind, mm) = match content.owner {
            Owner::Free => (0, 0),
            Owner::Data => (1, 0),
            Owner::User { mm } => (2, mm),
            Owner::Table { mm, level } => (3 + level as u8, mm),
        };
        put(format!("M.owner[{frame}] = OWNER({kind}, {mm});"));
        for &(index, word) in content.words() {
            put(format!("put_word({frame}, {index}, {});", number(word)));
        }
    }
    for (device, pops) in state.memory.pops.iter().enumerate().filter(|(_, pops)| **pops != 0) {
        put(format!("M.pops[{device}] = {pops};"));
    }
    for (at, frame) in state.free.iter().enumerate() {
        put(format!("M.free_frames[{at}] = {frame};"));
    }
    put(format!("M.free = {};", state.free.len()));
    for (at, queued) in state.rcu.iter().enumerate() {
        put(format!("M.rcu_frame[{at}] = {}; M.rcu_waits[{at}] = {};", queued.frame, queued.waiting));
        put(format!("M.rcus = {};", at + 1));
    }
    for (mm, space) in state.spaces.iter().enumerate() {
        let root = space.root.map_or(0, |frame| frame + 1);
        let exists = u8::from(space.exists);
        put(format!("M.space_root[{mm}] = {root}; M.space_exists[{mm}] = {exists};"));
    }
    put(format!("M.stopped = {};", u8::from(state.stopped)));
    for cpu in 0..state.cpus.len() {
        put_cpu(&mut put, machine, &state, cpu);
    }
    out.push_str("    return M;\n}\n\n/* The rest of the checker is Spin's, and has its own use for such short names. */\n");
    for name in SHORT_NAMES {
        let _ = writeln!(out, "#undef {name}");
    }
    out
}

fn put_cpu(put: &mut impl FnMut(String), machine: &Machine, state: &State, number_: usize) {
    let program = machine.program();
    let cpu = &state.cpus[number_];
    let c = format!("M.cpu[{number_}]");
    put(format!("{c}.root = put_num({});", number(cpu.hw.cr3.root.0)));
    put(format!(
        "{c}.pcid = {}; {c}.standing = {};",
        cpu.hw.cr3.pcid.0,
        names::provenance(cpu.hw.cr3.provenance)
    ));
    let rights = |rights: x86::Rights| {
        u8::from(rights.write) << 2 | u8::from(rights.user) << 1 | u8::from(rights.no_execute)
    };
    for entry in &cpu.hw.tlb {
        put(format!(
            "{{ struct entry e = {{ {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {} }}; insert({c}.tlb, TLB_ROOM, put_entry(&e)); }}",
            number(entry.page),
            number(entry.pfn.0),
            entry.pcid.0,
            entry.level as u8,
            rights(entry.rights),
            u8::from(entry.dirty),
            u8::from(entry.global),
            entry.memory_type as u8,
            names::provenance(entry.provenance),
            entry.ghost.space.map_or(0, |mm| mm + 1),
            u8::from(entry.ghost.outdated),
        ));
    }
    for entry in &cpu.hw.psc {
        put(format!(
            "{{ struct entry e = {{ {}, {}, {}, {}, {}, 0, 0, {}, {}, {}, {} }}; insert({c}.psc, PSC_ROOM, put_entry(&e)); }}",
            number(entry.tag),
            number(entry.table.0),
            entry.pcid.0,
            entry.level as u8,
            rights(entry.rights),
            entry.memory_type as u8,
            names::provenance(entry.provenance),
            entry.ghost.space.map_or(0, |mm| mm + 1),
            u8::from(entry.ghost.outdated),
        ));
    }
    for (at, &(loc, value)) in cpu.buffer.stores().iter().enumerate() {
        let loc = match loc {
            Loc::Cell(cell) => 1 + usize::from(cell),
            Loc::Word(frame, index) => {
                1 + program.cells.len() + usize::from(frame) * words(machine) + index as usize
            }
        };
        put(format!("{c}.where[{at}] = {loc}; {c}.what[{at}] = put_num({});", number(value)));
        put(format!("{c}.held = {};", at + 1));
    }
    let (mode, mm) = mode(cpu.mode);
    put(format!("{c}.irqs_on = {}; {c}.mode = {mode}; {c}.mode_mm = {mm};", u8::from(cpu.irqs_on)));
    if cpu.nmis > 0 || cpu.vmexits > 0 {
        put(format!("{c}.nmis = {}; {c}.vmexits = {};", cpu.nmis, cpu.vmexits));
    }
    put(format!("{c}.asleep = {};", cpu.asleep.map_or(0, |depth| 1 + depth as u8)));
    let mut context = |context: &Context, pc: &str, regs: &str| {
        put(format!("{c}.{pc} = {};", context.pc));
        for (reg, &value) in context.regs.iter().enumerate().filter(|(_, value)| **value != 0) {
            put(format!("{c}.{regs}[{reg}] = put_num({});", number(value)));
        }
    };
    context(&cpu.task, "pc", "regs");
}

/// A mode's name in C, and its mm.
pub(crate) const fn mode(mode: Mode) -> (&'static str, u8) {
    match mode {
        Mode::Idle => ("IDLE", 0),
        Mode::Kthread => ("KTHREAD", 0),
        Mode::User(mm) => ("USER_MODE", mm),
        Mode::Kernel(mm) => ("KERNEL_MODE", mm),
        Mode::Entered(mm) => ("ENTERED", mm),
    }
}
