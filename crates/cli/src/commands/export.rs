//! `tlbscope export`: a run or a scenario for other tools.

use crate::recorded::{self, MomentArguments, Recorded};
use crate::stop::{Status, Stop};
use clap::{Args, ValueEnum};
use lang::source::SourceId;
use scene::Sources;
use std::io::Write;
use std::path::PathBuf;

/// Print a run or a scenario in the form that another tool needs.
///
/// Without --seed, --witness or --schedule a run is that of the link, or the run of seed 0.
///
/// Exit status: 0 it has been written, 1 there is no such run or it leads elsewhere now (with -o nothing is written), 2 the input
/// has errors or the file can't be written, 3 the search for the run stopped at its bound.
#[derive(Args, Debug)]
pub struct ExportCommand {
    #[command(flatten)]
    moment: MomentArguments,
    /// For which tool.
    #[arg(long, value_name = "FORMAT", value_enum)]
    format: Format,
    /// Of a Promela model: room for this many more entries in caches, queues and lists than the states near the initial state
    /// need. [default: 0]
    #[arg(long, value_name = "N")]
    room: Option<u16>,
    /// The file to write, instead of standard output.
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// The forms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// The run for Perfetto and Chrome's trace viewer: lanes, page walks, IPIs as flows.
    Trace,
    /// The run as a sequence diagram of Mermaid.
    Mermaid,
    /// The run for programs; docs/json.md explains the fields.
    Json,
    /// The run as a table of sentences, as `tlbscope run` prints it.
    Text,
    /// The scenario as a litmus test for litmus7 and herd (X86_64): if it ends in exists, ~exists or forall, and no
    /// translation matters in it.
    Litmus,
    /// The scenario as a Promela model for Spin, with the same states and steps; its first lines say how to run it.
    Promela,
}

impl ExportCommand {
    pub fn run(&self, out: &mut impl Write) -> Result<Status, Stop> {
        let refused = |why: &str| Err(Stop::Refused(why.to_owned()));
        if self.room.is_some() && self.format != Format::Promela {
            return refused("--room is of a Promela model: it goes with --format promela");
        }
        if !matches!(self.format, Format::Promela | Format::Litmus) {
            let recorded = self.moment.record()?;
            return recorded.deliver(&of_run(&recorded, self.format), self.output.as_ref(), out);
        }
        if self.moment.names_run() {
            return refused(
                "a litmus test and a Promela model have no run: leave out --seed, --witness, --without, --schedule, --steps \
                 and --at",
            );
        }
        recorded::deliver(&self.scenario()?, self.output.as_ref(), out)?;
        Ok(Status::Fine)
    }

    /// The scenario in one of the forms that have no run.
    fn scenario(&self) -> Result<String, Stop> {
        let (subject, variant) = self.moment.subject()?;
        if self.format == Format::Promela {
            let refused = promela::refused(&variant.machine);
            if !refused.is_empty() {
                let kernel = variant.experiment.whole_kernel();
                let (kernel, joints) = kernel.as_ref().map_or(("", &[][..]), |it| (&*it.text, &it.joints));
                let sources = Sources { scenario: subject.text(), kernel, joints };
                let one = |found: &promela::Unmodelled| {
                    let place = promela::first(&variant.machine, found).map_or_else(String::new, |pc| {
                        let site = &variant.machine.program().sites[usize::from(pc)];
                        let line = sources.line(site.source, site.span);
                        let text = if site.source == SourceId::KERNEL { "kernel" } else { "scenario" };
                        format!(" (first in line {line} of the {text}: {})", site.function)
                    });
                    format!("\n  {}{place}, and {}; instead: {}", found.what, found.why, found.mend)
                };
                let all: String = refused.iter().map(one).collect();
                return Err(Stop::Refused(format!("{} can't be exported:{all}", subject.path)));
            }
            return Ok(promela::export(&variant.machine, self.room.unwrap_or(0)));
        }
        let refused =
            |why| Stop::Refused(format!("{}: no litmus test can be made of it: {why}", self.moment.path));
        litmus::export(&variant.machine).map_err(refused)
    }
}

/// The run in a form.
fn of_run(recorded: &Recorded, format: Format) -> String {
    let (machine, trace) = (&*recorded.variant.machine, &recorded.run.trace);
    let run = export::ExportedRun {
        machine,
        trace,
        cursor: recorded.at,
        case: recorded.case.as_deref(),
        sources: recorded.sources(),
        link: &recorded.link,
    };
    match format {
        Format::Trace => export::trace(&run),
        Format::Mermaid => export::mermaid(&run),
        Format::Json => export::json(&run),
        _ => format!("{}{}\n", scene::text(machine, trace, recorded.sources()), recorded.run.note),
    }
}
