//! The parts of a text: its words with what each is for, its blocks, its items. All of them are places of the text.

use super::role::Role;
use super::room::Room;
use lang::TokenKind;
use lang::source::Span;

/// A token that is no comment.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Token {
    pub(crate) span: Span,
    pub(crate) kind: TokenKind,
}

/// A word or a string with what it is for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Mark {
    pub(crate) span: Span,
    pub(crate) role: Role,
    /// The block that it stands in; that in which it is known, if it declares a local.
    pub(crate) block: usize,
    pub(crate) item: usize,
    /// Its number among the tokens.
    pub(crate) token: usize,
}

/// `{ ... }`
#[derive(Clone, Copy, Debug)]
pub(crate) struct Block {
    pub(crate) room: Room,
    /// From behind the opening brace to the closing one.
    pub(crate) inside: Span,
    /// The item that it belongs to.
    pub(crate) item: usize,
    /// The block around it.
    pub(crate) parent: usize,
}

/// An item or a statement.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Item {
    /// The block that it stands in.
    pub(crate) block: usize,
    /// Its first token.
    pub(crate) head: usize,
    pub(crate) span: Span,
}

/// What has been read of a text.
#[derive(Debug, Default)]
pub(crate) struct Scan<'a> {
    pub(crate) text: &'a str,
    pub(crate) tokens: Vec<Token>,
    pub(crate) comments: Vec<Span>,
    /// In the order of the text.
    pub(crate) marks: Vec<Mark>,
    /// The first is the whole text.
    pub(crate) blocks: Vec<Block>,
    pub(crate) items: Vec<Item>,
}

impl<'a> Scan<'a> {
    /// What a token is in the text.
    pub(crate) fn word(&self, token: usize) -> &'a str {
        self.tokens.get(token).map_or("", |token| token.span.of(self.text))
    }

    /// The token before another, "" for none.
    pub(crate) fn before(&self, token: usize) -> &'a str {
        token.checked_sub(1).map_or("", |before| self.word(before))
    }

    /// The first word of an item.
    pub(crate) fn head(&self, item: usize) -> &'a str {
        self.items.get(item).map_or("", |item| self.word(item.head))
    }

    /// The innermost block around a place.
    pub(crate) fn block_at(&self, at: u32) -> usize {
        let inside = |block: &Block| block.inside.start <= at && at <= block.inside.end;
        self.blocks.iter().rposition(inside).unwrap_or(0)
    }

    /// The innermost of the blocks around one that has a property.
    pub(crate) fn around(&self, mut block: usize, wanted: impl Fn(Room) -> bool) -> Option<usize> {
        loop {
            if wanted(self.blocks[block].room) {
                return Some(block);
            }
            if block == 0 {
                return None;
            }
            block = self.blocks[block].parent;
        }
    }

    /// The mark that a place touches: its word stands around the place, or ends there.
    pub(crate) fn mark_at(&self, at: u32) -> Option<usize> {
        let after = self.marks.partition_point(|mark| mark.span.start <= at);
        let mark = after.checked_sub(1)?;
        (at <= self.marks[mark].span.end).then_some(mark)
    }

    /// Whether a token is the first one of its line, and its column there.
    pub(super) fn line_begins(&self, at: usize) -> Option<usize> {
        let start = self.tokens[at].span.start as usize;
        let line = self.text.get(..start)?.rfind('\n').map_or(0, |n| n + 1);
        self.text[line..start].trim().is_empty().then_some(start - line)
    }

    /// How many bytes stand before a token in its line.
    pub(super) fn column(&self, token: usize) -> usize {
        let start = self.tokens.get(token).map_or(0, |token| token.span.start as usize);
        start - self.text.get(..start).and_then(|before| before.rfind('\n')).map_or(0, |n| n + 1)
    }
}
