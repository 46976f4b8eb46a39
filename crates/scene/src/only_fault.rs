//! The sentence about accesses that can only fault.

use crate::name;
use lang::program::Pc;
use machine::Machine;

/// The accesses that a complete search has only seen fault, as a sentence that qualifies its verdict; nothing if there
/// are none. `text` is the scenario's.
#[must_use]
pub fn only_fault(machine: &Machine, accesses: &[Pc], text: &str) -> Option<String> {
    let program = machine.program();
    let one = |&pc: &Pc| {
        let site = program.sites.get(usize::from(pc))?;
        let what = match machine.effects(pc).taken.access()?.stored {
            Some(_) => "store",
            None => "load",
        };
        Some(format!("the {what} of {} in line {}", site.function, site.span.line_column(text).0))
    };
    let accesses: Vec<String> = accesses.iter().filter_map(one).collect();
    let (them, end) = match accesses.len() {
        0 => return None,
        1 => ("it", "Its block ends"),
        _ => ("they", "Their blocks end"),
    };
    let these = name::list(&accesses);
    Some(format!(
        "But {these} can only fault: {them} never succeeded. {end} there, and no run contains the code after that place."
    ))
}
