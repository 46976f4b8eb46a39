//! Everything that CI runs, in the order in which a mistake is cheapest to find.
//!
//! A check that fails does not stop the others, so one run reports everything. The last line of the summary counts
//! the tests, "N passed, N failed".

use crate::args::Build;
use crate::job::{Failure, took};
use crate::repository::Repository;
use crate::tally::Tally;
use crate::wasm_target::{TRIPLE, Wasm};
use crate::{beside, budget, package, setup, site, wasm_target};
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// The package with the browser tests: the only one that needs the built site and a browser.
pub const BROWSERS: &str = "e2e";

/// What is left out where nobody asks for it, and tested all the same.
const FEATURES: &str = "cli/processes";

/// The package that stands in for a tool: it has no tests of its own, for every build of the site runs it.
const BINDGEN: &str = "bindgen";

/// How one check ended.
struct Outcome {
    name: &'static str,
    time: Duration,
    held: bool,
}

/// One run of all checks.
struct Run<'a> {
    repository: &'a Repository,
    outcomes: Vec<Outcome>,
    tally: Tally,
}

/// Runs all checks; with `quick` those that need no site and no browser.
pub fn run(repository: &Repository, quick: bool, skip_setup: bool) -> Result<(), Failure> {
    let wasm = if skip_setup {
        wasm_target::settled(repository)
    } else {
        setup::ensure(repository, !quick, &Build::SITE)?
    };
    let mut run = Run { repository, outcomes: Vec::new(), tally: Tally::default() };

    run.cargo("format", &["fmt", "--all", "--check"]);
    let native: &[&str] = &["--workspace", "--exclude", BROWSERS, "--exclude", BINDGEN];
    let linted: &[&str] = if quick { native } else { &["--workspace"] };
    let features = ["--features", FEATURES];
    let lint = [&["clippy", "--all-targets", "--keep-going"], linted, &features, &["--", "-D", "warnings"]];
    run.cargo("clippy", &lint.concat());
    run.step("clippy for wasm", |run| run.lint_wasm(wasm));
    run.step("tests", |run| run.tests(&[&["test", "--no-fail-fast"], native, &features].concat(), None));
    if !quick {
        let built = run.step("site", |run| {
            site::build(run.repository, &Build::SITE).inspect_err(|failure| eprintln!("{failure}")).is_ok()
        });
        let dist = site::folder(repository, &Build::SITE);
        run.step("size", |run| {
            built
                && budget::check(run.repository, &dist).inspect_err(|failure| eprintln!("{failure}")).is_ok()
        });
        run.step("browsers", |run| {
            if !built {
                eprintln!("left out: there is no site to test");
            }
            built && run.tests(&["test", "-p", BROWSERS, "--no-fail-fast"], Some(&dist))
        });
        run.step("the packaged program", |run| built && run.packaged(&dist));
    }
    run.step("documentation", Run::documentation);
    run.summary()
}

impl Run<'_> {
    /// Announces a check, runs it, notes how it went.
    fn step(&mut self, name: &'static str, check: impl FnOnce(&mut Self) -> bool) -> bool {
        println!("\n== {name}");
        let started = Instant::now();
        let held = check(self);
        let time = started.elapsed();
        println!("== {name}: {} in {}", if held { "ok" } else { "FAILED" }, took(time));
        self.outcomes.push(Outcome { name, time, held });
        held
    }

    /// A check that is one call of cargo.
    fn cargo(&mut self, name: &'static str, args: &[&str]) {
        self.step(name, |run| {
            let mut command = run.repository.command("cargo");
            command.args(args);
            succeeds(command)
        });
    }

    /// Lints `web` and what stands beside it, and with them every crate of the workspace that they use, for the target that they run on.
    fn lint_wasm(&self, wasm: Wasm) -> bool {
        let mut command = self.repository.command("cargo");
        // Debian's compiler for the web comes without clippy: its own warnings have to do.
        let lint = if wasm == Wasm::Rustup { "clippy" } else { "check" };
        command.args([lint, "--target", TRIPLE, "-p", "web", "--lib", "--bins"]);
        for (package, _) in beside::ALL {
            command.args(["-p", package]);
        }
        if wasm == Wasm::Rustup {
            command.args(["--", "-D", "warnings"]);
        } else {
            command.env("RUSTFLAGS", "-D warnings");
        }
        succeeds(command)
    }

    /// Runs tests and counts them while their output goes by.
    fn tests(&mut self, args: &[&str], folder: Option<&Path>) -> bool {
        let mut command = self.repository.command("cargo");
        command.args(args).stdout(Stdio::piped());
        if let Some(folder) = folder {
            command.env(site::DIST, folder);
        }
        let mut child = match command.spawn() {
            Ok(child) => child,
            Err(error) => {
                eprintln!("cannot start cargo: {error}");
                return false;
            }
        };
        let output = child.stdout.take().expect("it was piped");
        for line in BufReader::new(output).split(b'\n').map_while(Result::ok) {
            let line = String::from_utf8_lossy(&line);
            println!("{line}");
            self.tally += Tally::of_line(&line);
        }
        child.wait().is_ok_and(|status| status.success())
    }

    /// Packages the program with the site in it, and tries what somebody gets who unpacks that.
    fn packaged(&mut self, dist: &Path) -> bool {
        let made = package::make(self.repository, dist).and_then(|()| package::unpack(self.repository));
        let unpacked = match made {
            Ok(unpacked) => unpacked,
            Err(failure) => {
                eprintln!("{failure}");
                return false;
            }
        };
        let manifest = unpacked.join("Cargo.toml").to_string_lossy().into_owned();
        // Others' crates are compiled already.
        let target = std::env::var("CARGO_TARGET_DIR")
            .unwrap_or_else(|_| self.repository.root.join("target").to_string_lossy().into_owned());
        let before = self.tally.passed;
        let args = [
            "test",
            "--manifest-path",
            &manifest,
            "--target-dir",
            &target,
            "-p",
            package::NAME,
            "--test",
            "serve",
        ];
        // A package without a test would test nothing.
        self.tests(&args, None) && self.tally.passed > before
    }

    /// Builds the documentation of the libraries and of the command line; a broken link in it is an error.
    fn documentation(&mut self) -> bool {
        let mut command = self.repository.command("cargo");
        command
            .args(["doc", "--no-deps", "--lib", "--bin", "tlbscope", "-p", "cli"])
            .env("RUSTDOCFLAGS", "-D warnings");
        for library in libraries(self.repository) {
            command.args(["-p", &library]);
        }
        succeeds(command)
    }

    fn summary(self) -> Result<(), Failure> {
        println!("\nSummary");
        for Outcome { name, time, held } in &self.outcomes {
            println!("  {:6}  {name} ({})", if *held { "ok" } else { "FAILED" }, took(*time));
        }
        println!("\n{} passed, {} failed", self.tally.passed, self.tally.failed);
        let broken: Vec<&str> = self.outcomes.iter().filter(|o| !o.held).map(|o| o.name).collect();
        if broken.is_empty() {
            Ok(())
        } else {
            Err(Failure(format!("These checks failed: {}.", broken.join(", "))))
        }
    }
}

/// The crates that have a library to document, the tests' own left aside.
fn libraries(repository: &Repository) -> Vec<String> {
    let crates = fs::read_dir(repository.root.join("crates"))
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path());
    let mut found: Vec<String> = crates
        .chain([repository.root.join("web")])
        .filter(|dir| dir.join("src/lib.rs").is_file())
        .filter_map(|dir| Some(dir.file_name()?.to_str()?.to_owned()))
        .collect();
    found.sort();
    found
}

fn succeeds(mut command: Command) -> bool {
    match command.status() {
        Ok(status) => status.success(),
        Err(error) => {
            eprintln!("cannot start {command:?}: {error}");
            false
        }
    }
}
