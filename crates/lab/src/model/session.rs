//! What the reader has chosen and written, and the machine that this makes.
//!
//! A session is texts and a selection, and nothing else. It can be compared, put into a link and compiled again. A
//! session that compiles becomes a [`Setup`]; the page keeps the last good setup while a text has errors.

use crate::model::changes;
use experiment::{CompiledExperiment, Experiment, Kernels, NoMachine};
use lang::diagnostic::{Diagnostic, Severity};
use lang::program::{Origin, ProgramOption};
use lang::source::{SourceId, Span};
use lang::{CaseName, Selection};
use machine::Machine;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A map, put together pair by pair. (`collect` sorts first, and each type's sort is as much code as a small panel.)
pub fn mapped<K: Ord, V>(pairs: impl IntoIterator<Item = (K, V)>) -> BTreeMap<K, V> {
    let mut map = BTreeMap::new();
    map.extend(pairs);
    map
}

/// The scenario that the page opens with.
pub const DEFAULT: &str = gallery::FIRST;

/// An experiment, and where it comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// The scenario of the library it began with.
    pub slug: String,
    /// Its texts and choices: what is compiled, and what links and messages are about. The kernels are those that differ
    /// from the library's; the options are those that the user has set, each once, in the order of their names.
    pub experiment: Experiment,
}

/// How far texts are from the library's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edits {
    /// They are the library's own.
    None,
    /// So many lines differ.
    Lines(usize),
    /// They are a workload of the costs, as the library has it.
    Workload,
    /// The library has nothing similar to one of them.
    Own,
}

/// A case, and choices for options. Without choices it is the case as written.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Setting {
    /// Which case; nothing for the scenario as written.
    pub case: Option<u8>,
    /// Options and their choices.
    pub options: Vec<(String, String)>,
    /// Another kernel of the library in the place of the scenario's own.
    pub kernel: Option<String>,
}

/// A session that compiled.
#[derive(Debug)]
pub struct Setup {
    /// The machine.
    pub machine: Machine,
    /// The session.
    pub session: Session,
    /// The kernel's text.
    pub kernel: Arc<str>,
}

impl Session {
    /// The library's scenario, as written.
    #[must_use]
    pub fn library(slug: &str) -> Option<Session> {
        let text = gallery::scenario(slug)?;
        Some(Session { slug: text.slug.to_owned(), experiment: Experiment::new(text.text) })
    }

    /// The session that a link begins.
    #[must_use]
    pub fn of(mut experiment: Experiment) -> Session {
        let slug = origin(&experiment.scenario).unwrap_or_default().to_owned();
        let options = std::mem::take(&mut experiment.selection.options);
        let mut session = Session { slug, experiment };
        session.choose(options);
        session
    }

    /// The same, knowing all texts of the library that it may come from.
    #[must_use]
    pub fn found(&self) -> Session {
        if self.library_text(SourceId::SCENARIO).is_some_and(|text| text == &*self.experiment.scenario) {
            return self.clone();
        }
        let slug = origin(&self.experiment.scenario).map_or_else(|| self.slug.clone(), str::to_owned);
        Session { slug, ..self.clone() }
    }

    /// Sets options: names and choices.
    pub fn choose(&mut self, options: impl IntoIterator<Item = (String, String)>) {
        let set = &mut self.experiment.selection.options;
        for (name, choice) in options {
            match set.binary_search_by(|there| there.0.cmp(&name)) {
                Ok(at) => set[at].1 = choice,
                Err(at) => set.insert(at, (name, choice)),
            }
        }
    }

    /// The name of the kernel that is run. If the text can't be read that far, it is still the edited one, or the one
    /// that the library's scenario uses: it is not lost while a line above it has an error.
    #[must_use]
    pub fn kernel_name(&self) -> Option<String> {
        self.kernel_by(&self.experiment.selection)
    }

    /// The name of the kernel that the text names for the case, whichever is run.
    #[must_use]
    pub fn named_kernel(&self) -> Option<String> {
        self.kernel_by(&Selection { kernel: None, ..self.experiment.selection.clone() })
    }

    fn kernel_by(&self, selection: &Selection) -> Option<String> {
        let edited = || Some(self.experiment.kernels.iter().next()?.0.to_owned());
        let library = || selection.kernel_of(gallery::scenario(&self.slug)?.text);
        self.experiment.kernel_by(selection).or_else(edited).or_else(library)
    }

    /// Whether another one has the same texts, whatever is chosen.
    #[must_use]
    pub fn same_texts(&self, other: &Session) -> bool {
        let (this, other) = (&self.experiment, &other.experiment);
        this.scenario == other.scenario && this.kernels == other.kernels
    }

    /// The scenario's name, if its text can be read that far.
    #[must_use]
    pub fn name(&self) -> Option<String> {
        self.experiment.outline().name.clone()
    }

    /// The scenario as written, then its cases.
    #[must_use]
    pub fn cases(&self) -> Vec<CaseName> {
        self.experiment.cases()
    }

    /// The kernel's text as it stands now.
    #[must_use]
    pub fn kernel(&self) -> Arc<str> {
        self.kernel_name().and_then(|name| self.kernel_text(&name)).unwrap_or_else(|| "".into())
    }

    /// The kernel's text, followed by those of the kernels that it extends. Places in the kernel refer to this.
    #[must_use]
    pub fn whole_kernel(&self) -> Arc<str> {
        let text = self.kernel();
        if lang::extended_kernel(&text).is_none() {
            return text;
        }
        lang::Whole::new(&text, &self.experiment.kernels).text.into()
    }

    /// A kernel's text as it stands now, by name.
    #[must_use]
    pub fn kernel_text(&self, name: &str) -> Option<Arc<str>> {
        self.experiment
            .kernels
            .own(name)
            .cloned()
            .or_else(|| gallery::kernel(name).map(|text| text.text.into()))
    }

    /// One of the two texts.
    #[must_use]
    pub fn text(&self, source: SourceId) -> Arc<str> {
        if source == SourceId::SCENARIO { self.experiment.scenario.clone() } else { self.kernel() }
    }

    /// The same with another text. A text that is the library's own again counts as unedited.
    #[must_use]
    pub fn edited(&self, source: SourceId, text: &str) -> Session {
        let mut session = self.clone();
        if source == SourceId::SCENARIO {
            session.experiment.scenario = text.into();
            session.find_kernel();
        } else if let Some(name) = self.kernel_name() {
            if gallery::kernel(&name).is_some_and(|library| library.text == text) {
                session.experiment.kernels.remove(&name);
            } else {
                session.experiment.kernels.insert(name, text);
            }
        }
        session
    }

    /// Whoever writes a kernel and then its scenario has named the kernel in its text first. Until the scenario names it, the text
    /// stands in the place of the kernel that the scenario named before.
    fn find_kernel(&mut self) {
        let named = self.experiment.named_kernel();
        let kernels = &mut self.experiment.kernels;
        let Some(name) = named.filter(|name| kernels.text(name).is_none()) else { return };
        let own = kernels.iter().find(|(_, text)| lang::kernel_name(text).as_ref() == Some(&name));
        if let Some((before, text)) = own.map(|(before, text)| (before.to_owned(), text.clone())) {
            kernels.remove(&before);
            kernels.insert(name, text);
        }
    }

    /// The text of the library that one of the two comes from.
    #[must_use]
    pub fn library_text(&self, source: SourceId) -> Option<&'static str> {
        if source == SourceId::SCENARIO {
            gallery::scenario(&self.slug).map(|library| library.text)
        } else {
            gallery::kernel(&self.kernel_name()?).map(|library| library.text)
        }
    }

    /// Whether a text differs from the library's.
    #[must_use]
    pub fn is_edited(&self, source: SourceId) -> bool {
        if source == SourceId::SCENARIO {
            self.library_text(source).is_none_or(|library| library != &*self.experiment.scenario)
        } else {
            self.kernel_name().is_some_and(|name| self.experiment.kernels.own(&name).is_some())
        }
    }

    /// What texts are called that are not the library's: the scenario, and its kernel; nothing if both are the library's.
    #[must_use]
    pub fn own_name(&self) -> Option<String> {
        if ![SourceId::SCENARIO, SourceId::KERNEL].into_iter().any(|source| self.is_edited(source)) {
            return None;
        }
        let names: Vec<String> = self.name().into_iter().chain(self.kernel_name()).collect();
        Some(names.join(" on "))
    }

    /// The case, the kernel and the options that are chosen in it, in a few words; nothing if none is.
    #[must_use]
    pub fn chosen(&self) -> Option<String> {
        let selection = &self.experiment.selection;
        let case = self.cases().into_iter().find(|case| case.case.is_some() && case.case == selection.case);
        let case = case.and_then(|case| case.name).map(|name| format!("case \u{201c}{name}\u{201d}"));
        let kernel = selection.kernel.as_ref().map(|name| format!("kernel \u{201c}{name}\u{201d}"));
        let options = selection.options.iter().map(|(name, choice)| format!("{name} {choice}"));
        let all: Vec<String> = case.into_iter().chain(kernel).chain(options).collect();
        (!all.is_empty()).then(|| all.join(", "))
    }

    /// How far its texts, as far as they are used, are from the library's.
    #[must_use]
    pub fn edits(&self) -> Edits {
        let mut lines = 0;
        let workload = self.workload();
        for source in
            [SourceId::SCENARIO, SourceId::KERNEL].into_iter().filter(|source| self.is_edited(*source))
        {
            if self.is_of(workload.as_ref(), source) {
                continue;
            }
            match self.library_text(source) {
                Some(library) => lines += changes::lines(library, &self.text(source)),
                None => return Edits::Own,
            }
        }
        match lines {
            0 if workload.is_some() => Edits::Workload,
            0 => Edits::None,
            lines => Edits::Lines(lines),
        }
    }

    /// Whether a text is that of a workload of the costs.
    #[must_use]
    pub fn is_workloads(&self, source: SourceId) -> bool {
        self.is_edited(source) && self.is_of(self.workload().as_ref(), source)
    }

    fn is_of(&self, workload: Option<&Session>, source: SourceId) -> bool {
        workload.is_some_and(|workload| workload.text(source) == self.text(source))
    }

    /// The workload of the costs that its scenario is, word for word, on the same kernel: as a round of the costs has it.
    fn workload(&self) -> Option<Session> {
        // Most texts are told apart by the name, which is known.
        let name = self.name()?;
        let named = gallery::workloads().filter(|text| text.text.contains(&name));
        let mut workloads = named.map(|text| cost::experiment_of(text.text));
        let workload = workloads.find(|workload| workload.scenario == self.experiment.scenario)?;
        let kernel = self.kernel_name()?;
        let experiment = cost::on_kernel(&workload, cost::added_to(&kernel));
        Some(Session { slug: self.slug.clone(), experiment })
    }

    /// Sessions with fewer of the reader's edits, the one with the most edits first: one of them may compile where this
    /// one does not.
    pub fn without_edits(&self) -> impl Iterator<Item = Session> {
        let library = Session::library(&self.slug);
        let with = |experiment| Session { slug: self.slug.clone(), experiment };
        let scenario = library.as_ref().map(|library| {
            with(Experiment { scenario: library.experiment.scenario.clone(), ..self.experiment.clone() })
        });
        let kernel = with(Experiment { kernels: Kernels::default(), ..self.experiment.clone() });
        let kept = Selection { kernel: None, ..self.experiment.selection.clone() };
        let neither = library.as_ref().map(|library| with(library.experiment.selecting(kept)));
        scenario.into_iter().chain([kernel]).chain(neither).chain(library)
    }

    /// The same with the library's own text.
    #[must_use]
    pub fn reset(&self, source: SourceId) -> Session {
        let mut session = self.clone();
        if source == SourceId::SCENARIO {
            if let Some(library) = self.library_text(source) {
                session.experiment.scenario = library.into();
            }
        } else if let Some(name) = self.kernel_name() {
            session.experiment.kernels.remove(&name);
        }
        session
    }

    /// The same with an option set. A choice that is the default is dropped, so that links stay short.
    #[must_use]
    pub fn with_option(&self, option: &ProgramOption, choice: &str) -> Session {
        let mut session = self.clone();
        if option.choices.get(usize::from(option.default)).is_some_and(|default| default == choice) {
            session.experiment.selection.options.retain(|there| there.0 != option.name);
        } else {
            session.choose([(option.name.clone(), choice.to_owned())]);
        }
        session
    }

    /// The same with another case: on the kernel and with the options that the case says.
    #[must_use]
    pub fn with_case(&self, case: Option<u8>) -> Session {
        self.selecting(Selection::new(case, Vec::new()))
    }

    /// The same with a case and choices for its options.
    #[must_use]
    pub fn with_setting(&self, setting: &Setting) -> Session {
        let Setting { case, options, kernel } = setting;
        let mut session = self.with_case(*case).on_kernel(kernel.as_deref());
        session.choose(options.iter().cloned());
        session
    }

    /// The same on another kernel; on the one that the text names, if it is that or none.
    #[must_use]
    pub fn on_kernel(&self, name: Option<&str>) -> Session {
        let on = name.filter(|name| self.named_kernel().as_deref() != Some(*name));
        let kernel = on.map(str::to_owned);
        self.selecting(Selection { kernel, ..self.experiment.selection.clone() })
    }

    fn selecting(&self, selection: Selection) -> Session {
        Session { slug: self.slug.clone(), experiment: self.experiment.selecting(selection) }
    }

    /// Compiles: the machine, if there is one, and all diagnostics about the texts.
    #[must_use]
    pub fn compile(&self) -> (Option<Setup>, Vec<Diagnostic>) {
        let CompiledExperiment { machine, mut diagnostics } = self.experiment.compile();
        if let Err(NoMachine::Refused(refusal)) = &machine {
            diagnostics.push(match refusal.site() {
                Some(site) => Diagnostic::error(site.source, site.span, refusal.to_string()),
                None => unplaced(refusal.to_string()),
            });
        }
        let setup = |machine| Setup { machine, session: self.clone(), kernel: self.whole_kernel() };
        (machine.ok().map(setup), diagnostics)
    }
}

/// The scenario of the library that a text comes from: it itself, or the one with the most lines in common, if those are
/// most of its lines.
fn origin(scenario: &str) -> Option<&'static str> {
    let lines = |text: &'_ str| -> BTreeMap<String, ()> {
        mapped(text.lines().map(str::trim).filter(|line| line.len() > 1).map(|line| (line.to_owned(), ())))
    };
    let own = lines(scenario);
    let alike = |there: &gallery::LibraryText| {
        if there.text == scenario {
            return usize::MAX;
        }
        let theirs = lines(there.text);
        let common = theirs.keys().filter(|line| own.contains_key(*line)).count();
        if common * 2 < theirs.len().max(own.len()) { 0 } else { common }
    };
    let nearest = gallery::scenarios().map(|there| (alike(&there), there)).max_by_key(|(alike, _)| *alike);
    nearest.filter(|(alike, _)| *alike > 0).map(|(_, there)| there.slug)
}

/// A diagnostic about the scenario as a whole.
fn unplaced(message: String) -> Diagnostic {
    Diagnostic {
        severity: Severity::Error,
        source: SourceId::SCENARIO,
        span: Span { start: 0, end: 0 },
        message,
        advice: None,
        related: Vec::new(),
    }
}

impl Setup {
    /// One of the two texts it was compiled from.
    #[must_use]
    pub fn text(&self, source: SourceId) -> &str {
        if source == SourceId::SCENARIO { &self.session.experiment.scenario } else { &self.kernel }
    }

    /// The options that the kernel text declares, or those of the machine.
    pub fn options(&self, origin: Origin) -> impl Iterator<Item = &ProgramOption> {
        self.machine.program().options.iter().filter(move |option| option.origin == origin)
    }
}
