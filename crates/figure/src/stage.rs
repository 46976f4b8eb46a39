//! The machine at a moment: a card for each CPU, memory as trees of page tables, the lines between them, and what the
//! kernel keeps for all CPUs.
//!
//! Cards and tiles are drawn first, onto a sheet of their own, and tell where everything stands. Then the lines are
//! drawn, and laid below them.

mod card;
mod memory;
mod row;
mod wire;

use crate::measure::Font;
use crate::pen::{Anchor, Paint, Pen, Rect};
use scene::view::{Change, Scene, Tone, VariableView};
use std::collections::BTreeMap;
use wire::{CHANNEL, Wires};

/// Where things stand, by their ids.
pub(crate) type Places = BTreeMap<String, Rect>;

/// Where the kernel's variables stand together.
const KERNEL: &str = "kernel";

/// The IPIs of a step.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Ipis {
    /// Who sends them.
    pub(crate) from: u8,
    /// Who gets one.
    pub(crate) sent: Vec<u8>,
    /// Who gets none although its CR3 holds the address space.
    pub(crate) omitted: Vec<u8>,
}

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

/// The tone's own look of an edge, for whatever has a tone.
pub(crate) fn edge(pen: &Pen, tone: Tone) -> Paint {
    let ink = pen.ink;
    match tone {
        Tone::Plain | Tone::Muted => Paint::line(ink.rule_2, 10),
        Tone::Speculative => Paint::line(ink.hardware, 15).dashed("4 3"),
        Tone::Stale => Paint::line(ink.stale_mark, 15).hatched(),
        Tone::Corrupt => Paint::filled(ink.corrupt_soft).edged(ink.corrupt_mark, 20),
        Tone::Safe => Paint::filled(ink.safe_soft).edged(ink.safe_mark, 15),
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
    let end = kernel(&mut things, &mut places, scene, Rect { y: bottom + 14, ..area });
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

/// The most variables, and frames of the free list, that are drawn.
const MOST_VARIABLES: usize = 24;
const MOST_FREE: usize = 8;

/// Whether a variable is drawn: elements of arrays once they are not what they were at the beginning.
pub(crate) fn worth(variable: &&VariableView) -> bool {
    !variable.untouched || variable.change != Change::None || !variable.name.contains('[')
}

/// What the kernel keeps for all CPUs: variables, threads, the free list. The height at which it ends.
fn kernel(pen: &mut Pen, places: &mut Places, scene: &Scene, area: Rect) -> i32 {
    let listed = |names: &[String], none: &str| match names.len() {
        0 => none.to_owned(),
        n if n > MOST_FREE => format!("{} and {} more", names[..MOST_FREE].join(", "), n - MOST_FREE),
        _ => names.join(", "),
    };
    let lists = [
        scene.waiting.as_ref().map(|names| ("threads on no CPU", listed(names, "none"))),
        Some(("free list", listed(&scene.free_list, "empty"))),
    ];
    let mut contents = pen.sheet();
    let (heading, font) = (Font::sans(11).bold(), Font::mono(11));
    contents.text((area.x + 12, area.y + 20), heading, pen.ink.ink_3, "Kernel");
    let left = area.x + 70;
    let (mut x, mut y) = (left, area.y + 6);
    let mut place = |wanted: i32| {
        let width = wanted.min(area.right() - 8 - left);
        if x + width > area.right() - 8 {
            (x, y) = (left, y + row::HEIGHT + 2);
        }
        let place = Rect::new(x, y, width, row::HEIGHT);
        x += width + 14;
        place
    };
    let shown: Vec<&VariableView> = scene.variables.iter().filter(worth).collect();
    for variable in shown.iter().take(MOST_VARIABLES) {
        let row = row::Row::variable(variable);
        let rect = place(row.wanted(font));
        places.insert(variable.id.clone(), rect);
        row.draw(&mut contents, rect, font);
    }
    if let Some(more) = shown.len().checked_sub(MOST_VARIABLES).filter(|&more| more > 0) {
        let text = format!("and {more} more variables");
        let row = row::Row::plain("", &text);
        row.draw(&mut contents, place(row.wanted(font)), font);
    }
    for (key, value) in lists.iter().flatten() {
        let row = row::Row::plain(key, value);
        row.draw(&mut contents, place(row.wanted(font)), font);
    }
    let bottom = y + row::HEIGHT + 6;
    let look = Paint::filled(pen.ink.sheet).edged(pen.ink.rule, 10).round(6);
    let whole = Rect { height: bottom - area.y, ..area };
    places.insert(KERNEL.to_owned(), whole);
    pen.rect(whole, look);
    pen.out.push_str(&contents.out);
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
