//! What software does with memory, as the kernel sees it: loads, stores through the store buffer, locked operations.
//!
//! A store becomes visible to others when it drains; a locked operation is visible at once.

use crate::step::Stepping;
use crate::{How, Loc, Machine, What};
use lang::program::{Operand, Place, Rmw, RmwResult};

impl Machine {
    pub(crate) fn load(&self, step: &mut Stepping<'_>, place: Place) -> u64 {
        match self.locate(step.state, step.cpu, place) {
            Ok(loc) => {
                let (value, forwarded) = self.view(step.state, step.cpu, loc);
                step.event(|| What::Read { loc, value, forwarded });
                value
            }
            Err(bug) => {
                step.bug(bug);
                0
            }
        }
    }

    /// A store that others can observe: into the buffer, or into memory if the machine has no buffers.
    pub(crate) fn store(&self, step: &mut Stepping<'_>, loc: Loc, value: u64) {
        if self.program.machine.store_buffer == 0 || self.is_device(step.cpu) {
            self.write(step, loc, value, How::Direct);
        } else {
            step.state.cpus[step.cpu as usize].buffer.push(loc, value);
            step.event(|| What::Buffered { loc, value });
            self.keep_within(step, loc, value);
        }
    }

    pub(crate) fn write(&self, step: &mut Stepping<'_>, loc: Loc, after: u64, how: How) {
        let before = self.put(step.state, loc, after);
        step.event(|| What::Written { loc, before, after, how });
        self.keep_within(step, loc, after);
    }

    pub(crate) fn drain(&self, step: &mut Stepping<'_>) {
        if let Some((loc, value)) = step.state.cpus[step.cpu as usize].buffer.drain() {
            self.write(step, loc, value, How::Drained);
            self.quiescent(step);
        }
    }

    /// Reads the number of the frame of an mm's root table; 0 if there is no such mm. Returns the mm.
    pub(crate) fn read_root(&self, step: &mut Stepping<'_>, dst: u8, mm: Operand) -> u64 {
        let mm = self.value(step, mm);
        let of_guest = self.mm(mm).ok().filter(|&mm| self.program.mms[usize::from(mm)].guest.is_some());
        let root = match of_guest {
            Some(mm) => self.root_pfn(mm).0,
            None => self.root_of(step.state, mm).map_or(0, |root| self.map.frames[root as usize].0.0),
        };
        step.set(dst, root);
        mm
    }

    pub(crate) fn read_modify_write(
        &self,
        step: &mut Stepping<'_>,
        dst: Option<(u8, RmwResult)>,
        place: Place,
        op: Rmw,
        value: Operand,
    ) {
        let value = self.value(step, value);
        let loc = match self.locate(step.state, step.cpu, place) {
            Ok(loc) => loc,
            Err(bug) => return step.bug(bug),
        };
        let old = self.memory(step.state, loc);
        let new = self.modified(step, op, old, value);
        self.put_locked(step, loc, new);
        if let Some((reg, which)) = dst {
            step.set(reg, if which == RmwResult::Old { old } else { new });
        }
    }

    /// The new value that a locked operation makes from the old one.
    pub(crate) fn modified(&self, step: &Stepping<'_>, op: Rmw, old: u64, value: u64) -> u64 {
        match op {
            Rmw::Xchg => value,
            Rmw::Add => old.wrapping_add(value),
            Rmw::Or => old | value,
            Rmw::AndNot => old & !value,
            Rmw::CmpXchg { expected } if old == self.value(step, expected) => value,
            Rmw::CmpXchg { .. } => old,
        }
    }

    /// A locked operation writes memory.
    pub(crate) fn put_locked(&self, step: &mut Stepping<'_>, loc: Loc, value: u64) {
        self.write(step, loc, value, How::Locked);
    }
}
