//! How a search grows with one more CPU, and with one more step: ours and others', until they give up.
//!
//! The subject is a question that a kernel engineer would ask: Linux 6.18, one CPU unmaps pages, the others switch. Each search
//! is a process of its own, and is ended after a minute.

use crate::child::{self, Used};
use crate::report;
use crate::spin;
use crate::table::{markdown, seconds};
use crate::tool::Order;
use crate::{here, picture};
use bench::counts::Counts;
use bench::subject::machine;
use explore::{Completeness, Limits, Search};
use machine::{Machine, VIOLATION};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

/// A search is ended after so many seconds.
const SECONDS: u32 = 60;

/// Memory that a search of ours may use, in bytes.
const BYTES: u64 = 6 << 30;

/// Who searches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// Ours: every state.
    Full,
    /// Ours: saturated states.
    Saturated,
    /// Ours: saturated states, one order where it makes no difference.
    Reduced,
    /// Stateright, breadth first.
    Stateright,
    /// Spin, breadth first.
    Spin,
    /// Spin, depth first, with its own partial-order reduction and -DCOLLAPSE.
    SpinReduced,
}

impl Who {
    /// All, in the order of the tables.
    pub const ALL: [Who; 6] =
        [Who::Reduced, Who::Saturated, Who::Full, Who::Stateright, Who::Spin, Who::SpinReduced];

    /// Its name on a command line.
    pub fn word(self) -> &'static str {
        match self {
            Who::Full => "full",
            Who::Saturated => "saturated",
            Who::Reduced => "reduced",
            Who::Stateright => "stateright",
            Who::Spin => "spin",
            Who::SpinReduced => "spin-reduced",
        }
    }

    /// Its name in tables and pictures.
    pub fn name(self) -> &'static str {
        match self {
            Who::Full => "TLBscope, every state",
            Who::Saturated => "TLBscope, saturated states",
            Who::Reduced => "TLBscope, partial orders too",
            Who::Stateright => "Stateright spawn_bfs",
            Who::Spin => "Spin -DBFS",
            Who::SpinReduced => "Spin, reduced, -DCOLLAPSE",
        }
    }
}

/// What grows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Axis {
    /// How many CPUs.
    Cpus,
    /// How often the second CPU, of two, switches away and back.
    Switches,
}

impl Axis {
    const ALL: [Axis; 2] = [Axis::Cpus, Axis::Switches];

    fn word(self) -> &'static str {
        match self {
            Axis::Cpus => "cpus",
            Axis::Switches => "switches",
        }
    }

    fn range(self) -> std::ops::RangeInclusive<u32> {
        match self {
            Axis::Cpus => 2..=4,
            Axis::Switches => 1..=5,
        }
    }

    /// What a chart of it is called.
    fn title(self) -> &'static str {
        match self {
            Axis::Cpus => "One CPU unmaps two pages, the others switch away and back",
            Axis::Switches => "Two CPUs; one unmaps two pages, the other one switches away and back so often",
        }
    }
}

/// The scenario.
pub fn text(axis: Axis, value: u32) -> String {
    let (cpus, switches) = match axis {
        Axis::Cpus => (value, 1),
        Axis::Switches => (2, value),
    };
    let mut text = String::from(
        "scenario \"grow\" {\n    about \"Linux 6.18: one CPU unmaps, the others switch.\"\n    use kernel \"linux-6.18\"\n    \
         mm A { 0x400000 -> page \"A's data\"; 0x401000 -> page \"more\"; }\n    mm B { 0x400000 -> page \"B's data\"; }\n    \
         cpu 0 { munmap_page(A, 0x401000); munmap(A, 0x400000); }\n    expect never violation;\n",
    );
    let setup: String = (0..cpus).map(|cpu| format!(" cpu {cpu} {{ run(A); }}")).collect();
    let switch = "run(B); run(A); ".repeat(switches as usize);
    let others: String =
        (1..cpus).map(|cpu| format!("    cpu {cpu} {{ kthread(); {switch}load(0x400000); }}\n")).collect();
    _ = write!(text, "    machine {{ cpus {cpus}; }}\n    setup {{{setup} }}\n{others}}}\n");
    text
}

/// Searches as a process of its own, and prints what was counted.
///
/// # Errors
/// If the search does not come to its end.
pub fn one(who: &str, axis: &str, value: u32) -> Result<(), String> {
    let who = Who::ALL.into_iter().find(|one| one.word() == who).ok_or("nobody of that name")?;
    let axis = Axis::ALL.into_iter().find(|one| one.word() == axis).ok_or("nothing of that name grows")?;
    let machine = machine(&text(axis, value))?;
    let limits = Limits { states: u32::MAX, bytes: BYTES, symmetry: false, ..Limits::default() };
    let search = match who {
        Who::Full => Search::new(&machine, limits),
        Who::Saturated => Search::saturated(&machine, limits),
        Who::Reduced => Search::reduced(&machine, limits),
        Who::Stateright => return stateright(machine),
        Who::Spin | Who::SpinReduced => return Err("Spin is no part of this program".into()),
    };
    let counts = ended(search)?;
    println!("{counts}");
    Ok(())
}

fn ended(mut search: Search<&Machine>) -> Result<Counts, String> {
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
fn stateright(machine: Machine) -> Result<(), String> {
    println!("{}", crate::stateright::search(machine, Order::Bfs, 1, None));
    Ok(())
}

#[cfg(not(feature = "stateright"))]
fn stateright(_: Machine) -> Result<(), String> {
    Err("compiled without it (`--features stateright`)".into())
}

/// What came of one search.
#[derive(Clone, Debug, PartialEq)]
pub struct Point {
    /// Who.
    pub who: Who,
    /// How many CPUs, or how many switches.
    pub value: u32,
    /// What it counted and used; nothing if it gave up.
    pub done: Option<(Counts, Used)>,
}

fn measure(folder: &Path, who: Who, axis: Axis, value: u32) -> Result<Option<(Counts, Used)>, String> {
    let order = if who == Who::Spin { Order::Bfs } else { Order::Dfs };
    if matches!(who, Who::Spin | Who::SpinReduced) {
        if spin::missing().is_some() {
            return Ok(None);
        }
        let model = promela::export(&machine(&text(axis, value))?, 0);
        let folder = folder.join(format!("grow-{}-{value}-{}", axis.word(), who.word()));
        let pan = spin::make_for(&folder, &model, order, false, "-O3", who == Who::SpinReduced)?;
        return pan.within(SECONDS);
    }
    let own = std::env::current_exe().map_err(|error| error.to_string())?;
    let command: Vec<String> = ["timeout", &SECONDS.to_string()]
        .into_iter()
        .map(str::to_owned)
        .chain([own.to_string_lossy().into_owned()])
        .chain(["grow", who.word(), axis.word(), &value.to_string()].map(str::to_owned))
        .collect();
    let (printed, used) = child::measure(Path::new("."), &command)?;
    let counts = printed.lines().find(|line| line.starts_with("counts "));
    Ok(counts.map(str::parse).transpose()?.map(|counts| (counts, used)))
}

/// Measures, prints, and writes the section and its pictures if asked.
///
/// # Errors
/// If a file can't be written, or two full searches disagree.
pub fn run(write: bool) -> Result<(), String> {
    let folder = report::work()?;
    let mut page = format!(
        "{}\nMade by `cargo xtask bench --growth --write` on {}: {}. The question is whether Linux 6.18 ever violates anything \
         (it does not); each search runs once, on one thread, without symmetry, until it has its answer or {SECONDS} s have passed. \
         Spin's own partial-order reduction has nothing to work on: the exported model is one process, as its C code takes \
         our steps.\n",
        report::GROWTH,
        here::date(),
        here::machine(),
    );
    for axis in Axis::ALL {
        let mut points: Vec<Point> = Vec::new();
        for who in Who::ALL {
            let mut gave_up = false;
            for value in axis.range() {
                let done = if gave_up { None } else { measure(&folder, who, axis, value)? };
                gave_up |= done.is_none();
                eprintln!("{} {value}: {} {done:?}", axis.word(), who.word());
                points.push(Point { who, value, done });
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
    print!("{page}");
    if write { report::write_growth(page) } else { Ok(()) }
}

/// Who looks at every state counts the same.
fn agree(points: &[Point]) -> Result<(), String> {
    let whole = |who: Who| !matches!(who, Who::Saturated | Who::Reduced | Who::SpinReduced);
    for point in points.iter().filter(|point| whole(point.who)) {
        let same = points.iter().filter(|other| whole(other.who) && other.value == point.value);
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

fn table(axis: Axis, points: &[Point]) -> String {
    let values: Vec<u32> = axis.range().collect();
    let row = |who: Who| {
        let cell = |value: &u32| {
            let point = points.iter().find(|point| point.who == who && point.value == *value);
            match point.and_then(|point| point.done.as_ref()) {
                Some((counts, used)) => {
                    format!("{}, {}", seconds(used.wall.as_secs_f64()), scene::grouped(counts.states))
                }
                None => "gave up".to_owned(),
            }
        };
        std::iter::once(who.name().to_owned()).chain(values.iter().map(cell)).collect::<Vec<String>>()
    };
    let rows: Vec<Vec<String>> = Who::ALL.into_iter().map(row).collect();
    let unit = axis.word();
    let head: Vec<String> = std::iter::once("time, states".to_owned())
        .chain(values.iter().map(|value| format!("{value} {}", if *value == 1 { "switch" } else { unit })))
        .collect();
    markdown(&head.iter().map(String::as_str).collect::<Vec<_>>(), &rows)
}

#[cfg(test)]
mod tests {
    use super::{Axis, text};
    use bench::subject::machine;

    #[test]
    fn what_grows_compiles() {
        for axis in Axis::ALL {
            let sizes = axis
                .range()
                .map(|value| machine(&text(axis, value)).map(|machine| machine.program().code.len()));
            let sizes: Vec<usize> = sizes.map(|size| size.expect("it compiles")).collect();
            assert!(sizes.is_sorted_by(|one, other| one < other), "{sizes:?}");
        }
    }
}
