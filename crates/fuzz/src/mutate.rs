//! Inputs made from other inputs.

use explore::Seeded;

/// A number below another.
fn below(seeded: &mut Seeded, bound: usize) -> usize {
    (seeded.number() % bound.max(1) as u64) as usize
}

/// Numbers at which something ends.
const EDGES: [&str; 12] = [
    "0",
    "1",
    "2",
    "15",
    "16",
    "64",
    "511",
    "512",
    "0x400000",
    "0x7fffffffffff",
    "0xffff800000000000",
    "0xffffffffffffffff",
];

/// Bytes changed, left out, put in, taken from another input.
#[must_use]
pub fn bytes(one: &[u8], other: &[u8], seeded: &mut Seeded) -> Vec<u8> {
    let mut out = one.to_vec();
    for _ in 0..=below(seeded, 4) {
        let at = below(seeded, out.len());
        match seeded.number() % 6 {
            0 if !out.is_empty() => out[at] ^= 1 << (seeded.number() % 8),
            1 if !out.is_empty() => out[at] = [0, 1, 0x7f, 0x80, 0xff][below(seeded, 5)],
            2 if !out.is_empty() => _ = out.remove(at),
            3 => out.insert(at, seeded.number() as u8),
            4 => out.truncate(at),
            _ => {
                let from = below(seeded, other.len());
                let piece = &other[from..(from + below(seeded, 64)).min(other.len())];
                out.splice(at..at, piece.iter().copied());
            }
        }
    }
    out
}

/// The same of a link; or a link with something around it.
#[must_use]
pub fn link(one: &[u8], other: &[u8], seeded: &mut Seeded) -> Vec<u8> {
    match seeded.number() % 8 {
        0 => [b"https://host/?embed&s=", one, b"). ", other].concat(),
        1 => String::from_utf8_lossy(one).replace('#', "%2523").into_bytes(),
        // So long that reading it in more than linear time would take more than the two seconds that an input may take.
        2 => b"#?s=&s=".repeat(below(seeded, 20_000)),
        // One byte in the second half, where the run is: many of these open.
        3 | 4 => {
            let mut changed = one.to_vec();
            let at = one.len() / 2 + below(seeded, one.len().div_ceil(2).max(1));
            if let Some(byte) = changed.get_mut(at) {
                *byte ^= 1 << below(seeded, 8);
            }
            changed
        }
        _ => bytes(one, other, seeded),
    }
}

/// The statements and declarations of a text that end in a semicolon: where each begins and ends.
fn statements(text: &str) -> Vec<(usize, usize)> {
    let mut all = Vec::new();
    let mut begins = None;
    for (span, _) in lang::tokens(text) {
        let (start, end) = (span.start as usize, span.end as usize);
        match &text[start..end] {
            "{" | "}" => begins = None,
            ";" => all.extend(begins.take().map(|begins| (begins, end))),
            comment if comment.starts_with("//") || comment.starts_with("/*") => {}
            _ => _ = begins.get_or_insert(start),
        }
    }
    all
}

/// Statements of a text left out, doubled, or put in each other's place: most of what comes out still compiles.
fn statement(one: &[u8], seeded: &mut Seeded) -> Vec<u8> {
    let mut text = String::from_utf8_lossy(one).into_owned();
    for _ in 0..=below(seeded, 2) {
        let all = statements(&text);
        if all.is_empty() {
            break;
        }
        let (one, other) = (all[below(seeded, all.len())], all[below(seeded, all.len())]);
        let piece = text[other.0..other.1].to_owned();
        match seeded.number() % 4 {
            0 => text.replace_range(one.0..one.1, ""),
            1 => text.insert_str(one.1, &format!(" {piece}")),
            2 => text.replace_range(one.0..one.1, &piece),
            _ => {
                let (first, last) = (one.min(other), one.max(other));
                let (early, late) = (text[first.0..first.1].to_owned(), text[last.0..last.1].to_owned());
                text.replace_range(last.0..last.1, &early);
                text.replace_range(first.0..first.1, &late);
            }
        }
    }
    text.into_bytes()
}

/// Words of a text left out, doubled, exchanged for others or for numbers at which something ends; half the time whole
/// statements; rarely bytes.
#[must_use]
pub fn text(one: &[u8], other: &[u8], seeded: &mut Seeded) -> Vec<u8> {
    match seeded.number() % 16 {
        0 => return bytes(one, other, seeded),
        1..=8 => return statement(one, seeded),
        _ => {}
    }
    let mut text = String::from_utf8_lossy(one).into_owned();
    let other = String::from_utf8_lossy(other).into_owned();
    let words = |text: &str| -> Vec<(usize, usize)> {
        lang::tokens(text).iter().map(|(span, _)| (span.start as usize, span.end as usize)).collect()
    };
    let others = words(&other);
    for _ in 0..=below(seeded, 3) {
        let mine = words(&text);
        if mine.is_empty() || others.is_empty() {
            break;
        }
        let (start, end) = mine[below(seeded, mine.len())];
        let (from, to) = others[below(seeded, others.len())];
        let word = text[start..end].to_owned();
        let number = word.starts_with(|first: char| first.is_ascii_digit());
        match seeded.number() % 6 {
            0 => text.replace_range(start..end, ""),
            1 => text.insert_str(end, &format!(" {word}")),
            2 | 3 if number => text.replace_range(start..end, EDGES[below(seeded, EDGES.len())]),
            2 => text.replace_range(start..end, &other[from..to]),
            3 => {
                let (from, to) = mine[below(seeded, mine.len())];
                let word = text[from..to].to_owned();
                text.replace_range(start..end, &word);
            }
            4 => text.replace_range(start..end, EDGES[below(seeded, EDGES.len())]),
            _ => {
                // A statement or a block from elsewhere, up to its end.
                let rest = &other[from..];
                let length = rest.find([';', '}']).map_or(rest.len(), |end| end + 1);
                text.insert_str(end, &format!(" {}", &rest[..length]));
            }
        }
    }
    text.into_bytes()
}
