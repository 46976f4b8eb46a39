//! Where our search spends its time: samples of the processor, by function, and the cost of the set of states
//! alone.

use crate::table::{markdown, median};
use crate::tool::Tool;
use bench::subject::Subject;
use explore::Visited;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

/// What functions do, by a piece of their names, which ends as it says; the first that fits.
const PARTS: [(&str, &str, &str); 7] = [
    ("::visited::", "", "the set of states seen"),
    ("::worker::look_up", "", "looking up remembered steps"),
    ("::worker::", "expand", "looking up remembered steps"),
    ("::log::", "", "the log of paths"),
    ("::worker::", "", "taking steps for the first time"),
    ("explore::search", "", "the rest of the search: levels, properties"),
    ("[k]", "", "the operating system: pages of memory"),
];
/// Those that the report names, each once.
const LISTED: [usize; 6] = [0, 1, 3, 4, 5, 6];
const OTHER: &str = "anything else";

/// Keys that are put in at a time: about what the search does.
const BATCH: usize = 128;

/// A section of the page.
pub fn section(folder: &Path, subjects: &[Subject], rounds: u32) -> String {
    let mut out = "\n## Where the time goes\n\n".to_owned();
    let mut columns = Vec::new();
    for subject in subjects {
        match shares(folder, subject) {
            Ok(shares) => columns.push((subject.name, shares)),
            Err(why) => out += &format!("Not sampled on {}: {why}.\n\n", subject.name),
        }
    }
    if !columns.is_empty() {
        out += "Shares of processor time on one thread, sampled by `perf record -e cpu-clock`. Code as small as \
                the bookkeeping of a batch is counted where the compiler has put it.\n\n";
        let head: Vec<&str> = ["part"].into_iter().chain(columns.iter().map(|column| column.0)).collect();
        let row = |part: &str| -> Vec<String> {
            let shares = columns.iter().map(|(_, shares)| {
                let sum: f64 = shares
                    .iter()
                    .filter(|share| share.0 == part)
                    .map(|share| share.1)
                    .fold(0.0, |sum, share| sum + share);
                format!("{sum:.0} %")
            });
            [part.to_owned()].into_iter().chain(shares).collect()
        };
        let rows: Vec<Vec<String>> =
            LISTED.into_iter().map(|at| PARTS[at].2).chain([OTHER]).map(row).collect();
        out += &markdown(&head, &rows);
    }
    out += &misses();
    out += &alone(rounds);
    out
}

/// The share of each part, in percent.
fn shares(folder: &Path, subject: &Subject) -> Result<Vec<(&'static str, f64)>, String> {
    let data = folder.join("perf.data");
    let own = std::env::current_exe().map_err(|error| error.to_string())?;
    let mut record = Command::new("perf");
    record.args(["record", "-q", "-F", "4000", "-e", "cpu-clock", "-o"]).arg(&data).arg("--").arg(own);
    record.args(["one", &Tool::Ours(1).word(), subject.name]);
    said(&mut record)?;
    let mut report = Command::new("perf");
    report.args(["report", "--stdio", "--no-children", "-q", "-F", "overhead,sym", "-i"]).arg(&data);
    let text = said(&mut report)?;
    let share = |line: &str| {
        let (percent, name) = line.trim().split_once('%')?;
        let fits = |part: &&(&str, &str, &str)| name.contains(part.0) && name.trim_end().ends_with(part.1);
        let part = PARTS.iter().find(fits).map_or(OTHER, |part| part.2);
        Some((part, percent.parse::<f64>().ok()?))
    };
    Ok(text.lines().filter_map(share).collect())
}

/// Whether cache misses can be counted, and if so how many there are.
fn misses() -> String {
    let events = ["stat", "-x", ",", "-e", "cache-misses", "--", "true"];
    let output = Command::new("perf").args(events).output();
    let text = output.map(|output| String::from_utf8_lossy(&output.stderr).into_owned()).unwrap_or_default();
    if text.contains("cache-misses") && !text.contains("not supported") {
        String::new()
    } else {
        "\nThis machine does not let a guest count cache misses.\n".into()
    }
}

fn said(command: &mut Command) -> Result<String, String> {
    let output = command.output().map_err(|error| format!("perf: {error}"))?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).trim().to_owned());
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// The set of states alone: keys at random, each of them new; then the same ones again.
fn alone(rounds: u32) -> String {
    let mut rows = Vec::new();
    for bits in [16, 22, 24] {
        let keys: Vec<u64> = (0..1u64 << bits).map(scattered).collect();
        let (mut first, mut again, mut bytes) = (Vec::new(), Vec::new(), 0);
        for _ in 0..rounds {
            let mut set = Visited::default();
            for times in [&mut first, &mut again] {
                let started = Instant::now();
                let mut new = 0u32;
                keys.chunks(BATCH).for_each(|batch| set.insert(batch, |_| new += 1));
                times.push(started.elapsed());
                bytes = bytes.max(set.memory());
            }
        }
        let each = |times: Vec<Duration>| format!("{:.1} ns each", median(times) * 1e9 / keys.len() as f64);
        rows.push(vec![
            scene::grouped(keys.len() as u64),
            each(first),
            each(again),
            format!("{:.0} MiB", bytes as f64 / f64::from(1 << 20)),
        ]);
    }
    let head = ["keys", "inserted, from empty", "found again", "table"];
    format!(
        "\nThis table measures the set of states alone, with random keys. A search cannot avoid this cost: it pays it for each \
         new state, and for each known state that is not among the most recent.\n\n{}",
        markdown(&head, &rows)
    )
}

/// A number that looks like chance, another one for each `n`; less than 2^63, as keys are.
fn scattered(n: u64) -> u64 {
    let mixed = (n ^ n >> 30).wrapping_add(0x9e37_79b9_7f4a_7c15).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb) >> 1
}
