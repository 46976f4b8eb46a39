//! Spin: writes the model, makes a checker of it, runs the checker, and reads its output.

use crate::child::{self, Used};
use crate::tool::Order;
use bench::counts::Counts;
use bench::subject::{self, Kind, Subject};
use bench::toy;
use machine::VIOLATION;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Megabytes that a checker may use.
const MEGABYTES: u32 = 12_000;

/// Steps on a path of a depth-first search; one that needs more says so.
const STACK: &str = "-m200000";

/// A checker that Spin has made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pan {
    folder: PathBuf,
    program: String,
    order: Order,
}

/// Whether Spin and a C compiler are here.
#[must_use]
pub fn missing() -> Option<String> {
    let gone: Vec<&str> = [("spin", "-V"), ("gcc", "--version")]
        .into_iter()
        .filter(|(tool, flag)| !Command::new(tool).arg(flag).output().is_ok_and(|out| out.status.success()))
        .map(|(tool, _)| tool)
        .collect();
    (!gone.is_empty()).then(|| {
        format!(
            "not here: {} (Debian's packages are named spin and gcc); its rows are left out",
            gone.join(", ")
        )
    })
}

/// The model of a subject, as Promela.
pub fn model(subject: &Subject) -> Result<String, String> {
    match subject.kind {
        Kind::Toy(toy) => Ok(toy::promela::text(&toy)),
        Kind::Scenario(text) => Ok(promela::export(&subject::machine(text)?, 0)),
    }
}

/// Makes a checker of a model in a folder, optimised at a level. `find` makes one that stops at the first violation.
///
/// Without `-o2` Spin would remove variables that are only written, and without `-DNOREDUCE` transitions: both
/// change what is counted.
pub fn make(folder: &Path, model: &str, order: Order, find: bool, level: &str) -> Result<Pan, String> {
    make_for(folder, model, order, find, level, false)
}

/// As [`make`]; if it is `reduced`, with Spin's own reductions: partial orders, and collapsed states.
pub fn make_for(
    folder: &Path,
    model: &str,
    order: Order,
    find: bool,
    level: &str,
    reduced: bool,
) -> Result<Pan, String> {
    fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    fs::write(folder.join("model.pml"), model).map_err(|error| error.to_string())?;
    let word = if order == Order::Bfs { "bfs" } else { "dfs" };
    let program = format!("pan-{word}{}", if find { "-find" } else { "" });
    // What is looked for: the toy's own preprocessor asks for BUG, a scenario's C for STOP_AT.
    let stop_at = format!("-DSTOP_AT={:#x}", VIOLATION.0);
    let mut spin = vec!["-o2", "-a", "model.pml"];
    let memory = format!("-DMEMLIM={MEGABYTES}");
    let mut gcc = vec![level, "-march=native", "-w", "-DSAFETY", &memory];
    gcc.push(if reduced { "-DCOLLAPSE" } else { "-DNOREDUCE" });
    if order == Order::Bfs {
        gcc.push("-DBFS");
    }
    if find {
        spin.insert(0, "-DBUG");
        gcc.push(&stop_at);
    }
    gcc.extend(["-o", &program, "pan.c"]);
    run(folder, "spin", &spin)?;
    run(folder, "gcc", &gcc)?;
    Ok(Pan { folder: folder.to_owned(), program, order })
}

fn run(folder: &Path, tool: &str, args: &[&str]) -> Result<(), String> {
    let output = Command::new(tool).current_dir(folder).args(args).output();
    let output = output.map_err(|error| format!("{tool}: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    let said = [output.stdout, output.stderr].concat();
    Err(format!("{tool} {}: {}", args.join(" "), String::from_utf8_lossy(&said)))
}

impl Pan {
    /// Runs it. Its hash table has room for the states that there will be, so that it need not grow and is not
    /// larger than it must be.
    pub fn run(&self, states: u64) -> Result<(Counts, Used), String> {
        let (text, used) = self.output(states)?;
        Ok((read(&text, self.order).ok_or(text)?, used))
    }

    /// Runs it for so many seconds at most; nothing if it has not ended by then.
    pub fn within(&self, seconds: u32) -> Result<Option<(Counts, Used)>, String> {
        let program = format!("./{}", self.program);
        let seconds = seconds.to_string();
        let mut command = vec!["timeout", &seconds, &program, "-E", "-w24"];
        if self.order == Order::Dfs {
            command.push(STACK);
        }
        let (text, used) = child::measure(&self.folder, &command)?;
        Ok(read(&text, self.order).map(|counts| (counts, used)))
    }

    /// Runs it, and returns everything that it prints.
    pub fn output(&self, states: u64) -> Result<(String, Used), String> {
        let program = format!("./{}", self.program);
        let slots = format!("-w{}", states.next_power_of_two().trailing_zeros().clamp(16, 30));
        let mut command = vec![program.as_str(), "-E", &slots];
        if self.order == Order::Dfs {
            command.push(STACK);
        }
        child::measure(&self.folder, &command)
    }
}

/// How far a checker came that ran into its limit of memory, if that is what it says.
pub fn out_of_memory(text: &str) -> Option<String> {
    if !["out of memory", "memory limit", "reached -DMEMLIM"].iter().any(|sign| text.contains(sign)) {
        return None;
    }
    let stored = number_before(text, "states, stored")?;
    Some(format!(
        "it had stored {} states when it ran into its limit of {MEGABYTES} MB, {:.0} bytes each",
        scene::grouped(stored as u64),
        f64::from(MEGABYTES) * f64::from(1 << 20) / stored,
    ))
}

/// The number at the beginning of the line that has these words.
fn number_before(text: &str, what: &str) -> Option<f64> {
    let line = text.lines().find(|line| line.contains(what))?;
    line.split_whitespace().next()?.parse::<f64>().ok()
}

/// What a checker says. It counts the initial state as a transition, and the steps before the one that is an error.
pub fn read(text: &str, order: Order) -> Option<Counts> {
    let before = |what: &str| number_before(text, what);
    let behind = |what: &str| {
        let rest = text.split_once(what)?.1;
        rest.split(|c: char| !c.is_ascii_digit()).next()?.parse::<u64>().ok()
    };
    // An incomplete search that found nothing is no answer.
    let error = behind("(at depth ").map(|before| before + 1);
    let cut_short = text.contains("max search depth too small") || text.contains("out of memory");
    if cut_short || (error.is_none() && text.contains("Search not completed")) {
        return None;
    }
    Some(Counts {
        states: before("states, stored")? as u64,
        transitions: (before("transitions (=")? as u64).checked_sub(1)?,
        depth: (order == Order::Bfs).then(|| behind("depth reached ")).flatten(),
        found: error,
    })
}
