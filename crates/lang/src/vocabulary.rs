//! The words of the language, by the places of the grammar where they stand: for completion, and for what an editor says
//! about a word.
//!
//! The lists are those that parser and checker use. This module only gives them out.

use crate::check::builtin::{self, Allowed, Meaning};
use crate::check::constant;
use crate::parse::{kernel, scenario, workload};
use crate::program::Type;
use crate::syntax::token;
use crate::tokens::word_kind;
use crate::{TokenKind, check, property};

/// A position in the grammar that has words of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Position {
    /// An item of a kernel begins.
    Kernel,
    /// An item of a scenario begins.
    Scenario,
    /// An item of a case begins.
    Case,
    /// A line of the machine begins.
    Machine,
    /// Behind the page of a mapping.
    Mapping,
    /// A statement begins.
    Statement,
    /// Behind the head of a `sys` function and `then`.
    Then,
    /// Behind `expect`.
    Observation,
    /// Behind the handler of an `ipi` statement.
    Send,
    /// An item of a workload begins.
    Workload,
    /// Inside a part of a workload.
    Load,
    /// A type.
    Type,
}

/// The words of a position.
#[must_use]
pub fn words(place: Position) -> Vec<&'static str> {
    let words = match place {
        Position::Kernel => beginnings(kernel::ITEMS),
        Position::Scenario => beginnings(scenario::ITEMS),
        Position::Case => scenario::CASE_ITEMS,
        Position::Machine => check::machine::KEYS,
        Position::Mapping => scenario::MAPPING,
        Position::Statement => &["let", "if", "else", "while", "for", "until", "ipi", "wait_ipis", "return"],
        Position::Then => &["user", "kernel", "kthread", "idle"],
        Position::Observation => return scenario::OBSERVATIONS.iter().map(|(word, _)| *word).collect(),
        Position::Send => &["to", "by", "llist_add", "and", "wait"],
        Position::Workload => workload::ITEMS,
        Position::Load => &["takes", "touches", "every", "sleep", "maybe"],
        Position::Type => token::TYPES,
    };
    words.to_vec()
}

/// The parser goes on at the beginning of the next text too.
fn beginnings(items: &'static [&'static str]) -> &'static [&'static str] {
    let texts = items.iter().position(|word| *word == "kernel");
    &items[..texts.unwrap_or(items.len())]
}

/// Names of properties and of groups of properties.
#[must_use]
pub fn properties() -> Vec<&'static str> {
    property::names().collect()
}

/// The words that a line of the machine may have as its value; none where it is a number.
#[must_use]
pub fn machine_values(key: &str) -> &'static [&'static str] {
    check::machine::values(key)
}

/// Words that an instruction takes by name: which level of page tables, and whether a CR3 write flushes.
#[must_use]
pub fn instruction_words() -> Vec<&'static str> {
    let mut words: Vec<&'static str> = builtin::LEVELS.iter().map(|(word, _)| *word).collect();
    words.extend(["noflush", "flush"]);
    words
}

/// The words that the lexer gives a kind of their own: keywords, types, built-in names. Other kinds have no words.
#[must_use]
pub fn words_of(kind: TokenKind) -> Vec<&'static str> {
    let reserved = token::RESERVED.iter().copied();
    let written = reserved.chain(token::keywords()).chain(token::TYPES.iter().copied());
    let mut words: Vec<&'static str> = Vec::new();
    for word in written.chain(crate::builtin_names()).filter(|word| word_kind(word) == kind) {
        if !words.contains(&word) {
            words.push(word);
        }
    }
    words
}

/// The signs, longest first.
#[must_use]
pub fn signs() -> Vec<&'static str> {
    token::SIGNS.iter().map(|(sign, _)| *sign).collect()
}

/// Where a built-in function may be called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Caller {
    /// Anywhere.
    Anyone,
    /// The kernel's functions.
    Kernel,
    /// Invariants.
    Invariant,
}

/// A built-in function or constant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Builtin {
    /// Its name.
    pub name: &'static str,
    /// How a function is called: `write_cr3(frame, pcid [, noflush|flush])`; nothing for a constant.
    pub usage: Option<String>,
    /// The type of its value, if the name alone determines it.
    pub gives: Option<&'static str>,
    /// Who may use it.
    pub caller: Caller,
}

/// The built-in function or constant of a name.
#[must_use]
pub fn builtin(name: &str) -> Option<Builtin> {
    if let Some(function) = builtin::function(name) {
        let gives = match function.meaning {
            Meaning::Value(ty, _) => Some(ty),
            Meaning::Try(_) => Some(Type::Bool),
            Meaning::Entry => Some(Type::Pte),
            _ => None,
        };
        let caller = match function.allowed {
            Allowed::Everywhere => Caller::Anyone,
            Allowed::Kernel => Caller::Kernel,
            Allowed::Invariant => Caller::Invariant,
        };
        let usage = Some(function.usage());
        return Some(Builtin { name: function.name, usage, gives: gives.map(Type::name), caller });
    }
    let name = constant::constants().find(|constant| *constant == name)?;
    let gives = match name {
        "cpu" => Some(Type::Cpu),
        _ => constant::constant(name, &crate::program::MachineSpec::default()).map(|(ty, _)| ty),
    };
    Some(Builtin { name, usage: None, gives: gives.map(Type::name), caller: Caller::Anyone })
}

#[cfg(test)]
mod tests {
    use super::{Position, builtin, machine_values, words};
    use crate::{Selection, builtin_names, compile};

    #[test]
    fn every_built_in_name_is_known() {
        for name in builtin_names() {
            assert_eq!(builtin(name).map(|found| found.name), Some(name));
        }
        assert_eq!(builtin("nothing"), None);
        let cr3 = builtin("write_cr3").and_then(|found| found.usage);
        assert_eq!(cr3.as_deref(), Some("write_cr3(frame, pcid [, noflush|flush])"));
    }

    /// What is offered as a value of the machine compiles.
    #[test]
    fn a_machine_takes_the_values_that_are_offered() {
        let mut values = 0;
        for key in words(Position::Machine) {
            for value in machine_values(key) {
                let text = format!(
                    "scenario \"s\" {{ use kernel \"k\" machine {{ {key} {value}; }} cpu 0 {{ }} expect never violation; }}"
                );
                let found = compile(&text, &[("k", "kernel \"k\" { }")], &Selection::default());
                assert!(!found.failed(), "{key} {value}: {:?}", found.diagnostics);
                values += 1;
            }
        }
        assert!(values > 20, "{values}");
    }

    /// What is offered as the beginning of an item is understood as one: no message says that no item begins so.
    #[test]
    fn items_begin_with_the_words_that_are_offered() {
        for (place, head) in [(Position::Kernel, "kernel"), (Position::Scenario, "scenario")] {
            for word in words(place) {
                let (_, found) =
                    crate::tree(&format!("{head} \"x\" {{ {word} ; }}"), crate::source::SourceId::SCENARIO);
                let unknown = found.iter().any(|told| told.message.starts_with("expected an item of"));
                assert!(!unknown, "{word}: {found:?}");
            }
        }
    }
}
