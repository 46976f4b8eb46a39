//! The site: Trunk makes a folder of static files out of `index.html` and the crate `web`.

use crate::args::Build;
use crate::job::{Failure, Job};
use crate::repository::Repository;
use crate::wasm_target::TRIPLE;
use std::path::{Path, PathBuf};

/// Tells the browser tests and the benchmark where the site is.
pub const DIST: &str = "TLBSCOPE_DIST";

/// Where a build puts its files.
pub fn folder(repository: &Repository, build: &Build) -> PathBuf {
    match &build.dist {
        Some(dist) => repository.root.join(dist),
        None if build.dev => repository.root.join("target/site-dev"),
        None => repository.root.join("dist"),
    }
}

/// The profile that Trunk passes to cargo: `index.html` names it.
pub fn profile_of(dev: bool) -> &'static str {
    if dev { "site-dev" } else { "page" }
}

/// Compiles the page as Trunk will ask cargo to, so that Trunk finds it compiled.
pub fn compile_ahead(repository: &Repository, build: &Build) {
    let mut command = repository.command("cargo");
    command.args(["build", "--manifest-path", "web/Cargo.toml", "--bin", "app", "--target", TRIPLE]);
    command.args(["--profile", profile_of(build.dev)]);
    let job = Job {
        label: "compiling the page in the meantime",
        usually: "2 to 4 minutes",
        log: "page",
        advice: "Building the site will say more.",
        limit: None,
    };
    if let Err(failure) = job.run(repository, command) {
        println!("  {failure}");
    }
}

/// Builds it, and says how big its files are.
pub fn build(repository: &Repository, build: &Build) -> Result<(), Failure> {
    let dist = folder(repository, build);
    std::fs::create_dir_all(&dist).map_err(|error| Failure(format!("{}: {error}", dist.display())))?;
    let mut command = repository.command("trunk");
    command.arg("build").arg("--dist").arg(&dist);
    // Trunk reads NO_COLOR as a boolean and refuses "1", the value that everybody else sets.
    command.env_remove("NO_COLOR").arg("--color").arg("never");
    let (label, usually, log) = if build.dev {
        ("building the site, unoptimised", "1 minute the first time, then 5 s", "site-dev")
    } else {
        command.arg("--release");
        ("building the site", "2 minutes the first time, then half a minute", "site")
    };
    let advice = "If it is not a compile error: `cargo xtask setup` checks the tools.";
    Job { label, usually, log, advice, limit: None }.run(repository, command)?;
    if let Some(page) = &build.page {
        pages(repository, &dist, page)?;
    }
    println!("  {}: {}", dist.strip_prefix(&repository.root).unwrap_or(&dist).display(), sizes(&dist));
    Ok(())
}

/// Whether Trunk makes the site that visitors get.
pub fn optimised() -> bool {
    std::env::var("TRUNK_PROFILE").is_ok_and(|profile| profile == "release")
}

/// Adds a page for each scenario, with the addresses that it has where the site will be served.
fn pages(repository: &Repository, dist: &Path, page: &str) -> Result<(), Failure> {
    let folder = dist.join("scenarios");
    std::fs::create_dir_all(&folder).map_err(|error| Failure(format!("{}: {error}", folder.display())))?;
    let mut command = repository.command("cargo");
    command.args(["run", "--quiet", "-p", "cli", "--", "pages"]).arg(&folder).args(["--page", page]);
    let advice = "If it is not a compile error: an address begins with https:// or http://";
    Job {
        label: "adding a page for each scenario",
        usually: "1 to 3 minutes",
        log: "pages",
        advice,
        limit: None,
    }
    .run(repository, command)
}

/// "app_bg.wasm 141 kB, app.js 33 kB, ...", the biggest first.
fn sizes(dist: &Path) -> String {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trunk_compiles_the_page_in_the_profiles_that_are_compiled_ahead() {
        let page = include_str!("../../../index.html");
        for (option, dev) in [("data-cargo-profile-release", false), ("data-cargo-profile-dev", true)] {
            let build = Build { dev, dist: None, page: None };
            assert!(page.contains(&format!("{option}=\"{}\"", profile_of(build.dev))), "{option}");
        }
        assert!(page.contains("href=\"web/Cargo.toml\" data-bin=\"app\""));
    }
}
