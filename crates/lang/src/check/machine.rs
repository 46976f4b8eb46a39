//! The machine block and the address spaces of a scenario.

use crate::check::constant;
use crate::check::options::STORE_BUFFER;
use crate::diagnostic::nearest::did_you_mean;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::ordered::Ordered;
use crate::program::{
    Alloc, DeviceSpec, GUEST_TABLES, Level, MAX_CPUS, MAX_INVLPGB, MAX_MMS, MAX_STORE_BUFFER, MachineSpec,
    MappingSpec, MemoryType, MmId, MmSpec, OwnStores, Vendor,
};
use crate::source::{SourceId, Span};
use crate::syntax::{Amount, MachineItem, Mapping, MmDecl, Name};

const PAGE: u64 = 4096;
const LARGE_PAGE: u64 = 2 << 20;
pub(crate) const KEYS: &[&str] = &[
    "cpus",
    "vendor",
    "pcid",
    "pge",
    "tce",
    "tlb_cache_dis",
    "walk_sees_own_stores",
    "erratum_invlpg_global",
    "erratum_383",
    "x2apic",
    "invlpgb_count_max",
    "tlb_shared_by",
    "ats",
    "la57",
    "tso",
    "maxphyaddr",
    "dram",
    "device",
    "spare",
    "alloc",
];

/// What `machine { }` can set.
pub fn settings() -> impl Iterator<Item = &'static str> {
    KEYS.iter().copied()
}

/// Those that are on or off.
const SWITCHES: &[&str] =
    &["pcid", "pge", "tce", "tlb_cache_dis", "erratum_invlpg_global", "erratum_383", "x2apic", "la57"];

/// The words that a line of the machine may have as its value; none where it is a number.
pub(crate) fn values(key: &str) -> &'static [&'static str] {
    match key {
        "vendor" => &["intel", "amd"],
        "walk_sees_own_stores" => &["no", "yes", "either"],
        "alloc" => &["last", "first", "any"],
        "tso" => &["off", "on"],
        _ if SWITCHES.contains(&key) => &["off", "on"],
        _ => &[],
    }
}

/// The level that CR3 leads to without CR4.LA57, and with it.
const FOUR_LEVELS: Level = Level::Pml4;
const FIVE_LEVELS: Level = Level::Pml5;

/// The two halves of the canonical addresses. How large they are follows from the level that CR3 leads to.
#[derive(Clone, Copy)]
pub(crate) struct Halves(Level);

impl Halves {
    pub(crate) fn of(machine: &MachineSpec) -> Halves {
        Halves(machine.top)
    }

    /// First linear address that is not a user's.
    pub(crate) fn user_end(self) -> u64 {
        1 << (self.0.width() - 1)
    }

    /// The first address of the kernel's half.
    pub(crate) fn kernel_start(self) -> u64 {
        self.user_end().wrapping_neg()
    }

    /// Where a user's addresses lie, in words.
    pub(crate) fn of_users(self) -> String {
        format!("user addresses are below {}", grouped(self.user_end()))
    }

    /// Where all canonical addresses lie, in words.
    pub(crate) fn of_all(self) -> String {
        format!("{}, kernel addresses from {} on", self.of_users(), grouped(self.kernel_start()))
    }
}

/// An address with its digits in groups of four: `0x8000_0000_0000`.
fn grouped(address: u64) -> String {
    let digits = format!("{address:x}");
    let mut out = "0x".to_owned();
    for (n, digit) in digits.chars().enumerate() {
        if n > 0 && (digits.len() - n) % 4 == 0 {
            out.push('_');
        }
        out.push(digit);
    }
    out
}

/// The machine of a scenario that says nothing about it.
impl Default for MachineSpec {
    fn default() -> MachineSpec {
        MachineSpec {
            cpus: 2,
            vendor: Vendor::Intel,
            pcid: true,
            pge: true,
            tce: false,
            tlb_cache_dis: false,
            walk_sees_own_stores: OwnStores::Either,
            erratum_invlpg_global: false,
            erratum_383: false,
            x2apic: false,
            invlpgb_count_max: MAX_INVLPGB,
            tlb_shared_by: 1,
            ats: 0,
            store_buffer: STORE_BUFFER,
            maxphyaddr: 46,
            top: FOUR_LEVELS,
            dram: Vec::new(),
            devices: Vec::new(),
            threads: 0,
            spare: 1,
            alloc: Alloc::Last,
        }
    }
}

/// Reads the machine block.
pub(crate) fn machine(out: &mut Diagnostics, items: &[MachineItem]) -> MachineSpec {
    let mut reader = Reader { out, spec: MachineSpec::default(), seen: Vec::new(), dram: Vec::new() };
    for item in items {
        match item {
            MachineItem::Word(key, word) => reader.word(key, word),
            MachineItem::Number(key, amount) => reader.number(key, *amount),
            MachineItem::Dram(from, to) => reader.dram(*from, *to),
            MachineItem::Device { name, base, end, memory_type } => {
                let Some(end) = end.or_else(|| reader.page_behind(*base)) else { continue };
                let span = base.span.to(end.span);
                let memory_type =
                    memory_type.as_ref().map_or(MemoryType::Uc, |word| reader.memory_type(word));
                if reader.range(*base, end, "a device") {
                    let device = DeviceSpec {
                        name: name.value.clone(),
                        base: base.value,
                        end: end.value,
                        memory_type,
                    };
                    reader.device(device, span);
                }
            }
        }
    }
    reader.finish()
}

struct Reader<'a> {
    out: &'a mut Diagnostics,
    spec: MachineSpec,
    seen: Vec<(String, Span)>,
    dram: Vec<(u64, u64, Span)>,
}

impl Reader<'_> {
    fn error(&mut self, span: Span, message: impl Into<String>, advice: Option<&str>) {
        let diagnostic =
            Diagnostic::error(SourceId::SCENARIO, span, message).maybe(advice.map(str::to_owned));
        self.out.push(diagnostic);
    }

    /// Where something was set last.
    fn set_at(&self, key: &str) -> Option<Span> {
        self.seen.iter().rfind(|seen| seen.0 == key).map(|seen| seen.1)
    }

    fn once(&mut self, key: &Name) {
        let before = self.set_at(&key.text);
        self.seen.push((key.text.clone(), key.span));
        if let Some(first) = before {
            let diagnostic =
                Diagnostic::error(SourceId::SCENARIO, key.span, format!("`{}` is set twice", key.text));
            self.out.push(diagnostic.related(SourceId::SCENARIO, first, "first here"));
        }
    }

    fn word(&mut self, key: &Name, word: &Name) {
        self.once(key);
        let on = match word.text.as_str() {
            "on" => Some(true),
            "off" => Some(false),
            _ => None,
        };
        let choices = match (key.text.as_str(), on) {
            ("vendor", _) => match word.text.as_str() {
                "intel" => return self.spec.vendor = Vendor::Intel,
                "amd" => return self.spec.vendor = Vendor::Amd,
                _ => "intel or amd",
            },
            ("pcid", Some(on)) => return self.spec.pcid = on,
            ("pge", Some(on)) => return self.spec.pge = on,
            ("tce", Some(on)) => return self.spec.tce = on,
            ("tlb_cache_dis", Some(on)) => return self.spec.tlb_cache_dis = on,
            ("erratum_invlpg_global", Some(on)) => return self.spec.erratum_invlpg_global = on,
            ("erratum_383", Some(on)) => return self.spec.erratum_383 = on,
            ("x2apic", Some(on)) => return self.spec.x2apic = on,
            ("la57", Some(on)) => return self.spec.top = if on { FIVE_LEVELS } else { FOUR_LEVELS },
            ("walk_sees_own_stores", _) => match word.text.as_str() {
                "no" => return self.spec.walk_sees_own_stores = OwnStores::No,
                "yes" => return self.spec.walk_sees_own_stores = OwnStores::Yes,
                "either" => return self.spec.walk_sees_own_stores = OwnStores::Either,
                _ => "no, yes or either",
            },
            ("alloc", _) => match word.text.as_str() {
                "last" => return self.spec.alloc = Alloc::Last,
                "first" => return self.spec.alloc = Alloc::First,
                "any" => return self.spec.alloc = Alloc::Any,
                _ => "last, first or any",
            },
            ("tso", Some(on)) => return self.spec.store_buffer = if on { STORE_BUFFER } else { 0 },
            (key, None) if SWITCHES.contains(&key) => "on or off",
            ("tso", None) => "a number from 0 to 8, or off",
            ("cpus" | "invlpgb_count_max" | "maxphyaddr" | "spare" | "tlb_shared_by" | "ats", _) => {
                "a number"
            }
            _ => return self.unknown(key),
        };
        let message = format!("`{}` cannot be `{}`", key.text, word.text);
        self.error(word.span, message, Some(&format!("it is {choices}")));
    }

    fn number(&mut self, key: &Name, amount: Amount) {
        self.once(key);
        let (low, high) = match key.text.as_str() {
            "cpus" | "tlb_shared_by" => (1, MAX_CPUS.into()),
            "ats" => (0, u64::from(MAX_CPUS) - 1),
            "tso" => (0, MAX_STORE_BUFFER.into()),
            "maxphyaddr" => (36, 51),
            "spare" => (0, 32),
            "invlpgb_count_max" => (1, MAX_INVLPGB.into()),
            "vendor" => return self.error(amount.span, "a vendor is intel or amd", None),
            "walk_sees_own_stores" => return self.error(amount.span, "it is no, yes or either", None),
            "alloc" => return self.error(amount.span, "it is last, first or any", None),
            name if SWITCHES.contains(&name) => {
                let message = format!("`{}` is on or off", key.text);
                return self.error(amount.span, message, None);
            }
            _ => return self.unknown(key),
        };
        if amount.value < low || amount.value > high {
            let message = format!("`{}` is {low} to {high}, not {}", key.text, amount.value);
            return self.error(amount.span, message, None);
        }
        if key.text == "invlpgb_count_max" {
            self.spec.invlpgb_count_max = u16::try_from(amount.value).unwrap_or(MAX_INVLPGB);
            return;
        }
        let value = u8::try_from(amount.value).unwrap_or(0);
        match key.text.as_str() {
            "cpus" => self.spec.cpus = value,
            "tso" => self.spec.store_buffer = value,
            "tlb_shared_by" => self.spec.tlb_shared_by = value,
            "ats" => self.spec.ats = value,
            "maxphyaddr" => self.spec.maxphyaddr = value,
            _ => self.spec.spare = value,
        }
    }

    fn unknown(&mut self, key: &Name) {
        let advice = did_you_mean(&key.text, KEYS.iter().copied());
        let advice = advice.unwrap_or_else(|| format!("the settings are {}", KEYS.join(", ")));
        self.error(key.span, format!("a machine has no `{}`", key.text), Some(&advice));
    }

    fn memory_type(&mut self, word: &Name) -> MemoryType {
        match word.text.as_str() {
            "uc" => MemoryType::Uc,
            "wc" => MemoryType::Wc,
            "wt" => MemoryType::Wt,
            "wp" => MemoryType::Wp,
            "wb" => MemoryType::Wb,
            _ => {
                let message = format!("there is no memory type `{}`", word.text);
                self.error(word.span, message, Some("the types are uc, wc, wt, wp and wb"));
                MemoryType::Uc
            }
        }
    }

    /// Whether a range of physical memory is valid.
    fn range(&mut self, from: Amount, to: Amount, what: &str) -> bool {
        let span = from.span.to(to.span);
        if let Some(odd) = [from, to].into_iter().find(|a| a.value % PAGE != 0) {
            self.error(
                odd.span,
                format!("{what} begins and ends on a page"),
                Some("multiples of 4 KiB (0x1000)"),
            );
        } else if from.value >= to.value {
            self.error(span, format!("{what} ends after it begins"), None);
        } else {
            return true;
        }
        false
    }

    /// The end of a device of one page, unless there is no such number.
    fn page_behind(&mut self, base: Amount) -> Option<Amount> {
        let value = base.value.checked_add(PAGE);
        if value.is_none() {
            let message = "a device of one page would end beyond 2^64";
            self.error(base.span, message, Some("physical addresses have 36 to 51 bits (`maxphyaddr`)"));
        }
        value.map(|value| Amount { value, span: base.span, named: false })
    }

    fn dram(&mut self, from: Amount, to: Amount) {
        if self.range(from, to, "DRAM") {
            let place = self.dram.partition_point(|range| range.0 <= from.value);
            self.dram.insert(place, (from.value, to.value, from.span.to(to.span)));
        }
    }

    fn device(&mut self, device: DeviceSpec, span: Span) {
        if self.spec.devices.len() == 16 {
            return self.error(span, "more than 16 devices", None);
        }
        if self.spec.devices.iter().any(|d| d.base < device.end && device.base < d.end) {
            self.error(span, "two devices overlap", None);
        }
        self.seen.push((format!("device {}", self.spec.devices.len()), span));
        self.spec.devices.push(device);
    }

    fn finish(mut self) -> MachineSpec {
        let dram = std::mem::take(&mut self.dram);
        for pair in dram.windows(2) {
            if pair[0].1 > pair[1].0 {
                self.error(pair[1].2, "two ranges of DRAM overlap", None);
            }
        }
        if dram.len() > 16 {
            self.error(dram[16].2, "more than 16 ranges of DRAM", None);
        }
        let (cpus, ats) = (self.spec.cpus, self.spec.ats);
        if ats > 0
            && let Some(span) = self.set_at("ats")
        {
            if ats >= cpus {
                self.error(
                    span,
                    "no CPU is left: all of them would be devices",
                    Some("the last CPUs are the devices"),
                );
                self.spec.ats = cpus - 1;
            }
            if self.spec.tlb_shared_by > 1 {
                self.error(span, "a machine with devices cannot have `tlb_shared_by`", None);
            }
        }
        self.spec.dram = dram.iter().map(|&(from, to, _)| (from, to)).collect();
        if dram.is_empty() {
            self.spec.dram = vec![(0, 1 << 30)];
        }
        let limit = 1u64 << self.spec.maxphyaddr;
        for (n, device) in self.spec.devices.clone().into_iter().enumerate() {
            let span = self.set_at(&format!("device {n}")).unwrap_or(Span { start: 0, end: 0 });
            if self.spec.dram.iter().any(|&(from, to)| device.base < to && from < device.end) {
                let message = format!("device \"{}\" lies in DRAM", device.name);
                self.error(
                    span,
                    message,
                    Some("write two ranges of DRAM, one below the device and one above it"),
                );
            }
            if device.end > limit {
                self.error(
                    span,
                    format!("beyond the physical addresses of {} bits", self.spec.maxphyaddr),
                    None,
                );
            }
        }
        for &(_, to, span) in &dram {
            if to > limit {
                self.error(
                    span,
                    format!("beyond the physical addresses of {} bits", self.spec.maxphyaddr),
                    None,
                );
            }
        }
        self.spec
    }
}

/// Reads the address spaces; `init_mm` comes first.
///
/// A page that several of them share is the same in all: its name says so, with `shared` after it.
pub(crate) fn mms(
    out: &mut Diagnostics,
    halves: Halves,
    decls: &[MmDecl],
) -> (Vec<MmSpec>, Ordered<String, (MmId, Span)>) {
    shared(out, decls);
    let plain = |name: &str| MmSpec {
        name: name.to_owned(),
        absent: false,
        mappings: Vec::new(),
        second: false,
        guest: None,
    };
    let mut specs = vec![plain("init_mm")];
    let mut names: Ordered<String, (MmId, Span)> = Ordered::default();
    for decl in decls {
        let name = &decl.name;
        let mut error = |message: String| out.push(Diagnostic::error(SourceId::SCENARIO, name.span, message));
        if specs.len() == MAX_MMS {
            error(format!("more than {} address spaces", MAX_MMS - 1));
            break;
        }
        if name.text == "init_mm" {
            if decl.absent {
                error("init_mm always exists".to_owned());
            }
            specs[0].mappings = mappings(out, halves, decl);
            continue;
        }
        if constant::constants().any(|c| c == name.text) {
            error(format!("`{}` is built in", name.text));
        }
        let id = MmId::try_from(specs.len()).unwrap_or(0);
        if let Some((_, first)) = names.insert(name.text.clone(), (id, name.span)) {
            let diagnostic = Diagnostic::error(
                SourceId::SCENARIO,
                name.span,
                format!("mm `{}` is declared twice", name.text),
            );
            out.push(diagnostic.related(SourceId::SCENARIO, first, "first here"));
        }
        let guest = decl.guest.as_ref().and_then(|guest| guest_named(out, &specs, guest));
        let mappings = mappings(out, halves, decl);
        specs.push(MmSpec { absent: decl.absent, mappings, second: decl.second, guest, ..plain(&name.text) });
    }
    (specs, names)
}

/// A shared name is one page: each of its mappings says `shared`, and maps all of it.
fn shared(out: &mut Diagnostics, decls: &[MmDecl]) {
    let all = || decls.iter().flat_map(|decl| &decl.mappings);
    let first = |of: &Mapping| all().find(|one| one.shared && one.page.value == of.page.value);
    for mapping in all() {
        let Some(first) = first(mapping) else { continue };
        let message = if !mapping.shared {
            format!("page \"{}\" is shared elsewhere, and not here", mapping.page.value)
        } else if mapping.large != first.large {
            format!("page \"{}\" has another size elsewhere", mapping.page.value)
        } else {
            continue;
        };
        let diagnostic = Diagnostic::error(SourceId::SCENARIO, mapping.page.span, message).advice(
            "one name is one page: write `shared` after each of its mappings, or give this page another name",
        );
        out.push(diagnostic.related(SourceId::SCENARIO, first.page.span, "shared here"));
    }
}

/// The guest that an mm is in: one that has been declared before.
fn guest_named(out: &mut Diagnostics, specs: &[MmSpec], name: &Name) -> Option<MmId> {
    let found = (0..).zip(specs).find(|(_, spec)| spec.name == name.text && spec.second);
    if found.is_none() {
        let message = format!("there is no guest `{}`", name.text);
        let advice = format!("declare it before: `guest {};`", name.text);
        out.push(Diagnostic::error(SourceId::SCENARIO, name.span, message).advice(advice));
    }
    found.map(|found| found.0)
}

/// The guest-physical address that a mapping asks for.
fn gpa(out: &mut Diagnostics, decl: &MmDecl, mapping: &Mapping) -> Option<u64> {
    let at = mapping.gpa?;
    let mut error = |message: &str, advice: &str| {
        out.push(Diagnostic::error(SourceId::SCENARIO, at.span, message).advice(advice));
    };
    if decl.guest.is_none() {
        error(
            "only a guest's page has a guest-physical address",
            "write `mm A in G { ... }`, with `guest G;` before",
        );
    } else if at.value % PAGE != 0 || at.value == 0 || at.value >= GUEST_TABLES {
        error(
            "this is not a guest-physical address for a page",
            "multiples of 4 KiB from 0x1000 on, below 0x100000, where the guest's own tables are",
        );
    } else {
        return Some(at.value);
    }
    None
}

fn mappings(out: &mut Diagnostics, halves: Halves, decl: &MmDecl) -> Vec<MappingSpec> {
    let mut specs: Vec<MappingSpec> = Vec::new();
    let size = |large: bool| if large { LARGE_PAGE } else { PAGE };
    let kernel = decl.name.text == "init_mm";
    for mapping in &decl.mappings {
        let va = mapping.va.value;
        let mut error = |message: String, advice: Option<&str>| {
            let diagnostic = Diagnostic::error(SourceId::SCENARIO, mapping.va.span, message);
            out.push(diagnostic.maybe(advice.map(str::to_owned)));
        };
        if specs.len() == crate::program::MAX_WATCHED {
            error(format!("more than {} mappings in one mm", crate::program::MAX_WATCHED), None);
            break;
        }
        if va % size(mapping.large) != 0 {
            let unit = if mapping.large { "2 MiB (0x200000)" } else { "4 KiB (0x1000)" };
            let below = va - va % size(mapping.large);
            error(format!("this address is not a multiple of {unit}"), Some(&format!("{below:#x} is one")));
        } else if kernel && va < halves.kernel_start() {
            let advice = format!("they begin at {}", grouped(halves.kernel_start()));
            error("init_mm maps kernel addresses only".to_owned(), Some(&advice));
        } else if !kernel && va >= halves.user_end() {
            let advice = format!("{}; `mm init_mm {{ }}` maps kernel addresses", halves.of_users());
            error("this is not a user address".to_owned(), Some(&advice));
        } else if specs
            .iter()
            .any(|s| s.va <= va + (size(mapping.large) - 1) && va <= s.va + (size(s.large) - 1))
        {
            error("this address is mapped already".to_owned(), None);
        } else if mapping.large && decl.guest.is_some() {
            error("a guest's page has 4 KiB at the start".to_owned(), Some("leave `2M` out"));
        } else {
            let page = mapping.page.value.clone();
            if page.is_empty() {
                let advice = "give it one: every sentence about the page calls it by its name";
                let message = "this page has an empty name";
                let warning = Diagnostic::warning(SourceId::SCENARIO, mapping.page.span, message);
                out.push(warning.advice(advice));
            }
            let Mapping { large, writable, global, shared, .. } = *mapping;
            let gpa = gpa(out, decl, mapping);
            let words = Vec::new();
            specs.push(MappingSpec { va, page, large, writable, kernel, global, shared, words, gpa });
        }
    }
    specs
}
