//! Words that are written from right to left, inside of sentences that are written from left to right.
//!
//! Anybody may choose names. A name in Arabic or Hebrew reorders the text beside it, numbers first, and so changes the
//! meaning of the sentence. The page isolates such words, so that the text beside them keeps its order.

/// Whether a character is written from right to left, and pulls others along (Unicode TR 9: classes R and AL).
fn turned(c: char) -> bool {
    matches!(c, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefe}' | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}')
}

/// A text in pieces, in order; those that are to be isolated are marked. Characters between two words from right to
/// left that are no letters of another script belong to these words.
#[must_use]
pub fn pieces(text: &str) -> Vec<(&str, bool)> {
    let (mut pieces, mut from) = (Vec::new(), 0);
    let mut run = None::<(usize, usize)>;
    let mut end_run = |run: Option<(usize, usize)>, from: &mut usize| {
        if let Some((start, end)) = run {
            if start > *from {
                pieces.push((&text[*from..start], false));
            }
            pieces.push((&text[start..end], true));
            *from = end;
        }
    };
    for (at, c) in text.char_indices() {
        if turned(c) {
            let end = at + c.len_utf8();
            run = Some((run.map_or(at, |(start, _)| start), end));
        } else if c.is_alphabetic() {
            end_run(run.take(), &mut from);
        }
    }
    end_run(run, &mut from);
    if from < text.len() || text.is_empty() {
        pieces.push((&text[from..], false));
    }
    pieces
}

/// A text that has no elements: tooltips, the window's title, what is copied. In it FIRST STRONG ISOLATE and POP DIRECTIONAL
/// ISOLATE stand around what is to be isolated.
#[must_use]
pub fn isolated_text(text: &str) -> String {
    let piece = |(piece, turned): (&str, bool)| {
        if turned { format!("\u{2068}{piece}\u{2069}") } else { piece.to_owned() }
    };
    pieces(text).into_iter().map(piece).collect()
}

#[cfg(test)]
mod tests {
    use super::{isolated_text, pieces};

    #[test]
    fn where_there_are_no_elements_characters_isolate() {
        assert_eq!(isolated_text("lazy on lab"), "lazy on lab");
        assert_eq!(
            isolated_text("(\u{5d0}\u{5d1}, 3 \u{5d2} on"),
            "(\u{2068}\u{5d0}\u{5d1}, 3 \u{5d2}\u{2069} on"
        );
    }

    #[test]
    fn words_from_right_to_left_are_pieces_of_their_own() {
        assert_eq!(pieces(""), [("", false)]);
        assert_eq!(pieces("lazy on lab"), [("lazy on lab", false)]);
        assert_eq!(
            pieces("In 12 steps (\u{5d0}\u{5d1}, 3 \u{5d2} on lab 4)."),
            [("In 12 steps (", false), ("\u{5d0}\u{5d1}, 3 \u{5d2}", true), (" on lab 4).", false)]
        );
        assert_eq!(pieces("\u{639}\u{631}\u{628}"), [("\u{639}\u{631}\u{628}", true)]);
        assert_eq!(
            pieces("\u{639} a \u{628} 7"),
            [("\u{639}", true), (" a ", false), ("\u{628}", true), (" 7", false)]
        );
    }
}
