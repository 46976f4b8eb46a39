//! The sentence about code of the kernel that no run reaches.

use crate::text::Sources;
use lang::program::Pc;
use lang::source::SourceId;
use machine::Machine;

/// Consecutive lines of one function, of which no run reaches any.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnreachedLines {
    /// The function, or the handler.
    pub function: String,
    /// The kernel whose text has them, if it is an extended one.
    pub extended: Option<String>,
    /// The first line, counted from 1.
    pub first: u32,
    /// The last line.
    pub last: u32,
}

/// A line that has a statement.
#[derive(Clone, Copy)]
struct Line<'a> {
    /// Where the text of the extended kernel that has it begins, and that kernel's name.
    joint: Option<&'a (u32, String)>,
    function: &'a str,
    /// Whether some run comes to it.
    reached: bool,
}

/// At most this many functions are named in a sentence.
const NAMED: usize = 6;

/// Lines of a kernel that no run comes to, in the order of the text, as a sentence; nothing if there are none. `full` is the depth
/// of the store buffer if it was full: with more stores in flight a run might come to them.
#[must_use]
pub fn unreached(lines: &[UnreachedLines], full: Option<u8>) -> Option<String> {
    let functions: Vec<&[UnreachedLines]> = lines
        .chunk_by(|one, next| (&one.function, &one.extended) == (&next.function, &next.extended))
        .collect();
    let range = |&UnreachedLines { first, last, .. }: &UnreachedLines| {
        if first == last { first.to_string() } else { format!("{first}-{last}") }
    };
    let one = |&lines: &&[UnreachedLines]| {
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
/// [`Machine::statements`] that no run reaches, in their order.
#[must_use]
pub fn unreached_lines(machine: &Machine, unreached: &[Pc], sources: Sources<'_>) -> Vec<UnreachedLines> {
    // A program may have as many statements as its text has lines, so the text is read once. A place's line is the number of
    // line ends before it.
    let ends = sources.kernel.bytes().zip(0_u32..).filter(|byte| byte.0 == b'\n').map(|byte| byte.1);
    let ends: Vec<u32> = ends.collect();
    let before = |at: u32| ends.partition_point(|&end| end < at);
    let mut lines: Vec<Option<Line<'_>>> = vec![None; ends.len() + 1];
    for pc in machine.statements() {
        let site = &machine.program().sites[usize::from(pc)];
        let calls = site.callers.iter().map(|(source, span, function)| (*source, *span, function));
        for (source, span, function) in std::iter::once((site.source, site.span, &site.function)).chain(calls)
        {
            if source == SourceId::KERNEL {
                let line = Line { joint: sources.joint(source, span), function, reached: false };
                let line = lines[before(span.start)].get_or_insert(line);
                line.reached |= unreached.binary_search(&pc).is_err();
            }
        }
    }
    let mut ranges: Vec<UnreachedLines> = Vec::new();
    let mut last = None;
    for (line, of_line) in lines.into_iter().enumerate() {
        let Some(Line { joint, function, reached }) = of_line else { continue };
        if reached {
            last = None;
            continue;
        }
        // What stands between the line before, which no run reaches either, and this one.
        let between = |last: usize| {
            let end = |line: usize| ends.get(line).map_or(0, |&end| end as usize);
            sources.kernel.get(end(last)..end(line.saturating_sub(1))).unwrap_or_default()
        };
        let number = line - joint.map_or(0, |joint| before(joint.0)) + 1;
        let number = u32::try_from(number).unwrap_or(u32::MAX);
        let extended = joint.map(|joint| joint.1.as_str());
        match ranges.last_mut() {
            Some(range)
                if range.function == function
                    && range.extended.as_deref() == extended
                    && last.is_some_and(|last| is_layout(between(last))) =>
            {
                range.last = number;
            }
            _ => ranges.push(UnreachedLines {
                function: function.to_owned(),
                extended: extended.map(str::to_owned),
                first: number,
                last: number,
            }),
        }
        last = Some(line);
    }
    ranges
}

/// Whether there is nothing but layout: blank lines, remarks, braces and `else`. A `return` is no operation of its own, so nobody
/// knows whether a run comes to it.
fn is_layout(text: &str) -> bool {
    text.lines().map(|line| line.split("//").next().unwrap_or_default()).all(|line| {
        line.split(|c: char| c.is_whitespace() || "{}".contains(c))
            .all(|word| word.is_empty() || word == "else")
    })
}
