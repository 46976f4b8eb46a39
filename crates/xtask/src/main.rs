//! The front door: `cargo xtask serve`, `build`, `test`, `setup`, `bless`.
//!
//! Everything that a developer or CI does with this repository goes through this program. So there is one
//! description of it, in one language, and a machine with only a Rust toolchain can follow it. Read in this order:
//! [`args`] (the commands), [`setup`] (what a machine must have, and how it gets that), [`site`] and [`server`]
//! (the page), [`checks`] (what must hold). The rules on the repository itself are in `tests/tidy`.
//!
//! Nothing of the product is in this crate, and nothing in the product depends on it.

#![forbid(unsafe_code)]

mod apt;
mod args;
mod bench;
mod beside;
mod bless;
mod budget;
mod checks;
mod editor;
mod hashed;
mod job;
mod library;
mod lockfile;
mod package;
mod release;
mod repository;
mod server;
mod setup;
mod site;
mod styles;
mod tally;
mod tool;
mod wasm_target;
mod watch;

use args::{Ask, Build};
use job::Failure;
use repository::Repository;
use std::process::ExitCode;

fn main() -> ExitCode {
    let ask = match args::parse(std::env::args_os().skip(1)) {
        Ok(ask) => ask,
        Err(why) => {
            eprintln!("{why}\n\n{}", args::HELP);
            return ExitCode::from(2);
        }
    };
    match run(&Repository::find(), ask) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("\n{failure}");
            ExitCode::FAILURE
        }
    }
}

fn run(repository: &Repository, ask: Ask) -> Result<(), Failure> {
    match ask {
        Ask::Help => {
            println!("{}", args::HELP);
            Ok(())
        }
        Ask::Setup { browsers } => setup::ensure(repository, browsers, &Build::SITE).map(drop),
        Ask::Build(build) => {
            setup::ensure(repository, false, &build)?;
            site::build(repository, &build)
        }
        Ask::Package { build, built } => {
            if !built {
                setup::ensure(repository, false, &build)?;
                site::build(repository, &build)?;
            }
            package::make(repository, &site::folder(repository, &build))
        }
        Ask::Serve { build, port } => {
            setup::ensure(repository, false, &build)?;
            site::build(repository, &build)?;
            server::serve(repository, &build, port)
        }
        Ask::Test { quick, skip_setup } => checks::run(repository, quick, skip_setup),
        Ask::Bless => bless::run(repository),
        Ask::Styles => styles::join(repository),
        Ask::Complete => release::complete(repository),
        Ask::Bench(options) => bench::run(repository, &options),
    }
}
