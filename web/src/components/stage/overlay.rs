//! Lines over the stage: pointers between page tables, dangling references, and the token that moves in a step.

use crate::components::tone;
use crate::hooks::{Rect, Rects, use_frames};
use scene::view::{TokenView, Tone};
use yew::prelude::*;

/// How long the token is under way, in milliseconds.
const FLIGHT: u32 = 300;

/// A line from one drawn thing to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Id of where it starts.
    pub from: String,
    /// Id of where it ends.
    pub to: String,
    /// What it means.
    pub tone: Tone,
    /// From a register or cache, rather than from memory to memory.
    pub reference: bool,
}

/// Properties of [`Overlay`].
#[derive(Clone, PartialEq, Properties)]
pub struct Props {
    /// The lines.
    pub lines: Vec<Line>,
    /// What moves.
    pub token: Option<TokenView>,
    /// Changes with each step that may be animated; nothing if none is.
    pub moving: Option<usize>,
    /// Where things stand.
    pub rects: Rects,
}

/// Draws the lines. Screen readers have pins and rows for the same facts.
#[component]
pub fn Overlay(props: &Props) -> Html {
    let Props { lines, token, moving, rects } = props;
    let Some(all) = rects.get("") else { return html! {} };
    let drawn = lines.iter().filter_map(|line| {
        let (from, to) = (*rects.get(&line.from)?, *rects.get(&line.to)?);
        let class = classes!("line", tone::class(line.tone), line.reference.then_some("reference"));
        let curve = if line.reference { Curve::reference(from, to) } else { Curve::pointer(from, to) };
        Some(html! {
            <g {class}><path d={curve.path()} /><path class="head" d={curve.head()} /></g>
        })
    });
    let flight = token.as_ref().and_then(|token| {
        let curve = Curve::reference(*rects.get(&token.from)?, *rects.get(&token.to)?);
        Some((curve, token.clone()))
    });
    html! {
        <svg class="overlay" viewBox={format!("0 0 {} {}", all.width, all.height)}
            width={all.width.to_string()} height={all.height.to_string()} aria-hidden="true">
            { for drawn }
            if let Some((curve, token)) = flight {
                <Flight key={moving.map_or(-1, |step| step as i64)} {curve} {token} moving={moving.is_some()} />
            }
        </svg>
    }
}

/// Properties of [`Flight`].
#[derive(Clone, PartialEq, Properties)]
struct FlightProps {
    curve: Curve,
    token: TokenView,
    moving: bool,
}

/// The token on its way; standing still, an arrow takes its place.
#[component]
fn Flight(props: &FlightProps) -> Html {
    let FlightProps { curve, token, moving } = props;
    let flown = use_state(|| if *moving { 0 } else { FLIGHT });
    let on_frame = {
        let flown = flown.clone();
        Callback::from(move |elapsed: u32| flown.set((*flown + elapsed).min(FLIGHT)))
    };
    use_frames(*flown < FLIGHT, on_frame);
    let class = classes!("token", tone::class(token.tone));
    if *flown < FLIGHT {
        let (x, y) = curve.at(*flown * 1000 / FLIGHT);
        let width = 10 + 7 * token.label.chars().count() as i32;
        return html! {
            <g {class} transform={format!("translate({x} {y})")}>
                <rect x={(-width / 2).to_string()} y="-10" width={width.to_string()} height="20" rx="10" />
                <text text-anchor="middle" y="4">{ &token.label }</text>
            </g>
        };
    }
    html! { <g {class}><path d={curve.path()} /><path class="head" d={curve.head()} /></g> }
}

/// A cubic curve in whole pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Curve([(i32, i32); 4]);

impl Curve {
    /// Between tiles of a row: from edge to edge, straight where they stand side by side.
    fn pointer(from: Rect, to: Rect) -> Curve {
        if to.x >= from.x + from.width {
            let (start, end) = ((from.x + from.width, middle(from.y, 34)), (to.x - 2, middle(to.y, 34)));
            let bend = (end.0 - start.0) / 2;
            return Curve([start, (start.0 + bend, start.1), (end.0 - bend, end.1), end]);
        }
        let (start, end) = ((from.x + from.width / 2, from.y + from.height), (to.x + to.width / 2, to.y - 2));
        let bend = (end.1 - start.1) / 2;
        Curve([start, (start.0, start.1 + bend), (end.0, end.1 - bend), end])
    }

    /// From a row of a card to whatever it refers to: out at the side that is nearer, in from above.
    fn reference(from: Rect, to: Rect) -> Curve {
        let target = to.x + to.width / 2;
        let right = target > from.x + from.width / 2;
        let start = (if right { from.x + from.width } else { from.x }, middle(from.y, from.height));
        let end = if to.y > start.1 { (target, to.y - 2) } else { (target, to.y + to.height + 2) };
        let out = if right { 48 } else { -48 };
        let above = if end.1 > start.1 { -64 } else { 64 };
        Curve([start, (start.0 + out, start.1), (end.0, end.1 + above), end])
    }

    fn path(self) -> String {
        let [a, b, c, d] = self.0;
        format!("M{} {}C{} {} {} {} {} {}", a.0, a.1, b.0, b.1, c.0, c.1, d.0, d.1)
    }

    /// The arrowhead: a triangle at the end, along the last stretch of the curve.
    fn head(self) -> String {
        let [_, _, near, end] = self.0;
        let (dx, dy) = (f64::from(end.0 - near.0), f64::from(end.1 - near.1));
        let length = dx.hypot(dy).max(1.0);
        let (ux, uy) = (dx / length, dy / length);
        let (x, y) = (f64::from(end.0), f64::from(end.1));
        let corner = |side: f64| {
            format!("{:.1} {:.1}", x - 8.0 * ux - side * 4.0 * uy, y - 8.0 * uy + side * 4.0 * ux)
        };
        format!("M{x} {y}L{}L{}Z", corner(1.0), corner(-1.0))
    }

    /// The point after so many thousandths, slowing down towards the end.
    fn at(self, thousandths: u32) -> (i32, i32) {
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

const fn middle(start: i32, length: i32) -> i32 {
    start + length / 2
}

#[cfg(test)]
mod tests {
    use super::{Curve, Rect};

    #[test]
    fn a_token_starts_and_ends_where_its_line_does() {
        let from = Rect { x: 10, y: 10, width: 100, height: 20 };
        let to = Rect { x: 300, y: 200, width: 80, height: 60 };
        let curve = Curve::reference(from, to);
        assert_eq!(curve.at(0), (110, 20));
        assert_eq!(curve.at(1000), (340, 198));
        assert!(curve.path().starts_with("M110 20C"));
    }

    #[test]
    fn neighbours_are_joined_edge_to_edge() {
        let tile = |x| Rect { x, y: 0, width: 100, height: 80 };
        assert_eq!(Curve::pointer(tile(0), tile(120)).0[0], (100, 17));
        assert_eq!(Curve::pointer(tile(0), tile(120)).0[3], (118, 17));
    }
}
