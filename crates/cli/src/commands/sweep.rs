//! `tlbscope sweep`: what kernels cost over a grid of values, in parts that other machines may run, and the parts put together.

use super::cost::amount;
use crate::files;
use crate::stop::{Status, Stop};
use clap::Args;
use cost::{COLUMNS, Over, Run, Settings, changed, library_costs, on_kernel, read_costs};
use experiment::Experiment;
use lang::costs::{Costs, Unit};
use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};

/// The most runs of a sweep.
const MOST: usize = 1_000_000;

/// Run kernels on a workload over a grid of values, and write a line of CSV for each run.
///
/// The grid has each kernel with each combination of values. --shard 2/5 makes every fifth run, beginning with the second. With
/// --out, runs that the file already has are not repeated, so a sweep that was stopped continues. --merge joins the files of all
/// shards in the order of the grid. It refuses files of different sweeps, and a set of files that lacks a run.
#[derive(Args, Debug)]
pub struct Sweep {
    /// The workload: the name of a built-in one, or a file.
    #[arg(value_name = "WORKLOAD", required_unless_present = "merge")]
    path: Option<String>,
    /// Kernels, by name. [default: those of the library that the workload runs on]
    #[arg(long, value_name = "KERNEL")]
    on: Vec<String>,
    /// The table of costs: a built-in one, or a file.
    #[arg(long, value_name = "NAME", default_value = "server")]
    costs: String,
    /// What changes, with its values: `c6_exit=2us,20us,200us`, `every 0=1ms,10ms`, `cpus=2,8,32`. May be repeated.
    #[arg(long, value_name = "WHAT=VALUES", required_unless_present = "merge")]
    over: Vec<String>,
    /// Seeds of each run, from 1.
    #[arg(long, value_name = "N", default_value_t = 1)]
    seeds: u64,
    /// Steps of each run.
    #[arg(long, value_name = "N", default_value_t = 100_000)]
    steps: u64,
    /// Which part of how many, such as 2/5. The first part is 1.
    #[arg(long, value_name = "I/N", value_parser = shard, default_value = "1/1")]
    shard: (usize, usize),
    /// The file to write to, or to continue. [default: standard output]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Files of shards to join.
    #[arg(long, value_name = "FILE", num_args = 1.., conflicts_with_all = ["path", "out"])]
    merge: Vec<PathBuf>,
}

/// A part of how many, from 1.
pub fn shard(text: &str) -> Result<(usize, usize), String> {
    let parts = text.split_once('/').and_then(|(i, n)| Some((i.parse().ok()?, n.parse().ok()?)));
    let parts: Option<(usize, usize)> = parts.filter(|&(i, n)| 1 <= i && i <= n);
    parts.ok_or_else(|| "write it as I/N with I from 1 to N, for example 2/5".to_owned())
}

/// One run of the grid.
struct Cell<'a> {
    number: usize,
    kernel: &'a str,
    seed: u64,
    values: Vec<(Over, u64)>,
}

impl Sweep {
    pub fn run(&self, out: &mut impl Write) -> Result<Status, Stop> {
        if !self.merge.is_empty() {
            return merge(&self.merge, out);
        }
        let path = self.path.as_deref().unwrap_or_default();
        let text = match gallery::workload(path).filter(|_| !Path::new(path).exists()) {
            Some(text) => text.text.to_owned(),
            None => files::read(Path::new(path))?,
        };
        let (experiment, costs) = (cost::experiment_of(&text), self.costs()?);
        let axes = self.axes()?;
        let kernels = self.kernels(&experiment, &costs)?;
        let grid = self.grid(&kernels, &axes)?;
        let head = self.head(&text, &costs, &axes, grid.len());
        let mut file = None;
        let mut known = BTreeMap::new();
        if let Some(path) = &self.out {
            known = kept(path, &head)?;
            file = Some(opened(path, &head)?);
        } else {
            out.write_all(head.as_bytes())?;
        }
        let (part, parts) = self.shard;
        for cell in grid.iter().filter(|cell| cell.number % parts == part - 1) {
            if known.contains_key(&cell.number) {
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

    fn costs(&self) -> Result<Costs, Stop> {
        let path = Path::new(&self.costs);
        let costs = if path.exists() { read_costs(&files::read(path)?) } else { library_costs(&self.costs) };
        costs.map_err(Stop::Refused)
    }

    /// What changes, and its values.
    fn axes(&self) -> Result<Vec<(Over, Vec<u64>)>, Stop> {
        let axis = |text: &String| {
            let (name, values) = text.split_once('=').ok_or_else(|| {
                Stop::Refused(format!("write {text} as WHAT=VALUES, for example c6_exit=2us,200us"))
            })?;
            let over = Over::named(name).map_err(Stop::Refused)?;
            let unit = match over {
                Over::Figure(figure) => figure.unit(),
                Over::Every(_) | Over::Sleep(_) => Unit::Time,
                Over::Cpus => Unit::Entries,
            };
            let values: Result<Vec<u64>, Stop> =
                values.split(',').map(|value| amount(value, unit).map_err(Stop::Refused)).collect();
            Ok((over, values?))
        };
        self.over.iter().map(axis).collect()
    }

    /// The kernels of the grid.
    fn kernels(&self, experiment: &Experiment, costs: &Costs) -> Result<Vec<String>, Stop> {
        let runs = |kernel: &str| changed(&on_kernel(experiment, kernel), costs, None, &[]).map(|_| ());
        if self.on.is_empty() {
            return Ok(cost::kernels().filter(|kernel| runs(kernel).is_ok()).map(str::to_owned).collect());
        }
        for kernel in &self.on {
            runs(kernel).map_err(|why| Stop::Refused(format!("{kernel}: {why}")))?;
        }
        Ok(self.on.clone())
    }

    fn grid<'a>(&self, kernels: &'a [String], axes: &[(Over, Vec<u64>)]) -> Result<Vec<Cell<'a>>, Stop> {
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

    /// The two lines before the runs: what all shards have in common, and the names of the columns.
    fn head(&self, text: &str, costs: &Costs, axes: &[(Over, Vec<u64>)], runs: usize) -> String {
        // What decides the numbers, in one number: two files with the same may be put together.
        let mut hash = 0xcbf2_9ce4_8422_2325_u64;
        let said = format!("{text}\0{costs:?}\0{axes:?}\0{:?}\0{}\0{}", self.on, self.seeds, self.steps);
        for byte in said.bytes() {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3);
        }
        let model = machine::MODEL;
        let names: Vec<String> = axes.iter().map(|axis| format!("{:?}", axis.0.name())).collect();
        let columns: Vec<&str> = COLUMNS.iter().map(|column| column.name).collect();
        format!(
            "# tlbscope sweep, model {model}, {runs} runs, {hash:016x}\nrun,kernel,seed,{},load,{}\n",
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
        let (counters, _) = Run::new(subject.machine, &costs, &subject.workload, settings).to_end(self.steps);
        let kernel = format!("\"{}\"", cell.kernel.replace('"', "\"\""));
        let values = cell.values.iter().map(|value| value.1.to_string());
        let columns = COLUMNS.iter().map(|column| (column.of)(&counters).to_string());
        let fields: Vec<String> = [cell.number.to_string(), kernel, cell.seed.to_string()]
            .into_iter()
            .chain(values)
            .chain([counters.load().to_string()])
            .chain(columns)
            .collect();
        Ok(fields.join(",") + "\n")
    }
}

/// The runs of a file, by number, if it is of a sweep with this head; none if there is no such file.
fn kept(path: &Path, head: &str) -> Result<BTreeMap<usize, String>, Stop> {
    if !path.exists() {
        return Ok(BTreeMap::new());
    }
    let text = files::read(path)?;
    match text.strip_prefix(head) {
        Some(rest) => Ok(lines(rest).into_iter().collect()),
        // It was stopped before its head was whole.
        None if head.starts_with(&text) => Ok(BTreeMap::new()),
        None => Err(Stop::Refused(format!(
            "{} is of another sweep: its first lines say so; name another file",
            files::shown(path)
        ))),
    }
}

/// Whole lines of runs, by number. The last one may have been cut off.
fn lines(text: &str) -> Vec<(usize, String)> {
    let whole = text.split_inclusive('\n').filter(|line| line.ends_with('\n'));
    whole.filter_map(|line| Some((line.split(',').next()?.parse().ok()?, line.to_owned()))).collect()
}

/// The file, to be written on with: whole lines are kept.
fn opened(path: &Path, head: &str) -> Result<File, Stop> {
    let known = kept(path, head)?;
    let mut text = head.to_owned();
    known.values().for_each(|line| text += line);
    let refused = |error: std::io::Error| Stop::Refused(format!("{}: {error}", files::shown(path)));
    std::fs::write(path, text).map_err(refused)?;
    OpenOptions::new().append(true).open(path).map_err(refused)
}

/// Puts the files of shards together.
fn merge(paths: &[PathBuf], out: &mut impl Write) -> Result<Status, Stop> {
    let mut head: Option<(String, &Path)> = None;
    let mut runs = BTreeMap::new();
    for path in paths {
        let text = files::read(path)?;
        let end = text.match_indices('\n').nth(1).map_or(text.len(), |found| found.0 + 1);
        let (first, rest) = text.split_at(end);
        if !first.starts_with("# tlbscope sweep") {
            return Err(Stop::Refused(format!("{} is no file of a sweep", files::shown(path))));
        }
        match &head {
            None => head = Some((first.to_owned(), path)),
            Some((head, _)) if head == first => {}
            Some((_, other)) => {
                return Err(Stop::Refused(format!(
                    "{} and {} are of two sweeps",
                    files::shown(other),
                    files::shown(path)
                )));
            }
        }
        for (number, line) in lines(rest) {
            match runs.insert(number, line.clone()) {
                Some(before) if before != line => {
                    return Err(Stop::Refused(format!(
                        "run {number} has two results: {} contradicts another file",
                        files::shown(path)
                    )));
                }
                _ => {}
            }
        }
    }
    let (head, _) = head.ok_or_else(|| Stop::Refused("there is nothing to put together".to_owned()))?;
    let all = head.split(", ").nth(2).and_then(|said| said.split(' ').next()?.parse::<usize>().ok());
    let all = all.unwrap_or_default();
    if let Some(missing) = (0..all).find(|number| !runs.contains_key(number)) {
        let lacking = all - runs.len().min(all);
        return Err(Stop::Refused(format!(
            "{lacking} of {all} runs are missing, the first is run {missing}"
        )));
    }
    out.write_all(head.as_bytes())?;
    for line in runs.values() {
        out.write_all(line.as_bytes())?;
    }
    Ok(Status::Fine)
}
