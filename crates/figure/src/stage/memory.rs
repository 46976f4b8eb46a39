//! Physical memory: a grid with a row for each address space, its tables from left to right as a walk reads them.

use crate::measure::Font;
use crate::pen::{Anchor, Paint, Pen, Rect};
use crate::stage::places::Places;
use crate::stage::row::{HEIGHT, Row};
use crate::tone::edge;
use scene::view::{Change, HolderView, MemoryView, TileKind, TileView, Tone, WordView};
use std::collections::{BTreeMap, BTreeSet};

/// Room for the titles of rows.
const TITLES: i32 = 78;
/// Between columns, and between rows: lines lead there.
pub(crate) const COLUMN_GAP: i32 = 24;
pub(crate) const ROW_GAP: i32 = 26;
/// The most words of a tile from its first one on, and the most further ones that tell something.
const MOST_WORDS: usize = 6;
/// The most tiles; a machine may have twice as many frames.
const MOST_TILES: usize = 64;
/// The most pins of a tile.
const MOST_PINS: usize = 8;

/// Draws memory; where it ends. `overhead` is the room above the titles of the columns, where lines pass.
pub(crate) fn memory(
    pen: &mut Pen,
    places: &mut Places,
    memory: &MemoryView,
    area: Rect,
    overhead: i32,
) -> i32 {
    let columns = memory.columns.len().max(1);
    let left = area.x + TITLES;
    let width = (area.right() - left - COLUMN_GAP * (columns as i32 - 1)) / columns as i32;
    let column = |column: usize| left + column as i32 * (width + COLUMN_GAP);
    let small = Font::sans(11).bold();
    let base = area.y + overhead + 12;
    pen.text((area.x, base), small, pen.ink.ink_3, "Memory");
    for (at, title) in memory.columns.iter().enumerate() {
        pen.text((column(at), base), small, pen.ink.ink_3, title);
    }
    let mut y = base + 30;
    let (lines, left_out) = shown(lines(memory, columns));
    let mut titled = None;
    for Line { row, tiles } in lines {
        if titled != Some(row) {
            let mono = Font::mono(11).bold();
            let title = memory.rows.get(row).map_or("", String::as_str);
            pen.text((area.x, y + 18), mono, pen.ink.ink_2, &mono.cut(title, TITLES - 18));
            titled = Some(row);
        }
        let height = tiles.iter().map(|tile| height(tile, width)).max().unwrap_or_default();
        for tile in tiles {
            let place = Rect::new(column(usize::from(tile.column) % columns), y, width, height);
            places.insert(tile.id.clone(), place);
            draw(pen, places, tile, place);
        }
        y += height + ROW_GAP;
    }
    if left_out > 0 {
        // Lines pass below it.
        let words = format!("and {left_out} more frames");
        pen.text((left, y - 8), Font::sans(11), pen.ink.ink_3, &words);
        y += ROW_GAP;
    }
    y - ROW_GAP
}

/// Tiles beside one another: a row of spares may be longer than a walk, and continues in the next line.
struct Line<'a> {
    row: usize,
    tiles: Vec<&'a TileView>,
}

/// The lines of all rows, in order.
fn lines(memory: &MemoryView, columns: usize) -> Vec<Line<'_>> {
    let mut lines: BTreeMap<(usize, usize), Vec<&TileView>> = BTreeMap::new();
    for tile in &memory.tiles {
        lines.entry((tile.row.into(), usize::from(tile.column) / columns)).or_default().push(tile);
    }
    let line = |((row, _), mut tiles): ((usize, usize), Vec<_>)| {
        tiles.sort_by_key(|tile: &&TileView| tile.column);
        Line { row, tiles }
    };
    lines.into_iter().map(line).collect()
}

/// The lines that are drawn, and how many tiles the others have. If there are too many tiles, those come first that tell
/// something.
fn shown(lines: Vec<Line<'_>>) -> (Vec<Line<'_>>, usize) {
    let tells =
        |tile: &&TileView| !matches!(tile.tone, Tone::Plain | Tone::Muted) || tile.change != Change::None;
    let mut order: Vec<(bool, usize)> =
        lines.iter().enumerate().map(|(at, line)| (!line.tiles.iter().any(tells), at)).collect();
    order.sort_unstable();
    let all: usize = lines.iter().map(|line| line.tiles.len()).sum();
    let (mut drawn, mut kept) = (0, BTreeSet::new());
    for (_, at) in order {
        let more = lines.get(at).map_or(0, |line| line.tiles.len());
        if drawn + more <= MOST_TILES {
            drawn += more;
            kept.insert(at);
        }
    }
    let lines = lines.into_iter().enumerate().filter(|(at, _)| kept.contains(at)).map(|(_, line)| line);
    (lines.collect(), all - drawn)
}

/// The words of a tile that are drawn, and how many are not.
fn words(tile: &TileView) -> (Vec<&WordView>, usize) {
    let telling = |word: &&WordView| word.change != Change::None || word.tone != Tone::Plain;
    let mut drawn: Vec<&WordView> = tile.words.iter().take(MOST_WORDS).collect();
    drawn.extend(tile.words.iter().skip(MOST_WORDS).filter(telling).take(MOST_WORDS));
    let left = tile.words.len() - drawn.len();
    (drawn, left)
}

/// What a pin says.
fn pin(holder: &HolderView) -> String {
    let space = if holder.word.is_empty() { "" } else { " " };
    format!("{} {}{space}{}", holder.name, holder.what, holder.word)
}

/// Where pins stand, in lines; and how high they are together.
fn pins(tile: &TileView, width: i32) -> (Vec<(i32, i32, i32, String)>, i32) {
    let font = Font::sans(10);
    let (mut x, mut y, mut placed) = (0, 0, Vec::new());
    let more = tile.holders.len().saturating_sub(MOST_PINS);
    let more = (more > 0).then(|| format!("and {more} more"));
    for text in tile.holders.iter().take(MOST_PINS).map(pin).chain(more) {
        let wide = (font.bold().width(&text) + 12).min(width);
        if x > 0 && x + wide > width {
            (x, y) = (0, y + 19);
        }
        placed.push((x, y, wide, text));
        x += wide + 4;
    }
    let height = if placed.is_empty() { 0 } else { y + 19 };
    (placed, height)
}

fn height(tile: &TileView, width: i32) -> i32 {
    let (words, left) = words(tile);
    let rows = words.len() as i32 * HEIGHT + if left > 0 { 16 } else { 0 };
    44 + rows + pins(tile, width - 16).1 + 6
}

/// A frame or a device: its name, what it is now, its words, and who can reach it.
fn draw(pen: &mut Pen, places: &mut Places, tile: &TileView, place: Rect) {
    frame(pen, tile, place);
    let ink = pen.ink;
    let (x, inner) = (place.x + 8, place.width - 16);
    let name = Font::mono(12).bold();
    let quiet = tile.kind == TileKind::Free;
    let on = match tile.tone {
        Tone::Stale => ink.stale_soft,
        Tone::Corrupt => ink.corrupt_soft,
        _ => ink.sheet,
    };
    let hatched = tile.tone == Tone::Stale;
    let say = |pen: &mut Pen, y: i32, font: Font, colour: &'static str, text: &str| {
        if hatched {
            pen.haloed((x, y), font, (colour, on), Anchor::Start, text);
        } else {
            pen.text((x, y), font, colour, text);
        }
    };
    say(pen, place.y + 18, name, if quiet { ink.ink_2 } else { ink.ink }, &name.cut(&tile.name, inner));
    let small = Font::sans(11);
    let base = place.y + 34;
    match &tile.change {
        Change::Was(was) => {
            let is = small.bold().cut(&tile.owner, inner);
            let room = inner - small.bold().width(&is) - 20;
            let was = if room > 30 { small.cut(was, room) } else { String::new() };
            let mut at = x;
            if !was.is_empty() {
                pen.struck((at, base), small, ink.ink_2, &was);
                at += small.width(&was) + 4;
                pen.text((at, base), small, ink.ink_3, "\u{2192}");
                at += 14;
            }
            pen.text((at, base), small.bold(), ink.ink, &is);
        }
        _ => say(pen, base, small, ink.ink_2, &small.cut(&tile.owner, inner)),
    }
    let (words, left) = words(tile);
    let mut y = place.y + 42;
    for word in words {
        let row = Rect::new(x - 4, y, inner + 8, HEIGHT);
        places.insert(word.id.clone(), row);
        if hatched {
            pen.rect(Rect { y: y + 1, height: HEIGHT - 2, ..row }, Paint::filled(on).round(4));
        }
        Row::word(word).draw(pen, row, Font::mono(10));
        y += HEIGHT;
    }
    if left > 0 {
        pen.text((x, y + 12), small, ink.ink_3, &format!("and {left} more words"));
    }
    let (placed, height) = pins(tile, inner);
    let top = place.bottom() - height - 4;
    for (at, (dx, dy, width, text)) in placed.iter().enumerate() {
        let chip = Rect::new(x + dx, top + dy, *width, 16);
        draw_pin(pen, tile.holders.get(at), chip, text);
    }
}

fn draw_pin(pen: &mut Pen, holder: Option<&HolderView>, chip: Rect, text: &str) {
    let ink = pen.ink;
    let tone = holder.filter(|holder| holder.usable).map_or(Tone::Muted, |holder| holder.tone);
    let font = Font::sans(10);
    let plain = Paint::filled(ink.sunken).edged(ink.rule_2, 10);
    let (look, colour, font) = match tone {
        Tone::Stale => (Paint::filled(ink.stale_mark), ink.on_stale, font.bold()),
        Tone::Corrupt => (Paint::filled(ink.corrupt_mark), ink.on_corrupt, font.bold()),
        Tone::Muted => (Paint::line(ink.rule_2, 10).dashed("2 2"), ink.ink_3, font),
        _ if holder.is_some_and(|holder| holder.added) => (plain.edged(ink.ink, 15), ink.ink, font),
        _ => (plain, ink.ink_2, font),
    };
    pen.rect(chip, look.round(8));
    pen.text((chip.x + 6, chip.y + 12), font, colour, &font.cut(text, chip.width - 8));
}

/// The edge of a tile: what it is now, and what that means.
fn frame(pen: &mut Pen, tile: &TileView, place: Rect) {
    let ink = pen.ink;
    let sheet = Paint::filled(ink.sheet).round(6);
    let changed = tile.change != Change::None;
    match (tile.tone, tile.kind) {
        (tone @ (Tone::Stale | Tone::Corrupt), _) => pen.rect(place, edge(pen, tone).round(6)),
        (_, TileKind::Free) => {
            let look = Paint::filled(ink.ground).round(6);
            pen.rect(
                place,
                if changed { look.edged(ink.ink, 15) } else { look.edged(ink.ink_3, 15) }.dashed("2 3"),
            );
        }
        (_, TileKind::Device) => {
            pen.rect(place, sheet.edged(ink.rule_2, 15));
            let inside = Rect::new(place.x + 3, place.y + 3, place.width - 6, place.height - 6);
            pen.rect(inside, Paint::line(ink.rule_2, 10).round(4));
        }
        _ if changed => pen.rect(place, sheet.edged(ink.ink, 15)),
        _ => pen.rect(place, sheet.edged(ink.rule_2, 15)),
    }
    let (word, mark, on) = match tile.tone {
        Tone::Stale => ("stale", ink.stale_mark, ink.on_stale),
        Tone::Corrupt => ("corrupt", ink.corrupt_mark, ink.on_corrupt),
        _ => return,
    };
    let mut top = place.y - 9;
    if tile.tone == Tone::Corrupt {
        zigzag(pen, place);
        top = place.y - 22;
    }
    let font = Font::sans(11).bold();
    let width = font.width(word) + 12;
    let flag = Rect::new(place.right() - 8 - width, top, width, 17);
    pen.rect(flag, Paint::filled(mark).round(3));
    pen.text((flag.x + 6, flag.y + 13), font, on, word);
}

/// The torn edge of what is corrupt.
fn zigzag(pen: &mut Pen, place: Rect) {
    let teeth = (place.width / 11).max(1);
    let mut path = format!("M{} {}", place.x - 1, place.y + 1);
    for tooth in 0..teeth {
        let at = |n: i32| place.x - 1 + (place.width + 2) * n / (2 * teeth);
        path.push_str(&format!(
            "L{} {}L{} {}",
            at(2 * tooth + 1),
            place.y - 7,
            at(2 * tooth + 2),
            place.y + 1
        ));
    }
    path.push('Z');
    pen.path(&path, Paint::filled(pen.ink.corrupt_mark));
}

#[cfg(test)]
mod tests {
    use super::{MOST_TILES, lines, shown};
    use scene::view::{Change, MemoryView, TileKind, TileView, Tone};

    fn tile(row: u8, column: u8, tone: Tone) -> TileView {
        let (id, name, number, owner) =
            (format!("frame/{row}/{column}"), String::new(), String::new(), String::new());
        let (kind, change, words, holders) = (TileKind::Data, Change::None, Vec::new(), Vec::new());
        TileView { id, name, number, row, column, kind, owner, change, tone, words, holders }
    }

    #[test]
    fn of_too_many_tiles_those_come_first_that_tell_something() {
        let tone = |row: u8| if row == 19 { Tone::Stale } else { Tone::Plain };
        let tiles = (0..20).flat_map(|row| (0..5).map(move |column| tile(row, column, tone(row)))).collect();
        let memory =
            MemoryView { tiles, arrows: Vec::new(), columns: vec![""; 5], rows: vec![String::new(); 20] };
        let (drawn, left_out) = shown(lines(&memory, 5));
        let rows: Vec<usize> = drawn.iter().map(|line| line.row).collect();
        assert_eq!(rows, (0..11).chain([19]).collect::<Vec<_>>());
        assert!(drawn.len() * 5 + left_out == 100 && drawn.len() * 5 <= MOST_TILES);
    }
}
