//! Promela: the model of any text is well formed, and no name in the text becomes a part of its code.

use crate::reached::reached;
use crate::texts::programs;
use lang::program::Program;
use machine::Machine;

/// Exports, and looks at the model without its comments and strings: its braces are in order, and it is the same if all
/// that may be called anything has another name.
pub(crate) fn export(input: &[u8]) {
    for (case, program) in programs(input).into_iter().enumerate() {
        let Ok(machine) = Machine::new(program.clone()) else { continue };
        if !promela::refused(&machine).is_empty() {
            continue;
        }
        reached();
        let model = code(&promela::export(&machine, 0));
        let mut open = 0_i64;
        for &byte in &model {
            open += i64::from(byte == b'{') - i64::from(byte == b'}');
            assert!(open >= 0, "a brace closes that none has opened");
        }
        assert_eq!(open, 0, "braces are left open");
        // A case has the names of its scenario.
        if case > 0 {
            continue;
        }
        if let Ok(renamed) = Machine::new(renamed(program)) {
            assert!(code(&promela::export(&renamed, 0)) == model, "a name has become code");
        }
    }
}

/// The same program by other names.
fn renamed(mut program: Program) -> Program {
    let name = || "x".to_owned();
    (program.name, program.kernel) = (name(), name());
    for option in &mut program.options {
        option.name = name();
        option.choices.iter_mut().for_each(|choice| *choice = name());
    }
    program
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
