//! The words of a picture: its heading, the sentence of the step with the rules that it rests on, the key, and what made it.

use crate::measure::Font;
use crate::pen::{Anchor, Paint, Pen, Rect};
use machine::Property;
use scene::view::{
    Acted, Caption, MarkKind, MarkView, MessageKind, Scene, TileKind, TileView, Timeline, Tone,
};
use x86::Law;

/// The heading: what the picture is about. Where it ends.
pub(crate) fn heading(pen: &mut Pen, title: &str, subtitle: &str, moment: &str, area: Rect) -> i32 {
    let (font, small) = (Font::sans(19).bold(), Font::sans(12));
    let beside = Font::sans(14).bold();
    let room = area.width - beside.width(moment) - 24;
    pen.text((area.x, area.y + 17), font, pen.ink.ink, &font.cut(title, room));
    pen.text_at((area.right(), area.y + 17), beside, pen.ink.ink_2, Anchor::End, moment);
    let mut y = area.y + 20;
    for line in small.wrap(subtitle, area.width, 2) {
        y += 17;
        pen.text((area.x, y), small, pen.ink.ink_2, &line);
    }
    y + 8
}

/// The colours of a tone: of its mark and of a text on the mark.
fn tone(pen: &Pen, tone: Tone) -> (&'static str, &'static str) {
    let ink = pen.ink;
    match tone {
        Tone::Plain | Tone::Muted => (ink.ink_3, ink.ground),
        Tone::Speculative => (ink.hardware, ink.on_mark),
        Tone::Stale => (ink.stale_mark, ink.on_stale),
        Tone::Corrupt => (ink.corrupt_mark, ink.on_corrupt),
        Tone::Safe => (ink.safe_mark, ink.on_mark),
    }
}

/// The sentence of a step: its number, what happened, why it may, what it violates, and the rules. Where it ends.
pub(crate) fn caption(pen: &mut Pen, step: u32, caption: &Caption, area: Rect) -> i32 {
    let ink = pen.ink;
    let mut words = pen.sheet();
    let (number, sentence, because) = (Font::sans(22).bold(), Font::sans(15), Font::sans(12));
    let label = step.to_string();
    let x = area.x + 16 + number.width(&label).max(34) + 12;
    let room = area.right() - 14 - x;
    words.text((area.x + 16, area.y + 29), number, ink.ink, &label);
    let mut y = area.y + 8;
    for line in sentence.wrap(&caption.sentence, room, 5) {
        y += 20;
        words.text((x, y), sentence, ink.ink, &line);
    }
    if !caption.because.is_empty() {
        y += 3;
        for line in because.wrap(&caption.because, room, 4) {
            y += 17;
            words.text((x, y), because, ink.ink_2, &line);
        }
    }
    y += 6;
    if !caption.violations.is_empty() {
        y = violations(&mut words, caption, Rect::new(x, y + 4, room, 0));
    }
    let laws: Vec<Law> = caption.laws.iter().filter_map(|&number| Law::from_number(number)).collect();
    let mut at = (x, y + 15);
    for (place, law) in laws.iter().enumerate() {
        let (strong, plain) = (Font::sans(11).bold(), Font::sans(11));
        let number = law.to_string();
        let more = if place + 1 < laws.len() { ";" } else { "" };
        let title = plain.cut(&format!("{}{more}", law.title()), room - strong.width(&number) - 5);
        let width = strong.width(&number) + 5 + plain.width(&title) + 9;
        if at.0 > x && at.0 + width > x + room {
            at = (x, at.1 + 16);
        }
        words.text(at, strong, ink.ink_2, &number);
        words.text((at.0 + strong.width(&number) + 5, at.1), plain, ink.ink_2, &title);
        at.0 += width;
        y = at.1;
    }
    let bottom = y + 12;
    let place = Rect { height: bottom - area.y, ..area };
    pen.rect(place, Paint::filled(ink.sheet).edged(ink.rule, 10).round(6));
    pen.rect(Rect { width: 5, ..place }, Paint::filled(tone(pen, caption.tone).0));
    pen.out.push_str(&words.out);
    bottom
}

/// What a step violates, each with its title.
fn violations(pen: &mut Pen, caption: &Caption, area: Rect) -> i32 {
    let font = Font::sans(11).bold();
    let (mut x, mut y) = (area.x, area.y);
    let (mark, on) = (pen.ink.corrupt_mark, pen.ink.on_corrupt);
    for name in &caption.violations {
        let property = Property::ALL.into_iter().find(|property| property.name() == *name);
        let title = property.map_or_else(|| (*name).to_owned(), |property| property.title().to_owned());
        let title = font.cut(&title, area.width - 16);
        let width = font.width(&title) + 16;
        if x > area.x && x + width > area.right() {
            (x, y) = (area.x, y + 24);
        }
        pen.rect(Rect::new(x, y, width, 20), Paint::filled(mark).round(3));
        pen.text((x + 8, y + 14), font, on, &title);
        x += width + 6;
    }
    y + 22
}

/// What shapes and edges mean, as far as they occur, and what made the picture; where that ends.
pub(crate) fn key(pen: &mut Pen, scene: Option<&Scene>, timeline: Option<&Timeline>, area: Rect) -> i32 {
    let font = Font::sans(11);
    let (mut x, mut y) = (area.x, area.y);
    for (swatch, words) in entries(scene, timeline) {
        let width = 24 + font.width(words) + 18;
        if x > area.x && x + width > area.right() {
            (x, y) = (area.x, y + 20);
        }
        draw_swatch(pen, swatch, Rect::new(x, y + 2, 18, 14));
        pen.text((x + 24, y + 13), font, pen.ink.ink_2, words);
        x += width;
    }
    // What made it, in the margin: heading and moment say of what. A picture does not know under which address the page is.
    let credit = format!("TLBscope, model version {}", machine::MODEL);
    pen.text_at((area.right(), y + 31), Font::sans(10), pen.ink.ink_3, Anchor::End, &credit);
    y + 18
}

/// A sample in the key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Swatch {
    Software,
    Hardware,
    Stale,
    Corrupt,
    Changed,
    Free,
    Ipi,
    NotSent,
    Fence,
    Done,
    Interrupt,
    Drain,
    Memory,
}

/// The entries of the key.
fn entries(scene: Option<&Scene>, timeline: Option<&Timeline>) -> Vec<(Swatch, &'static str)> {
    let marked = |is: &dyn Fn(&MarkView) -> bool| timeline.is_some_and(|run| run.marks.iter().any(is));
    let marks = |kind: MarkKind| marked(&|mark| mark.kind == kind);
    let arrows =
        |kind: MessageKind| timeline.is_some_and(|run| run.arrows.iter().any(|arrow| arrow.kind == kind));
    let acted = |how: Acted| scene.is_some_and(|scene| scene.cpus.iter().any(|cpu| cpu.acted == how));
    let tiles = |is: &dyn Fn(&TileView) -> bool| scene.is_some_and(|scene| scene.memory.tiles.iter().any(is));
    let tone = |tone: Tone| marked(&|mark| mark.tone == tone) || tiles(&|tile| tile.tone == tone);
    let all = [
        (acted(Acted::Software) || timeline.is_some(), Swatch::Software, "software did it"),
        (
            acted(Acted::Speculatively) || marks(MarkKind::Speculative),
            Swatch::Hardware,
            "hardware did it, by itself",
        ),
        (tone(Tone::Stale), Swatch::Stale, "stale: freed, and still reachable"),
        (tone(Tone::Corrupt), Swatch::Corrupt, "corrupt"),
        (acted(Acted::Software) || acted(Acted::Speculatively), Swatch::Changed, "changed by this step"),
        (tiles(&|tile| tile.kind == TileKind::Free), Swatch::Free, "free"),
        (marks(MarkKind::Memory), Swatch::Memory, "memory changed"),
        (marks(MarkKind::Drain), Swatch::Drain, "a store reached memory"),
        (marks(MarkKind::Fence), Swatch::Fence, "memory barrier"),
        (arrows(MessageKind::Ipi), Swatch::Ipi, "IPI"),
        (marks(MarkKind::Interrupt), Swatch::Interrupt, "interrupt taken"),
        (arrows(MessageKind::Done), Swatch::Done, "IPI handled"),
        (arrows(MessageKind::NotSent), Swatch::NotSent, "IPI not sent"),
    ];
    all.into_iter().filter(|entry| entry.0).map(|(_, swatch, words)| (swatch, words)).collect()
}

fn draw_swatch(pen: &mut Pen, swatch: Swatch, place: Rect) {
    let ink = pen.ink;
    let Rect { x, y, .. } = place;
    let sample = Rect::new(x, y, 18, 12);
    match swatch {
        Swatch::Software => pen.rect(Rect::new(x + 2, y - 1, 14, 14), Paint::filled(ink.software)),
        Swatch::Hardware => {
            let look = Paint::filled(ink.sheet).edged(ink.hardware, 20).dashed("3.5 2.4");
            pen.rect(Rect::new(x + 2, y - 1, 14, 14), look.round(7));
        }
        Swatch::Stale => {
            pen.rect(sample, Paint::line(ink.stale_mark, 15).hatched().round(2));
            pen.path(&format!("M{} {}l6 -6", x + 6, y + 9), Paint::line(ink.stale_mark, 15));
        }
        Swatch::Corrupt => {
            let path = format!("M{x} {}l3 -7l3 7l3 -7l3 7l3 -7l3 7v6h-18z", y + 6);
            pen.path(&path, Paint::filled(ink.corrupt_mark));
        }
        Swatch::Changed => pen.rect(sample, Paint::filled(ink.sheet).edged(ink.ink, 15).round(3)),
        Swatch::Free => {
            pen.rect(sample, Paint::filled(ink.ground).edged(ink.ink_3, 15).dashed("2 3").round(3))
        }
        Swatch::Memory => {
            pen.path(
                &format!("M{} {}l7 7l-7 7l-7 -7z", x + 9, y - 1),
                Paint::filled(ink.sheet).edged(ink.ink_3, 20),
            );
        }
        Swatch::Drain => pen.path(&format!("M{} {y}h14l-7 10z", x + 2), Paint::filled(ink.ink_3)),
        Swatch::Interrupt => {
            pen.path(&format!("M{} {}h7l7 7l-7 7h-7z", x + 2, y - 1), Paint::filled(ink.ink_3));
        }
        Swatch::Fence => {
            pen.path(
                &format!("M{} {2}h4v14h-4zM{} {2}h4v14h-4z", x + 2, x + 11, y - 1),
                Paint::filled(ink.software),
            );
        }
        Swatch::Ipi | Swatch::Done | Swatch::NotSent => {
            let (colour, dash, head) = match swatch {
                Swatch::Ipi => (ink.software, "", Paint::filled(ink.software)),
                Swatch::Done => (ink.ink_3, "", Paint::filled(ink.ink_3)),
                _ => (ink.corrupt_mark, "3 3", Paint::filled(ink.ground).edged(ink.corrupt_mark, 15)),
            };
            pen.path(&format!("M{x} {}h10", y + 6), Paint::line(colour, 20).dashed(dash));
            pen.path(&format!("M{} {}l-9 -5v10z", x + 18, y + 6), head);
        }
    }
}
