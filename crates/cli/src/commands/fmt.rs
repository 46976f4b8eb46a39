//! `tlbscope fmt`: formats texts.

use crate::diagnostics::{self, NamedTexts, Printed};
use crate::files;
use crate::stop::{Status, Stop, tell};
use clap::Args;
use lang::Whole;
use std::io::Write;
use std::path::Path;

/// Format texts in place. `-` reads standard input and prints the result.
///
/// Exit status: 0 all texts are formatted, 1 with --check a text is not formatted, 2 a text has errors.
#[derive(Args, Debug)]
pub struct FmtCommand {
    /// Files, or folders with .tlb files. In a folder, what is hidden and what is a repository of its own is left out.
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<String>,
    /// Change nothing; print the names of the files that would change.
    #[arg(long)]
    check: bool,
}

/// A text that can't be read is reported, and the others are formatted all the same.
fn going_on(done: Result<Status, Stop>) -> Result<Status, Stop> {
    match done {
        Err(Stop::Refused(sentence)) => {
            tell(format!("tlbscope: {}\n", lang::legible(&sentence)));
            Ok(Status::BadInput)
        }
        Err(Stop::Told) => Ok(Status::BadInput),
        other => other,
    }
}

impl FmtCommand {
    pub fn run(&self, out: &mut impl Write) -> Result<Status, Stop> {
        files::stdin_once(&self.paths)?;
        let mut status = Status::Fine;
        for path in &self.paths {
            if path == "-" {
                status = status.and(going_on(self.stdin(out))?);
                continue;
            }
            match files::texts(Path::new(path)) {
                Ok(files) => {
                    for file in files {
                        status = status.and(going_on(self.file(&file, out))?);
                    }
                }
                Err(stop) => status = status.and(going_on(Err(stop))?),
            }
        }
        Ok(status)
    }

    fn stdin(&self, out: &mut impl Write) -> Result<Status, Stop> {
        let text = files::read_stdin()?;
        let Some(formatted) = formatted("standard input", &text) else { return Ok(Status::BadInput) };
        if self.check {
            if formatted == text {
                return Ok(Status::Fine);
            }
            writeln!(out, "standard input")?;
            return Ok(Status::Failed);
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
            let nothing: [(&str, &str); 0] = [];
            let kernel = Whole::new("", &nothing);
            let sources = NamedTexts { scenario: (path, text), kernel: &kernel, paths: &[] };
            diagnostics::print(found, sources, &mut Printed::default());
        })
        .ok()
}
