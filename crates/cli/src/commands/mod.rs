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
use clap::{CommandFactory, Parser, Subcommand};
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
    Check(check::CheckCommand),
    Run(run::RunCommand),
    Options(options::OptionsCommand),
    Explain(explain::ExplainCommand),
    Cost(cost::CostCommand),
    Sweep(sweep::SweepCommand),
    Verify(verify::VerifyCommand),
    Fmt(fmt::FmtCommand),
    Lsp(lsp::LspCommand),
    Link(link::LinkCommand),
    Open(open::OpenCommand),
    Svg(svg::SvgCommand),
    Export(export::ExportCommand),
    Import(import::ImportCommand),
    Embed(embed::EmbedCommand),
    Doctor(doctor::DoctorCommand),
    Pages(pages::PagesCommand),
    Serve(serve::ServeCommand),
    Completions(completions::CompletionsCommand),
    Man(man::ManCommand),
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
            Command::Completions(completions) => completions.run(Cli::command(), out),
            Command::Doctor(doctor) => doctor.run(out),
            Command::Embed(embed) => embed.run(out),
            Command::Run(run) => run.run(out),
            Command::Fmt(fmt) => fmt.run(out),
            Command::Explain(explain) => explain.run(out),
            Command::Export(export) => export.run(out),
            Command::Import(import) => import.run(out),
            Command::Link(link) => link.run(out),
            Command::Lsp(lsp) => lsp.run(out),
            Command::Man(man) => man.run(Cli::command(), out),
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
