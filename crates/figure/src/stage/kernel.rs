//! What the kernel keeps for all CPUs, in a box below memory: variables, threads, the free list.

use crate::measure::Font;
use crate::pen::{Paint, Pen, Rect};
use crate::stage::places::Places;
use crate::stage::row;
use scene::view::{Change, Scene, VariableView};

/// Where the kernel's variables stand together.
pub(crate) const KERNEL: &str = "kernel";

/// The most variables, and frames of the free list, that are drawn.
const MOST_VARIABLES: usize = 24;
const MOST_FREE: usize = 8;

/// Whether a variable is drawn: elements of arrays once they are not what they were at the beginning.
pub(crate) fn worth(variable: &&VariableView) -> bool {
    !variable.untouched || variable.change != Change::None || !variable.name.contains('[')
}

/// What the kernel keeps for all CPUs: variables, threads, the free list. The height at which it ends.
pub(crate) fn kernel(pen: &mut Pen, places: &mut Places, scene: &Scene, area: Rect) -> i32 {
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
