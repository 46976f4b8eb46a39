//! The lines of the overlay: where they start, how they bend, where they end.

use crate::browser::Rect;

/// A line in whole pixels: a curve, and straight lines that lead to its start or go on from its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Wire {
    before: Vec<(i32, i32)>,
    pub(super) curve: Curve,
    after: Vec<(i32, i32)>,
}

impl Wire {
    /// Between tiles: from edge to edge, straight where they stand side by side; up and over to a row above, or to a tile
    /// behind another one, so that it passes behind no tile between them. (The pages of a table stand side by side, and what
    /// came out from behind the first would look as if it began there.)
    pub(super) fn pointer(from: Rect, to: Rect) -> Wire {
        let gap = to.x - (from.x + from.width);
        if gap >= from.width.min(to.width) && (to.y - from.y).abs() < from.height.min(to.height) {
            let (start, end) = ((from.x + from.width - 24, from.y), (to.x + 24, to.y - 2));
            let over = from.y.min(to.y) - 26;
            let curve = Curve([start, (start.0, over), (end.0, over), end]);
            return Wire { before: Vec::new(), curve, after: Vec::new() };
        }
        if to.x >= from.x + from.width && to.y + to.height <= from.y {
            let (start, end) = ((from.x + 24, from.y), (to.x - 2, to.y + 17));
            let lift = (start.1 - end.1) / 2;
            let curve = Curve([start, (start.0, start.1 - lift), (start.0, end.1), end]);
            return Wire { before: Vec::new(), curve, after: Vec::new() };
        }
        let (start, end) = if to.x >= from.x + from.width {
            ((from.x + from.width, from.y + 17), (to.x - 2, to.y + 17))
        } else {
            (from.below(), to.above())
        };
        let curve = if to.x >= from.x + from.width {
            let bend = (end.0 - start.0) / 2;
            Curve([start, (start.0 + bend, start.1), (end.0 - bend, end.1), end])
        } else {
            Curve::falling(start, end)
        };
        Wire { before: Vec::new(), curve, after: Vec::new() }
    }

    /// From a row of a card to whatever it refers to: out at the left into a gutter of its own, down past the card,
    /// and in from above. So it crosses nothing that is written on the card. On a projector memory is above: then up, and in from
    /// below.
    pub(super) fn reference(from: Rect, card: Rect, to: Rect, gutter: i32) -> Wire {
        let x = card.x - 2 - 4 * (gutter % 3);
        let y = from.y + from.height / 2;
        let up = to.y + to.height <= card.y;
        let past = (x, if up { card.y - 2 } else { card.y + card.height + 2 });
        let end =
            (to.x + to.width / 2 - 10 + 10 * (gutter % 3), if up { to.y + to.height + 2 } else { to.y - 2 });
        Wire { before: vec![(from.x, y), (x, y)], curve: Curve::falling(past, end), after: Vec::new() }
    }

    /// From a tile into a row of a card: the same way as a reference, backwards.
    pub(super) fn inward(from: Rect, card: Rect, to: Rect) -> Wire {
        let (x, y) = (card.x - 10, to.y + to.height / 2);
        let curve = Curve::falling(from.above(), (x, card.y + card.height + 2));
        Wire { before: Vec::new(), curve, after: vec![(x, y), (to.x - 2, y)] }
    }

    /// The way of a token: out at the lower edge if it goes down, else straight from middle to middle.
    pub(super) fn flight(from: Rect, to: Rect) -> Wire {
        let curve = if to.y >= from.y + from.height {
            let target = to.x + to.width / 2;
            let x = target.clamp(from.x + from.width.min(24), from.x + (from.width - 24).max(24));
            Curve::falling((x, from.y + from.height), to.above())
        } else if from.y >= to.y + to.height {
            Curve::falling(from.above(), to.below())
        } else {
            let middle = |rect: Rect| rect.y + rect.height / 2;
            let right = to.x > from.x;
            let start = (if right { from.x + from.width } else { from.x }, middle(from));
            let end = (if right { to.x } else { to.x + to.width }, middle(to));
            let bend = (end.0 - start.0) / 2;
            Curve([start, (start.0 + bend, start.1), (end.0 - bend, end.1), end])
        };
        Wire { before: Vec::new(), curve, after: Vec::new() }
    }

    pub(super) fn path(&self) -> String {
        let [start, near, far, end] = self.curve.0;
        let mut path = String::new();
        for (x, y) in self.before.iter().chain([&start]) {
            path.push_str(&format!("{}{x} {y}", if path.is_empty() { 'M' } else { 'L' }));
        }
        path.push_str(&format!("C{} {} {} {} {} {}", near.0, near.1, far.0, far.1, end.0, end.1));
        self.after.iter().for_each(|(x, y)| path.push_str(&format!("L{x} {y}")));
        path
    }

    /// The arrowhead, along the last stretch.
    pub(super) fn head(&self) -> String {
        match self.after.as_slice() {
            [.., near, end] => head(*near, *end),
            _ => head(self.curve.0[2], self.curve.0[3]),
        }
    }
}

/// An arrowhead at `end`: a triangle that points away from `near`.
fn head(near: (i32, i32), end: (i32, i32)) -> String {
    let (dx, dy) = (f64::from(end.0 - near.0), f64::from(end.1 - near.1));
    let length = dx.hypot(dy).max(1.0);
    // In tenths of a pixel, as integers: printing floats takes ten kilobytes of code.
    let tenths = |along: f64, aside: f64| (80.0 * along + 40.0 * aside).round() as i32;
    let (ux, uy) = (dx / length, dy / length);
    let corner = |side: f64| {
        let (x, y) = (end.0 * 10 - tenths(ux, side * uy), end.1 * 10 - tenths(uy, -side * ux));
        format!("{} {}", decimal(x), decimal(y))
    };
    format!("M{} {}L{}L{}Z", end.0, end.1, corner(1.0), corner(-1.0))
}

/// A number of tenths, as SVG reads it.
fn decimal(tenths: i32) -> String {
    let sign = if tenths < 0 { "-" } else { "" };
    format!("{sign}{}.{}", tenths.unsigned_abs() / 10, tenths.unsigned_abs() % 10)
}

impl Rect {
    /// The middle of the upper edge, and a little above it: where arrowheads end.
    fn above(self) -> (i32, i32) {
        (self.x + self.width / 2, self.y - 2)
    }

    /// The middle of the lower edge.
    fn below(self) -> (i32, i32) {
        (self.x + self.width / 2, self.y + self.height)
    }
}

/// A cubic curve in whole pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Curve([(i32, i32); 4]);

impl Curve {
    /// Leaves and arrives upright.
    fn falling(start: (i32, i32), end: (i32, i32)) -> Curve {
        let bend = (end.1 - start.1) / 2;
        Curve([start, (start.0, start.1 + bend), (end.0, end.1 - bend), end])
    }

    /// The point after so many thousandths, slowing down towards the end.
    pub(super) fn at(self, thousandths: u32) -> (i32, i32) {
        let t = f64::from(thousandths.min(1000)) / 1000.0;
        let t = 1.0 - (1.0 - t) * (1.0 - t);
        let along = |pick: fn((i32, i32)) -> i32| {
            let [a, b, c, d] = self.0.map(|point| f64::from(pick(point)));
            let u = 1.0 - t;
            (u * u * u * a + 3.0 * u * u * t * b + 3.0 * u * t * t * c + t * t * t * d).round() as i32
        };
        (along(|point| point.0), along(|point| point.1))
    }
}

#[cfg(test)]
mod tests {
    use super::{Rect, Wire, decimal, head};

    #[test]
    fn a_token_starts_and_ends_where_its_line_does() {
        let from = Rect { x: 10, y: 10, width: 400, height: 20 };
        let to = Rect { x: 300, y: 200, width: 80, height: 60 };
        let wire = Wire::flight(from, to);
        assert_eq!(wire.curve.at(0), (340, 30));
        assert_eq!(wire.curve.at(1000), (340, 198));
        assert!(wire.path().starts_with("M340 30C"));
    }

    #[test]
    fn neighbours_are_joined_edge_to_edge() {
        let tile = |x, y| Rect { x, y, width: 100, height: 80 };
        let wire = Wire::pointer(tile(0, 0), tile(120, 0));
        assert_eq!((wire.curve.0[0], wire.curve.0[3]), ((100, 17), (118, 17)));
        let over = Wire::pointer(tile(0, 100), tile(360, 0));
        assert_eq!((over.curve.0[0], over.curve.0[3]), ((24, 100), (358, 17)));
    }

    #[test]
    fn a_line_to_the_second_page_of_a_table_does_not_seem_to_begin_at_the_first() {
        let tile = |x| Rect { x, y: 60, width: 100, height: 80 };
        let (table, between, second) = (tile(0), tile(120), tile(240));
        let curve = Wire::pointer(table, second).curve;
        let points = (0..=1000).map(|at| curve.at(at));
        let beside =
            points.filter(|point| (between.x - 10..=between.x + between.width + 10).contains(&point.0));
        assert!(
            beside.clone().count() > 0 && beside.into_iter().all(|point| point.1 < between.y),
            "{curve:?}"
        );
        assert_eq!(curve.0[3], (264, 58));
    }

    #[test]
    fn a_reference_goes_past_its_card_to_memory_below_or_above() {
        let card = Rect { x: 100, y: 300, width: 200, height: 150 };
        let row = Rect { x: 110, y: 350, width: 80, height: 20 };
        let tile = |y| Rect { x: 500, y, width: 80, height: 60 };
        let ends = |to| {
            let curve = Wire::reference(row, card, to, 0).curve.0;
            (curve[0].1, curve[3].1)
        };
        assert_eq!(ends(tile(500)), (452, 498));
        assert_eq!(ends(tile(20)), (298, 82));
    }

    #[test]
    fn heads_end_where_lines_do() {
        assert_eq!(head((0, 0), (100, 0)), "M100 0L92.0 4.0L92.0 -4.0Z");
        assert_eq!(head((0, 0), (0, 100)), "M0 100L-4.0 92.0L4.0 92.0Z");
        assert_eq!([decimal(-5), decimal(0), decimal(123)], ["-0.5", "0.0", "12.3"]);
    }
}
