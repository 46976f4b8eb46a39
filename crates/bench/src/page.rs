//! The page in a browser: what `tests/e2e` measures there, as tables.

use crate::args::Options;
use crate::report::{BROWSER, WRITING, root, write_keys, write_page};
use crate::{here, table};
use std::collections::{BTreeMap, BTreeSet};
use std::process::{Command, Stdio};
use std::time::Instant;

/// A verdict that comes within so many milliseconds feels instant.
const INSTANT: f64 = 100.0;
/// From a key to its picture should take no longer.
const PICTURE: f64 = 50.0;
/// No scenario of the library should keep its reader for longer.
const LONGEST: f64 = 300.0;

/// Measures the page that `TLBSCOPE_DIST` names, or that is in `dist`.
pub fn run(options: &Options) -> Result<(), String> {
    let (text, busy) = measured(&[options.rounds.to_string()])?;
    let section = section(&Lines::of(&text), options.rounds, busy)?;
    print!("{section}");
    if options.write {
        write_page(section)?;
    }
    Ok(())
}

/// Measures how long a key takes, and nothing else.
pub fn keys(options: &Options) -> Result<(), String> {
    let (text, busy) = measured(&["keys".to_owned(), options.rounds.to_string()])?;
    let section = writing(&Lines::of(&text), &made(busy))?;
    print!("{section}");
    if options.write {
        write_keys(&section)?;
    }
    Ok(())
}

/// What the measuring program says, and how many processors all programs kept busy meanwhile.
fn measured(asked: &[String]) -> Result<(String, f64), String> {
    let mut cargo = Command::new("cargo");
    cargo.current_dir(root()).args(["build", "-q", "-p", "e2e", "--bin", "measure"]);
    // What is compiled has no part in what is measured.
    let built = cargo.status().map_err(|error| format!("cannot start cargo: {error}"))?;
    let (busy, started) = (here::busy(), Instant::now());
    let mut cargo = Command::new("cargo");
    cargo.current_dir(root()).args(["run", "-q", "-p", "e2e", "--bin", "measure", "--"]);
    let output = cargo.args(asked).stderr(Stdio::inherit()).output();
    let output = output.map_err(|error| format!("cannot start cargo: {error}"))?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    if !built.success() || !output.status.success() {
        return Err(format!("the page could not be measured\n{text}"));
    }
    Ok((text, (here::busy() - busy) as f64 / 100.0 / started.elapsed().as_secs_f64()))
}

/// On which day, machine and browser, and how busy the machine was.
fn made(busy: f64) -> String {
    let browser = here::version("chromium", "--version").unwrap_or_else(|| "Chromium".into());
    format!(
        "{}: {}. {}, headless, without a graphics processor. All programs together, the browser among them, kept {busy:.2} \
         processors busy meanwhile.",
        here::date(),
        here::machine(),
        browser.trim(),
    )
}

/// What was measured: words, then numbers.
struct Lines<'a>(Vec<Vec<&'a str>>);

impl<'a> Lines<'a> {
    fn of(text: &'a str) -> Lines<'a> {
        Lines(text.lines().map(|line| line.split('\t').collect()).collect())
    }

    /// The numbers of all lines that begin with these words, in columns.
    fn columns<const N: usize>(&self, words: &[&str]) -> Result<[Vec<f64>; N], String> {
        let mut columns = [const { Vec::new() }; N];
        for line in self.0.iter().filter(|line| line.starts_with(words)) {
            for (column, number) in columns.iter_mut().zip(&line[words.len()..]) {
                column.extend(number.parse::<f64>());
            }
        }
        if columns.iter().any(Vec::is_empty) { Err(format!("nothing on {words:?}")) } else { Ok(columns) }
    }

    fn one<const N: usize>(&self, words: &[&str]) -> Result<[f64; N], String> {
        self.columns(words).map(|columns| columns.map(|column| column[0]))
    }

    /// Times by scenario.
    fn by_scenario(&self, word: &str) -> BTreeMap<&'a str, Vec<f64>> {
        let mut times = BTreeMap::<&str, Vec<f64>>::new();
        for line in &self.0 {
            if let [kind, name, time] = line[..]
                && kind == word
            {
                times.entry(name).or_default().extend(time.parse::<f64>());
            }
        }
        times
    }
}

/// The value that so many percent of the sorted list do not exceed.
fn percentile(list: &[f64], percent: usize) -> f64 {
    let mut list = list.to_vec();
    list.sort_by(f64::total_cmp);
    let at = (list.len() * percent).div_ceil(100).max(1) - 1;
    list.get(at).copied().unwrap_or_default()
}

fn milliseconds(time: f64) -> String {
    table::seconds(time / 1e3)
}

/// How long until verdicts on large scenarios; nothing if none were measured.
fn sizes(lines: &Lines<'_>) -> String {
    let names: BTreeSet<&str> = lines
        .0
        .iter()
        .filter(|line| line.first() == Some(&"size"))
        .filter_map(|line| line.get(1).copied())
        .collect();
    let row = |name: &&str| {
        let times = lines.columns::<2>(&["size", name]).ok()?;
        let middle = times.map(|times| milliseconds(percentile(&times, 50)));
        Some([vec![(*name).to_owned()], middle.to_vec()].concat())
    };
    let rows: Vec<Vec<String>> = names.iter().filter_map(row).collect();
    if rows.is_empty() {
        return String::new();
    }
    format!(
        "\n### Large scenarios\n\nEach is opened by its link, in a browser that has searched nothing yet. The first time runs until \
         the verdict is in the document, and the text's compilation is part of it; the second one until the search is done, with the \
         shortest run. \"four-long\" has a violation; \"grow3\" is Linux 6.18 on three CPUs and has none.\n\n{}",
        table::markdown(&["scenario", "until the verdict", "until the search is done"], &rows)
    )
}

/// Median, 95th percentile and maximum, as cells.
fn spread(list: &[f64]) -> [String; 3] {
    [50, 95, 100].map(|percent| milliseconds(percentile(list, percent)))
}

fn section(lines: &Lines<'_>, rounds: u32, busy: f64) -> Result<String, String> {
    let made = made(busy);
    let mut out = format!("{BROWSER}\nMade by `cargo xtask bench --page --write` on {made}\n");
    out += &verdicts(lines, rounds);
    out += &sizes(lines);
    out += &playing(lines)?;
    out += &cancelling(lines)?;
    out += &writing(lines, &made)?;
    let [paint, stage, verdict] = lines.columns::<3>(&["paint"])?;
    out += "\n### The first visit\n\nTimes count from the request, with empty caches and a server on the same machine.\n\n";
    let rows = [("first words", paint), ("the machine on the stage", stage), ("the first verdict", verdict)]
        .map(|(what, times)| [vec![what.to_owned()], spread(&times).to_vec()].concat());
    out += &table::markdown(&["what", "median", "95 %", "longest"], &rows);
    Ok(out)
}

fn verdicts(lines: &Lines<'_>, rounds: u32) -> String {
    let mut rows = Vec::new();
    let mut slow = [BTreeSet::new(), BTreeSet::new()];
    for (word, what) in [("open", "a scenario opened"), ("switch", "a switch turned")] {
        let times = lines.by_scenario(word);
        let all: Vec<f64> = times.values().flatten().copied().collect();
        let over = |limit: f64| all.iter().filter(|&&time| time > limit).count().to_string();
        for (name, times) in &times {
            let worst = percentile(times, 50);
            for (limit, slow) in [INSTANT, LONGEST].into_iter().zip(&mut slow) {
                if worst > limit {
                    slow.insert(format!("{name} ({word}: {})", milliseconds(worst)));
                }
            }
        }
        let counts = [all.len().to_string(), over(INSTANT), over(LONGEST)];
        rows.push([vec![what.to_owned()], spread(&all).to_vec(), counts.to_vec()].concat());
    }
    let head = &["what", "median", "95 %", "longest", "times", "over 100 ms", "over 300 ms"];
    let mut out = format!(
        "\n### Verdicts\n\nEach scenario of the gallery is opened in the page, and each of its switches is turned \
         once. The number of rounds is {rounds}. The time runs from the click until the verdict is in the document. \
         Most of these clicks interrupt a grid of settings that is being computed.\n\n{}",
        table::markdown(head, &rows)
    );
    for (limit, slow) in ["100 ms", "300 ms"].into_iter().zip(slow) {
        let names: Vec<String> = slow.into_iter().collect();
        let names = if names.is_empty() { "none".to_owned() } else { names.join(", ") };
        out += &format!("\nOver {limit} in the median: {names}.\n");
    }
    out
}

fn playing(lines: &Lines<'_>) -> Result<String, String> {
    let [frames, gap] = lines.one(&["play", "frames"])?;
    let [long, longest] = lines.one(&["play", "tasks"])?;
    let [computed, most] = lines.one(&["play", "computing"])?;
    let [script, layout, paint] = lines.one(&["play", "step"])?;
    Ok(format!(
        "\n### Playing\n\nThe page plays a run with 16 CPUs on the stage and 5,000 steps in the timeline, at the highest \
         speed, while the browser traces its own work. It draws **{frames:.0} frames/s**, with at most {} between two \
         frames. Tasks of the main thread over 50 ms: {long}, the longest {}. Counting only the time in which the thread \
         had a processor: {computed}, the longest {}. A step takes {} of script, {} of styles and layout, and {} of \
         paint. These are processor times, and they include the frames between steps.\n",
        milliseconds(gap),
        milliseconds(longest),
        milliseconds(most),
        milliseconds(script),
        milliseconds(layout),
        milliseconds(paint),
    ))
}

fn cancelling(lines: &Lines<'_>) -> Result<String, String> {
    let [whole] = lines.one(&["cancel", "whole"])?;
    let [idle] = lines.columns(&["cancel", "idle"])?;
    let [at_work] = lines.columns(&["cancel", "busy"])?;
    Ok(format!(
        "\n### Cancelling\n\nThe scenario \"four\" above has its verdict after {}. If a reader opens a small scenario \
         while \"four\" is being searched, the small scenario's verdict appears after {} (median of {}). With an idle \
         worker it appears after {}.\n",
        milliseconds(whole),
        milliseconds(percentile(&at_work, 50)),
        at_work.len(),
        milliseconds(percentile(&idle, 50)),
    ))
}

fn writing(lines: &Lines<'_>, made: &str) -> Result<String, String> {
    let [of, open, times] = lines.columns::<3>(&["key"])?;
    let [median, most, longest] = spread(&times);
    let at_work = open.iter().filter(|&&open| open > 0.0).count();
    let slow = times.iter().filter(|&&time| time > PICTURE).count();
    Ok(format!(
        "{WRITING}\nMade by `cargo xtask bench --page --only keys --write` on {made}\n\nA visitor types in the editor, letter by letter, \
         in a kernel of {:.0} lines. The grid of settings begins anew at each pause; {at_work} of {} keys were pressed while it was being \
         settled. From a key to the picture that follows it: {median} in the median, {most} for 95 % of the keys, {longest} at most. The \
         goal is 50 ms. Keys that took longer: {slow}.\n",
        of.first().copied().unwrap_or_default(),
        times.len(),
    ))
}

#[cfg(test)]
mod tests {
    use super::{Lines, percentile, section};

    #[test]
    fn percentiles_are_values_of_the_list() {
        let list: Vec<f64> = (1..=20).rev().map(f64::from).collect();
        assert_eq!([50, 95, 100].map(|percent| percentile(&list, percent)), [10.0, 19.0, 20.0]);
        assert_eq!(percentile(&[3.0], 50), 3.0);
    }

    #[test]
    fn the_slow_are_named() {
        let text = "open\ta\t50.0\nopen\tb\t150.0\nopen\tc\t350.0\nswitch\ta\t20.0\nplay\tframes\t60.0\t17.0\n\
                    play\ttasks\t1\t51.0\nplay\tcomputing\t0\t30.0\nplay\tstep\t5.0\t3.0\t4.0\n\
                    cancel\twhole\t900.0\ncancel\tidle\t40.0\ncancel\tbusy\t60.0\nkey\t415\t7\t9.0\nkey\t415\t0\t51.0\npaint\t100.0\t200.0\t300.0";
        let section = section(&Lines::of(text), 1, 0.5).expect("all is there");
        assert!(
            section.contains("Over 100 ms in the median: b (open: 150 ms), c (open: 350 ms)."),
            "{section}"
        );
        assert!(section.contains("Over 300 ms in the median: c (open: 350 ms)."), "{section}");
        assert!(
            section.contains("in a kernel of 415 lines")
                && section.contains("1 of 2 keys were pressed while"),
            "{section}"
        );
        assert!(
            section.contains("51.0 ms at most") && section.contains("Keys that took longer: 1."),
            "{section}"
        );
        assert!(!section.contains("Large scenarios"));
        let sizes = super::sizes(&Lines::of(
            "size\tgrow3\t12000\t12001\nsize\tgrow3\t14000\t14900\nsize\tgrow3\t13000\t14000",
        ));
        assert!(sizes.contains("| grow3    | 13.0 s            | 14.0 s "), "{sizes}");
        assert!(super::section(&Lines::of("open\ta\t50.0"), 1, 0.5).is_err());
    }
}
