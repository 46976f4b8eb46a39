//! Which timed runs are meant, and with which costs: arguments that `cost` and `sweep` share.

use crate::files;
use crate::setting::SettingArgs;
use crate::stop::Stop;
use crate::subject::Subject;
use clap::Args;
use cost::Over;
use experiment::Experiment;
use lang::costs::{Costs, Unit};
use std::path::Path;

/// The table of costs.
#[derive(Args, Clone, Debug)]
pub struct Priced {
    /// The table of costs: a built-in one, or a file.
    #[arg(long, value_name = "NAME", default_value = "server")]
    costs: String,
    /// Another value for a figure of the table, as `ipi_latency=3us`.
    #[arg(long = "figure", value_name = "NAME=VALUE")]
    figures: Vec<String>,
}

impl Priced {
    /// The table of costs, with the figures of the command line.
    ///
    /// # Errors
    /// If there is no such table, if it has errors, or if it has no such figure.
    pub fn costs(&self) -> Result<Costs, Stop> {
        let path = Path::new(&self.costs);
        let costs = match path.exists() {
            true => {
                cost::read_costs(&files::read(path)?).map_err(|why| format!("{}: {why}", files::shown(path)))
            }
            false => cost::library_costs(&self.costs),
        };
        let mut costs = costs.map_err(Stop::Refused)?;
        for given in &self.figures {
            let (name, value) = given.split_once('=').ok_or_else(|| {
                Stop::Refused(format!("write {given} as name=value, for example ipi_latency=3us"))
            })?;
            let Over::Figure(figure) = Over::named(name).map_err(Stop::Refused)? else {
                return Err(Stop::Refused(format!("{name} is no figure of the costs")));
            };
            let amount = amount(value, figure.unit()).map_err(Stop::Refused)?;
            figure.may_be(amount).map_err(Stop::Refused)?;
            costs = costs.having(figure, amount);
        }
        Ok(costs)
    }
}

/// The workload of that name or file, or the scenario of a link, with the options of the command line.
///
/// # Errors
/// If it can't be read.
pub fn workload(path: &str, setting: &SettingArgs) -> Result<Experiment, Stop> {
    setting.agrees()?;
    let mut experiment = match gallery::workload(path).filter(|_| !Path::new(path).exists()) {
        Some(text) => cost::experiment_of(text.text),
        None => {
            let named = |stop| match stop {
                Stop::Refused(why) if !Path::new(path).exists() => {
                    let slugs: Vec<&str> = gallery::workloads().map(|text| text.slug).collect();
                    Stop::Refused(format!("{why}; the workloads are {}", slugs.join(", ")))
                }
                other => other,
            };
            // Which kernel is meant is for the command to say.
            let setting = SettingArgs { on: None, ..setting.clone() };
            Subject::load(path, &setting).map_err(named)?.experiment
        }
    };
    // A kernel of the reader's own, for a workload that is built in.
    for path in setting.kernel.iter().filter(|path| path.is_file()) {
        let text = files::read(path)?;
        if let Some(name) = lang::kernel_name(&text).filter(|name| experiment.kernels.own(name).is_none()) {
            experiment = experiment.with_kernel(name, text);
        }
    }
    let mut selection = experiment.selection.clone();
    selection.options.extend(setting.choices());
    Ok(experiment.selecting(selection))
}

/// Whether each option of the command line is one of at least one of these kernels or of their machine.
///
/// # Errors
/// If none of them has it, with what the first one has.
pub fn offered(setting: &SettingArgs, workload: &Experiment, kernels: &[String]) -> Result<(), Stop> {
    if setting.choices().is_empty() {
        return Ok(());
    }
    let mut why = None;
    for kernel in kernels {
        let Some(program) = cost::on_kernel(workload, kernel).program().program else { continue };
        match setting.offered(kernel, &program) {
            Ok(()) => return Ok(()),
            Err(stop) => why = why.or(Some(stop)),
        }
    }
    why.map_or(Ok(()), Err)
}

/// Every kernel on which a workload may run: the reader's own, but for those that only add to one of the library; then the
/// library's.
pub fn kernels(workload: &Experiment) -> Vec<String> {
    let own = workload
        .kernels
        .iter()
        .filter(|(name, text)| gallery::kernel(name).is_none() && lang::extended_kernel(text).is_none());
    own.map(|(name, _)| name.to_owned()).chain(cost::kernels().map(str::to_owned)).collect()
}

/// The unit of what is varied.
pub fn unit(over: Over) -> Unit {
    match over {
        Over::Figure(figure) => figure.unit(),
        Over::Every(_) | Over::Sleep(_) => Unit::Time,
        Over::Cpus => Unit::Entries,
    }
}

/// A value on the command line: `300ns`, `3us`, `1536`.
///
/// # Errors
/// If it is none.
pub fn amount(text: &str, unit: Unit) -> Result<u64, String> {
    let text = text.trim();
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (digits, word) = text.split_at(end);
    let number: u64 = digits.parse().map_err(|_| format!("{text} is no number"))?;
    let size = match (unit, word.trim()) {
        (Unit::Entries, "" | "entries") => Some(1),
        (Unit::Time, "ps") => Some(1),
        (Unit::Time, "ns") => Some(1_000),
        (Unit::Time, "us") => Some(1_000_000),
        (Unit::Time, "ms") => Some(1_000_000_000),
        (Unit::Time, "s") => Some(1_000_000_000_000),
        _ => None,
    };
    let value =
        size.and_then(|size| number.checked_mul(size)).filter(|value| *value <= lang::costs::MAX_TIME);
    value.ok_or_else(|| match unit {
        Unit::Time => format!("write {text} as a time up to 1s: 300ns, 20us, 3ms"),
        Unit::Entries => format!("write {text} as a number"),
    })
}
