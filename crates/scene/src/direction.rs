//! Words that are written from right to left, inside of sentences that are written from left to right.
//!
//! Anybody may choose names. A name in Arabic or Hebrew reorders the text beside it, numbers first, and so changes the
//! meaning of the sentence. The page isolates such words, so that the text beside them keeps its order.

/// Whether a character is written from right to left, and pulls others along (Unicode TR 9: classes R and AL).
fn turned(c: char) -> bool {
    matches!(c, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefe}' | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}')
}

/// Whether a character is a letter of another script. Unicode's table of all letters is a kilobyte of what a visitor waits for; here
/// blocks of signs are left out.
fn straight(c: char) -> bool {
    match c {
        '\0'..='\u{bf}' => c.is_ascii_alphabetic() || "\u{aa}\u{b5}\u{ba}".contains(c),
        // Signs between letters, marks over letters, punctuation and symbols, forms of punctuation, pictures.
        '\u{d7}' | '\u{f7}' | '\u{300}'..='\u{36f}' | '\u{2000}'..='\u{2bff}' | '\u{2e00}'..='\u{3020}' => {
            false
        }
        '\u{fe00}'..='\u{fe6f}' | '\u{ff00}'..='\u{ff20}' | '\u{1f000}'..='\u{1fbff}' => false,
        _ => !turned(c),
    }
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
        } else if straight(c) {
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
    use super::{isolated_text, pieces, straight, turned};

    #[test]
    fn where_there_are_no_elements_characters_isolate() {
        assert_eq!(isolated_text("lazy on lab"), "lazy on lab");
        assert_eq!(
            isolated_text("(\u{5d0}\u{5d1}, 3 \u{5d2} on"),
            "(\u{2068}\u{5d0}\u{5d1}, 3 \u{5d2}\u{2069} on"
        );
    }

    /// Letters of most living scripts, and what stands between words.
    #[test]
    fn letters_and_signs_are_told_apart() {
        for letter in
            "AzªµÀ\u{17e}ΩЖա\u{905}\u{e01}\u{10d0}\u{1100}ạ\u{2c00}あア\u{4e2d}\u{ac00}Ａ\u{10400}".chars()
        {
            assert!(straight(letter) && letter.is_alphabetic(), "{letter}");
        }
        for sign in "09 _-.,:;()[]{}<>\u{a0}«»×÷\u{301}–—‘’“”…→≤─★\u{3001}！\u{1f600}\u{5d0}\u{200f}".chars()
        {
            assert!(!straight(sign), "{sign}");
            assert!(!sign.is_alphabetic() || turned(sign), "{sign}");
        }
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
