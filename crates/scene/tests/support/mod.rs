//! Machines to look at: from the library, and from the small texts of this folder, which change only with their
//! tests.

use explore::{Limits, Search, Trace};
use lang::{Selection, Texts};
use machine::{Machine, Property};
use scene::Sources;

/// Small kernels and the library's.
struct Kernels;

const LITTLE: &str = include_str!("../texts/little.tlb");

impl Texts for Kernels {
    fn kernel(&self, name: &str) -> Option<&str> {
        if name == "little" { Some(LITTLE) } else { gallery::kernel(name).map(|kernel| kernel.text) }
    }
}

/// A scenario's machine in one of its cases (0 is the scenario itself), with options set.
pub fn compile(scenario: &str, case: usize, options: &[(&str, &str)]) -> Machine {
    let options = options.iter().map(|(name, choice)| ((*name).to_owned(), (*choice).to_owned())).collect();
    let selection = Selection { case: case.checked_sub(1).map(|case| case as u8), options };
    let compiled = lang::compile(scenario, &Kernels, &selection);
    let program = compiled.program.unwrap_or_else(|| panic!("{:#?}", compiled.diagnostics));
    Machine::new(program).unwrap_or_else(|refusal| panic!("{refusal}"))
}

/// The texts of a scenario on the small kernel.
pub fn sources(scenario: &str) -> Sources<'_> {
    Sources { scenario, kernel: LITTLE }
}

/// The shortest trace that shows a property.
pub fn shortest(machine: &Machine, property: Property) -> Trace<Machine> {
    let limits = Limits { stop_at: property.mark(), ..Limits::default() };
    let mut search = Search::new(machine, limits);
    search.run_to_end();
    let witness = search.witness(property.number()).unwrap_or_else(|| panic!("no {}", property.name()));
    Trace::replay(machine, &witness.schedule).0
}
