//! The parts of a text: what it declares, and what can be folded.

use crate::complete::NameKind;
use crate::lines::Lines;
use crate::names::unquoted;
use crate::scan::{Declared, Mark, Role, Room, Scan};
use lang::source::Span;

/// A part of a text that has a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutlineItem {
    /// Its name: of a declaration, or `cpu 0`.
    pub name: String,
    /// How it is declared.
    pub detail: String,
    /// What it is. Blocks of statements without a name are functions.
    pub kind: NameKind,
    /// All of it.
    pub span: Span,
    /// Its name, or its first word.
    pub place: Span,
    /// The parts of it.
    pub parts: Vec<OutlineItem>,
}

/// Lines that can be folded, counted from 0: the first stays in sight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fold {
    /// The line with the opening brace, or the first one of a comment.
    pub first: u32,
    /// The last line that is hidden.
    pub last: u32,
}

/// The parts of a text, in its order.
#[must_use]
pub fn outline(text: &str) -> Vec<OutlineItem> {
    let scan = Scan::new(text);
    parts_of(&scan, 0, 0)
}

/// Texts hold cases, and these hold items: no part lies deeper.
const DEEPEST: u32 = 4;

fn parts_of(scan: &Scan<'_>, block: usize, depth: u32) -> Vec<OutlineItem> {
    let mut parts = Vec::new();
    for (number, item) in scan.items.iter().enumerate().filter(|(_, item)| item.block == block) {
        let first = scan.marks.partition_point(|mark| mark.token < item.head);
        let own = scan.marks[first..].iter().take_while(|mark| mark.span.start < item.span.end);
        let declares = |mark: &&Mark| {
            mark.item == number && matches!(mark.role, Role::Declares(_)) && !mark.role.is_local()
        };
        let inner = scan.blocks.iter().position(|block| block.item == number && block.inside.start > 0);
        let inside = inner.filter(|_| depth < DEEPEST);
        let deeper = |room: Room| !matches!(room, Room::Body | Room::Set | Room::With);
        let children = inside
            .filter(|&inner| deeper(scan.blocks[inner].room))
            .map(|inner| parts_of(scan, inner, depth + 1));
        let parts_inside = children.unwrap_or_default();
        if let Some(mark) = own.clone().find(declares) {
            let Role::Declares(what) = mark.role else { continue };
            parts.push(OutlineItem {
                name: unquoted(mark.span.of(scan.text)).to_owned(),
                detail: scan.title(*mark),
                kind: kind(what),
                span: item.span,
                place: mark.span,
                parts: parts_inside,
            });
            continue;
        }
        let head = scan.word(item.head);
        let name = match head {
            "cpu" => format!("cpu {}", scan.word(item.head + 1)),
            "machine" | "setup" | "workload" => head.to_owned(),
            _ => continue,
        };
        let place = scan.tokens[item.head].span;
        parts.push(OutlineItem {
            name,
            detail: String::new(),
            kind: NameKind::Function,
            span: item.span,
            place,
            parts: parts_inside,
        });
    }
    parts
}

fn kind(what: Declared) -> NameKind {
    match what {
        Declared::Kernel | Declared::Scenario | Declared::Costs => NameKind::Kernel,
        Declared::Case | Declared::Invariant => NameKind::Name,
        Declared::Option => NameKind::Option,
        Declared::Const => NameKind::Constant,
        Declared::Global | Declared::PerMm | Declared::PerCpu => NameKind::Variable,
        Declared::Field => NameKind::Field,
        Declared::Function => NameKind::Function,
        Declared::Param | Declared::Local => NameKind::Local,
        Declared::Mm | Declared::Guest | Declared::Thread => NameKind::Space,
    }
}

/// What of a text can be folded: blocks and comments of several lines, in the order of the text.
#[must_use]
pub fn folds(text: &str) -> Vec<Fold> {
    let scan = Scan::new(text);
    let lines = Lines::new(text);
    let line = |byte: u32| lines.position(byte).0;
    let mut folds: Vec<Fold> = Vec::new();
    for block in &scan.blocks[1..] {
        let (first, last) = (line(block.inside.start), line(block.inside.end));
        // The closing brace stays in sight.
        folds.extend((last > first + 1).then(|| Fold { first, last: last - 1 }));
    }
    let mut comments: Option<(u32, u32)> = None;
    for comment in &scan.comments {
        let (first, last) = (line(comment.start), line(comment.end));
        comments = match comments {
            Some((from, to)) if to + 1 == first => Some((from, last)),
            before => {
                folds.extend(before.filter(|(from, to)| to > from).map(|(first, last)| Fold { first, last }));
                Some((first, last))
            }
        };
    }
    folds.extend(comments.filter(|(from, to)| to > from).map(|(first, last)| Fold { first, last }));
    folds.sort();
    folds.dedup_by_key(|fold| fold.first);
    folds
}
