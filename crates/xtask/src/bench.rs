//! Starts the benchmark, compiled with everything that it compares; for the page, with a site and a browser.

use crate::args::Build;
use crate::job::Failure;
use crate::repository::Repository;
use crate::{setup, site};
use std::ffi::OsString;

/// Runs `crates/bench` with the options given.
pub fn run(repository: &Repository, options: &[OsString]) -> Result<(), Failure> {
    let mut command = repository.command("cargo");
    if options.iter().any(|option| option == "--page") {
        setup::ensure(repository, true, &Build::SITE)?;
        site::build(repository, &Build::SITE)?;
        command.env(site::DIST, site::folder(repository, &Build::SITE)).args(["run", "-p", "bench", "--"]);
    } else {
        command.args(["run", "--release", "-p", "bench", "--features", "stateright", "--"]);
    }
    match command.args(options).status() {
        Ok(status) if status.success() => Ok(()),
        Ok(_) => Err(Failure("The benchmark did not come to its end.".to_owned())),
        Err(error) => Err(Failure(format!("cannot start cargo: {error}"))),
    }
}
