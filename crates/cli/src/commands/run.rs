//! `tlbscope run`: a run, step by step.

use crate::schedule::{Which, known, property};
use crate::setting::SettingArgs;
use crate::stop::{Status, Stop};
use crate::subject::Subject;
use clap::Args;
use explore::{Distances, Limits, PropertySet, Trace};
use machine::Machine;
use scene::Sources;
use std::io::Write;

/// Print a run step by step.
///
/// Without --seed, --witness or --schedule it prints the run of the link, or the run of seed 0.
///
/// Exit status: 0 the run is as you asked for, 1 the run can't be reproduced or the property never shows, 2 a text
/// has errors, 3 the search stopped at its bound.
#[derive(Args, Debug)]
pub struct RunCommand {
    /// The scenario: a file, the name of a built-in one, or a link.
    #[arg(value_name = "PATH")]
    path: String,
    #[command(flatten)]
    setting: SettingArgs,
    #[command(flatten)]
    which: Which,
    /// The most steps to print. [default: all; 1000 of a run by a seed]
    #[arg(long, value_name = "N")]
    steps: Option<usize>,
    /// Also print, for each moment of the run, the distance in steps to a property (or `violation`, `corruption`).
    #[arg(long, value_name = "PROPERTY")]
    distance: Option<String>,
}

impl RunCommand {
    pub fn run(&self, out: &mut impl Write) -> Result<Status, Stop> {
        // Refused before anything is read or searched.
        self.distance.as_deref().map_or(Ok(()), known)?;
        let mut subject = Subject::load(&self.path, &self.setting)?;
        let variant = subject.variant(&self.setting)?;
        let meant = |name| Ok::<_, Stop>((name, property(&variant.machine, name)?));
        let near = self.distance.as_deref().map(meant).transpose()?;
        let run = self.which.run(&subject, &variant, self.steps)?;
        let whole = variant.experiment.whole_kernel();
        let (kernel, joints) =
            whole.as_ref().map_or(("", &[][..]), |whole| (&*whole.text, &whole.joints[..]));
        let sources = Sources { scenario: subject.text(), kernel, joints };
        write!(out, "{}", scene::text(&variant.machine, &run.trace, sources))?;
        writeln!(out, "{}", run.note)?;
        if let Some((name, properties)) = near {
            writeln!(out, "{}", distances(&variant.machine, &run.trace, name, properties))?;
        }
        Ok(run.status)
    }
}

/// The least numbers of steps from each moment of a run to what shows a property.
fn distances(machine: &Machine, trace: &Trace<Machine>, name: &str, properties: PropertySet) -> String {
    let limits = Limits::default();
    let Some(distances) = Distances::new(machine, properties, limits) else {
        return format!("The distance to {name} is unknown: there are more states than {}.", limits.states);
    };
    let away: Vec<String> = (0..=trace.len())
        .map(|moment| match distances.of(&trace.state(machine, moment)) {
            Some(steps) => steps.to_string(),
            None => "never".to_owned(),
        })
        .collect();
    format!("Steps to the nearest {name}, from each moment of the run: {}.", away.join(" "))
}
