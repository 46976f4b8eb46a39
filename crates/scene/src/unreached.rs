//! The sentence about code of the kernel that no run reaches.

use crate::text::Sources;
use lang::program::Pc;
use lang::source::{SourceId, Span};
use machine::Machine;
use std::collections::{BTreeMap, BTreeSet};

/// Consecutive lines of one function, of which no run reaches any.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lines {
    /// The function, or the handler.
    pub function: String,
    /// The kernel whose text has them, if it is an extended one.
    pub extended: Option<String>,
    /// The first line, counted from 1.
    pub first: u32,
    /// The last line.
    pub last: u32,
}

/// At most this many functions are named in a sentence.
const NAMED: usize = 6;

/// Lines of a kernel that no run comes to, in the order of the text, as a sentence; nothing if there are none. `full` is the depth
/// of the store buffer if it was full: with more stores in flight a run might come to them.
#[must_use]
pub fn unreached(lines: &[Lines], full: Option<u8>) -> Option<String> {
    let functions: Vec<&[Lines]> = lines
        .chunk_by(|one, next| (&one.function, &one.extended) == (&next.function, &next.extended))
        .collect();
    let range = |&Lines { first, last, .. }: &Lines| {
        if first == last { first.to_string() } else { format!("{first}-{last}") }
    };
    let one = |&lines: &&[Lines]| {
        let of = lines[0].extended.as_ref().map_or_else(String::new, |kernel| format!(" of {kernel}"));
        let word = if lines.len() > 1 || lines[0].first != lines[0].last { "lines" } else { "line" };
        let ranges: Vec<String> = lines.iter().map(range).collect();
        format!("{}, {word} {}{of}", lines[0].function, ranges.join(", "))
    };
    let named: Vec<String> = functions.iter().take(NAMED).map(one).collect();
    let more = match functions.len() - named.len() {
        0 => String::new(),
        1 => "; and parts of 1 more function".to_owned(),
        more => format!("; and parts of {more} more functions"),
    };
    let runs = match full {
        None => "No run".to_owned(),
        Some(1) => "No run with 1 store in flight".to_owned(),
        Some(depth) => format!("No run with {depth} stores in flight"),
    };
    (!named.is_empty()).then(|| format!("{runs} reaches: {}{more}.", named.join("; ")))
}

/// The lines of the kernel that no run reaches, as a complete search knows. `unreached` are the operations of
/// [`Machine::statements`] that no run reaches.
#[must_use]
pub fn unreached_lines(machine: &Machine, unreached: &[Pc], sources: Sources<'_>) -> Vec<Lines> {
    let unreached: BTreeSet<Pc> = unreached.iter().copied().collect();
    // A statement that was inlined many times is looked for in the text once.
    let mut places: BTreeMap<Span, (Option<&str>, u32)> = BTreeMap::new();
    // Each line of a function that has a statement, and whether some run comes to it.
    let mut lines: BTreeMap<(Option<&str>, u32), (&str, bool)> = BTreeMap::new();
    for pc in machine.statements() {
        let site = &machine.program().sites[usize::from(pc)];
        let calls = site.callers.iter().map(|(source, span, function)| (*source, *span, function));
        for (source, span, function) in std::iter::once((site.source, site.span, &site.function)).chain(calls)
        {
            if source == SourceId::KERNEL {
                let place = || (sources.extended(source, span), sources.line(source, span));
                let line = *places.entry(span).or_insert_with(place);
                lines.entry(line).or_insert((function, false)).1 |= !unreached.contains(&pc);
            }
        }
    }
    let mut ranges: Vec<Lines> = Vec::new();
    let mut open = false;
    for ((extended, line), (function, reached)) in lines {
        let of_last = ranges.last_mut().filter(|last| {
            open && last.function == function
                && last.extended.as_deref() == extended
                && is_layout(sources.kernel_text(extended), last.last, line)
        });
        match of_last {
            Some(last) if !reached => last.last = line,
            _ if !reached => ranges.push(Lines {
                function: function.to_owned(),
                extended: extended.map(str::to_owned),
                first: line,
                last: line,
            }),
            _ => {}
        }
        open = !reached;
    }
    ranges
}

/// Whether nothing but layout stands between two lines: blank lines, remarks, braces and `else`. A `return` is no operation of its
/// own, so nobody knows whether a run comes to it.
fn is_layout(text: &str, first: u32, last: u32) -> bool {
    let between = text.lines().skip(first as usize).take(last.saturating_sub(first + 1) as usize);
    between.map(|line| line.split("//").next().unwrap_or_default()).all(|line| {
        line.split(|c: char| c.is_whitespace() || "{}".contains(c))
            .all(|word| word.is_empty() || word == "else")
    })
}
