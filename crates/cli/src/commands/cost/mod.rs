//! `tlbscope cost`: what kernels cost on a workload, beside what the explorer says of them.

mod against;
mod told;

use crate::setting::SettingArgs;
use crate::stop::{Status, Stop};
use crate::timing::{self, Priced};
use clap::Args;
use cost::{Measured, NoTimedSubject, Per, Row, Settings};
use experiment::Experiment;
use lang::costs::{Costs, Figure};
use std::io::Write;

/// Steps of a run by default: a second or so for each kernel.
const STEPS: u64 = 1_000_000;

/// States of a search by default.
const STATES: u32 = 1_000_000;

/// Show what kernels cost on a workload: timed runs, beside the explorer's verdicts.
///
/// Each kernel of the library on which the workload compiles has a line. A clock, a table of costs and a seed make the choices
/// of a timed run (docs/cost.md). The verdict is about one round of each block, on as many CPUs as the scenario has.
///
/// With --all, each kernel of the library on each of its workloads. Without a path, list the built-in workloads and tables of costs.
#[derive(Args, Debug)]
pub struct CostCommand {
    /// The workload: a file with a scenario that has a `workload`, the name of a built-in one, or a link.
    #[arg(value_name = "PATH")]
    path: Option<String>,
    /// All workloads of the library, each with all kernels.
    #[arg(long, conflicts_with_all = ["path", "against", "cpus", "per"])]
    all: bool,
    #[command(flatten)]
    setting: SettingArgs,
    #[command(flatten)]
    priced: Priced,
    /// What counts are for in the table: each second, or each round of a CPU's block, as "round 0".
    #[arg(long, value_name = "second|round CPU", default_value = "second", value_parser = per, conflicts_with_all = ["json", "csv"])]
    per: Per,
    /// CPUs of the timed run. [default: as the workload says]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(1..=64))]
    cpus: Option<u8>,
    /// The seed of the random choices.
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// Steps of each run. [default: 1000000; 100000 with --against and --all, which make many runs]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    steps: Option<u64>,
    /// The most states of the search for a verdict; 0 for no verdict.
    #[arg(long, value_name = "N", default_value_t = STATES)]
    states: u32,
    /// Compare two kernels: which costs less, and from which value on? One is this kernel. The other is the kernel of --on, or
    /// else the one that the workload names.
    #[arg(long, value_name = "KERNEL", requires = "over")]
    against: Option<String>,
    /// The value to vary for --against: a figure of the costs, "every CPU", "sleep CPU" or "cpus".
    #[arg(long, value_name = "WHAT", requires = "against")]
    over: Option<String>,
    /// The range of its values, as `100us..100ms`. [default: from a hundredth of the present value to a hundred times it]
    #[arg(long, value_name = "FROM..TO", requires = "over")]
    range: Option<String>,
    /// Print JSON: one object per line and kernel; with --against, one object.
    #[arg(long, conflicts_with = "csv")]
    json: bool,
    /// Print CSV: all counters of a run, unrounded, with times in picoseconds.
    #[arg(long)]
    csv: bool,
}

impl CostCommand {
    pub fn run(&self, out: &mut impl Write) -> Result<Status, Stop> {
        if self.all {
            return self.matrix(out);
        }
        let Some(path) = &self.path else { return list(out) };
        let costs = self.priced.costs()?;
        let experiment = timing::workload(path, &self.setting)?;
        if let (Some(against), Some(over)) = (&self.against, &self.over) {
            return self.break_even(&experiment, &costs, (against, over), out);
        }
        let kernels = self.kernels(&experiment);
        timing::offered(&self.setting, &experiment, &kernels)?;
        let rows = self.rows(&experiment, &costs, &kernels, self.steps.unwrap_or(STEPS));
        let measured: Vec<(&str, &Measured)> = ran(&rows).collect();
        if measured.is_empty() {
            // What holds for the workload itself says more than what a kernel lacks.
            let all = || rows.iter().filter_map(|row| row.found.as_ref().err());
            let why = all().find(|why| matches!(why, NoTimedSubject::Refused(_))).or_else(|| all().next());
            let why = why.map_or_else(String::new, |why| format!(": {why}"));
            return Err(Stop::Refused(format!("{path} runs on no kernel{why}")));
        }
        if let Per::Round(cpu) = self.per
            && measured.iter().all(|row| row.1.counters.rounds.len() <= usize::from(cpu))
        {
            return Err(Stop::Refused(format!("there is no CPU {cpu}, whose rounds --per counts")));
        }
        if self.json {
            measured.iter().try_for_each(|row| told::json(out, (path, &costs), self.seed, row))?;
        } else if self.csv {
            told::csv_head(out)?;
            measured.iter().try_for_each(|row| told::csv(out, path, row))?;
        } else {
            told::table(out, &costs, &measured, self.per)?;
            let others = rows.len() - measured.len();
            if others > 0 {
                writeln!(
                    out,
                    "{others} other kernels lack functions that this workload calls, or don't compile on it."
                )?;
            }
        }
        Ok(Status::Fine)
    }

    /// The kernels that are asked for.
    fn kernels(&self, experiment: &Experiment) -> Vec<String> {
        match &self.setting.on {
            Some(one) => vec![one.clone()],
            None => timing::kernels(experiment),
        }
    }

    /// What each kernel costs.
    fn rows(&self, experiment: &Experiment, costs: &Costs, kernels: &[String], steps: u64) -> Vec<Row> {
        let settings = Settings { seed: self.seed, ..Settings::default() };
        let bounds = (steps, self.states);
        let measure =
            |kernel: &String| cost::row(experiment, Some(kernel), costs, self.cpus, settings, bounds);
        kernels.iter().map(measure).collect()
    }

    /// Every kernel on every workload of the library.
    fn matrix(&self, out: &mut impl Write) -> Result<Status, Stop> {
        let costs = self.priced.costs()?;
        let steps = self.steps.unwrap_or(STEPS / 10);
        let mut columns = Vec::new();
        if self.csv {
            told::csv_head(out)?;
        }
        for workload in gallery::workloads() {
            let experiment = timing::workload(workload.slug, &self.setting)?;
            let rows = self.rows(&experiment, &costs, &self.kernels(&experiment), steps);
            // Row by row: there are many, and who reads along sees how far it is.
            for row in ran(&rows) {
                if self.json {
                    told::json(out, (workload.slug, &costs), self.seed, &row)?;
                } else if self.csv {
                    told::csv(out, workload.slug, &row)?;
                }
            }
            columns.push((workload.slug, rows));
        }
        if !self.json && !self.csv {
            told::matrix(out, &costs, &columns)?;
        }
        Ok(Status::Fine)
    }
}

/// The kernels that the workload runs on.
fn ran(rows: &[Row]) -> impl Iterator<Item = (&str, &Measured)> {
    rows.iter().filter_map(|row| Some((row.kernel.as_str(), row.found.as_ref().ok()?)))
}

/// `second`, or the CPU whose rounds count.
fn per(text: &str) -> Result<Per, String> {
    let said = match text.split_whitespace().collect::<Vec<_>>()[..] {
        ["second"] => Some(Per::Second),
        ["round"] => Some(Per::Round(0)),
        ["round", cpu] => cpu.parse().ok().map(Per::Round),
        _ => None,
    };
    said.ok_or_else(|| "write `second`, or a CPU whose rounds count, as \"round 0\"".to_owned())
}

/// The workloads and the tables of costs of the library.
fn list(out: &mut impl Write) -> Result<Status, Stop> {
    writeln!(out, "workloads")?;
    for text in gallery::workloads() {
        let program = cost::experiment_of(text.text).program().program;
        let about = program.map(|program| program.about.join(" ")).unwrap_or_default();
        writeln!(out, "  {}: {about}", text.slug)?;
    }
    writeln!(out, "costs")?;
    for text in gallery::costs() {
        let costs = cost::read_costs(text.text).map_err(Stop::Refused)?;
        writeln!(out, "  {}: {}", text.slug, costs.about.join(" "))?;
    }
    writeln!(out, "figures of the costs")?;
    for figure in Figure::ALL {
        writeln!(out, "  {}: {}", figure.name(), figure.meaning())?;
    }
    Ok(Status::Fine)
}
