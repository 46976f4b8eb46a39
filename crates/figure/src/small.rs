//! Small pictures of runs, for a list: lanes, marks and messages without words. All pictures of a list are one file, and an element of
//! the page shows one of them by its name (`<use>`).
//!
//! The colours are the page's own, by their names: the page gives them, light or dark.

use crate::lanes::{burst, shape};
use crate::pen::escaped;
use explore::Trace;
use machine::Machine;
use scene::view::{MarkKind, MarkView, MessageKind, Timeline, Tone};
use std::collections::BTreeMap;
use std::fmt::Write;

/// Width and height of each, in the units that it is drawn in.
pub const SMALL: (i32, i32) = (360, 64);

/// The most steps that are drawn: of a longer run the last ones.
const MOST: u32 = 80;

/// Where the names of lanes end, and where steps end.
const LEFT: i32 = 50;
const RIGHT: i32 = SMALL.0 - 16;
/// The widest column, in tenths.
const WIDEST: i32 = 140;
/// The middle of the first lane, and the widest distance from lane to lane.
const TOP: i32 = 14;
const APART: i32 = 18;

/// A picture of a run: an element with this name. The last step may be one that violates something.
#[must_use]
pub fn small(name: &str, machine: &Machine, trace: &Trace<Machine>, violates: bool) -> String {
    let timeline = scene::timeline(machine, trace);
    Small::of(&timeline).drawn(name, &timeline, violates)
}

/// Where things stand.
struct Small {
    /// The first step that is drawn.
    first: u32,
    /// The width of a column, in tenths.
    column: i32,
    /// From lane to lane.
    apart: i32,
    /// Half of a mark's width.
    side: i32,
}

/// What is drawn so far, by its look: the attributes of a path, and where it goes. Looks that come later lie above.
type Layers = BTreeMap<Look, String>;

/// How something looks, from the lowest layer up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Look {
    StaleBand,
    CorruptBand,
    Lane,
    NotSent,
    Ipi,
    Done,
    Burst,
    Memory,
    Software,
    Hardware,
    Other,
    Safe,
    Stale,
    Corrupt,
}

impl Look {
    const fn attributes(self) -> &'static str {
        match self {
            Look::StaleBand => r#"fill="var(--stale-soft)""#,
            Look::CorruptBand => r#"fill="var(--corrupt-soft)""#,
            Look::Lane => r#"stroke="var(--rule-2)""#,
            Look::NotSent => r#"fill="none" stroke="var(--corrupt-mark)" stroke-dasharray="2 2""#,
            Look::Ipi => r#"fill="none" stroke="var(--software)" stroke-width="1.5""#,
            Look::Done => r#"fill="none" stroke="var(--ink-3)""#,
            Look::Burst => r#"fill="var(--corrupt-soft)" stroke="var(--corrupt-mark)""#,
            Look::Memory => r#"fill="var(--sheet)" stroke="var(--ink-3)""#,
            Look::Software => r#"fill="var(--software)""#,
            Look::Hardware => r#"fill="var(--sheet)" stroke="var(--hardware)" stroke-width="1.5""#,
            Look::Other => r#"fill="var(--ink-3)""#,
            Look::Safe => r#"fill="var(--safe-mark)""#,
            Look::Stale => r#"fill="var(--stale-soft)" stroke="var(--stale-mark)" stroke-width="2""#,
            Look::Corrupt => r#"fill="var(--corrupt-mark)""#,
        }
    }

    const fn of(mark: &MarkView) -> Look {
        match (mark.tone, mark.kind) {
            (Tone::Stale, _) => Look::Stale,
            (Tone::Corrupt, _) => Look::Corrupt,
            (Tone::Safe, _) => Look::Safe,
            (_, MarkKind::Software | MarkKind::Fence) => Look::Software,
            (_, MarkKind::Speculative) => Look::Hardware,
            (_, MarkKind::Drain | MarkKind::Interrupt) => Look::Other,
            (_, MarkKind::Memory) => Look::Memory,
        }
    }
}

impl Small {
    fn of(timeline: &Timeline) -> Small {
        let first = timeline.steps.saturating_sub(MOST) + 1;
        let gaps = i32::try_from(timeline.steps.saturating_sub(first)).unwrap_or(i32::MAX).max(1);
        let column = WIDEST.min((RIGHT - LEFT) * 10 / gaps);
        let lanes = i32::try_from(timeline.lanes.len()).unwrap_or(i32::MAX).max(2);
        let apart = APART.min((SMALL.1 - 2 * TOP) / (lanes - 1));
        let side = if column < 60 || apart < 12 { 2 } else { 3 };
        Small { first, column, apart, side }
    }

    fn x(&self, step: u32) -> i32 {
        let column = i32::try_from(step.saturating_sub(self.first)).unwrap_or(i32::MAX);
        LEFT + column.saturating_mul(self.column) / 10
    }

    fn y(&self, lane: u8) -> i32 {
        TOP + i32::from(lane) * self.apart
    }

    fn drawn(&self, name: &str, timeline: &Timeline, violates: bool) -> String {
        let mut layers = Layers::new();
        let mut add = |look: Look, path: &str| layers.entry(look).or_default().push_str(path);
        let last = self.first.max(timeline.steps);
        for band in timeline.bands.iter().filter(|band| band.to_step >= self.first) {
            let look = match band.tone {
                Tone::Stale => Look::StaleBand,
                Tone::Corrupt => Look::CorruptBand,
                Tone::Plain | Tone::Muted | Tone::Speculative | Tone::Safe => continue,
            };
            let (from, to) = (self.x(band.from_step), self.x(band.to_step.min(last)));
            let (y, width) = (self.y(band.lane) - self.apart / 2 + 1, (to - from).max(2));
            add(look, &format!("M{from} {y}h{width}v{}h-{width}z", self.apart - 2));
        }
        for (lane, _) in (0..).zip(&timeline.lanes) {
            add(Look::Lane, &format!("M{} {}H{}", LEFT - 6, self.y(lane), self.x(last) + 6));
        }
        for message in timeline.arrows.iter().filter(|message| message.from_step >= self.first) {
            let look = match message.kind {
                MessageKind::Ipi => Look::Ipi,
                MessageKind::Done => Look::Done,
                MessageKind::NotSent => Look::NotSent,
            };
            let [from, to] = [(message.from_step, message.from_lane), (message.to_step, message.to_lane)]
                .map(|(step, lane)| (self.x(step.min(last)), self.y(lane)));
            let side = if to.1 > from.1 { 1 } else { -1 };
            let head = format!("m-3 {}l3 {}l3 {}", -5 * side, 5 * side, -5 * side);
            add(look, &format!("M{} {}L{} {}{head}", from.0, from.1, to.0, to.1 - side * (self.side + 1)));
        }
        for mark in timeline.marks.iter().filter(|mark| mark.step >= self.first) {
            let at = (self.x(mark.step), self.y(mark.lane));
            if violates && mark.step == timeline.steps && mark.kind != MarkKind::Memory {
                add(Look::Burst, &burst(at));
            }
            add(Look::of(mark), &shape(mark.kind, at, self.side));
        }
        let mut out = format!("<g id=\"{}\">", escaped(name));
        for (lane, title) in (0..).zip(&timeline.lanes) {
            let y = self.y(lane) + 3;
            let _ = write!(
                out,
                "<text y=\"{y}\" font-size=\"9\" fill=\"var(--ink-3)\">{}</text>",
                escaped(title)
            );
        }
        for (look, path) in layers {
            let _ = write!(out, "<path {} d=\"{path}\"/>", look.attributes());
        }
        out + "</g>\n"
    }
}

#[cfg(test)]
mod tests {
    use super::{LEFT, Look, MOST, RIGHT, SMALL, Small};
    use scene::view::{MarkKind, MarkView, MessageKind, MessageView, Timeline, Tone};

    fn timeline(steps: u32, cpus: u8) -> Timeline {
        let lane = |step: u32| (step % u32::from(cpus)) as u8;
        let mark = |step: u32| MarkView {
            step,
            lane: lane(step),
            kind: MarkKind::Software,
            tone: Tone::Plain,
            label: String::new(),
        };
        let message = |from_step: u32| MessageView {
            from_step,
            from_lane: 0,
            to_step: from_step + 1,
            to_lane: cpus - 1,
            kind: MessageKind::Ipi,
        };
        Timeline {
            lanes: (0..=cpus).map(|lane| format!("<{lane}>")).collect(),
            marks: (1..=steps).map(mark).collect(),
            arrows: (1..steps).map(message).collect(),
            bands: Vec::new(),
            steps,
        }
    }

    #[test]
    fn everything_is_inside_the_picture() {
        for (steps, cpus) in [(0, 1), (1, 2), (5, 2), (60, 4), (500, 4), (3, 16)] {
            let timeline = timeline(steps, cpus);
            let small = Small::of(&timeline);
            for mark in timeline.marks.iter().filter(|mark| mark.step >= small.first) {
                let (x, y) = (small.x(mark.step), small.y(mark.lane));
                assert!((LEFT..=RIGHT).contains(&x), "{steps} steps: step {} at {x}", mark.step);
                assert!(y > 0 && y < SMALL.1, "{cpus} CPUs: {y}");
            }
            let drawn = small.drawn("a&b", &timeline, true);
            assert!(drawn.starts_with("<g id=\"a&amp;b\">") && drawn.contains("&lt;0&gt;"), "{drawn}");
            assert_eq!(drawn.contains(Look::Burst.attributes()), steps > 0);
            assert!(!small.drawn("a", &timeline, false).contains(Look::Burst.attributes()));
        }
    }

    #[test]
    fn of_a_long_run_the_end_is_drawn() {
        let all = timeline(500, 2);
        assert_eq!(Small::of(&all).first, 500 - MOST + 1);
        let drawn = Small::of(&all).drawn("a", &all, false);
        assert_eq!(drawn.matches("v4h").count() + drawn.matches("v6h").count(), MOST as usize);
    }
}
