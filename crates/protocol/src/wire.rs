//! An experiment as it crosses: its texts, and what is chosen in them.
//!
//! Kernels of the library do not cross. Both sides have the same library, or the greeting fails
//! ([`BUILD`](crate::BUILD)).

use crate::{MAX_KERNELS, MAX_OPTIONS, MAX_TEXT, MessagePart, Refusal};
use experiment::{Experiment, NoMachine};
use lang::Selection;
use machine::Machine;
use serde::{Deserialize, Serialize};

/// The texts of an experiment.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WireTexts {
    /// The scenario's text.
    pub scenario: String,
    /// Kernels that stand in for the library's: name and text.
    pub kernels: Vec<(String, String)>,
}

/// The choices in an experiment.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WireSelection {
    /// Another kernel, by name, in the place of the one that the text names.
    pub kernel: Option<String>,
    /// Which case; nothing for the scenario as written.
    pub case: Option<u8>,
    /// Options and what they shall be.
    pub options: Vec<(String, String)>,
}

impl From<&Experiment> for WireTexts {
    fn from(experiment: &Experiment) -> WireTexts {
        let kernels = experiment.kernels.iter().map(|(name, text)| (name.to_owned(), text.to_string()));
        WireTexts { scenario: experiment.scenario.to_string(), kernels: kernels.collect() }
    }
}

impl WireTexts {
    /// The experiment with these texts and no choices yet.
    pub(crate) fn experiment(self) -> Result<Experiment, Refusal> {
        let WireTexts { scenario, kernels } = self;
        if kernels.len() > MAX_KERNELS {
            return Err(Refusal::TooBig(MessagePart::Kernels));
        }
        if kernels.iter().map(|(_, text)| text).chain([&scenario]).any(|text| text.len() > MAX_TEXT) {
            return Err(Refusal::TooBig(MessagePart::Text));
        }
        Ok(Experiment { kernels: kernels.into_iter().collect(), ..Experiment::new(scenario) })
    }
}

impl From<&Selection> for WireSelection {
    fn from(selection: &Selection) -> WireSelection {
        let Selection { case, options, kernel } = selection.clone();
        WireSelection { kernel, case, options }
    }
}

impl From<WireSelection> for Selection {
    fn from(selection: WireSelection) -> Selection {
        let WireSelection { kernel, case, options } = selection;
        Selection { case, options, kernel }
    }
}

/// An experiment with these choices.
pub(crate) fn chosen(experiment: &Experiment, selection: WireSelection) -> Result<Experiment, Refusal> {
    if selection.options.len() > MAX_OPTIONS {
        return Err(Refusal::TooBig(MessagePart::Options));
    }
    Ok(experiment.selecting(selection.into()))
}

/// The machine of an experiment with these choices.
pub(crate) fn machine(experiment: &Experiment, selection: WireSelection) -> Result<Machine, Refusal> {
    let compiled = chosen(experiment, selection)?.compile();
    let mut errors = compiled.errors();
    let first = errors.next().map(|error| error.message.clone()).unwrap_or_default();
    let errors = 1 + errors.count() as u32;
    compiled.machine.map_err(|why| match why {
        NoMachine::Text => Refusal::Text { errors, first },
        NoMachine::Refused(refusal) => Refusal::Machine(refusal.to_string()),
    })
}
