//! `tlbscope cost`: what kernels cost on a workload, beside what the explorer says of them.

use crate::files;
use crate::setting::Setting;
use crate::stop::{Status, Stop};
use crate::subject::Subject;
use clap::Args;
use cost::{COLUMNS, Counters, Judged, Measure, Measured, Over, Row, SHOWN, Settings, Shown, Sweep};
use experiment::Experiment;
use lang::costs::{Costs, Figure, Sure, Unit, written};
use scene::grouped;
use serde::Serialize;
use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;

/// Steps of a run by default: a second or so for each kernel.
const STEPS: u64 = 1_000_000;

/// States of a search by default.
const STATES: u32 = 1_000_000;

/// Show what kernels cost on a workload: timed runs, beside the explorer's verdicts.
///
/// Each kernel of the library on which the workload compiles has a line. A clock, a table of costs and a seed make the choices
/// of a timed run (docs/cost.md). The verdict is about one round of each block, on as many CPUs as the scenario has.
///
/// Without a path, list the built-in workloads and tables of costs.
#[derive(Args, Debug)]
pub struct Cost {
    /// The workload: a file with a scenario that has a `workload`, the name of a built-in one, or a link.
    #[arg(value_name = "PATH")]
    path: Option<String>,
    #[command(flatten)]
    setting: Setting,
    /// The table of costs: a built-in one, or a file.
    #[arg(long, value_name = "NAME", default_value = "server")]
    costs: String,
    /// Another value for a figure of the table, as `ipi_latency=3us`.
    #[arg(long = "figure", value_name = "NAME=VALUE")]
    figures: Vec<String>,
    /// CPUs of the timed run. [default: as the workload says]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(1..=64))]
    cpus: Option<u8>,
    /// The seed of the random choices.
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// Steps of each run. [default: 1000000; 100000 with --against, which makes many runs]
    #[arg(long, value_name = "N")]
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
    /// Print JSON: one object per line and kernel.
    #[arg(long, conflicts_with = "csv")]
    json: bool,
    /// Print CSV: all counters of a run, unrounded, with times in picoseconds.
    #[arg(long)]
    csv: bool,
}

impl Cost {
    pub fn run(&self, out: &mut impl Write) -> Result<Status, Stop> {
        let Some(path) = &self.path else { return list(out) };
        let costs = self.costs()?;
        let experiment = self.experiment(path)?;
        if let (Some(against), Some(over)) = (&self.against, &self.over) {
            return self.break_even(&experiment, &costs, (against, over), out);
        }
        let settings = Settings { seed: self.seed, ..Settings::default() };
        let bounds = (self.steps.unwrap_or(STEPS), self.states);
        let measure =
            |kernel: Option<&str>| cost::row(&experiment, kernel, &costs, self.cpus, settings, bounds);
        let one = self.setting.on.as_deref();
        let rows: Vec<Row> = match one {
            Some(_) => vec![measure(one)],
            None => {
                // The reader's own, but for those that only add to one of the library; then the library's.
                let own = experiment.kernels.iter().filter(|(name, text)| {
                    gallery::kernel(name).is_none() && lang::extended_kernel(text).is_none()
                });
                let mut names: Vec<&str> = own.map(|(name, _)| name).collect();
                for name in cost::kernels() {
                    names.push(name);
                }
                names.into_iter().map(|kernel| measure(Some(kernel))).collect()
            }
        };
        let measured: Vec<(&str, &Measured)> =
            rows.iter().filter_map(|row| Some((row.kernel.as_str(), row.found.as_ref().ok()?))).collect();
        if measured.is_empty() {
            let why = rows.iter().find_map(|row| row.found.as_ref().err());
            let why = why.map_or_else(String::new, |why| format!(": {why}"));
            return Err(Stop::Refused(format!("{path} runs on no kernel{why}")));
        }
        if self.json {
            measured.iter().try_for_each(|row| json(out, &costs, self.seed, row))?;
        } else if self.csv {
            csv(out, &measured)?;
        } else {
            table(out, &costs, &measured)?;
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

    /// The table of costs, with the figures of the command line.
    fn costs(&self) -> Result<Costs, Stop> {
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
            costs = costs.having(figure, amount(value, figure.unit()).map_err(Stop::Refused)?);
        }
        Ok(costs)
    }

    /// The workload, with the options of the command line.
    fn experiment(&self, path: &str) -> Result<Experiment, Stop> {
        let experiment = match gallery::workload(path).filter(|_| !Path::new(path).exists()) {
            Some(text) => cost::experiment_of(text.text),
            None => {
                let named = |stop| match stop {
                    Stop::Refused(why) if !Path::new(path).exists() => {
                        let slugs: Vec<&str> = gallery::workloads().map(|text| text.slug).collect();
                        Stop::Refused(format!("{why}; the workloads are {}", slugs.join(", ")))
                    }
                    other => other,
                };
                // Which kernel is meant is this command's business.
                let setting = Setting { on: None, ..self.setting.clone() };
                Subject::load(path, &setting).map_err(named)?.experiment
            }
        };
        // A kernel of the reader's own, for a workload that is built in.
        let mut experiment = experiment;
        for path in self.setting.kernel.iter().filter(|path| path.is_file()) {
            let text = files::read(path)?;
            if let Some(name) = lang::kernel_name(&text).filter(|name| experiment.kernels.own(name).is_none())
            {
                experiment = experiment.with_kernel(name, text);
            }
        }
        let mut selection = experiment.selection.clone();
        selection.options.extend(self.setting.options.iter().cloned());
        Ok(experiment.selecting(selection))
    }

    /// From where on one kernel costs less than another one.
    fn break_even(
        &self,
        experiment: &Experiment,
        costs: &Costs,
        (against, over): (&str, &str),
        out: &mut impl Write,
    ) -> Result<Status, Stop> {
        let over = Over::named(over).map_err(Stop::Refused)?;
        let refused = |why: cost::NoSubject| Stop::Refused(why.to_string());
        let one = self.setting.on.clone().or_else(|| experiment.kernel_name()).unwrap_or_default();
        let first = match &self.setting.on {
            Some(name) => cost::on_kernel(experiment, name),
            None => experiment.clone(),
        };
        let second = cost::on_kernel(experiment, against);
        let contestants = [(&first, one.as_str()), (&second, against)];
        let sweep =
            Sweep { contestants, costs, cpus: self.cpus, steps: self.steps.unwrap_or(STEPS / 10), seeds: 3 };
        let now = cost::now(&first, costs, self.cpus, over);
        let range = match (&self.range, now) {
            (Some(range), _) => self.range(range, over)?,
            (None, Some(now)) if now > 0 && over == Over::Cpus => (2, now.max(64)),
            (None, Some(now)) if now > 0 => (now / 100, now.saturating_mul(100).min(lang::costs::MAX_TIME)),
            (None, _) => {
                return Err(Stop::Refused("say from and to which value by --range FROM..TO".to_owned()));
            }
        };
        let answer = sweep.break_even(over, range).map_err(refused)?;
        if self.csv {
            writeln!(out, "value,{one:?},{against:?}")?;
            for point in &answer.points {
                writeln!(out, "{},{},{}", point.value, point.loads[0], point.loads[1])?;
            }
            return Ok(Status::Fine);
        }
        writeln!(out, "{}", cost::sentence([&one, against], over, &answer))?;
        if let Some(now) = now.filter(|now| *now > 0) {
            let guesses = sweep.decided_by_guesses(over, now).map_err(refused)?;
            let names: Vec<&str> = guesses.iter().map(|figure| figure.name()).collect();
            match names.is_empty() {
                true => writeln!(
                    out,
                    "At {} no guess in the costs \"{}\" decides which kernel is cheaper: half or twice the value of any of them changes nothing.",
                    over.value(now),
                    costs.name
                )?,
                false => writeln!(
                    out,
                    "At {} guesses in the costs \"{}\" decide which kernel is cheaper: {}.",
                    over.value(now),
                    costs.name,
                    names.join(", ")
                )?,
            }
        }
        Ok(Status::Fine)
    }

    fn range(&self, text: &str, over: Over) -> Result<(u64, u64), Stop> {
        let unit = match over {
            Over::Figure(figure) => figure.unit(),
            Over::Every(_) | Over::Sleep(_) => Unit::Time,
            Over::Cpus => Unit::Entries,
        };
        let (from, to) = text.split_once("..").ok_or_else(|| {
            Stop::Refused(format!("write the range {text} as FROM..TO, for example 10us..10ms"))
        })?;
        let value = |text| amount(text, unit).map_err(Stop::Refused);
        Ok((value(from)?, value(to)?))
    }
}

/// A value on the command line: `300ns`, `3us`, `1536`.
pub(super) fn amount(text: &str, unit: Unit) -> Result<u64, String> {
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

/// What the explorer says, in a word or two.
fn verdict(judged: Option<Judged>) -> String {
    match judged {
        None => "-".to_owned(),
        Some(Judged::Never { .. }) => "never a violation".to_owned(),
        Some(Judged::Violates { property, steps }) => format!("{}, {steps} steps", property.name()),
        Some(Judged::Open { states }) => format!("open after {} states", grouped(states.into())),
    }
}

/// The head of a column.
fn head(shown: &Shown) -> String {
    let name = format!("{} {}", shown.group, shown.name);
    let unit = if shown.measure == Measure::Count { "/s" } else { "" };
    format!("{}{unit}", name.trim_start())
}

/// A number in a column: per second, or a part of all CPUs' time.
fn cell(shown: &Shown, counters: &Counters) -> String {
    let number = (shown.of)(counters);
    match shown.measure {
        Measure::Count => grouped(counters.per_second(number)),
        Measure::Time => {
            let hundredths = cost::share(counters, number);
            format!("{}.{:02} %", hundredths / 100, hundredths % 100)
        }
    }
}

/// Kernels as lines. Columns with only zeros are left out, as on the page.
fn table(out: &mut impl Write, costs: &Costs, rows: &[(&str, &Measured)]) -> Result<(), Stop> {
    let counted = |shown: &&Shown| rows.iter().any(|row| (shown.of)(&row.1.counters) > 0);
    let columns: Vec<&Shown> = SHOWN.iter().filter(counted).collect();
    let heads = columns.iter().map(|shown| head(shown));
    let heads = ["kernel".to_owned(), "explorer says".to_owned()].into_iter().chain(heads);
    let mut lines: Vec<Vec<String>> = vec![heads.collect()];
    for (kernel, measured) in rows {
        let cells = columns.iter().map(|shown| cell(shown, &measured.counters));
        lines.push([(*kernel).to_owned(), verdict(measured.judged)].into_iter().chain(cells).collect());
    }
    let widths: Vec<usize> = (0..lines[0].len())
        .map(|column| lines.iter().map(|line| line[column].chars().count()).max().unwrap_or(0))
        .collect();
    for line in &lines {
        let cells = line.iter().zip(&widths).enumerate().map(|(n, (cell, &width))| match n {
            0 | 1 => format!("{cell:<width$}"),
            _ => format!("{cell:>width$}"),
        });
        writeln!(out, "{}", cells.collect::<Vec<_>>().join("  ").trim_end())?;
    }
    let (steps, time) = rows.first().map_or((0, 0), |row| (row.1.counters.steps, row.1.counters.time));
    writeln!(
        out,
        "\nCosts \"{}\". {} steps, {} of the first kernel's time. Shares are of all CPUs' time; none of them contains computing. Columns with only zeros are left out.",
        costs.name,
        grouped(steps),
        written(time / 1_000_000_000 * 1_000_000_000, Unit::Time)
    )?;
    for (kernel, measured) in rows {
        if let Some(why) = measured.end.early() {
            writeln!(
                out,
                "The run of {kernel} ended after {} steps: {why}.",
                grouped(measured.counters.steps)
            )?;
        }
    }
    let guessed = Figure::ALL.iter().filter(|&&figure| costs.value(figure).sure == Sure::Guessed).count();
    writeln!(out, "{guessed} of {} figures are guesses (docs/cost.md).", Figure::ALL.len())?;
    Ok(())
}

fn csv(out: &mut impl Write, rows: &[(&str, &Measured)]) -> Result<(), Stop> {
    let heads: Vec<&str> = COLUMNS.iter().map(|column| column.name).collect();
    writeln!(out, "kernel,verdict,{}", heads.join(","))?;
    let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
    for (kernel, measured) in rows {
        let cells: Vec<String> =
            COLUMNS.iter().map(|column| (column.of)(&measured.counters).to_string()).collect();
        writeln!(out, "{},{},{}", quoted(kernel), quoted(&verdict(measured.judged)), cells.join(","))?;
    }
    Ok(())
}

/// What `--json` prints of a kernel.
#[derive(Serialize)]
struct KernelLine<'a> {
    kernel: &'a str,
    costs: &'a str,
    seed: u64,
    verdict: Option<Said>,
    counts: BTreeMap<&'static str, u64>,
    picoseconds: BTreeMap<&'static str, u64>,
    rounds_by_cpu: &'a [u64],
}

#[derive(Serialize)]
struct Said {
    violation: Option<&'static str>,
    steps: Option<usize>,
    complete: bool,
}

fn json(
    out: &mut impl Write,
    costs: &Costs,
    seed: u64,
    (kernel, measured): &(&str, &Measured),
) -> Result<(), Stop> {
    let of = |measure: Measure| {
        let columns = COLUMNS.iter().filter(move |column| column.measure == measure);
        columns.map(|column| (column.name, (column.of)(&measured.counters))).collect()
    };
    let said = measured.judged.map(|judged| match judged {
        Judged::Never { .. } => Said { violation: None, steps: None, complete: true },
        Judged::Violates { property, steps } => {
            Said { violation: Some(property.name()), steps: Some(steps), complete: true }
        }
        Judged::Open { .. } => Said { violation: None, steps: None, complete: false },
    });
    let line = KernelLine {
        kernel,
        costs: &costs.name,
        seed,
        verdict: said,
        counts: of(Measure::Count),
        picoseconds: of(Measure::Time),
        rounds_by_cpu: &measured.counters.rounds,
    };
    let text = serde_json::to_string(&line).map_err(|error| Stop::Refused(error.to_string()))?;
    writeln!(out, "{text}")?;
    Ok(())
}
