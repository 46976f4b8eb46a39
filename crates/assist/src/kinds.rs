//! The kind of each word as it looks. The lexer knows words of the language; where such a word is a name, it looks like one: a variable
//! `page`, a field `pcid`, a choice `never`.

use crate::names::{Names, Symbol};
use crate::scan::Role;
use lang::TokenKind;
use lang::source::{SourceId, Span};

/// The tokens of a text, comments among them, each with the kind that it looks like.
#[must_use]
pub fn kinds(text: &str) -> Vec<(Span, TokenKind)> {
    let mut tokens = lang::tokens(text);
    for name in names(text) {
        if let Ok(at) = tokens.binary_search_by_key(&name.start, |token| token.0.start) {
            tokens[at].1 = TokenKind::Name;
        }
    }
    tokens
}

/// The places at which a word of the language is a name.
#[must_use]
pub fn names(text: &str) -> Vec<Span> {
    let names = Names::new(text, "");
    let scan = names.scan(SourceId::SCENARIO);
    let is_name = |at: usize| match scan.marks[at].role {
        Role::Field | Role::Slot | Role::Declares(_) => true,
        Role::Value | Role::Call | Role::Choice | Role::Outcome | Role::Option | Role::Setting => {
            match names.symbol(SourceId::SCENARIO, at) {
                None => false,
                // Every option may have these two.
                Some(Symbol::Word(Role::Choice, word)) => !matches!(word, "on" | "off"),
                Some(symbol) => !matches!(symbol, Symbol::Word(..)),
            }
        }
        _ => false,
    };
    let known = |kind| matches!(kind, TokenKind::Keyword | TokenKind::Type | TokenKind::Builtin);
    let word = |at: &usize| known(scan.tokens[scan.marks[*at].token].kind);
    (0..scan.marks.len()).filter(word).filter(|&at| is_name(at)).map(|at| scan.marks[at].span).collect()
}
