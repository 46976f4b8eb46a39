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
    Check(check::CheckCommand),
    Completions(completions::CompletionsCommand),
    Cost(cost::CostCommand),
    Doctor(doctor::DoctorCommand),
    Embed(embed::EmbedCommand),
    Run(run::RunCommand),
    Fmt(fmt::FmtCommand),
    Explain(explain::ExplainCommand),
    Export(export::ExportCommand),
    Import(import::ImportCommand),
    Link(link::LinkCommand),
    Lsp(lsp::LspCommand),
    Man(man::ManCommand),
    Open(open::OpenCommand),
    Options(options::OptionsCommand),
    Pages(pages::PagesCommand),
    Serve(serve::ServeCommand),
    Svg(svg::SvgCommand),
    Sweep(sweep::SweepCommand),
    Verify(verify::VerifyCommand),
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
