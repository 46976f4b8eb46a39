//! Names: registers of x86, and the locations of a test as variables of the kernel "litmus".

use crate::LOCATIONS;
use crate::cursor::{Piece, Wrong, is_name};
use crate::sections::Architecture;

/// The general registers, by the letters that all their names have; and those that only 64 bits have.
const OLD: [&str; 8] = ["ax", "bx", "cx", "dx", "si", "di", "bp", "sp"];
const NEW: [&str; 8] = ["r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15"];

/// How wide an operand is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Width {
    /// 32 bits.
    Long,
    /// 64 bits.
    Quad,
}

/// A register by a name of it, with or without %: as a local of a block, and how wide it is by that name. An error in words
/// if it is a register that we don't have.
pub(crate) fn register(word: &str, architecture: Architecture) -> Option<Result<(String, Width), String>> {
    let name = word.trim_start_matches('%').to_ascii_lowercase();
    let local = |core: &str| match architecture {
        Architecture::X86 => format!("E{}", core.to_ascii_uppercase()),
        Architecture::X8664 => format!("r{core}"),
    };
    let rest = name.get(1..).unwrap_or("");
    if let Some(core) = OLD.iter().find(|core| **core == rest) {
        match (name.as_bytes()[0], architecture) {
            (b'e', _) => return Some(Ok((local(core), Width::Long))),
            (b'r', Architecture::X8664) => return Some(Ok((local(core), Width::Quad))),
            (b'r', Architecture::X86) => return Some(Err(format!("X86 has no register {word}"))),
            _ => {}
        }
    }
    let new = name.strip_suffix('d').filter(|core| NEW.contains(core));
    match (new, architecture) {
        (Some(core), Architecture::X8664) => return Some(Ok((core.to_owned(), Width::Long))),
        (None, Architecture::X8664) if NEW.contains(&name.as_str()) => return Some(Ok((name, Width::Quad))),
        _ => {}
    }
    let narrow = ["al", "ah", "bl", "bh", "cl", "ch", "dl", "dh"];
    if OLD.contains(&name.as_str()) || narrow.contains(&name.as_str()) {
        return Some(Err(format!("{word} is a part of a register: only 32 and 64 bits can be read")));
    }
    None
}

/// The locations of a test, and the variables that they are.
#[derive(Debug, Default)]
pub(crate) struct Locations {
    names: Vec<(String, &'static str)>,
}

impl Locations {
    /// Takes note of a location. Those that have the name of a variable are that variable.
    pub(crate) fn variable(&mut self, name: Piece<'_>) -> Result<&'static str, Wrong> {
        if !is_name(name.text) {
            return name.wrong(format!("expected a location, found {:?}", name.text));
        }
        if let Some((_, variable)) = self.names.iter().find(|known| known.0 == name.text) {
            return Ok(variable);
        }
        let taken = |variable: &&&str| self.names.iter().any(|known| known.1 == **variable);
        let same = LOCATIONS.iter().find(|variable| **variable == name.text).filter(|same| !taken(same));
        // Others take the names that are least often asked for.
        let other = || LOCATIONS.iter().rev().find(|variable| !taken(variable));
        let Some(variable) = same.or_else(other) else {
            return name.wrong(format!("more than {} locations", LOCATIONS.len()));
        };
        self.names.push((name.text.to_owned(), variable));
        Ok(variable)
    }

    /// Those that have another name as a variable.
    pub(crate) fn renamed(&self) -> impl Iterator<Item = (&str, &'static str)> {
        self.names.iter().filter(|known| known.0 != known.1).map(|known| (known.0.as_str(), known.1))
    }
}
