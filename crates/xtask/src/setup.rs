//! What a machine must have before the site can be built or the tests run, in the order of installation.
//!
//! Running the set-up again is cheap: when nothing is missing, it takes well under a second and prints one line.
//! Two set-ups in one checkout wait for each other.

use crate::apt;
use crate::args::Build;
use crate::editor;
use crate::job::{Failure, took};
use crate::lockfile;
use crate::repository::Repository;
use crate::site;
use crate::tool::{self, CargoTool, MDBOOK, TRUNK};
use crate::wasm_target::{self, Wasm};
use std::fs::{self, File, TryLockError};
use std::time::Instant;

/// The programs that the browser tests start, by any of these names, and the Debian packages that have them: browsers, and what
/// makes a blog with a laboratory in it.
const PROGRAMS: [(&[&str], &str); 6] = [
    (&["chromium"], "chromium"),
    (&["chromedriver"], "chromium-driver"),
    (&["firefox", "firefox-esr"], "firefox-esr"),
    (&["WebKitWebDriver"], "webkit2gtk-driver"),
    // A screen for WebKitGTK's browser, which has no mode without one.
    (&["Xvfb"], "xvfb"),
    (&["hugo"], "hugo"),
];

/// What the browser tests start in place of Chromium where it is there, and the Debian package that has it: Chromium
/// without windows of its own. The tests take two thirds of the time with it.
const SHELL: (&[&str], &str) =
    (&["chromium-headless-shell", "chrome-headless-shell"], "chromium-headless-shell");

/// Installs what is missing: for the site, and for the tests too if `browsers`. Tools take minutes to compile, and each
/// ends with a crate or two that keep only one processor busy. So the page is compiled in the meantime, as `build`
/// will want it.
pub fn ensure(repository: &Repository, browsers: bool, build: &Build) -> Result<Wasm, Failure> {
    let started = Instant::now();
    println!("Set-up: what is missing goes to ./.tools");
    let _turn = take_turn(repository)?;
    let wasm = wasm_target::ensure(repository)?;
    let version = lockfile::wasm_bindgen_version(repository)?;
    let mut tools = vec![
        CargoTool {
            bin: "wasm-bindgen",
            version: &version,
            install: &["--path", "crates/bindgen"],
            usually: "half a minute",
        },
        CargoTool {
            bin: "trunk",
            version: TRUNK,
            install: &["trunk", "--version", TRUNK, "--no-default-features"],
            usually: "3 to 6 minutes",
        },
    ];
    if browsers {
        tools.push(CargoTool {
            bin: "mdbook",
            version: MDBOOK,
            install: &["mdbook", "--version", MDBOOK, "--no-default-features"],
            usually: "half a minute",
        });
    }
    tool::ensure_wasm_opt(repository)?; // first, for it takes seconds and may lack Node.js
    editor::ensure(repository)?;
    if !tools.iter().all(|tool| tool.is_there(repository)) {
        std::thread::scope(|scope| {
            // If it does not compile, the build of the site says so, with all that was printed.
            scope.spawn(|| site::compile_ahead(repository, build));
            tools.iter().try_for_each(|tool| tool.ensure(repository))
        })?;
    }
    let _ = fs::remove_dir_all(tool::build_dir(repository)); // gone already, mostly
    if browsers {
        tool::ensure_packages(repository)?;
        ensure_programs(repository)?;
    }
    println!("  nothing is missing ({})", took(started.elapsed()));
    Ok(wasm)
}

fn ensure_programs(repository: &Repository) -> Result<(), Failure> {
    let is_there = |programs: &[&str]| programs.iter().any(|program| repository.has(program));
    let missing = PROGRAMS.into_iter().filter(|(programs, _)| !is_there(programs));
    let missing: Vec<&str> = missing.map(|(_, package)| package).collect();
    let wished = Some(SHELL.1).filter(|_| !is_there(SHELL.0));
    if !missing.is_empty() {
        return apt::install(repository, &missing, wished);
    }
    if wished.is_some_and(|package| apt::knows(repository, package))
        && let Err(failure) = apt::install(repository, &[], wished)
    {
        println!("  without {}, the browser tests take longer: {failure}", SHELL.1);
    }
    Ok(())
}

/// Held while tools are being installed.
fn take_turn(repository: &Repository) -> Result<File, Failure> {
    let fail = |error: std::io::Error| Failure(format!("cannot lock .tools/lock: {error}"));
    fs::create_dir_all(&repository.tools).map_err(fail)?;
    let file = File::create(repository.tools.join("lock")).map_err(fail)?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            println!("  another set-up is running in this checkout; waiting for it to end");
            file.lock().map_err(fail)?;
        }
        Err(TryLockError::Error(error)) => return Err(fail(error)),
    }
    Ok(file)
}
