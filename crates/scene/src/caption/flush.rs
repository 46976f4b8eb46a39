//! Words for CR3 writes and invalidations, and for what they leave behind.

use super::{Says, Telling};
use crate::name;
use crate::view::Tone;
use machine::{ExitReason, Invalidation};
use x86::{Cr3, Guest, Invept, Invpcid, Invvpid, Provenance, Removed, Vendor};

impl Telling<'_> {
    pub(super) fn cr3_written(&self, before: Cr3, after: Cr3, noflush: bool, removed: &Removed) -> Says {
        let value = match self.names.pcid(after.pcid) {
            Some(pcid) => format!("{} ({pcid})", self.names.pfn(after.root)),
            None => self.names.pfn(after.root),
        };
        let verb =
            if before.root == after.root && before.pcid == after.pcid { "reloads CR3" } else { "loads CR3" };
        let pcide = self.names.machine.control().pcide;
        let mut clause = format!("{verb} with {value}");
        if noflush {
            clause.push_str(" and bit 63 set: nothing is invalidated");
        } else {
            clause.push_str(&format!(" and {}", self.drops(removed)));
        }
        let says = Says::new(self.subject(), clause);
        let (averted, awoken) = (self.averted(), self.awoken());
        let law = match (pcide, noflush) {
            (false, _) => 34,
            (true, false) => 35,
            (true, true) => 36,
        };
        if !awoken.is_empty() {
            let pcid = after.pcid;
            let because = format!(
                "With PCID {pcid} loaded, the stale pointers to {} can be used again.",
                name::list(&awoken)
            );
            return says.because(because, &[2, law]).tone(Tone::Stale);
        }
        if !averted.is_empty() {
            let because = format!("CPU {} cannot walk into {} any more.", self.cpu, name::list(&averted));
            return says.because(because, &[law, 2]).tone(Tone::Safe);
        }
        let because = match law {
            34 => "Without PCIDs a CR3 write drops everything but global translations.".to_owned(),
            35 => format!(
                "The CR3 write drops only entries of PCID {}; entries of other PCIDs stay.",
                after.pcid
            ),
            _ if before.pcid == after.pcid => "Entries cached under this PCID stay usable.".to_owned(),
            _ => format!(
                "Entries cached under PCID {} stay, but cannot be used until that PCID is loaded again.",
                before.pcid
            ),
        };
        says.because(because, &[law, 2])
    }

    pub(super) fn invalidated(&self, by: Invalidation, removed: &Removed) -> Says {
        let control = self.names.machine.control();
        let (instruction, because, law) = match by {
            Invalidation::Invlpg(va) if control.tce => (
                format!("INVLPG {va}"),
                "With EFER.TCE, INVLPG drops only those upper-level entries that lead to the address.",
                38,
            ),
            Invalidation::Invlpg(va) => (
                format!("INVLPG {va}"),
                "INVLPG drops all paging-structure-cache entries of the current PCID, whatever their address.",
                37,
            ),
            Invalidation::Invpcid(Invpcid::Address(pcid, va)) => (
                format!("INVPCID for {va} of PCID {pcid}"),
                "This type of INVPCID need only drop entries that would translate that address.",
                39,
            ),
            Invalidation::Invpcid(Invpcid::Single(pcid)) => (
                format!("INVPCID for PCID {pcid}"),
                "This type of INVPCID drops all entries of one PCID except global translations.",
                40,
            ),
            Invalidation::Invpcid(Invpcid::All) => (
                "INVPCID for everything".to_owned(),
                "This type of INVPCID drops global translations too.",
                41,
            ),
            Invalidation::Invpcid(Invpcid::AllNonGlobal) => {
                ("INVPCID for all PCIDs".to_owned(), "This type of INVPCID may keep global translations.", 42)
            }
            Invalidation::TogglePge => (
                "a change of CR4.PGE".to_owned(),
                "A change of CR4.PGE drops everything, global translations included.",
                43,
            ),
            Invalidation::Invept(kind) => (
                match kind {
                    Invept::Single(ept) => format!("INVEPT for {}", self.names.frame(ept)),
                    Invept::Global => "INVEPT for all".to_owned(),
                },
                "INVEPT drops guest-physical and combined mappings, whatever their VPID; linear ones stay.",
                68,
            ),
            Invalidation::Invvpid(kind) => (
                match kind {
                    Invvpid::Address(vpid, va) => format!("INVVPID for {va} of VPID {vpid}"),
                    Invvpid::Single(vpid) => format!("INVVPID for VPID {vpid}"),
                    Invvpid::All => "INVVPID for all VPIDs".to_owned(),
                    Invvpid::SingleNonGlobal(vpid) => format!("INVVPID for VPID {vpid} without globals"),
                },
                "INVVPID drops linear and combined mappings. Guest-physical mappings stay.",
                69,
            ),
            Invalidation::Invlpga(va, asid) => (
                format!("INVLPGA for {va} of ASID {asid}"),
                "INVLPGA drops the translation of one address under one ASID.",
                71,
            ),
            Invalidation::Violation { gpa, va } => {
                let name = self.violation_name();
                let clause = format!("has an {name} at {gpa}, for {va}, and {}", self.drops(removed));
                return Says::new(self.subject(), clause).because(
                    "This drops the mappings that the two addresses would use, and the guest exits to the host.",
                    &[70],
                );
            }
        };
        let clause = format!("executes {instruction} and {}", self.drops(removed));
        let averted = self.averted();
        let says = Says::new(self.subject(), clause);
        if averted.is_empty() {
            return says.because(because, &[law]);
        }
        let because = format!("CPU {} cannot walk into {} any more.", self.cpu, name::list(&averted));
        says.because(because, &[law]).tone(Tone::Safe)
    }

    fn violation_name(&self) -> &'static str {
        match self.names.machine.map().vendor {
            Vendor::Intel => "EPT violation",
            Vendor::Amd => "access that the nested page tables refuse",
        }
    }

    pub(super) fn vmcs_loaded(&self, mm: u8, ept: u8, vpid: u8) -> Says {
        let (tag, vendor) = (self.tag_name(vpid), self.names.machine.map().vendor);
        let structure = if vendor == Vendor::Intel { "VMCS" } else { "VMCB" };
        let (mm, ept) = (self.names.mm(u64::from(mm)), self.names.mm(u64::from(ept)));
        let clause = format!("loads a {structure}: guest {ept} with {mm} in its CR3 and {tag}");
        Says::new(self.subject(), clause).laws(&[64])
    }

    fn tag_name(&self, vpid: u8) -> String {
        match (self.names.machine.map().vendor, vpid) {
            (Vendor::Intel, 0) => "no VPID".to_owned(),
            (Vendor::Intel, vpid) => format!("VPID {vpid}"),
            (Vendor::Amd, asid) => format!("ASID {asid}"),
        }
    }

    pub(super) fn vm_entered(&self, guest: Guest, cr3: Cr3, removed: &Removed) -> Says {
        let (root, cr3) = (self.names.pfn(guest.root), self.names.pfn(cr3.root));
        let tag = self.tag_name(guest.vpid);
        let clause = format!("enters its guest ({root}, {tag}) at {cr3} and {}", self.drops(removed));
        let (because, law) = self.transition(guest.vpid);
        Says::new(self.subject(), clause).because(because, &[law, 64])
    }

    pub(super) fn vm_exited(&self, why: ExitReason, removed: &Removed) -> Says {
        let vpid = self.before.cpus[usize::from(self.cpu)].hw.vpid();
        let why = match why {
            ExitReason::Asked => "leaves its guest",
            ExitReason::Interrupt => "leaves its guest for an interrupt",
            ExitReason::Violation { write: true, .. } => "leaves its guest, which may not write there,",
            ExitReason::Violation { write: false, .. } => "leaves its guest, which may not read there,",
        };
        let (because, law) = self.transition(vpid);
        Says::new(self.subject(), format!("{why} and {}", self.drops(removed))).because(because, &[law])
    }

    /// What a VM entry or exit leaves in the TLB, and the rule about it.
    fn transition(&self, vpid: u8) -> (&'static str, u8) {
        match (self.names.machine.map().vendor, vpid) {
            (Vendor::Amd, _) => ("VMRUN flushes what TLB_CONTROL says. #VMEXIT flushes nothing.", 71),
            (Vendor::Intel, 0) => (
                "Without VPIDs, VM entries and exits drop linear and combined mappings; guest-physical ones stay.",
                67,
            ),
            (Vendor::Intel, _) => ("With VPIDs, VM entries and exits need to drop nothing.", 67),
        }
    }

    /// `drops 2 TLB entries and 3 paging-structure-cache entries`.
    pub(super) fn drops(&self, removed: &Removed) -> String {
        let mut parts = Vec::new();
        if !removed.tlb.is_empty() {
            parts.push(name::count(removed.tlb.len(), "TLB entry", "TLB entries"));
        }
        if !removed.psc.is_empty() {
            parts.push(name::count(
                removed.psc.len(),
                "paging-structure-cache entry",
                "paging-structure-cache entries",
            ));
        }
        if parts.is_empty() {
            return "finds nothing cached to drop".to_owned();
        }
        let bad = removed.psc.iter().filter(|entry| entry.provenance != Provenance::Sound).count();
        let mut text = format!("drops {}", name::list(&parts));
        if bad > 0 {
            text.push_str(&format!(", {bad} of them stale"));
        }
        text
    }

    /// The stale targets that a walk of this CPU could reach before the step and cannot reach any
    /// more.
    pub(super) fn averted(&self) -> Vec<String> {
        let after = self.strays(self.after);
        self.strays(self.before).into_iter().filter(|name| !after.contains(name)).collect()
    }

    /// The stale targets that a walk of this CPU can reach after the step and could not reach
    /// before.
    fn awoken(&self) -> Vec<String> {
        let before = self.strays(self.before);
        self.strays(self.after).into_iter().filter(|name| !before.contains(name)).collect()
    }

    /// The stale targets that a walk of this CPU could reach: names of what its usable stale
    /// pointers lead to.
    fn strays(&self, state: &machine::State) -> Vec<String> {
        let mut names = Vec::new();
        for reference in
            crate::reference::of_cpu(self.names.machine, state, self.cpu).iter().filter(|r| r.walkable())
        {
            let name = self.names.pfn(reference.pfn);
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names
    }
}
