//! The toy in Promela, for Spin.
//!
//! The model is one process with an option for each action of each CPU. Each option is a `d_step`, so that Spin's
//! transitions match ours one by one. All variables are global and as narrow as Promela has them. Compiled with
//! `-DBUG`, the access of [`STALE`](super::STALE) asserts that it is not stale.

use super::{CPUS, DEPTH, ENTRY, LOCATIONS, MEMORY, Op, PROGRAM, Toy};
use std::fmt::Write;

/// The model's text.
#[must_use]
pub fn text(toy: &Toy) -> String {
    let mut out = String::new();
    let starts = toy.starts.map(|start| start.to_string()).join(", ");
    let _ = write!(
        out,
        "/* The toy model of TLBscope's benchmark, made from its program. */\n\
         byte pc[{CPUS}] = {{ {starts} }};\n\
         byte reg[{CPUS}], tlb[{CPUS}], ipis[{CPUS}], held[{CPUS}];\n\
         byte where[{stores}], what[{stores}];\n\
         byte mem[{}] = {{ {} }};\n\n\
         active proctype all() {{\n    do\n",
        LOCATIONS.len(),
        MEMORY.map(|value| value.to_string()).join(", "),
        stores = CPUS * DEPTH as usize,
    );
    for cpu in 0..CPUS {
        step(&mut out, cpu);
        hardware(&mut out, cpu);
    }
    out.push_str("    od\n}\n");
    out
}

fn step(out: &mut String, cpu: usize) {
    let guards: Vec<String> = PROGRAM
        .iter()
        .enumerate()
        .filter_map(|(pc, op)| Some(format!("(pc[{cpu}] == {pc}{})", guard(*op, cpu)?)))
        .collect();
    let _ = writeln!(out, "    :: d_step {{ ({}) ->\n        if", guards.join(" || "));
    for (pc, op) in PROGRAM.iter().enumerate().filter(|(_, op)| **op != Op::End) {
        let next = pc + 1;
        let _ = writeln!(out, "        :: (pc[{cpu}] == {pc}) -> {}", effect(*op, cpu, next));
    }
    out.push_str("        fi }\n");
}

/// What must hold, apart from the place in the program; nothing for a step that is never taken.
fn guard(op: Op, cpu: usize) -> Option<String> {
    Some(match op {
        Op::StoreOwn(_) | Op::StoreReg(_) => format!(" && held[{cpu}] < {DEPTH}"),
        Op::Fence | Op::LockedAdd(_) | Op::SendIpi => format!(" && held[{cpu}] == 0"),
        Op::WaitAck => format!(" && (ipis[{}] & {}) == 0", (cpu + 1) % CPUS, 1 << cpu),
        Op::Access | Op::LastAccess => format!(" && tlb[{cpu}] != 0"),
        Op::Load(_) | Op::SkipIfOdd(_) => String::new(),
        Op::End => return None,
    })
}

fn effect(op: Op, cpu: usize, next: usize) -> String {
    let slot = |slot: usize| cpu * DEPTH as usize + slot;
    let push = |location: u8, value: &str| {
        format!(
            "if :: (held[{cpu}] == 0) -> where[{0}] = {location}; what[{0}] = {value} \
             :: else -> where[{1}] = {location}; what[{1}] = {value} fi; held[{cpu}]++; pc[{cpu}] = {next}",
            slot(0),
            slot(1),
        )
    };
    let advance = format!("pc[{cpu}] = {next}");
    match op {
        Op::StoreOwn(location) => push(location, &(cpu + 1).to_string()),
        Op::StoreReg(location) => push(location, &format!("reg[{cpu}]")),
        Op::Load(location) => format!(
            "if :: (held[{cpu}] == 2 && where[{1}] == {location}) -> reg[{cpu}] = what[{1}] \
             :: else -> if :: (held[{cpu}] > 0 && where[{0}] == {location}) -> reg[{cpu}] = what[{0}] \
             :: else -> reg[{cpu}] = mem[{location}] fi fi; {advance}",
            slot(0),
            slot(1),
        ),
        Op::LockedAdd(location) => {
            format!("mem[{location}] = (mem[{location}] + 1) & 15; reg[{cpu}] = mem[{location}]; {advance}")
        }
        Op::SkipIfOdd(target) => {
            format!("if :: (reg[{cpu}] & 1) -> pc[{cpu}] = {target} :: else -> {advance} fi")
        }
        Op::SendIpi => format!("ipis[{0}] = ipis[{0}] | {1}; {advance}", (cpu + 1) % CPUS, 1 << cpu),
        Op::LastAccess => format!("\n#ifdef BUG\nassert(tlb[{cpu}] == mem[{ENTRY}]);\n#endif\n{advance}"),
        Op::Access | Op::Fence | Op::WaitAck | Op::End => advance,
    }
}

fn hardware(out: &mut String, cpu: usize) {
    let (old, young) = (cpu * DEPTH as usize, cpu * DEPTH as usize + 1);
    let _ = writeln!(
        out,
        "    :: d_step {{ (held[{cpu}] != 0) -> mem[where[{old}]] = what[{old}]; where[{old}] = where[{young}]; \
         what[{old}] = what[{young}]; where[{young}] = 0; what[{young}] = 0; held[{cpu}]-- }}\n    \
         :: d_step {{ (tlb[{cpu}] == 0) -> tlb[{cpu}] = mem[{ENTRY}] }}\n    \
         :: d_step {{ (ipis[{cpu}] != 0) -> tlb[{cpu}] = 0; ipis[{cpu}] = 0 }}"
    );
}
