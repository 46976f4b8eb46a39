//! `tlbscope man`: the manual, in the form that `man` shows.

use crate::files;
use crate::stop::{Status, Stop};
use clap::{Args, Command};
use clap_mangen::Man as Page;
use std::io::Write;
use std::path::PathBuf;

/// Print a page of the manual. To read it: tlbscope man svg | man -l -
#[derive(Args, Debug)]
pub struct ManCommand {
    /// The command that it is about. [default: tlbscope as a whole]
    #[arg(value_name = "COMMAND")]
    command: Option<String>,
    /// Write all pages into this folder, each to a file: tlbscope.1, tlbscope-svg.1 and so on.
    #[arg(long, value_name = "FOLDER", conflicts_with = "command")]
    all: Option<PathBuf>,
}

impl ManCommand {
    /// `whole` is the command line that the manual is about.
    pub fn run(&self, whole: Command, out: &mut impl Write) -> Result<Status, Stop> {
        let pages = pages(whole);
        if let Some(folder) = &self.all {
            for (name, page) in pages {
                files::put(&folder.join(format!("{name}.1")), &written(page)?)?;
            }
            return Ok(Status::Fine);
        }
        let name = match &self.command {
            Some(command) => format!("tlbscope-{command}"),
            None => "tlbscope".to_owned(),
        };
        let names: Vec<String> =
            pages.iter().filter_map(|page| page.0.strip_prefix("tlbscope-")).map(str::to_owned).collect();
        let page = pages.into_iter().find(|page| page.0 == name).map(|page| page.1);
        let page = page.ok_or_else(|| {
            Stop::Refused(format!("there is no such command; there are {}", names.join(", ")))
        })?;
        out.write_all(written(page)?.as_bytes())?;
        Ok(Status::Fine)
    }
}

/// The whole program, and each of its commands: names of pages, and what they are about.
fn pages(mut whole: Command) -> Vec<(String, Command)> {
    whole.build();
    let command = |command: &Command| {
        let name = format!("tlbscope-{}", command.get_name());
        let usage = format!("tlbscope {}", command.get_name());
        (name, command.clone().bin_name(usage).version(env!("CARGO_PKG_VERSION")))
    };
    let commands: Vec<(String, Command)> =
        whole.get_subcommands().filter(|command| command.get_name() != "help").map(command).collect();
    std::iter::once(("tlbscope".to_owned(), whole)).chain(commands).collect()
}

fn written(page: Command) -> Result<String, Stop> {
    let mut bytes = Vec::new();
    Page::new(page).render(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
