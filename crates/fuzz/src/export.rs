//! Promela: the model of any text is well formed.

use crate::texts::programs;
use machine::Machine;

/// Exports, and looks whether the model's braces are in order, once comments and strings are left out.
pub(crate) fn export(input: &[u8]) {
    for program in programs(input) {
        let Ok(machine) = Machine::new(program) else { continue };
        let model = promela::export(&machine, 0);
        let mut open = 0_i64;
        for byte in code(&model) {
            open += i64::from(byte == b'{') - i64::from(byte == b'}');
            assert!(open >= 0, "a brace closes that none has opened");
        }
        assert_eq!(open, 0, "braces are left open");
    }
}

/// A model without its comments and strings, as a C compiler reads it: lines that end in a backslash go on.
fn code(model: &str) -> Vec<u8> {
    let text = model.replace("\\\n", "").into_bytes();
    let (mut out, mut at) = (Vec::new(), 0);
    while at < text.len() {
        let rest = &text[at..];
        at += match rest {
            [b'/', b'*', ..] => {
                rest.windows(2).skip(2).position(|two| two == b"*/").map_or(rest.len(), |end| end + 4)
            }
            [b'/', b'/', ..] => rest.iter().position(|&byte| byte == b'\n').unwrap_or(rest.len()),
            [quote @ (b'"' | b'\''), ..] => quoted(rest, *quote),
            [byte, ..] => {
                out.push(*byte);
                1
            }
            [] => break,
        };
    }
    out
}

/// The length of a string with its quotes.
fn quoted(text: &[u8], quote: u8) -> usize {
    let mut at = 1;
    while at < text.len() && text[at] != quote {
        at += if text[at] == b'\\' { 2 } else { 1 };
    }
    (at + 1).min(text.len())
}
