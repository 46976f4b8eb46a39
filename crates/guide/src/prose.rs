//! Prose: paragraphs with an empty line between them. Words between backquotes are code.

/// A paragraph.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paragraph(pub Vec<Piece>);

/// A piece of a paragraph.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Plain words.
    Words(String),
    /// Names of the kernel or the machine.
    Code(String),
}

/// The paragraphs of a text.
pub(crate) fn paragraphs(text: &str) -> Vec<Paragraph> {
    let blocks = text.split("\n\n").map(str::trim).filter(|block| !block.is_empty());
    blocks.map(|block| Paragraph(pieces(&block.replace('\n', " ")))).collect()
}

fn pieces(text: &str) -> Vec<Piece> {
    let piece = |(index, piece): (usize, &str)| match index % 2 {
        0 => Piece::Words(piece.to_owned()),
        _ => Piece::Code(piece.to_owned()),
    };
    let empty = |piece: &Piece| matches!(piece, Piece::Words(words) if words.is_empty());
    text.split('`').enumerate().map(piece).filter(|piece| !empty(piece)).collect()
}

impl Paragraph {
    /// How many words a reader reads.
    #[must_use]
    pub fn words(&self) -> usize {
        let text = |piece: &Piece| match piece {
            Piece::Words(text) | Piece::Code(text) => text.split_whitespace().count(),
        };
        self.0.iter().map(text).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::{Paragraph, Piece, paragraphs};

    #[test]
    fn code_stands_between_backquotes() {
        let words = |text: &str| Piece::Words(text.to_owned());
        let code = |text: &str| Piece::Code(text.to_owned());
        let found = paragraphs("One `two`\nthree.\n\n`four`\n");
        assert_eq!(found[0], Paragraph(vec![words("One "), code("two"), words(" three.")]));
        assert_eq!(found[1], Paragraph(vec![code("four")]));
        assert_eq!(found[0].words(), 3);
    }
}
