//! The site: Trunk makes a folder of static files out of `index.html` and the crate `web`.

use crate::args::Build;
use crate::job::{Failure, Job};
use crate::place::Place;
use std::path::PathBuf;

/// Tells the browser tests and the benchmark where the site is.
pub const DIST: &str = "TLBSCOPE_DIST";

/// Where a build puts its files.
pub fn folder(place: &Place, build: &Build) -> PathBuf {
    match &build.dist {
        Some(dist) => place.root.join(dist),
        None if build.dev => place.root.join("target/site-dev"),
        None => place.root.join("dist"),
    }
}

/// Builds it, and says how big its files are.
pub fn build(place: &Place, build: &Build) -> Result<(), Failure> {
    let dist = folder(place, build);
    std::fs::create_dir_all(&dist).map_err(|error| Failure(format!("{}: {error}", dist.display())))?;
    let mut command = place.command("trunk");
    command.arg("build").arg("--dist").arg(&dist);
    // Trunk reads NO_COLOR as a boolean and refuses "1", the value that everybody else sets.
    command.env_remove("NO_COLOR").arg("--color").arg("never");
    let (label, usually, log) = if build.dev {
        ("building the site, unoptimised", "1 minute the first time, then 5 s", "site-dev")
    } else {
        command.arg("--release");
        ("building the site", "2 minutes the first time, then half a minute", "site")
    };
    let advice = "If it is no compile error: `cargo xtask setup` checks the tools.";
    Job { label, usually, log, advice, limit: None }.run(place, command)?;
    println!("  {}: {}", dist.strip_prefix(&place.root).unwrap_or(&dist).display(), sizes(&dist));
    Ok(())
}

/// "app_bg.wasm 141 kB, app.js 33 kB, ...", the biggest first.
fn sizes(dist: &std::path::Path) -> String {
    let Ok(entries) = std::fs::read_dir(dist) else { return "empty".to_owned() };
    let mut files: Vec<(u64, String)> = entries
        .flatten()
        .filter_map(|entry| {
            let meta = entry.metadata().ok().filter(|meta| meta.is_file())?;
            Some((meta.len(), entry.file_name().to_string_lossy().into_owned()))
        })
        .collect();
    files.sort_by(|a, b| b.cmp(a));
    let shown: Vec<String> =
        files.iter().take(4).map(|(bytes, name)| format!("{name} {} kB", bytes.div_ceil(1000))).collect();
    shown.join(", ")
}
