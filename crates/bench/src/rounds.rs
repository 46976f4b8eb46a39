//! The tools take turns on a subject.

use crate::child::{self, Used};
use crate::here;
use crate::spin::{self, Pan};
use crate::tool::{Order, Tool};
use bench::counts::Counts;
use bench::subject::{Size, Subject};
use std::io::IsTerminal;
use std::path::Path;
use std::time::{Duration, Instant};

/// All runs of one tool on one subject.
#[derive(Clone, Debug)]
pub struct Runs {
    /// Who.
    pub tool: Tool,
    /// What it counted: the same each time.
    pub counts: Counts,
    /// What each run used.
    pub used: Vec<Used>,
}

/// All runs on one subject.
#[derive(Clone, Debug)]
pub struct Measurements {
    /// On what.
    pub subject: Subject,
    /// Whether they looked for a violation, instead of everything.
    pub find: bool,
    /// Ours first.
    pub runs: Vec<Runs>,
    /// Processors that others kept busy meanwhile, on average.
    pub others: f64,
    /// Why a tool is not among them.
    pub notes: Vec<String>,
}

/// Says how far it is, on one line, if somebody is watching.
fn tell(line: &str) {
    if std::io::stderr().is_terminal() {
        eprint!("\r\x1b[K{line}");
    }
}

/// A tool that is ready to run.
enum Ready {
    Part(Tool),
    Spin(Pan),
}

impl Ready {
    fn run(&self, subject: &Subject, find: bool, states: u64) -> Result<(Counts, Used), String> {
        match self {
            Ready::Spin(pan) => pan.run(states),
            Ready::Part(tool) => {
                let own = std::env::current_exe().map_err(|error| error.to_string())?;
                let mut command = vec![
                    own.to_string_lossy().into_owned(),
                    "one".into(),
                    tool.word(),
                    subject.name.to_owned(),
                ];
                if find {
                    command.push("--find".into());
                }
                let (text, used) = child::measure(Path::new("."), &command)?;
                let line = text.lines().find(|line| line.starts_with("counts ")).unwrap_or(&text);
                Ok((line.parse()?, used))
            }
        }
    }
}

/// Runs every tool that can be run, in turn, `rounds` times.
///
/// # Errors
/// If two tools disagree on what they count: then no time means anything.
pub fn run(folder: &Path, subject: &Subject, find: bool, rounds: u32) -> Result<Measurements, String> {
    let mut notes = Vec::new();
    let mut ready = Vec::new();
    // On several threads a search continues for a while after it has found something, which is of no use
    // here.
    let wanted = |tool: &Tool| match tool {
        Tool::Ours(threads) => !find || *threads == 1,
        // Of what takes minutes only what does the same as ours.
        Tool::Stateright(order, 1) | Tool::Spin(order) => subject.size < Size::Large || *order == Order::Bfs,
        Tool::Stateright(..) => !find && subject.size < Size::Large,
    };
    for tool in Tool::ALL.into_iter().filter(wanted) {
        match prepare(folder, subject, tool, find) {
            Ok(one) => ready.push((tool, one)),
            Err(why) => notes.push(format!("{}: {why}", tool.name())),
        }
    }
    notes.dedup();
    let (busy, started) = (here::busy(), Instant::now());
    let mut runs: Vec<Runs> = Vec::new();
    for round in 0..rounds {
        for (tool, one) in &ready {
            tell(&format!("{}: round {} of {rounds}, {}", subject.name, round + 1, tool.word()));
            // Ours runs first, and says how many states there are.
            let states = runs.first().map_or(0, |ours: &Runs| ours.counts.states);
            let (counts, used) = match one.run(subject, find, states) {
                Ok(run) => run,
                Err(why) => match spin::out_of_memory(&why) {
                    Some(how) => {
                        notes.push(format!("{} is not among them: {how}.", tool.name()));
                        continue;
                    }
                    None => return Err(format!("{} on {}: {why}", tool.word(), subject.name)),
                },
            };
            if round == 0 {
                runs.push(Runs { tool: *tool, counts, used: Vec::new() });
            }
            let first = runs[0].counts;
            agree(subject, *tool, find, &first, &counts)?;
            if let Some(runs) = runs.iter_mut().find(|runs| runs.tool == *tool) {
                runs.used.push(used);
            }
        }
    }
    tell("");
    notes.dedup();
    let own: Duration = runs.iter().flat_map(|runs| &runs.used).map(|used| used.cpu).sum();
    let all = (here::busy() - busy) as f64 / 100.0;
    let others = ((all - own.as_secs_f64()) / started.elapsed().as_secs_f64()).max(0.0);
    Ok(Measurements { subject: *subject, find, runs, others, notes })
}

fn prepare(folder: &Path, subject: &Subject, tool: Tool, find: bool) -> Result<Ready, String> {
    match tool {
        Tool::Spin(order) => match spin::missing() {
            None => {
                let model = spin::model(subject)?;
                spin::make(&folder.join(subject.name), &model, order, find, "-O3").map(Ready::Spin)
            }
            Some(why) => Err(why),
        },
        Tool::Stateright(..) if !cfg!(feature = "stateright") => {
            Err("compiled without it (`--features stateright`)".into())
        }
        Tool::Ours(_) | Tool::Stateright(..) => Ok(Ready::Part(tool)),
    }
}

/// The gate: who counts otherwise is not compared.
fn agree(subject: &Subject, tool: Tool, find: bool, ours: &Counts, theirs: &Counts) -> Result<(), String> {
    let name = tool.word();
    if !find {
        return match ours.differs(theirs) {
            Some(how) => Err(format!("{} is not one model: ours and {name} have {how}", subject.name)),
            None => Ok(()),
        };
    }
    match (ours.found, theirs.found) {
        (Some(least), Some(found)) if found < least || (tool.shortest() && found > least) => {
            Err(format!("{}: a violation after {least} steps by ours, {found} by {name}", subject.name))
        }
        (Some(_), Some(_)) => Ok(()),
        _ => Err(format!("{}: {name} and ours don't both find a violation", subject.name)),
    }
}
