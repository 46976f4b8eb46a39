//! Our search in wasm, driven by Node.js.

use crate::table::{median, seconds};
use bench::counts::Counts;
use bench::subject::{self, Subject};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

/// Compiles the module.
///
/// # Errors
/// If Node.js or the target is not here: then there is nothing to measure.
pub fn module(root: &Path, folder: &Path) -> Result<PathBuf, String> {
    if !Command::new("node").arg("--version").output().is_ok_and(|out| out.status.success()) {
        return Err("Node.js is not here".into());
    }
    let target = folder.join("wasm");
    let mut cargo = Command::new("cargo");
    cargo.current_dir(root).args(["build", "--release", "--lib", "-p", "bench", "--target", TRIPLE]);
    let output = cargo.arg("--target-dir").arg(&target).output().map_err(|error| error.to_string())?;
    if output.status.success() {
        Ok(target.join(TRIPLE).join("release/bench.wasm"))
    } else {
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        Err(said.lines().find(|line| line.starts_with("error")).unwrap_or("it does not compile").to_owned())
    }
}

const TRIPLE: &str = "wasm32-unknown-unknown";

/// A sentence on how long the full search of a subject takes in wasm, and its speed in terms of the native one's.
///
/// # Errors
/// If its counts differ from those of the native search, or if it does not run.
pub fn measure(
    root: &Path,
    module: &Path,
    subject: &Subject,
    ours: (&Counts, Duration),
    rounds: u32,
) -> Result<(String, f64), String> {
    let number = subject::all().iter().position(|one| one.name == subject.name).unwrap_or(0);
    let (mut first, mut second) = (Vec::new(), Vec::new());
    for _ in 0..rounds {
        let mut node = Command::new("node");
        node.arg(root.join("crates/bench/wasm.mjs")).arg(module).arg(number.to_string());
        let output = node.output().map_err(|error| error.to_string())?;
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let line = |head: &str| text.lines().find(|line| line.starts_with(head));
        let wrong = || format!("in wasm: {text}{}", String::from_utf8_lossy(&output.stderr));
        let counts: Counts = line("counts ").ok_or_else(wrong)?.parse()?;
        if let Some(how) = ours.0.differs(&counts) {
            return Err(format!("{}: native and wasm have {how}", subject.name));
        }
        let times: Vec<f64> = line("times ").ok_or_else(wrong)?.split(' ').flat_map(str::parse).collect();
        let [one, two] = times[..] else { return Err(wrong()) };
        first.push(Duration::from_secs_f64(one / 1e3));
        second.push(Duration::from_secs_f64(two / 1e3));
    }
    let (first, second) = (median(first), median(second));
    let ratio = ours.1.as_secs_f64() / second;
    let sentence = format!(
        "In wasm (Node.js, one thread): {} in a fresh instance, {} ({ratio:.2} of the native speed) in one that has searched \
         before.",
        seconds(first),
        seconds(second),
    );
    Ok((sentence, ratio))
}
