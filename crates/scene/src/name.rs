//! How things are written: the one place where numbers become names.
//!
//! A frame keeps the name of its initial role, `A pte 0x400000`, for as long as the machine lives. A kernel
//! engineer would call it by that name too. And the name makes the point: to CPU 1, the page that it walks is still
//! "A pte 0x400000", whatever the page has become. Its present role stands beside the name.

use explore::System;
use lang::program::{HandlerKind, Mode, NO_MM, Scope, Type};
use machine::{Loc, Machine, State};
use x86::{
    Asks, Backing, Broadcast, FrameId, Level, MemoryType, MmId, Owner, Pcid, Pfn, Pte, Rights, Space,
    SpaceKind, Vendor,
};

/// The names of a machine's things.
#[derive(Clone, Copy)]
pub(crate) struct Names<'a> {
    pub(crate) machine: &'a Machine,
}

impl<'a> Names<'a> {
    pub(crate) fn new(machine: &'a Machine) -> Names<'a> {
        Names { machine }
    }

    /// `A`, `init_mm`, `LOADED_MM_SWITCHING`.
    pub(crate) fn mm(self, mm: u64) -> String {
        if mm == u64::from(NO_MM) {
            return "LOADED_MM_SWITCHING".to_owned();
        }
        let spec = usize::try_from(mm).ok().and_then(|mm| self.machine.program().mms.get(mm));
        spec.map_or_else(|| format!("mm {mm}"), |spec| spec.name.clone())
    }

    /// `A pte 0x400000`: the frame's role at the beginning.
    pub(crate) fn label(self, label: u16) -> Option<&'a str> {
        let place = usize::from(label).checked_sub(1)?;
        self.machine.program().labels.get(place).map(String::as_str)
    }

    pub(crate) fn frame(self, frame: FrameId) -> String {
        self.machine.map().frames[frame as usize].1.clone()
    }

    /// The frame, or `what was A pte 0x400000` if it has lost the role it is named for.
    pub(crate) fn frame_now(self, state: &State, frame: FrameId) -> String {
        let first = self.machine.initial().memory.frames[frame as usize].owner;
        let same = first == Owner::Free || first == state.memory.frames[frame as usize].owner;
        if same { self.frame(frame) } else { format!("what was {}", self.frame(frame)) }
    }

    /// What a frame number leads to: `A pte 0x400000`, `device nic`, or just `frame 0x79646`.
    pub(crate) fn pfn(self, pfn: Pfn) -> String {
        match self.machine.map().backing(pfn) {
            Backing::Frame(frame) => self.frame(frame),
            Backing::Device(device) => self.device(device),
            Backing::OtherDram | Backing::Absent => match self.guest_frame(pfn) {
                Some(frame) => format!("{} (guest frame {pfn})", self.frame(frame)),
                None => format!("frame {pfn}"),
            },
        }
    }

    /// The frame that was behind a guest-physical frame number at the start.
    pub(crate) fn guest_frame(self, pfn: Pfn) -> Option<FrameId> {
        self.machine.guest_frames().iter().find(|frame| frame.gfn == pfn).map(|frame| frame.first)
    }

    /// What a cached entry is tagged with, besides its PCID: `VPID 1, EPT of G`; nothing outside guests.
    pub(crate) fn tags(self, space: Space, pcid: Option<String>) -> Option<String> {
        if space == Space::default() {
            return pcid;
        }
        let number = match (self.machine.map().vendor, space.kind) {
            (Vendor::Intel, SpaceKind::GuestPhysical) => None,
            (Vendor::Intel, _) => Some(format!("VPID {}", space.vpid)),
            (Vendor::Amd, _) => Some(format!("ASID {}", space.vpid)),
        };
        let ept = (space.ept != 0).then(|| format!("EPT {}", self.frame(space.ept)));
        let pcid = pcid.filter(|_| space.kind != SpaceKind::GuestPhysical);
        let parts: Vec<String> = [pcid, number, ept].into_iter().flatten().collect();
        Some(parts.join(", "))
    }

    /// `device nic`.
    pub(crate) fn device(self, device: u8) -> String {
        format!("device {}", self.machine.map().devices[device as usize].name)
    }

    /// Like [`Names::pfn`], and says what is there if it is no modelled memory.
    pub(crate) fn whereabouts(self, pfn: Pfn) -> String {
        match self.machine.map().backing(pfn) {
            Backing::Frame(frame) => self.frame(frame),
            Backing::Device(device) => format!("frame {pfn} ({})", self.device(device)),
            Backing::OtherDram => format!("frame {pfn} (other DRAM)"),
            Backing::Absent => format!("frame {pfn} (no memory there)"),
        }
    }

    /// `page table of A`, `free`, `somebody's data`, `user data of A`.
    pub(crate) fn owner(self, owner: Owner) -> String {
        match owner {
            Owner::Free => "free".to_owned(),
            Owner::Table { mm, level } => format!("{} of {}", level.table_name(), self.mm(u64::from(mm))),
            Owner::User { mm } => format!("user data of {}", self.mm(u64::from(mm))),
            Owner::Data => "somebody's data".to_owned(),
        }
    }

    /// `T`, or `CPU 1's own task`.
    pub(crate) fn task(self, task: u64) -> String {
        let program = self.machine.program();
        let thread = task.checked_sub(program.machine.cpus.into()).and_then(|n| usize::try_from(n).ok());
        match thread.map(|thread| program.tasks.get(thread)) {
            Some(Some(thread)) => thread.name.clone(),
            Some(None) => format!("task {task}"),
            None => format!("CPU {task}'s own task"),
        }
    }

    /// `user A`, `kernel, for A`, `kernel thread`, `idle`.
    pub(crate) fn mode(self, mode: Mode) -> String {
        match mode {
            Mode::User(mm) => format!("user {}", self.mm(u64::from(mm))),
            Mode::Kernel(mm) | Mode::Entered(mm) => format!("kernel, for {}", self.mm(u64::from(mm))),
            Mode::Kthread => "kernel thread".to_owned(),
            Mode::Idle => "idle".to_owned(),
        }
    }

    /// A value in the terms of its author.
    pub(crate) fn value(self, ty: Type, value: u64) -> String {
        match ty {
            Type::Int | Type::Va if value == u64::MAX => "~0".to_owned(),
            Type::Int if value < 1 << 32 => value.to_string(),
            Type::Int | Type::Va => format!("{value:#x}"),
            Type::Bool => (value != 0).to_string(),
            Type::Mm => self.mm(value),
            Type::Cpu => value.to_string(),
            Type::Task => self.task(value),
            Type::Cpus => cpus(value),
            Type::Frame if value == 0 => "none".to_owned(),
            Type::Frame => self.pfn(Pfn(value)),
            Type::Pte => self.entry(Level::Pt, value),
        }
    }

    /// A word read as an entry: where it leads, and its flags.
    pub(crate) fn entry(self, level: Level, word: u64) -> String {
        let entry = Pte(word);
        match word {
            0 => "0".to_owned(),
            _ if entry.has(Pte::P) => format!("{} {}", self.pfn(entry.pfn(level)), flags(entry)),
            _ => format!("{word:#x}, not present"),
        }
    }

    /// Whether the tables of an mm are Intel's second dimension. (AMD's nested page tables have the format of page tables.)
    fn of_ept(self, mm: MmId) -> bool {
        let machine = self.machine;
        let second = machine.program().mms.get(usize::from(mm)).is_some_and(|spec| spec.second);
        second && machine.map().vendor == Vendor::Intel
    }

    /// A word read as an entry of EPT: where it leads, and its bits.
    pub(crate) fn ept_entry(self, level: Level, word: u64) -> String {
        let entry = Pte(word);
        match word {
            0 => "0".to_owned(),
            _ if word & 7 != 0 => format!("{} {}", self.pfn(entry.pfn(level)), ept_bits(level, word)),
            _ => format!("{word:#x}, not present"),
        }
    }

    /// A word as the owner of its frame would read it.
    pub(crate) fn word(self, owner: Owner, word: u64) -> String {
        match owner {
            Owner::Table { mm, level } if self.of_ept(mm) => self.ept_entry(level, word),
            Owner::Table { level, .. } => self.entry(level, word),
            _ => data(word),
        }
    }

    /// A variable, an entry or a word, as a CPU's text would call it: another CPU's variable is `per_cpu(x, 1)`.
    pub(crate) fn loc(self, state: &State, cpu: u8, loc: Loc) -> String {
        match loc {
            Loc::Cell(cell) => self.cell(Some(cpu), cell),
            Loc::Word(frame, index) => match state.memory.frames[frame as usize].owner {
                Owner::Table { level, .. } => {
                    format!("{} {index} of {}", level.entry_name(), self.frame(frame))
                }
                _ => format!("word {index} of {}", self.frame_now(state, frame)),
            },
        }
    }

    /// A value at a location.
    pub(crate) fn loc_value(self, state: &State, loc: Loc, value: u64) -> String {
        match loc {
            Loc::Cell(cell) => match self.machine.variable_of(cell) {
                Some((variable, ..)) => self.value(variable.ty, value),
                None => value.to_string(),
            },
            Loc::Word(frame, _) => self.word(state.memory.frames[frame as usize].owner, value),
        }
    }

    /// A place with what it holds, as a CPU names it: `must_flush = {0}`.
    pub(crate) fn holds(self, state: &State, cpu: u8, loc: Loc, value: u64) -> String {
        format!("{} = {}", self.loc(state, cpu, loc), self.loc_value(state, loc, value))
    }

    /// `A.tlb_gen`, `next_id`, `loaded_mm`, `ctxs[1].tlb_gen`. A per-CPU variable of a CPU other than `cpu` is
    /// written `per_cpu(loaded_mm, 1)`; without a `cpu` it is called by its plain name.
    pub(crate) fn cell(self, cpu: Option<u8>, cell: u16) -> String {
        let Some((variable, owner, element)) = self.machine.variable_of(cell) else {
            return format!("cell {cell}");
        };
        let name = match (variable.array, variable.name.split_once('.')) {
            (false, _) => variable.name.clone(),
            (true, None) => format!("{}[{element}]", variable.name),
            (true, Some((array, field))) => format!("{array}[{element}].{field}"),
        };
        match variable.scope {
            Scope::Global => name,
            Scope::PerMm => format!("{}.{name}", self.mm(owner)),
            Scope::PerCpu if cpu.is_none_or(|cpu| u64::from(cpu) == owner) => name,
            Scope::PerCpu => format!("per_cpu({name}, {owner})"),
        }
    }

    /// `PCID 1`; nothing where PCIDs are off.
    pub(crate) fn pcid(self, pcid: Pcid) -> Option<String> {
        self.machine.control().pcide.then(|| format!("PCID {pcid}"))
    }

    /// `A pgd` and, where there are PCIDs, `, PCID 1`.
    pub(crate) fn cr3(self, cr3: x86::Cr3) -> String {
        match self.pcid(cr3.pcid) {
            Some(pcid) => format!("{}, {pcid}", self.pfn(cr3.root)),
            None => self.pfn(cr3.root),
        }
    }

    /// `flush_tlb_func(A, 2)`.
    pub(crate) fn call(self, handler: u8, args: &[(Type, u64)]) -> String {
        let name = self.handler(handler);
        let args: Vec<String> = args.iter().map(|&(ty, value)| self.value(ty, value)).collect();
        format!("{name}({})", args.join(", "))
    }

    /// The name of the one handler of a kind that has one at most.
    pub(crate) fn handler_of(self, kind: HandlerKind) -> &'a str {
        let handlers = &self.machine.program().handlers;
        handlers.iter().find(|handler| handler.kind == kind).map_or("no handler", |h| h.name.as_str())
    }

    /// `flush_tlb_func`.
    pub(crate) fn handler(self, handler: u8) -> &'a str {
        self.machine.program().handlers.get(handler as usize).map_or("an interrupt", |h| h.name.as_str())
    }
}

/// `{0, 1}`.
pub(crate) fn cpus(set: u64) -> String {
    let members: Vec<String> = members(set).map(|cpu| cpu.to_string()).collect();
    format!("{{{}}}", members.join(", "))
}

/// `CPU 1`, `CPUs 0 and 2`, `nobody`.
pub(crate) fn cpu_list(set: u64) -> String {
    let numbers: Vec<String> = members(set).map(|cpu| cpu.to_string()).collect();
    match numbers.len() {
        0 => "nobody".to_owned(),
        1 => format!("CPU {}", numbers[0]),
        _ => format!("CPUs {}", list(&numbers)),
    }
}

/// `CPU 1`; a device has the number of a CPU, and is `Device 2`.
#[must_use]
pub fn unit(machine: &Machine, cpu: u8) -> String {
    let what = if machine.is_device(cpu) { "Device" } else { "CPU" };
    format!("{what} {cpu}")
}

/// What holds the root that a walk begins at: CR3; for a device the entry of its PASID.
pub(crate) fn root(machine: &Machine, cpu: u8) -> &'static str {
    if machine.is_device(cpu) { "PASID" } else { "CR3" }
}

/// A sentence in which the numbers of devices have been taken for those of CPUs, in the right words. Sentences speak of CPUs,
/// and a machine with devices is rare.
pub(crate) fn with_devices(machine: &Machine, mut text: String) -> String {
    let spec = &machine.program().machine;
    for device in spec.processors()..spec.cpus {
        let name = format!("device {device}");
        text = text.replace(&format!("CPU {device}"), &name);
        text = text.replace(&format!("{name}'s page walker"), &format!("{name}'s IOMMU"));
        if text.starts_with(&name) {
            text.replace_range(..1, "D");
        }
    }
    text
}

/// The CPUs of a set.
pub(crate) fn members(set: u64) -> impl Iterator<Item = u8> {
    (0..64).filter(move |cpu| set >> cpu & 1 == 1)
}

/// Puts something into an ordered list, once. A set would be of a type of its own, and all visitors load it.
pub(crate) fn put<T: Ord>(list: &mut Vec<T>, item: T) {
    if let Err(at) = list.binary_search(&item) {
        list.insert(at, item);
    }
}

/// `a`, `a and b`, `a, b and c`.
pub(crate) fn list(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// `1 TLB entry`, `3 TLB entries`.
#[must_use]
pub fn count(number: usize, one: &str, many: &str) -> String {
    if number == 1 { format!("1 {one}") } else { format!("{number} {many}") }
}

/// A word of data: text if it can be read as such, else a number.
pub(crate) fn data(word: u64) -> String {
    quoted(word).unwrap_or_else(|| if word == 0 { "0".to_owned() } else { format!("{word:#x}") })
}

/// A word as text in quotes, if all its bytes up to the last that is not zero are printable, and there are at
/// least two: a single one is more likely a small number.
pub(crate) fn quoted(word: u64) -> Option<String> {
    let bytes = word.to_le_bytes();
    let length = bytes.iter().rposition(|&byte| byte != 0)? + 1;
    let printable = bytes[..length].iter().all(|&byte| byte == b' ' || byte.is_ascii_graphic());
    let text = String::from_utf8_lossy(&bytes[..length]);
    (printable && length > 1).then(|| format!("\"{text}\""))
}

/// The flags of an entry that are set, lowest bit first.
pub(crate) fn flags(entry: Pte) -> String {
    const NAMES: [(u64, &str); 10] = [
        (Pte::P, "P"),
        (Pte::RW, "RW"),
        (Pte::US, "US"),
        (Pte::PWT, "PWT"),
        (Pte::PCD, "PCD"),
        (Pte::A, "A"),
        (Pte::D, "D"),
        (Pte::PS, "PS"),
        (Pte::G, "G"),
        (Pte::XD, "XD"),
    ];
    let set: Vec<&str> = NAMES.iter().filter(|flag| entry.has(flag.0)).map(|flag| flag.1).collect();
    set.join(" ")
}

/// The rights of an entry of EPT, and the memory type if it maps a page (SDM vol. 3C, 28.3.2).
fn ept_bits(level: Level, word: u64) -> String {
    const RIGHTS: [(u64, &str); 3] = [(1, "R"), (2, "W"), (4, "X")];
    let mut set: Vec<&str> = RIGHTS.iter().filter(|right| word & right.0 != 0).map(|right| right.1).collect();
    if level == Level::Pt || Pte(word).has(Pte::PS) {
        set.push(match word >> 3 & 7 {
            0 => "UC",
            1 => "WC",
            4 => "WT",
            5 => "WP",
            6 => "WB",
            _ => "reserved type",
        });
    }
    set.join(" ")
}

/// `RW`, `RO`, `RO supervisor XD`.
pub(crate) fn rights(rights: Rights) -> String {
    let mut text = if rights.write { "RW" } else { "RO" }.to_owned();
    if !rights.user {
        text.push_str(" supervisor");
    }
    if rights.no_execute {
        text.push_str(" XD");
    }
    text
}

/// `UC`, `WB`.
pub(crate) fn memory_type(memory_type: MemoryType) -> &'static str {
    match memory_type {
        MemoryType::Uc => "UC",
        MemoryType::Wc => "WC",
        MemoryType::Wt => "WT",
        MemoryType::Wp => "WP",
        MemoryType::Wb => "WB",
        MemoryType::UcMinus => "UC-",
    }
}

/// ` UC` after a name; nothing for write-back, the usual type of memory.
pub(crate) fn unusual_type(memory_type: MemoryType) -> String {
    if memory_type == MemoryType::Wb { String::new() } else { format!(" {}", self::memory_type(memory_type)) }
}

/// What a broadcast names: `PCID 3, 2 pages from 0x400000`.
pub(crate) fn broadcast(broadcast: &Broadcast) -> String {
    let mut parts = Vec::new();
    if let Some(pcid) = broadcast.pcid {
        let tag = if matches!(broadcast.by, Asks::Iotlb | Asks::DeviceTlb) { "PASID" } else { "PCID" };
        parts.push(format!("{tag} {pcid}"));
    }
    if let Some((first, pages)) = broadcast.range {
        parts.push(format!("{} from {first}", count(usize::from(pages), "page", "pages")));
    }
    match (parts.is_empty(), broadcast.globals) {
        (true, true) => "everything".to_owned(),
        (true, false) => "everything but globals".to_owned(),
        (false, _) => parts.join(", "),
    }
}

/// What the queue for invalidations that need no interrupt holds on a machine: INVLPGBs, or remote action requests.
pub(crate) fn queued(vendor: Vendor) -> &'static str {
    match vendor {
        Vendor::Amd => "INVLPGB",
        Vendor::Intel => "remote action request",
    }
}

#[cfg(test)]
mod tests {
    use super::{count, cpu_list, cpus, data, ept_bits, flags, list};
    use x86::{Level, Pte};

    #[test]
    fn sets_and_lists_read_as_english() {
        assert_eq!((cpus(0), cpus(0b101)), ("{}".to_owned(), "{0, 2}".to_owned()));
        assert_eq!((cpu_list(0b10), cpu_list(0b1101)), ("CPU 1".to_owned(), "CPUs 0, 2 and 3".to_owned()));
        assert_eq!(list(&["a".to_owned(), "b".to_owned()]), "a and b");
        assert_eq!(
            (count(1, "cat", "cats"), count(0, "cat", "cats")),
            ("1 cat".to_owned(), "0 cats".to_owned())
        );
    }

    #[test]
    fn words_are_text_only_if_all_of_them_is() {
        let word = |bytes: &[u8; 8]| data(u64::from_le_bytes(*bytes));
        assert_eq!(word(b"Andy\0\0\0\0"), "\"Andy\"");
        assert_eq!(word(b"An\0dy\0\0\0"), "0x7964006e41");
        assert_eq!(word(b"A\0\0\0\0\0\0\0"), "0x41");
        assert_eq!(word(b"eight by"), "\"eight by\"");
        assert_eq!(data(0), "0");
    }

    #[test]
    fn the_bits_of_ept_are_no_flags_of_page_tables() {
        assert_eq!(ept_bits(Level::Pt, 7 | 6 << 3), "R W X WB");
        assert_eq!(ept_bits(Level::Pt, 1), "R UC");
        assert_eq!(ept_bits(Level::Pd, 7), "R W X");
        assert_eq!(ept_bits(Level::Pd, 5 | Pte::PS | 4 << 3), "R X WT");
    }

    #[test]
    fn flags_stand_in_the_order_of_their_bits() {
        assert_eq!(flags(Pte(Pte::TABLE)), "P RW US A D");
        assert_eq!(flags(Pte(Pte::XD | Pte::P)), "P XD");
        assert_eq!(flags(Pte(0)), "");
    }
}
