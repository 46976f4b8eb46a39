//! `tlbscope open`: what a link holds, and whether it still shows what it showed.

use crate::diagnostics::{self, NamedTexts, Printed};
use crate::recorded;
use crate::stop::{Status, Stop};
use clap::{Args, ValueEnum};
use experiment::Experiment;
use lang::{Diagnostic, Whole};
use link::{Base, Compared, Link, Opened, Outcome, Unopened};
use std::fmt::Write as _;
use std::io::Write;
use std::path::PathBuf;

/// Say what a link holds, and replay it. With --text, print one of its texts.
///
/// Exit status: 0 the run leads where it led when the link was made, 1 it does not, 2 the link can't be opened.
#[derive(Args, Debug)]
pub struct OpenCommand {
    /// The link, alone or in a whole address. Quote it, since it has a #.
    #[arg(value_name = "LINK")]
    link: String,
    /// Print this text of the link instead, to be edited or compared.
    #[arg(long, value_name = "TEXT", value_enum)]
    text: Option<Text>,
    /// The file to write, instead of standard output.
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// A text of a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Text {
    /// The scenario.
    Scenario,
    /// The kernel that it runs on, with those that it extends.
    Kernel,
}

impl OpenCommand {
    pub fn run(&self, out: &mut impl Write) -> Result<Status, Stop> {
        let refused = |why: String| Stop::Refused(why);
        let link = link::decode(&self.link).map_err(|refusal| refused(refusal.to_string()))?;
        if let Some(text) = self.text {
            let experiment = link.experiment().map_err(|why| refused(why.to_string()))?;
            let whole = experiment.whole_kernel();
            let text = match text {
                Text::Scenario => experiment.scenario.to_string(),
                Text::Kernel => whole.map(|whole| whole.text.to_string()).ok_or_else(|| {
                    refused("the link's scenario names no kernel that is known here".to_owned())
                })?,
            };
            recorded::deliver(&text, self.output.as_ref(), out)?;
            return Ok(Status::Fine);
        }
        let opened = link::open(&link).map_err(|why| unopened(&link, why))?;
        recorded::deliver(&told(&link, &opened), self.output.as_ref(), out)?;
        Ok(if opened.outcome == Outcome::Reproduced { Status::Fine } else { Status::Failed })
    }
}

/// Why a link shows nothing; the errors of its text are printed in their places.
fn unopened(link: &Link, why: Unopened) -> Stop {
    match (&why, link.experiment()) {
        (Unopened::Text(found), Ok(experiment)) => {
            print(&experiment, found);
            Stop::Told
        }
        _ => Stop::Refused(why.to_string()),
    }
}

fn print(experiment: &Experiment, found: &[Diagnostic]) {
    let whole = experiment.whole_kernel().unwrap_or_else(|| Whole::new("", &experiment.kernels));
    let scenario = ("the link's scenario", &*experiment.scenario);
    let paths = vec!["the link's kernel".to_owned()];
    diagnostics::print(
        found,
        NamedTexts { scenario, kernel: &whole, paths: &paths },
        &mut Printed::default(),
    );
}

/// What a link holds, line by line.
fn told(link: &Link, opened: &Opened) -> String {
    let text = link::encode(link);
    let version = text.split('.').next().unwrap_or_default();
    let mut out = String::new();
    let mut line = |key: &str, value: String| {
        let _ = writeln!(out, "{key:<10} {}", lang::legible(&value));
    };
    line("link", format!("format {version}, made by model {}, {} characters", link.model, text.len()));
    let cases = opened.experiment.cases();
    let case = cases.iter().find(|case| case.case == link.case).and_then(|case| case.name.clone());
    let name = &opened.machine.program().name;
    let from = match &link.base {
        Base::Library { slug, .. } => format!("{slug} of the library"),
        Base::Inline { scenario, .. } => format!("{name:?}, a text of {} bytes in the link", scenario.len()),
    };
    line("scenario", from);
    line("case", case.unwrap_or_else(|| "as written".to_owned()));
    let edited = link.base.kernel().map(|text| format!("; its text is in the link ({} bytes)", text.len()));
    line("kernel", scene::kernel(&opened.machine) + &edited.unwrap_or_default());
    let options: Vec<String> = link.options.iter().map(|(name, value)| format!("{name}={value}")).collect();
    line("chosen", if options.is_empty() { "nothing".to_owned() } else { options.join(", ") });
    line("bounds", scene::bounds(&opened.machine, false));
    if let Some(compared) = &opened.compared {
        line("compared", compared.as_ref().map_or_else(ToString::to_string, with));
    }
    if let Some(timed) = &opened.link.timed {
        line("costs", format!("of the workload {}", timed.workload));
    }
    let taken = opened.trace.len();
    line("run", format!("{taken} of {} steps can be taken", link.schedule.len()));
    line("moment", moment(opened));
    line("replay", opened.outcome.to_string());
    out
}

/// What a run is compared with.
fn with(compared: &Compared) -> String {
    match compared {
        Compared::Option { name, choice } => format!("the same with {name}={choice}"),
        Compared::Case(Some(name)) => format!("the case {name:?}"),
        Compared::Case(None) => "the scenario as written".to_owned(),
        Compared::Kernel(name) => format!("the kernel {name:?}"),
    }
}

/// The moment shown, with the sentence of the step that led there.
fn moment(opened: &Opened) -> String {
    let Opened { machine, trace, cursor, .. } = opened;
    let sentence = cursor.checked_sub(1).and_then(|earlier| {
        let (before, after) = (trace.state(machine, earlier), trace.state(machine, *cursor));
        Some(scene::caption(machine, &before, trace.steps().get(earlier)?, &after).sentence)
    });
    match sentence {
        Some(sentence) => format!("after step {cursor}: {sentence}"),
        None => "the beginning".to_owned(),
    }
}
