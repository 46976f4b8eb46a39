//! A run of a subject, with everything else that pictures and exports need: its case, its texts, and a link to the
//! moment.

use crate::files;
use crate::number;
use crate::schedule::{ChosenRun, Which};
use crate::setting::SettingArgs;
use crate::stop::{Status, Stop, tell};
use crate::subject::{Subject, Variant};
use clap::Args;
use link::View;
use scene::Sources;
use std::io::Write;
use std::path::PathBuf;

/// Arguments that name a run and a moment of it.
#[derive(Args, Debug)]
pub struct MomentArguments {
    /// The scenario: a file, the name of a built-in one, or a link.
    #[arg(value_name = "PATH")]
    pub path: String,
    #[command(flatten)]
    pub setting: SettingArgs,
    #[command(flatten)]
    which: Which,
    /// The most steps of the run.
    #[arg(long, value_name = "N", value_parser = number::any::<usize>)]
    steps: Option<usize>,
    /// The moment to show, in steps from the beginning. [default: the link's moment, or the end]
    #[arg(long, value_name = "N", value_parser = number::any::<usize>)]
    at: Option<usize>,
}

/// A run, and a moment of it.
pub struct Recorded {
    pub subject: Subject,
    pub variant: Variant,
    pub run: ChosenRun,
    /// How many steps have been taken at the moment.
    pub at: usize,
    /// The case, by its name.
    pub case: Option<String>,
    /// The kernel's text, with those that it extends.
    kernel: (String, Vec<(u32, String)>),
    /// A link to the moment, without `#`.
    pub link: String,
}

impl MomentArguments {
    /// Whether the arguments name a run, or a moment of one.
    pub fn names_run(&self) -> bool {
        !self.which.is_of_the_link() || self.steps.is_some() || self.at.is_some()
    }

    /// What it is a run of.
    ///
    /// # Errors
    /// If there is no such scenario, or it does not compile.
    pub fn subject(&self) -> Result<(Subject, Variant), Stop> {
        let mut subject = Subject::load(&self.path, &self.setting)?;
        let variant = subject.variant(&self.setting)?;
        Ok((subject, variant))
    }

    /// Makes the run. If it is not as asked for, that is told, and the run is what there is of it.
    ///
    /// # Errors
    /// If there is no such run or no such moment.
    pub fn record(&self) -> Result<Recorded, Stop> {
        let (subject, variant) = self.subject()?;
        let run = self.which.run(&subject, &variant, self.steps)?;
        if run.status != Status::Fine {
            tell(format!("{}\n", run.note));
        }
        let length = run.trace.len();
        let linked = subject.link.as_ref().filter(|_| self.which.is_of_the_link());
        let linked = linked.map(|link| (link.cursor as usize).min(length));
        let at = self.at.or(linked).unwrap_or(length);
        if at > length {
            return Err(Stop::Refused(format!("--at {at} is beyond the end: the run has {length} steps")));
        }
        Ok(Recorded::new(subject, variant, run, at))
    }
}

impl Recorded {
    /// A moment of a run, after `at` of its steps.
    pub fn new(subject: Subject, variant: Variant, run: ChosenRun, at: usize) -> Recorded {
        let whole = variant.experiment.whole_kernel();
        let kernel =
            whole.map_or_else(Default::default, |whole| (whole.text.to_string(), whole.joints.clone()));
        let shown = subject.for_link(&variant.experiment);
        let link = link::encode(&link::moment(&shown, &variant.machine, &run.trace, at, View::default()));
        Recorded { case: variant.experiment.case(), subject, variant, run, at, kernel, link }
    }

    /// Writes what was made of the run. A file keeps what it has if the run is not as asked for: that may be a good picture,
    /// and there is none to take its place. What the run means for the exit status.
    ///
    /// # Errors
    /// If it can't be written.
    pub fn deliver(&self, text: &str, file: Option<&PathBuf>, out: &mut impl Write) -> Result<Status, Stop> {
        match file {
            Some(path) if self.run.status != Status::Fine => {
                tell(format!(
                    "tlbscope: {} is not written: the run is not as asked for\n",
                    files::shown(path)
                ));
            }
            _ => deliver(text, file, out)?,
        }
        Ok(self.run.status)
    }

    /// The moment, for a picture of it.
    pub fn moment(&self) -> figure::DrawnRun<'_> {
        figure::DrawnRun {
            machine: &self.variant.machine,
            trace: &self.run.trace,
            cursor: self.at,
            case: self.case.as_deref(),
            sources: self.sources(),
        }
    }

    /// The texts.
    pub fn sources(&self) -> Sources<'_> {
        Sources { scenario: self.subject.text(), kernel: &self.kernel.0, joints: &self.kernel.1 }
    }
}

/// Writes a result to a file, all of it or nothing, or to `out`.
///
/// # Errors
/// If it can't be written.
pub fn deliver(text: &str, file: Option<&PathBuf>, out: &mut impl Write) -> Result<(), Stop> {
    match file {
        Some(path) => files::put(path, text),
        None => Ok(out.write_all(text.as_bytes())?),
    }
}
