//! One formatted line: blanks between words, and columns shared with its neighbours.

use crate::format::piece::{Piece, PieceRole};
use crate::syntax::token::{OPERAND_WORDS, Tok};

/// Columns that would be padded by more than this stay ragged.
const MAX_PADDING: usize = 24;
/// A comment further right than this is moved to its code.
const MAX_COLUMN: usize = 72;

/// A line.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    indent: usize,
    blank: bool,
    /// Parts that neighbouring lines of the same kind align.
    cells: Vec<String>,
    kind: Kind,
    /// A comment after the code, and its column.
    comment: Option<(String, usize)>,
    /// It ends in an opening bracket.
    pub(crate) opens: bool,
}

/// Which lines align with which.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Other,
    Option,
    Variable,
    Short(Opener),
}

/// What a block on one line belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Opener {
    Function,
    Cpu,
    Case,
}

impl Line {
    /// The line with its end.
    pub(crate) fn text(&self) -> String {
        let mut text = String::new();
        if self.blank {
            text.push('\n');
        }
        let mut body = " ".repeat(self.indent * 4) + &self.cells.join(" ");
        if let Some((comment, column)) = &self.comment {
            let missing = column.saturating_sub(body.chars().count()).max(2);
            body.push_str(&" ".repeat(missing));
            body.push_str(comment);
        }
        text.push_str(body.trim_end());
        text.push('\n');
        text
    }

    /// Where a comment could stand.
    fn width(&self) -> usize {
        self.indent * 4 + self.cells.iter().map(|c| c.chars().count() + 1).sum::<usize>() + 1
    }

    /// The column of its comment, before comments are aligned.
    fn column(&self) -> usize {
        let wanted = self.comment.as_ref().map_or(0, |(_, column)| *column);
        self.width().max(if wanted > MAX_COLUMN { 0 } else { wanted })
    }
}

/// Puts blanks between the pieces of a line.
pub(crate) fn spaced(line: &[Piece<'_>], indent: usize, blank: bool) -> Line {
    let trailing = line.len() > 1 && line.last().is_some_and(|p| p.role == PieceRole::Comment);
    let body = if trailing { &line[..line.len() - 1] } else { line };
    let comment = trailing.then(|| line[line.len() - 1].clone()).map(|p| (p.word.to_owned(), p.column));
    let (kind, cuts) = columns(body);
    let mut cells = vec![String::new()];
    for (n, piece) in body.iter().enumerate() {
        let text = match piece.role {
            PieceRole::Comment => piece.word.lines().map(str::trim_end).collect::<Vec<_>>().join("\n"),
            _ => piece.word.to_owned(),
        };
        if cuts.contains(&n) {
            cells.push(text);
            continue;
        }
        let space = n > 0 && space(body, n);
        if let Some(cell) = cells.last_mut() {
            if space {
                cell.push(' ');
            }
            cell.push_str(&text);
        }
    }
    let opens = body.last().is_some_and(|p| matches!(p.tok, Tok::LBrace | Tok::LParen | Tok::LBracket));
    Line { indent, blank, cells, kind, comment, opens }
}

/// Whether a blank stands before piece `n`.
fn space(line: &[Piece<'_>], n: usize) -> bool {
    let (before, here) = (&line[n - 1], &line[n]);
    if here.role == PieceRole::Comment || before.role == PieceRole::Comment {
        return true;
    }
    if before.role == PieceRole::Prefix {
        // Two signs without a blank would be another word.
        return before.tok == Tok::Minus && here.tok == Tok::Minus;
    }
    if before.role == PieceRole::SetOpen || here.role == PieceRole::SetClose {
        return false;
    }
    match (before.tok, here.tok) {
        // `0:x`, the local of a CPU's block.
        (Tok::Colon, Tok::Name) if n > 1 && matches!(line[n - 2].tok, Tok::Number(_)) => false,
        (Tok::Name, Tok::LParen) if first(line, n) && FINALES.contains(&before.word) => true,
        (_, Tok::Semi | Tok::Comma | Tok::RParen | Tok::RBracket | Tok::Dot | Tok::Colon) => false,
        (Tok::LParen | Tok::LBracket | Tok::Dot, _) => false,
        (Tok::Name, Tok::LParen) => OPERAND_WORDS.contains(&before.word),
        (Tok::Name | Tok::Text | Tok::RParen | Tok::RBracket, Tok::LBracket) => false,
        _ => true,
    }
}

/// Words that a condition on final states follows.
const FINALES: &[&str] = &["exists", "forall", "filter"];

/// Whether the word before piece `n` begins the line, but for a sign.
fn first(line: &[Piece<'_>], n: usize) -> bool {
    n == 1 || n == 2 && (line[0].tok == Tok::Tilde || line[0].word == "not")
}

/// What kind of line it is, and where its columns begin.
fn columns(line: &[Piece<'_>]) -> (Kind, Vec<usize>) {
    let word = |n: usize| line.get(n).map_or("", |p| p.word);
    let tok = |n: usize| line.get(n).map_or(Tok::End, |p| p.tok);
    let opener = match word(0) {
        "option" if tok(2) == Tok::Assign && line.len() == 5 => return (Kind::Option, vec![2, 4]),
        "global" | "percpu" if tok(1) == Tok::Name => return (Kind::Variable, vec![1]),
        "mm" if tok(1) == Tok::Name && matches!(tok(2), Tok::Colon | Tok::LBracket) => {
            return (Kind::Variable, vec![1]);
        }
        "fn" | "ipi" | "sys" => Opener::Function,
        "cpu" => Opener::Cpu,
        "case" => Opener::Case,
        _ => return (Kind::Other, Vec::new()),
    };
    let open = line.iter().position(|p| p.role == PieceRole::BlockOpen);
    match (open, line.last()) {
        (Some(open), Some(last)) if last.role == PieceRole::BlockClose => (Kind::Short(opener), vec![open]),
        _ => (Kind::Other, Vec::new()),
    }
}

/// Aligns the columns of neighbouring lines of one kind, then their comments.
pub(crate) fn align(lines: &mut [Line]) {
    let alike = |a: &Line, b: &Line| {
        a.kind == b.kind
            && a.kind != Kind::Other
            && a.indent == b.indent
            && a.cells.len() == b.cells.len()
            && !b.blank
    };
    runs(lines, alike, |run| {
        for column in 0..run[0].cells.len() - 1 {
            let widths = run.iter().map(|l| l.cells[column].chars().count());
            let (Some(low), Some(high)) = (widths.clone().min(), widths.max()) else { return };
            if high - low > MAX_PADDING {
                return;
            }
            for line in run.iter_mut() {
                let cell = &mut line.cells[column];
                let missing = high - cell.chars().count();
                cell.push_str(&" ".repeat(missing));
            }
        }
    });
    let commented =
        |a: &Line, b: &Line| a.comment.is_some() && b.comment.is_some() && a.indent == b.indent && !b.blank;
    runs(lines, commented, |run| {
        let widths = run.iter().map(Line::width);
        let (Some(low), Some(high)) = (widths.clone().min(), widths.max()) else { return };
        let column = run.iter().map(Line::column).max().unwrap_or(0);
        for line in run.iter_mut() {
            let own = line.column();
            if let Some((_, wanted)) = &mut line.comment {
                *wanted = if high - low > MAX_PADDING { own } else { column };
            }
        }
    });
    for line in lines.iter_mut() {
        let column = line.column();
        if let Some((_, wanted)) = &mut line.comment {
            *wanted = column;
        }
    }
}

/// Calls `with` for every run of two or more lines in which neighbours are alike.
fn runs(lines: &mut [Line], alike: impl Fn(&Line, &Line) -> bool, with: impl Fn(&mut [Line])) {
    let mut from = 0;
    for n in 1..=lines.len() {
        if n == lines.len() || !alike(&lines[n - 1], &lines[n]) {
            if n - from > 1 {
                with(&mut lines[from..n]);
            }
            from = n;
        }
    }
}
