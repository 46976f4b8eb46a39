//! Our explorer and well-known checkers on the same models, in one run.
//!
//! ```text
//! cargo xtask bench [--rounds N] [--write] [--small]
//! cargo xtask bench --page [--rounds N] [--write]
//! cargo xtask bench --growth [--write]
//! cargo xtask bench --timed [--write]
//! ```
//!
//! The benchmark measures a [`bench::subject`]: the [`bench::toy`], whose steps cost nothing, or a scenario, whose
//! steps are the product's own. It measures each [`tool`]: ours, Stateright, Spin. Each run is a process of its own
//! ([`child`]). The tools take turns, round after round, so that other load on the machine affects all of them.
//! Before any time is reported, [`bench::counts`] must agree: distinct states, transitions, and depth where the
//! order is breadth first. [`report`] makes the table. [`page`] makes the table of the page, which is measured in a
//! browser.
#![forbid(unsafe_code)]

mod agree;
mod args;
mod child;
mod goals;
mod growth;
mod here;
mod one;
mod page;
mod picture;
mod point;
mod profile;
mod report;
mod rounds;
mod spin;
#[cfg(feature = "stateright")]
mod stateright;
mod table;
mod timed;
mod tool;
mod wasm;
mod who;

use args::Ask;
use std::process::ExitCode;

fn main() -> ExitCode {
    let done = match args::parse(std::env::args_os().skip(1)) {
        Err(why) => Err(format!("{why}\n\n{}", args::HELP)),
        Ok(Ask::Help) => {
            println!("{}", args::HELP);
            Ok(())
        }
        Ok(Ask::Measure(command)) => child::stand_by(&command),
        Ok(Ask::One { tool, subject, find }) => one::run(tool, &subject, find),
        Ok(Ask::Agree { write }) => report::work().and_then(|folder| agree::run(&folder, write)),
        Ok(Ask::Growth { write }) => growth::run(write),
        Ok(Ask::Grow { who, axis, value }) => growth::one(&who, &axis, value),
        Ok(Ask::Timed { write }) => timed::run(write),
        Ok(Ask::Run { cpus, steps }) => timed::one(cpus, steps),
        Ok(Ask::Page(options)) => page::run(&options),
        Ok(Ask::Keys(options)) => page::keys(&options),
        Ok(Ask::Bench(options)) => report::run(&options),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("{why}");
            ExitCode::FAILURE
        }
    }
}
