//! A CPU's card: what its hardware holds on the left, where its program is and what the kernel keeps for it on the
//! right.

use crate::measure::Font;
use crate::pen::{Anchor, Paint, Pen, Rect};
use crate::stage::kernel::worth;
use crate::stage::places::Places;
use crate::stage::row::{HEIGHT, Row};
use scene::view::{Acted, CacheView, Change, CpuView, VariableView};

/// From the edge of a card to its contents.
const PAD: i32 = 12;
/// The height of its head.
const HEAD: i32 = 34;
/// Cards at least so wide have two columns.
const WIDE: i32 = 400;
/// The most rows of a cache, of a queue, of variables.
const MOST: usize = 12;

/// The card's edge and head.
pub(crate) fn frame(pen: &mut Pen, cpu: &CpuView, place: Rect) {
    let ink = pen.ink;
    let sheet = Paint::filled(ink.sheet).round(8);
    let look = match cpu.acted {
        Acted::No => sheet.edged(ink.rule_2, 15),
        Acted::Software => sheet.edged(ink.software, 25),
        Acted::Speculatively => sheet.edged(ink.hardware, 25).dashed("6 4"),
    };
    pen.rect(place, look);
    let line = format!("M{} {}h{}", place.x + PAD, place.y + HEAD, place.width - 2 * PAD);
    pen.path(&line, Paint::line(ink.rule, 10));
    let base = place.y + 23;
    let (name, title) = (cpu.name.clone(), Font::sans(16).bold());
    pen.text((place.x + PAD, base), title, ink.ink, &name);
    let mut x = place.x + PAD + title.width(&name) + 10;
    let (acted, how) = match cpu.acted {
        Acted::No => ("", None),
        Acted::Software => ("software", Some(false)),
        Acted::Speculatively => ("hardware", Some(true)),
    };
    let small = Font::sans(12);
    let taken = if acted.is_empty() { 0 } else { small.bold().width(acted) + 26 };
    let mode = small.cut(&cpu.mode, place.right() - PAD - taken - x - 14);
    let chip = Rect::new(x, place.y + 9, small.width(&mode) + 14, 20);
    let look = Paint::filled(ink.sunken).round(4);
    pen.rect(chip, if cpu.mode_change == Change::None { look } else { look.edged(ink.ink, 15) });
    pen.text((x + 7, base), small, ink.ink_2, &mode);
    x = chip.right() + 8;
    if let Some(speculative) = how {
        let chip = Rect::new(x, place.y + 9, small.bold().width(acted) + 18, 20);
        let (look, colour) = if speculative {
            (Paint::filled(ink.sheet).edged(ink.hardware, 15).dashed("4 3"), ink.hardware)
        } else {
            (Paint::filled(ink.software), ink.on_mark)
        };
        pen.rect(chip, look.round(10));
        pen.text((x + 9, base), small.bold(), colour, acted);
    }
    if let Some(text) = cpu.danger {
        let font = small.bold();
        let width = font.width(text) + 16;
        let flag = Rect::new(place.right() - 14 - width, place.y - 11, width, 21);
        pen.rect(flag, Paint::line(ink.stale_mark, 15).hatched().round(4));
        pen.haloed((flag.x + 8, flag.y + 15), font, (ink.stale, ink.stale_soft), Anchor::Start, text);
    }
}

/// What is on a card, below its head. The height of the card.
pub(crate) fn contents(pen: &mut Pen, places: &mut Places, cpu: &CpuView, line: &str, card: Rect) -> i32 {
    let top = card.y + HEAD + 8;
    let inner = card.width - 2 * PAD;
    let x = card.x + PAD;
    if card.width < WIDE {
        let y = position(pen, cpu, line, Rect::new(x, top, inner, 0));
        let y = holds(pen, places, cpu, Rect::new(x, y + 8, inner, 0));
        return thinks(pen, places, cpu, Rect::new(x, y, inner, 0)) + 4 - card.y;
    }
    let left = (inner - 20) * 57 / 100;
    let right = Rect::new(x + left + 20, top, inner - 20 - left, 0);
    let one = holds(pen, places, cpu, Rect::new(x, top, left, 0));
    let y = position(pen, cpu, line, right);
    let other = thinks(pen, places, cpu, Rect { y: y + 8, ..right });
    let bottom = one.max(other) + 4;
    let rule = format!("M{} {top}V{}", x + left + 10, bottom - 8);
    pen.path(&rule, Paint::line(pen.ink.rule, 10));
    bottom - card.y
}

/// CR3, the paging-structure caches, the TLB, the store buffer.
fn holds(pen: &mut Pen, places: &mut Places, cpu: &CpuView, area: Rect) -> i32 {
    let font = Font::mono(11);
    let mut y = area.y;
    let mut row = |pen: &mut Pen, y: i32, id: &str, row: Row<'_>| {
        let place = Rect::new(area.x - 5, y, area.width + 10, HEIGHT);
        places.insert(id.to_owned(), place);
        row.draw(pen, place, font);
        y + HEIGHT
    };
    y = row(pen, y, &cpu.cr3.id, Row::register(&cpu.cr3)) + 2;
    let caches: [(&str, &[CacheView], bool); 3] = [
        ("Paging-structure caches", &cpu.psc, true),
        ("TLB", &cpu.tlb, true),
        ("Store buffer", &cpu.buffer, false),
    ];
    for (title, rows, _) in caches.into_iter().filter(|(_, rows, always)| *always || !rows.is_empty()) {
        y = heading(pen, title, count(rows), Rect { y, ..area });
        for cache in rows.iter().take(MOST) {
            y = row(pen, y, &cache.id, Row::cache(cache));
        }
        y = left_out(pen, rows.len(), Rect { y, ..area }) + 4;
    }
    y
}

/// The kernel's variables of the CPU, and its pending IPIs.
fn thinks(pen: &mut Pen, places: &mut Places, cpu: &CpuView, area: Rect) -> i32 {
    let font = Font::mono(11);
    let mut y = area.y;
    let shown: Vec<&VariableView> = cpu.variables.iter().filter(worth).collect();
    let mut row = |pen: &mut Pen, y: i32, id: &str, row: Row<'_>| {
        let place = Rect::new(area.x - 5, y, area.width + 10, HEIGHT);
        places.insert(id.to_owned(), place);
        row.draw(pen, place, font);
        y + HEIGHT
    };
    if !shown.is_empty() {
        y = heading(pen, "Per-CPU variables", None, Rect { y, ..area });
        for variable in shown.iter().take(MOST) {
            y = row(pen, y, &variable.id, Row::variable(variable));
        }
        y = left_out(pen, shown.len(), Rect { y, ..area }) + 4;
    }
    if !cpu.pending.is_empty() {
        y = heading(pen, "Pending IPIs", count(&cpu.pending), Rect { y, ..area });
        for ipi in cpu.pending.iter().take(MOST) {
            y = row(pen, y, &ipi.id, Row::cache(ipi));
        }
        y = left_out(pen, cpu.pending.len(), Rect { y, ..area }) + 4;
    }
    y
}

/// How many rows there are: what this step has removed is there no more.
fn count(rows: &[CacheView]) -> Option<usize> {
    Some(rows.iter().filter(|row| row.change != Change::Removed).count())
}

/// A heading, with how much is below it; where it ends.
fn heading(pen: &mut Pen, title: &str, count: Option<usize>, area: Rect) -> i32 {
    let font = Font::sans(11);
    let base = area.y + 14;
    pen.text((area.x, base), font.bold(), pen.ink.ink_3, title);
    let count = count.map(|count| if count == 0 { "empty".to_owned() } else { count.to_string() });
    let x = area.x + font.bold().width(title) + 6;
    pen.text((x, base), font, pen.ink.ink_3, &count.unwrap_or_default());
    area.y + 19
}

fn left_out(pen: &mut Pen, rows: usize, area: Rect) -> i32 {
    let Some(more) = rows.checked_sub(MOST).filter(|&more| more > 0) else { return area.y };
    pen.text((area.x, area.y + 13), Font::sans(11), pen.ink.ink_3, &format!("and {more} more"));
    area.y + 18
}

/// Where the program is; where that ends.
fn position(pen: &mut Pen, cpu: &CpuView, line: &str, area: Rect) -> i32 {
    let (position, small) = (&cpu.position, Font::sans(11));
    let place = match &cpu.handler {
        Some(handler) => handler,
        None if position.ended => "nothing left to do",
        None => position.function.as_str(),
    };
    let aside = match &position.waits {
        Some(reason) if !position.ended => reason,
        _ if !cpu.irqs_on => "interrupts off",
        _ => "",
    };
    let width = area.width;
    let (pad, inner) = (8, width - 16);
    let name = small.cut(place, inner);
    let beside = small.width(&name) + 10 + small.width(aside) <= inner;
    // A long reason gets lines of its own.
    let reason = if beside { Vec::new() } else { small.wrap(aside, inner, 3) };
    let quoted = !position.ended && !line.is_empty();
    let lines = 1 + i32::from(quoted) + reason.len() as i32;
    let height = 10 + lines * 16;
    pen.rect(Rect::new(area.x, area.y, width, height), Paint::filled(pen.ink.sunken).round(4));
    let mut base = area.y + 17;
    pen.text((area.x + pad, base), small, pen.ink.ink_3, &name);
    let colour = if position.waits.is_some() { pen.ink.stale } else { pen.ink.ink_3 };
    if beside {
        pen.text_at((area.x + width - pad, base), small, colour, Anchor::End, aside);
    }
    if quoted {
        base += 16;
        let code = Font::mono(11);
        pen.text((area.x + pad, base), code, pen.ink.ink, &code.cut(line, inner));
    }
    for line in reason {
        base += 16;
        pen.text((area.x + pad, base), small, colour, &line);
    }
    area.y + height
}
