//! The lines of the picture: pointers in memory, references from caches to what is no page table any more, and what
//! moves in the step.
//!
//! Lines run between things, never behind them: along the gutters of the cards, through a channel above memory, and
//! along the gaps between the columns and rows of memory. All corners are right angles, rounded.

use crate::measure::Font;
use crate::pen::{Anchor, Paint, Pen, Rect};
use crate::stage::ipis::Ipis;
use crate::stage::kernel::KERNEL;
use crate::stage::memory::{COLUMN_GAP, ROW_GAP};
use crate::stage::places::Places;
use scene::view::{ArrowView, Scene, TokenView, Tone};

/// From the cards to the first lane of the channel.
pub(crate) const CHANNEL: i32 = 10;
/// The most lines with a lane of their own in the channel; more share them.
const LANES: i32 = 6;
/// The height of a lane.
const LANE: i32 = 6;
/// The height of a lane with a word on it.
const WORDED: i32 = 22;

/// A reference from a register or cache to a tile.
struct Reference<'a> {
    from: &'a str,
    to: &'a str,
    tone: Tone,
}

/// All lines of a moment.
pub(crate) struct Wires<'a> {
    pointers: &'a [ArrowView],
    references: Vec<Reference<'a>>,
    token: Option<&'a TokenView>,
    ipis: &'a Ipis,
    /// Which reference the token runs along.
    followed: Option<usize>,
}

impl<'a> Wires<'a> {
    pub(crate) fn of(scene: &'a Scene, ipis: &'a Ipis) -> Wires<'a> {
        let bad = |tone| matches!(tone, Tone::Stale | Tone::Corrupt);
        let references: Vec<Reference<'_>> = scene
            .memory
            .tiles
            .iter()
            .flat_map(|tile| {
                let holders = tile.holders.iter().filter(move |holder| holder.usable && bad(holder.tone));
                holders.map(|holder| Reference { from: &holder.id, to: &tile.id, tone: holder.tone })
            })
            .collect();
        let token = scene.token.as_ref().filter(|_| ipis.sent.is_empty());
        let followed = token.and_then(|token| {
            let (from, to) = (card_of(&token.from), tile_of(&token.to));
            references.iter().position(|line| card_of(line.from) == from && line.to == to)
        });
        Wires { pointers: &scene.memory.arrows, references, token, ipis, followed }
    }

    /// The part of the channel that lies above the titles of memory's columns.
    pub(crate) fn overhead(&self) -> i32 {
        let lanes = (self.references.len() as i32).min(LANES) * LANE;
        let worded = [self.token.is_some(), !self.ipis.sent.is_empty(), !self.ipis.omitted.is_empty()];
        lanes + worded.into_iter().map(|is| if is { WORDED } else { 0 }).sum::<i32>()
    }

    /// Draws them below the things, and the token's word above them.
    pub(crate) fn draw(&self, below: &mut Pen, above: &mut Pen, places: &Places, cards: i32) {
        for (at, pointer) in self.pointers.iter().enumerate() {
            if let (Some(&from), Some(&to)) = (places.get(&pointer.from), places.get(&pointer.to)) {
                draw(below, &between_tiles(from, to, at as i32), tone_look(below, pointer.tone));
            }
        }
        let channel = cards + CHANNEL;
        for (at, reference) in self.references.iter().enumerate() {
            let lane = at as i32 % LANES;
            let height = channel + lane * LANE + 2;
            if let Some(route) = outward(places, reference.from, reference.to, (at as i32, height)) {
                let heavy = self.followed == Some(at);
                let look = tone_look(below, reference.tone);
                let look = if heavy {
                    Paint::line(below.ink.corrupt_mark, 40)
                } else {
                    Paint { stroke: look.stroke.map(|s| (s.0, 25)), ..look }
                };
                draw(below, &route, look);
                if heavy && let Some(token) = self.token {
                    word(above, &route, token, below.ink.corrupt_mark);
                }
            }
        }
        let mut height = channel + (self.references.len() as i32).min(LANES) * LANE + WORDED / 2;
        let ink = below.ink;
        let sent = Paint::line(ink.software, 25);
        let omitted = Paint::line(ink.corrupt_mark, 20).dashed("3 3");
        let kinds = [
            (&self.ipis.sent, "IPI", sent, Tone::Plain),
            (&self.ipis.omitted, "no IPI", omitted, Tone::Corrupt),
        ];
        for (targets, label, look, tone) in kinds.into_iter().filter(|kind| !kind.0.is_empty()) {
            self.bus(below, above, places, (height, targets), (label, look, tone));
            height += WORDED;
        }
        let Some(token) = self.token.filter(|_| self.followed.is_none()) else { return };
        let Some(route) = token_route(places, token, (self.references.len() as i32, height)) else { return };
        let (look, colour) = match token.tone {
            Tone::Speculative => (Paint::line(ink.hardware, 25).dashed("5 4"), ink.hardware),
            Tone::Stale | Tone::Corrupt => (Paint::line(ink.corrupt_mark, 30), ink.corrupt_mark),
            _ => (Paint::line(ink.software, 25), ink.software),
        };
        draw(below, &route, look);
        word(above, &route, token, colour);
    }

    /// IPIs: they leave a card together, and part below those that they go to. The word stands where all are together.
    fn bus(
        &self,
        below: &mut Pen,
        above: &mut Pen,
        places: &Places,
        (height, targets): (i32, &[u8]),
        (label, look, tone): (&str, Paint, Tone),
    ) {
        let from = format!("cpu{}", self.ipis.from);
        let mut worded = false;
        for target in targets {
            let to = format!("cpu{target}");
            let token = TokenView { from: from.clone(), to, label: label.to_owned(), tone };
            let Some(route) = token_route(places, &token, (self.references.len() as i32, height)) else {
                continue;
            };
            draw(below, &route, look);
            if !worded {
                word(above, &route, &token, look.stroke.map_or(below.ink.ink, |stroke| stroke.0));
            }
            worded = true;
        }
    }
}

/// The look of a pointer or reference.
fn tone_look(pen: &Pen, tone: Tone) -> Paint {
    let ink = pen.ink;
    match tone {
        Tone::Plain | Tone::Safe => Paint::line(ink.ink_3, 15),
        Tone::Muted => Paint::line(ink.rule_2, 15),
        Tone::Speculative => Paint::line(ink.hardware, 15).dashed("5 4"),
        Tone::Stale => Paint::line(ink.stale_mark, 20).dashed("2 4"),
        Tone::Corrupt => Paint::line(ink.corrupt_mark, 20).dashed("7 3"),
    }
}

/// The card that a register, a row or a card itself is on.
fn card_of(id: &str) -> &str {
    id.split('/').next().unwrap_or(id)
}

/// The tile that a word is on; anything else is itself.
fn tile_of(id: &str) -> &str {
    match id.rsplit_once('/') {
        Some((tile, _)) if tile.starts_with("frame/") => tile,
        _ => id,
    }
}

/// Where lines reach a tile: at the height of its name, each a little lower than the one before.
fn inlet(tile: Rect, at: i32) -> (i32, i32) {
    (tile.x - 2, tile.y + 10 + at % 3 * 5)
}

/// The places in a gap, so that lines that share it stay apart.
fn spread(at: i32) -> i32 {
    at % 4 * 4
}

/// From tile to tile: straight to a neighbour, else through the gaps.
fn between_tiles(from: Rect, to: Rect, at: i32) -> Vec<(i32, i32)> {
    let (x, y) = (from.right(), from.y + 13);
    let end = (to.x - 2, to.y + 13);
    if y == end.1 && to.x - x == COLUMN_GAP {
        return vec![(x, y), end];
    }
    let out = x + 6 + spread(at);
    let into = to.x - 8 - spread(at);
    // The gap above the row of the target.
    let over = to.y - ROW_GAP / 2 - 4 + at % 3 * 4;
    if to.x - x == COLUMN_GAP {
        return vec![(x, y), (out, y), (out, end.1), end];
    }
    vec![(x, y), (out, y), (out, over), (into, over), (into, end.1), end]
}

/// From a card, or a row on it, to a tile: down the gutter beside the card, along the channel, down a gap.
fn outward(places: &Places, from: &str, to: &str, (at, height): (i32, i32)) -> Option<Vec<(i32, i32)>> {
    let card = *places.get(card_of(from))?;
    let tile = *places.get(tile_of(to))?;
    let end = inlet(tile, at);
    let gap = tile.x - 8 - spread(at);
    let mut route = match places.get(from) {
        Some(row) if card_of(from) != from => {
            let (y, gutter) = (row.y + row.height / 2, card.x - 5 - at % 4 * 4);
            vec![(row.x, y), (gutter, y), (gutter, height)]
        }
        _ => leaving(card, at, height),
    };
    route.extend([(gap, height), (gap, end.1), end]);
    Some(route)
}

/// Out of a card as a whole, to a height in the channel.
fn leaving(card: Rect, at: i32, height: i32) -> Vec<(i32, i32)> {
    let gutter = card.x - 5 - at % 4 * 4;
    vec![(card.x, card.y + 20), (gutter, card.y + 20), (gutter, height)]
}

/// From a card to a variable of the kernel: around memory, at the left, and into the box of variables from above.
fn to_variable(places: &Places, token: &TokenView, (at, height): (i32, i32)) -> Option<Vec<(i32, i32)>> {
    let (card, all) = (*places.get(card_of(&token.from))?, *places.get(KERNEL)?);
    let (x, y) = (places.get(&token.to)?.x + 12, all.y);
    let mut route = leaving(card, at, height);
    route.extend([(all.x - 10, height), (all.x - 10, y - 9), (x, y - 9), (x, y - 1)]);
    Some(route)
}

/// The way of the token.
fn token_route(places: &Places, token: &TokenView, (at, height): (i32, i32)) -> Option<Vec<(i32, i32)>> {
    let on_card = |id: &str| id.starts_with("cpu") && places.contains_key(card_of(id));
    let on_tile = |id: &str| id.starts_with("frame/") || id.starts_with("device/");
    if on_card(&token.from) && !on_card(&token.to) && !on_tile(&token.to) {
        return to_variable(places, token, (at, height));
    }
    match (on_card(&token.from), on_card(&token.to)) {
        (true, true) => {
            let (from, to) = (*places.get(card_of(&token.from))?, *places.get(card_of(&token.to))?);
            if from == to {
                return None;
            }
            let mut route = leaving(from, at, height);
            let gutter = to.x - 5 - (at + 1) % 4 * 4;
            route.extend([(gutter, height), (gutter, to.y + 20), (to.x - 2, to.y + 20)]);
            Some(route)
        }
        (true, false) => outward(places, &token.from, &token.to, (at, height)),
        (false, true) => {
            let mut route = outward(places, &token.to, &token.from, (at, height))?;
            route.reverse();
            Some(route)
        }
        (false, false) => None,
    }
}

/// The word on a route, in the middle of its longest stretch that is level.
fn word(pen: &mut Pen, route: &[(i32, i32)], token: &TokenView, colour: &'static str) {
    let level = route.windows(2).filter(|pair| pair[0].1 == pair[1].1);
    let Some(pair) = level.max_by_key(|pair| (pair[0].0 - pair[1].0).abs()) else { return };
    let font = Font::sans(11).bold();
    let text = font.cut(&token.label, 160);
    let width = font.width(&text) + 14;
    let (x, y) = ((pair[0].0 + pair[1].0) / 2, pair[0].1);
    let chip = Rect::new(x - width / 2, y - 9, width, 18);
    let ink = pen.ink;
    let (look, on) = match token.tone {
        Tone::Speculative => (Paint::filled(ink.sheet).edged(colour, 15).dashed("4 3"), colour),
        Tone::Stale | Tone::Corrupt => (Paint::filled(colour), ink.on_corrupt),
        _ => (Paint::filled(colour), ink.on_mark),
    };
    pen.rect(chip, look.round(9));
    pen.text_at((x, y + 4), font, on, Anchor::Middle, &text);
}

/// A line with rounded corners, and an arrowhead at its end.
fn draw(pen: &mut Pen, route: &[(i32, i32)], look: Paint) {
    let Some((colour, tenths)) = look.stroke else { return };
    let (length, half) = if tenths > 25 { (13, 7) } else { (9, 5) };
    if let [.., near, end] = *route {
        let mut line = route.to_vec();
        // The line ends within its head: it is wider than the point.
        let back = ((end.0 - near.0).signum() * length / 2, (end.1 - near.1).signum() * length / 2);
        line.pop();
        line.push((end.0 - back.0, end.1 - back.1));
        pen.path(&rounded(&line), look);
        pen.path(&arrowhead(near, end, (length, half)), Paint::filled(colour));
    }
}

/// A path along right angles.
fn rounded(route: &[(i32, i32)]) -> String {
    let mut path = String::new();
    for (at, &(x, y)) in route.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|before| route.get(before));
        let (Some(&before), Some(&after)) = (before, route.get(at + 1)) else {
            path.push_str(&format!("{}{x} {y}", if at == 0 { 'M' } else { 'L' }));
            continue;
        };
        // Half of the shorter arm at most: two corners may be near each other.
        let arm = |other: (i32, i32)| (other.0 - x).abs() + (other.1 - y).abs();
        let radius = 7.min(arm(before) / 2).min(arm(after) / 2);
        let towards =
            |other: (i32, i32)| (x + (other.0 - x).signum() * radius, y + (other.1 - y).signum() * radius);
        let (start, end) = (towards(before), towards(after));
        path.push_str(&format!("L{} {}Q{x} {y} {} {}", start.0, start.1, end.0, end.1));
    }
    path
}

/// A triangle whose point is at the end, along the last stretch.
fn arrowhead(near: (i32, i32), end: (i32, i32), (back, half): (i32, i32)) -> String {
    let ((dx, dy), (x, y)) = (((end.0 - near.0).signum(), (end.1 - near.1).signum()), end);
    let (bx, by) = (x - dx * back, y - dy * back);
    format!("M{x} {y}L{} {}L{} {}Z", bx - dy * half, by + dx * half, bx + dy * half, by - dx * half)
}

#[cfg(test)]
mod tests {
    use super::{arrowhead, between_tiles, rounded};
    use crate::pen::Rect;

    #[test]
    fn corners_are_round_and_heads_point_ahead() {
        assert_eq!(rounded(&[(0, 0), (20, 0), (20, 20)]), "M0 0L13 0Q20 0 20 7L20 20");
        assert_eq!(rounded(&[(0, 0), (4, 0), (4, 20)]), "M0 0L2 0Q4 0 4 2L4 20");
        assert_eq!(arrowhead((0, 0), (20, 0), (9, 5)), "M20 0L11 5L11 -5Z");
        assert_eq!(arrowhead((0, 20), (0, 0), (9, 5)), "M0 0L5 9L-5 9Z");
    }

    #[test]
    fn neighbours_are_joined_straight_and_others_around() {
        let tile = |column: i32, y| Rect::new(column * 124, y, 100, 80);
        assert_eq!(between_tiles(tile(0, 0), tile(1, 0), 3), [(100, 13), (122, 13)]);
        let around = between_tiles(tile(0, 100), tile(3, 0), 0);
        assert_eq!(around.first(), Some(&(100, 113)));
        assert_eq!(around.last(), Some(&(370, 13)));
        assert!(around.windows(2).all(|pair| pair[0].0 == pair[1].0 || pair[0].1 == pair[1].1), "{around:?}");
    }
}
