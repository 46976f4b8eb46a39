//! A long command, run so that the person who waits knows what is happening.
//!
//! The output goes to a log. The terminal gets one line at the start (what runs, and how long it usually takes) and
//! one line every twenty seconds (how far it is). If the command fails, the terminal gets the part of the log that
//! matters, and what to do about it.

use crate::repository::Repository;
use std::fmt;
use std::fs::{self, File};
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

const HEARTBEAT: Duration = Duration::from_secs(20);
/// As much of a failed command's log as fits on a screen.
const SHOWN: usize = 40;

/// Why the front door gives up: text for a person.
#[derive(Debug)]
pub struct Failure(pub String);

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What is being done, in words.
pub struct Job<'a> {
    /// "installing trunk 0.21.14".
    pub label: &'a str,
    /// "3 to 5 minutes".
    pub usually: &'a str,
    /// The log's name without its ending.
    pub log: &'a str,
    /// What to do if it fails.
    pub advice: &'a str,
    /// When to stop waiting; never, where `None`.
    pub limit: Option<Duration>,
}

impl Job<'_> {
    /// Runs it to its end.
    pub fn run(&self, repository: &Repository, mut command: Command) -> Result<(), Failure> {
        let started = Instant::now();
        let path = repository.tools.join("logs").join(format!("{}.log", self.log));
        let shown = path.strip_prefix(&repository.root).unwrap_or(&path).display().to_string();
        println!("  {} (usually {}; log: {shown})", self.label, self.usually);
        let fail = |why: String| Failure(format!("{}: {why}\n{}", self.label, self.advice));

        let opened = fs::create_dir_all(repository.tools.join("logs")).and_then(|()| File::create(&path));
        let log = opened.map_err(|error| fail(format!("cannot write {shown}: {error}")))?;
        let both = log.try_clone().map_err(|error| fail(error.to_string()))?;
        let spawned = command.stdin(Stdio::null()).stdout(log).stderr(both).spawn();
        let mut child = spawned.map_err(|error| fail(format!("cannot start {command:?}: {error}")))?;

        let mut next = HEARTBEAT;
        let status = loop {
            match child.try_wait() {
                Ok(Some(status)) => break status,
                Ok(None) => {}
                Err(error) => return Err(fail(error.to_string())),
            }
            let elapsed = started.elapsed();
            if self.limit.is_some_and(|limit| elapsed > limit) {
                let _ = child.kill();
                let _ = child.wait();
                return Err(fail(format!("no answer after {} s", elapsed.as_secs())));
            }
            if elapsed >= next {
                next += HEARTBEAT;
                let text = fs::read(&path).unwrap_or_default();
                println!("    {:>4} s  {}", elapsed.as_secs(), last_line(&String::from_utf8_lossy(&text)));
            }
            #[expect(
                clippy::disallowed_methods,
                reason = "a child cannot be waited for and watched at once"
            )]
            sleep(Duration::from_millis(50));
        };
        if status.success() {
            println!("  done in {}", took(started.elapsed()));
            return Ok(());
        }
        let text = fs::read(&path).unwrap_or_default();
        let end = telling_part(&String::from_utf8_lossy(&text));
        Err(fail(format!("failed ({status})\n--- from {shown}\n{end}\n---")))
    }
}

/// "0.4 s", "12 s", "3 min 20 s".
pub fn took(time: Duration) -> String {
    match time.as_secs() {
        0..10 => format!("{:.1} s", time.as_secs_f64()),
        seconds @ 10..120 => format!("{seconds} s"),
        seconds => format!("{} min {} s", seconds / 60, seconds % 60),
    }
}

/// The last line with anything on it, cut to the width of a terminal.
fn last_line(text: &str) -> String {
    let line = text.lines().rev().map(str::trim).find(|line| !line.is_empty()).unwrap_or("(no output yet)");
    line.chars().take(90).collect()
}

/// The part of a failed command's log that is shown: from its first error on, or else its end.
fn telling_part(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let is_error =
        |line: &&str| line.starts_with("error") || line.starts_with("E: ") || line.starts_with("npm error");
    let from = lines.iter().position(is_error).unwrap_or(lines.len().saturating_sub(SHOWN));
    lines[from..].iter().take(SHOWN).copied().collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_the_first_error_or_else_the_end() {
        let noise = "   Compiling x\n".repeat(100);
        assert_eq!(telling_part(&format!("{noise}error[E0308]: no\n  help\n")), "error[E0308]: no\n  help");
        assert_eq!(telling_part(&format!("{noise}killed\n")).lines().count(), SHOWN);
    }

    #[test]
    fn heartbeat_skips_blank_lines() {
        assert_eq!(last_line("a\n  b \n\n"), "b");
        assert_eq!(last_line(""), "(no output yet)");
    }
}
