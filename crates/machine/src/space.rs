//! Address spaces that come and go: `mm_alloc` and `mm_free`.
//!
//! An address space is a number. It stands for the kernel's own structure (Linux's `mm_struct`), with its variables and
//! the frame of its root, the table that CR3 points to. When the address space ends, the frame goes back to the
//! allocator. The structure still says where the root was, as freed memory does. So code that uses the tables of an
//! ended address space reads whatever is in that frame now. The structure may be used again for another address space
//! under the same name: a kernel has to tell the two apart by numbers of its own (Linux's `ctx_id`).

use crate::step::Stepping;
use crate::{AddressSpace, Bug, Machine, State, What};
use lang::program::Scope;
use x86::{FrameId, MmId, Owner, Pfn, WordId};

/// The first entry of a root that maps the kernel's half.
const KERNEL_HALF: WordId = 256;

impl Machine {
    /// Frame of an mm's root, if the mm exists.
    #[must_use]
    pub fn root(&self, state: &State, mm: MmId) -> Option<FrameId> {
        match state.spaces.get(usize::from(mm)) {
            Some(space) => space.root.filter(|_| space.exists),
            None => self.roots.get(usize::from(mm)).copied().flatten(),
        }
    }

    /// The frame that the kernel finds as the root of the mm that a value names: for an ended mm, the frame that it
    /// had.
    pub(crate) fn root_of(&self, state: &State, mm: u64) -> Option<FrameId> {
        let mm = usize::try_from(mm).ok()?;
        match state.spaces.get(mm) {
            Some(space) => space.root,
            None => self.roots.get(mm).copied().flatten(),
        }
    }

    /// The mm whose root a frame number is.
    #[must_use]
    pub fn mm_of_root(&self, state: &State, root: Pfn) -> Option<MmId> {
        let mms = (0..).zip(&self.program.mms).map(|(mm, _)| mm);
        let frame = |mm| match self.program.mms[usize::from(mm)].guest {
            // A guest's CR3 names a frame of the guest's memory.
            Some(_) => Some(self.root_pfn(mm)),
            None => self.root(state, mm).map(|frame| self.map.frames[usize::from(frame)].0),
        };
        mms.into_iter().find(|&mm| frame(mm) == Some(root))
    }

    /// Makes an address space.
    pub(crate) fn make_space(&self, step: &mut Stepping<'_>, mm: u64) {
        let mm = match self.mm(mm) {
            Ok(mm) if !step.state.spaces[usize::from(mm)].exists => mm,
            Ok(mm) => return step.bug(Bug::SpaceExists(mm)),
            Err(bug) => return step.bug(bug),
        };
        let owner = Owner::Table { mm, level: self.map.top };
        let Some(frame) = self.take_frame(step, owner) else { return };
        let memory = &mut step.state.memory.frames;
        if let Some(kernel) = step.state.spaces[0].root {
            let words = memory[usize::from(kernel)].words().to_vec();
            for (index, word) in words.into_iter().filter(|word| word.0 >= KERNEL_HALF) {
                memory[usize::from(frame)].put(index, word);
            }
        }
        for variable in self.program.variables.iter().filter(|variable| variable.scope == Scope::PerMm) {
            let first = usize::from(variable.base + u16::from(mm) * variable.len);
            let cells = first..first + usize::from(variable.len);
            step.state.cells[cells.clone()].copy_from_slice(&self.program.cells[cells]);
        }
        step.state.spaces[usize::from(mm)] = AddressSpace { root: Some(frame), exists: true };
        step.event(|| What::Allocated { frame, owner });
        step.event(|| What::SpaceMade { mm });
    }

    /// Ends an address space.
    pub(crate) fn end_space(&self, step: &mut Stepping<'_>, mm: u64) {
        let space = self.mm(mm).map(|mm| (mm, step.state.spaces[usize::from(mm)]));
        match space {
            // Nobody ends init_mm.
            Ok((mm @ 1.., AddressSpace { root: Some(frame), exists: true })) => {
                step.state.spaces[usize::from(mm)].exists = false;
                self.free(step, frame);
                step.event(|| What::SpaceEnded { mm });
            }
            Ok((mm, _)) => step.bug(Bug::NoSpace(mm)),
            Err(bug) => step.bug(bug),
        }
    }
}
