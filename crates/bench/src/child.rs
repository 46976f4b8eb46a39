//! Runs a command and measures it: wall time, CPU time, peak memory.
//!
//! The operating system reports the sum over all children, and the largest peak among them. To measure one child
//! alone, a process stands between: the benchmark starts itself as `bench measure COMMAND`. That process waits for
//! its only child and adds one line to the child's output.

use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike;
use std::ffi::{OsStr, OsString};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const MARK: &str = "@used";

/// What a run used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Used {
    /// From start to end.
    pub wall: Duration,
    /// User and system time of all its threads.
    pub cpu: Duration,
    /// Largest resident set, in bytes.
    pub peak: u64,
}

/// The process that stands between: runs the command, passes on what it prints, adds the line.
pub fn stand_by(command: &[OsString]) -> Result<(), String> {
    let (program, args) = command.split_first().ok_or("measure what?")?;
    let started = Instant::now();
    let status =
        Command::new(program).args(args).status().map_err(|error| format!("{program:?}: {error}"))?;
    let wall = started.elapsed();
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN).map_err(|error| error.to_string())?;
    let cpu = usage.user_time().num_microseconds() + usage.system_time().num_microseconds();
    println!("\n{MARK} {} {cpu} {}", wall.as_micros(), usage.max_rss() * 1024);
    // Spin's checkers say by a status of their own that they found something.
    if status.code().is_some() { Ok(()) } else { Err(format!("{program:?} was ended: {status}")) }
}

/// Runs a command in a folder and measures it; what it prints, and what it used.
pub fn measure<S: AsRef<OsStr>>(folder: &Path, command: &[S]) -> Result<(String, Used), String> {
    let own = std::env::current_exe().map_err(|error| error.to_string())?;
    let output = Command::new(own)
        .current_dir(folder)
        .arg("measure")
        .args(command)
        .stdin(Stdio::null())
        .output()
        .map_err(|error| error.to_string())?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let told = || format!("{}{}", text.trim_end(), String::from_utf8_lossy(&output.stderr));
    if !output.status.success() {
        return Err(told());
    }
    let used = text.lines().rev().find_map(read).ok_or_else(told)?;
    Ok((text, used))
}

fn read(line: &str) -> Option<Used> {
    let words: Vec<u64> = line.strip_prefix(MARK)?.split_whitespace().map_while(|w| w.parse().ok()).collect();
    let [wall, cpu, peak] = words[..] else { return None };
    Some(Used { wall: Duration::from_micros(wall), cpu: Duration::from_micros(cpu), peak })
}

#[cfg(test)]
mod tests {
    use super::{Duration, Used, read};

    #[test]
    fn the_line_is_read() {
        let used = Used { wall: Duration::from_micros(5), cpu: Duration::from_micros(4), peak: 4096 };
        assert_eq!(read("@used 5 4 4096"), Some(used));
        assert_eq!(read("@used 5 4"), None);
        assert_eq!(read("counts 5 4 3"), None);
    }
}
