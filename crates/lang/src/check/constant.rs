//! Constants the language knows: bits and sizes called as in Linux, and what follows from the machine.

use crate::program::{Level, MachineSpec, NO_MM, Type, Vendor};

/// Page-table bits and sizes.
const NUMBERS: &[(&str, Type, u64)] = &[
    ("PAGE_SIZE", Type::Int, 4096),
    ("PMD_SIZE", Type::Int, 2 << 20),
    ("_PAGE_PRESENT", Type::Pte, 1),
    ("_PAGE_RW", Type::Pte, 1 << 1),
    ("_PAGE_USER", Type::Pte, 1 << 2),
    ("_PAGE_PWT", Type::Pte, 1 << 3),
    ("_PAGE_PCD", Type::Pte, 1 << 4),
    ("_PAGE_ACCESSED", Type::Pte, 1 << 5),
    ("_PAGE_DIRTY", Type::Pte, 1 << 6),
    ("_PAGE_PSE", Type::Pte, 1 << 7),
    ("_PAGE_GLOBAL", Type::Pte, 1 << 8),
    ("_PAGE_NX", Type::Pte, 1 << 63),
    ("_PAGE_TABLE", Type::Pte, 0x067),
    ("VMX_EPT_READABLE_MASK", Type::Pte, 1),
    ("VMX_EPT_WRITABLE_MASK", Type::Pte, 1 << 1),
    ("VMX_EPT_EXECUTABLE_MASK", Type::Pte, 1 << 2),
    ("VMX_EPT_RWX_MASK", Type::Pte, 7),
    ("true", Type::Bool, 1),
    ("false", Type::Bool, 0),
    ("none", Type::Frame, 0),
    ("init_mm", Type::Mm, 0),
    ("LOADED_MM_SWITCHING", Type::Mm, NO_MM as u64),
];

/// Constants that follow from the machine; `cpu` is not a constant, but behaves like one.
const MACHINE: &[&str] =
    &["pcid", "pge", "tce", "amd", "intel", "x2apic", "la57", "online", "NR_CPUS", "NR_TASKS", "cpu"];

/// The value of a built-in constant (but `cpu`).
pub(crate) fn constant(name: &str, machine: &MachineSpec) -> Option<(Type, u64)> {
    if let Some(&(_, ty, value)) = NUMBERS.iter().find(|(n, ..)| *n == name) {
        return Some((ty, value));
    }
    Some(match name {
        "pcid" => (Type::Bool, machine.pcid.into()),
        "pge" => (Type::Bool, machine.pge.into()),
        // Only AMD has it.
        "tce" => (Type::Bool, (machine.tce && machine.vendor == Vendor::Amd).into()),
        "amd" => (Type::Bool, (machine.vendor == Vendor::Amd).into()),
        "intel" => (Type::Bool, (machine.vendor == Vendor::Intel).into()),
        "x2apic" => (Type::Bool, machine.x2apic.into()),
        "la57" => (Type::Bool, (machine.top == Level::Pml5).into()),
        "online" => (Type::Cpus, u64::MAX >> (64 - machine.processors())),
        "NR_CPUS" => (Type::Int, machine.processors().into()),
        "NR_TASKS" => (Type::Int, u64::from(machine.cpus) + u64::from(machine.threads)),
        _ => return None,
    })
}

/// Whether a constant depends on the machine.
pub(crate) fn of_machine(name: &str) -> bool {
    MACHINE.contains(&name)
}

/// Names of all built-in constants, `cpu` included.
pub(crate) fn constants() -> impl Iterator<Item = &'static str> {
    NUMBERS.iter().map(|(name, ..)| *name).chain(MACHINE.iter().copied())
}
