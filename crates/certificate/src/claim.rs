//! What a certificate claims, in lines that a person can read.

use crate::refusal::CertificateRefusal;
use explore::PropertySet;
use machine::{LABELLED, Property};
use std::fmt;

/// The first line of a certificate, with the version of its format.
pub(crate) const MAGIC: &str = "TLBscope certificate 1";

/// The line between what a person reads and the states.
pub(crate) const END: &str = "states follow";

/// What a certificate claims: of which machine, and what never shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// Which machine, as the writer of the certificate names it. The command line writes a link. One line.
    pub subject: String,
    /// The version of the model.
    pub model: u16,
    /// What never shows. Labelled properties have the numbers that the program gives them.
    pub never: PropertySet,
    /// Whether the states are saturated ones.
    pub saturated: bool,
    /// Whether a state stands for all that differ from it in the names of interchangeable CPUs.
    pub symmetry: bool,
}

impl fmt::Display for Claim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let yes = |is: bool| if is { "yes" } else { "no" };
        writeln!(f, "{MAGIC}\nsubject {}\nmodel {}", self.subject, self.model)?;
        write!(f, "never")?;
        let labelled = PropertySet(self.never.0 & LABELLED.0);
        for number in PropertySet(self.never.0 & !LABELLED.0).iter() {
            write!(f, " {}", Property::from_number(number).map_or("?", Property::name))?;
        }
        if labelled != PropertySet::NONE {
            write!(f, "\nlabelled")?;
            labelled.iter().try_for_each(|number| write!(f, " {number}"))?;
        }
        writeln!(f, "\nsaturated {}\nsymmetry {}\n{END}", yes(self.saturated), yes(self.symmetry))
    }
}

impl Claim {
    /// Reads a claim; what follows it.
    pub(crate) fn read(bytes: &[u8]) -> Result<(Claim, &[u8]), CertificateRefusal> {
        let rest = &mut &*bytes;
        let yes = |value: &str| match value {
            "yes" => Ok(true),
            "no" => Ok(false),
            _ => Err(CertificateRefusal::NoCertificate),
        };
        line(rest, MAGIC)?;
        let subject = line(rest, "subject")?.to_owned();
        let model = line(rest, "model")?.parse().map_err(|_| CertificateRefusal::NoCertificate)?;
        let never = line(rest, "never")?.split(' ').filter(|name| !name.is_empty()).try_fold(
            PropertySet::NONE,
            |all, name| {
                let known = Property::ALL.into_iter().find(|property| property.name() == name);
                known.map(|property| all | property.as_set()).ok_or(CertificateRefusal::NoCertificate)
            },
        )?;
        // A certificate of a text without labels has no such line.
        let numbers = if rest.starts_with(b"labelled ") { line(rest, "labelled")? } else { "" };
        let labelled = |number: &str| {
            let number = number.parse::<u8>().ok().filter(|&number| LABELLED.iter().any(|one| one == number));
            number.map(PropertySet::one).ok_or(CertificateRefusal::NoCertificate)
        };
        let never = numbers
            .split(' ')
            .filter(|number| !number.is_empty())
            .try_fold(never, |all, number| labelled(number).map(|one| all | one))?;
        let saturated = yes(line(rest, "saturated")?)?;
        let symmetry = yes(line(rest, "symmetry")?)?;
        line(rest, END)?;
        Ok((Claim { subject, model, never, saturated, symmetry }, *rest))
    }
}

/// What stands in the next line, behind its key.
fn line<'a>(rest: &mut &'a [u8], key: &'static str) -> Result<&'a str, CertificateRefusal> {
    let end = rest.iter().position(|&byte| byte == b'\n').ok_or(CertificateRefusal::NoCertificate)?;
    let (line, after) = rest.split_at(end);
    *rest = &after[1..];
    let line = std::str::from_utf8(line).map_err(|_| CertificateRefusal::NoCertificate)?;
    let value = line.strip_prefix(key).ok_or(CertificateRefusal::NoCertificate)?;
    Ok(value.trim_start_matches(' '))
}
