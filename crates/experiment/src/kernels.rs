//! Kernel texts by name: those of an experiment before the library's.

use lang::Texts;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Kernel texts that stand in for the library's, by the name that scenarios use. Whatever is not among them is the
/// library's.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Kernels {
    own: BTreeMap<String, Arc<str>>,
    looked: Option<String>,
}

impl Kernels {
    /// A text that stands in for all kernels of a name. It replaces an earlier one.
    pub fn insert(&mut self, name: impl Into<String>, text: impl Into<Arc<str>>) {
        self.own.insert(name.into(), text.into());
    }

    /// The library's text counts again.
    pub fn remove(&mut self, name: &str) {
        self.own.remove(name);
    }

    /// The text that stands in for a kernel of the library, or that only this experiment has.
    #[must_use]
    pub fn own(&self, name: &str) -> Option<&Arc<str>> {
        self.own.get(name)
    }

    /// The text of a name: that of the experiment, or else the library's.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&str> {
        match self.own.get(name) {
            Some(text) => Some(text),
            None => gallery::kernel(name).map(|there| there.text),
        }
    }

    /// The experiment's own, in the order of their names.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Arc<str>)> {
        self.own.iter().map(|(name, text)| (name.as_str(), text))
    }

    /// The experiment's own that differ from what the library has under their names.
    pub fn edited(&self) -> impl Iterator<Item = (&str, &Arc<str>)> {
        self.iter().filter(|(name, text)| gallery::kernel(name).is_none_or(|there| there.text != &***text))
    }

    /// Where kernels have been looked for, in words: what a diagnostic adds when it finds none.
    #[must_use]
    pub fn looked_for(self, places: String) -> Kernels {
        Kernels { looked: Some(places), ..self }
    }
}

impl<N: Into<String>, T: Into<Arc<str>>> FromIterator<(N, T)> for Kernels {
    fn from_iter<I: IntoIterator<Item = (N, T)>>(pairs: I) -> Kernels {
        let mut kernels = Kernels::default();
        pairs.into_iter().for_each(|(name, text)| kernels.insert(name, text));
        kernels
    }
}

impl Texts for Kernels {
    fn kernel(&self, name: &str) -> Option<&str> {
        self.text(name)
    }

    fn extended(&self, name: &str) -> Option<&str> {
        let own = self.own.get(name).filter(|text| lang::kernel_name(text).as_deref() == Some(name));
        own.map(|text| &**text).or_else(|| gallery::kernel(name).map(|there| there.text))
    }

    fn names(&self) -> Vec<String> {
        let library = gallery::kernels().filter_map(gallery::LibraryText::kernel_name).map(str::to_owned);
        self.own.keys().cloned().chain(library).collect()
    }

    fn looked(&self) -> Option<String> {
        self.looked.clone()
    }
}
