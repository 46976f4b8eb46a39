//! The run as a sequence diagram of Mermaid, which documentation sites and wikis draw.
//!
//! CPUs are participants, and memory is one. A step of software is a note over its CPU, a read of a page walk is a dashed
//! message to memory, and IPIs are messages. A step that violates something has a coloured ground.

use crate::{ExportedRun, Told, by_hardware};
use machine::What;
use scene::view::{MessageKind, Timeline, Tone};
use std::fmt::Write;

/// The most steps that are written: Mermaid takes long for more than a few hundred steps.
const MOST: usize = 300;

/// The most bytes that are written: Mermaid draws no text of more than 50,000 characters.
const MOST_BYTES: usize = 48_000;

/// The most characters of a sentence.
const LONGEST: usize = 160;

/// The run as a sequence diagram.
#[must_use]
pub fn mermaid(run: &ExportedRun<'_>) -> String {
    let timeline = scene::timeline(run.machine, run.trace);
    let mut told = run.told();
    told.truncate(MOST);
    let mut out = format!("---\ntitle: {}\n---\nsequenceDiagram\n", yaml(&run.subject()));
    let cpus = timeline.lanes.len().saturating_sub(1);
    for (cpu, name) in timeline.lanes.iter().take(cpus).enumerate() {
        let _ = writeln!(out, "    participant C{cpu} as {name}");
    }
    out.push_str("    participant M as memory\n");
    let mut written = 0;
    for told in &told {
        let before = out.len();
        write_step(&mut out, told, &timeline);
        if out.len() > MOST_BYTES {
            out.truncate(before);
            break;
        }
        written += 1;
    }
    let left_out = run.trace.len() - written;
    if left_out > 0 {
        let _ = writeln!(out, "    Note over C0,M: {left_out} further steps are left out");
    }
    out
}

fn write_step(out: &mut String, told: &Told<'_>, timeline: &Timeline) {
    let cpu = told.step.action.cpu();
    let ground = match told.caption.tone {
        Tone::Corrupt => Some("rgb(253, 214, 196)"),
        Tone::Stale => Some("rgb(253, 241, 220)"),
        _ => None,
    };
    if let Some(ground) = ground {
        let _ = writeln!(out, "    rect {ground}");
    }
    let violations = match told.caption.violations.as_slice() {
        [] => String::new(),
        names => format!(" [{}]", names.join(", ")),
    };
    let words = text(&format!("{}. {}", told.number, told.caption.sentence)) + &text(&violations);
    let walks = told.step.events.iter().any(|event| matches!(event.what, What::Walk { .. }));
    let stores = by_hardware(told.step.action) && !walks;
    let _ = match (walks, stores) {
        (true, _) => writeln!(out, "    C{cpu}-->>M: {words}"),
        (false, true) => writeln!(out, "    C{cpu}->>M: {words}"),
        (false, false) => writeln!(out, "    Note over C{cpu}: {words}"),
    };
    for arrow in timeline.arrows.iter().filter(|arrow| arrow.from_step == told.number) {
        let (from, to) = (arrow.from_lane, arrow.to_lane);
        let _ = match arrow.kind {
            MessageKind::Ipi => writeln!(out, "    C{from}-)C{to}: IPI"),
            MessageKind::Done => writeln!(out, "    C{from}--)C{to}: IPI handled"),
            MessageKind::NotSent => writeln!(out, "    C{from}--xC{to}: no IPI is sent"),
        };
    }
    if ground.is_some() {
        out.push_str("    end\n");
    }
}

/// A text that Mermaid takes for nothing but a text: what has a meaning to it, or to HTML, is written by number.
fn text(words: &str) -> String {
    let legible = lang::legible(words);
    let mut out = String::new();
    for (count, c) in legible.chars().enumerate() {
        if count == LONGEST {
            out.push('\u{2026}');
            break;
        }
        match c {
            'a'..='z'
            | 'A'..='Z'
            | '0'..='9'
            | ' '
            | '.'
            | ','
            | ':'
            | '('
            | ')'
            | '['
            | ']'
            | '='
            | '_'
            | '-'
            | '+'
            | '/' => {
                out.push(c);
            }
            c if !c.is_ascii() => out.push(c),
            c => {
                let _ = write!(out, "#{};", c as u32);
            }
        }
    }
    out
}

/// A text as a string of YAML, between double quotes.
fn yaml(words: &str) -> String {
    let quoted = lang::legible(words).chars().take(LONGEST).collect::<String>();
    format!("\"{}\"", quoted.replace('\\', "\\\\").replace('"', "\\\""))
}

#[cfg(test)]
mod tests {
    use super::{LONGEST, text, yaml};

    #[test]
    fn no_text_is_taken_for_mermaid_or_html() {
        assert_eq!(text("3. CPU 0: x := 2"), "3. CPU 0: x := 2");
        assert_eq!(text("a;b#c%%{d}<e>\"&$"), "a#59;b#35;c#37;#37;#123;d#125;#60;e#62;#34;#38;#36;");
        assert_eq!(text("a\nend"), "a#92;u#123;a#125;end");
        assert_eq!(text(&"w".repeat(LONGEST * 2)).chars().count(), LONGEST + 1);
        assert_eq!(yaml("a\"b\\c"), "\"a\\\"b\\\\c\"");
    }
}
