//! The machine that this runs on, and what else runs on it.

use std::fs;
use std::process::Command;

/// Processor, cores and memory, in words.
#[must_use]
pub fn machine() -> String {
    let read = |path| fs::read_to_string(path).unwrap_or_default();
    let (processors, memory) = (read("/proc/cpuinfo"), read("/proc/meminfo"));
    let field = |text: &str, name: &str| {
        let line = text.lines().find(|line| line.starts_with(name))?;
        Some(line.split_once(':')?.1.trim().to_owned())
    };
    let model = field(&processors, "model name").unwrap_or_else(|| "an unnamed processor".into());
    let cores = processors.lines().filter(|line| line.starts_with("processor")).count();
    let kilobytes = field(&memory, "MemTotal").and_then(|line| line.split(' ').next()?.parse::<u64>().ok());
    format!("{model}, {cores} hardware threads, {} GiB of memory", kilobytes.unwrap_or(0) >> 20)
}

/// The first line that a command prints, if it is there.
#[must_use]
pub fn version(command: &str, flag: &str) -> Option<String> {
    let output = Command::new(command).arg(flag).output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    text.lines().next().map(|line| line.trim().to_owned())
}

/// Today's date, as `date` gives it.
#[must_use]
pub fn date() -> String {
    version("date", "+%Y-%m-%d").unwrap_or_else(|| "on an unknown day".into())
}

/// Jiffies (1/100 s) that all processors together have been busy since the start.
#[must_use]
pub fn busy() -> u64 {
    let text = fs::read_to_string("/proc/stat").unwrap_or_default();
    let line = text.lines().next().unwrap_or_default();
    let times: Vec<u64> = line.split_whitespace().skip(1).map_while(|word| word.parse().ok()).collect();
    // Everything but idle (the fourth) and waiting for a disk (the fifth); guests are in user time already.
    times.iter().take(8).enumerate().filter(|(at, _)| *at != 3 && *at != 4).map(|(_, time)| time).sum()
}
