//! Reads the tokens of a text one by one, and knows at each which blocks and items are open.

use super::parts::{Block, Item, Mark, Scan, Token};
use super::role::{Declared, Role};
use super::room::Room;
use super::word;
use lang::TokenKind;
use lang::source::Span;
use lang::vocabulary;

/// An open block.
#[derive(Clone, Copy)]
struct Frame {
    block: usize,
    /// The item that is being read.
    item: Option<usize>,
}

struct Scanner<'a> {
    scan: Scan<'a>,
    frames: Vec<Frame>,
    /// Marks of locals that are known in the next block of statements: parameters and variables of loops.
    waiting: Vec<usize>,
}

impl<'a> Scan<'a> {
    /// Reads a text.
    pub(crate) fn new(text: &'a str) -> Scan<'a> {
        let mut scan = Scan { text, ..Scan::default() };
        for (span, kind) in lang::tokens(text) {
            match kind {
                TokenKind::Comment => scan.comments.push(span),
                TokenKind::Unknown => {}
                _ => scan.tokens.push(Token { span, kind }),
            }
        }
        let end = u32::try_from(text.len()).unwrap_or(u32::MAX);
        let inside = Span { start: 0, end };
        scan.blocks.push(Block { room: Room::Top, inside, item: 0, parent: 0 });
        let mut scanner = Scanner { scan, frames: vec![Frame { block: 0, item: None }], waiting: Vec::new() };
        for at in 0..scanner.scan.tokens.len() {
            scanner.token(at);
        }
        while scanner.frames.len() > 1 {
            scanner.close(end);
        }
        scanner.end_item(end);
        scanner.scan
    }
}

impl Scanner<'_> {
    fn frame(&mut self) -> &mut Frame {
        if self.frames.is_empty() {
            self.frames.push(Frame { block: 0, item: None });
        }
        let last = self.frames.len() - 1;
        &mut self.frames[last]
    }

    fn room(&mut self) -> Room {
        let block = self.frame().block;
        self.scan.blocks[block].room
    }

    fn token(&mut self, at: usize) {
        let Token { span, kind } = self.scan.tokens[at];
        let word = self.scan.word(at);
        if matches!(kind, TokenKind::Keyword | TokenKind::Name | TokenKind::Type)
            && let Some(column) = self.scan.line_begins(at)
        {
            self.recover(at, word, column);
        }
        match word {
            "{" => return self.open(at),
            "}" => return self.close_by(span),
            ";" => return self.end_item(span.end),
            _ => {}
        }
        let item = self.item(at);
        let block = self.frame().block;
        let role = word::role(&self.scan, at, block, item);
        let Some(role) = role else { return };
        self.scan.marks.push(Mark { span, role, block, item, token: at });
        let mark = self.scan.marks.len() - 1;
        if role == Role::Declares(Declared::Param) || (role.is_local() && self.scan.head(item) == "for") {
            self.waiting.push(mark);
        }
        if self.ends_here(at, kind, item) {
            self.end_item(span.end);
        }
    }

    /// The item at the cursor, which begins here if none is being read. A set belongs to the item around it.
    fn item(&mut self, at: usize) -> usize {
        if let Some(item) = self.frame().item {
            return item;
        }
        let block = self.frame().block;
        if self.scan.blocks[block].room == Room::Set {
            return self.scan.blocks[block].item;
        }
        let span = self.scan.tokens[at].span;
        self.scan.items.push(Item { block, head: at, span });
        let item = self.scan.items.len() - 1;
        self.frame().item = Some(item);
        item
    }

    /// Items that end with a string need no semicolon.
    fn ends_here(&mut self, at: usize, kind: TokenKind, item: usize) -> bool {
        if kind != TokenKind::Text
            || !matches!(self.room(), Room::Kernel | Room::Scenario | Room::Case | Room::Costs)
        {
            return false;
        }
        match self.scan.head(item) {
            "about" | "claim" | "cite" | "option" => true,
            "use" => self.scan.word(at + 1) != "with",
            _ => false,
        }
    }

    fn end_item(&mut self, end: u32) {
        // A set that is not closed ends with its statement.
        while self.frames.len() > 1 && self.room() == Room::Set {
            self.close(end);
        }
        if let Some(item) = self.frame().item.take() {
            let span = &mut self.scan.items[item].span;
            span.end = span.end.max(end);
        }
    }

    fn open(&mut self, at: usize) {
        let item = self.item(at);
        let parent = self.frame().block;
        let outer = self.scan.blocks[parent].room;
        let room = room_of(&self.scan, at, outer, item);
        let start = self.scan.tokens[at].span.end;
        let end = self.scan.blocks[0].inside.end;
        self.scan.blocks.push(Block { room, inside: Span { start, end }, item, parent });
        let block = self.scan.blocks.len() - 1;
        self.frames.push(Frame { block, item: None });
        if room == Room::Body {
            for mark in std::mem::take(&mut self.waiting) {
                self.scan.marks[mark].block = block;
            }
        }
    }

    fn close_by(&mut self, brace: Span) {
        if self.frames.len() < 2 {
            return self.end_item(brace.end);
        }
        let room = self.room();
        if room != Room::Set {
            self.end_item(brace.start);
        }
        self.close(brace.start);
        if room != Room::Set {
            self.end_item(brace.end);
        }
    }

    /// Closes the innermost block.
    fn close(&mut self, end: u32) {
        let Some(frame) = self.frames.pop() else { return };
        if let Some(item) = frame.item {
            let span = &mut self.scan.items[item].span;
            span.end = span.end.max(end);
        }
        let inside = &mut self.scan.blocks[frame.block].inside;
        inside.end = end.max(inside.start);
    }

    /// A word at the beginning of a line may show that something before it was not closed.
    fn recover(&mut self, at: usize, word: &str, column: usize) {
        let start = self.scan.tokens[at].span.start;
        let text_follows = self.scan.tokens.get(at + 1).is_some_and(|next| next.kind == TokenKind::Text);
        if matches!(word, "kernel" | "scenario" | "costs") && text_follows && column == 0 {
            while self.frames.len() > 1 {
                self.close(start);
            }
            return self.end_item(start);
        }
        let statement = matches!(word, "let" | "if" | "while" | "for" | "return" | "until" | "wait_ipis");
        if statement && matches!(self.room(), Room::Body | Room::Set) && self.scan.before(at) != "else" {
            self.end_item(start);
        }
        for depth in (0..self.frames.len()).rev() {
            let frame = self.frames[depth];
            let room = self.scan.blocks[frame.block].room;
            let (Some(item), true) = (frame.item, room.has_items()) else { continue };
            let begins = room.place().is_some_and(|place| vocabulary::words(place).contains(&word));
            if begins && column <= self.scan.column(self.scan.items[item].head) {
                while self.frames.len() > depth + 1 {
                    self.close(start);
                }
                return self.end_item(start);
            }
        }
    }
}

/// What the block holds that opens at a token.
fn room_of(scan: &Scan<'_>, at: usize, outer: Room, item: usize) -> Room {
    let before = at.checked_sub(1).map(|before| scan.tokens[before]);
    let word = scan.before(at);
    if word == "with" {
        return Room::With;
    }
    let operand = match before.map(|token| token.kind) {
        Some(TokenKind::Punctuation) => !matches!(word, ")" | "]" | "{" | "}" | ";" | ":" | "." | "->"),
        Some(_) => matches!(word, "in" | "return" | "to" | "until" | "if" | "while" | "step"),
        None => false,
    };
    if operand || outer == Room::Set {
        return Room::Set;
    }
    match (outer, scan.head(item)) {
        (Room::Top, "kernel") => Room::Kernel,
        (Room::Top, "scenario") => Room::Scenario,
        (Room::Top, "costs") => Room::Costs,
        (Room::Kernel, "global" | "mm" | "percpu") => Room::Group,
        (Room::Scenario | Room::Case, "machine") => Room::Machine,
        (Room::Scenario | Room::Case, "mm") => Room::Mm,
        (Room::Scenario | Room::Case, "setup") => Room::Setup,
        (Room::Scenario, "case") => Room::Case,
        (Room::Scenario, "workload") => Room::Workload,
        (Room::Workload, _) => Room::Load,
        _ => Room::Body,
    }
}
