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

/// What `tlbscope help` ends with.
const EXAMPLE: &str = "\
Begin with:
  tlbscope check lazy+munmap
  tlbscope run lazy+munmap --witness violation
  tlbscope explain H13";

/// Find TLB bugs in operating-system kernels: try every interleaving on a model of x86, and print a shortest run to each
/// violation.
#[derive(Parser, Debug)]
#[command(name = "tlbscope", version, arg_required_else_help = true, after_help = EXAMPLE)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What to do; each command describes itself in its own file. `tlbscope help` lists the commands in this order.
#[derive(Subcommand, Debug)]
pub enum Command {
    Check(check::Check),
    Run(run::Run),
    Options(options::Options),
    Explain(explain::Explain),
    Cost(cost::Cost),
    Sweep(sweep::Sweep),
    Verify(verify::Verify),
    Fmt(fmt::Fmt),
    Lsp(lsp::Lsp),
    Link(link::Share),
    Open(open::Open),
    Svg(svg::Svg),
    Export(export::Export),
    Import(import::Import),
    Embed(embed::Embed),
    Doctor(doctor::Doctor),
    Pages(pages::Pages),
    Serve(serve::Serve),
    Completions(completions::Completions),
    Man(man::Man),
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
