//! Words for invalidations that reach every CPU without an interrupt, and for sleep.

use super::{Says, Telling};
use crate::name;
use crate::view::Tone;
use lang::program::Sleep;
use x86::{Asks, Broadcast, MmId, Pcid, Provenance, Removed, TlbEntry, VirtAddr};

impl Telling<'_> {
    pub(super) fn broadcast_sent(&self, broadcast: &Broadcast) -> Says {
        let clause = format!("executes INVLPGB for {} on every CPU", name::broadcast(broadcast));
        Says::new(self.subject(), clause).because(
            "INVLPGB is weakly ordered: each CPU carries it out at its own time. TLBSYNC waits for that.",
            &[48, 49],
        )
    }

    pub(super) fn shared(&self, cpus: u64) -> Says {
        let clause = format!("shares its TLB, so {} can use it too", name::cpu_list(cpus));
        Says::new(self.subject(), clause).because("It serves whoever runs with the same PCID.", &[73])
    }

    pub(super) fn rar_sent(&self, targets: u64, broadcast: &Broadcast) -> Says {
        if targets == 0 {
            let clause = "asks nobody: no other CPU is in the set".to_owned();
            return Says::new(self.subject(), clause).because("", &[]);
        }
        let whom = name::cpu_list(targets);
        let clause =
            format!("asks {whom} for a flush of {} by a remote action request", name::broadcast(broadcast));
        Says::new(self.subject(), clause).because(
            "Microcode carries it out at a time of its own, also while interrupts are off. A CPU outside the set hears nothing of it.",
            &[72],
        )
    }

    pub(super) fn command_queued(&self, command: &Broadcast) -> Says {
        let whose = match command.by {
            Asks::DeviceTlb => "the TLBs of devices",
            _ => "the IOTLB",
        };
        let clause =
            format!("puts a command for {whose} into the IOMMU's queue: {}", name::broadcast(command));
        Says::new(self.subject(), clause)
            .because("It is carried out at a later time. Only a wait tells when.", &[76])
    }

    pub(super) fn pasid_attached(&self, device: u8, mm: MmId, pasid: Pcid) -> Says {
        let clause = match mm {
            0 => format!("takes the PASID from CPU {device}"),
            _ => format!(
                "gives CPU {device} the page tables of {}, under PASID {pasid}",
                self.names.mm(u64::from(mm))
            ),
        };
        Says::new(self.subject(), clause).because("What is cached stays.", &[74])
    }

    pub(super) fn translated(&self, va: VirtAddr, entry: &TlbEntry) -> Says {
        let page = entry.page << entry.level.shift();
        let target = self.names.whereabouts(entry.pfn);
        let clause = format!("asks its IOMMU for {va}, and caches the answer {page:#x} -> {target}");
        let says = Says::new(self.subject(), clause)
            .because("The IOMMU answers from its IOTLB. A device may ask at any time.", &[75]);
        says.tone(if entry.provenance == Provenance::Sound { Tone::Speculative } else { Tone::Stale })
    }

    pub(super) fn device_refused(&self, va: u64, write: bool) -> Says {
        let what = if write { "store" } else { "load" };
        Says::new(
            self.subject(),
            format!("gives up its {what} at {va:#x}: the IOMMU refuses the translation"),
        )
        .because("Page requests are left out.", &[74])
    }

    pub(super) fn broadcast_done(&self, broadcast: &Broadcast, sender: u8, removed: &Removed) -> Says {
        let whose = if sender == self.cpu { "its own".to_owned() } else { format!("CPU {sender}'s") };
        let (what, law) = match broadcast.by {
            Asks::Invlpgb => ("INVLPGB", 48),
            Asks::Request => ("request", 72),
            Asks::Iotlb => ("command for the IOTLB", 76),
            Asks::DeviceTlb => ("command for the device's TLB", 76),
        };
        let clause = format!(
            "carries out {whose} {what} for {} and {}",
            name::broadcast(broadcast),
            self.drops(removed)
        );
        let says = Says::new(self.subject(), clause);
        let averted = self.averted();
        if !averted.is_empty() {
            let because = format!("CPU {} cannot walk into {} any more.", self.cpu, name::list(&averted));
            return says.because(because, &[law]).tone(Tone::Safe);
        }
        if law == 76 {
            let because = match broadcast.by {
                Asks::Iotlb => "What the device itself has cached stays.",
                _ => "What the IOMMU has cached stays, and the device may ask for it again.",
            };
            return says.because(because, &[76, 75]);
        }
        let because = if broadcast.final_only {
            "This INVLPGB drops final translations only: pointers to page tables stay cached."
        } else {
            "This needs no interrupt, whatever the CPU is doing."
        };
        says.because(because, &[law])
    }

    pub(super) fn slept(&self, depth: Sleep, removed: &Removed) -> Says {
        match depth {
            Sleep::C1 => Says::new(self.subject(), "halts in C1".to_owned())
                .because("A halted CPU makes no walks, and keeps its cached entries.", &[]),
            Sleep::C6 => Says::new(self.subject(), format!("halts in C6 and {}", self.drops(removed)))
                .because("Deep sleep switches the caches off.", &[9]),
        }
    }
}
