//! What runs: a scenario with its workload, on a kernel, with as many CPUs as it asks for.

use experiment::{Experiment, NoMachine};
use lang::costs::Costs;
use lang::source::SourceId;
use lang::syntax::File;
use lang::workload::{MAX_TIMED_CPUS, Workload};
use machine::Machine;
use std::fmt;
use std::sync::Arc;

/// A machine and what its programs do.
#[derive(Clone, Debug)]
pub struct TimedSubject {
    /// The machine.
    pub machine: Arc<Machine>,
    /// The scenario's workload.
    pub workload: Workload,
    /// Whether it has a workload. A block without a workload is run once.
    pub repeats: bool,
    /// The experiment, with the options that belong to the costs.
    pub experiment: Experiment,
}

/// Why there is nothing to run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoTimedSubject {
    /// The texts have errors: the first of them.
    Text(String),
    /// The machine can't exist.
    Refused(String),
}

impl fmt::Display for NoTimedSubject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (NoTimedSubject::Text(why) | NoTimedSubject::Refused(why)) = self;
        f.write_str(why)
    }
}

impl std::error::Error for NoTimedSubject {}

impl TimedSubject {
    /// The machine of an experiment. Options that belong to the costs are set where kernel or machine have them and the
    /// experiment does not choose otherwise.
    ///
    /// # Errors
    /// If the texts have errors, the machine can't exist, or it can't have so many CPUs.
    pub fn new(
        experiment: &Experiment,
        costs: &Costs,
        cpus: Option<u8>,
    ) -> Result<TimedSubject, NoTimedSubject> {
        let experiment = with_options(experiment, costs);
        let said = lang::workload::workload(&experiment.scenario);
        let workload = said.map_err(|found| NoTimedSubject::Text(first(&found)))?;
        let compiled = experiment.compile_timed(cpus);
        let machine = compiled.machine.map_err(|why| match why {
            NoMachine::Text => NoTimedSubject::Text(first(&compiled.diagnostics)),
            NoMachine::Refused(refusal) => NoTimedSubject::Refused(refusal.to_string()),
        })?;
        let program = machine.program();
        if let Some(asked) = cpus.filter(|&asked| asked != program.machine.cpus) {
            let there = program.machine.cpus;
            let why = match asked > there {
                true => format!(
                    "a timed run has at most {MAX_TIMED_CPUS} CPUs, since sets of CPUs are numbers of 64 bits"
                ),
                false => format!("the scenario itself has {there} CPUs, which is more than {asked}"),
            };
            return Err(NoTimedSubject::Refused(why));
        }
        if program.machine.threads > 0 {
            let why = "a timed run has no threads besides the CPUs' own blocks yet";
            return Err(NoTimedSubject::Refused(why.to_owned()));
        }
        if program.machine.ats > 0 {
            let why =
                "a timed run has no devices yet: no figure says what their translations and commands cost";
            return Err(NoTimedSubject::Refused(why.to_owned()));
        }
        if program.mms.iter().any(|mm| mm.guest.is_some()) {
            let why = "a timed run has no guests yet: no figure says what their walks and exits cost";
            return Err(NoTimedSubject::Refused(why.to_owned()));
        }
        let repeats = workload.is_some();
        let workload = workload.unwrap_or_default();
        Ok(TimedSubject { machine: Arc::new(machine), workload, repeats, experiment })
    }
}

/// The experiment of a text that holds a scenario, and perhaps kernels.
#[must_use]
pub fn experiment_of(text: &str) -> Experiment {
    let parts = lang::parts(text);
    if parts.len() < 2 {
        return Experiment::new(text);
    }
    let scenario = parts.iter().find(|part| !part.kernel).map(|part| part.of(text)).unwrap_or_default();
    let kernels = parts.iter().filter(|part| part.kernel).map(|part| (part.name.clone(), part.of(text)));
    Experiment { kernels: kernels.collect(), ..Experiment::new(scenario) }
}

/// The same workload on another kernel. A workload may have a kernel of its own that extends one of the library with
/// missing functions: then these additions are made to the other kernel too.
#[must_use]
pub fn on_kernel(experiment: &Experiment, kernel: &str) -> Experiment {
    let own = experiment.named_kernel().and_then(|name| experiment.kernels.own(&name).cloned());
    let Some(text) = own.as_ref().and_then(|text| extending(text, kernel)) else {
        return experiment.on_kernel(Some(kernel));
    };
    let name = lang::kernel_name(&text).unwrap_or_default();
    experiment.with_kernel(name.clone(), text).on_kernel(Some(&name))
}

/// The text of a kernel that extends another one, made to extend `kernel`; nothing if it extends none.
fn extending(text: &str, kernel: &str) -> Option<String> {
    let Some(File::Kernel(tree)) = lang::tree(text, SourceId::KERNEL).0 else { return None };
    let (name, base) = (tree.name.span, tree.extends?.span);
    let quoted = |name: &str| format!("{name:?}");
    let at = |place: u32| usize::try_from(place).ok();
    let head = text.get(..at(name.start)?)?;
    let between = text.get(at(name.end)?..at(base.start)?)?;
    let rest = text.get(at(base.end)?..)?;
    Some(format!("{head}{}{between}{}{rest}", quoted(&format!("{kernel}{ADDED}")), quoted(kernel)))
}

/// Whether a kernel is another one with a workload's additions, by its name.
#[must_use]
pub fn is_added(kernel: &str) -> bool {
    kernel.ends_with(ADDED)
}

/// The name of the kernel to which a workload has added something, given the name of both together. Any other name stays
/// as it is.
#[must_use]
pub fn added_to(kernel: &str) -> &str {
    kernel.strip_suffix(ADDED).unwrap_or(kernel)
}

/// What the name of a kernel with a workload's additions ends with.
const ADDED: &str = ", for the workload";

/// The experiment with the options that belong to the costs, as far as it has them.
fn with_options(experiment: &Experiment, costs: &Costs) -> Experiment {
    if costs.with.is_empty() {
        return experiment.clone();
    }
    let there = experiment.program().program.map(|program| program.options).unwrap_or_default();
    let mut selection = experiment.selection.clone();
    for (name, choice) in &costs.with {
        let offered = there.iter().any(|option| option.name == *name && option.choices.contains(choice));
        if offered && !selection.options.iter().any(|option| option.0 == *name) {
            selection.options.push((name.clone(), choice.clone()));
        }
    }
    experiment.selecting(selection)
}

fn first(found: &[lang::Diagnostic]) -> String {
    let error = found.iter().find(|found| found.severity == lang::Severity::Error);
    error.map_or_else(|| "the text has errors".to_owned(), |error| error.message.clone())
}

/// A table of costs of the library: by its slug, or by the name that it gives itself.
///
/// # Errors
/// With what is wrong, and the names that exist.
pub fn library_costs(name: &str) -> Result<Costs, String> {
    let named = |name: &str| {
        gallery::costs()
            .find(|text| text.slug == name || lang::costs::costs_name(text.text).as_deref() == Some(name))
            .map(|text| text.text)
    };
    let Some(text) = named(name) else {
        let slugs: Vec<&str> = gallery::costs().map(|text| text.slug).collect();
        let near = lang::nearest(name, slugs.iter().copied());
        let there = near.map_or_else(
            || format!("there are {}", slugs.join(", ")),
            |near| format!("did you mean {near}?"),
        );
        return Err(format!("there are no costs {name:?}; {there}"));
    };
    read_costs(text)
}

/// A table of costs from its text, which may extend one of the library.
///
/// # Errors
/// With what is wrong in it.
pub fn read_costs(text: &str) -> Result<Costs, String> {
    costs_of(text).map_err(|found| first(&found))
}

/// The same, with all that is to be said.
///
/// # Errors
/// With everything that is wrong in it.
pub fn costs_of(text: &str) -> Result<Costs, Vec<lang::Diagnostic>> {
    let named = |name: &str| {
        gallery::costs()
            .find(|text| text.slug == name || lang::costs::costs_name(text.text).as_deref() == Some(name))
            .map(|text| text.text)
    };
    lang::costs::costs(text, &named)
}
