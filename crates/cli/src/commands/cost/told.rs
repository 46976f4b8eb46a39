//! How costs are told: as a table, in CSV, in JSON.

use crate::stop::Stop;
use cost::{Counters, Measure, Measured, Per, Row, SHOWN, ScenarioVerdict, ShownColumn, Told, in_files};
use lang::costs::{Costs, Figure, Sure, Unit, written};
use scene::grouped;
use serde::Serialize;
use std::collections::BTreeMap;
use std::io::Write;

/// What the explorer says, in a word or two.
fn verdict(judged: Option<ScenarioVerdict>) -> String {
    match judged {
        None => "-".to_owned(),
        Some(ScenarioVerdict::Never { .. }) => "never a violation".to_owned(),
        Some(ScenarioVerdict::Violates { property, steps }) => format!("{}, {steps} steps", property.name()),
        Some(ScenarioVerdict::Open { states }) => format!("open after {} states", grouped(states.into())),
    }
}

/// The head of a column.
fn head(shown: &ShownColumn, per: Per) -> String {
    let name = format!("{} {}", shown.group, shown.name);
    let rate = match shown.measure {
        Measure::Count => per == Per::Second,
        Measure::Rounds => true,
        Measure::Time | Measure::Total => false,
    };
    let unit = if rate { "/s" } else { "" };
    format!("{}{unit}", name.trim_start())
}

/// A number in a column.
fn cell(shown: &ShownColumn, counters: &Counters, per: Per) -> String {
    match shown.told(counters, per) {
        Told::Rate(rate) => grouped(rate),
        Told::Each(parts) => format!("{}.{:04}", grouped(parts / 10_000), parts % 10_000),
        Told::Share(hundredths) => share(hundredths),
        Told::Time(time) => cost::brief(time),
        Told::Never => "-".to_owned(),
    }
}

/// Hundredths of a percent.
fn share(hundredths: u64) -> String {
    format!("{}.{:02} %", hundredths / 100, hundredths % 100)
}

/// Lines of cells, one below the other: so many of the first columns begin at the left.
fn aligned(out: &mut impl Write, lines: &[Vec<String>], left: usize) -> Result<(), Stop> {
    let widths: Vec<usize> = (0..lines.first().map_or(0, Vec::len))
        .map(|column| lines.iter().map(|line| line[column].chars().count()).max().unwrap_or(0))
        .collect();
    for line in lines {
        let cells = line.iter().zip(&widths).enumerate().map(|(n, (cell, &width))| match n < left {
            true => format!("{cell:<width$}"),
            false => format!("{cell:>width$}"),
        });
        writeln!(out, "{}", cells.collect::<Vec<_>>().join("  ").trim_end())?;
    }
    Ok(())
}

/// Kernels as lines and workloads as columns: what each costs in all, with a mark where the explorer finds a violation.
pub fn matrix(out: &mut impl Write, costs: &Costs, columns: &[(&str, Vec<Row>)]) -> Result<(), Stop> {
    let mut kernels: Vec<&str> = Vec::new();
    for row in columns.iter().flat_map(|column| &column.1).filter(|row| row.found.is_ok()) {
        if !kernels.contains(&row.kernel.as_str()) {
            kernels.push(&row.kernel);
        }
    }
    let heads = ["kernel"].into_iter().chain(columns.iter().map(|column| column.0));
    let mut lines: Vec<Vec<String>> = vec![heads.map(str::to_owned).collect()];
    for kernel in kernels {
        let cell = |(_, rows): &(&str, Vec<Row>)| {
            let row = rows.iter().find(|row| row.kernel == kernel);
            let Some(measured) = row.and_then(|row| row.found.as_ref().ok()) else { return "-".to_owned() };
            let mark = match measured.judged {
                Some(ScenarioVerdict::Violates { .. }) => " !",
                Some(ScenarioVerdict::Open { .. }) => " ?",
                Some(ScenarioVerdict::Never { .. }) | None => "  ",
            };
            let counters = &measured.counters;
            let early = if measured.end.early().is_some() { "*" } else { "" };
            format!("{early}{}{mark}", share(cost::share(counters, counters.overhead())))
        };
        lines.push([kernel.to_owned()].into_iter().chain(columns.iter().map(cell)).collect());
    }
    aligned(out, &lines, 1)?;
    writeln!(
        out,
        "\nCosts \"{}\". A number is the share of all CPUs' time that TLB maintenance takes. !: the explorer finds a violation. ?: the explorer did not come to its end. *: the run ended early. -: the workload does not run on that kernel.",
        costs.name
    )?;
    Ok(())
}

/// Kernels as lines. Columns with only zeros are left out, as on the page.
pub fn table(out: &mut impl Write, costs: &Costs, rows: &[(&str, &Measured)], per: Per) -> Result<(), Stop> {
    let counted = |shown: &&ShownColumn| rows.iter().any(|row| (shown.of)(&row.1.counters) > 0);
    let columns: Vec<&ShownColumn> = SHOWN.iter().filter(counted).collect();
    let heads = columns.iter().map(|shown| head(shown, per));
    let heads = ["kernel".to_owned(), "explorer says".to_owned()].into_iter().chain(heads);
    let mut lines: Vec<Vec<String>> = vec![heads.collect()];
    for (kernel, measured) in rows {
        let cells = columns.iter().map(|shown| cell(shown, &measured.counters, per));
        lines.push([(*kernel).to_owned(), verdict(measured.judged)].into_iter().chain(cells).collect());
    }
    aligned(out, &lines, 2)?;
    let (steps, time) = rows.first().map_or((0, 0), |row| (row.1.counters.steps, row.1.counters.time));
    writeln!(
        out,
        "\nCosts \"{}\". Each run has {} steps, which take {} on the first kernel. {}. Columns with only zeros are left out.",
        costs.name,
        grouped(steps),
        written(time / 1_000_000_000 * 1_000_000_000, Unit::Time),
        match per {
            Per::Second =>
                "Shares are of all CPUs' time; the time that programs compute is in none of them".to_owned(),
            Per::Round(cpu) =>
                format!("All numbers except the rounds are for each round of CPU {cpu}, summed over all CPUs"),
        }
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

/// The names of the columns in CSV.
pub fn csv_head(out: &mut impl Write) -> Result<(), Stop> {
    let heads: Vec<&str> = in_files().map(|column| column.name).collect();
    writeln!(out, "workload,kernel,verdict,end,{}", heads.join(","))?;
    Ok(())
}

/// A kernel in CSV.
pub fn csv(out: &mut impl Write, workload: &str, (kernel, measured): &(&str, &Measured)) -> Result<(), Stop> {
    let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
    let cells: Vec<String> = in_files().map(|column| (column.of)(&measured.counters).to_string()).collect();
    let (workload, verdict, end) = (quoted(workload), quoted(&verdict(measured.judged)), measured.end.name());
    writeln!(out, "{workload},{},{verdict},{end},{}", quoted(kernel), cells.join(","))?;
    Ok(())
}

/// What `--json` prints of a kernel.
#[derive(Serialize)]
struct KernelLine<'a> {
    workload: &'a str,
    kernel: &'a str,
    costs: &'a str,
    seed: u64,
    verdict: Option<Said>,
    end: &'static str,
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

/// A kernel in JSON.
pub fn json(
    out: &mut impl Write,
    (workload, costs): (&str, &Costs),
    seed: u64,
    (kernel, measured): &(&str, &Measured),
) -> Result<(), Stop> {
    let of = |times: bool| {
        let columns = in_files().filter(move |column| column.measure.is_time() == times);
        columns.map(|column| (column.name, (column.of)(&measured.counters))).collect()
    };
    let said = measured.judged.map(|judged| match judged {
        ScenarioVerdict::Never { .. } => Said { violation: None, steps: None, complete: true },
        ScenarioVerdict::Violates { property, steps } => {
            Said { violation: Some(property.name()), steps: Some(steps), complete: true }
        }
        ScenarioVerdict::Open { .. } => Said { violation: None, steps: None, complete: false },
    });
    let line = KernelLine {
        workload,
        kernel,
        costs: &costs.name,
        seed,
        verdict: said,
        end: measured.end.name(),
        counts: of(false),
        picoseconds: of(true),
        rounds_by_cpu: &measured.counters.rounds,
    };
    let text = serde_json::to_string(&line).map_err(|error| Stop::Refused(error.to_string()))?;
    writeln!(out, "{text}")?;
    Ok(())
}
