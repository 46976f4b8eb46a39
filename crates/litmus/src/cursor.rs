//! A position in a piece of a test, and the functions that all readers share.

use crate::Problem;

/// A piece of a test: its text, and where it begins in the whole.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Piece<'a> {
    pub(crate) text: &'a str,
    pub(crate) start: usize,
}

impl<'a> Piece<'a> {
    /// The part from one place to another one; nothing of it if there is no such part.
    pub(crate) fn part(self, from: usize, to: usize) -> Piece<'a> {
        Piece { text: self.text.get(from..to).unwrap_or(""), start: self.start + from }
    }

    /// Without white space around it.
    pub(crate) fn trimmed(self) -> Piece<'a> {
        let begun = self.text.trim_start();
        Piece { text: begun.trim_end(), start: self.start + (self.text.len() - begun.len()) }
    }

    /// The pieces between the places where a sign stands, each with its own place.
    pub(crate) fn split(self, sign: char) -> impl Iterator<Item = Piece<'a>> {
        let mut start = self.start;
        self.text.split(sign).map(move |text| {
            let piece = Piece { text, start };
            start += text.len() + sign.len_utf8();
            piece
        })
    }

    pub(crate) fn wrong<T>(self, message: impl Into<String>) -> Result<T, Wrong> {
        Err(Wrong { at: self.start, message: message.into() })
    }
}

/// What is wrong, and at which byte.
#[derive(Clone, Debug)]
pub(crate) struct Wrong {
    pub(crate) at: usize,
    pub(crate) message: String,
}

impl Wrong {
    /// With its line and column.
    pub(crate) fn placed(self, text: &str) -> Problem {
        let before = text.get(..self.at).unwrap_or(text);
        let line = before.matches('\n').count();
        let column = before.rsplit('\n').next().unwrap_or("").chars().count();
        let number = |n: usize| u32::try_from(n + 1).unwrap_or(u32::MAX);
        Problem { line: number(line), column: number(column), message: self.message }
    }
}

/// Whether a word can be a name of the test's.
pub(crate) fn is_name(word: &str) -> bool {
    let mut chars = word.chars();
    chars.next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_')
        && chars.all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.'))
        && word.len() <= 64
}

/// A number as tests write one: decimal or hexadecimal, perhaps negative.
pub(crate) fn number(word: &str) -> Option<i64> {
    let (negative, digits) = word.strip_prefix('-').map_or((false, word), |digits| (true, digits));
    let value = match digits.strip_prefix("0x").or(digits.strip_prefix("0X")) {
        Some(hex) => u64::from_str_radix(hex, 16).ok().filter(|_| !hex.starts_with('+'))?.cast_signed(),
        None => digits.parse().ok().filter(|_| digits.starts_with(|c: char| c.is_ascii_digit()))?,
    };
    Some(if negative { value.checked_neg()? } else { value })
}

/// The text with each comment, `(* ... *)`, blanked out. Lines stay where they are.
pub(crate) fn without_comments(text: &str) -> Result<String, Wrong> {
    let mut out = String::with_capacity(text.len());
    let (mut open, mut first) = (0u32, 0);
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let next = chars.peek().map(|next| next.1);
        if (c, next) == ('(', Some('*')) {
            if open == 0 {
                first = at;
            }
            open += 1;
        } else if (c, next) == ('*', Some(')')) && open > 0 {
            open -= 1;
        } else {
            match c {
                '\n' => out.push('\n'),
                c if open == 0 => out.push(c),
                c => out.extend(std::iter::repeat_n(' ', c.len_utf8())),
            }
            continue;
        }
        chars.next();
        out.push_str("  ");
    }
    if open > 0 {
        return Err(Wrong { at: first, message: "this comment has no end; write *)".to_owned() });
    }
    Ok(out)
}
