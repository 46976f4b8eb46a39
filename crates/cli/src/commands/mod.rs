//! The commands, one file for each.

mod check;
mod completions;
mod cost;
mod doctor;
mod embed;
mod explain;
mod export;
mod fmt;
mod import;
mod link;
mod lsp;
mod man;
mod open;
mod options;
mod pages;
mod run;
mod serve;
mod svg;
mod sweep;
mod tally;
mod verify;

use crate::stop::{Status, Stop};
use clap::{Parser, Subcommand};
use std::io::Write;

/// See, settle and share what page-table walkers may do to a kernel.
#[derive(Parser, Debug)]
#[command(name = "tlbscope", version, about, arg_required_else_help = true)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What to do; each command describes itself in its own file.
#[derive(Subcommand, Debug)]
pub enum Command {
    Check(check::Check),
    Completions(completions::Completions),
    Cost(cost::Cost),
    Doctor(doctor::Doctor),
    Embed(embed::Embed),
    Run(run::Run),
    Fmt(fmt::Fmt),
    Explain(explain::Explain),
    Export(export::Export),
    Import(import::Import),
    Link(link::Share),
    Lsp(lsp::Lsp),
    Man(man::Man),
    Open(open::Open),
    Options(options::Options),
    Pages(pages::Pages),
    Serve(serve::Serve),
    Svg(svg::Svg),
    Sweep(sweep::Sweep),
    Verify(verify::Verify),
}

impl Command {
    /// Does it; results go to `out`.
    ///
    /// # Errors
    /// If the input has errors, or the output can't be written.
    pub fn run(&self, out: &mut impl Write) -> Result<Status, Stop> {
        match self {
            Command::Check(check) => check.run(out),
            Command::Cost(cost) => cost.run(out),
            Command::Completions(completions) => completions.run(out),
            Command::Doctor(doctor) => doctor.run(out),
            Command::Embed(embed) => embed.run(out),
            Command::Run(run) => run.run(out),
            Command::Fmt(fmt) => fmt.run(out),
            Command::Explain(explain) => explain.run(out),
            Command::Export(export) => export.run(out),
            Command::Import(import) => import.run(out),
            Command::Link(link) => link.run(out),
            Command::Lsp(lsp) => lsp.run(out),
            Command::Man(man) => man.run(out),
            Command::Open(open) => open.run(out),
            Command::Options(options) => options.run(out),
            Command::Pages(pages) => pages.run(),
            Command::Serve(serve) => serve.run(out),
            Command::Svg(svg) => svg.run(out),
            Command::Sweep(sweep) => sweep.run(out),
            Command::Verify(verify) => verify.run(out),
        }
    }
}
