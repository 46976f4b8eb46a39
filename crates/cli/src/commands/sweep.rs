//! `tlbscope sweep`: what kernels cost over a grid of values, in parts that other machines may run, and the parts put together.

use crate::files;
use crate::ledger;
use crate::setting::{SettingArgs, choice};
use crate::stop::{Status, Stop};
use crate::timing::{self, Priced};
use clap::Args;
use cost::{Over, Settings, TimedRun, changed, in_files, on_kernel};
use experiment::Experiment;
use lang::costs::Costs;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::{Path, PathBuf};

/// The most runs of a sweep.
const MOST: usize = 1_000_000;

/// The most kernels that extend one another.
const DEEP: usize = 8;

/// Run kernels on a workload over a grid of values, and write a line of CSV for each run.
///
/// The grid has each kernel with each combination of values. --shard 2/5 makes every fifth run, beginning with the second. With
/// --out, runs that the file already has are not repeated, so a sweep that was stopped continues. --merge joins the files of all
/// shards in the order of the grid. It refuses files of different sweeps, and a set of files that lacks a run.
#[derive(Args, Debug)]
pub struct SweepCommand {
    /// The workload: a file with a scenario that has a `workload`, the name of a built-in one, or a link.
    #[arg(value_name = "WORKLOAD", required_unless_present = "merge")]
    path: Option<String>,
    /// Kernels, by name. [default: those on which the workload runs]
    #[arg(long, value_name = "KERNEL")]
    on: Vec<String>,
    /// A kernel's text, or a folder of kernels, as for the other commands.
    #[arg(long, value_name = "FILE")]
    kernel: Vec<PathBuf>,
    /// Set an option of the kernels or of the machine.
    #[arg(long = "set", value_name = "NAME=VALUE", value_parser = choice)]
    options: Vec<(String, String)>,
    #[command(flatten)]
    priced: Priced,
    /// What changes, with its values: `c6_exit=2us,20us,200us`, `every 0=1ms,10ms`, `cpus=2,8,32`. May be repeated.
    #[arg(long, value_name = "WHAT=VALUES", required_unless_present = "merge")]
    over: Vec<String>,
    /// Seeds of each run, from 1.
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u64).range(1..))]
    seeds: u64,
    /// Steps of each run.
    #[arg(long, value_name = "N", default_value_t = 100_000, value_parser = clap::value_parser!(u64).range(1..))]
    steps: u64,
    /// Which part of how many, such as 2/5. The first part is 1.
    #[arg(long, value_name = "I/N", value_parser = shard, default_value = "1/1")]
    shard: (usize, usize),
    /// The file to write to, or to continue. [default: standard output]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Write JSON: an object about the sweep, then one for each run.
    #[arg(long)]
    json: bool,
    /// Files of shards to join.
    #[arg(long, value_name = "FILE", num_args = 1.., conflicts_with_all = ["path", "out", "json"])]
    merge: Vec<PathBuf>,
}

/// A part of how many, from 1.
pub fn shard(text: &str) -> Result<(usize, usize), String> {
    let parts = text.split_once('/').and_then(|(i, n)| Some((i.parse().ok()?, n.parse().ok()?)));
    let parts: Option<(usize, usize)> = parts.filter(|&(i, n)| 1 <= i && i <= n);
    parts.ok_or_else(|| "write it as I/N with I from 1 to N, for example 2/5".to_owned())
}

/// What changes, and its values.
type Axis = (Over, Vec<u64>);

/// One run of the grid.
struct Cell<'a> {
    number: usize,
    kernel: &'a str,
    seed: u64,
    values: Vec<(Over, u64)>,
}

impl SweepCommand {
    pub fn run(&self, out: &mut impl Write) -> Result<Status, Stop> {
        if !self.merge.is_empty() {
            return merge(&self.merge, out);
        }
        let (kernel, options) = (self.kernel.clone(), self.options.clone());
        let setting = SettingArgs { kernel, options, ..SettingArgs::default() };
        let experiment = timing::workload(self.path.as_deref().unwrap_or_default(), &setting)?;
        let costs = self.priced.costs()?;
        let axes = self.axes()?;
        let kernels = self.kernels(&experiment, &costs)?;
        timing::offered(&setting, &experiment, &kernels)?;
        let grid = self.grid(&kernels, &axes)?;
        // A value that nothing can have is refused before the first run.
        for cell in grid.iter().filter(|cell| cell.kernel == kernels[0] && cell.seed == 1) {
            changed(&on_kernel(&experiment, cell.kernel), &costs, None, &cell.values)
                .map_err(|why| Stop::Refused(format!("{}: {why}", cell.kernel)))?;
        }
        let head = self.head(hash(&said(&experiment, &kernels, &costs, &axes, self)), &axes, grid.len());
        let mut known = BTreeSet::new();
        let mut file = None;
        match &self.out {
            Some(path) => {
                file = Some(ledger::opened(path, &head, |number| {
                    known.insert(number);
                })?)
            }
            None => out.write_all(head.as_bytes())?,
        }
        let (part, parts) = self.shard;
        for cell in grid.iter().filter(|cell| cell.number % parts == part - 1) {
            if known.contains(&cell.number) {
                continue;
            }
            let line = self.line(&experiment, &costs, cell)?;
            match &mut file {
                // Line by line: what is stopped has lost one run at most.
                Some(file) => file.write_all(line.as_bytes())?,
                None => out.write_all(line.as_bytes())?,
            }
        }
        Ok(Status::Fine)
    }

    /// What changes, and its values.
    fn axes(&self) -> Result<Vec<Axis>, Stop> {
        let axis = |text: &String| {
            let (name, values) = text.split_once('=').ok_or_else(|| {
                Stop::Refused(format!("write {text} as WHAT=VALUES, for example c6_exit=2us,200us"))
            })?;
            let over = Over::named(name).map_err(Stop::Refused)?;
            let value = |value| timing::amount(value, timing::unit(over)).map_err(Stop::Refused);
            let values: Result<Vec<u64>, Stop> = values.split(',').map(value).collect();
            Ok((over, values?))
        };
        let axes: Vec<Axis> = self.over.iter().map(axis).collect::<Result<_, Stop>>()?;
        for (n, axis) in axes.iter().enumerate() {
            if axes[..n].iter().any(|other| other.0 == axis.0) {
                return Err(Stop::Refused(format!("{} changes twice", axis.0.name())));
            }
        }
        Ok(axes)
    }

    /// The kernels of the grid.
    fn kernels(&self, experiment: &Experiment, costs: &Costs) -> Result<Vec<String>, Stop> {
        let runs = |kernel: &str| changed(&on_kernel(experiment, kernel), costs, None, &[]).map(|_| ());
        let mut kernels = self.on.clone();
        if kernels.is_empty() {
            kernels = timing::kernels(experiment);
            kernels.retain(|kernel| runs(kernel).is_ok());
        }
        if kernels.is_empty() {
            return Err(Stop::Refused("the workload runs on no kernel".to_owned()));
        }
        for kernel in &kernels {
            runs(kernel).map_err(|why| Stop::Refused(format!("{kernel}: {why}")))?;
        }
        Ok(kernels)
    }

    fn grid<'a>(&self, kernels: &'a [String], axes: &[Axis]) -> Result<Vec<Cell<'a>>, Stop> {
        let mut places: Vec<Vec<(Over, u64)>> = vec![Vec::new()];
        for (over, values) in axes {
            if places.len().saturating_mul(values.len()) > MOST {
                return Err(Stop::Refused(format!("a sweep has at most {MOST} runs")));
            }
            let longer = |place: &Vec<(Over, u64)>, value: u64| {
                let mut place = place.clone();
                place.push((*over, value));
                place
            };
            places = places
                .iter()
                .flat_map(|place| values.iter().map(move |&value| longer(place, value)))
                .collect();
        }
        let mut grid = Vec::new();
        for values in &places {
            for kernel in kernels {
                for seed in 1..=self.seeds {
                    if grid.len() >= MOST {
                        return Err(Stop::Refused(format!("a sweep has at most {MOST} runs")));
                    }
                    grid.push(Cell { number: grid.len(), kernel, seed, values: values.clone() });
                }
            }
        }
        Ok(grid)
    }

    /// What stands before the runs: what all shards have in common, and in CSV the names of the columns.
    fn head(&self, hash: u64, axes: &[Axis], runs: usize) -> String {
        let model = machine::MODEL;
        if self.json {
            return format!("{{\"sweep\":\"{hash:016x}\",\"model\":{model},\"runs\":{runs}}}\n");
        }
        let names: Vec<String> = axes.iter().map(|axis| format!("{:?}", axis.0.name())).collect();
        let columns: Vec<&str> = in_files().map(|column| column.name).collect();
        format!(
            "# tlbscope sweep, model {model}, {runs} runs, {hash:016x}\nrun,kernel,seed,{},end,load,{}\n",
            names.join(","),
            columns.join(",")
        )
    }

    /// A run's line.
    fn line(&self, experiment: &Experiment, costs: &Costs, cell: &Cell<'_>) -> Result<String, Stop> {
        let on = on_kernel(experiment, cell.kernel);
        let (subject, costs) = changed(&on, costs, None, &cell.values)
            .map_err(|why| Stop::Refused(format!("{}: {why}", cell.kernel)))?;
        let settings = Settings { seed: cell.seed, repeat: subject.repeats, ..Settings::default() };
        let (counters, end) =
            TimedRun::new(subject.machine, &costs, &subject.workload, settings).to_end(self.steps);
        if self.json {
            let numbers = |all: Vec<(String, u64)>| {
                serde_json::Value::Object(all.into_iter().map(|(name, value)| (name, value.into())).collect())
            };
            let values = cell.values.iter().map(|(over, value)| (over.name(), *value)).collect();
            let counted = in_files().map(|column| (column.name.to_owned(), (column.of)(&counters))).collect();
            // Its number stands first, since a shard's file is read by it.
            return Ok(format!(
                "{{\"run\":{},\"kernel\":{},\"seed\":{},\"values\":{},\"end\":{:?},\"load\":{},\"counted\":{}}}\n",
                cell.number,
                serde_json::Value::from(cell.kernel),
                cell.seed,
                numbers(values),
                end.name(),
                counters.load(),
                numbers(counted)
            ));
        }
        let kernel = format!("\"{}\"", cell.kernel.replace('"', "\"\""));
        let values = cell.values.iter().map(|value| value.1.to_string());
        let columns = in_files().map(|column| (column.of)(&counters).to_string());
        let fields: Vec<String> = [cell.number.to_string(), kernel, cell.seed.to_string()]
            .into_iter()
            .chain(values)
            .chain([end.name().to_owned(), counters.load().to_string()])
            .chain(columns)
            .collect();
        Ok(fields.join(",") + "\n")
    }
}

/// All that decides the numbers: the texts of the scenario and of each kernel, with those that it extends; costs, values, seeds, steps.
fn said(
    experiment: &Experiment,
    kernels: &[String],
    costs: &Costs,
    axes: &[Axis],
    sweep: &SweepCommand,
) -> String {
    let mut said = format!(
        "{}\0{:?}\0{costs:?}\0{axes:?}\0{}\0{}",
        experiment.scenario, experiment.selection, sweep.seeds, sweep.steps
    );
    for (name, text) in experiment.kernels.iter() {
        said += &format!("\0{name}\0{text}");
    }
    let extended = experiment.kernels.iter().filter_map(|own| lang::extended_kernel(own.1));
    for kernel in kernels.iter().cloned().chain(extended) {
        let mut name = Some(kernel.clone());
        for _ in 0..DEEP {
            let Some(text) = name.as_deref().and_then(gallery::kernel) else { break };
            said += &format!("\0{kernel}\0{}", text.text);
            name = lang::extended_kernel(text.text);
        }
    }
    said
}

/// FNV-1a: two files with the same number may be put together.
fn hash(said: &str) -> u64 {
    let mixed = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3);
    said.bytes().fold(0xcbf2_9ce4_8422_2325_u64, mixed)
}

/// Puts the files of shards together.
fn merge(paths: &[PathBuf], out: &mut impl Write) -> Result<Status, Stop> {
    let mut head: Option<(ledger::Scanned, &Path)> = None;
    let mut runs: BTreeMap<usize, String> = BTreeMap::new();
    for path in paths {
        let contradicts = |number: usize| {
            let path = files::shown(path);
            Stop::Refused(format!("run {number} has two results: {path} contradicts another file"))
        };
        let found = ledger::scan(path, |number, line| match runs.get(&number) {
            Some(before) if *before != line => Err(contradicts(number)),
            None if number >= MOST => Err(Stop::Refused(format!("{} has run {number}", files::shown(path)))),
            _ => {
                runs.insert(number, line);
                Ok(())
            }
        })?;
        if !found.begun {
            return Err(Stop::Refused(format!("{} was stopped before its first run", files::shown(path))));
        }
        match &head {
            None => head = Some((found, path)),
            Some((first, _)) if first.head == found.head => {}
            Some((_, other)) => {
                return Err(Stop::Refused(format!(
                    "{} and {} are of two sweeps",
                    files::shown(other),
                    files::shown(path)
                )));
            }
        }
    }
    let (found, _) = head.ok_or_else(|| Stop::Refused("there is nothing to put together".to_owned()))?;
    let all = found.runs();
    if let Some(missing) = (0..all).find(|number| !runs.contains_key(number)) {
        let lacking = all - runs.len().min(all);
        return Err(Stop::Refused(format!(
            "{lacking} of {all} runs are missing, the first is run {missing}"
        )));
    }
    if let Some((number, _)) = runs.range(all..).next() {
        return Err(Stop::Refused(format!("run {number} is beyond the {all} runs of the sweep")));
    }
    out.write_all(found.head.as_bytes())?;
    for line in runs.values() {
        out.write_all(line.as_bytes())?;
    }
    Ok(Status::Fine)
}
