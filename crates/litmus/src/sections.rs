//! The parts of a test: head, initial state, program, condition.

use crate::cursor::{Piece, Wrong};

/// Which of the two languages of x86 the instructions are in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Architecture {
    /// `X86`: 32 bits, the destination first.
    X86,
    /// `X86_64`: 64 bits, the destination last.
    X8664,
}

/// A test in its parts.
#[derive(Debug)]
pub(crate) struct Sections<'a> {
    pub(crate) architecture: Architecture,
    pub(crate) name: Piece<'a>,
    /// The string after the name.
    pub(crate) about: Option<&'a str>,
    /// Between the braces.
    pub(crate) init: Piece<'a>,
    /// Rows of cells; the first row names the processors.
    pub(crate) rows: Vec<Vec<Piece<'a>>>,
    /// What comes after the program.
    pub(crate) rest: Piece<'a>,
}

/// Words at which the program is over.
const AFTER: [&str; 7] = ["exists", "~exists", "forall", "not", "locations", "filter", "final"];

/// Splits a test, whose comments are blanks by now.
pub(crate) fn sections(text: &str) -> Result<Sections<'_>, Wrong> {
    let whole = Piece { text, start: 0 };
    let begun = whole.trimmed();
    let line = begun.text.split('\n').next().unwrap_or("");
    let word = line.split_whitespace().next().unwrap_or("");
    let architecture = match word {
        "X86" => Architecture::X86,
        "X86_64" => Architecture::X8664,
        "" => return begun.wrong("this is no litmus test: it is empty"),
        _ => return begun.wrong(format!("only tests for X86 and X86_64 can be read, not {word:?}")),
    };
    let name = begun.part(word.len(), line.len()).trimmed();
    if name.text.is_empty() {
        return name.wrong("the test has no name; write it after the architecture");
    }
    let Some(open) = text.get(name.start..).and_then(|rest| rest.find('{')) else {
        return name.wrong("the test has no initial state; write { } if there is none");
    };
    let open = name.start + open;
    let head = whole.part(name.start + name.text.len(), open);
    let about = head.text.split('"').nth(1);
    let Some(close) = closing(text, open) else {
        return whole.part(open, open + 1).wrong("this brace is not closed");
    };
    let init = whole.part(open + 1, close);
    let (rows, rest) = rows(whole.part(close + 1, text.len()))?;
    Ok(Sections { architecture, name, about, init, rows, rest })
}

/// Where the brace is closed that is opened at `open`.
fn closing(text: &str, open: usize) -> Option<usize> {
    let mut depth = 0u32;
    for (at, c) in text.char_indices().skip_while(|&(at, _)| at < open) {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some(at);
        }
    }
    None
}

fn rows(mut piece: Piece<'_>) -> Result<(Vec<Vec<Piece<'_>>>, Piece<'_>), Wrong> {
    let mut rows: Vec<Vec<Piece<'_>>> = Vec::new();
    loop {
        piece = piece.trimmed();
        let word = piece.text.split(|c: char| !(c.is_ascii_alphabetic() || c == '~')).next().unwrap_or("");
        if AFTER.contains(&word) || piece.text.is_empty() {
            break;
        }
        let Some(end) = piece.text.find(';') else {
            return piece.wrong("expected a row of the program that ends in ; or a condition");
        };
        let cells: Vec<Piece<'_>> = piece.part(0, end).split('|').map(Piece::trimmed).collect();
        if let Some(first) = rows.first()
            && cells.len() != first.len()
        {
            let message = format!("this row has {} columns, the first row has {}", cells.len(), first.len());
            return piece.wrong(message);
        }
        rows.push(cells);
        piece = piece.part(end + 1, piece.text.len());
    }
    let Some(first) = rows.first() else {
        return piece.wrong("the test has no program; its first row is `P0 | P1 ;`");
    };
    for (n, cell) in first.iter().enumerate() {
        if cell.text != format!("P{n}") {
            return cell.wrong(format!("expected P{n}: processors are numbered from 0, in their order"));
        }
    }
    if first.len() > 16 {
        return first[16].wrong("a machine has at most 16 CPUs");
    }
    Ok((rows, piece))
}
