//! The formatter. It changes blanks and nothing else.
//!
//! The author chooses where a line ends, as on a whiteboard: a short function may stay on one line. Only a block
//! that spans lines gets its braces at line ends. Everything else follows: four blanks per level, one blank between
//! words, and columns where neighbouring lines are alike (options, variables, one-line functions). A comment behind
//! code keeps its column if it can. Formatting twice changes nothing.

mod line;
mod piece;

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::format::line::{Line, align, spaced};
use crate::format::piece::{Piece, PieceRole};
use crate::parse::parse_with_starts;
use crate::source::{SourceId, Span};
use crate::syntax::lex::lex;
use crate::syntax::token::{OPERAND_WORDS, Tok};

/// Formats a text. A text with syntax errors is refused with its diagnostics.
pub fn format(text: &str) -> Result<String, Vec<Diagnostic>> {
    let mut out = Diagnostics::default();
    let (_, starts) = parse_with_starts(text, SourceId::SCENARIO, &mut out);
    if out.failed() {
        return Err(out.finish());
    }
    let mut lines = Vec::new();
    let pieces = pieces(text);
    let mut indenter = Indenter { starts, open: Vec::new() };
    let mut at = 0;
    while at < pieces.len() {
        let end = (at + 1..pieces.len()).find(|&n| pieces[n].breaks).unwrap_or(pieces.len());
        let line = &pieces[at..end];
        let indent = indenter.indent(line);
        let after_open = lines.last().is_some_and(|l: &Line| l.opens);
        let before_close = line[0].role == PieceRole::BlockClose;
        let blank = line[0].blank && !lines.is_empty() && !after_open && !before_close;
        lines.push(spaced(line, indent, blank));
        indenter.walk(line, pieces.get(end));
        at = end;
    }
    align(&mut lines);
    Ok(lines.iter().map(Line::text).collect())
}

fn pieces(text: &str) -> Vec<Piece<'_>> {
    let lexed = lex(text, SourceId::SCENARIO, &mut Diagnostics::default());
    let mut all: Vec<(Span, Tok, PieceRole)> = Vec::new();
    let mut comments = lexed.comments.iter().peekable();
    // The end of the text is behind all comments.
    for token in &lexed.tokens {
        while let Some(&span) = comments.next_if(|comment| comment.start < token.span.start) {
            all.push((span, Tok::End, PieceRole::Comment));
        }
        if token.tok != Tok::End {
            all.push((token.span, token.tok, PieceRole::Plain));
        }
    }
    let mut pieces: Vec<Piece<'_>> = Vec::with_capacity(all.len());
    let (mut end, mut column) = (0, 0);
    for (span, tok, role) in all {
        let gap = text.get(end..span.start as usize).unwrap_or("");
        let newlines = gap.bytes().filter(|&b| b == b'\n').count();
        let breaks = pieces.is_empty() || newlines > 0;
        column = advance(column, gap);
        let word = span.of(text);
        pieces.push(Piece { word, tok, role, column, span, breaks, blank: newlines > 1 });
        column = advance(column, word);
        end = span.end as usize;
    }
    roles(&mut pieces);
    break_blocks(&mut pieces);
    pieces
}

/// The column after `text`.
fn advance(column: usize, text: &str) -> usize {
    match text.rsplit_once('\n') {
        Some((_, last)) => last.chars().count(),
        None => column + text.chars().count(),
    }
}

/// Tells sets from blocks and signs from operators by what stands before them.
fn roles(pieces: &mut [Piece<'_>]) {
    let mut open: Vec<bool> = Vec::new();
    let mut before: Option<(Tok, &str, PieceRole)> = None;
    for piece in pieces.iter_mut().filter(|p| p.role != PieceRole::Comment) {
        let operand = match before {
            None => false,
            Some((_, _, PieceRole::SetOpen)) => true,
            Some((Tok::Name, word, _)) => OPERAND_WORDS.contains(&word),
            Some((tok, ..)) => tok.wants_operand(),
        };
        piece.role = match piece.tok {
            Tok::LBrace => {
                open.push(operand);
                if operand { PieceRole::SetOpen } else { PieceRole::BlockOpen }
            }
            Tok::RBrace => match open.pop() {
                Some(true) => PieceRole::SetClose,
                _ => PieceRole::BlockClose,
            },
            Tok::Bang | Tok::Tilde => PieceRole::Prefix,
            Tok::Minus if operand => PieceRole::Prefix,
            _ => PieceRole::Plain,
        };
        before = Some((piece.tok, piece.word, piece.role));
    }
}

/// A block on several lines has its braces at line ends.
fn break_blocks(pieces: &mut [Piece<'_>]) {
    let mut open: Vec<usize> = Vec::new();
    for n in 0..pieces.len() {
        match pieces[n].role {
            PieceRole::BlockOpen => open.push(n),
            PieceRole::BlockClose => {
                let Some(first) = open.pop() else { continue };
                let inside = &pieces[first + 1..=n];
                if !inside.iter().any(|p| p.breaks || p.word.contains('\n')) {
                    continue;
                }
                pieces[n].breaks = true;
                // A comment after the opening brace may stay there.
                let comment = pieces[first + 1].role == PieceRole::Comment
                    && pieces[first + 2..=n].first().is_some_and(|p| p.breaks);
                if !comment {
                    pieces[first + 1].breaks = true;
                }
            }
            _ => {}
        }
    }
}

struct Indenter {
    /// Where items and statements begin, ascending.
    starts: Vec<u32>,
    /// Brackets that are open: whether it is a block, and whether it adds a level.
    open: Vec<(bool, bool)>,
}

impl Indenter {
    /// How many levels a line is indented.
    fn indent(&self, line: &[Piece<'_>]) -> usize {
        let closers = line.iter().take_while(|p| closes(p)).count();
        let open = &self.open[..self.open.len().saturating_sub(closers)];
        let level = open.iter().filter(|(_, adds)| *adds).count();
        let first = &line[0];
        let start = self.starts.binary_search(&first.span.start).is_ok();
        let item = start || closers > 0 || first.role == PieceRole::Comment || first.word == "else";
        let listed = open.last().is_some_and(|&(block, adds)| adds && !block);
        level + usize::from(!item && !listed)
    }

    /// Notes the brackets of a line; `next` begins the next one.
    fn walk(&mut self, line: &[Piece<'_>], next: Option<&Piece<'_>>) {
        for (n, piece) in line.iter().enumerate() {
            if closes(piece) {
                self.open.pop();
            } else if opens(piece) {
                let last = line[n + 1..].iter().all(|p| p.role == PieceRole::Comment) && next.is_some();
                // The list of a `with` looks like a block, but holds no statements.
                let with = n > 0 && line[n - 1].word == "with";
                self.open.push((piece.role == PieceRole::BlockOpen && !with, last));
            }
        }
    }
}

fn opens(piece: &Piece<'_>) -> bool {
    matches!(piece.tok, Tok::LBrace | Tok::LParen | Tok::LBracket)
}

fn closes(piece: &Piece<'_>) -> bool {
    matches!(piece.tok, Tok::RBrace | Tok::RParen | Tok::RBracket)
}
