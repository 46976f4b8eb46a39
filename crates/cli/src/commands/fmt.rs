//! `tlbscope fmt`: formats texts.

use crate::diagnostics::{self, Sources};
use crate::files;
use crate::stop::{Status, Stop};
use clap::Args;
use std::io::Write;
use std::path::Path;

/// Format texts in place. `-` reads standard input and prints the result.
///
/// Exit status: 0 all texts are formatted, 1 with --check a text is not formatted, 2 a text has errors.
#[derive(Args, Debug)]
pub struct Fmt {
    /// Files, or folders with .tlb files.
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<String>,
    /// Change nothing; print the names of the files that would change.
    #[arg(long)]
    check: bool,
}

impl Fmt {
    pub fn run(&self, out: &mut impl Write) -> Result<Status, Stop> {
        let mut status = Status::Fine;
        for path in &self.paths {
            if path == "-" {
                status = status.and(self.stdin(out)?);
                continue;
            }
            for file in files::texts(Path::new(path))? {
                status = status.and(self.file(&file, out)?);
            }
        }
        Ok(status)
    }

    fn stdin(&self, out: &mut impl Write) -> Result<Status, Stop> {
        let text = files::read_stdin()?;
        let Some(formatted) = formatted("standard input", &text) else { return Ok(Status::BadInput) };
        if self.check {
            return Ok(if formatted == text { Status::Fine } else { Status::Failed });
        }
        out.write_all(formatted.as_bytes())?;
        Ok(Status::Fine)
    }

    fn file(&self, file: &Path, out: &mut impl Write) -> Result<Status, Stop> {
        let text = files::read(file)?;
        let Some(formatted) = formatted(&files::shown(file), &text) else { return Ok(Status::BadInput) };
        if formatted == text {
            return Ok(Status::Fine);
        }
        writeln!(out, "{}", files::shown(file))?;
        if self.check {
            return Ok(Status::Failed);
        }
        files::replace(file, &formatted)?;
        Ok(Status::Fine)
    }
}

/// The text as it should look; nothing if it has errors, which are printed.
fn formatted(path: &str, text: &str) -> Option<String> {
    lang::format(text)
        .inspect_err(|found| {
            diagnostics::print(found, Sources { scenario: (path, text), kernel: (path, text) })
        })
        .ok()
}
