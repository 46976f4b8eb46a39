//! A whole run at once: its diagram, its sentences, and the places of things on the stage.
//!
//! Nothing on the stage may jump. So every cache entry, word and pin that appears at any moment of a run gets a
//! place of its own, in order of appearance. It keeps that place while it is absent. A further step only adds
//! places at the end.

use explore::{System, Trace};
use machine::Machine;
use scene::StepKind;
use scene::view::{
    Acted, CacheView, Caption, Change, CpuView, MarkKind, Scene, TileView, Timeline, Tone, VariableView,
    WordView,
};
use std::rc::Rc;

/// Things that appear only beyond this many steps, divided by the number of CPUs, have no place of their own:
/// with more CPUs it takes longer to analyse a step.
const MOST_PLACED: usize = 2400;

/// The same for all that there is to see in all moments together: a frame that a scenario fills has 512 words at each moment, and
/// a queue that it fills has thousands of IPIs.
const MOST_SEEN: usize = 50_000;

/// The most lines that the rows of a cache take on a card.
const MOST_ROWS: usize = 8;

/// The most characters of CR3, with what it was and its PCID, that have room in one line of a card.
const MOST_IN_LINE: usize = 30;

/// The most words of a frame that are drawn, and the most further ones that have changed or have a colour.
const MOST_WORDS: usize = 16;

/// Steps beyond this, divided by the number of CPUs, have no sentence in the list: such runs come only from links
/// written by hand.
const MOST_TOLD: usize = 20_000;

/// A run, ready to be drawn at any moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunView {
    /// Its diagram.
    pub timeline: Rc<Timeline>,
    /// What each step did.
    pub captions: Rc<Vec<Caption>>,
    /// The places of things in the picture.
    pub slots: Rc<Slots>,
    /// What each step changed, and where in the texts it stands.
    pub touches: Rc<Vec<Touch>>,
    /// The kinds of steps in the run.
    pub kinds: Rc<Vec<StepKind>>,
    /// Steps that are memory barriers.
    pub fences: Rc<Vec<u32>>,
}

/// What a step changed, and where in the texts it stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Touch {
    /// Ids of what it changed on the stage.
    pub cells: Vec<String>,
    /// Text and first byte of its statement, if software took it.
    pub place: Option<(u8, u32)>,
}

/// The places of everything that may appear and disappear.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Slots {
    /// For each CPU.
    pub cpus: Vec<CpuSlots>,
    /// For each tile, in their order.
    pub tiles: Vec<TileSlots>,
    /// Ids of kernel variables that are drawn.
    pub variables: Vec<String>,
}

/// Places on a CPU's card.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CpuSlots {
    /// Ids of paging-structure-cache entries.
    pub psc: Vec<String>,
    /// Ids of TLB entries.
    pub tlb: Vec<String>,
    /// The most buffered stores at any moment.
    pub buffer: usize,
    /// The most pending IPIs at any moment.
    pub pending: usize,
    /// Ids of variables that are drawn.
    pub variables: Vec<String>,
    /// Whether CR3 has two lines, since at some moment one is too short for it.
    pub long_root: bool,
}

impl CpuSlots {
    /// Whether the TLB stands in the right column, above the kernel's variables: where a card is lower for it. Counted in lines.
    #[must_use]
    pub fn tlb_beside(&self) -> bool {
        let block = |rows: usize| if rows == 0 { 0 } else { 1 + rows };
        let tlb = 1 + self.tlb.len().min(MOST_ROWS);
        let left = 2 + self.psc.len().min(MOST_ROWS) + tlb + block(self.buffer);
        let right = 2 + block(self.variables.len()) + block(self.pending);
        left.max(right) > (left - tlb).max(right + tlb) + 1
    }
}

/// The rows of a cache that are drawn, each in its place, nothing where it is absent; and how many others there are, if there
/// are more places than lines. Then those are drawn that the step has changed or that a colour speaks of, then what can be
/// used now: the number of lines is the same at each moment of a run.
#[must_use]
pub fn cached<'a>(slots: &[String], rows: &'a [CacheView]) -> (Vec<Option<&'a CacheView>>, Option<usize>) {
    let mut placed: Vec<Option<&CacheView>> =
        slots.iter().map(|id| rows.iter().find(|row| row.id == *id)).collect();
    if placed.len() <= MOST_ROWS {
        return (placed, None);
    }
    let there = |placed: &[Option<&CacheView>]| {
        placed.iter().flatten().filter(|row| row.change != Change::Removed).count()
    };
    let rank = |row: Option<&CacheView>| match row {
        None => 4,
        Some(row) if row.change != Change::None => 0,
        Some(row) if !matches!(row.tone, Tone::Plain | Tone::Muted) => 1,
        Some(row) if row.usable => 2,
        Some(_) => 3,
    };
    let all = there(&placed);
    // One line says how many are left out. Those of the last rank go first, from the end. (Without a sort, which is much code.)
    for worst in (0..=4).rev() {
        while placed.len() >= MOST_ROWS
            && let Some(place) = placed.iter().rposition(|row| rank(*row) == worst)
        {
            placed.remove(place);
        }
    }
    let left = all - there(&placed);
    (placed, Some(left))
}

/// Places on a tile.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TileSlots {
    /// Ids of words.
    pub words: Vec<String>,
    /// Ids of pins.
    pub holders: Vec<String>,
}

impl RunView {
    /// The view of a run.
    #[must_use]
    pub fn new(machine: &Machine, trace: &Trace<Machine>) -> RunView {
        let mut before = machine.initial();
        let cpus = before.cpus.len().max(1);
        let (placed, told) = (MOST_PLACED / cpus, MOST_TOLD / cpus);
        let first = scene::frame(machine, None, None, &before);
        let mut slots = Slots::default();
        slots.add(&first);
        let (mut captions, mut touches) = (Vec::new(), Vec::new());
        let (mut shown, mut seen) = (first, 0);
        for (number, step) in trace.steps().iter().take(told).enumerate() {
            let mut after = before.clone();
            machine.step(&mut after, step.action, &mut ());
            if number < placed && seen < MOST_SEEN {
                let scene = scene::frame(machine, Some(&before), Some(step), &after);
                slots.add(&scene);
                seen += things(&scene);
                touches.push(Touch::between(&shown, &scene));
                shown = scene;
            }
            captions.push(scene::caption(machine, &before, step, &after));
            before = after;
        }
        let there_are = |kind: &StepKind| trace.steps().iter().any(|step| kind.has(step));
        let kinds: Vec<StepKind> = StepKind::ALL.into_iter().filter(there_are).collect();
        let timeline = scene::timeline(machine, trace);
        let fences = timeline.marks.iter().filter(|mark| mark.kind == MarkKind::Fence);
        let fences: Vec<u32> = fences.map(|mark| mark.step).collect();
        RunView {
            fences: Rc::new(fences),
            timeline: Rc::new(timeline),
            captions: Rc::new(captions),
            slots: Rc::new(slots),
            touches: Rc::new(touches),
            kinds: Rc::new(kinds),
        }
    }
}

/// How many things the picture of a moment has.
fn things(scene: &Scene) -> usize {
    // A call with its arguments takes longer to write down than an address does.
    // A call with its arguments takes much longer to write down than an address does, and it is looked for in every moment.
    let of_cpu = |cpu: &CpuView| cpu.psc.len() + cpu.tlb.len() + cpu.buffer.len() + 8 * cpu.pending.len();
    let words = scene.memory.tiles.iter().map(|tile| tile.words.len());
    scene.cpus.iter().map(of_cpu).chain(words).sum()
}

/// The words of a frame that are drawn, each in its place, nothing where it is absent; and how many are not. Of very many
/// words these are the first ones, and those farther on that have just changed or that a colour speaks of.
#[must_use]
pub fn words<'a>(slots: &TileSlots, tile: &'a TileView) -> (Vec<Option<&'a WordView>>, usize) {
    // Most stand where they stood: a full frame has too many to look through for each.
    let find = |(place, id): (usize, &String)| {
        let there = tile.words.get(place).filter(|word| word.id == *id);
        there.or_else(|| tile.words.iter().find(|word| word.id == *id))
    };
    let mut places = slots.words.iter().enumerate();
    let mut drawn: Vec<Option<&WordView>> = places.by_ref().take(MOST_WORDS).map(find).collect();
    let telling = |word: &&WordView| word.change != Change::None || word.tone != Tone::Plain;
    drawn.extend(places.filter_map(find).filter(telling).take(MOST_WORDS).map(Some));
    let left = slots.words.len() - drawn.len();
    (drawn, left)
}

impl Touch {
    /// What the step from one moment to the next did.
    fn between(before: &Scene, after: &Scene) -> Touch {
        let mut cells = Vec::new();
        let mut add = |id: &String, change: &Change| {
            if *change != Change::None {
                cells.push(id.clone());
            }
        };
        let mut place = None;
        for (cpu, was) in after.cpus.iter().zip(&before.cpus) {
            add(&cpu.cr3.id, &cpu.cr3.change);
            // The frame that an entry leads to may get another owner. That is not a step of the
            // entry.
            let rows = [&cpu.psc, &cpu.tlb, &cpu.buffer, &cpu.pending].into_iter().flatten();
            rows.filter(|row| !matches!(row.change, Change::Was(_) | Change::Meaning))
                .for_each(|row| add(&row.id, &row.change));
            cpu.variables.iter().for_each(|variable| add(&variable.id, &variable.change));
            if cpu.acted == Acted::Software && !was.position.ended {
                place = Some((was.position.source, was.position.start));
            }
        }
        after.variables.iter().for_each(|variable| add(&variable.id, &variable.change));
        for tile in &after.memory.tiles {
            add(&tile.id, &tile.change);
            tile.words.iter().for_each(|word| add(&word.id, &word.change));
        }
        Touch { cells, place }
    }
}

/// The step that left a thing on the stage as it is at a moment; none if it has been so from the beginning.
#[must_use]
pub fn origin(touches: &[Touch], cursor: usize, cell: &str) -> Option<usize> {
    let touched = |touch: &Touch| touch.cells.iter().any(|id| id == cell);
    touches.iter().take(cursor).rposition(touched).map(|step| step + 1)
}

impl Slots {
    fn add(&mut self, scene: &Scene) {
        self.cpus.resize_with(scene.cpus.len(), CpuSlots::default);
        for (slots, cpu) in self.cpus.iter_mut().zip(&scene.cpus) {
            rows(&mut slots.psc, &cpu.psc);
            rows(&mut slots.tlb, &cpu.tlb);
            slots.buffer = slots.buffer.max(cpu.buffer.len());
            let root = &cpu.cr3;
            let was = if let Change::Was(was) = &root.change { was.chars().count() + 3 } else { 0 };
            let said = [root.key, &root.value, root.tag.as_deref().unwrap_or_default()];
            let said: usize = said.iter().map(|text| text.chars().count() + 1).sum();
            slots.long_root |= was + said > MOST_IN_LINE;
            slots.pending = slots.pending.max(cpu.pending.len());
            variables(&mut slots.variables, &cpu.variables);
        }
        variables(&mut self.variables, &scene.variables);
        self.tiles.resize_with(scene.memory.tiles.len(), TileSlots::default);
        for (slots, tile) in self.tiles.iter_mut().zip(&scene.memory.tiles) {
            for (place, word) in tile.words.iter().enumerate() {
                // Most stand where they stood: a full frame has too many to look through for each.
                if slots.words.get(place) != Some(&word.id) {
                    keep(&mut slots.words, &word.id);
                }
            }
            tile.holders.iter().for_each(|holder| keep(&mut slots.holders, &holder.id));
        }
    }
}

fn keep(slots: &mut Vec<String>, id: &str) {
    if !slots.iter().any(|there| there == id) {
        slots.push(id.to_owned());
    }
}

fn rows(slots: &mut Vec<String>, rows: &[CacheView]) {
    rows.iter().for_each(|row| keep(slots, &row.id));
}

/// Plain variables have places from the beginning, elements of arrays once they are not what they were at the
/// start: twelve fields of six address-space slots would bury the two that matter.
fn variables(slots: &mut Vec<String>, variables: &[VariableView]) {
    let worth = |variable: &&VariableView| !variable.untouched || !variable.name.contains('[');
    variables.iter().filter(worth).for_each(|variable| keep(slots, &variable.id));
}

#[cfg(test)]
mod tests {
    use super::{CpuSlots, MOST_ROWS, RunView, cached, origin};
    use crate::model::player::Player;
    use crate::model::session::Session;
    use explore::{Seeded, Trace};
    use lang::source::SourceId;
    use scene::view::{CacheView, Change, Tone};
    use std::rc::Rc;

    #[test]
    fn everything_that_changed_has_a_step_that_left_it_so() {
        let session = Session::library(crate::DEFAULT).expect("the default scenario is in the library");
        let player = Player::new(Rc::new(session.compile().0.expect("it compiles")));
        let RunView { touches, .. } = RunView::new(player.machine(), player.trace());
        assert_eq!(touches.len(), player.trace().len());
        for (index, touch) in touches.iter().enumerate() {
            for cell in &touch.cells {
                assert_eq!(origin(&touches, index + 1, cell), Some(index + 1));
                assert!(origin(&touches, index, cell).is_none_or(|earlier| earlier <= index));
            }
            if let Some((source, byte)) = touch.place {
                let text = player.setup().text(SourceId(source));
                assert!(text.get(byte as usize..).is_some_and(|rest| !rest.starts_with(char::is_whitespace)));
            }
        }
        assert!(touches.iter().any(|touch| touch.place.is_some() && !touch.cells.is_empty()));
        assert_eq!(origin(&touches, touches.len(), "no such thing"), None);
    }

    /// A row that the last step has not touched, and that nothing is to be said of.
    fn row(number: usize) -> CacheView {
        let (id, key) = (number.to_string(), format!("{number:#x}"));
        let (tone, change) = (Tone::Plain, Change::None);
        CacheView { id, key, value: String::new(), tag: None, usable: true, tone, word: "", change }
    }

    /// What is drawn of these rows, by number; a dot where a place is empty.
    fn drawn(count: usize, rows: &[CacheView]) -> (String, Option<usize>) {
        let slots: Vec<String> = (0..count).map(|number| number.to_string()).collect();
        let (placed, left) = cached(&slots, rows);
        let of = |row: Option<&CacheView>| row.map_or_else(|| ".".to_owned(), |row| row.id.clone());
        (placed.into_iter().map(of).collect::<Vec<_>>().join(" "), left)
    }

    #[test]
    fn of_many_rows_the_news_and_what_is_wrong_are_drawn() {
        let rows: Vec<CacheView> = (0..12).map(row).collect();
        // As long as there is room, each has its place, also while it is empty.
        assert_eq!(drawn(8, &rows[2..6]), (". . 2 3 4 5 . .".to_owned(), None));
        assert_eq!(drawn(12, &rows), ("0 1 2 3 4 5 6".to_owned(), Some(5)));
        let with = |at: usize, change: fn(&mut CacheView)| {
            let mut rows = rows.clone();
            change(&mut rows[at]);
            drawn(12, &rows)
        };
        let all = ("0 1 2 3 4 5 11".to_owned(), Some(5));
        assert_eq!(with(11, |row| row.change = Change::Added), all);
        assert_eq!(with(11, |row| row.change = Change::Meaning), all);
        assert_eq!(with(11, |row| row.tone = Tone::Stale), all);
        assert_eq!(with(11, |row| row.change = Change::Removed), ("0 1 2 3 4 5 11".to_owned(), Some(5)));
        // What cannot be used now gives way to what can.
        assert_eq!(with(0, |row| row.usable = false), ("1 2 3 4 5 6 7".to_owned(), Some(5)));
        // A run in which there are as many has as many lines at each moment.
        assert_eq!(drawn(12, &rows[10..]), (". . . . . 10 11".to_owned(), Some(0)));
    }

    #[test]
    fn a_tlb_stands_where_a_card_is_lower_for_it() {
        let slots = |psc: usize, tlb: usize, variables: usize| {
            let ids = |count: usize| vec![String::new(); count];
            CpuSlots { psc: ids(psc), tlb: ids(tlb), variables: ids(variables), ..CpuSlots::default() }
        };
        assert!(slots(6, 6, 0).tlb_beside(), "nothing else is at the right");
        assert!(slots(30, 30, 0).tlb_beside());
        assert!(!slots(3, 2, 5).tlb_beside() && !slots(6, 6, 12).tlb_beside());
        assert!(!slots(0, 2, 0).tlb_beside(), "a line or two are not worth it");
    }

    /// No card of the library is higher than so many lines, on whatever run: memory stays on a screen of 1440 by 900.
    #[test]
    fn no_card_of_the_library_is_high() {
        for text in gallery::scenarios() {
            let session = Session::library(text.slug).expect("it is there");
            let Some(setup) = session.compile().0 else { continue };
            let mut trace = Trace::new(&setup.machine);
            trace.run(&setup.machine, &mut Seeded::new(1), 80);
            let run = RunView::new(&setup.machine, &trace);
            for slots in &run.slots.cpus {
                let rows = |ids: &[String]| 1 + ids.len().min(MOST_ROWS);
                let tlb = rows(&slots.tlb);
                let left = 1 + rows(&slots.psc) + slots.buffer.min(1) + slots.buffer;
                let right = 2 + 1 + slots.variables.len() + slots.pending;
                let beside = slots.tlb_beside();
                let lines = if beside { left.max(right + tlb) } else { (left + tlb).max(right) };
                assert!(lines <= 20, "{}: {lines} lines: {slots:?}", text.slug);
            }
        }
    }
}
