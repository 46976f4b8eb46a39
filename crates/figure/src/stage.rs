//! The machine at a moment: a card for each CPU, memory as trees of page tables, the lines between them, and what the
//! kernel keeps for all CPUs.
//!
//! Cards and tiles are drawn first, onto a sheet of their own, and tell where everything stands. Then the lines are
//! drawn, and laid below them.

mod card;
mod ipis;
mod kernel;
mod memory;
mod places;
mod row;
mod wire;

pub(crate) use ipis::Ipis;

use crate::measure::Font;
use crate::pen::{Anchor, Paint, Pen, Rect};
use places::Places;
use scene::view::Scene;
use wire::{CHANNEL, Wires};

/// Room between cards: lines lead down there.
const GUTTER: i32 = 26;

/// The most CPUs in a row.
fn columns(cpus: usize) -> i32 {
    match cpus {
        0 | 1 => 1,
        2 | 4 => 2,
        _ => 3,
    }
}

/// Draws the machine, from a height on. `statements` are those at which the CPUs are, and `ipis` those that the step sent
/// or did not send. The height at which it ends.
pub(crate) fn stage(pen: &mut Pen, scene: &Scene, statements: &[String], ipis: &Ipis, area: Rect) -> i32 {
    let mut places = Places::new();
    let mut things = pen.sheet();
    let area = if scene.stopped { Rect { y: stopped(&mut things, area), ..area } } else { area };
    let cards = cards(&mut things, &mut places, scene, statements, area);
    let wires = Wires::of(scene, ipis);
    let top = cards + CHANNEL;
    let bottom =
        memory::memory(&mut things, &mut places, &scene.memory, Rect { y: top, ..area }, wires.overhead());
    let end = kernel::kernel(&mut things, &mut places, scene, Rect { y: bottom + 14, ..area });
    wires.draw(pen, &mut things, &places, cards);
    pen.out.push_str(&things.out);
    end
}

/// The cards of the CPUs, in rows of the same height; where they end.
fn cards(pen: &mut Pen, places: &mut Places, scene: &Scene, statements: &[String], area: Rect) -> i32 {
    let columns = columns(scene.cpus.len());
    let width = (area.width - GUTTER * (columns - 1)) / columns;
    // A flag stands on the upper edge of a card.
    let mut y = area.y + 12;
    let mut bottom = y;
    for (first, row) in scene.cpus.chunks(columns as usize).enumerate() {
        let mut contents = pen.sheet();
        let mut height = 0;
        for (at, cpu) in row.iter().enumerate() {
            let line = statements.get(first * columns as usize + at).map_or("", String::as_str);
            let place = Rect::new(area.x + at as i32 * (width + GUTTER), y, width, 0);
            height = height.max(card::contents(&mut contents, places, cpu, line, place));
        }
        for (at, cpu) in row.iter().enumerate() {
            let place = Rect::new(area.x + at as i32 * (width + GUTTER), y, width, height);
            places.insert(cpu.id.clone(), place);
            card::frame(pen, cpu, place);
        }
        pen.out.push_str(&contents.out);
        bottom = y + height;
        y = bottom + 22;
    }
    bottom
}

/// A machine check, in a strip above all: nothing else matters any more. Where that ends.
fn stopped(pen: &mut Pen, area: Rect) -> i32 {
    let (font, text) = (Font::sans(16).bold(), "Machine check: the machine has stopped.");
    let look = Paint::filled(pen.ink.corrupt_soft).edged(pen.ink.corrupt_mark, 30).round(6);
    pen.rect(Rect { height: 38, ..area }, look);
    let middle = (area.x + area.width / 2, area.y + 25);
    pen.text_at(middle, font, pen.ink.corrupt, Anchor::Middle, text);
    area.y + 46
}
