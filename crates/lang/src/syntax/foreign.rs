//! Input that is not a text of this language: how to recognise it, and what to do about it.

use crate::source::Span;

/// What is wrong with a text or a character, and what to write instead.
pub(crate) struct Foreign {
    pub(crate) span: Span,
    pub(crate) message: &'static str,
    pub(crate) advice: &'static str,
}

/// The first words of a litmus test for herd: its architecture.
const ARCHITECTURES: &[&str] =
    &["X86", "X86_64", "AArch64", "ARM", "PPC", "RISCV", "MIPS", "LISA", "C", "ASL", "BPF"];
/// Words that a text in C begins with.
const C_WORDS: &[&str] = &[
    "#include", "#define", "#if", "#ifdef", "static", "void", "struct", "int", "typedef", "extern", "enum",
    "unsigned",
];

/// What a text is that begins neither as a kernel nor as a scenario; nothing if it cannot be
/// recognised.
pub(crate) fn whole(text: &str) -> Option<Foreign> {
    let start = beginning(text);
    let first = text[start..].lines().next().unwrap_or("");
    let mut words = first.split_whitespace();
    let word = words.next()?;
    if matches!(word, "kernel" | "scenario" | "costs") {
        return None;
    }
    let of = |at: usize, len: usize, message, advice| {
        Some(Foreign { span: Span::new(at..at + len), message, advice })
    };
    if let Some(at) = fence(text) {
        return of(
            at,
            3,
            "this text is wrapped in Markdown",
            "keep the text between the two lines of ```, and remove these lines and everything around them",
        );
    }
    let named = |part: &str| text.contains(part);
    if ARCHITECTURES.contains(&word)
        && words.next().is_some()
        && (named("exists") || named("forall") || named("P0"))
    {
        return of(
            start,
            word.len(),
            "this is a litmus test for herd, not a text of this language",
            "write a scenario with a block for each processor, such as `cpu 0 { store(0x400000, 1); load(0x401000); }`; \
             a BUG_ON checks what was loaded, and `expect sometimes kernel_bug;` asks for it; shared \
             variables may be `global x: int = 0;` of a kernel",
        );
    }
    if C_WORDS.contains(&word) {
        return of(
            start,
            word.len(),
            "this is C, not a text of this language",
            "a kernel is `kernel \"name\" { sys flush(addr: va) { invlpg(addr); } }`: sys and ipi functions with the calls \
             that you know from Linux, and no preprocessor, pointers or structs",
        );
    }
    None
}

/// Where the first line of ``` stands.
fn fence(text: &str) -> Option<usize> {
    if text.starts_with("```") { Some(0) } else { text.find("\n```").map(|at| at + 1) }
}

/// Where the first character stands that is neither blank nor part of a comment.
fn beginning(text: &str) -> usize {
    let mut at = 0;
    loop {
        let rest = &text[at..];
        let blank = rest.find(|c: char| !c.is_whitespace() && c != '\u{feff}').unwrap_or(rest.len());
        let rest = &rest[blank..];
        let comment = if rest.starts_with("//") {
            rest.find('\n')
        } else if rest.starts_with("/*") {
            rest.find("*/").map(|end| end + 2)
        } else {
            return at + blank;
        };
        at += blank + comment.unwrap_or(rest.len());
    }
}

/// What a character is that a word processor, a chat or a web page has put in the place of the one that was meant, and
/// which that is.
pub(crate) fn character(c: char) -> Option<(&'static str, &'static str)> {
    Some(match c {
        '\u{201c}' | '\u{201d}' | '\u{201e}' | '\u{ab}' | '\u{bb}' | '\u{2033}' => {
            ("a typographic quote", "\"")
        }
        '\u{2018}' | '\u{2019}' | '\u{201a}' | '\u{2032}' => ("a typographic apostrophe", "\""),
        '\u{2010}' | '\u{2011}' | '\u{2012}' | '\u{2013}' | '\u{2014}' => ("a typographic dash", "-"),
        '\u{2212}' => ("a minus sign of mathematics", "-"),
        '\u{2026}' => ("an ellipsis", ".."),
        '\u{2192}' | '\u{21d2}' => ("an arrow", "->"),
        '\u{d7}' => ("a multiplication sign", "*"),
        '\u{2260}' => ("a sign for not equal", "!="),
        '\u{2264}' => ("a sign for at most", "<="),
        '\u{2265}' => ("a sign for at least", ">="),
        '\u{37e}' | '\u{ff1b}' => ("a semicolon of another script", ";"),
        '\u{ff0c}' => ("a comma of another script", ","),
        '\u{ff08}' => ("a bracket of another script", "("),
        '\u{ff09}' => ("a bracket of another script", ")"),
        '\u{feff}' => ("a byte-order mark, which can't be seen", "nothing"),
        '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{ad}' => ("a character that can't be seen", "nothing"),
        _ => return None,
    })
}
