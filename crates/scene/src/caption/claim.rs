//! Words for claims about flushes, and for who makes them false.

use super::{Says, Telling};
use crate::name;
use crate::view::Tone;
use lang::program::Claimed;
use machine::Held;
use x86::SpaceKind;

impl Telling<'_> {
    pub(super) fn claimed(
        &self,
        what: Claimed,
        mm: u8,
        (start, end): (u64, u64),
        held: &[(u8, Held)],
    ) -> Says {
        let older = match what {
            Claimed::All => "an older translation",
            Claimed::Tables => "an older page table",
        };
        let space = self.names.mm(mm.into());
        let clause =
            format!("claims that no CPU can use {older} of {start:#x} to {end:#x} of {space} any more");
        let says = Says::new(self.subject(), clause);
        if held.is_empty() {
            return says.because(
                "The claim holds: whatever is older has been invalidated, or is not usable now.",
                &[],
            );
        }
        self.contradicted(says, held)
    }

    pub(super) fn still_held(&self, held: &[(u8, Held)]) -> Says {
        let says = Says::new(self.subject(), "can again use what was claimed to be flushed".to_owned());
        self.contradicted(says, held)
    }

    /// Which CPUs can still use which older entries.
    fn contradicted(&self, mut says: Says, held: &[(u8, Held)]) -> Says {
        let clauses = held.iter().map(|(cpu, held)| match held {
            Held::Translation(entry) => {
                let va = entry.page << entry.level.shift();
                let kind = if entry.space.kind == SpaceKind::GuestPhysical { "guest-physical " } else { "" };
                format!("CPU {cpu} still translates {kind}{va:#x} to {} by its TLB", self.names.pfn(entry.pfn))
            }
            Held::Pointer(entry) => {
                let level = entry.level.entry_name();
                format!("CPU {cpu} can still walk to {} from its {level} cache", self.names.pfn(entry.table))
            }
            Held::Buffered(va) => {
                format!("any CPU can still read the older entry for {va} in memory, because the store is in CPU {cpu}'s buffer")
            }
        });
        let mut clauses: Vec<String> = clauses.collect();
        clauses.dedup();
        let more = clauses.len().saturating_sub(3);
        clauses.truncate(3);
        if more > 0 {
            clauses.push(format!(
                "and there are {} more",
                name::count(more, "such reference", "such references")
            ));
        }
        says.clauses.extend(clauses);
        says.because(
            "Whatever is cached may be used until it is invalidated, even if no program asks for it.",
            &[16, 13],
        )
        .tone(Tone::Stale)
    }
}
