//! The one way from texts to a machine.
//!
//! An [`Experiment`] is a scenario's text, the kernel texts that somebody wrote, and a selection: a case, options, and
//! perhaps another kernel than the text names. [`Experiment::compile`] makes the [`Machine`](machine::Machine) of it. The page, its worker,
//! links, the command line, benchmarks and tests all go this way. So they agree about which kernel a scenario runs on,
//! and about what an edit changes.
//!
//! - A kernel is found by its name: first among the experiment's own ([`Kernels`]), then in the library.
//! - Another kernel is a part of the selection, and the compiler resolves it. No text is edited by searching in it, so
//!   the spacing and the comments of a text can't change which kernel is meant.
//! - An experiment is a value. To change something, make another one; the two share their texts.
//!
//! ```
//! use experiment::Experiment;
//!
//! let experiment = Experiment::library("lazy+munmap").expect("the library has it");
//! assert_eq!(experiment.kernel_name().as_deref(), Some("linux-4.14-rc1"));
//! let other = experiment.on_kernel(Some("linux-4.14"));
//! assert_eq!(other.scenario, experiment.scenario);
//! let machine = other.compile().machine.expect("it compiles");
//! assert_eq!(machine.program().kernel, "linux-4.14");
//! ```
//!
//! It knows no file, no link and no message: callers that have one make an experiment from it.
#![forbid(unsafe_code)]

pub mod changes;
mod compiled;
mod kernels;
mod outlines;

pub use compiled::{CompiledExperiment, NoMachine};
pub use kernels::Kernels;

use lang::{CaseName, Outline, Selection, Whole};
use std::rc::Rc;
use std::sync::Arc;

/// Everything that decides which machine there is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Experiment {
    /// The scenario's text.
    pub scenario: Arc<str>,
    /// Kernel texts that stand in for the library's.
    pub kernels: Kernels,
    /// Case, options, and another kernel than the text names.
    pub selection: Selection,
}

impl Experiment {
    /// A scenario as written, on kernels of the library.
    #[must_use]
    pub fn new(scenario: impl Into<Arc<str>>) -> Experiment {
        Experiment { scenario: scenario.into(), kernels: Kernels::default(), selection: Selection::default() }
    }

    /// A scenario of the library as written, by its slug.
    #[must_use]
    pub fn library(slug: &str) -> Option<Experiment> {
        gallery::scenario(slug).map(|there| Experiment::new(there.text))
    }

    /// The same texts with other choices.
    #[must_use]
    pub fn selecting(&self, selection: Selection) -> Experiment {
        Experiment { selection, ..self.clone() }
    }

    /// The same texts and choices on another kernel, by name; on the one that the text names, if it is that or none.
    #[must_use]
    pub fn on_kernel(&self, name: Option<&str>) -> Experiment {
        let other = name.filter(|name| self.named_kernel().as_deref() != Some(*name));
        let kernel = other.map(str::to_owned);
        self.selecting(Selection { kernel, ..self.selection.clone() })
    }

    /// The same, with a text that replaces all kernels of a name.
    #[must_use]
    pub fn with_kernel(&self, name: impl Into<String>, text: impl Into<Arc<str>>) -> Experiment {
        let mut kernels = self.kernels.clone();
        kernels.insert(name, text);
        Experiment { kernels, ..self.clone() }
    }

    /// The same, with a text that replaces the kernel in use. If the scenario can't be read as far as the kernel's
    /// name, the text replaces the kernel of its own name.
    #[must_use]
    pub fn with_kernel_text(&self, text: impl Into<Arc<str>>) -> Experiment {
        let text = text.into();
        let name = self.kernel_name().or_else(|| lang::kernel_name(&text)).unwrap_or_default();
        self.with_kernel(name, text)
    }

    /// Whether the texts are too long for a link to each of many settings to be made beforehand: for each they would be packed.
    #[must_use]
    pub fn is_long(&self) -> bool {
        const LONG: usize = 64 * 1024;
        let kernels: usize = self.kernels.iter().map(|(_, text)| text.len()).sum();
        self.scenario.len() + kernels > LONG
    }

    /// The scenario's name and cases.
    #[must_use]
    pub fn outline(&self) -> Rc<Outline> {
        outlines::of(&self.scenario)
    }

    /// The scenario as it stands, then its cases.
    #[must_use]
    pub fn cases(&self) -> Vec<CaseName> {
        self.outline().cases.clone()
    }

    /// The name of the case that is selected; nothing for the scenario as it stands.
    #[must_use]
    pub fn case(&self) -> Option<String> {
        let outline = self.outline();
        let selected = outline.cases.iter().find(|case| case.case == self.selection.case);
        selected.and_then(|case| case.name.clone())
    }

    /// The name of the kernel that is used with a selection; nothing if the text can't be read that far.
    #[must_use]
    pub fn kernel_by(&self, selection: &Selection) -> Option<String> {
        selection.kernel_in(&self.outline().cases)
    }

    /// The scenario as it stands and each of its cases, without other choices.
    #[must_use]
    pub fn variants(&self) -> Vec<(CaseName, Experiment)> {
        let told = |name: CaseName| {
            let selection = Selection { case: name.case, ..Selection::default() };
            (name, self.selecting(selection))
        };
        self.cases().into_iter().map(told).collect()
    }

    /// The name of the kernel that is used; nothing if the text can't be read that far.
    #[must_use]
    pub fn kernel_name(&self) -> Option<String> {
        self.kernel_by(&self.selection)
    }

    /// The name of the kernel that the text names for the case, whichever is used.
    #[must_use]
    pub fn named_kernel(&self) -> Option<String> {
        self.kernel_by(&Selection { kernel: None, ..self.selection.clone() })
    }

    /// The text of the kernel that is used, if there is one of that name.
    #[must_use]
    pub fn kernel_text(&self) -> Option<&str> {
        self.kernels.text(&self.kernel_name()?)
    }

    /// The same with the texts of the kernels that it extends: what places in the kernel refer to.
    #[must_use]
    pub fn whole_kernel(&self) -> Option<Whole<'_>> {
        Some(Whole::new(self.kernel_text()?, &self.kernels))
    }

    /// Whether it rests on a kernel of the library that the page does not have from the beginning.
    #[must_use]
    pub fn needs_library(&self) -> bool {
        let mut next = self.kernel_name();
        // A kernel that extends itself is an error, which the compiler tells.
        let mut seen = Vec::new();
        while let Some(name) = next.filter(|name| !seen.contains(name)) {
            if self.kernels.own(&name).is_none() && !gallery::at_once(&name) {
                return true;
            }
            next = self.kernels.text(&name).and_then(lang::extended_kernel);
            seen.push(name);
        }
        false
    }

    /// The compiled program, before it is laid out on a machine.
    #[must_use]
    pub fn program(&self) -> lang::Compiled {
        lang::compile(&self.scenario, &self.kernels, &self.selection)
    }

    /// The machine of the texts, or the reason why there is none; in both cases with the compiler's messages.
    #[must_use]
    pub fn compile(&self) -> CompiledExperiment {
        CompiledExperiment::of(self.program())
    }

    /// The machine for a timed run: with as many CPUs as `cpus` says, or else its workload ([`lang::compile_timed`]).
    #[must_use]
    pub fn compile_timed(&self, cpus: Option<u8>) -> CompiledExperiment {
        CompiledExperiment::of(lang::compile_timed(&self.scenario, &self.kernels, &self.selection, cpus))
    }
}
