//! What a program can mend by itself, where a diagnostic says what to write.

use crate::diagnostic::Diagnostic;
use crate::diagnostic::nearest::{MEANT, meant};
use crate::parse::SEMICOLON;
use crate::source::Span;
use crate::syntax::foreign;

/// A change of a text: what to write in the place of some bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mend {
    /// The bytes.
    pub span: Span,
    /// What stands there afterwards.
    pub text: String,
}

/// The change that a diagnostic asks for, if its advice is exact; `text` is the text that it is about.
///
/// Most advice shows an example, or leaves the reader a choice. Then there is nothing to mend without a reader.
#[must_use]
pub fn mend(diagnostic: &Diagnostic, text: &str) -> Option<Mend> {
    let place = diagnostic.span;
    let there = place.of(text);
    if diagnostic.message.starts_with(SEMICOLON) {
        return Some(Mend { span: Span { start: place.end, end: place.end }, text: ";".to_owned() });
    }
    let mut letters = there.chars();
    if let (Some(letter), None) = (letters.next(), letters.next())
        && let Some((_, sign)) = foreign::character(letter)
    {
        let sign = if sign == "nothing" { "" } else { sign };
        return Some(Mend { span: place, text: sign.to_owned() });
    }
    let advice = diagnostic.advice.as_deref()?;
    // A name with such a character is written with escapes, and the advice has it without.
    let plain =
        |word: &&str| !word.contains(|letter: char| matches!(letter, '"' | '\\') || letter.is_control());
    let word = advice.strip_prefix(MEANT).and_then(meant).filter(plain)?;
    // The name of a kernel stands between quotes.
    let word = if there.starts_with('"') { format!("\"{word}\"") } else { word.to_owned() };
    (!there.is_empty()).then_some(Mend { span: place, text: word })
}

#[cfg(test)]
mod tests {
    use super::mend;
    use crate::source::{SourceId, Span};
    use crate::{Diagnostic, Selection, compile};

    const KERNEL: &str = "kernel \"k\" { global count: int = 0; sys bump() { count = count + 1; } }";

    /// A text with a mistake, and the same text after its first diagnostic has been mended.
    fn mended(scenario: &str) -> Option<String> {
        let found = compile(scenario, &[("k", KERNEL)], &Selection::default()).diagnostics;
        let mend = mend(found.first()?, scenario)?;
        let mut text = scenario.to_owned();
        text.replace_range(mend.span.start as usize..mend.span.end as usize, &mend.text);
        Some(text)
    }

    #[test]
    fn what_is_mended_compiles() {
        let good = "scenario \"s\" { use kernel \"k\" cpu 0 { bump(); let x = 1 - 1; store(0x1000, x); } expect never violation; }";
        assert_eq!(compile(good, &[("k", KERNEL)], &Selection::default()).diagnostics, []);
        for (right, wrong) in [
            ("bump();", "bunp();"),
            ("bump();", "bump()"),
            ("1 - 1", "1 \u{2212} 1"),
            ("let x", "let\u{200b} x"),
            ("never violation", "never voilation"),
            ("store(", "stroe("),
        ] {
            let text = good.replace(right, wrong);
            assert_ne!(text, good);
            assert_eq!(mended(&text).as_deref(), Some(good), "{wrong}");
        }
    }

    #[test]
    fn another_sentence_may_follow_the_name() {
        let advice = |advice: &str| {
            let wrong =
                Diagnostic::error(SourceId::SCENARIO, Span { start: 0, end: 3 }, "wrong").advice(advice);
            mend(&wrong, "abd").map(|mend| mend.text)
        };
        assert_eq!(advice("did you mean `abc`? searched here"), Some("abc".to_owned()));
        assert_eq!(advice("did you mean `abc`?d`?"), None);
        assert_eq!(advice("did you mean"), None);
    }

    #[test]
    fn a_name_that_needs_escapes_is_not_mended() {
        let text = "\"ab\"";
        let mended = |name: &str| {
            let place = Span { start: 0, end: 4 };
            let found = Diagnostic::error(SourceId::SCENARIO, place, "no check has this label");
            mend(&found.advice(format!("did you mean `{name}`?")), text).map(|mend| mend.text)
        };
        assert_eq!(mended("abc").as_deref(), Some("\"abc\""));
        assert_eq!(mended("a\"b"), None);
        assert_eq!(mended("a\\b"), None);
    }

    #[test]
    fn advice_that_is_an_example_mends_nothing() {
        assert_eq!(mended("scenario \"s\" { cpu 0 { } }"), None);
        assert_eq!(mended("scenario \"s\" { use kernel \"k\" cpu 0 { int x; } }"), None);
    }
}
