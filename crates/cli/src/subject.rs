//! The subject of a command: a scenario and the kernels that it may use.
//!
//! A subject is named by a file, by the slug of a built-in scenario, or by a link.

use crate::diagnostics::{self, NamedTexts, Printed};
use crate::files;
use crate::kernels::{FoundKernels, Own};
use crate::setting::SettingArgs;
use crate::shell;
use crate::stop::{Stop, tell};
use experiment::{CompiledExperiment, Experiment, NoMachine};
use lang::source::Span;
use lang::{CaseName, Diagnostic, Selection, Severity, TextPart, Whole};
use link::Link;
use machine::Machine;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A scenario with the kernels it may use.
pub struct Subject {
    /// The argument that named it.
    pub argument: String,
    /// What diagnostics call it.
    pub path: String,
    /// Its texts, and what the link that it came from chooses in them.
    pub experiment: Experiment,
    /// The link it came from.
    pub link: Option<Link>,
    /// Its kernels, with where they are from.
    kernels: FoundKernels,
    /// Its name, if its file holds other scenarios as well.
    pub one_of_many: Option<String>,
    /// Whether its file holds other texts: then those are blanks in its own ones.
    taken_out: bool,
    /// The diagnostics printed so far: each case has the same warnings, and so has each scenario on one
    /// kernel.
    pub told: Printed,
    /// Whether one of its variants had an error.
    failed: bool,
}

/// A variant of a subject, ready to run.
pub struct Variant {
    /// The machine.
    pub machine: Arc<Machine>,
    /// What it is the machine of.
    pub experiment: Experiment,
}

impl Subject {
    /// Finds what an argument names.
    ///
    /// # Errors
    /// If it names nothing, or what it names can't be read.
    pub fn load(argument: &str, setting: &SettingArgs) -> Result<Subject, Stop> {
        let mut all = Subject::load_all(argument, setting, &[])?;
        // A kernel is not a scenario. It stands alone only if there is no scenario, and then the
        // compiler reports that.
        let scenarios = all.iter().filter(|subject| !subject.is_kernel()).count();
        if scenarios > 1 {
            let names: Vec<String> = all.iter().filter_map(|subject| subject.one_of_many.clone()).collect();
            let names: Vec<String> = names.iter().map(|name| format!("{name:?}")).collect();
            return Err(Stop::Refused(format!(
                "{argument} has {scenarios} scenarios: {}; --scenario NAME says which is meant",
                names.join(", ")
            )));
        }
        let at = all.iter().position(|subject| !subject.is_kernel()).unwrap_or(0);
        Ok(all.swap_remove(at))
    }

    /// All scenarios and kernels that an argument names: a file may hold several. Kernels may be among the files of some
    /// more folders.
    ///
    /// # Errors
    /// As [`Subject::load`].
    pub fn load_all(argument: &str, setting: &SettingArgs, near: &[PathBuf]) -> Result<Vec<Subject>, Stop> {
        setting.agrees()?;
        let path = Path::new(argument);
        let (text, path, folder) = if argument == "-" {
            (files::read_stdin()?, "standard input".to_owned(), Some(Path::new(".")))
        } else if path.exists() {
            (files::read(path)?, files::shown(path), path.parent())
        } else if let Some(text) = gallery::scenario(argument) {
            (text.text.to_owned(), format!("built-in scenario {argument}.tlb"), None)
        } else if linkish(argument) && link::decode(argument) != Err(link::LinkRefusal::NotALink) {
            return Ok(vec![Subject::linked(argument, setting)?]);
        } else {
            return Err(nothing(argument));
        };
        let text = scenario_of(&path, text)?;
        let parts = lang::parts(&text);
        let own = Own { path: &path, text: &text, parts: &parts };
        let make = |text: String| -> Result<Subject, Stop> {
            let texts = Experiment::new(text);
            let named = texts.cases().into_iter().map(|case| case.kernel);
            let wanted = named.chain(setting.on.clone()).chain(lang::extended_kernel(&texts.scenario));
            let wanted: Vec<String> = wanted.filter(|name| !name.is_empty()).collect();
            let kernels = FoundKernels::look(&setting.kernel, &own, near, folder, &wanted)?;
            kernels.has(setting.on.as_deref())?;
            Ok(Subject::new(argument, path.clone(), texts, kernels, None))
        };
        if parts.len() < 2 {
            let subject = make(text.clone())?;
            setting.named(std::iter::once(subject.name().as_str()), &path)?;
            return Ok(vec![subject]);
        }
        let scenarios = || parts.iter().filter(|part| !part.kernel).map(|part| part.name.as_str());
        setting.named(scenarios(), &path)?;
        let many = scenarios().count() > 1;
        let meant = |part: &&TextPart| {
            setting.scenario.as_ref().is_none_or(|name| part.name == *name && !part.kernel)
        };
        let subject = |part: &TextPart| {
            let subject = make(part.of(&text))?;
            let one_of_many = (many && !part.kernel).then(|| part.name.clone());
            Ok(Subject { one_of_many, taken_out: true, ..subject })
        };
        parts.iter().filter(meant).map(subject).collect()
    }

    /// Its text as a kernel's, with those of the kernels that it extends, and the paths of all of them.
    #[must_use]
    pub fn whole(&self) -> (Whole<'_>, Vec<String>) {
        let whole = Whole::new(self.text(), &self.kernels.kernels);
        let extended = whole.joints.iter().map(|joint| self.kernels.origin(&joint.1));
        let paths = std::iter::once(self.path.clone()).chain(extended).collect();
        (whole, paths)
    }

    /// The names of the kernels that it uses, in any of its cases, with those that these extend.
    pub fn uses(&self, setting: &SettingArgs) -> Vec<String> {
        let named = self.experiment.cases().into_iter().map(|case| case.kernel);
        let mut used: Vec<String> = named.chain(setting.on.clone()).collect();
        let mut at = 0;
        while let Some(name) = used.get(at) {
            let base = self.experiment.kernels.own(name).and_then(|text| lang::extended_kernel(text));
            used.extend(base.filter(|base| !used.contains(base)));
            at += 1;
        }
        used
    }

    /// Whether its file holds other texts as well.
    #[must_use]
    pub fn taken_out(&self) -> bool {
        self.taken_out
    }

    /// The name of a kernel; nothing if it is none.
    pub fn kernel_name(&self) -> String {
        lang::kernel_name(self.text()).unwrap_or_default()
    }

    /// Whether it is a kernel, which by itself expects nothing.
    #[must_use]
    pub fn is_kernel(&self) -> bool {
        lang::scenario_name(self.text()).is_none() && lang::kernel_name(self.text()).is_some()
    }

    /// Whether it is a table of costs, which expects nothing either.
    #[must_use]
    pub fn is_costs(&self) -> bool {
        lang::costs::costs_name(self.text()).is_some()
    }

    /// A variant's texts, to be put into a link: without the blanks that stand for the rest of a file, and each kernel
    /// with those that it extends in its text, since a link holds one.
    #[must_use]
    pub fn for_link(&self, experiment: &Experiment) -> Experiment {
        let alone = |text: &str| text.trim().to_owned() + "\n";
        let taken = |text: &Arc<str>| if self.taken_out { alone(text).into() } else { text.clone() };
        let kernel = |(name, text): (&str, &Arc<str>)| {
            let whole = Whole::new(text, &experiment.kernels);
            if whole.joints.is_empty() {
                return (name.to_owned(), taken(text));
            }
            let starts = std::iter::once(0).chain(whole.joints.iter().map(|joint| joint.0));
            let texts = starts.map(|start| alone(whole.place(Span { start, end: start }).1));
            (name.to_owned(), texts.collect::<Vec<_>>().join("\n").into())
        };
        let kernels = experiment.kernels.iter().map(kernel).collect();
        Experiment { scenario: taken(&experiment.scenario), kernels, ..experiment.clone() }
    }

    fn linked(argument: &str, setting: &SettingArgs) -> Result<Subject, Stop> {
        let link = link::decode(argument).map_err(|refusal| Stop::Refused(refusal.to_string()))?;
        let texts = link.experiment().map_err(|why| Stop::Refused(why.to_string()))?;
        let kernels = FoundKernels::linked(texts.kernels.clone());
        kernels.has(setting.on.as_deref())?;
        Ok(Subject::new(argument, "the link's scenario".to_owned(), texts, kernels, Some(link)))
    }

    fn new(
        argument: &str,
        path: String,
        texts: Experiment,
        kernels: FoundKernels,
        link: Option<Link>,
    ) -> Subject {
        let experiment = Experiment { kernels: kernels.kernels.clone(), ..texts };
        Subject {
            argument: argument.to_owned(),
            path,
            experiment,
            link,
            kernels,
            one_of_many: None,
            taken_out: false,
            told: Printed::default(),
            failed: false,
        }
    }

    /// The scenario's text.
    pub fn text(&self) -> &str {
        &self.experiment.scenario
    }

    /// The scenario's name.
    pub fn name(&self) -> String {
        lang::scenario_name(self.text()).unwrap_or_else(|| self.path.clone())
    }

    /// The variant that arguments ask for; without any, the link's, or the scenario as written.
    ///
    /// # Errors
    /// If there is no such variant, or if it does not compile.
    pub fn variant(&mut self, setting: &SettingArgs) -> Result<Variant, Stop> {
        let case = self.chosen(setting, &self.experiment.cases())?.and_then(|case| case.case);
        self.compile(case, setting, true)
    }

    /// The case that arguments or the link choose; nothing if neither does.
    ///
    /// # Errors
    /// If there is no such case.
    pub fn chosen<'a>(
        &self,
        setting: &SettingArgs,
        cases: &'a [CaseName],
    ) -> Result<Option<&'a CaseName>, Stop> {
        let chosen = setting.chosen(&self.name(), cases)?;
        let linked = self.link.as_ref().and_then(|link| cases.iter().find(|case| case.case == link.case));
        Ok(chosen.or(linked))
    }

    /// Compiles a case with the choices of the link and of the arguments, and lays it out. What is wrong is
    /// printed, warnings only if asked for.
    ///
    /// # Errors
    /// If it does not compile, if there is no such choice, or if the machine can't exist.
    pub fn compile(
        &mut self,
        case: Option<u8>,
        setting: &SettingArgs,
        warnings: bool,
    ) -> Result<Variant, Stop> {
        let experiment = self.experiment.selecting(self.selection(case, setting));
        let CompiledExperiment { machine, diagnostics } = experiment.compile();
        if let Ok(machine) = &machine {
            setting.offered(&self.path, machine.program())?;
        }
        let new = self.print(&experiment, diagnostics, warnings);
        match machine {
            Ok(machine) => Ok(Variant { machine: Arc::new(machine), experiment }),
            Err(NoMachine::Text) => {
                let before = std::mem::replace(&mut self.failed, true);
                if !new && !before {
                    let name = lang::legible(&self.name());
                    tell(format!("{}: {name} can't be checked: its errors are shown above\n\n", self.path));
                }
                Err(Stop::Told)
            }
            Err(NoMachine::Refused(refusal)) => match refusal.site() {
                Some(site) => {
                    let found = Diagnostic::error(site.source, site.span, refusal.to_string());
                    let _ = self.print(&experiment, vec![found], true);
                    Err(Stop::Told)
                }
                None => Err(Stop::Refused(format!("{}: {refusal}", self.path))),
            },
        }
    }

    /// Prints the diagnostics that were not printed before. Returns whether one of them was an error.
    fn print(&mut self, experiment: &Experiment, mut new: Vec<Diagnostic>, warnings: bool) -> bool {
        let whole = experiment.whole_kernel().unwrap_or_else(|| Whole::new("", &self.kernels.kernels));
        let names =
            experiment.kernel_name().into_iter().chain(whole.joints.iter().map(|joint| joint.1.clone()));
        let paths: Vec<String> = names.map(|name| self.kernels.origin(&name)).collect();
        let wanted = |d: &Diagnostic| warnings || d.severity == Severity::Error;
        new.retain(wanted);
        let scenario = (self.path.as_str(), &*experiment.scenario);
        diagnostics::print(&new, NamedTexts { scenario, kernel: &whole, paths: &paths }, &mut self.told)
    }

    /// The command that prints a run of a kind: a `--witness` of a property, or an execution `--without` it.
    #[must_use]
    pub fn command(&self, setting: &SettingArgs, case: &CaseName, kind: &str, property: &str) -> String {
        let mut words = vec!["tlbscope".to_owned(), "run".to_owned(), shell::word(&self.argument)];
        if let Some(name) = &self.one_of_many {
            words.extend(["--scenario".to_owned(), shell::word(name)]);
        }
        if let Some(name) = &case.name {
            words.extend(["--case".to_owned(), shell::word(name)]);
        }
        for kernel in &setting.kernel {
            words.extend(["--kernel".to_owned(), shell::word(&kernel.to_string_lossy())]);
        }
        if let Some(kernel) = &setting.on {
            words.extend(["--on".to_owned(), shell::word(kernel)]);
        }
        for (name, value) in &setting.choices() {
            words.extend(["--set".to_owned(), shell::word(&format!("{name}={value}"))]);
        }
        words.extend([kind.to_owned(), shell::word(property)]);
        // The text on standard input is gone: it has to be given once more.
        if self.argument == "-" {
            words.extend(["<".to_owned(), "FILE".to_owned()]);
        }
        words.join(" ")
    }

    /// Which of some cases lack an option that is set, and what to say of that.
    pub fn lacking(&self, setting: &SettingArgs, cases: &[&CaseName]) -> (Vec<bool>, Vec<String>) {
        if setting.choices().is_empty() {
            return (vec![false; cases.len()], Vec::new());
        }
        let program = |case: &&CaseName| {
            let name = case.name.as_deref().unwrap_or("as written").to_owned();
            (name, self.experiment.selecting(self.selection(case.case, setting)).program().program)
        };
        let programs: Vec<_> = cases.iter().map(program).collect();
        setting.lacking(&self.path, &programs)
    }

    /// A case with the choices of the link and of the arguments.
    fn selection(&self, case: Option<u8>, setting: &SettingArgs) -> Selection {
        let Selection { options, kernel, case: _ } = self.experiment.selection.clone();
        let options = options.into_iter().chain(setting.choices()).collect();
        Selection { case, options, kernel: setting.on.clone().or(kernel) }
    }
}

/// The scenario of a litmus test in a file, or on standard input.
///
/// # Errors
/// If it can't be read, or if something in it can't be said in a scenario.
pub fn imported(argument: &str) -> Result<String, Stop> {
    let (text, path) = match argument {
        "-" => (files::read_stdin()?, "standard input".to_owned()),
        _ => (files::read(Path::new(argument))?, files::shown(Path::new(argument))),
    };
    litmus::import(&text).map_err(|problem| Stop::Refused(format!("{path}:{problem}")))
}

/// A text as it is, or the scenario of a litmus test.
fn scenario_of(path: &str, text: String) -> Result<String, Stop> {
    if !litmus::is_litmus(&text) {
        return Ok(text);
    }
    litmus::import(&text).map_err(|problem| Stop::Refused(format!("{path}:{problem}")))
}

/// As many names are listed of many.
const FEW: usize = 6;

/// Whether it can be a link rather than a file's name with a wrong letter.
fn linkish(argument: &str) -> bool {
    let version = argument.split('.').next().unwrap_or_default();
    argument.contains('.') && version.parse::<u8>().is_ok() || argument.contains(['#', '=', '%'])
}

fn nothing(argument: &str) -> Stop {
    let slugs: Vec<&str> = gallery::scenarios().map(|text| text.slug).collect();
    if argument.ends_with(".tlb") || argument.contains(std::path::MAIN_SEPARATOR) {
        return Stop::Refused(format!("there is no file {argument}"));
    }
    if let Some(kernel) = gallery::kernel(argument) {
        let on = kernel.kernel_name().unwrap_or(argument);
        return Stop::Refused(format!(
            "{argument} is a built-in kernel; to check a scenario on it, write `tlbscope check SCENARIO --on {on:?}`"
        ));
    }
    let there = match lang::nearest(argument, slugs.iter().copied()) {
        Some(near) => format!("did you mean {near}?"),
        None => {
            let part = argument.split('+').next().filter(|part| part.len() > 2);
            let has = |slug: &&str| part.is_some_and(|part| slug.contains(part));
            let like: Vec<&str> = slugs.iter().copied().filter(has).collect();
            let few = |names: &[&str]| {
                let more = if names.len() > FEW { ", ..." } else { "" };
                names[..names.len().min(FEW)].join(", ") + more
            };
            match (part, like.len()) {
                (Some(part), 1..) => format!("{} have {part} in their names: {}", like.len(), few(&like)),
                _ => format!("there are {} of them: {}", slugs.len(), few(&slugs)),
            }
        }
    };
    Stop::Refused(format!("{argument} is neither a file nor a link nor a built-in scenario; {there}"))
}

/// What a verdict is about: the scenario, its case, what the case replaces, and the kernel.
pub fn head(name: &str, case: &CaseName, machine: &Machine) -> String {
    let mut head = name.to_owned();
    if let Some(case) = &case.name {
        head += &format!(", case {case:?}");
    }
    if let Some(own) = scene::replaced(&case.replaces) {
        head += &format!(", {own}");
    }
    head + &format!(": on {}", scene::kernel(machine))
}
