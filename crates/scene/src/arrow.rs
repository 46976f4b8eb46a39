//! Pointers between frames, as they stand in memory now.
//!
//! Every present entry of a live table is drawn. Of a frame that is no longer a table, only some words are drawn:
//! those that a walk from a stale reference would take for entries. That is where such a walk would go next.

use crate::reference::Reference;
use crate::view::{ArrowView, Tone};
use machine::{Machine, State};
use x86::{Backing, FrameId, Level, MmId, Owner, Pfn, Pte, WordId};

/// All arrows of a moment.
pub(crate) fn arrows(machine: &Machine, state: &State, references: &[Reference]) -> Vec<ArrowView> {
    let mut arrows = Vec::new();
    for (id, frame) in state.memory.frames.iter().enumerate() {
        let id = id as FrameId;
        if let Owner::Table { level, .. } = frame.owner {
            for &(index, word) in frame.words() {
                arrows.extend(arrow(machine, state, id, index, level, Pte(word), false));
            }
        } else {
            let span = machine.map().span(id);
            let mut seen = Vec::new();
            for reference in references.iter().filter(|r| r.walkable() && r.leads_to(&span)) {
                let Some(level) = reference.table else { continue };
                for &va in machine.watched().iter().filter(|&&va| reference.covers(va)) {
                    let index = machine.map().place(id, reference.pfn, level.index(va.get()));
                    if !seen.contains(&(index, level)) {
                        seen.push((index, level));
                        arrows.extend(arrow(machine, state, id, index, level, Pte(frame.word(index)), true));
                    }
                }
            }
        }
    }
    for (mm, spec) in (0..).zip(&machine.program().mms) {
        let Some(guest) = spec.guest else { continue };
        let mut seen = Vec::new();
        guest_arrows(
            machine,
            state,
            (guest, machine.root_pfn(mm), machine.map().top),
            &mut seen,
            &mut arrows,
        );
    }
    arrows
}

/// The arrows of a guest's tables: what they name is found through the second dimension as memory has it now.
fn guest_arrows(
    machine: &Machine,
    state: &State,
    (guest, table, level): (MmId, Pfn, Level),
    seen: &mut Vec<Pfn>,
    arrows: &mut Vec<ArrowView>,
) {
    let Ok(host) = machine.backed(state, guest, table) else { return };
    let Backing::Frame(frame) = machine.map().backing(host) else { return };
    if seen.contains(&table) {
        return;
    }
    seen.push(table);
    for &(index, word) in state.memory.frames[usize::from(frame)].words() {
        let entry = Pte(word);
        if !entry.has(Pte::P) {
            continue;
        }
        let named = entry.pfn(level);
        let target = machine.backed(state, guest, named).ok().and_then(|pfn| tile_id(machine, pfn));
        let from = frame_id(machine, frame);
        let index = format!("[{index}]");
        arrows.extend(target.map(|to| ArrowView { from, to, index, tone: Tone::Plain }));
        if let (Some(below), false) = (level.below(), entry.is_leaf(level)) {
            guest_arrows(machine, state, (guest, named, below), seen, arrows);
        }
    }
}

fn arrow(
    machine: &Machine,
    state: &State,
    from: FrameId,
    index: WordId,
    level: Level,
    entry: Pte,
    garbage: bool,
) -> Option<ArrowView> {
    let pfn = entry.pfn(level);
    if !entry.has(Pte::P) || entry.reserved(level, machine.map().maxphyaddr, machine.map().vendor) {
        return None;
    }
    let stale = match (machine.map().backing(pfn), level.below()) {
        (Backing::Frame(to), Some(below)) if !entry.is_leaf(level) => !state.memory.serves(to, below),
        // A kernel may look at its page tables; a program that can write them was not meant to.
        (Backing::Frame(to), _) => match state.memory.frames[to as usize].owner {
            Owner::Free => true,
            Owner::Table { .. } => entry.has(Pte::US) && entry.has(Pte::RW),
            Owner::User { .. } | Owner::Data => false,
        },
        _ => false,
    };
    let tone = match (garbage, stale) {
        (true, _) => Tone::Corrupt,
        (false, true) => Tone::Stale,
        (false, false) => Tone::Plain,
    };
    let from = frame_id(machine, from);
    Some(ArrowView { from, to: tile_id(machine, pfn)?, index: format!("[{index}]"), tone })
}

/// `frame/0x1004`.
pub(crate) fn frame_id(machine: &Machine, frame: FrameId) -> String {
    format!("frame/{}", machine.map().frames[frame as usize].0)
}

/// Id of the tile that a frame number leads to, if there is one.
pub(crate) fn tile_id(machine: &Machine, pfn: Pfn) -> Option<String> {
    match machine.map().backing(pfn) {
        Backing::Frame(frame) => Some(frame_id(machine, frame)),
        Backing::Device(device) => Some(device_id(machine, device)),
        Backing::OtherDram | Backing::Absent => None,
    }
}

/// `device/nic`.
pub(crate) fn device_id(machine: &Machine, device: u8) -> String {
    format!("device/{}", machine.map().devices[device as usize].name)
}
