//! Machines to look at: from the library, and from the small texts of this folder. Those texts change only with
//! their tests.

use experiment::{Experiment, NoMachine};
use lang::Selection;
use machine::{Machine, MachineRefusal};

/// The small kernel.
pub const LITTLE: &str = include_str!("../texts/little.tlb");

/// A scenario's machine in one of its cases (0 is the scenario itself), with options set.
pub fn compile(scenario: &str, case: usize, options: &[(&str, &str)]) -> Machine {
    try_compile(scenario, case, options).unwrap_or_else(|refusal| panic!("{refusal}"))
}

/// The same; a scenario may refuse options that it was not written for, in its setup.
pub fn try_compile(scenario: &str, case: usize, options: &[(&str, &str)]) -> Result<Machine, MachineRefusal> {
    let options = options.iter().map(|(name, choice)| ((*name).to_owned(), (*choice).to_owned())).collect();
    let selection = Selection::new(case.checked_sub(1).map(|case| case as u8), options);
    let compiled = Experiment::new(scenario).with_kernel("little", LITTLE).selecting(selection).compile();
    compiled.machine.map_err(|why| match why {
        NoMachine::Text => panic!("{:#?}", compiled.diagnostics),
        NoMachine::Refused(refusal) => refusal,
    })
}
