//! The kernel's variables, as memory has them now. A store that only its own CPU can see is shown in that CPU's
//! store buffer.

use crate::name::Names;
use crate::view::{Change, VariableView};
use explore::System;
use lang::program::{Scope, Variable};
use machine::State;

/// The moments between which a variable may have changed.
struct Moments<'a> {
    names: Names<'a>,
    first: State,
    before: Option<&'a State>,
    after: &'a State,
}

/// Variables that are not per CPU, in textual order: globals by name, those of an mm as `A.tlb_gen`.
pub(crate) fn shared(names: Names<'_>, before: Option<&State>, after: &State) -> Vec<VariableView> {
    let moments = Moments { names, first: names.machine.initial(), before, after };
    let program = names.machine.program();
    let mut views = Vec::new();
    for variable in &program.variables {
        let owners = match variable.scope {
            Scope::PerCpu => 0,
            Scope::Global => 1,
            Scope::PerMm => program.mms.len() as u16,
        };
        for owner in 0..owners {
            views.extend(moments.elements(variable, owner, ""));
        }
    }
    views
}

/// Variables of a CPU, in textual order.
pub(crate) fn of_cpu(names: Names<'_>, before: Option<&State>, after: &State, cpu: u8) -> Vec<VariableView> {
    let moments = Moments { names, first: names.machine.initial(), before, after };
    let own = names.machine.program().variables.iter().filter(|variable| variable.scope == Scope::PerCpu);
    own.flat_map(|variable| moments.elements(variable, u16::from(cpu), &format!("cpu{cpu}/"))).collect()
}

/// Id of the variable that a cell belongs to: `cpu1/loaded_mm`, `A.tlb_gen`.
pub(crate) fn id(names: Names<'_>, cell: u16) -> String {
    let name = names.cell(None, cell);
    match names.machine.variable_of(cell) {
        Some((variable, owner, _)) if variable.scope == Scope::PerCpu => format!("cpu{owner}/{name}"),
        _ => name,
    }
}

impl Moments<'_> {
    fn elements(&self, variable: &Variable, owner: u16, prefix: &str) -> Vec<VariableView> {
        let first = variable.base + owner * variable.len;
        let views = (first..first + variable.len).map(|cell| {
            let name = self.names.cell(None, cell);
            let value = self.after.cells[cell as usize];
            let old = self.before.map(|before| before.cells[cell as usize]).filter(|&old| old != value);
            VariableView {
                id: format!("{prefix}{name}"),
                name,
                value: self.names.value(variable.ty, value),
                untouched: value == self.first.cells[cell as usize],
                change: old.map_or(Change::None, |old| Change::Was(self.names.value(variable.ty, old))),
            }
        });
        views.collect()
    }
}
