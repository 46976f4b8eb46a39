//! Devices with ATS behind an IOMMU that shares the CPUs' page tables (H22, H74 to H76).
//!
//! A device has the number of a CPU, and the state of one: what its IOMMU has cached for it (translations and pointers, as a
//! CPU's) and, beside that, its own TLB ([`Space::DEVICE`]). The IOMMU walks as a CPU does. The device accesses memory through
//! its own TLB alone. It fills that TLB by asking the IOMMU, which answers from the IOTLB. Nobody's IPI, INVLPGB or CR3 write
//! reaches it: software puts commands into a queue.

use crate::step::Stepping;
use crate::user::Access;
use crate::{Action, Bug, MOST_WAITING, Machine, Sent, State, What};
use lang::program::{Mode, QueueOp};
use x86::{Asks, Broadcast, Control, Cr3, MmId, Pcid, Provenance, Removed, Space, TlbEntry, VirtAddr};

/// The largest PASID here: tags have the bits of a PCID (hardware's have 20).
pub const LAST_PASID: u64 = 4095;

impl Machine {
    /// Whether a number is that of a device.
    #[must_use]
    pub fn is_device(&self, cpu: u8) -> bool {
        self.program.machine.is_device(cpu)
    }

    /// The translations that an access to an address may use now: those of the TLB; a device's are those of its own.
    pub fn usable<'a>(
        &self,
        state: &'a State,
        cpu: u8,
        va: VirtAddr,
    ) -> impl Iterator<Item = &'a TlbEntry> + use<'a> {
        let hw = &state.cpus[usize::from(cpu)].hw;
        hw.translations_in(va, if self.is_device(cpu) { Space::DEVICE } else { hw.space() })
    }

    /// The control bits by which a walker works. An IOMMU's tags do not depend on CR4.PCIDE, and it knows no global pages:
    /// Linux leaves PGE of the PASID entry clear.
    pub(crate) fn control_of(&self, cpu: u8) -> Control {
        match self.is_device(cpu) {
            true => Control { pcide: true, pge: false, tce: false, invlpg_keeps_globals: false },
            false => self.control,
        }
    }

    /// Whether a number is that of a device which has no PASID now: then nothing walks for it.
    #[must_use]
    pub fn detached(&self, state: &State, cpu: u8) -> bool {
        self.is_device(cpu) && !matches!(state.cpus[usize::from(cpu)].mode, Mode::User(_))
    }

    /// What a device would cache if it asked for the translation of an address now, for each that the IOTLB can give: those
    /// that it does not have. The IOMMU gives it none that a user may not use (H75).
    pub(crate) fn answers<'a>(
        &self,
        state: &'a State,
        cpu: u8,
        va: VirtAddr,
    ) -> impl Iterator<Item = (u8, TlbEntry)> + use<'a> {
        let hw = &state.cpus[usize::from(cpu)].hw;
        let answers = (0..=u8::MAX).zip(hw.translations_in(va, Space::default()));
        answers
            .filter(|(_, entry)| entry.rights.user)
            .map(|(copy, entry)| (copy, TlbEntry { space: Space::DEVICE, ..*entry }))
            .filter(|(_, entry)| !hw.tlb.contains(entry))
    }

    /// Appends the requests for translations that a device could make.
    pub(crate) fn requests(&self, state: &State, cpu: u8, va: u8, address: VirtAddr, out: &mut Vec<Action>) {
        if self.is_device(cpu) {
            let copies = self.answers(state, cpu, address).map(|answer| answer.0);
            out.extend(copies.map(|copy| Action::Translate { cpu, va, copy }));
        }
    }

    /// A device caches what the IOMMU answers.
    pub(crate) fn take_translation(&self, step: &mut Stepping<'_>, va: u8, copy: u8) {
        let Some(&address) = self.watched.get(usize::from(va)) else { return };
        let answer = self.answers(step.state, step.cpu, address).find(|answer| answer.0 == copy);
        let Some((_, entry)) = answer else { return };
        step.state.cpus[usize::from(step.cpu)].hw.insert_tlb(entry);
        self.copies(step);
        step.event(|| What::Translated { va: address, entry });
    }

    /// An access of a device is refused: it is given up, and a load gives 0. Nothing is removed from any cache, and no CPU
    /// hears of it here (page requests are left out).
    pub(crate) fn refuse_device(&self, step: &mut Stepping<'_>, access: &Access) {
        let (va, write) = (access.va, access.write.is_some());
        step.event(|| What::DeviceRefused { va, write });
        self.finish(step, access.dst, 0);
    }

    /// Puts a command into the queue, unless there is no room in it; whether the operation is over.
    pub(crate) fn queue_command(&self, step: &mut Stepping<'_>, op: QueueOp, pasid: u64, va: u64) -> bool {
        let tag = Pcid((pasid & 0xffff) as u16);
        if pasid > LAST_PASID {
            step.bug(Bug::NoSuchPasid(pasid));
            return true;
        }
        let address = match (op, self.map.linear(va)) {
            (QueueOp::IotlbAddr | QueueOp::DevTlbAddr, None) => {
                step.bug(Bug::NotCanonical(va));
                return true;
            }
            (QueueOp::IotlbAddr | QueueOp::DevTlbAddr, found) => found,
            (QueueOp::Iotlb | QueueOp::DevTlb, _) => None,
        };
        let by = match op {
            QueueOp::Iotlb | QueueOp::IotlbAddr => Asks::Iotlb,
            QueueOp::DevTlb | QueueOp::DevTlbAddr => Asks::DeviceTlb,
        };
        let broadcast = Broadcast::command(by, tag, address);
        let processors = usize::from(self.program.machine.processors());
        let full = |device: &usize| step.state.cpus[*device].broadcasts.len() >= MOST_WAITING;
        if let Some(device) = (processors..step.state.cpus.len()).find(full) {
            self.wait_for_room(step, u8::try_from(device).unwrap_or(u8::MAX));
            return false;
        }
        let sender = step.cpu;
        for device in &mut step.state.cpus[processors..] {
            device.broadcasts.push(Sent { sender, broadcast });
        }
        step.event(|| What::CommandQueued(broadcast));
        true
    }

    /// An entry of the PASID table is written: a device works for an address space from now on, under a tag. What is cached
    /// stays.
    pub(crate) fn attach_pasid(&self, step: &mut Stepping<'_>, device: u64, mm: u64, pasid: u64) {
        let Some(device) = u8::try_from(device).ok().filter(|&device| self.is_device(device)) else {
            return step.bug(Bug::NoSuchDevice(device));
        };
        if pasid > LAST_PASID {
            return step.bug(Bug::NoSuchPasid(pasid));
        }
        let root = self.root_of(step.state, mm);
        let mm: MmId = match self.mm(mm) {
            Ok(mm) => mm,
            Err(bug) => return step.bug(bug),
        };
        let Some(root) = root else { return };
        let sound = step.state.memory.is_table(root, self.map.top);
        let provenance = if sound { Provenance::Sound } else { Provenance::Dangling };
        let tag = Pcid((pasid & 0xffff) as u16);
        let this = &mut step.state.cpus[usize::from(device)];
        this.hw.cr3 = Cr3 { root: self.map.frames[usize::from(root)].0, pcid: tag, provenance };
        this.mode = if mm == 0 { Mode::Idle } else { Mode::User(mm) };
        step.event(|| What::PasidAttached { device, mm, pasid: tag });
        let cpu = std::mem::replace(&mut step.cpu, device);
        self.copies(step);
        self.regain(step);
        step.cpu = cpu;
    }

    /// A stale translation of a device's own TLB goes: the device has asked once more, to write.
    pub(crate) fn asked_again(&self, step: &mut Stepping<'_>, va: VirtAddr, entry: TlbEntry) {
        step.state.cpus[usize::from(step.cpu)].hw.tlb.retain(|other| *other != entry);
        let removed = Removed { tlb: vec![entry], psc: Vec::new() };
        step.event(|| What::Rewalked { va, write: true, removed });
    }
}
