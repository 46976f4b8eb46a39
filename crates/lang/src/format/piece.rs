//! What the formatter knows of each word.

use crate::source::Span;
use crate::syntax::token::Tok;

/// A token or comment with what the formatter needs to know about it.
#[derive(Clone, Debug)]
pub(crate) struct Piece<'a> {
    pub(crate) word: &'a str,
    pub(crate) tok: Tok,
    pub(crate) role: PieceRole,
    /// Its column in the text as it was.
    pub(crate) column: usize,
    pub(crate) span: Span,
    /// It begins a line.
    pub(crate) breaks: bool,
    /// A blank line stands before it.
    pub(crate) blank: bool,
}

/// The role of a piece between its neighbours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PieceRole {
    Plain,
    Comment,
    /// A sign before its operand: `-`, `!`, `~`.
    Prefix,
    BlockOpen,
    BlockClose,
    SetOpen,
    SetClose,
}
