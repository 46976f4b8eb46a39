//! What a link is about: a scenario, the kernels that stand in for the library's, and the choices made in it.

use crate::{Base, Link, Unopened, View, hash_state, hash_texts};
use explore::{System, Trace};
use lang::{Compiled, Selection, Texts};
use machine::{Action, MODEL, Machine};
use std::collections::BTreeMap;

/// The word under which a link names another kernel than the text does, among its options: no option can be called
/// so. A reader that does not know it ignores it, as it ignores any option that is gone.
const KERNEL: &str = "kernel";

/// Everything that decides which machine there is: texts and choices.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Variant {
    /// The scenario's text.
    pub scenario: String,
    /// Kernel texts that stand in for the library's, by the name that scenarios use.
    pub kernels: BTreeMap<String, String>,
    /// Case and options.
    pub selection: Selection,
}

impl Variant {
    /// What a link is about.
    ///
    /// # Errors
    /// If it names a scenario that the library does not have.
    pub fn of(link: &Link) -> Result<Variant, Unopened> {
        let scenario = match &link.base {
            Base::Library { slug, .. } => match gallery::scenario(slug) {
                Some(there) => there.text.to_owned(),
                None => return Err(Unopened::NoScenario(slug.clone())),
            },
            Base::Inline { scenario, .. } => scenario.clone(),
        };
        let (kernel, options) =
            link.options.iter().cloned().partition::<Vec<_>, _>(|(name, _)| name == KERNEL);
        let kernel = kernel.into_iter().next().map(|(_, name)| name);
        let selection = Selection { case: link.case, options, kernel };
        let mut variant = Variant { scenario, kernels: BTreeMap::new(), selection };
        if let Some(text) = link.base.kernel() {
            // A scenario with errors may not say which kernel it uses: then the kernel says who it is.
            let name = variant.kernel_name().or_else(|| lang::kernel_name(text)).unwrap_or_default();
            variant.kernels.insert(name, text.to_owned());
        }
        Ok(variant)
    }

    /// The name of the kernel that the scenario, or its case, uses; nothing if the text can't be read that far.
    #[must_use]
    pub fn kernel_name(&self) -> Option<String> {
        self.selection.kernel_of(&self.scenario)
    }

    /// The edited kernel that a link to it carries: the one that is used. Where the scenario can't be read that far, the
    /// first one that differs from the library's.
    #[must_use]
    pub fn carried(&self) -> Option<(&str, &str)> {
        let edited = |name: &str, text: &str| gallery::kernel(name).map(|there| there.text) != Some(text);
        let all = self.kernels.iter().map(|(name, text)| (name.as_str(), text.as_str()));
        let mut all = all.filter(|(name, text)| edited(name, text));
        match self.kernel_name() {
            Some(used) => all.find(|(name, _)| *name == used),
            None => all.next(),
        }
    }

    /// The names of edited kernels that a link to it leaves out, as there is room for one.
    #[must_use]
    pub fn left_out(&self) -> Vec<&str> {
        let carried = self.carried().map(|(name, _)| name);
        let edited = self.kernels.keys().map(String::as_str).filter(|name| Some(*name) != carried);
        edited.collect()
    }

    /// Compiles it.
    #[must_use]
    pub fn compile(&self) -> Compiled {
        lang::compile(&self.scenario, self, &self.selection)
    }

    /// The texts in the form that a link has: names where the library has them, themselves where not.
    #[must_use]
    pub fn base(&self) -> Base {
        let library = gallery::scenarios().find(|there| there.text == self.scenario);
        let name = self.kernel_name().unwrap_or_default();
        let named = gallery::kernel(&name).map(|there| there.text);
        let edited = self.carried().map(|(_, text)| text.to_owned());
        let unedited = named.filter(|_| edited.is_none());
        let texts: Vec<&str> = library.map(|there| there.text).into_iter().chain(unedited).collect();
        let hash = hash_texts(&texts);
        match library {
            Some(there) => Base::Library { slug: there.slug.to_owned(), kernel: edited, hash },
            None => Base::Inline { scenario: self.scenario.clone(), kernel: edited, hash },
        }
    }

    /// The link to a moment of a run. `machine` is what this variant became.
    #[must_use]
    pub fn moment(&self, machine: &Machine, trace: &Trace<Machine>, cursor: usize, view: View) -> Link {
        let chosen = machine.program().options.iter().filter(|option| option.chosen != option.default);
        let instead = self.selection.kernel.iter().map(|name| (KERNEL.to_owned(), name.clone()));
        let choice = |option: &lang::program::ProgramOption| {
            let choice = option.choices.get(usize::from(option.chosen))?;
            Some((option.name.clone(), choice.clone()))
        };
        Link {
            base: self.base(),
            options: instead.chain(chosen.filter_map(choice)).collect(),
            case: self.selection.case,
            schedule: trace.schedule().into_iter().map(Action::code).collect(),
            cursor: u32::try_from(cursor).unwrap_or(u32::MAX),
            view,
            digest: digest(machine, trace),
            model: MODEL,
        }
    }
}

/// The kernels of the library, those that stand in for them first.
impl Texts for Variant {
    fn kernel(&self, name: &str) -> Option<&str> {
        match self.kernels.get(name) {
            Some(text) => Some(text),
            None => gallery::kernel(name).map(|there| there.text),
        }
    }
}

/// The digest of the state that a run ends in.
pub(crate) fn digest(machine: &Machine, trace: &Trace<Machine>) -> u32 {
    let mut packed = Vec::new();
    machine.pack(trace.last(), &mut packed);
    hash_state(&packed)
}
