//! The canonical bytes of a state, and back.
//!
//! Numbers are written seven bits at a time, lowest first, with the top bit set where more follow (LEB128).
//! Every struct is taken apart field by field, without `..`: a new field does not compile until somebody has said how it
//! is written. The lengths of lists of fixed length (CPUs, cells, frames, address spaces) are known from the machine, and are not written.

mod bits;

use crate::state::{
    AddressSpace, Context, CpuState, Exception, Intruder, Ipi, Loc, RcuFrame, Running, Sent, State, Task,
};
use crate::{Machine, Vmcs};
use bits::{ghost_of, level_of, mode_of, provenance_of, rights_of, type_of};
use lang::program::{Mode, Sleep};
use x86::{
    Asks, Broadcast, Cpu, Cr3, Frame, FrameId, Ghost, Guest, Level, Memory, MemoryType, Owner, Pcid, Pfn,
    Provenance, PscEntry, Rights, SpaceKind, StoreBuffer, TlbEntry, VirtAddr,
};

pub(crate) fn pack(state: &State, out: &mut Vec<u8>) {
    put_memory(out, &state.memory);
    put_cells(out, &state.cells);
    put_tasks(out, &state.tasks);
    for cpu in &state.cpus {
        put_hardware(out, &cpu.hw);
        put_software(out, cpu);
    }
    put_allocator(out, state);
}

pub(crate) fn put_memory(out: &mut Vec<u8>, Memory { frames, pops }: &Memory) {
    for frame in frames {
        let (owner, words) = frame.parts();
        put_owner(out, owner);
        put(out, words.len() as u64);
        for &(index, word) in words {
            put(out, u64::from(index));
            put(out, word);
        }
    }
    out.extend_from_slice(pops);
}

pub(crate) fn put_cells(out: &mut Vec<u8>, cells: &[u64]) {
    for &cell in cells {
        put(out, cell);
    }
}

/// What waits of the threads, if there are any.
pub(crate) fn put_tasks(out: &mut Vec<u8>, tasks: &[Option<Task>]) {
    for task in tasks {
        let Some(Task { begun, mode, context, exception }) = task else {
            out.push(0);
            continue;
        };
        out.push(1 | u8::from(*begun) << 1 | u8::from(exception.is_some()) << 2);
        out.extend(put_mode(*mode));
        put_context(out, context);
        exception.iter().for_each(|exception| put_exception(out, exception));
    }
}

/// Everything else: the free frames, those that wait for a grace period, and whether the machine has stopped.
pub(crate) fn put_allocator(out: &mut Vec<u8>, state: &State) {
    let State { memory: _, cells: _, cpus: _, free, rcu, stopped, spaces, tasks: _ } = state;
    put(out, free.len() as u64);
    out.extend_from_slice(free);
    put(out, rcu.len() as u64);
    for RcuFrame { frame, waiting } in rcu {
        out.push(*frame);
        put(out, *waiting);
    }
    out.push(u8::from(*stopped));
    for AddressSpace { root, exists } in spaces {
        // There are fewer frames than numbers.
        out.extend([root.unwrap_or(FrameId::MAX), u8::from(*exists)]);
    }
}

pub(crate) fn unpack(machine: &Machine, bytes: &[u8]) -> State {
    let mut state = machine.initial.clone();
    let mut r = Reader { bytes };
    r.memory(&mut state.memory);
    r.cells(&mut state.cells);
    r.tasks(&mut state.tasks);
    for cpu in &mut state.cpus {
        r.hardware(&mut cpu.hw);
        r.software(cpu);
    }
    r.allocator(&mut state);
    state
}

fn put(out: &mut Vec<u8>, mut value: u64) {
    while value >= 128 {
        out.push((value & 127) as u8 | 128);
        value >>= 7;
    }
    out.push((value & 127) as u8);
}

fn put_owner(out: &mut Vec<u8>, owner: Owner) {
    match owner {
        Owner::Free => out.push(0),
        Owner::Data => out.push(1),
        Owner::User { mm } => out.extend([2, mm]),
        Owner::Table { mm, level } => out.extend([3 + level as u8, mm]),
    }
}

/// What the walkers of a CPU go by.
pub(crate) fn put_hardware(out: &mut Vec<u8>, Cpu { cr3, guest, tlb, psc }: &Cpu) {
    put_cr3(out, *cr3, guest.is_some());
    if let Some(guest) = guest {
        put_guest(out, *guest);
    }
    put(out, tlb.len() as u64);
    for TlbEntry { pcid, level, page, pfn, rights, dirty, global, memory_type, provenance, ghost, space } in
        tlb
    {
        put(out, u64::from(pcid.0));
        out.push(*level as u8);
        put(out, *page);
        put(out, pfn.0);
        out.push(
            put_rights(*rights)
                | u8::from(*dirty) << 3
                | u8::from(*global) << 4
                | put_standing(*provenance, *ghost),
        );
        put_type(out, *memory_type, *ghost, *space);
    }
    put(out, psc.len() as u64);
    for PscEntry { pcid, level, tag, table, rights, memory_type, provenance, ghost, space } in psc {
        put(out, u64::from(pcid.0));
        out.push(*level as u8);
        put(out, *tag);
        put(out, table.0);
        out.push(put_rights(*rights) | put_standing(*provenance, *ghost));
        put_type(out, *memory_type, *ghost, *space);
    }
}

/// CR3, and whether something of a guest follows.
fn put_cr3(out: &mut Vec<u8>, Cr3 { root, pcid, provenance }: Cr3, more: bool) {
    put(out, root.0);
    put(out, u64::from(pcid.0));
    out.push(provenance as u8 | u8::from(more) << 7);
}

fn put_guest(out: &mut Vec<u8>, Guest { vpid, root, ept, provenance }: Guest) {
    out.extend([vpid, ept, provenance as u8]);
    put(out, root.0);
}

/// All the rest of a CPU.
pub(crate) fn put_software(out: &mut Vec<u8>, cpu: &CpuState) {
    let CpuState {
        hw: _,
        buffer,
        irqs_on,
        thread,
        mode,
        task,
        exception,
        handler,
        intruder,
        nmis,
        vmexits,
        pending,
        broadcasts,
        asleep,
        vmcs,
    } = cpu;
    put(out, buffer.len() as u64);
    for &(loc, value) in buffer.stores() {
        match loc {
            Loc::Cell(cell) => {
                out.push(0);
                put(out, u64::from(cell));
            }
            Loc::Word(frame, index) => {
                out.extend([1, frame]);
                put(out, u64::from(index));
            }
        }
        put(out, value);
    }
    let [kind, mm] = put_mode(*mode);
    // Without a guest nothing is written of one.
    out.extend([kind | u8::from(vmcs.is_some()) << 6 | u8::from(thread.is_some()) << 7, mm]);
    out.extend(*thread);
    if let Some(Vmcs { guest, cr3, entered }) = vmcs {
        put_guest(out, *guest);
        put_cr3(out, *cr3, *entered);
    }
    let running = u8::from(*irqs_on) | u8::from(handler.is_some()) << 1 | u8::from(intruder.is_some()) << 2;
    // There are at most three of each (`MAX_INTRUSIONS`).
    out.push(running | (nmis & 3) << 3 | (vmexits & 3) << 5 | u8::from(exception.is_some()) << 7);
    put_context(out, task);
    exception.iter().for_each(|exception| put_exception(out, exception));
    if let Some(Running { handler, sender, context }) = handler {
        out.extend([*handler, *sender]);
        put_context(out, context);
    }
    if let Some(Intruder { handler, context }) = intruder {
        out.push(*handler);
        put_context(out, context);
    }
    put(out, pending.len() as u64);
    for Ipi { handler, sender, args } in pending {
        out.extend([*handler, *sender]);
        put(out, args.len() as u64);
        for &arg in args {
            put(out, arg);
        }
    }
    out.push(asleep.map_or(0, |depth| 1 + depth as u8));
    put(out, broadcasts.len() as u64);
    for Sent { sender, broadcast } in broadcasts {
        let Broadcast { pcid, range, globals, final_only, asid, nested, by } = broadcast;
        let present = u8::from(pcid.is_some()) | u8::from(range.is_some()) << 1;
        let guests = u8::from(asid.is_some()) << 4 | u8::from(*nested) << 5 | (*by as u8) << 6;
        out.extend([*sender, present | u8::from(*globals) << 2 | u8::from(*final_only) << 3 | guests]);
        out.extend(asid);
        put(out, pcid.map_or(0, |pcid| u64::from(pcid.0)));
        let (first, pages) = range.map_or((0, 0), |(first, pages)| (first.get(), pages));
        put(out, first);
        put(out, u64::from(pages));
    }
}

/// What an observer knows of an entry, in the three upper bits.
fn put_standing(provenance: Provenance, Ghost { space: _, outdated, gfn: _ }: Ghost) -> u8 {
    (provenance as u8) << 5 | u8::from(outdated) << 7
}

/// A memory type has three bits, and the fourth bit says that tags follow. The address space stands above them. After the
/// tags comes the guest-physical frame, if claims need it.
fn put_type(out: &mut Vec<u8>, memory_type: MemoryType, ghost: Ghost, tags: x86::Space) {
    let Ghost { space, outdated: _, gfn } = ghost;
    let x86::Space { kind, vpid, ept } = tags;
    let tagged = tags != x86::Space::default();
    out.push(memory_type as u8 | u8::from(tagged) << 3 | space.map_or(0, |space| space + 1) << 4);
    if tagged {
        out.extend([kind as u8, vpid, ept]);
    }
    if through(ghost, tags) {
        put(out, gfn.map_or(0, |gfn| gfn.0 + 1));
    }
}

fn put_rights(rights: Rights) -> u8 {
    let Rights { write, user, no_execute } = rights;
    u8::from(write) | u8::from(user) << 1 | u8::from(no_execute) << 2
}

fn put_mode(mode: Mode) -> [u8; 2] {
    match mode {
        Mode::Idle => [0, 0],
        Mode::Kthread => [1, 0],
        Mode::User(mm) => [2, mm],
        Mode::Kernel(mm) => [3, mm],
        Mode::Entered(mm) => [4, mm],
    }
}

fn put_exception(out: &mut Vec<u8>, Exception { handler, irqs_on, context }: &Exception) {
    out.extend([*handler, u8::from(*irqs_on)]);
    put_context(out, context);
}

fn put_context(out: &mut Vec<u8>, context: &Context) {
    let Context { pc, regs } = context;
    put(out, u64::from(*pc));
    put(out, regs.len() as u64);
    for &reg in regs {
        put(out, reg);
    }
}

/// Reads what the functions above have written. Other bytes give some state, and never a panic. Each method replaces a
/// value that is there already, whose lists of fixed length keep their length.
pub(crate) struct Reader<'a> {
    pub(crate) bytes: &'a [u8],
}

impl Reader<'_> {
    pub(crate) fn memory(&mut self, Memory { frames, pops }: &mut Memory) {
        for frame in frames {
            self.frame(frame);
        }
        for pop in pops {
            *pop = self.byte();
        }
    }

    pub(crate) fn cells(&mut self, cells: &mut [u64]) {
        for cell in cells {
            *cell = self.get();
        }
    }

    pub(crate) fn allocator(&mut self, state: &mut State) {
        let State { memory: _, cells: _, cpus: _, free, rcu, stopped, spaces, tasks: _ } = state;
        self.list(free, Reader::byte);
        self.list(rcu, |r| RcuFrame { frame: r.byte(), waiting: r.get() });
        *stopped = self.byte() == 1;
        for space in spaces {
            let root = Some(self.byte()).filter(|&frame| frame != FrameId::MAX);
            *space = AddressSpace { root, exists: self.byte() == 1 };
        }
    }

    pub(crate) fn hardware(&mut self, Cpu { cr3, guest, tlb, psc }: &mut Cpu) {
        let more;
        (*cr3, more) = self.cr3();
        *guest = more.then(|| self.guest());
        self.list(tlb, Reader::tlb_entry);
        self.list(psc, Reader::psc_entry);
    }

    pub(crate) fn software(&mut self, cpu: &mut CpuState) {
        let CpuState {
            hw: _,
            buffer,
            irqs_on,
            thread,
            mode,
            task,
            exception,
            handler,
            intruder,
            nmis,
            vmexits,
            pending,
            broadcasts,
            asleep,
            vmcs,
        } = cpu;
        *buffer = StoreBuffer::default();
        for _ in 0..self.count() {
            let (loc, value) = (self.loc(), self.get());
            buffer.push(loc, value);
        }
        let (kind, mm) = (self.byte(), self.byte());
        *mode = mode_of(kind & 63, mm);
        *thread = (kind & 128 != 0).then(|| self.byte());
        *vmcs = (kind & 64 != 0).then(|| {
            let guest = self.guest();
            let (cr3, entered) = self.cr3();
            Vmcs { guest, cr3, entered }
        });
        let flags = self.byte();
        *irqs_on = flags & 1 != 0;
        self.context(task);
        *exception = (flags & 128 != 0).then(|| self.exception());
        *handler = (flags & 2 != 0).then(|| {
            let (handler, sender) = (self.byte(), self.byte());
            let mut context = Context { pc: 0, regs: Vec::new() };
            self.context(&mut context);
            Running { handler, sender, context }
        });
        *intruder = (flags & 4 != 0).then(|| {
            let handler = self.byte();
            let mut context = Context { pc: 0, regs: Vec::new() };
            self.context(&mut context);
            Intruder { handler, context }
        });
        (*nmis, *vmexits) = (flags >> 3 & 3, flags >> 5 & 3);
        self.list(pending, |r| {
            let (handler, sender) = (r.byte(), r.byte());
            let mut args = Vec::new();
            r.list(&mut args, Reader::get);
            Ipi { handler, sender, args }
        });
        *asleep = match self.byte() {
            0 => None,
            1 => Some(Sleep::C1),
            _ => Some(Sleep::C6),
        };
        self.list(broadcasts, Reader::sent);
    }

    pub(crate) fn tasks(&mut self, tasks: &mut [Option<Task>]) {
        for task in tasks {
            let flags = self.byte();
            *task = (flags & 1 != 0).then(|| {
                let mode = mode_of(self.byte(), self.byte());
                let mut context = Context { pc: 0, regs: Vec::new() };
                self.context(&mut context);
                let exception = (flags & 4 != 0).then(|| self.exception());
                Task { begun: flags & 2 != 0, mode, context, exception }
            });
        }
    }

    fn exception(&mut self) -> Exception {
        let (handler, irqs_on) = (self.byte(), self.byte() == 1);
        let mut context = Context { pc: 0, regs: Vec::new() };
        self.context(&mut context);
        Exception { handler, irqs_on, context }
    }

    fn byte(&mut self) -> u8 {
        match self.bytes.split_first() {
            Some((&byte, rest)) => {
                self.bytes = rest;
                byte
            }
            None => 0,
        }
    }

    fn get(&mut self) -> u64 {
        let mut value = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte();
            value |= u64::from(byte & 127) << shift;
            if byte < 128 {
                break;
            }
        }
        value
    }

    /// A number of 16 bits: of a longer one, its low bits.
    fn get16(&mut self) -> u16 {
        (self.get() & 0xffff) as u16
    }

    /// A number of 32 bits: of a longer one, its low bits.
    fn get32(&mut self) -> u32 {
        (self.get() & 0xffff_ffff) as u32
    }

    /// How many items follow; no more than there are bytes.
    fn count(&mut self) -> u64 {
        self.get().min(self.bytes.len() as u64)
    }

    fn list<T>(&mut self, list: &mut Vec<T>, mut item: impl FnMut(&mut Self) -> T) {
        let count = self.count();
        list.clear();
        list.extend((0..count).map(|_| item(self)));
    }

    fn level(&mut self) -> Level {
        level_of(self.byte())
    }

    fn frame(&mut self, frame: &mut Frame) {
        frame.owner = match self.byte() {
            0 => Owner::Free,
            1 => Owner::Data,
            2 => Owner::User { mm: self.byte() },
            table => Owner::Table { level: level_of(table.wrapping_sub(3)), mm: self.byte() },
        };
        frame.clear();
        for _ in 0..self.count() {
            let (index, word) = (self.get32(), self.get());
            frame.put(index, word);
        }
    }

    fn sent(&mut self) -> Sent {
        let (sender, flags) = (self.byte(), self.byte());
        let asid = (flags & 16 != 0).then(|| self.byte());
        let (pcid, first, pages) = (self.get16(), self.get(), self.get16());
        Sent {
            sender,
            broadcast: Broadcast {
                pcid: (flags & 1 != 0).then_some(Pcid(pcid)),
                range: VirtAddr::new(first, Level::WIDEST)
                    .filter(|_| flags & 2 != 0)
                    .map(|first| (first, pages)),
                globals: flags & 4 != 0,
                final_only: flags & 8 != 0,
                asid,
                nested: flags & 32 != 0,
                by: match flags >> 6 {
                    0 => Asks::Invlpgb,
                    1 => Asks::Request,
                    2 => Asks::Iotlb,
                    _ => Asks::DeviceTlb,
                },
            },
        }
    }

    fn tlb_entry(&mut self) -> TlbEntry {
        let (pcid, level, page, pfn) = (Pcid(self.get16()), self.level(), self.get(), Pfn(self.get()));
        let (flags, kind) = (self.byte(), self.byte());
        let (ghost, space) = self.observed(flags, kind);
        TlbEntry {
            pcid,
            level,
            page,
            pfn,
            rights: rights_of(flags),
            dirty: flags & 8 != 0,
            global: flags & 16 != 0,
            memory_type: type_of(kind & 7),
            provenance: provenance_of(flags >> 5 & 3),
            ghost,
            space,
        }
    }

    fn psc_entry(&mut self) -> PscEntry {
        let (pcid, level, tag, table) = (Pcid(self.get16()), self.level(), self.get(), Pfn(self.get()));
        let (flags, kind) = (self.byte(), self.byte());
        let (ghost, space) = self.observed(flags, kind);
        PscEntry {
            pcid,
            level,
            tag,
            table,
            rights: rights_of(flags),
            memory_type: type_of(kind & 7),
            provenance: provenance_of(flags >> 5 & 3),
            ghost,
            space,
        }
    }

    /// What an entry records for claims, and its tags.
    fn observed(&mut self, flags: u8, kind: u8) -> (Ghost, x86::Space) {
        let (ghost, space) = (ghost_of(flags, kind), self.space(kind));
        let gfn = if through(ghost, space) { self.get().checked_sub(1).map(Pfn) } else { None };
        (Ghost { gfn, ..ghost }, space)
    }

    /// Tags, where the byte of the type says that there are some.
    fn space(&mut self, kind: u8) -> x86::Space {
        if kind & 8 == 0 {
            return x86::Space::default();
        }
        let kind = match self.byte() {
            0 => SpaceKind::Linear,
            1 => SpaceKind::GuestPhysical,
            2 => SpaceKind::Combined,
            _ => SpaceKind::Device,
        };
        x86::Space { kind, vpid: self.byte(), ept: self.byte() }
    }

    fn cr3(&mut self) -> (Cr3, bool) {
        let (root, pcid, last) = (Pfn(self.get()), Pcid(self.get16()), self.byte());
        (Cr3 { root, pcid, provenance: provenance_of(last & 127) }, last & 128 != 0)
    }

    fn guest(&mut self) -> Guest {
        let (vpid, ept, provenance) = (self.byte(), self.byte(), provenance_of(self.byte()));
        Guest { vpid, root: Pfn(self.get()), ept, provenance }
    }

    fn loc(&mut self) -> Loc {
        match self.byte() {
            0 => Loc::Cell(self.get16()),
            _ => Loc::Word(self.byte(), self.get32()),
        }
    }

    fn context(&mut self, Context { pc, regs }: &mut Context) {
        *pc = self.get16();
        self.list(regs, Reader::get);
    }
}

/// Whether an entry records, for claims, which guest-physical frame it went through.
fn through(ghost: Ghost, space: x86::Space) -> bool {
    space.kind == SpaceKind::Combined && ghost.space.is_some()
}
