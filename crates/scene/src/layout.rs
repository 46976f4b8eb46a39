//! Where tiles stand: the page tables of the initial state, drawn as trees.
//!
//! Places come from the first state and never change. An mm takes one row per branch of its tree. A table stands in
//! the column of its level, in the row of the first branch below it. So a tile can change its owner without moving.

use explore::System;
use machine::{Machine, State};
use x86::{Backing, FrameId, Level, MmId, Owner, Pte, SECOND};

/// A place in the grid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Slot {
    pub(crate) row: u8,
    pub(crate) column: u8,
}

/// The places of all tiles.
pub(crate) struct Layout {
    /// Titles of the rows.
    pub(crate) rows: Vec<String>,
    /// Of each frame.
    pub(crate) frames: Vec<Slot>,
    /// Of each device.
    pub(crate) devices: Vec<Slot>,
}

impl Layout {
    pub(crate) fn new(machine: &Machine) -> Layout {
        let state = machine.initial();
        let mut placing = Placing {
            machine,
            state: &state,
            rows: Vec::new(),
            frames: vec![None; state.memory.frames.len()],
        };
        // A guest's own tables stand before the second dimension, which leads to all of the guest's memory.
        let mms = || machine.program().mms.iter().enumerate();
        let ordered = mms().filter(|(_, spec)| !spec.second).chain(mms().filter(|(_, spec)| spec.second));
        for (mm, spec) in ordered {
            let mm = mm as MmId;
            placing.rows.push(spec.name.clone());
            let row = placing.last_row();
            let top = if spec.second { SECOND } else { machine.map().top };
            if let Some(root) = machine.root(&state, mm) {
                placing.table(root, top, row);
            }
            placing.unlinked(mm);
        }
        let rest: Vec<usize> = (0..placing.frames.len()).filter(|&id| placing.frames[id].is_none()).collect();
        if !rest.is_empty() {
            placing.rows.push("spare".to_owned());
            let row = placing.last_row();
            for (column, id) in rest.into_iter().enumerate() {
                placing.frames[id] = Some(Slot { row, column: narrow(column) });
            }
        }
        let devices = placing.devices(machine.map().devices.len());
        Layout { devices, frames: placing.frames.into_iter().flatten().collect(), rows: placing.rows }
    }
}

/// A layout in the making.
struct Placing<'a> {
    machine: &'a Machine,
    state: &'a State,
    rows: Vec<String>,
    frames: Vec<Option<Slot>>,
}

impl Placing<'_> {
    /// The column of the tables of a level.
    fn column(&self, level: Level) -> u8 {
        self.pages() - level as u8
    }

    /// The column of the first page of a page table: the one after all levels.
    fn pages(&self) -> u8 {
        self.machine.map().top as u8
    }

    fn last_row(&self) -> u8 {
        narrow(self.rows.len().saturating_sub(1))
    }

    /// Places a table in a row, and what hangs below it: the first branch beside it, each further one in a row of
    /// its own.
    fn table(&mut self, frame: FrameId, level: Level, row: u8) {
        let column = self.column(level);
        let slot = &mut self.frames[frame as usize];
        if slot.is_some() {
            return;
        }
        *slot = Some(Slot { row, column });
        let mut branches = 0u8;
        for &(_, word) in self.state.memory.frames[frame as usize].words() {
            let entry = Pte(word);
            let named = self.machine.named_by(frame, entry.pfn(level));
            let Backing::Frame(below) = named else { continue };
            if !entry.has(Pte::P) || self.frames[below as usize].is_some() {
                continue;
            }
            let leaf = entry.is_leaf(level);
            let mut row = row;
            if branches > 0 && level != Level::Pt {
                self.rows.push(String::new());
                row = self.last_row();
            }
            match level.below() {
                Some(next) if !leaf => self.table(below, next, row),
                Some(_) => self.frames[below as usize] = Some(Slot { row, column: self.pages() }),
                None => {
                    let column = self.pages().saturating_add(branches);
                    self.frames[below as usize] = Some(Slot { row, column });
                }
            }
            branches = branches.saturating_add(1);
        }
    }

    /// Places devices: in the first row, from the right, where nothing else stands in it. There lines from CPUs reach
    /// them without crossing a table. Else in a row of their own.
    fn devices(&mut self, count: usize) -> Vec<Slot> {
        let taken = self.frames.iter().flatten().filter(|slot| slot.row == 0).map(|slot| slot.column).max();
        let free = taken.map_or(0, |last| self.pages().saturating_sub(last.saturating_add(1)));
        if count <= usize::from(free) {
            return (0..count).map(|device| Slot { row: 0, column: self.pages() - narrow(device) }).collect();
        }
        self.rows.push("devices".to_owned());
        let row = self.last_row();
        (0..count).map(|device| Slot { row, column: narrow(device) }).collect()
    }

    /// Places what belongs to an mm and cannot be reached from its root, each in a row of its own.
    fn unlinked(&mut self, mm: MmId) {
        for id in 0..self.frames.len() {
            let column = match self.state.memory.frames[id].owner {
                Owner::Table { mm: owner, level } if owner == mm => self.column(level),
                Owner::User { mm: owner } if owner == mm => self.pages(),
                _ => continue,
            };
            if self.frames[id].is_none() {
                self.rows.push(String::new());
                self.frames[id] = Some(Slot { row: self.last_row(), column });
            }
        }
    }
}

/// A machine has at most 128 frames and far fewer devices.
fn narrow(number: usize) -> u8 {
    u8::try_from(number).unwrap_or(u8::MAX)
}
