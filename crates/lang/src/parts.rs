//! A text that holds several texts: kernels and scenarios one after another, as a file may.
//!
//! The compiler takes one scenario and one kernel. A file with more texts is split here. Each extracted text keeps its
//! position: everything else becomes blanks. So lines and columns are those of the file.

use crate::diagnostic::Diagnostics;
use crate::source::{SourceId, Span};
use crate::syntax::lex::{MAX_TEXT, lex, unquote};
use crate::syntax::token::Tok;

/// A kernel or a scenario in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextPart {
    /// Whether it is a kernel; else it is a scenario.
    pub kernel: bool,
    /// The name that it gives itself.
    pub name: String,
    /// Which bytes of the text, comments before it included.
    pub span: Span,
}

impl TextPart {
    /// The text with nothing but this part.
    #[must_use]
    pub fn of(&self, text: &str) -> String {
        only(text, &[self.span])
    }
}

/// The kernels and scenarios of a text, in their order. A text that begins as neither has none. One that is not closed
/// ends where the next one begins at the beginning of a line.
#[must_use]
pub fn parts(text: &str) -> Vec<TextPart> {
    if text.len() > MAX_TEXT {
        return Vec::new();
    }
    let tokens = lex(text, SourceId::SCENARIO, &mut Diagnostics::default()).tokens;
    let mut parts: Vec<TextPart> = Vec::new();
    let (mut depth, mut end) = (0_u32, 0);
    for (n, token) in tokens.iter().enumerate() {
        let word = token.span.of(text);
        let name = tokens.get(n + 1).filter(|next| next.tok == Tok::Text);
        let line = text
            .get(..token.span.start as usize)
            .is_none_or(|before| before.is_empty() || before.ends_with('\n'));
        match (token.tok, name) {
            (Tok::Name, Some(name)) if ["kernel", "scenario"].contains(&word) && (depth == 0 || line) => {
                depth = 0;
                if let Some(last) = parts.last_mut() {
                    last.span.end = end;
                }
                let name = String::from_utf8(unquote(name.span.of(text))).unwrap_or_default();
                // Whatever stands before the first one is its: nothing is passed over in silence.
                let start = if parts.is_empty() { 0 } else { end };
                let span = Span { start, end: token.span.end };
                parts.push(TextPart { kernel: word == "kernel", name, span });
            }
            (Tok::LBrace, _) => depth += 1,
            (Tok::RBrace, _) => depth = depth.saturating_sub(1),
            _ => {}
        }
        // A comment after the closing brace, in the same line, belongs to it.
        end = token.span.end;
    }
    if let Some(last) = parts.last_mut() {
        last.span = last.span.to(Span::new(0..text.len()));
    }
    parts
}

/// The text with blanks for all that is not in `spans`. Lines and bytes stay where they are.
pub(crate) fn only(text: &str, spans: &[Span]) -> String {
    let kept = |at: usize| spans.iter().any(|span| (span.start as usize..span.end as usize).contains(&at));
    let mut out = String::with_capacity(text.len());
    for (at, letter) in text.char_indices() {
        if kept(at) || letter == '\n' {
            out.push(letter);
        } else {
            out.extend(std::iter::repeat_n(' ', letter.len_utf8()));
        }
    }
    out
}
