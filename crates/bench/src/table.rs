//! Figures as rows of a table.

use crate::rounds::{Measurements, Runs};
use scene::grouped;
use std::time::Duration;

/// The middle of some durations, with the least and the greatest.
fn spread(mut times: Vec<Duration>) -> [f64; 3] {
    times.sort_unstable();
    let at = |at: usize| times.get(at).map_or(0.0, Duration::as_secs_f64);
    let half = times.len() / 2;
    let middle =
        if times.len().is_multiple_of(2) { (at(half.saturating_sub(1)) + at(half)) / 2.0 } else { at(half) };
    [middle, at(0), at(times.len().saturating_sub(1))]
}

/// The middle of some durations, in seconds.
pub fn median(times: Vec<Duration>) -> f64 {
    spread(times)[0]
}

/// Seconds with three digits that mean something.
pub fn seconds(value: f64) -> String {
    match value {
        value if value < 0.1 => format!("{:.1} ms", value * 1e3),
        value if value < 1.0 => format!("{:.0} ms", value * 1e3),
        value if value < 10.0 => format!("{value:.2} s"),
        value => format!("{value:.1} s"),
    }
}

fn ranged([middle, least, greatest]: [f64; 3]) -> String {
    format!("{} ({} to {})", seconds(middle), seconds(least), seconds(greatest))
}

/// The table of one subject, as Markdown.
#[must_use]
pub fn table(rounds: &Measurements) -> String {
    let rows: Vec<Vec<String>> = if rounds.find { finds(rounds) } else { searches(rounds) };
    let head: &[&str] = if rounds.find {
        &["checker", "threads", "wall", "CPU", "speed-up", "steps", "states", "peak memory"]
    } else {
        &["checker", "threads", "wall", "CPU", "speed-up", "Mstates/s", "ns/transition", "bytes/state"]
    };
    markdown(head, &rows)
}

fn searches(rounds: &Measurements) -> Vec<Vec<String>> {
    let ours = spread(walls(&rounds.runs[0]))[0];
    let row = |runs: &Runs| {
        let (wall, cpu) = (spread(walls(runs)), spread(cpus(runs)));
        let counts = &runs.counts;
        vec![
            runs.tool.name(),
            runs.tool.threads().to_string(),
            ranged(wall),
            seconds(cpu[0]),
            ratio(wall[0], ours),
            format!("{:.2}", counts.states as f64 / wall[0] / 1e6),
            format!("{:.0}", wall[0] * 1e9 / counts.transitions as f64),
            format!("{:.0}", peak(runs) as f64 / counts.states as f64),
        ]
    };
    rounds.runs.iter().map(row).collect()
}

fn finds(rounds: &Measurements) -> Vec<Vec<String>> {
    let ours = spread(walls(&rounds.runs[0]))[0];
    let row = |runs: &Runs| {
        let (wall, cpu) = (spread(walls(runs)), spread(cpus(runs)));
        vec![
            runs.tool.name(),
            runs.tool.threads().to_string(),
            ranged(wall),
            seconds(cpu[0]),
            ratio(wall[0], ours),
            runs.counts.found.map_or("-".into(), grouped),
            grouped(runs.counts.states),
            format!("{:.1} MiB", peak(runs) as f64 / f64::from(1 << 20)),
        ]
    };
    rounds.runs.iter().map(row).collect()
}

fn walls(runs: &Runs) -> Vec<Duration> {
    runs.used.iter().map(|used| used.wall).collect()
}

fn cpus(runs: &Runs) -> Vec<Duration> {
    runs.used.iter().map(|used| used.cpu).collect()
}

fn peak(runs: &Runs) -> u64 {
    runs.used.iter().map(|used| used.peak).max().unwrap_or(0)
}

/// How many times as fast our search is.
fn ratio(theirs: f64, ours: f64) -> String {
    match theirs / ours {
        _ if theirs == ours => "1".into(),
        ratio if ratio < 1.0 => format!("{ratio:.2} x"),
        ratio => format!("{ratio:.1} x"),
    }
}

/// Columns padded, so that the text can be read as it is.
pub fn markdown(head: &[&str], rows: &[Vec<String>]) -> String {
    let width = |column: usize| {
        let cells = rows.iter().map(|row| row[column].chars().count());
        cells.chain([head[column].len()]).max().unwrap_or(0)
    };
    let line = |cells: &mut dyn Iterator<Item = (usize, &str)>| {
        let padded: Vec<String> =
            cells.map(|(column, cell)| format!("{cell:<wide$}", wide = width(column))).collect();
        format!("| {} |\n", padded.join(" | "))
    };
    let mut out = line(&mut head.iter().copied().enumerate());
    let rule: Vec<String> = (0..head.len()).map(|column| "-".repeat(width(column))).collect();
    out += &format!("| {} |\n", rule.join(" | "));
    for row in rows {
        out += &line(&mut row.iter().map(String::as_str).enumerate());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{Duration, markdown, spread};

    #[test]
    fn the_middle_is_between_the_two_middle_ones() {
        let of = |times: &[u64]| spread(times.iter().map(|&time| Duration::from_secs(time)).collect());
        assert_eq!(of(&[3, 1, 2]), [2.0, 1.0, 3.0]);
        assert_eq!(of(&[4, 1, 2, 3]), [2.5, 1.0, 4.0]);
    }

    #[test]
    fn columns_are_as_wide_as_their_widest() {
        assert_eq!(
            markdown(&["a", "b"], &[vec!["xyz".into(), "1".into()]]),
            "| a   | b |\n| --- | - |\n| xyz | 1 |\n"
        );
    }
}
