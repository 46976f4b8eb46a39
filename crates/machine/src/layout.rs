//! From a program to a machine: the memory map, frames and CPUs that the program asks for, laid out in physical memory.

use crate::futures::Futures;
use crate::needs::Dependencies;
use crate::place;
use crate::state::{AddressSpace, Context, CpuState, State};
use crate::symmetry::Symmetry;
use crate::{GuestFrame, MAX_FRAMES, Machine, MachineRefusal};
use explore::Passed;
use lang::effects::{Effects, Flow, Touches};
use lang::program::{
    Alloc, DeviceSpec, GUEST_TABLES, HandlerKind, MappingSpec, MmSpec, Mode, Op, Pc, Program,
};
use x86::{
    Control, Cpu, Device, Frame, FrameId, Level, Memory, MemoryMap, MmId, Owner, Pfn, Pte, SECOND,
    StoreBuffer, Vendor, VirtAddr,
};

/// Where the first frame is put, if DRAM allows it: 16 MiB, past what firmware uses.
const FIRST_PFN: u64 = 0x1000;

/// A pointer between frames: the table, the index, what it points to, and its flags.
type Pointer = (FrameId, u16, FrameId, u64);

/// The root of each space that exists, and the pointers between frames.
type Spaces = (Vec<Option<FrameId>>, Vec<Pointer>);

/// Frames being laid out.
struct Layout {
    /// Frames of guests' memory, by guest-physical number.
    guests: Vec<GuestFrame>,
    /// Contents and names; numbers come later.
    frames: Vec<(Frame, String)>,
    /// Frames that must begin at a multiple of 2 MiB.
    large: Vec<FrameId>,
}

/// The flags of a mapping's entry.
fn flags(mapping: &MappingSpec) -> u64 {
    let chosen = [
        (!mapping.kernel, Pte::US),
        (mapping.global, Pte::G),
        (mapping.writable, Pte::RW),
        (mapping.large, Pte::PS),
    ];
    let chosen = chosen.into_iter().filter(|one| one.0).map(|one| one.1);
    chosen.fold(Pte::P | Pte::A | Pte::D, |bits, bit| bits | bit)
}

/// The state in which a program starts: every CPU idles on the root of init_mm.
fn initial(
    program: &Program,
    memory: Memory,
    root: Pfn,
    free: Vec<FrameId>,
    roots: &[Option<FrameId>],
) -> State {
    let idle = CpuState {
        hw: Cpu::new(root),
        buffer: StoreBuffer::default(),
        irqs_on: true,
        thread: None,
        mode: Mode::Idle,
        task: Context { pc: idle_at(program), regs: Vec::new() },
        exception: None,
        handler: None,
        intruder: None,
        nmis: 0,
        vmexits: 0,
        pending: Vec::new(),
        broadcasts: Vec::new(),
        asleep: None,
        vmcs: None,
    };
    let space = |&root: &Option<FrameId>| AddressSpace { root, exists: root.is_some() };
    let spaces = if program.makes_spaces() { roots.iter().map(space).collect() } else { Vec::new() };
    State {
        memory,
        cells: program.cells.clone(),
        cpus: vec![idle; program.machine.cpus as usize],
        free,
        rcu: Vec::new(),
        stopped: false,
        spaces,
        tasks: Vec::new(),
    }
}

impl Layout {
    fn add(&mut self, owner: Owner, name: String) -> FrameId {
        // More than 255 frames are refused before the number is used.
        let id = FrameId::try_from(self.frames.len()).unwrap_or(FrameId::MAX);
        self.frames.push((Frame::new(owner), name));
        id
    }

    /// The tables and pages of all spaces: the root of each that exists, and the pointers between the frames. These are
    /// written when the frames have numbers.
    fn map_spaces<'a>(&mut self, mms: &'a [MmSpec], top: Level) -> Result<Spaces, MachineRefusal> {
        let (mut roots, mut pointers) = (Vec::new(), Vec::new());
        let mut shared: Vec<(&'a str, FrameId)> = Vec::new();
        for (mm, spec) in (0..).zip(mms) {
            if spec.absent {
                roots.push(None);
                continue;
            }
            let name = format!("{} pgd", spec.name);
            let root = match spec.guest {
                Some(guest) => self.add_guest(guest, None, name),
                None => self.add(Owner::Table { mm, level: if spec.second { SECOND } else { top } }, name),
            };
            roots.push(Some(root));
            // The kernel's half is the same in every mm: the entries of init_mm's root are copied.
            let copied: Vec<Pointer> =
                pointers.iter().filter(|p: &&Pointer| Some(p.0) == roots[0] && p.1 >= 256).copied().collect();
            if mm > 0 && spec.guest.is_none() && !spec.second {
                pointers.extend(copied.into_iter().map(|p| (root, p.1, p.2, p.3)));
            }
            for mapping in &spec.mappings {
                let va = VirtAddr::new(mapping.va, top).ok_or(MachineRefusal::NotCanonical(mapping.va))?;
                self.map((mm, spec, root), (mapping, va.get()), top, &mut shared, &mut pointers)?;
            }
        }
        Ok((roots, pointers))
    }

    /// A mapping of a space: its page, and the tables on the way there that the space lacks.
    fn map<'a>(
        &mut self,
        (mm, spec, root): (MmId, &MmSpec, FrameId),
        (mapping, va): (&'a MappingSpec, u64),
        top: Level,
        shared: &mut Vec<(&'a str, FrameId)>,
        pointers: &mut Vec<Pointer>,
    ) -> Result<(), MachineRefusal> {
        let leaf = if mapping.large { Level::Pd } else { Level::Pt };
        let mut table = root;
        for level in top.walk() {
            let index = level.index(va);
            let there = pointers.iter().find(|p| p.0 == table && p.1 == index).map(|p| (p.2, p.3));
            if there.is_some_and(|(_, bits)| level == leaf || bits & Pte::PS != 0) {
                return Err(MachineRefusal::Overlap { mm: spec.name.clone(), va });
            }
            if level == leaf {
                let there = shared.iter().find(|one| mapping.shared && one.0 == mapping.page);
                let there = there.map(|one| one.1);
                let page = there.unwrap_or_else(|| self.page(mm, spec.guest, mapping));
                if mapping.shared {
                    shared.push((&mapping.page, page));
                }
                for &(index, word) in &mapping.words {
                    self.frames[page as usize].0.put(index, word);
                }
                pointers.push((table, index, page, flags(mapping)));
                break;
            }
            table = match (there, level.below()) {
                (Some((next, _)), _) => next,
                (None, None) => break,
                (None, Some(below)) => {
                    let span = va >> level.shift() << level.shift();
                    let name = format!("{} {} {span:#x}", spec.name, below.linux_name(top));
                    let next = match spec.guest {
                        Some(guest) => self.add_guest(guest, None, name),
                        None => self.add(Owner::Table { mm, level: below }, name),
                    };
                    pointers.push((table, index, next, Pte::TABLE));
                    next
                }
            };
        }
        Ok(())
    }

    /// The page of a mapping. A page that several spaces share belongs to none of them.
    fn page(&mut self, mm: MmId, guest: Option<MmId>, mapping: &MappingSpec) -> FrameId {
        if let Some(guest) = guest {
            return self.add_guest(guest, mapping.gpa, mapping.page.clone());
        }
        let owner = if mapping.kernel || mapping.shared { Owner::Data } else { Owner::User { mm } };
        let page = self.add(owner, mapping.page.clone());
        if mapping.large {
            self.large.push(page);
        }
        page
    }

    /// A frame of a guest's memory, at a guest-physical address or at the next one. The same address is the same frame.
    fn add_guest(&mut self, guest: MmId, at: Option<u64>, name: String) -> FrameId {
        let there = self.guests.iter().find(|frame| frame.guest == guest && Some(frame.gfn.base()) == at);
        if let Some(there) = there {
            return there.first;
        }
        let next = self.guests.iter().map(|frame| frame.gfn.0 + 1).max().unwrap_or(0).max(GUEST_TABLES >> 12);
        let gfn = Pfn(at.map_or(next, |at| at >> 12));
        let first = self.add(Owner::User { mm: guest }, name);
        self.guests.push(GuestFrame { guest, gfn, first });
        first
    }

    /// Writes the entries that lead from frame to frame, now that each frame has its number.
    fn point(&mut self, pointers: Vec<Pointer>, numbers: &[Pfn]) {
        for (table, index, target, bits) in pointers {
            // A guest's own tables name frames of the guest's memory.
            let gfn = |id: FrameId| self.guests.iter().find(|frame| frame.first == id).map(|frame| frame.gfn);
            let named = gfn(table).and_then(|_| gfn(target)).unwrap_or(numbers[target as usize]);
            let entry = named.base() | bits;
            self.frames[table as usize].0.put(index, entry);
        }
    }

    /// Maps the guests' memory: the tables of the second dimension, whose roots are given.
    fn map_guests(
        &mut self,
        names: &[MmSpec],
        roots: &[Option<FrameId>],
        vendor: Vendor,
        pointers: &mut Vec<Pointer>,
    ) {
        // Rights to read, write and fetch; EPT entries of pages also have the memory type WB.
        let (inner, page) = match vendor {
            Vendor::Intel => (7, 7 | 6 << 3),
            Vendor::Amd => (Pte::TABLE, Pte::TABLE),
        };
        for frame in self.guests.clone() {
            let Some(mut table) = roots[usize::from(frame.guest)] else { continue };
            for level in SECOND.walk() {
                let index = level.index(frame.gfn.base());
                let Some(below) = level.below() else {
                    pointers.push((table, index, frame.first, page));
                    break;
                };
                let there = pointers.iter().find(|p| p.0 == table && p.1 == index).map(|p| p.2);
                table = there.unwrap_or_else(|| {
                    let span = frame.gfn.base() >> level.shift() << level.shift();
                    let owner = &names[usize::from(frame.guest)].name;
                    let name = format!("{owner} {} {span:#x}", below.linux_name(SECOND));
                    let next = self.add(Owner::Table { mm: frame.guest, level: below }, name);
                    pointers.push((table, index, next, inner));
                    next
                });
            }
        }
    }
}

impl Machine {
    /// Lays a program out and runs its set-up.
    ///
    /// # Errors
    /// If the hardware it asks for cannot exist, or if its set-up does not come to an end.
    pub fn new(program: Program) -> Result<Machine, MachineRefusal> {
        Machine::made(program, true)
    }

    /// The same machine without its own reductions: every access of a variable and every wait is a step, and dead
    /// registers keep their values. It has more states, longer paths and the same verdicts. Paths have the same length
    /// if silent steps ([`Machine::is_silent`]) are not counted.
    ///
    /// # Errors
    /// As [`Machine::new`].
    pub fn unreduced(mut program: Program) -> Result<Machine, MachineRefusal> {
        program.live.fill(u64::MAX);
        Machine::made(program, false)
    }

    fn made(program: Program, fused: bool) -> Result<Machine, MachineRefusal> {
        let mut machine = Machine::lay_out(program)?;
        machine.fused = fused;
        machine.inspected = machine.invariants_read();
        machine.futures = Futures::new(&machine);
        machine.run_setup()?;
        // An invariant may tell CPUs apart. And a thread may continue on any CPU, with what it has read about the last
        // one.
        let alike = machine.program.invariants.iter().all(|invariant| invariant.alike);
        if alike && !machine.program.wanders() {
            machine.symmetry = Symmetry::new(&machine);
        }
        Ok(machine)
    }

    fn lay_out(program: Program) -> Result<Machine, MachineRefusal> {
        let spec = &program.machine;
        let top = spec.top;
        let devices = devices(&spec.devices, &spec.dram)?;
        let mut layout = Layout { guests: Vec::new(), frames: Vec::new(), large: Vec::new() };
        let (roots, mut pointers) = layout.map_spaces(&program.mms, top)?;
        layout.map_guests(&program.mms, &roots, spec.vendor, &mut pointers);
        let mut free = Vec::new();
        for spare in 0..spec.spare {
            free.push(layout.add(Owner::Free, format!("spare {spare}")));
        }
        // Spare 0 is handed out first.
        if spec.alloc == Alloc::Last {
            free.reverse();
        }
        let count = layout.frames.len();
        if count > MAX_FRAMES {
            return Err(MachineRefusal::TooManyFrames { frames: count });
        }
        let numbers = numbers(&layout, &spec.dram).ok_or(MachineRefusal::NoRoom { frames: count })?;
        layout.point(pointers, &numbers);
        let guest_frames = std::mem::take(&mut layout.guests);
        let (frames, names): (Vec<Frame>, Vec<String>) = layout.frames.into_iter().unzip();
        let map = MemoryMap {
            frames: numbers.into_iter().zip(names).collect(),
            large: layout.large,
            dram: spec.dram.clone(),
            devices,
            top,
            maxphyaddr: spec.maxphyaddr,
            vendor: spec.vendor,
            tlb_cache_dis: spec.tlb_cache_dis,
        };
        let control = Control {
            pcide: spec.pcid,
            pge: spec.pge,
            // Only AMD has it.
            tce: spec.tce && spec.vendor == Vendor::Amd,
            invlpg_keeps_globals: spec.erratum_invlpg_global,
        };
        let mut watched = Vec::new();
        for &va in &program.watched {
            watched.push(map.linear(va).ok_or(MachineRefusal::NotCanonical(va))?);
        }
        let unwalked = unwalked(&program);
        let memory = Memory { frames, pops: vec![0; map.devices.len()] };
        // init_mm always exists, and its root is the first frame.
        let initial = initial(&program, memory, map.frames[0].0, free, &roots);
        let effects: Vec<Effects> = program.code.iter().map(Op::effects).collect();
        let own_written = place::own_written(&program, &effects);
        let dependencies = Dependencies::new(&program, &effects);
        let fault_handler = fault_handler(&program);
        let limits = Machine::cell_limits(&program);
        let claims = effects.iter().any(|row| row.touches.any(Touches::MARKS));
        let origins = crate::origin::several(&program);
        let lasting = crate::hang::lasting(&program, &effects, fault_handler.is_some());
        Ok(Machine {
            program,
            map,
            control,
            roots,
            guest_frames,
            watched,
            unwalked,
            effects,
            own_written,
            dependencies,
            futures: Futures::default(),
            fault_handler,
            symmetry: Symmetry::default(),
            claims,
            origins,
            lasting,
            inspected: 0,
            limits,
            fused: true,
            initial,
            begun: Passed::default(),
        })
    }
}

/// Where a CPU without a block stands: at the first `Halt`, which is the program's last one if no block ends. (Links know
/// a state by its bytes, and this is where such a CPU stood in the first of them.)
pub(crate) fn idle_at(program: &Program) -> Pc {
    let halt = (0..).zip(&program.code).find(|(_, op)| op.effects().flow == Flow::End);
    halt.map_or(program.end, |(pc, _)| pc)
}

/// The handler of page faults, if the kernel has one.
fn fault_handler(program: &Program) -> Option<u8> {
    let mut handlers = (0..).zip(&program.handlers);
    handlers.find(|(_, handler)| handler.kind == HandlerKind::Fault).map(|found| found.0)
}

/// For each CPU, which of the watched addresses it walks to only for its own accesses.
fn unwalked(program: &Program) -> Vec<u16> {
    let off = &program.walks_off;
    let bit = |(at, va): (u32, &u64)| if off.addresses.contains(va) { 1u16 << at } else { 0 };
    let everywhere = (0..).zip(&program.watched).map(bit).fold(0, |bits, bit| bits | bit);
    (0..program.machine.cpus)
        .map(|cpu| if off.cpus >> cpu & 1 == 1 { u16::MAX } else { everywhere })
        .collect()
}

fn devices(specs: &[DeviceSpec], dram: &[(u64, u64)]) -> Result<Vec<Device>, MachineRefusal> {
    let mut taken: Vec<(u64, u64)> = dram.to_vec();
    let mut devices = Vec::new();
    for spec in specs {
        if taken.iter().any(|&(start, end)| spec.base < end && start < spec.end) {
            return Err(MachineRefusal::DevicesOverlap(spec.name.clone()));
        }
        taken.push((spec.base, spec.end));
        devices.push(Device {
            name: spec.name.clone(),
            base: spec.base,
            end: spec.end,
            memory_type: spec.memory_type,
        });
    }
    Ok(devices)
}

/// Frame numbers, one after the other in the first DRAM range with room; large pages after them, each at a
/// multiple of 2 MiB.
fn numbers(layout: &Layout, dram: &[(u64, u64)]) -> Option<Vec<Pfn>> {
    let small = (layout.frames.len() - layout.large.len()) as u64;
    let large = layout.large.len() as u64;
    for &(start, end) in dram {
        // Frame 0 is never used, since a pointer of 0 means none.
        let lowest = (start >> 12).max(1);
        let end = end >> 12;
        for first in [FIRST_PFN.max(lowest), lowest] {
            let aligned = (first + small).next_multiple_of(512);
            let last = if large == 0 { first + small } else { aligned + 512 * large };
            if last > end {
                continue;
            }
            let (mut next, mut next_large) = (first, aligned);
            let number = |id: FrameId| {
                let (counter, step) =
                    if layout.large.contains(&id) { (&mut next_large, 512) } else { (&mut next, 1) };
                let pfn = Pfn(*counter);
                *counter += step;
                pfn
            };
            return Some((0..=FrameId::MAX).take(layout.frames.len()).map(number).collect());
        }
    }
    None
}
