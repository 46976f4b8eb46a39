//! The run as a space-time diagram: a lane for each CPU and one for memory, steps from left to right.
//!
//! Of a run that is too long for the width, the steps around the moment shown are drawn.

use crate::measure::Font;
use crate::pen::{Anchor, Paint, Pen, Rect};
use crate::tone::edge;
use scene::view::{BandView, MarkKind, MarkView, MessageKind, MessageView, Timeline, Tone};
use std::collections::BTreeMap;

/// Room for the titles of lanes.
const TITLES: i32 = 76;
/// Height of the row of numbers.
const HEAD: i32 = 22;
/// Height of a lane without bands, and of a track of bands.
const LANE: i32 = 40;
const TRACK: i32 = 17;
/// The most tracks of a lane.
const TRACKS: u8 = 7;
/// The most marks, bands and messages each: a step may free a hundred frames. Those nearest to the moment shown are drawn.
const MOST: usize = 800;
/// The least and the most that a step takes.
const STEP: (i32, i32) = (15, 54);

/// Where everything in the diagram stands.
struct Lanes {
    /// Left edge of the first step's column.
    left: i32,
    /// Upper edge of each lane.
    tops: Vec<i32>,
    top: i32,
    bottom: i32,
    /// Width of a step.
    step: i32,
    /// The steps that are drawn.
    first: u32,
    last: u32,
}

impl Lanes {
    fn new(timeline: &Timeline, cursor: u32, area: Rect) -> Lanes {
        let room = area.width - TITLES - 16;
        let most = u32::try_from(room / STEP.0).unwrap_or(1).max(1);
        let (first, last) = if timeline.steps <= most {
            (1, timeline.steps)
        } else {
            // Most of what is drawn has led to the moment shown.
            let last = (cursor + most / 4).clamp(most, timeline.steps);
            (last - most + 1, last)
        };
        let shown = (last + 1 - first.min(last)).max(1);
        let mut tops = Vec::new();
        let mut y = area.y + HEAD;
        for lane in 0..timeline.lanes.len() {
            let of_lane = timeline.bands.iter().filter(|band| usize::from(band.lane) == lane);
            let tracks = of_lane.map(|band| i32::from(band.track.min(TRACKS)) + 1).max().unwrap_or(0);
            tops.push(y);
            y += LANE + tracks * TRACK;
        }
        let step = (room / shown as i32).clamp(STEP.0, STEP.1);
        Lanes { left: area.x + TITLES, tops, top: area.y, bottom: y + 4, step, first, last }
    }

    fn shows(&self, from: u32, to: u32) -> bool {
        from <= self.last && to >= self.first
    }

    /// The middle of a step's column. Steps that are not drawn stand at the edges.
    fn column(&self, step: u32) -> i32 {
        let step = step.clamp(self.first.saturating_sub(1), self.last + 1);
        self.left + 8 + (step as i32 - self.first as i32) * self.step + self.step / 2
    }

    fn right(&self) -> i32 {
        self.column(self.last) + self.step / 2 + 8
    }

    /// The height at which the marks of a lane stand.
    fn line(&self, lane: u8) -> i32 {
        self.tops.get(usize::from(lane)).copied().unwrap_or(self.top) + LANE / 2
    }
}

/// Draws the diagram; where it ends.
pub(crate) fn lanes(pen: &mut Pen, timeline: &Timeline, cursor: u32, area: Rect) -> i32 {
    let lanes = Lanes::new(timeline, cursor, area);
    let ink = pen.ink;
    let frame = Rect { height: lanes.bottom - area.y, ..area };
    pen.rect(frame, Paint::filled(ink.sheet).edged(ink.rule, 10).round(6));
    if cursor > 0 && lanes.shows(cursor, cursor) {
        let x = lanes.column(cursor) - lanes.step / 2;
        let now = Rect::new(x, area.y + 1, lanes.step, frame.height - 2);
        pen.rect(now, Paint::filled(ink.software_soft).edged(ink.software, 10));
    }
    let bands = timeline.bands.iter().filter(|band| lanes.shows(band.from_step, band.to_step));
    let (bands, mut left_out) = nearest(bands.collect(), |band| away(cursor, band.from_step, band.to_step));
    for band in bands {
        draw_band(pen, &lanes, band, timeline.steps);
    }
    for (lane, title) in timeline.lanes.iter().enumerate() {
        let y = lanes.line(lane as u8);
        let wire = format!("M{} {y}H{}", lanes.left, lanes.right().min(area.right()));
        pen.path(&wire, Paint::line(ink.rule_2, 10));
        pen.text((area.x + 12, y + 4), Font::sans(12).bold(), ink.ink_2, title);
    }
    for step in lanes.first..=lanes.last {
        let at = step == cursor;
        let near = step.abs_diff(cursor) < 3 && !at;
        if at || !near && (step % 5 == 0 || step == lanes.first) {
            let (font, colour) =
                if at { (Font::sans(11).bold(), ink.ink) } else { (Font::sans(11), ink.ink_3) };
            pen.text_at((lanes.column(step), area.y + 15), font, colour, Anchor::Middle, &step.to_string());
        }
    }
    let messages = timeline.arrows.iter().filter(|arrow| lanes.shows(arrow.from_step, arrow.to_step));
    let (messages, further) =
        nearest(messages.collect(), |message| away(cursor, message.from_step, message.to_step));
    left_out += further;
    for message in messages {
        draw_message(pen, &lanes, message);
    }
    let marks = timeline.marks.iter().filter(|mark| lanes.shows(mark.step, mark.step));
    let (marks, further) = nearest(marks.collect(), |mark| away(cursor, mark.step, mark.step));
    left_out += further;
    draw_marks(pen, &lanes, &marks, cursor);
    let mut words = Vec::new();
    if lanes.last - lanes.first.min(lanes.last) + 1 < timeline.steps {
        words.push(format!("steps {} to {} of {}", lanes.first, lanes.last, timeline.steps));
    }
    if left_out > 0 {
        words.push(format!("{left_out} marks, bands and messages far from step {cursor} are left out"));
    }
    let at = (area.right() - 10, lanes.bottom - 6);
    pen.text_at(at, Font::sans(11), ink.ink_3, Anchor::End, &words.join("; "));
    lanes.bottom
}

/// How many steps lie between the moment and what goes from one step to another.
fn away(cursor: u32, from: u32, to: u32) -> u32 {
    from.saturating_sub(cursor).max(cursor.saturating_sub(to))
}

/// The nearest of some things, in their order, and how many are further away.
fn nearest<T>(things: Vec<&T>, away: impl Fn(&T) -> u32) -> (Vec<&T>, usize) {
    let left_out = things.len().saturating_sub(MOST);
    if left_out == 0 {
        return (things, 0);
    }
    let mut order: Vec<(u32, usize, &T)> =
        things.into_iter().enumerate().map(|(at, thing)| (away(thing), at, thing)).collect();
    order.sort_unstable_by_key(|&(away, at, _)| (away, at));
    order.truncate(MOST);
    order.sort_unstable_by_key(|&(_, at, _)| at);
    (order.into_iter().map(|(_, _, thing)| thing).collect(), left_out)
}

/// A band goes from mark to mark: what changes hands at a step does so in the middle of its column.
fn draw_band(pen: &mut Pen, lanes: &Lanes, band: &BandView, steps: u32) {
    let x = if band.from_step < lanes.first { lanes.left + 3 } else { lanes.column(band.from_step) };
    let end = match band.to_step {
        to if to > lanes.last || to >= steps => lanes.column(lanes.last) + lanes.step / 2,
        to => lanes.column(to),
    };
    let y = lanes.line(band.lane) + LANE / 2 - 6 + i32::from(band.track.min(TRACKS)) * TRACK;
    let place = Rect::new(x, y, (end - x - 2).max(6), TRACK - 3);
    let ink = pen.ink;
    let look = match band.tone {
        Tone::Plain => Paint::filled(ink.sunken).edged(ink.rule_2, 10),
        Tone::Muted => Paint::filled(ink.sunken).edged(ink.rule_2, 10).dashed("1 2"),
        tone => edge(pen, tone),
    };
    pen.rect(place, look.round(3));
    let bold = matches!(band.tone, Tone::Stale | Tone::Corrupt);
    let font = if bold { Font::sans(10).bold() } else { Font::sans(10) };
    let label = font.cut(&band.label, place.width - 8);
    if label.chars().count() < 4 && label != band.label {
        return;
    }
    let at = (place.x + 4, place.y + 11);
    let colour = if bold { ink.ink } else { ink.ink_2 };
    match band.tone {
        Tone::Stale => pen.haloed(at, font, (colour, ink.stale_soft), Anchor::Start, &label),
        _ => pen.text(at, font, colour, &label),
    }
}

/// An IPI, its answer, or the IPI that was not sent.
fn draw_message(pen: &mut Pen, lanes: &Lanes, message: &MessageView) {
    let down = if message.to_lane > message.from_lane { 1 } else { -1 };
    let (x, y) = (lanes.column(message.from_step), lanes.line(message.from_lane) + down * 9);
    let (to_x, to_y) = (lanes.column(message.to_step), lanes.line(message.to_lane) - down * 11);
    let ink = pen.ink;
    let path = format!("M{x} {y}L{to_x} {}", to_y - down * 6);
    let head = format!("M{to_x} {}l-5 {}h10z", to_y + down * 3, -9 * down);
    match message.kind {
        MessageKind::Ipi => {
            pen.path(&path, Paint::line(ink.software, 20));
            pen.path(&head, Paint::filled(ink.software));
        }
        MessageKind::Done => {
            pen.path(&path, Paint::line(ink.ink_3, 13));
            pen.path(&head, Paint::filled(ink.ink_3));
        }
        MessageKind::NotSent => {
            pen.path(&path, Paint::line(ink.corrupt_mark, 18).dashed("3 3"));
            pen.path(&head, Paint::filled(ink.sheet).edged(ink.corrupt_mark, 15));
            let middle = ((x + to_x) / 2 + 8, (y + to_y) / 2 + 4);
            let colours = (ink.corrupt, ink.sheet);
            pen.haloed(middle, Font::sans(11).bold(), colours, Anchor::Start, "no IPI");
        }
    }
}

/// The marks of the steps that are drawn, and the words beside them where there is room.
fn draw_marks(pen: &mut Pen, lanes: &Lanes, marks: &[&MarkView], cursor: u32) {
    let mut next: BTreeMap<u8, u32> = BTreeMap::new();
    let mut following: Vec<Option<u32>> =
        marks.iter().rev().map(|mark| next.insert(mark.lane, mark.step)).collect();
    following.reverse();
    let mut labels = pen.sheet();
    let mut previous: BTreeMap<u8, u32> = BTreeMap::new();
    for (mark, following) in marks.iter().copied().zip(following) {
        let before = previous.insert(mark.lane, mark.step);
        let x = lanes.column(mark.step);
        let after = following.map_or(lanes.right() - x, |next| lanes.column(next) - x);
        // At the end of a lane there may be more room before the mark than after it.
        let ahead = match following {
            None => before.map_or(x - lanes.left, |before| x - lanes.column(before)),
            Some(_) => 0,
        };
        draw_label(&mut labels, mark, (x, lanes.line(mark.lane)), (after, ahead));
    }
    for mark in marks {
        let at = (lanes.column(mark.step), lanes.line(mark.lane));
        let small = lanes.step < 18 && mark.step != cursor;
        draw_mark(pen, mark, at, if small { 5 } else { 7 });
    }
    pen.out.push_str(&labels.out);
}

/// The label of a mark, after it or before it, if enough of it fits.
fn draw_label(pen: &mut Pen, mark: &MarkView, (x, y): (i32, i32), (after, before): (i32, i32)) {
    let strong = matches!(mark.tone, Tone::Stale | Tone::Corrupt);
    let font = if strong { Font::sans(10).bold() } else { Font::sans(10) };
    let ink = pen.ink;
    let colours = (if strong { ink.ink } else { ink.ink_2 }, ink.sheet);
    let whole = font.width(&mark.label);
    let least = whole.min(font.width("abcdefgh"));
    let after = after - 28;
    if after < least && before - 34 > whole + 40 {
        pen.haloed((x - 17, y + 4), font, colours, Anchor::End, &mark.label);
    } else if after >= least {
        pen.haloed((x + 13, y + 4), font, colours, Anchor::Start, &font.cut(&mark.label, after));
    }
}

/// The outline of a mark, as wide as twice its `side`: who did it.
pub(crate) fn shape(kind: MarkKind, (x, y): (i32, i32), side: i32) -> String {
    match kind {
        MarkKind::Software => format!("M{} {}h{2}v{2}h-{2}z", x - side, y - side, side * 2),
        MarkKind::Speculative => {
            let r = side + 1;
            format!("M{x} {}a{r} {r} 0 1 1 0 {}a{r} {r} 0 1 1 0 -{}z", y - r, 2 * r, 2 * r)
        }
        MarkKind::Drain => format!("M{} {}h{}l-{side} {}z", x - side, y - side + 2, side * 2, side + 3),
        MarkKind::Interrupt => {
            format!("M{} {}h{side}l{side} {side}l-{side} {side}h-{side}z", x - side, y - side)
        }
        MarkKind::Fence => {
            let (top, high) = (y - side - 5, 2 * side + 10);
            format!("M{} {top}h4v{high}h-4zM{} {top}h4v{high}h-4z", x - side, x + side - 4)
        }
        MarkKind::Memory => format!("M{x} {}l{side} {side}l-{side} {side}l-{side} -{side}z", y - side),
    }
}

/// What stands around the mark of a violation.
pub(crate) fn burst((x, y): (i32, i32)) -> String {
    format!("M{} {y}l4 -4l-2 -6l6 2l6 -4l6 4l6 -2l-2 6l4 4l-4 4l2 6l-6 -2l-6 4l-6 -4l-6 2l2 -6z", x - 14)
}

/// A mark, as wide as twice its `side`: its shape says who did it, its edge what it means.
pub(crate) fn draw_mark(pen: &mut Pen, mark: &MarkView, (x, y): (i32, i32), side: i32) {
    let ink = pen.ink;
    let look = match mark.kind {
        MarkKind::Software | MarkKind::Fence => Paint::filled(ink.software),
        MarkKind::Speculative => Paint::filled(ink.sheet).edged(ink.hardware, 20).dashed("3.5 2.4"),
        MarkKind::Drain | MarkKind::Interrupt => Paint::filled(ink.ink_3),
        MarkKind::Memory => Paint::filled(ink.sheet).edged(ink.ink_3, 20),
    };
    let dash = look.dash;
    let look = match mark.tone {
        Tone::Stale => Paint::filled(ink.stale_soft).edged(ink.stale_mark, 20).dashed(dash),
        Tone::Corrupt => Paint::filled(ink.corrupt_mark).edged(ink.corrupt_mark, 10),
        Tone::Safe => Paint::filled(ink.safe_mark),
        Tone::Plain | Tone::Muted | Tone::Speculative => look,
    };
    let shape = shape(mark.kind, (x, y), side);
    if mark.tone == Tone::Corrupt && side > 4 {
        pen.path(&burst((x, y)), Paint::filled(ink.corrupt_soft).edged(ink.corrupt_mark, 15));
    }
    pen.path(&shape, look);
    if mark.tone == Tone::Stale {
        // Its hatching, at this size: one stroke.
        let half = side / 2;
        let stroke = format!("M{} {}l{} -{}", x - half, y + half, 2 * half, 2 * half);
        pen.path(&stroke, Paint::line(ink.stale_mark, 15));
    }
}

#[cfg(test)]
mod tests {
    use super::{MOST, lanes};
    use crate::palette::LIGHT;
    use crate::pen::{Pen, Rect};
    use scene::view::{MarkKind, MarkView, Timeline, Tone};

    /// A run of twenty steps, each of which frees a hundred frames.
    #[test]
    fn of_too_many_marks_those_around_the_moment_are_drawn() {
        let mark = |step: u32, lane: u8, label: &str| MarkView {
            step,
            lane,
            kind: MarkKind::Software,
            tone: Tone::Plain,
            label: label.to_owned(),
        };
        let marks = (1..=20).flat_map(|step| (0..100).map(move |_| mark(step, 0, "")));
        let timeline = Timeline {
            lanes: vec!["CPU 0".to_owned(), "memory".to_owned()],
            marks: marks.chain([mark(20, 1, "the last")]).collect(),
            arrows: Vec::new(),
            bands: Vec::new(),
            steps: 20,
        };
        let drawn = |cursor: u32| {
            let mut pen = Pen::new(&LIGHT, "x");
            lanes(&mut pen, &timeline, cursor, Rect::new(20, 20, 960, 0));
            pen.out
        };
        let (first, last) = (drawn(0), drawn(20));
        assert!(last.contains(">the last</text>") && !first.contains(">the last</text>"), "{last}");
        let words = format!("{} marks, bands and messages far from step 20 are left out", 2_001 - MOST);
        assert!(last.contains(&words), "{last}");
    }
}
