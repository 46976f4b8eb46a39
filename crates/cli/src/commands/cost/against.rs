//! From where on one kernel costs less than another one.

use super::{CostCommand, STEPS};
use crate::stop::{Status, Stop};
use crate::timing;
use cost::{BreakEven, Over, Sweep};
use experiment::Experiment;
use lang::costs::Costs;
use serde::Serialize;
use std::io::Write;

/// Seeds of each point.
const SEEDS: u64 = 3;

/// What `--against --json` prints.
#[derive(Serialize)]
struct Even<'a> {
    kernels: [&'a str; 2],
    costs: &'a str,
    over: String,
    now: Option<u64>,
    from: u64,
    to: u64,
    between: Option<(u64, u64)>,
    crossings: usize,
    points: Vec<EvenPoint>,
    sentence: String,
    deciding_guesses: Option<Vec<&'static str>>,
}

/// A point of it.
#[derive(Serialize)]
struct EvenPoint {
    value: u64,
    loads: [u64; 2],
}

impl CostCommand {
    /// Looks for the value at which two kernels cost the same, and tells it.
    pub(super) fn break_even(
        &self,
        experiment: &Experiment,
        costs: &Costs,
        (against, over): (&str, &str),
        out: &mut impl Write,
    ) -> Result<Status, Stop> {
        let over = Over::named(over).map_err(Stop::Refused)?;
        let refused = |why: cost::NoTimedSubject| Stop::Refused(why.to_string());
        let one = self.setting.on.clone().or_else(|| experiment.kernel_name()).unwrap_or_default();
        timing::offered(&self.setting, experiment, &[one.clone(), against.to_owned()])?;
        let first = match &self.setting.on {
            Some(name) => cost::on_kernel(experiment, name),
            None => experiment.clone(),
        };
        let second = cost::on_kernel(experiment, against);
        let contestants = [(&first, one.as_str()), (&second, against)];
        let steps = self.steps.unwrap_or(STEPS / 10);
        let sweep = Sweep { contestants, costs, cpus: self.cpus, steps, seeds: SEEDS };
        let now = cost::now(&first, costs, self.cpus, over).filter(|now| *now > 0);
        let range = match (&self.range, now) {
            (Some(range), _) => self.range(range, over)?,
            (None, Some(now)) => {
                let there = first.program().program.map_or(2, |program| program.machine.cpus);
                cost::around(over, now, there)
            }
            (None, None) => {
                return Err(Stop::Refused("say from and to which value by --range FROM..TO".to_owned()));
            }
        };
        let said = lang::workload::workload(&first.scenario).ok().flatten().unwrap_or_default();
        let noun = over.noun(&said);
        let answer = sweep.break_even(over, range).map_err(refused)?;
        if self.csv {
            writeln!(out, "value,{one:?},{against:?}")?;
            for point in &answer.points {
                writeln!(out, "{},{},{}", point.value, point.loads[0], point.loads[1])?;
            }
            return Ok(Status::Fine);
        }
        let sentence = cost::sentence([&one, against], (over, &noun), &answer);
        let guesses = now.map(|now| sweep.decided_by_guesses(over, now)).transpose().map_err(refused)?;
        let names: Option<Vec<&str>> =
            guesses.map(|guesses| guesses.iter().map(|figure| figure.name()).collect());
        if self.json {
            let BreakEven { between, crossings, points } = answer;
            let points = points.iter().map(|point| EvenPoint { value: point.value, loads: point.loads });
            let even = Even {
                kernels: [&one, against],
                costs: &costs.name,
                over: over.name(),
                now,
                from: range.0,
                to: range.1,
                between,
                crossings,
                points: points.collect(),
                sentence,
                deciding_guesses: names,
            };
            let text = serde_json::to_string(&even).map_err(|error| Stop::Refused(error.to_string()))?;
            writeln!(out, "{text}")?;
            return Ok(Status::Fine);
        }
        writeln!(out, "{sentence}")?;
        if let (Some(now), Some(names)) = (now, names) {
            writeln!(out, "{}", deciding(&over.value(now, &noun), &costs.name, &names))?;
        }
        Ok(Status::Fine)
    }

    fn range(&self, text: &str, over: Over) -> Result<(u64, u64), Stop> {
        let (from, to) = text.split_once("..").ok_or_else(|| {
            Stop::Refused(format!("write the range {text} as FROM..TO, for example 10us..10ms"))
        })?;
        let value = |text| timing::amount(text, timing::unit(over)).map_err(Stop::Refused);
        Ok((value(from)?, value(to)?))
    }
}

/// Which guesses decide the answer at the present value, in a sentence.
fn deciding(now: &str, costs: &str, names: &[&str]) -> String {
    if names.is_empty() {
        return format!(
            "At {now} no guess in the costs \"{costs}\" decides which kernel is cheaper: half or twice the value of any of them changes nothing."
        );
    }
    format!("At {now} guesses in the costs \"{costs}\" decide which kernel is cheaper: {}.", names.join(", "))
}
