//! What a certificate claims, in lines that a person can read.

use crate::read::Refusal;
use explore::PropertySet;
use machine::Property;
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
    /// What never shows.
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
        for number in self.never.iter() {
            write!(f, " {}", Property::from_number(number).map_or("?", Property::name))?;
        }
        writeln!(f, "\nsaturated {}\nsymmetry {}\n{END}", yes(self.saturated), yes(self.symmetry))
    }
}

impl Claim {
    /// Reads a claim; what follows it.
    pub(crate) fn read(bytes: &[u8]) -> Result<(Claim, &[u8]), Refusal> {
        let mut rest = bytes;
        let mut line = |key: &'static str| -> Result<&str, Refusal> {
            let end = rest.iter().position(|&byte| byte == b'\n').ok_or(Refusal::NoCertificate)?;
            let (line, after) = rest.split_at(end);
            rest = &after[1..];
            let line = std::str::from_utf8(line).map_err(|_| Refusal::NoCertificate)?;
            let value = line.strip_prefix(key).ok_or(Refusal::NoCertificate)?;
            Ok(value.trim_start_matches(' '))
        };
        let yes = |value: &str| match value {
            "yes" => Ok(true),
            "no" => Ok(false),
            _ => Err(Refusal::NoCertificate),
        };
        line(MAGIC)?;
        let subject = line("subject")?.to_owned();
        let model = line("model")?.parse().map_err(|_| Refusal::NoCertificate)?;
        let never = line("never")?.split(' ').filter(|name| !name.is_empty()).try_fold(
            PropertySet::NONE,
            |all, name| {
                let known = Property::ALL.into_iter().find(|property| property.name() == name);
                known.map(|property| all | property.as_set()).ok_or(Refusal::NoCertificate)
            },
        )?;
        let saturated = yes(line("saturated")?)?;
        let symmetry = yes(line("symmetry")?)?;
        line(END)?;
        Ok((Claim { subject, model, never, saturated, symmetry }, rest))
    }
}
