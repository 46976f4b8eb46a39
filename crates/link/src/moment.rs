//! From an experiment and a moment of its run to a link, and from a link back to its experiment.

use crate::{Base, Link, Unopened, View, encode, hash_state, hash_texts};
use experiment::Experiment;
use explore::{System, Trace};
use lang::Selection;
use machine::{Action, Machine};

/// The word under which a link names another kernel than the text does, among its options: no option can be called
/// so. A reader that does not know it ignores it, as it ignores any option that is gone.
const KERNEL: &str = "kernel";

impl Link {
    /// The experiment that a link is about.
    ///
    /// # Errors
    /// If it names a scenario that the library does not have.
    pub fn experiment(&self) -> Result<Experiment, Unopened> {
        let texts = match &self.base {
            Base::Library { slug, .. } => {
                Experiment::library(slug).ok_or_else(|| Unopened::NoScenario(slug.clone()))?
            }
            Base::Inline { scenario, .. } => Experiment::new(scenario.as_str()),
        };
        let (kernel, options) =
            self.options.iter().cloned().partition::<Vec<_>, _>(|(name, _)| name == KERNEL);
        let kernel = kernel.into_iter().next().map(|(_, name)| name);
        let experiment = texts.selecting(Selection { case: self.case, options, kernel });
        Ok(match self.base.kernel() {
            Some(text) => experiment.with_kernel_text(text),
            None => experiment,
        })
    }
}

/// The edited kernel that a link to an experiment carries: the one that is used. Where the scenario can't be read that
/// far, the first one that differs from the library's.
fn carried(experiment: &Experiment) -> Option<(&str, &str)> {
    let mut edited = experiment.kernels.edited().map(|(name, text)| (name, &**text));
    match experiment.kernel_name() {
        Some(used) => edited.find(|(name, _)| *name == used),
        None => edited.next(),
    }
}

/// The names of edited kernels that a link to an experiment leaves out, as there is room for one.
#[must_use]
pub fn left_out(experiment: &Experiment) -> Vec<&str> {
    let carried = carried(experiment).map(|(name, _)| name);
    experiment.kernels.iter().map(|(name, _)| name).filter(|name| Some(*name) != carried).collect()
}

/// The texts of an experiment in the form that a link has: names where the library has them, themselves where not.
pub(crate) fn base(experiment: &Experiment) -> Base {
    let library = gallery::scenarios().find(|there| there.text == &*experiment.scenario);
    let name = experiment.kernel_name().unwrap_or_default();
    let named = gallery::kernel(&name).map(|there| there.text);
    let kernel = carried(experiment).map(|(_, text)| text.to_owned());
    let unedited = named.filter(|_| kernel.is_none());
    let texts: Vec<&str> = library.map(|there| there.text).into_iter().chain(unedited).collect();
    let hash = hash_texts(&texts);
    match library {
        Some(there) => Base::Library { slug: there.slug.to_owned(), kernel, hash },
        None => Base::Inline { scenario: experiment.scenario.to_string(), kernel, hash },
    }
}

/// The link to a moment of a run, compared with nothing. `machine` is what the experiment became.
#[must_use]
pub fn moment(
    experiment: &Experiment,
    machine: &Machine,
    trace: &Trace<Machine>,
    cursor: usize,
    view: View,
) -> Link {
    let Selection { case, kernel, options: _ } = &experiment.selection;
    let chosen = machine.program().options.iter().filter(|option| option.chosen != option.default);
    let instead = kernel.iter().map(|name| (KERNEL.to_owned(), name.clone()));
    let choice = |option: &lang::program::ProgramOption| {
        let choice = option.choices.get(usize::from(option.chosen))?;
        Some((option.name.clone(), choice.clone()))
    };
    Link {
        options: instead.chain(chosen.filter_map(choice)).collect(),
        case: *case,
        schedule: trace.schedule().into_iter().map(Action::code).collect(),
        cursor: u32::try_from(cursor).unwrap_or(u32::MAX),
        view,
        digest: digest(machine, trace),
        ..Link::new(base(experiment))
    }
}

/// The link to the beginning of an experiment, as text. `machine` is what the experiment became.
#[must_use]
pub fn beginning(experiment: &Experiment, machine: &Machine) -> String {
    encode(&moment(experiment, machine, &Trace::new(machine), 0, View::default()))
}

/// The digest of the state that a run ends in.
pub(crate) fn digest(machine: &Machine, trace: &Trace<Machine>) -> u32 {
    let mut packed = Vec::new();
    machine.pack(&machine.without_origins(trace.last().clone()), &mut packed);
    hash_state(&packed)
}
