//! The kinds of the words of a text, for whoever colours it: each word by itself, without its neighbours.

use crate::check::builtin::is_builtin;
use crate::diagnostic::Diagnostics;
use crate::source::{SourceId, Span};
use crate::syntax::lex::lex;
use crate::syntax::token::{RESERVED, SOFT, TYPES, Tok, TokenKind};
use std::iter::Peekable;
use std::slice::Iter;

/// Every token, comment and stray character of a text in order, for colouring. Texts over the limit give none.
#[must_use]
pub fn tokens(text: &str) -> Vec<(Span, TokenKind)> {
    let lexed = lex(text, SourceId::SCENARIO, &mut Diagnostics::default());
    let mut all: Vec<(Span, TokenKind)> = Vec::new();
    // Each of the three lists is in order, and the last token is the end of the text.
    let (mut comments, mut unknown) = (lexed.comments.iter().peekable(), lexed.unknown.iter().peekable());
    for token in &lexed.tokens {
        let next = |list: &mut Peekable<Iter<'_, Span>>| list.peek().map_or(u32::MAX, |span| span.start);
        loop {
            let (comment, stray) = (next(&mut comments), next(&mut unknown));
            if comment.min(stray) >= token.span.start {
                break;
            }
            if comment < stray {
                all.extend(comments.next().map(|&span| (span, TokenKind::Comment)));
            } else {
                all.extend(unknown.next().map(|&span| (span, TokenKind::Unknown)));
            }
        }
        let kind = match token.tok {
            Tok::Name => word_kind(token.span.of(text)),
            Tok::Number(_) => TokenKind::Number,
            Tok::Text => TokenKind::Text,
            Tok::End => continue,
            _ => TokenKind::Punctuation,
        };
        all.push((token.span, kind));
    }
    all
}

/// What kind of word `word` looks like by itself, without knowing where it stands.
pub(crate) fn word_kind(word: &str) -> TokenKind {
    if RESERVED.contains(&word) && word != "mm" {
        TokenKind::Keyword
    } else if TYPES.contains(&word) {
        TokenKind::Type
    } else if SOFT.contains(&word) {
        TokenKind::Keyword
    } else if is_builtin(word) {
        TokenKind::Builtin
    } else {
        TokenKind::Name
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_cover_every_character_but_blanks() {
        let text = "kernel \"x\" { // note\n let é = 0x1; xchg }";
        let mut covered = vec![false; text.len()];
        for (span, _) in tokens(text) {
            covered[span.start as usize..span.end as usize].iter_mut().for_each(|c| *c = true);
        }
        for (byte, seen) in text.bytes().zip(covered) {
            assert!(seen != byte.is_ascii_whitespace() || text.contains("// note") && byte == b' ', "{byte}");
        }
    }
}
