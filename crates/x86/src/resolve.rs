//! The second dimension as memory has it now: where a guest-physical frame is, or why there is no way to it.

use crate::form::{Dimension, Form};
use crate::guest::SECOND;
use crate::{Backing, Level, Memory, MemoryMap, Pfn, Pte};

/// Why the second dimension refuses an address, as memory has it now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Refused {
    /// The guest-physical address.
    pub gpa: u64,
    /// The level of the entry at fault: nothing where the rights of all of them are.
    pub level: Option<Level>,
    /// It is where a table of the guest is, and not where its page is.
    pub table: bool,
}

/// Where a guest-physical frame is, as the tables of the second dimension in memory have it now, the level of the entry
/// that maps it, and whether it may be written.
///
/// # Errors
/// The level of the entry that is not present or not well formed.
pub fn resolve(root: Pfn, memory: &Memory, map: &MemoryMap, gfn: Pfn) -> Result<(Pfn, Level, bool), Level> {
    let form = Form::of(Dimension::Second, map.vendor);
    let mut table = root;
    let mut write = true;
    for level in SECOND.walk() {
        let Backing::Frame(frame) = map.backing(table) else { return Err(level) };
        let entry = Pte(memory.word(frame, map.place(frame, table, level.index(gfn.base()))));
        // AMD takes each access of the guest for a user's (APM vol. 2, 15.25).
        let refused = form == Form::Ordinary && !entry.has(Pte::US);
        if !form.present(entry) || form.reserved(entry, level, map) || refused {
            return Err(level);
        }
        write &= entry.has(Pte::RW);
        table = entry.pfn(level);
        if entry.is_leaf(level) {
            let within = gfn.0 & ((1 << (level.shift() - 12)) - 1);
            return Ok((Pfn(table.0 + within), level, write));
        }
    }
    Err(Level::Pt)
}
