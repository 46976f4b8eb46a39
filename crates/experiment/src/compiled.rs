//! What became of an experiment.

use lang::{Diagnostic, Severity};
use machine::{Machine, MachineRefusal};

/// What became of an experiment.
#[derive(Debug)]
pub struct CompiledExperiment {
    /// The machine, or why there is none.
    pub machine: Result<Machine, NoMachine>,
    /// Errors and warnings, in the order of the texts, the scenario's first.
    pub diagnostics: Vec<Diagnostic>,
}

/// Why there is no machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoMachine {
    /// The texts have errors. The diagnostics say which.
    Text,
    /// The texts are fine, but the machine that they ask for can't exist.
    Refused(MachineRefusal),
}

impl CompiledExperiment {
    /// Lays a program out on a machine, if there is one.
    pub(crate) fn of(lang::Compiled { program, diagnostics }: lang::Compiled) -> CompiledExperiment {
        let machine = match program {
            Some(program) => Machine::new(program).map_err(NoMachine::Refused),
            None => Err(NoMachine::Text),
        };
        CompiledExperiment { machine, diagnostics }
    }

    /// The errors.
    pub fn errors(&self) -> impl Iterator<Item = &Diagnostic> {
        self.diagnostics.iter().filter(|found| found.severity == Severity::Error)
    }

    /// The machine, for callers that show no diagnostics beside the texts.
    ///
    /// # Errors
    /// With the reason in words: the message of each error on a line, or the machine's refusal.
    pub fn into_machine(self) -> Result<Machine, String> {
        let errors = || self.errors().map(|error| error.message.as_str()).collect::<Vec<_>>().join("\n");
        match self.machine {
            Err(NoMachine::Text) => Err(errors()),
            Err(NoMachine::Refused(refusal)) => Err(refusal.to_string()),
            Ok(machine) => Ok(machine),
        }
    }
}
