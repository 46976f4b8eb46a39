//! What the cases of a scenario cost, counted in one run of each. The last CPU begins. When it runs a kernel
//! thread, the other CPUs do everything they have to do; then the last CPU continues. Hardware does only what it
//! must.

use crate::model::session::Session;
use explore::{System, Trace};
use guide::{Cost, LessonSetting};
use lang::program::Mode;
use machine::{Action, Machine};

/// A limit that no run reaches.
const MOST_STEPS: usize = 400;

/// A case and its cost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CostRow {
    /// The case, by name; of the scenario as written, its kernel.
    pub name: String,
    /// The kernel.
    pub kernel: String,
    /// Whether it is the one on the stage.
    pub open: bool,
    /// What its run costs.
    pub cost: Cost,
}

/// All cases of a setting's scenario.
#[must_use]
pub fn rows(setting: &LessonSetting) -> Vec<CostRow> {
    let Some(session) = Session::library(&setting.scenario) else { return Vec::new() };
    let row = |(number, case): (usize, lang::CaseName)| {
        let chosen = number.checked_sub(1).and_then(|number| u8::try_from(number).ok());
        let setup = session.with_case(chosen).compile().0?;
        let machine = &setup.machine;
        Some(CostRow {
            name: case.name.clone().unwrap_or_else(|| case.kernel.clone()),
            kernel: case.kernel,
            open: case.name == setting.case,
            cost: Cost::of(machine, &visit(machine)),
        })
    };
    session.cases().into_iter().enumerate().filter_map(row).collect()
}

/// The run described above.
fn visit(machine: &Machine) -> Trace<Machine> {
    let mut trace = Trace::new(machine);
    let mut enabled = Vec::new();
    let mut visiting = false;
    for _ in 0..MOST_STEPS {
        let state = trace.last();
        let Some(last) = state.cpus.len().checked_sub(1) else { break };
        visiting |= state.cpus[last].mode == Mode::Kthread && state.cpus[last].irqs_on;
        enabled.clear();
        machine.enabled(state, &mut enabled);
        let must = |action: &&Action| matches!(action, Action::Drain { .. } | Action::Interrupt { .. });
        // Before the visit it is the last CPU's turn, afterwards that of the first that can go on.
        let turn =
            |action: &&Action| !action.speculative() && (visiting || usize::from(action.cpu()) == last);
        let asked = |action: &&Action| machine.wants(state, action.cpu()).is_some();
        let software = || enabled.iter().filter(turn).min_by_key(|action| action.cpu());
        let Some(&action) =
            enabled.iter().find(must).or_else(software).or_else(|| enabled.iter().find(asked))
        else {
            break;
        };
        trace.push(machine, action);
    }
    trace
}

#[cfg(test)]
mod tests {
    use super::rows;

    /// The rows of the tour's table are those of the mailing-list thread.
    #[test]
    fn an_ipi_or_two_cr3_writes() {
        let tour = guide::tour();
        let counted = tour.iter().find(|moment| moment.costs).expect("a moment that counts");
        let rows = rows(&counted.setting);
        let cost = |name: &str| rows.iter().find(|row| row.name == name).expect("the case").cost;
        let (before, bug, proposal) = (cost("4.13"), cost("linux-4.14-rc1"), cost("the proposal"));
        assert_eq!((before.ipis_to_idle, bug.ipis_to_idle, proposal.ipis_to_idle), (1, 0, 0));
        assert!(proposal.cr3_writes > bug.cr3_writes && proposal.cr3_kept > 0 && before.cr3_kept == 0);
    }
}
