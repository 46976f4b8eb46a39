//! The run as a storyboard: a cell for each step, with its number, a piece of the diagram that ends there, and its
//! sentence. In two columns, read row by row.

use crate::lanes::draw_mark;
use crate::measure::Font;
use crate::pen::{Paint, Pen, Rect};
use scene::view::{Caption, Timeline, Tone};

/// The most cells; a line says how many steps follow.
pub(crate) const MOST: usize = 200;
/// Steps in a cell's piece of the diagram, and the width of one.
const SPAN: u32 = 7;
const STEP: i32 = 18;
/// Height of a lane, and room for its name.
const LANE: i32 = 17;
const NAMES: i32 = 52;
/// The most lanes that are drawn: the acting CPU's sentence is there in any case.
const LANES: usize = 9;
/// Between cells.
const GAP: i32 = 14;
const PAD: i32 = 12;
/// Width of the hatched edge of a stale cell: a dashed frame is hardware's.
const EDGE: i32 = 7;

/// Draws the storyboard; where it ends.
pub(crate) fn storyboard(
    pen: &mut Pen,
    captions: &[Caption],
    timeline: &Timeline,
    cursor: u32,
    area: Rect,
) -> i32 {
    let width = (area.width - GAP) / 2;
    let mut y = area.y;
    let shown = &captions[..captions.len().min(MOST)];
    for (row, pair) in shown.chunks(2).enumerate() {
        let first = row as u32 * 2 + 1;
        let height = pair.iter().map(|caption| height(caption, timeline, width)).max().unwrap_or_default();
        for (number, caption) in (first..).zip(pair) {
            let x = area.x + if number == first { 0 } else { width + GAP };
            cell(pen, timeline, number, caption, number == cursor, Rect::new(x, y, width, height));
        }
        y += height + GAP;
    }
    let more = (timeline.steps as usize).saturating_sub(shown.len());
    if more > 0 {
        let words = format!("{more} further steps follow.");
        pen.text((area.x, y + 12), Font::sans(13), pen.ink.ink_2, &words);
        y += 18 + GAP;
    }
    y - GAP
}

const SENTENCE: Font = Font::sans(13);

fn sentence(caption: &Caption, width: i32) -> Vec<String> {
    let violated = match caption.violations.as_slice() {
        [] => String::new(),
        names => format!(" [{}]", names.join(", ")),
    };
    SENTENCE.wrap(&format!("{}{violated}", caption.sentence), width - 2 * PAD, 6)
}

fn height(caption: &Caption, timeline: &Timeline, width: i32) -> i32 {
    let lanes = timeline.lanes.len().min(LANES) as i32;
    PAD + lanes * LANE + 6 + sentence(caption, width).len() as i32 * 17 + PAD
}

fn cell(pen: &mut Pen, timeline: &Timeline, number: u32, caption: &Caption, now: bool, place: Rect) {
    let ink = pen.ink;
    let sheet = Paint::filled(ink.sheet).round(6);
    let look = match caption.tone {
        Tone::Stale => sheet.edged(ink.stale_mark, 20),
        Tone::Corrupt => sheet.edged(ink.corrupt_mark, 35),
        Tone::Speculative => sheet.edged(ink.hardware, 15).dashed("4 3"),
        Tone::Safe => sheet.edged(ink.safe_mark, 20),
        Tone::Plain | Tone::Muted => sheet.edged(ink.rule_2, 10),
    };
    pen.rect(place, look);
    if caption.tone == Tone::Stale {
        pen.rect(
            Rect { width: EDGE, ..place },
            Paint::filled(ink.sheet).edged(ink.stale_mark, 20).hatched().round(EDGE / 2),
        );
    }
    let (font, label) = (Font::sans(18).bold(), number.to_string());
    let wide = font.width(&label);
    let at = (place.right() - PAD - wide, place.y + PAD + 14);
    if now {
        pen.rect(
            Rect::new(at.0 - 8, at.1 - 18, wide + 14, 24),
            Paint::filled(ink.software_soft).edged(ink.software, 15).round(4),
        );
    }
    pen.text(at, font, ink.ink, &label);
    let top = place.y + PAD;
    piece(pen, timeline, number, (place.x + PAD, top));
    let lanes = timeline.lanes.len().min(LANES) as i32;
    let mut y = top + lanes * LANE + 4;
    for line in sentence(caption, place.width) {
        y += 17;
        pen.text((place.x + PAD, y), SENTENCE, ink.ink, &line);
    }
}

/// The last steps of the diagram up to a step.
fn piece(pen: &mut Pen, timeline: &Timeline, end: u32, (x, y): (i32, i32)) {
    let first = end.saturating_sub(SPAN - 1).max(1);
    let ink = pen.ink;
    if first <= end {
        let x = x + NAMES + (end - first) as i32 * STEP;
        let height = timeline.lanes.len().min(LANES) as i32 * LANE;
        pen.rect(Rect::new(x, y, STEP, height), Paint::filled(ink.software_soft).round(3));
    }
    let middle = |lane: usize| y + lane as i32 * LANE + LANE / 2;
    for (lane, title) in timeline.lanes.iter().take(LANES).enumerate() {
        pen.text((x, middle(lane) + 4), Font::sans(10), ink.ink_3, title);
        let line = format!("M{} {}h{}", x + NAMES, middle(lane), SPAN as i32 * STEP);
        pen.path(&line, Paint::line(ink.rule_2, 10));
    }
    let from = timeline.marks.partition_point(|mark| mark.step < first);
    let to = timeline.marks.partition_point(|mark| mark.step <= end);
    for mark in timeline.marks.get(from..to).unwrap_or_default() {
        if usize::from(mark.lane) >= LANES {
            continue;
        }
        let column = x + NAMES + (mark.step - first) as i32 * STEP + STEP / 2;
        let now = mark.step == end;
        let at = (column, middle(usize::from(mark.lane)));
        draw_mark(pen, mark, at, if now { 6 } else { 4 });
    }
}
