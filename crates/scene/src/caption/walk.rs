//! Words for page walks.

use super::{Says, Telling};
use crate::name;
use crate::view::Tone;
use machine::{Action, From};
use x86::{
    Backing, Dimension, Hazard, MemoryType, Owner, Provenance, Pte, Vendor, VirtAddr, WalkOutcome, Walked,
};

impl Telling<'_> {
    pub(super) fn walk(&self, va: VirtAddr, walked: &Walked, filled: bool) -> Says {
        let subject = match walked.from.dimension {
            Dimension::Only => format!("CPU {}'s page walker", self.cpu),
            Dimension::Guest => format!("CPU {}'s page walker, for the guest,", self.cpu),
            Dimension::Second => format!("CPU {}'s page walker, in the second dimension,", self.cpu),
        };
        let astray = walked.hazards.has(Hazard::WalkOfFreed);
        let entry = walked.from.level.entry_name();
        match walked.outcome {
            WalkOutcome::MachineCheck => {
                let place = self.names.whereabouts(walked.from.table);
                let clause = format!(
                    "fetches a {entry} from {place}: the northbridge raises a machine check and the machine stops"
                );
                return Says::new(subject, clause)
                    .because(format!("{} {}", self.started(walked), ASSUMES_DRAM), &[32, 31, 13]);
            }
            WalkOutcome::DeviceRead { device } => {
                let device = self.names.device(device);
                let clause =
                    format!("reads a {entry} from a register of {device}, and the read has side effects");
                return Says::new(subject, clause).because(self.started(walked), &[13, 30, 28]);
            }
            WalkOutcome::Uncacheable => return self.not_made(subject, walked),
            _ => {}
        }
        let mut clause = format!("reads {}", self.source(walked, astray));
        let result = self.result(va, walked, filled, astray);
        let mut laws = vec![13];
        if self.start().is_some() {
            laws.push(14);
        }
        laws.extend(self.laws(walked, astray));
        match walked.from.dimension {
            Dimension::Only if self.names.machine.is_device(self.cpu) => laws.push(74),
            Dimension::Only => {}
            Dimension::Guest => laws.extend([63, 65]),
            Dimension::Second => laws.push(63),
        }
        match self.accessed_bit(walked, astray) {
            Some(bit) if astray => clause.push_str(&format!("; it {result} and {bit}")),
            Some(bit) => clause.push_str(&format!(", {bit}, and {result}")),
            None if astray => clause.push_str(&format!("; it {result}")),
            None => clause.push_str(&format!(" and {result}")),
        }
        let tone = if astray { Tone::Stale } else { Tone::Speculative };
        Says::new(subject, clause).because(self.started(walked), &laws).tone(tone)
    }

    /// What is read, and what it is now: `PTE 0 of A pte 0x400000, which has been freed and now holds ...`.
    fn source(&self, walked: &Walked, astray: bool) -> String {
        let table = match walked.backing {
            Backing::Frame(frame) => self.names.frame(frame),
            _ => self.names.whereabouts(walked.from.table),
        };
        let mut text = format!("{} {} of {table}", self.entry_of(walked), walked.index);
        if !astray {
            return text;
        }
        let dangling = walked.from.provenance == Provenance::Dangling;
        text.push_str(&match (walked.owner, dangling) {
            (Some(Owner::Free), true) => ", which has been freed".to_owned(),
            (Some(Owner::Data), true) => ", which has been freed and reused".to_owned(),
            (Some(owner), true) => format!(", which has been freed and is {} now", self.names.owner(owner)),
            (Some(owner), false) => format!(", which is {}", self.names.owner(owner)),
            (None, _) => String::new(),
        });
        let value = walked.value;
        if value.0 != 0 {
            let text_of = name::quoted(value.0).unwrap_or_else(|| self.read_by(walked));
            text.push_str(&format!(" and now holds {text_of}"));
        }
        text
    }

    /// The word that a walk has read, as an entry of the dimension in which it walks.
    fn read_by(&self, walked: &Walked) -> String {
        let (level, word) = (walked.from.level, walked.value.0);
        match (walked.from.dimension, self.names.machine.map().vendor) {
            (Dimension::Second, Vendor::Intel) => self.names.ept_entry(level, word),
            _ => self.names.entry(level, word),
        }
    }

    /// `PTE`; in the second dimension `EPT PTE`, or `nested PTE` on AMD.
    fn entry_of(&self, walked: &Walked) -> String {
        let entry = walked.from.level.entry_name();
        match (walked.from.dimension, self.names.machine.map().vendor) {
            (Dimension::Only, _) => entry.to_owned(),
            (Dimension::Guest, _) => format!("guest {entry}"),
            (Dimension::Second, Vendor::Intel) => format!("EPT {entry}"),
            (Dimension::Second, Vendor::Amd) => format!("nested {entry}"),
        }
    }

    /// The result of the walk.
    fn result(&self, va: VirtAddr, walked: &Walked, filled: bool, astray: bool) -> String {
        match walked.outcome {
            WalkOutcome::NotPresent if astray => "finds nothing present there, and caches nothing".to_owned(),
            WalkOutcome::NotPresent => "finds it not present: nothing is cached".to_owned(),
            WalkOutcome::Reserved => "finds a reserved bit set: nothing is cached".to_owned(),
            WalkOutcome::Structure(to) => {
                let target = self.names.whereabouts(to.table);
                match to.level.below() {
                    Some(below) if astray => {
                        format!("takes that for a pointer to a {} at {target}", below.table_name())
                    }
                    _ if !filled => format!("already has the pointer to {target} in its cache"),
                    _ => format!("caches the pointer to {target}"),
                }
            }
            WalkOutcome::Translation(to) => {
                let target = self.names.whereabouts(to.pfn);
                let page = to.page << to.level.shift();
                let size = match to.level {
                    level if level.is_page_table() => String::new(),
                    level => format!(" ({})", level.page_size()),
                };
                match () {
                    () if astray => format!("takes that for a translation of {va} to {target}{size}"),
                    () if !filled => {
                        format!("already has the translation {page:#x} -> {target}{size} in its TLB")
                    }
                    () => format!("caches the translation {page:#x} -> {target}{size}"),
                }
            }
            WalkOutcome::Uncacheable | WalkOutcome::MachineCheck | WalkOutcome::DeviceRead { .. } => {
                "stops".to_owned()
            }
        }
    }

    /// What the walk writes.
    fn accessed_bit(&self, walked: &Walked, astray: bool) -> Option<String> {
        walked.sets_accessed?;
        if !astray {
            return Some("sets its accessed bit".to_owned());
        }
        let written = walked.value.0 | Pte::A;
        Some(format!("sets the accessed bit: {} becomes {}", name::data(walked.value.0), name::data(written)))
    }

    fn laws(&self, walked: &Walked, astray: bool) -> Vec<u8> {
        let mut laws = Vec::new();
        if astray {
            laws.push(6);
            if walked.value.has(Pte::P) {
                laws.push(26);
            }
        }
        if walked.sets_accessed.is_some() {
            laws.push(17);
            if astray {
                laws.push(18);
            }
        }
        match walked.outcome {
            WalkOutcome::NotPresent => laws.push(10),
            WalkOutcome::Reserved => laws.push(26),
            WalkOutcome::Structure(to) if !astray => {
                laws.push(6);
                let empty = |frame: u8| self.after.memory.frames[frame as usize].words().is_empty();
                if matches!(self.names.machine.map().backing(to.table), Backing::Frame(frame) if empty(frame))
                {
                    laws.push(8);
                }
            }
            WalkOutcome::Structure(_) => laws.push(6),
            WalkOutcome::Translation(_) => laws.push(1),
            _ => {}
        }
        laws
    }

    /// Why the walk could begin where it did.
    fn started(&self, walked: &Walked) -> String {
        match (self.start(), walked.from.provenance) {
            (None, Provenance::Sound) if walked.from.dimension == Dimension::Second => {
                "No instruction asked for this walk, which finds where a frame of the guest is in memory."
                    .to_owned()
            }
            (None, Provenance::Sound) if self.names.machine.is_device(self.cpu) => {
                "No instruction asked for this walk: an IOMMU may at any time walk to what a PASID leads to, and cache it."
                    .to_owned()
            }
            (None, Provenance::Sound) => {
                "No instruction asked for this walk: a CPU may at any time walk to what CR3 leads to, and cache it."
                    .to_owned()
            }
            (Some(entry), Provenance::Sound) => {
                format!(
                    "No instruction asked for this walk. The {entry} cache lets the walk skip the levels above."
                )
            }
            (None, _) if walked.from.dimension != Dimension::Only => {
                "A guest-physical mapping that it has cached, or its EPT pointer, still leads there."
                    .to_owned()
            }
            (None, _) if self.names.machine.is_device(self.cpu) => "Its PASID still leads there.".to_owned(),
            (None, _) => "Its CR3 still points there.".to_owned(),
            (Some(entry), Provenance::Dangling) => {
                format!(
                    "An entry of its {entry} cache still points there, and nothing has invalidated that entry."
                )
            }
            (Some(entry), Provenance::Garbage) => {
                format!("An entry of its {entry} cache, made from garbage, points there.")
            }
        }
    }

    /// The kind of cache that the walk began at.
    fn start(&self) -> Option<&'static str> {
        match self.step.action {
            Action::Walk { from: From::Psc { level, .. }, .. }
            | Action::GuestWalk { from: From::Psc { level, .. }, .. }
            | Action::NestedWalk { from: From::Psc { level, .. }, .. } => Some(level.entry_name()),
            _ => None,
        }
    }

    /// A walk that stops before uncacheable memory.
    fn not_made(&self, subject: String, walked: &Walked) -> Says {
        let place = self.names.whereabouts(walked.from.table);
        let clause = format!("gives up before it reads {place}");
        let map = self.names.machine.map();
        let mut laws = vec![30];
        if map.vendor == Vendor::Intel {
            laws.push(33);
        }
        let why = if matches!(walked.from.memory_type, MemoryType::Uc | MemoryType::UcMinus) {
            "The pointer says that this memory is uncacheable, and no speculative walk reads uncacheable memory."
        } else {
            "This memory is uncacheable, and no speculative walk reads uncacheable memory."
        };
        Says::new(subject, clause).because(why, &laws).tone(Tone::Speculative)
    }
}

/// Why an AMD walker may go there.
const ASSUMES_DRAM: &str =
    "With TlbCacheDis clear, an AMD walker assumes that page tables lie in write-back DRAM.";
