//! A compiled scenario as a Promela model, for Spin.
//!
//! Spin is an independent model checker with strengths of its own: searches that keep one bit per state, and swarms
//! of such searches on many machines. The exported model has the same states and transitions as our own search. So
//! the two can be compared, and a search can continue where the memory of one machine ends.
//!
//! The model is one process with an option for each action of a state. The effect of an action is C code that Spin
//! embeds (`c_code`). `runtime.c` is the hardware, written a second time and not called from our code, so that the
//! two check each other. `code.rs` makes the program's operations, and `layout.rs` makes the state and the tables.
//! `size.rs` measures beforehand how much room caches and queues need. A run that needs more room says so and ends;
//! it never searches something else.
#![forbid(unsafe_code)]

mod code;
mod finale;
mod layout;
mod names;
mod refused;
mod size;

pub use refused::{Unmodelled, first, refused};

use machine::Machine;
use std::fmt::Write;

/// The hardware in C.
const RUNTIME: &str = include_str!("runtime.c");
/// What can be done next, in C.
const ACTIONS: &str = include_str!("actions.c");

/// The model of a machine, which [`refused`] finds nothing in. `room` is how much larger than measured caches, queues and lists shall be.
#[must_use]
pub fn export(machine: &Machine, room: u16) -> String {
    let size = size::measure(machine).with(room);
    let mut out = head(machine);
    block(&mut out, "c_decl", &layout::types(machine, &size));
    block(&mut out, "c_code", &layout::tables(machine));
    block(&mut out, "c_code", RUNTIME);
    for part in code::parts(machine) {
        block(&mut out, "c_code", &part);
    }
    if let Some(function) = finale::function(machine.program()) {
        block(&mut out, "c_code", &function);
    }
    block(&mut out, "c_code", ACTIONS);
    block(&mut out, "c_code", &layout::initial(machine));
    out.push_str("c_state \"Machine m\" \"Global\" \"first()\"\n\nactive proctype machine() {\n    do\n");
    // The parentheses around `can`: Spin takes a name before a parenthesis for a call, and a call for something
    // that changes the state.
    for number in 0..size.actions {
        let _ =
            writeln!(out, "    :: d_step {{ c_expr {{ (can)({number}) }} -> c_code {{ act({number}); }} }}");
    }
    out.push_str("    od\n}\n");
    out
}

fn head(machine: &Machine) -> String {
    let program = machine.program();
    // Nothing in a name may end the comment, join its lines or mean something to a preprocessor: only harmless
    // characters stay.
    let harmless =
        |c: char| c.is_ascii_alphanumeric() || matches!(c, ' ' | '+' | '-' | '_' | '.' | ',' | ':' | '=');
    let plain = |name: &str| name.chars().map(|c| if harmless(c) { c } else { '_' }).collect::<String>();
    let mut out =
        format!("/* {} on {}: exported by TLBscope.\n", plain(&program.name), plain(&program.kernel));
    for option in &program.options {
        let chosen = option.choices.get(option.chosen as usize).map_or("", String::as_str);
        let _ = writeln!(out, "   {} = {}", plain(&option.name), plain(chosen));
    }
    out.push_str(
        "\n   spin -o2 -a model.pml && gcc -O3 -DSAFETY -DNOREDUCE -o pan pan.c && ./pan -E -m1000000\n\n   \
         -o2 and -DNOREDUCE: Spin must not drop what it takes for dead or redundant. -DBFS finds shortest paths.\n   \
         -DSTOP_AT=mask stops at a property, -DAVOID=mask does not follow steps that show one:\n",
    );
    for (number, name) in layout::named_properties(program) {
        let _ = writeln!(out, "   {:#06x} {name}", 1u32 << number);
    }
    out.push_str("*/\n\n");
    out
}

/// A block of embedded C. Spin runs the model through a preprocessor before it reads it; a backslash keeps a directive
/// for the C compiler.
fn block(out: &mut String, kind: &str, text: &str) {
    let _ = writeln!(out, "{kind} {{");
    for line in text.lines() {
        let _ = writeln!(out, "{}{line}", if line.starts_with('#') { "\\" } else { "" });
    }
    out.push_str("}\n\n");
}

#[cfg(test)]
mod tests {
    use crate::{ACTIONS, RUNTIME, code, layout, refused};
    use experiment::Experiment;

    /// Spin 6.5 reads each block of C into a buffer of this length, and gives up on longer ones.
    const LONGEST: usize = 65_536;

    #[test]
    fn no_block_is_too_long_for_spin() {
        for scenario in gallery::scenarios() {
            let machine = Experiment::new(scenario.text).compile().machine.unwrap();
            if !refused(&machine).is_empty() {
                continue;
            }
            let mut blocks = code::parts(&machine);
            blocks.extend([layout::tables(&machine), layout::initial(&machine)]);
            blocks.extend([RUNTIME.to_owned(), ACTIONS.to_owned()]);
            for block in blocks {
                assert!(block.len() + block.lines().count() < LONGEST, "{}: {}", scenario.slug, block.len());
                assert_eq!(block.matches('{').count(), block.matches('}').count(), "{}", scenario.slug);
            }
        }
    }
}
