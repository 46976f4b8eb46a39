//! Starts the benchmark, compiled with all that it compares with.

use crate::job::Failure;
use crate::place::Place;
use std::ffi::OsString;

/// Runs `crates/bench` with the options given.
pub fn run(place: &Place, options: &[OsString]) -> Result<(), Failure> {
    let mut command = place.command("cargo");
    command.args(["run", "--release", "-p", "bench", "--features", "stateright", "--"]).args(options);
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(_) => Err(Failure("The benchmark did not come to its end.".to_owned())),
        Err(error) => Err(Failure(format!("cannot start cargo: {error}"))),
    }
}
