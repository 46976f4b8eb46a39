//! Guests: VM entries and exits, invalidations by guests' tags, and walks in two dimensions.
//!
//! A CPU's thread is also a virtual CPU: between a VM entry and the next exit that the text asks for, its operations
//! are the guest's. An EPT violation or an external interrupt interrupts the guest. Then the kernel's `exit` handler
//! runs, as the host, on top of the thread. Its return is a VM entry, and the guest continues where it was. If an IPI
//! causes the exit, the IPI is handled first, and the `exit` handler waits below it, as in KVM.
//!
//! Exits come with interrupts off. The guest's interrupt flag blocks no IPI: external interrupts are the host's.

use crate::step::Stepping;
use crate::user::Access;
use crate::{
    Action, Bug, Context, CpuState, Exception, ExitReason, From, GuestFrame, Invalidation, MOST_COPIES,
    Machine, Occasion, State, VmFault, Vmcs, What,
};
use lang::program::{ExitFact, Handler, HandlerKind, InvvpidOp};
use x86::{
    Backing, Cpu, Cr3, Fault, FrameId, Guest, Invept, Invvpid, MmId, Pcid, Pfn, Provenance, SECOND, TableRef,
    TlbControl, TlbEntry, Vendor, VirtAddr, WalkOutcome, Walked, gpa, guest_page, resolve,
};

/// The largest VPID or ASID.
pub const LAST_VPID: u8 = u8::MAX;
/// The most copies that a walk in the guest's dimension chooses from: of the root's mapping, of the mapping of what it finds,
/// and of the pointers of a level that it may begin at. An action has no room for more.
const COPIES_OF_ROOT: u8 = 8;
const COPIES_OF_NEXT: u8 = 16;
const COPIES_OF_POINTER: u8 = 16;

impl Machine {
    /// The frames of guests' memory; [`Action::NestedWalk`] counts them.
    #[must_use]
    pub fn guest_frames(&self) -> &[GuestFrame] {
        &self.guest_frames
    }

    /// Frame of an mm's root at the start. Where there are guests, no address space comes or goes.
    fn fixed_root(&self, mm: MmId) -> FrameId {
        self.roots.get(usize::from(mm)).copied().flatten().unwrap_or_default()
    }

    /// The frame in CR3 while an mm is loaded: a guest-physical frame, if the mm is in a guest.
    #[must_use]
    pub fn root_pfn(&self, mm: MmId) -> Pfn {
        let root = self.fixed_root(mm);
        let guest = self.program.mms.get(usize::from(mm)).and_then(|spec| spec.guest);
        let frame = |frame: &&GuestFrame| frame.first == root && Some(frame.guest) == guest;
        let gfn = self.guest_frames.iter().find(frame).map(|frame| frame.gfn);
        gfn.unwrap_or(self.map.frames[usize::from(root)].0)
    }

    /// The frame that an entry of a table names, as it was at the start: if the table is a guest's, through the second
    /// dimension.
    #[must_use]
    pub fn named_by(&self, table: FrameId, pfn: Pfn) -> Backing {
        let of = |frame: &&GuestFrame| frame.first == table;
        let Some(guest) = self.guest_frames.iter().find(of).map(|frame| frame.guest) else {
            return self.map.backing(pfn);
        };
        let named = self.guest_frames.iter().find(|frame| frame.guest == guest && frame.gfn == pfn);
        named.map_or(Backing::Absent, |frame| Backing::Frame(frame.first))
    }

    /// Where a frame of a guest is now, as the tables of its second dimension in memory have it.
    ///
    /// # Errors
    /// If they do not map it.
    pub fn backed(&self, state: &State, guest: MmId, gfn: Pfn) -> Result<Pfn, Bug> {
        let root = self.map.frames[usize::from(self.fixed_root(guest))].0;
        let found = resolve(root, &state.memory, &self.map, gfn);
        found.map(|found| found.0).map_err(|_| Bug::NotBacked(gfn.base()))
    }

    /// The guest whose second dimension has a root.
    #[must_use]
    pub fn guest_of(&self, hw: &Cpu) -> Option<MmId> {
        let root = hw.guest?.root;
        let mut guests = (0..).zip(&self.program.mms).filter(|(_, spec)| spec.second).map(|(mm, _)| mm);
        guests.find(|&mm| self.map.frames[usize::from(self.fixed_root(mm))].0 == root)
    }

    pub(crate) fn vmptrld(&self, step: &mut Stepping<'_>, mm: u64, ept: u64, vpid: u64) {
        let entered = step.state.cpus[usize::from(step.cpu)].in_guest();
        let second = self.mm(ept).ok().filter(|&ept| self.program.mms[usize::from(ept)].second);
        let inside = self.mm(mm).ok().filter(|&mm| self.program.mms[usize::from(mm)].guest.is_some());
        let (Some(ept), Some(mm), Ok(vpid), false) = (second, inside, u8::try_from(vpid), entered) else {
            let why = match (entered, u8::try_from(vpid)) {
                (true, _) => VmFault::InGuest,
                (false, Err(_)) => VmFault::TagTooLarge,
                (false, Ok(_)) => VmFault::NoGuest,
            };
            return step.bug(Bug::Vm(why));
        };
        let root = self.fixed_root(ept);
        let pfn = self.map.frames[usize::from(root)].0;
        let guest = Guest::new(self.map.vendor, vpid, (pfn, root), Provenance::Sound);
        let cr3 = Cr3 { root: self.root_pfn(mm), pcid: Pcid(0), provenance: Provenance::Sound };
        step.state.cpus[usize::from(step.cpu)].vmcs = Some(Vmcs { guest, cr3, entered: false });
        step.event(|| What::VmcsLoaded { mm, ept, vpid });
    }

    /// VMRESUME, or VMRUN with TLB_CONTROL; whether it was the end of the handler of VM exits.
    pub(crate) fn vm_enter(&self, step: &mut Stepping<'_>, control: Option<u64>) -> bool {
        let amd = self.map.vendor == Vendor::Amd;
        let this = &step.state.cpus[usize::from(step.cpu)];
        let in_handler = !this.in_thread();
        let why = match (&this.vmcs, control.map(TlbControl::of)) {
            (Some(vmcs), _) if vmcs.entered => VmFault::InGuest,
            (None, _) => VmFault::NoGuest,
            (Some(_), asked) if asked.is_some() != amd => VmFault::OtherVendor,
            (Some(_), Some(None)) => VmFault::Reserved,
            (Some(vmcs), _) if amd && vmcs.guest.vpid == 0 => VmFault::TagOfHost,
            (Some(_), control) if self.ends_exit(this) => {
                self.end_handler(step, control.flatten().unwrap_or(TlbControl::Nothing));
                return true;
            }
            (Some(_), _) if in_handler => VmFault::InHandler,
            (Some(_), control) => {
                let control = control.flatten().unwrap_or(TlbControl::Nothing);
                self.go_in(step, control);
                return false;
            }
        };
        step.bug(Bug::Vm(why));
        false
    }

    /// The guest goes on.
    fn go_in(&self, step: &mut Stepping<'_>, control: TlbControl) {
        let vendor = self.map.vendor;
        let this = &mut step.state.cpus[usize::from(step.cpu)];
        let Some(vmcs) = &mut this.vmcs else { return };
        let sound = match self.map.backing(vmcs.guest.root) {
            Backing::Frame(frame) => step.state.memory.is_table(frame, SECOND),
            _ => false,
        };
        if !sound {
            vmcs.guest.provenance = Provenance::Dangling;
        }
        let host = this.hw.cr3;
        let removed = this.hw.enter(vendor, vmcs.guest, vmcs.cr3, control);
        (vmcs.cr3, vmcs.entered) = (host, true);
        let (guest, cr3) = (vmcs.guest, this.hw.cr3);
        step.event(|| What::VmEntered { guest, cr3, removed });
        self.regain(step);
        self.watched.iter().for_each(|&va| self.sizes(step, va));
        self.quiescent(step);
    }

    /// The guest leaves.
    fn go_out(&self, step: &mut Stepping<'_>, why: ExitReason) {
        let vendor = self.map.vendor;
        let this = &mut step.state.cpus[usize::from(step.cpu)];
        let Some(vmcs) = &mut this.vmcs else { return };
        let guest = this.hw.cr3;
        let removed = this.hw.exit(vendor, vmcs.cr3);
        (vmcs.cr3, vmcs.entered) = (guest, false);
        step.event(|| What::VmExited { why, removed });
        self.regain(step);
        self.watched.iter().for_each(|&va| self.sizes(step, va));
    }

    /// The guest exits by itself: the thread continues as the host's.
    pub(crate) fn vmcall(&self, step: &mut Stepping<'_>) {
        if step.state.cpus[usize::from(step.cpu)].in_guest() {
            self.go_out(step, ExitReason::Asked);
            self.quiescent(step);
        } else {
            step.bug(Bug::Vm(VmFault::NotInGuest));
        }
    }

    /// The guest is interrupted: the host's handler begins.
    fn leave_guest(&self, step: &mut Stepping<'_>, why: ExitReason) {
        self.go_out(step, why);
        let Some((number, handler)) = self.exit_handler() else { return };
        let fact = |name: &str| match (ExitFact::named(name)?.0, why) {
            (ExitFact::Violation, ExitReason::Violation { .. }) => Some(1),
            (ExitFact::Gpa, ExitReason::Violation { gpa, .. }) => Some(gpa),
            (ExitFact::Write, ExitReason::Violation { write, .. }) => Some(u64::from(write)),
            _ => None,
        };
        let mut regs: Vec<u64> =
            handler.params.iter().map(|(name, _)| fact(name).unwrap_or_default()).collect();
        regs.resize(usize::from(handler.regs), 0);
        let context = Context { pc: handler.entry, regs };
        let this = &mut step.state.cpus[usize::from(step.cpu)];
        this.exception = Some(Exception { handler: number, irqs_on: this.irqs_on, context });
        this.irqs_on = false;
    }

    /// An external interrupt leaves the guest, if one runs.
    pub(crate) fn interrupt_guest(&self, step: &mut Stepping<'_>) {
        if step.state.cpus[usize::from(step.cpu)].in_guest() {
            self.leave_guest(step, ExitReason::Interrupt);
        }
    }

    /// The handler of a VM exit has ended: a VM entry. (On AMD with TLB_CONTROL 0, unless its last operation is a VMRUN.)
    pub(crate) fn end_exit(&self, step: &mut Stepping<'_>, handler: u8, control: TlbControl) {
        if self.program.handlers[usize::from(handler)].kind == HandlerKind::Exit {
            self.go_in(step, control);
        }
    }

    /// What the host does at VM exits, and its number among the handlers.
    pub(crate) fn exit_handler(&self) -> Option<(u8, &Handler)> {
        (0..).zip(&self.program.handlers).find(|(_, handler)| handler.kind == HandlerKind::Exit)
    }

    /// Whether what runs on a CPU is the handler of a VM exit itself.
    pub(crate) fn ends_exit(&self, cpu: &CpuState) -> bool {
        let exit = cpu.exception.as_ref().is_some_and(|exception| self.handles_exits(exception.handler));
        exit && cpu.handler.is_none() && cpu.intruder.is_none()
    }

    /// Whether a handler is that of VM exits.
    #[must_use]
    pub fn handles_exits(&self, handler: u8) -> bool {
        self.program.handlers.get(usize::from(handler)).is_some_and(|found| found.kind == HandlerKind::Exit)
    }

    /// The guest-physical address of an EPT violation that the next access of a CPU can cause: what memory refuses, or what
    /// a cached guest-physical mapping does.
    fn violation(&self, state: &State, cpu: u8) -> Option<(VirtAddr, u64, bool)> {
        let access = self.next_access(state, cpu)?;
        let (va, write) = (self.map.linear(access.va)?, access.write.is_some());
        let this = &state.cpus[usize::from(cpu)];
        this.hw.guest?;
        for fault in self.reasons(state, cpu, va, write).into_iter().flatten() {
            if let Fault::Nested(refused) = fault {
                let write = write || refused.table && self.map.vendor == Vendor::Amd;
                return Some((va, refused.gpa, write));
            }
        }
        let supervisor = self.supervisor(state, cpu);
        let page = gpa(guest_page(&this.hw, &state.memory, &self.map, va, write, supervisor).ok()?)?;
        let refuses = write && this.hw.guest_physical(page).any(|mapping| !mapping.rights.write);
        refuses.then_some((va, page.get(), write))
    }

    /// Whether the next access of a CPU may leave the guest.
    pub(crate) fn may_violate(&self, state: &State, cpu: u8) -> bool {
        self.violation(state, cpu).is_some()
    }

    /// An EPT violation, or AMD's nested page fault (H70).
    pub(crate) fn violate(&self, step: &mut Stepping<'_>) {
        while self.held_back(step.state, step.cpu, Occasion::VmExit) {
            self.drain(step);
        }
        let Some((va, address, write)) = self.violation(step.state, step.cpu) else { return };
        if let Some(gpa) = VirtAddr::new(address, SECOND) {
            let removed = step.state.cpus[usize::from(step.cpu)].hw.ept_violation(gpa, va);
            step.event(|| What::Invalidated { by: Invalidation::Violation { gpa, va }, removed });
        }
        self.leave_guest(step, ExitReason::Violation { gpa: address, write });
    }

    /// What an access of a guest can end in by a fault of the guest's own: what its tables say, or a dead end of a walk.
    pub(crate) fn own_fault(&self, state: &State, cpu: u8, access: &Access) -> bool {
        let Some(va) = self.map.linear(access.va) else { return true };
        let reasons = self.reasons(state, cpu, va, access.write.is_some()).into_iter().flatten();
        let mut own = reasons.filter(|fault| !matches!(fault, Fault::Nested(_)));
        own.next().is_some()
            || self.map.vendor != Vendor::Amd && self.dead_ends(state, cpu, va).next().is_some()
    }
}

/// Invalidations by tags.
impl Machine {
    pub(crate) fn invept(&self, step: &mut Stepping<'_>, ept: Option<u64>) {
        let kind =
            match ept.map(|ept| self.mm(ept).ok().filter(|&ept| self.program.mms[usize::from(ept)].second)) {
                None => Invept::Global,
                Some(Some(ept)) => Invept::Single(self.fixed_root(ept)),
                Some(None) => return step.bug(Bug::Vm(VmFault::NoGuest)),
            };
        if !self.host_of(step, Vendor::Intel) {
            return;
        }
        let removed = step.state.cpus[usize::from(step.cpu)].hw.invept(kind);
        step.event(|| What::Invalidated { by: Invalidation::Invept(kind), removed });
    }

    pub(crate) fn invvpid(&self, step: &mut Stepping<'_>, op: InvvpidOp, vpid: u64, va: u64) {
        let Ok(vpid) = u8::try_from(vpid) else { return step.bug(Bug::Vm(VmFault::TagTooLarge)) };
        if vpid == 0 && op != InvvpidOp::All {
            return step.bug(Bug::Vm(VmFault::TagOfHost));
        }
        let kind = match (op, self.map.linear(va)) {
            (InvvpidOp::Addr, None) => return step.bug(Bug::NotCanonical(va)),
            (InvvpidOp::Addr, Some(va)) => Invvpid::Address(vpid, va),
            (InvvpidOp::Single, _) => Invvpid::Single(vpid),
            (InvvpidOp::All, _) => Invvpid::All,
            (InvvpidOp::SingleNonGlobal, _) => Invvpid::SingleNonGlobal(vpid),
        };
        if !self.host_of(step, Vendor::Intel) {
            return;
        }
        let removed = step.state.cpus[usize::from(step.cpu)].hw.invvpid(kind);
        step.event(|| What::Invalidated { by: Invalidation::Invvpid(kind), removed });
    }

    pub(crate) fn invlpga(&self, step: &mut Stepping<'_>, va: u64, asid: u64) {
        let Ok(asid) = u8::try_from(asid) else { return step.bug(Bug::Vm(VmFault::TagTooLarge)) };
        let Some(va) = self.map.linear(va) else { return step.event(|| What::NoOperation { va }) };
        if !self.host_of(step, Vendor::Amd) {
            return;
        }
        let removed = step.state.cpus[usize::from(step.cpu)].hw.invlpga(self.control.tce, va, asid);
        step.event(|| What::Invalidated { by: Invalidation::Invlpga(va, asid), removed });
    }

    /// Whether a host of this vendor runs; if not, that is the text's mistake.
    fn host_of(&self, step: &mut Stepping<'_>, vendor: Vendor) -> bool {
        if !self.has(step, vendor) {
            return false;
        }
        let in_guest = step.state.cpus[usize::from(step.cpu)].in_guest();
        if in_guest {
            step.bug(Bug::Vm(VmFault::InGuest));
        }
        !in_guest
    }
}

/// Walks.
impl Machine {
    /// Whether a guest has more cached for some address than the actions of its walks tell apart.
    pub(crate) fn too_many_in_guest(&self, hw: &Cpu) -> bool {
        let mappings = |pfn: Pfn| gpa(pfn).map_or(0, |page| hw.guest_physical(page).count());
        let of_page = |frame: &GuestFrame| {
            let page = gpa(frame.gfn);
            let at = |level| {
                let entries = page.into_iter().flat_map(|page| hw.guest_structures(page));
                entries.filter(|entry| entry.level == level).count()
            };
            mappings(frame.gfn) > COPIES_OF_NEXT.into()
                || SECOND.pointers().any(|level| at(level) > MOST_COPIES)
        };
        let of_address = |&va: &VirtAddr| {
            let at = |level| hw.structures(va).filter(|entry| entry.level == level).count();
            self.map.top.pointers().any(|level| at(level) > COPIES_OF_POINTER.into())
        };
        mappings(hw.cr3.root) > COPIES_OF_ROOT.into()
            || self.guest_frames.iter().any(of_page)
            || self.watched.iter().any(of_address)
    }

    /// The mappings that a step in the guest's dimension may go through: to a page, or to a table, which AMD takes for a write
    /// (H63).
    fn mappings<'a>(
        &self,
        hw: &'a Cpu,
        address: VirtAddr,
        table: bool,
    ) -> impl Iterator<Item = &'a TlbEntry> + use<'a> {
        let vendor = self.map.vendor;
        hw.guest_physical(address).filter(move |mapping| !table || mapping.serves_tables(vendor))
    }

    /// Where a step in the guest's dimension begins, through the `root`-th mapping of the root.
    fn guest_start(&self, hw: &Cpu, va: VirtAddr, from: From, root: u8) -> Option<TableRef> {
        match from {
            From::Cr3 => {
                let table = TableRef::from_cr3(hw, &self.map);
                table.through(self.mappings(hw, gpa(table.table)?, true).nth(usize::from(root))?)
            }
            From::Psc { level, copy } => {
                let mut cached = hw.structures(va).filter(|entry| entry.level == level);
                TableRef::from_psc(cached.nth(usize::from(copy))?).filter(|_| root == 0)
            }
        }
    }

    /// What a step in the guest's dimension does with the `next`-th mapping of what it finds.
    fn guest_step(
        &self,
        state: &State,
        cpu: u8,
        va: VirtAddr,
        (from, own): (From, bool),
        (root, next): (u8, u8),
    ) -> Option<Walked> {
        let hw = &state.cpus[usize::from(cpu)].hw;
        let table = self.guest_start(hw, va, from, root)?;
        let walked = self.walk_from(state, cpu, va, table, own)?;
        let table = matches!(walked.outcome, WalkOutcome::Structure(_));
        match walked.leads_to(va) {
            Some(address) => {
                let mapping = self.mappings(hw, address, table).nth(usize::from(next))?;
                Some(walked.through(va, mapping))
            }
            // The walk finds no address that a mapping could translate.
            None => (next == 0).then_some(walked),
        }
    }

    /// What a step in the second dimension does, for a frame of the guest's memory.
    fn nested_step(&self, state: &State, cpu: u8, page: u8, from: From) -> Option<(VirtAddr, Walked)> {
        let hw = &state.cpus[usize::from(cpu)].hw;
        let frame = self.guest_frames.get(usize::from(page))?;
        let address = gpa(frame.gfn)?;
        let table = match from {
            From::Cr3 => TableRef::from_eptp(hw)?,
            From::Psc { level, copy } => {
                let mut cached = hw.guest_structures(address).filter(|entry| entry.level == level);
                TableRef::from_psc(cached.nth(usize::from(copy))?)?
            }
        };
        Some((address, self.walk_from(state, cpu, address, table, false)?))
    }

    /// What a walk does, of any kind, and for which address.
    #[must_use]
    pub fn walked(&self, state: &State, action: Action) -> Option<(VirtAddr, Walked)> {
        match action {
            Action::Walk { cpu, va, from, own } => {
                Some((*self.watched.get(usize::from(va))?, self.walk(state, cpu, va, from, own)?))
            }
            Action::GuestWalk { cpu, va, from, own, root, next } => {
                let address = *self.watched.get(usize::from(va))?;
                state.cpus.get(usize::from(cpu))?.hw.guest?;
                Some((address, self.guest_step(state, cpu, address, (from, own), (root, next))?))
            }
            Action::NestedWalk { cpu, page, from } => {
                state.cpus.get(usize::from(cpu))?;
                self.nested_step(state, cpu, page, from)
            }
            _ => None,
        }
    }

    /// The walks of a CPU that runs a guest: steps in the guest's dimension, address by address, then steps in the second
    /// one for what they need.
    pub(crate) fn guest_walks(&self, state: &State, cpu: u8, out: &mut Vec<Action>) {
        let hw = &state.cpus[usize::from(cpu)].hw;
        let mut needed: Vec<VirtAddr> = Vec::new();
        for (va, &address) in (0..).zip(&self.watched) {
            if self.unwalked[usize::from(cpu)] >> va & 1 == 1 && !self.asks_for(state, cpu, address) {
                continue;
            }
            let mut starts = vec![From::Cr3];
            for level in self.map.top.pointers() {
                let cached = hw.structures(address).filter(|entry| entry.level == level);
                starts.extend((0..COPIES_OF_POINTER).zip(cached).map(|(copy, _)| From::Psc { level, copy }));
            }
            for from in starts {
                for own in [false, true] {
                    self.guest_walks_from(state, (cpu, va, address), (from, own), &mut needed, out);
                }
            }
        }
        for (page, frame) in (0..).zip(&self.guest_frames) {
            let Some(address) = gpa(frame.gfn).filter(|address| needed.contains(address)) else { continue };
            let mut starts = vec![From::Cr3];
            for level in SECOND.pointers() {
                let cached = hw.guest_structures(address).filter(|entry| entry.level == level);
                starts.extend((0..=u8::MAX).zip(cached).map(|(copy, _)| From::Psc { level, copy }));
            }
            for from in starts {
                let step = self.nested_step(state, cpu, page, from);
                if step.is_some_and(|(_, walked)| self.matters(state, cpu, &walked)) {
                    out.push(Action::NestedWalk { cpu, page, from });
                }
            }
        }
    }

    fn guest_walks_from(
        &self,
        state: &State,
        (cpu, va, address): (u8, u8, VirtAddr),
        (from, own): (From, bool),
        needed: &mut Vec<VirtAddr>,
        out: &mut Vec<Action>,
    ) {
        let hw = &state.cpus[usize::from(cpu)].hw;
        if let From::Cr3 = from {
            needed.extend(gpa(hw.cr3.root));
        }
        for root in 0..COPIES_OF_ROOT {
            let Some(table) = self.guest_start(hw, address, from, root) else { break };
            // A cached mapping may differ from what memory holds by now.
            needed.extend(
                self.walk_from(state, cpu, address, table, own).and_then(|walked| walked.leads_to(address)),
            );
            for next in 0..COPIES_OF_NEXT {
                let walked = self.guest_step(state, cpu, address, (from, own), (root, next));
                let Some(walked) = walked else { break };
                if self.matters(state, cpu, &walked) {
                    out.push(Action::GuestWalk { cpu, va, from, own, root, next });
                }
            }
        }
    }
}
