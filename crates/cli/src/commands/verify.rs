//! `tlbscope verify`: checks a certificate without a search.

use crate::setting::SettingArgs;
use crate::stop::{Status, Stop, tell};
use crate::subject::Subject;
use certificate::Certificate;
use clap::Args;
use explore::PropertySet;
use lang::program::Program;
use machine::{MODEL, VIOLATION, name_of, numbered};
use scene::grouped;
use std::fs::File;
use std::io::{self, IsTerminal, Read, Write};
use std::path::PathBuf;

/// States between two lines of progress.
const SLICE: usize = 100_000;

/// Verify a certificate that `check --certificate` wrote: take each step of each of its states, and check that it leads to
/// one of them.
///
/// Exit status: 0 the certificate proves what it claims, 1 it does not, 2 it can't be read.
#[derive(Args, Debug)]
pub struct VerifyCommand {
    /// The certificate.
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

impl VerifyCommand {
    pub fn run(&self, out: &mut impl Write) -> Result<Status, Stop> {
        let shown = crate::files::shown(&self.file);
        let refused = |why: String| Stop::Refused(format!("{shown}: {why}"));
        let bytes = self.bytes().map_err(|why| refused(format!("it can't be read: {why}")))?;
        let certificate = Certificate::read(&bytes).map_err(|refusal| refused(refusal.to_string()))?;
        drop(bytes);
        let claim = &certificate.claim;
        if claim.model != MODEL {
            return Err(refused(format!(
                "it is about model {}, and this version has model {MODEL}; write it anew with tlbscope check --certificate",
                claim.model
            )));
        }
        let setting = SettingArgs::default();
        let mut subject = Subject::load(&claim.subject, &setting)?;
        let variant = subject.variant(&setting)?;
        let watched = io::stderr().is_terminal();
        let verified = certificate.verify(&variant.machine, |states| {
            if watched && states.is_multiple_of(SLICE) {
                tell(format!("\r{} of {} states ...", of(states), of(certificate.states())));
            }
        });
        if watched && certificate.states() >= SLICE {
            tell("\r\x1b[K");
        }
        writeln!(out, "{}", scene::subject(&variant.machine))?;
        let verified = match verified {
            Ok(verified) => verified,
            Err(flaw) => {
                writeln!(out, "The certificate proves nothing: {flaw}.")?;
                return Ok(Status::Failed);
            }
        };
        let kind = if claim.saturated { "saturated states" } else { "states" };
        writeln!(
            out,
            "The certificate holds: {} {kind} with {} steps between them contain the initial state, and no step leads out of them.\n\
             Never: {}.\nWithin: {}.",
            of(verified.states),
            grouped(verified.steps),
            never(variant.machine.program(), claim.never),
            scene::bounds(&variant.machine, false),
        )?;
        Ok(Status::Fine)
    }
}

impl VerifyCommand {
    /// The content of the file. Of a file that is too large, or that does not begin as a certificate, no more than the head is
    /// read.
    fn bytes(&self) -> io::Result<Vec<u8>> {
        let mut file = File::open(&self.file)?;
        let mut bytes = Vec::new();
        Read::by_ref(&mut file).take(Certificate::HEAD).read_to_end(&mut bytes)?;
        let known = file.metadata()?.len();
        if Certificate::begins(&bytes) && known <= Certificate::MOST_FILE {
            file.take(Certificate::MOST_FILE).read_to_end(&mut bytes)?;
        } else if known > Certificate::MOST_FILE {
            return Err(io::Error::other(certificate::CertificateRefusal::TooLarge));
        }
        Ok(bytes)
    }
}

fn of(count: usize) -> String {
    grouped(count as u64)
}

/// The properties by name, all violations in one word.
fn never(program: &Program, never: PropertySet) -> String {
    let mut names = Vec::new();
    let mut rest = never;
    if never.contains(VIOLATION) {
        names.push("violation".to_owned());
        // A label's check shows what the check without a label shows.
        let under =
            |number| numbered(program, number).is_some_and(|found| VIOLATION.contains(found.as_set()));
        rest = rest
            .iter()
            .filter(|&number| !under(number))
            .map(PropertySet::one)
            .fold(PropertySet::NONE, |all, one| all | one);
    }
    names.extend(rest.iter().filter_map(|number| name_of(program, number)));
    if names.is_empty() { "nothing".to_owned() } else { names.join(", ") }
}
