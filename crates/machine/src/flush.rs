//! MOV CR3 and the invalidations that software asks for.

use crate::state::CpuState;
use crate::step::Stepping;
use crate::{Bug, Invalidation, LAST_VPID, MOST_WAITING, Machine, Sent, VmFault, What};
use lang::program::{InvlpgbOp, InvpcidOp};
use x86::{Asks, Backing, Broadcast, Invpcid, Pcid, Pfn, Provenance, Vendor};

impl Machine {
    pub(crate) fn write_cr3(&self, step: &mut Stepping<'_>, root: u64, pcid: u64, noflush: bool) {
        let tag = Pcid((pcid & 0xffff) as u16);
        // Without CR4.PCIDE bit 63 is reserved, and bits 11:0 are ignored (H3): two of them are PWT and PCD, which
        // are taken to be clear.
        if pcid > 4095 || (!self.control.pcide && noflush) {
            return step.bug(Bug::GeneralProtection(tag));
        }
        let root = Pfn(root);
        if step.state.cpus[step.cpu as usize].in_guest() {
            return self.guest_cr3(step, root, tag, noflush);
        }
        let provenance = match self.map.backing(root) {
            Backing::Frame(frame)
                if self.map.frames[frame as usize].0 == root
                    && step.state.memory.is_table(frame, self.map.top) =>
            {
                Provenance::Sound
            }
            _ => {
                step.bug(Bug::NotARoot(root.0));
                Provenance::Dangling
            }
        };
        let hw = &mut step.state.cpus[step.cpu as usize].hw;
        let before = hw.cr3;
        let removed = hw.mov_cr3(self.control, root, tag, noflush, provenance);
        let after = hw.cr3;
        step.event(|| What::Cr3Written { before, after, noflush, removed });
        // A global translation may now stand beside one that has waited under this PCID.
        self.watched.iter().for_each(|&va| self.sizes(step, va));
        self.regain(step);
    }

    /// The same in a guest: the root is a frame of the guest's memory.
    fn guest_cr3(&self, step: &mut Stepping<'_>, root: Pfn, tag: Pcid, noflush: bool) {
        let inside = self.guest_frames.iter().any(|frame| frame.gfn == root);
        if !inside {
            return step.bug(Bug::NotARoot(root.0));
        }
        let hw = &mut step.state.cpus[step.cpu as usize].hw;
        let before = hw.cr3;
        let removed = hw.mov_cr3(self.control, root, tag, noflush, Provenance::Sound);
        let after = hw.cr3;
        step.event(|| What::Cr3Written { before, after, noflush, removed });
        self.watched.iter().for_each(|&va| self.sizes(step, va));
        self.regain(step);
    }

    pub(crate) fn invpcid(&self, step: &mut Stepping<'_>, op: InvpcidOp, pcid: u64, va: u64) {
        let tag = Pcid((pcid & 0xffff) as u16);
        let needs_pcid = matches!(op, InvpcidOp::Addr | InvpcidOp::Single);
        if needs_pcid && (pcid > 4095 || (!self.control.pcide && pcid != 0)) {
            return step.bug(Bug::GeneralProtection(tag));
        }
        let kind = match (op, self.map.linear(va)) {
            (InvpcidOp::Addr, None) => return step.bug(Bug::NotCanonical(va)),
            (InvpcidOp::Addr, Some(va)) => Invpcid::Address(tag, va),
            (InvpcidOp::Single, _) => Invpcid::Single(tag),
            (InvpcidOp::All, _) => Invpcid::All,
            (InvpcidOp::AllNonGlobal, _) => Invpcid::AllNonGlobal,
        };
        let removed = step.state.cpus[step.cpu as usize].hw.invpcid(self.control, self.map.vendor, kind);
        step.event(|| What::Invalidated { by: Invalidation::Invpcid(kind), removed });
    }

    /// Sends an INVLPGB, unless some CPU has no room for it; whether the operation is over.
    pub(crate) fn invlpgb(
        &self,
        step: &mut Stepping<'_>,
        op: InvlpgbOp,
        pcid: u64,
        va: u64,
        pages: u64,
        final_only: bool,
    ) -> bool {
        if !self.has(step, Vendor::Amd) {
            return true;
        }
        let tag = Pcid((pcid & 0xffff) as u16);
        let by_asid = matches!(op, InvlpgbOp::Asid | InvlpgbOp::AsidAll);
        if by_asid && pcid > u64::from(LAST_VPID) {
            step.bug(Bug::Vm(VmFault::TagTooLarge));
            return true;
        }
        // Linux 44126343d58c: a PCID other than 0 while CR4.PCIDE is clear is a #GP.
        if !by_asid && (pcid > 4095 || (!self.control.pcide && pcid != 0)) {
            step.bug(Bug::GeneralProtection(tag));
            return true;
        }
        let range = match (op, self.map.linear(va)) {
            (InvlpgbOp::Range, None) => {
                step.bug(Bug::NotCanonical(va));
                return true;
            }
            // What is counted are the pages behind the first one, so none at all would be 65,536 (H48).
            (InvlpgbOp::Range, Some(va)) => match u16::try_from(pages) {
                Ok(count @ 1..) if count <= self.program.machine.invlpgb_count_max => Some((va, count)),
                _ => {
                    step.bug(Bug::TooManyPages(pages));
                    return true;
                }
            },
            _ => None,
        };
        let pcid = matches!(op, InvlpgbOp::Range | InvlpgbOp::Single).then_some(tag);
        let globals = matches!(op, InvlpgbOp::All | InvlpgbOp::AsidAll | InvlpgbOp::AllNested);
        let nested = matches!(op, InvlpgbOp::AsidAll | InvlpgbOp::AllNested);
        // A guest means its own ASID, whatever the operand says.
        let own =
            step.state.cpus[step.cpu as usize].vmcs.filter(|vmcs| vmcs.entered).map(|vmcs| vmcs.guest.vpid);
        let asid = own.or(by_asid.then_some((tag.0 & 0xff) as u8));
        let by = Asks::Invlpgb;
        let broadcast = Broadcast { pcid, range, globals, final_only, asid, nested, by };
        // It reaches processors, and no IOMMU.
        let processors = usize::from(self.program.machine.processors());
        let full = |(_, cpu): &(u8, &CpuState)| cpu.broadcasts.len() >= MOST_WAITING;
        if let Some((full, _)) = (0..).zip(&step.state.cpus[..processors]).find(full) {
            self.wait_for_room(step, full);
            return false;
        }
        let sender = step.cpu;
        for cpu in &mut step.state.cpus[..processors] {
            cpu.broadcasts.push(Sent { sender, broadcast });
        }
        step.event(|| What::BroadcastSent(broadcast));
        true
    }

    /// TLBSYNC, once there is nothing left to wait for.
    pub(crate) fn tlbsync(&self, step: &mut Stepping<'_>) {
        if self.has(step, Vendor::Amd) {
            step.event(|| What::Waited);
        }
    }

    /// Whether the processor has an instruction of this vendor's: elsewhere it is #UD.
    pub(crate) fn has(&self, step: &mut Stepping<'_>, vendor: Vendor) -> bool {
        let here = self.map.vendor == vendor;
        if !here {
            step.bug(Bug::Vm(VmFault::OtherVendor));
        }
        here
    }

    pub(crate) fn broadcast(&self, step: &mut Stepping<'_>) {
        let this = &mut step.state.cpus[step.cpu as usize];
        if this.broadcasts.is_empty() {
            return;
        }
        let Sent { sender, broadcast } = this.broadcasts.remove(0);
        let removed = match broadcast.by {
            Asks::Invlpgb | Asks::Request => this.hw.invlpgb(self.control, &broadcast),
            Asks::Iotlb | Asks::DeviceTlb => this.hw.commanded(&broadcast),
        };
        step.event(|| What::BroadcastDone { broadcast, sender, removed });
    }
}
