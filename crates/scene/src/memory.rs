//! Memory: tiles, their words, and a pin for each CPU that can reach a tile.

use crate::arrow::{arrows, device_id, frame_id};
use crate::cache;
use crate::layout::Layout;
use crate::name::{self, Names};
use crate::reference::{self, Reference};
use crate::view::{Change, HolderView, MemoryView, TileKind, TileView, Tone, WordView};
use explore::System;
use machine::{Event, Loc, Machine, State, What};
use x86::{Backing, FrameId, Hazard, Level, Owner, Pte, SECOND, WordId};

/// Word `index` of a frame.
type Word = (FrameId, WordId);

/// What the views of a moment's memory are made from.
struct Moment<'a> {
    names: Names<'a>,
    before: Option<&'a State>,
    after: &'a State,
    events: &'a [Event],
    references: Vec<Reference>,
    /// Ids of the references a moment ago.
    held: Option<Vec<String>>,
    /// Words that a walk to a watched address would read or reach; some of them more than once.
    used: Vec<Word>,
    /// Tables that can be reached from a root, a moment ago and now.
    linked: [Vec<FrameId>; 2],
}

/// Memory at a moment.
pub(crate) fn memory(
    names: Names<'_>,
    before: Option<&State>,
    events: &[Event],
    after: &State,
) -> MemoryView {
    let machine = names.machine;
    let mut used = Vec::new();
    for state in [&machine.initial(), before.unwrap_or(after), after] {
        watched_words(names, state, &mut used);
    }
    let linked = [linked_tables(names, before.unwrap_or(after)), linked_tables(names, after)];
    let moment = Moment {
        names,
        before,
        after,
        events,
        references: reference::all(machine, after),
        held: before.map(|state| reference::all(machine, state).into_iter().map(|r| r.id).collect()),
        used,
        linked,
    };
    let layout = Layout::new(machine);
    let mut tiles: Vec<TileView> =
        (0..after.memory.frames.len()).map(|frame| moment.frame(frame as FrameId, &layout)).collect();
    tiles.extend((0..machine.map().devices.len()).map(|device| moment.device(device, &layout)));
    MemoryView {
        tiles,
        arrows: arrows(machine, after, &moment.references),
        columns: columns(machine),
        rows: layout.rows,
    }
}

/// What stands in the columns: tables from the highest level down, then pages.
fn columns(machine: &Machine) -> Vec<&'static str> {
    machine.map().top.walk().map(Level::table_name).chain(["page"]).collect()
}

/// Which words walks to watched addresses go through, from every root and from every cached pointer.
fn watched_words(names: Names<'_>, state: &State, used: &mut Vec<Word>) {
    let machine = names.machine;
    for mm in 0..machine.program().mms.len() {
        let Some(root) = machine.root(state, mm as u8) else { continue };
        if machine.program().mms[mm].second {
            continue;
        }
        for &va in machine.watched() {
            let map = machine.map();
            let (mut frame, mut table) = (root, map.frames[root as usize].0);
            for level in map.top.walk() {
                let index = map.place(frame, table, level.index(va.get()));
                used.push((frame, index));
                let entry = Pte(state.memory.word(frame, index));
                let pfn = entry.pfn(level);
                let Backing::Frame(below) = machine.named_by(frame, pfn) else { break };
                // In a guest it is the frame's own number that counts from here on.
                let pfn = if map.backing(pfn) == Backing::Frame(below) {
                    pfn
                } else {
                    map.frames[usize::from(below)].0
                };
                if !entry.has(Pte::P) {
                    break;
                }
                if entry.is_leaf(level) {
                    used.push((below, map.place(below, pfn, va.word())));
                    break;
                }
                (frame, table) = (below, pfn);
            }
        }
    }
    for reference in reference::all(machine, state) {
        let (Backing::Frame(frame), Some(level)) = (machine.map().backing(reference.pfn), reference.table)
        else {
            continue;
        };
        for &va in machine.watched().iter().filter(|&&va| reference.covers(va)) {
            used.push((frame, machine.map().place(frame, reference.pfn, level.index(va.get()))));
        }
    }
}

/// Which tables can be reached from a root.
fn linked_tables(names: Names<'_>, state: &State) -> Vec<FrameId> {
    let mut linked = Vec::new();
    for mm in 0..names.machine.program().mms.len() {
        let top = if names.machine.program().mms[mm].second { SECOND } else { names.machine.map().top };
        if let Some(root) = names.machine.root(state, mm as u8) {
            link(names, state, root, top, &mut linked);
        }
    }
    linked
}

fn link(names: Names<'_>, state: &State, frame: FrameId, level: Level, linked: &mut Vec<FrameId>) {
    if linked.contains(&frame) {
        return;
    }
    linked.push(frame);
    let Some(below) = level.below() else { return };
    for &(_, word) in state.memory.frames[frame as usize].words() {
        let entry = Pte(word);
        if let (true, Backing::Frame(next)) =
            (entry.has(Pte::P) && !entry.is_leaf(level), names.machine.map().backing(entry.pfn(level)))
        {
            link(names, state, next, below, linked);
        }
    }
}

impl Moment<'_> {
    fn frame(&self, frame: FrameId, layout: &Layout) -> TileView {
        let machine = self.names.machine;
        let (pfn, name) = &machine.map().frames[frame as usize];
        let span = machine.map().span(frame);
        let slot = layout.frames[frame as usize];
        let owner = self.after.memory.frames[frame as usize].owner;
        let text = self.owner(self.after, frame, &self.linked[1]);
        let was = self.before.map(|before| self.owner(before, frame, &self.linked[0]));
        let changed = was.filter(|was| *was != text);
        let holders: Vec<HolderView> = self.holders(|reference| reference.leads_to(&span));
        let stale = self.references.iter().any(|r| r.stale() && r.leads_to(&span));
        let tone = match () {
            () if self.corrupted(frame).is_some() => Tone::Corrupt,
            () if stale => Tone::Stale,
            () => Tone::Plain,
        };
        TileView {
            id: frame_id(machine, frame),
            name: name.clone(),
            number: format!("frame {pfn}"),
            row: slot.row,
            column: slot.column,
            kind: match owner {
                Owner::Free => TileKind::Free,
                Owner::Table { .. } => TileKind::Table,
                Owner::User { .. } => TileKind::User,
                Owner::Data => TileKind::Data,
            },
            owner: text,
            change: changed.map_or(Change::None, Change::Was),
            tone,
            words: self.words(frame),
            holders,
        }
    }

    /// Who has a frame, and what is about to happen to it. That comes first: there may be no room for all.
    fn owner(&self, state: &State, frame: FrameId, linked: &[FrameId]) -> String {
        let owner = state.memory.frames[frame as usize].owner;
        let text = self.names.owner(owner);
        if state.rcu.iter().any(|queued| queued.frame == frame) {
            format!("waits for RCU: {text}")
        } else if matches!(owner, Owner::Table { .. }) && !linked.contains(&frame) {
            format!("unlinked {text}")
        } else {
            text
        }
    }

    fn device(&self, device: usize, layout: &Layout) -> TileView {
        let machine = self.names.machine;
        let slot = layout.devices[device];
        let id = device_id(machine, device as u8);
        let spec = &machine.map().devices[device];
        let here = |r: &Reference| machine.map().backing(r.pfn) == Backing::Device(device as u8);
        let pops = |state: &State| state.memory.pops[device];
        // The machine stops counting at three.
        let text = |pops: u8| if pops < 3 { pops.to_string() } else { "3 or more".to_owned() };
        let now = pops(self.after);
        let was = self.before.map(pops).filter(|&was| was != now);
        let read = WordView {
            id: format!("{id}/reads"),
            index: "reads by walkers".to_owned(),
            text: text(now),
            raw: now.to_string(),
            tone: if was.is_some() { Tone::Corrupt } else { Tone::Plain },
            change: was.map_or(Change::None, |was| Change::Was(text(was))),
        };
        let read_now = self.events.iter().any(|event| match &event.what {
            What::Walk { walked, .. } => {
                walked.backing == Backing::Device(device as u8)
                    && (walked.hazards.has(Hazard::DeviceRead) || walked.hazards.has(Hazard::MachineCheck))
            }
            _ => false,
        });
        // A device is never freed: what leads here wrongly is seen at its pin.
        let tone = if read_now { Tone::Corrupt } else { Tone::Plain };
        TileView {
            name: spec.name.clone(),
            number: format!("{:#x}", spec.base),
            row: slot.row,
            column: slot.column,
            kind: TileKind::Device,
            owner: format!("device registers, {}", name::memory_type(spec.memory_type)),
            change: Change::None,
            tone,
            words: if now > 0 || was.is_some() { vec![read] } else { Vec::new() },
            holders: self.holders(here),
            id,
        }
    }

    fn holders(&self, reaches: impl Fn(&Reference) -> bool) -> Vec<HolderView> {
        let reaching = self.references.iter().filter(|reference| reaches(reference));
        reaching
            .map(|reference| HolderView {
                id: reference.id.clone(),
                cpu: reference.cpu,
                name: name::unit(self.names.machine, reference.cpu),
                what: reference.what,
                usable: reference.usable,
                tone: match cache::standing(reference.provenance).0 {
                    Tone::Plain if !reference.usable => Tone::Muted,
                    tone => tone,
                },
                word: cache::standing(reference.provenance).1,
                added: self.held.as_ref().is_some_and(|held| !held.contains(&reference.id)),
            })
            .collect()
    }

    /// The word of a frame that a walk has changed in this step, although the walk had no right to that
    /// frame.
    fn corrupted(&self, frame: FrameId) -> Option<WordId> {
        self.events.iter().find_map(|event| match &event.what {
            What::Walk { walked, .. } => (walked.sets_accessed == Some(frame)
                && walked.hazards.has(Hazard::ABitCorruption))
            .then_some(walked.index),
            _ => None,
        })
    }

    fn words(&self, frame: FrameId) -> Vec<WordView> {
        let after = &self.after.memory.frames[frame as usize];
        let before = self.before.map(|state| &state.memory.frames[frame as usize]);
        // Those that a frame has are in order.
        let mut indices: Vec<WordId> = after.words().iter().map(|word| word.0).collect();
        let mut also = |index: WordId| name::put(&mut indices, index);
        before.into_iter().flat_map(|before| before.words()).for_each(|word| also(word.0));
        self.used.iter().filter(|word| word.0 == frame).for_each(|word| also(word.1));
        // A 0 that is written over a 0 is drawn, too: something moves there.
        for event in self.events {
            if let What::Written { loc: Loc::Word(written, index), .. } = event.what
                && written == frame
            {
                also(index);
            }
        }
        let corrupted = self.corrupted(frame);
        let exposed = self.exposed(frame);
        let views = indices.into_iter().map(|index| {
            let word = after.word(index);
            let was = before.filter(|before| before.word(index) != word);
            WordView {
                id: format!("{}/{index}", frame_id(self.names.machine, frame)),
                index: format!("[{index}]"),
                text: self.names.word(after.owner, word),
                raw: format!("{word:#x}"),
                tone: match () {
                    () if corrupted == Some(index) => Tone::Corrupt,
                    () if exposed.contains(&index) => Tone::Stale,
                    () => Tone::Plain,
                },
                change: was
                    .map_or(Change::None, |was| Change::Was(self.names.word(was.owner, was.word(index)))),
            }
        });
        views.collect()
    }

    /// The words of a frame that a walk from a stale pointer could read next.
    fn exposed(&self, frame: FrameId) -> Vec<WordId> {
        let machine = self.names.machine;
        let map = machine.map();
        let span = map.span(frame);
        let mut exposed = Vec::new();
        for reference in self.references.iter().filter(|r| r.stale() && r.leads_to(&span)) {
            let Some(level) = reference.table else { continue };
            let served = machine.watched().iter().filter(|&&va| reference.covers(va));
            exposed.extend(served.map(|va| map.place(frame, reference.pfn, level.index(va.get()))));
        }
        exposed
    }
}
