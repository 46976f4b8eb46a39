//! How a search grows with one more CPU, and with one more step: ours and others', until they give up.
//!
//! The subject is a question that a kernel engineer would ask: Linux 6.18, one CPU unmaps pages, the others switch. Each search
//! is a process of its own, and is ended after a minute.

use crate::child::{self, Used};
use crate::point::GrowthPoint;
use crate::report;
use crate::table::{markdown, seconds};
use crate::tool::Order;
use crate::who::Who;
use crate::{here, picture, spin, wasm};
use bench::counts::Counts;
use bench::grown::{self, Axis, States};
use bench::subject::machine;
use explore::Completeness;
use machine::{Machine, VIOLATION};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

/// A search is ended after so many seconds.
const SECONDS: u32 = 60;

/// Searches as a process of its own, and prints what was counted.
///
/// # Errors
/// If the search does not come to its end.
pub fn one(who: &str, axis: &str, value: u32) -> Result<(), String> {
    let who = Who::ALL.into_iter().find(|one| one.name() == who).ok_or("nobody of that name")?;
    let axis = Axis::ALL.into_iter().find(|one| one.word() == axis).ok_or("nothing of that name grows")?;
    match who {
        Who::Ours(states, threads) => {
            let counts = ended(states, axis, value, threads)?;
            println!("{counts}");
            Ok(())
        }
        Who::Stateright(order, threads) => stateright(machine(&grown::text(axis, value))?, order, threads),
        Who::Wasm(_) | Who::Spin | Who::SpinReduced => Err("that is no part of this program".into()),
    }
}

fn ended(states: States, axis: Axis, value: u32, threads: u8) -> Result<Counts, String> {
    let mut search = grown::search(states, axis, value, threads)?;
    if search.run_to_end() != Completeness::Complete {
        return Err("out of memory".into());
    }
    let progress = search.progress();
    if progress.seen.intersects(VIOLATION) {
        return Err("a violation where there should be none".into());
    }
    Ok(Counts {
        states: progress.states.into(),
        transitions: progress.transitions,
        depth: Some(progress.depth.into()),
        found: None,
    })
}

#[cfg(feature = "stateright")]
fn stateright(machine: Machine, order: Order, threads: u8) -> Result<(), String> {
    println!("{}", crate::stateright::search(machine, order, threads, None));
    Ok(())
}

#[cfg(not(feature = "stateright"))]
fn stateright(_: Machine, _: Order, _: u8) -> Result<(), String> {
    Err("compiled without it (`--features stateright`)".into())
}

/// Where things lie that a measurement needs: a folder to work in, and the module for wasm.
struct Place {
    folder: PathBuf,
    module: Result<PathBuf, String>,
}

fn measure(place: &Place, who: Who, axis: Axis, value: u32) -> Result<Option<(Counts, Used)>, String> {
    let limit = ["timeout".to_owned(), SECONDS.to_string()];
    let command = match who {
        Who::Spin | Who::SpinReduced => return with_spin(&place.folder, who, axis, value),
        Who::Wasm(states) => {
            let Ok(module) = &place.module else { return Ok(None) };
            let number = |found: Option<usize>| found.unwrap_or_default().to_string();
            let states = number(States::ALL.iter().position(|&one| one == states));
            let axis = number(Axis::ALL.iter().position(|&one| one == axis));
            let script = report::root().join("crates/bench/wasm.mjs").to_string_lossy().into_owned();
            let module = module.to_string_lossy().into_owned();
            vec!["node".to_owned(), script, module, "grow".to_owned(), states, axis, value.to_string()]
        }
        Who::Ours(..) | Who::Stateright(..) => {
            let own = std::env::current_exe().map_err(|error| error.to_string())?;
            let own = own.to_string_lossy().into_owned();
            vec![own, "grow".to_owned(), who.name(), axis.word().to_owned(), value.to_string()]
        }
    };
    let command: Vec<String> = limit.into_iter().chain(command).collect();
    let (printed, used) = child::measure(Path::new("."), &command)?;
    let counts = printed.lines().find(|line| line.starts_with("counts "));
    Ok(counts.map(str::parse).transpose()?.map(|counts| (counts, used)))
}

fn with_spin(folder: &Path, who: Who, axis: Axis, value: u32) -> Result<Option<(Counts, Used)>, String> {
    if spin::missing().is_some() {
        return Ok(None);
    }
    let (order, word) = if who == Who::Spin { (Order::Bfs, "bfs") } else { (Order::Dfs, "reduced") };
    let model = promela::export(&machine(&grown::text(axis, value))?, 0);
    let folder = folder.join(format!("grow-{}-{value}-{word}", axis.word()));
    let pan = spin::make_for(&folder, &model, order, false, "-O3", who == Who::SpinReduced)?;
    pan.within(SECONDS)
}

/// Measures, prints, and writes the section and its pictures if asked.
///
/// # Errors
/// If a file can't be written, or two full searches disagree.
pub fn run(write: bool) -> Result<(), String> {
    let folder = report::work()?;
    let place = Place { module: wasm::module(&report::root(), &folder), folder };
    let (busy, started) = (here::busy(), Instant::now());
    let mut page = format!(
        "{}\nMade by `cargo xtask bench --growth --write` on {}: {}. The question is whether Linux 6.18 ever violates anything \
         (it does not); each search runs once, without symmetry, and on one thread unless the row says otherwise, until it has its answer or \
         {SECONDS} s have passed. Times include the start of the process. Spin's own partial-order reduction has nothing to \
         work on: the exported model is one process, as its C code takes our steps.\n",
        report::GROWTH,
        here::date(),
        here::machine(),
    );
    for axis in Axis::ALL {
        let mut points: Vec<GrowthPoint> = Vec::new();
        for who in Who::ALL {
            let mut gave_up = false;
            for value in axis.range() {
                let done = if gave_up { None } else { measure(&place, who, axis, value)? };
                gave_up |= done.is_none();
                eprintln!("{} {value}: {} {done:?}", axis.word(), who.name());
                points.push(GrowthPoint { who, value, done });
            }
        }
        agree(&points)?;
        let name = format!("growth-{}.svg", axis.word());
        let picture = picture::svg(axis.title(), axis.word(), &points);
        if write {
            let path = report::root().join("docs").join(&name);
            fs::write(&path, picture).map_err(|error| format!("{}: {error}", path.display()))?;
        }
        _ = write!(
            page,
            "\n![{}: time by {}, as in the table]({name})\n\n{}",
            axis.title(),
            axis.word(),
            table(axis, &points)
        );
    }
    let busy = (here::busy() - busy) as f64 / 100.0 / started.elapsed().as_secs_f64();
    _ = write!(
        page,
        "\nThe machine was shared: all programs together, these searches among them, kept {busy:.2} processors busy. \
         Compare rows with each other, and not with another day's.\n"
    );
    if let Err(why) = &place.module {
        _ = write!(page, "\nNothing was measured in wasm: {why}.\n");
    }
    print!("{page}");
    if write { report::write_growth(page) } else { Ok(()) }
}

/// Who looks at every state counts the same.
fn agree(points: &[GrowthPoint]) -> Result<(), String> {
    for point in points.iter().filter(|point| point.who.whole()) {
        let same = points.iter().filter(|other| other.who.whole() && other.value == point.value);
        for other in same {
            if let (Some((one, _)), Some((two, _))) = (&point.done, &other.done)
                && let Some(how) = one.differs(two)
            {
                return Err(format!("{} and {}: {how}", point.who.name(), other.who.name()));
            }
        }
    }
    Ok(())
}

fn table(axis: Axis, points: &[GrowthPoint]) -> String {
    let values: Vec<u32> = axis.range().collect();
    let row = |who: Who| {
        let cell = |value: &u32| {
            let point = points.iter().find(|point| point.who == who && point.value == *value);
            match point.and_then(|point| point.done.as_ref()) {
                Some((counts, used)) => {
                    let [wall, cpu] = [used.wall, used.cpu].map(|time| seconds(time.as_secs_f64()));
                    format!("{wall} ({cpu}), {}", scene::grouped(counts.states))
                }
                None => "gave up".to_owned(),
            }
        };
        std::iter::once(who.name()).chain(values.iter().map(cell)).collect::<Vec<String>>()
    };
    let rows: Vec<Vec<String>> = Who::ALL.into_iter().map(row).collect();
    let unit = axis.word();
    let head: Vec<String> = std::iter::once("wall time (processor time), states".to_owned())
        .chain(values.iter().map(|value| format!("{value} {}", if *value == 1 { "switch" } else { unit })))
        .collect();
    markdown(&head.iter().map(String::as_str).collect::<Vec<_>>(), &rows)
}
