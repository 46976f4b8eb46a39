//! What a command is about: a scenario and the kernels it may use.
//!
//! It is named by a file, by the slug of a built-in scenario, or by a link.

use crate::diagnostics::{self, Sources};
use crate::files;
use crate::kernels::{Found, Kernels};
use crate::setting::Setting;
use crate::stop::Stop;
use lang::{CaseName, Diagnostic, Selection, Severity};
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
    /// The scenario's text.
    pub text: String,
    /// Its kernels.
    pub kernels: Kernels,
    /// The link it came from.
    pub link: Option<Link>,
    /// What has been said about it already: each case has the same warnings.
    told: Vec<Diagnostic>,
}

/// A variant of a subject, ready to run.
pub struct Variant {
    /// The machine.
    pub machine: Arc<Machine>,
    /// Case, options and kernel.
    pub selection: Selection,
}

impl Subject {
    /// Finds what an argument names.
    ///
    /// # Errors
    /// If it names nothing, or what it names can't be read.
    pub fn load(argument: &str, setting: &Setting) -> Result<Subject, Stop> {
        Subject::load_near(argument, setting, &[])
    }

    /// The same, where kernels may be among the files of some more folders.
    ///
    /// # Errors
    /// As [`Subject::load`].
    pub fn load_near(argument: &str, setting: &Setting, near: &[PathBuf]) -> Result<Subject, Stop> {
        let path = Path::new(argument);
        let (text, path, folder) = if argument == "-" {
            (files::read_stdin()?, "standard input".to_owned(), Some(Path::new(".")))
        } else if path.exists() {
            (files::read(path)?, files::shown(path), path.parent())
        } else if let Some(text) = gallery::scenario(argument) {
            (text.text.to_owned(), format!("built-in scenario {argument}.tlb"), None)
        } else if linkish(argument) && link::decode(argument) != Err(link::Refusal::NotALink) {
            return Subject::linked(argument);
        } else {
            return Err(nothing(argument));
        };
        let named = lang::cases(&text).into_iter().map(|case| case.kernel);
        let wanted: Vec<String> = named.chain(setting.on.clone()).filter(|name| !name.is_empty()).collect();
        let kernels = Kernels::new(&setting.kernel, near, folder, &wanted)?;
        Ok(Subject { argument: argument.to_owned(), path, text, kernels, link: None, told: Vec::new() })
    }

    fn linked(argument: &str) -> Result<Subject, Stop> {
        let link = link::decode(argument).map_err(|refusal| Stop::Refused(refusal.to_string()))?;
        let link::Variant { scenario: text, kernels, selection: _ } =
            link::Variant::of(&link).map_err(|why| Stop::Refused(why.to_string()))?;
        let kernels = Kernels::edited(kernels);
        let path = "the link's scenario".to_owned();
        Ok(Subject { argument: argument.to_owned(), path, text, kernels, link: Some(link), told: Vec::new() })
    }

    /// The scenario's name.
    pub fn name(&self) -> String {
        lang::scenario_name(&self.text).unwrap_or_else(|| self.path.clone())
    }

    /// The variant that arguments ask for; without any, the link's, or the scenario as written.
    ///
    /// # Errors
    /// If there is no such variant, or if it does not compile.
    pub fn variant(&mut self, setting: &Setting) -> Result<Variant, Stop> {
        let case = self.chosen(setting, &lang::cases(&self.text))?.and_then(|case| case.case);
        self.compile(case, setting, true)
    }

    /// The case that arguments or the link choose; nothing if neither does.
    ///
    /// # Errors
    /// If there is no such case.
    pub fn chosen<'a>(&self, setting: &Setting, cases: &'a [CaseName]) -> Result<Option<&'a CaseName>, Stop> {
        let chosen = setting.chosen(&self.name(), cases)?;
        let linked = self.link.as_ref().and_then(|link| cases.iter().find(|case| case.case == link.case));
        Ok(chosen.or(linked))
    }

    /// Compiles a case with the choices of the link and of the arguments, and lays it out. What is wrong is
    /// printed, warnings only if asked for.
    ///
    /// # Errors
    /// If it does not compile, if there is no such choice, or if the machine can't exist.
    pub fn compile(&mut self, case: Option<u8>, setting: &Setting, warnings: bool) -> Result<Variant, Stop> {
        let selection = self.selection(case, setting);
        let compiled = lang::compile(&self.text, &self.kernels, &selection);
        if let Some(program) = &compiled.program {
            setting.offered(&self.path, program)?;
        }
        let kernel = self.kernel(&selection);
        let (origin, text) = kernel.as_ref().map_or(("", ""), |found| (found.origin.as_str(), found.text));
        let sources = Sources { scenario: (&self.path, &self.text), kernel: (origin, text) };
        let wanted = |d: &Diagnostic| warnings || d.severity == Severity::Error;
        let mut new = compiled.diagnostics;
        new.retain(|diagnostic| wanted(diagnostic) && !self.told.contains(diagnostic));
        diagnostics::print(&new, sources);
        self.told.extend(new);
        let program = compiled.program.ok_or(Stop::Told)?;
        let machine =
            Machine::new(program).map_err(|refusal| Stop::Refused(format!("{}: {refusal}", self.path)))?;
        Ok(Variant { machine: Arc::new(machine), selection })
    }

    /// A case with the choices of the link and of the arguments.
    fn selection(&self, case: Option<u8>, setting: &Setting) -> Selection {
        let linked = self.link.as_ref().and_then(|link| link::Variant::of(link).ok());
        let Selection { options, kernel, case: _ } = linked.map(|there| there.selection).unwrap_or_default();
        let options = options.into_iter().chain(setting.options.iter().cloned()).collect();
        Selection { case, options, kernel: setting.on.clone().or(kernel) }
    }

    /// The kernel that a variant uses.
    pub fn kernel(&self, selection: &Selection) -> Option<Found<'_>> {
        self.kernels.find(&selection.kernel_of(&self.text)?)
    }
}

/// Whether it can be a link rather than a file's name with a wrong letter.
fn linkish(argument: &str) -> bool {
    argument.starts_with("1.") || argument.contains(['#', '=', '%'])
}

fn nothing(argument: &str) -> Stop {
    let slugs: Vec<&str> = gallery::scenarios().map(|text| text.slug).collect();
    let near = lang::nearest(argument, slugs.iter().copied());
    let there = near
        .map_or_else(|| format!("built in are {}", slugs.join(", ")), |near| format!("did you mean {near}?"));
    Stop::Refused(format!("{argument} is neither a file nor a link nor a built-in scenario; {there}"))
}
