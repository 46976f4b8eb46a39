//! What can be observed of an execution, by name and number.

use explore::PropertySet;
use x86::{Hazard, Hazards};

/// A property: something that a step or a state shows. The number is its place in [`PropertySet`] and in links, so
/// the order is fixed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Property {
    /// A walk read memory that is not, or no longer, the page table it was taken for.
    WalkOfFreed = 0,
    /// A walk set an accessed bit there.
    ABitCorruption = 1,
    /// A paging-structure cache entry was made from there.
    GarbagePsc = 2,
    /// A translation was made from there.
    GarbageTlb = 3,
    /// A walk read a device.
    DeviceRead = 4,
    /// The machine stopped.
    MachineCheck = 5,
    /// A committed access went to a page that had been freed or that nobody was given, or through a garbage translation.
    StaleAccess = 6,
    /// A committed access faulted, whatever the reason. No violation: a program may ask for it.
    PageFault = 7,
    /// The kernel text did something impossible, its `BUG_ON` fired, or an access of its own faulted for good (an
    /// oops).
    KernelBug = 8,
    /// Its `WARN_ON_ONCE` fired.
    KernelWarning = 9,
    /// No CPU can continue, though some CPU has more to do.
    Deadlock = 10,
    /// An IPI was sent to a CPU that runs a kernel thread or nothing. No violation: a matter of cost.
    IpiToIdle = 11,
    /// A CPU has translations of different page sizes for one address (H25). No violation by itself: the
    /// architecture allows it, and either may be used; on some parts it raises a machine check.
    MultiMatch = 12,
}

impl Property {
    /// All, by number.
    pub const ALL: [Property; 13] = [
        Property::WalkOfFreed,
        Property::ABitCorruption,
        Property::GarbagePsc,
        Property::GarbageTlb,
        Property::DeviceRead,
        Property::MachineCheck,
        Property::StaleAccess,
        Property::PageFault,
        Property::KernelBug,
        Property::KernelWarning,
        Property::Deadlock,
        Property::IpiToIdle,
        Property::MultiMatch,
    ];

    /// Its number in a set of properties.
    #[must_use]
    pub const fn number(self) -> u8 {
        self as u8
    }

    /// The set with just this one.
    #[must_use]
    pub const fn as_set(self) -> PropertySet {
        PropertySet::one(self as u8)
    }

    /// Its name in the language.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Property::WalkOfFreed => "walk_of_freed",
            Property::ABitCorruption => "a_bit_corruption",
            Property::GarbagePsc => "garbage_psc",
            Property::GarbageTlb => "garbage_tlb",
            Property::DeviceRead => "device_read",
            Property::MachineCheck => "machine_check",
            Property::StaleAccess => "stale_access",
            Property::PageFault => "page_fault",
            Property::KernelBug => "kernel_bug",
            Property::KernelWarning => "kernel_warning",
            Property::Deadlock => "deadlock",
            Property::IpiToIdle => "ipi_to_idle",
            Property::MultiMatch => "multi_match",
        }
    }

    /// Its name for readers, in two or three words.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Property::WalkOfFreed => "walk of freed memory",
            Property::ABitCorruption => "accessed bit in foreign data",
            Property::GarbagePsc => "garbage cached as a pointer",
            Property::GarbageTlb => "garbage cached as a translation",
            Property::DeviceRead => "walk of a device",
            Property::MachineCheck => "machine check",
            Property::StaleAccess => "stale access",
            Property::PageFault => "page fault",
            Property::KernelBug => "kernel bug",
            Property::KernelWarning => "kernel warning",
            Property::Deadlock => "deadlock",
            Property::IpiToIdle => "IPI to an idle CPU",
            Property::MultiMatch => "two translations at once",
        }
    }

    /// What it means, as the end of "It is possible that ...".
    #[must_use]
    pub const fn sentence(self) -> &'static str {
        match self {
            Property::WalkOfFreed => "a page walk reads a page table that has been freed",
            Property::ABitCorruption => "a page walk writes an accessed bit into somebody else's memory",
            Property::GarbagePsc => "garbage is cached as a pointer to a page table",
            Property::GarbageTlb => "garbage is cached as a translation",
            Property::DeviceRead => "a page walk reads a device register",
            Property::MachineCheck => "a page walk raises a machine check",
            Property::StaleAccess => {
                "a program uses a translation to a page that has been freed, or was never given to it"
            }
            Property::PageFault => "a program's access faults",
            Property::KernelBug => "the kernel does something impossible",
            Property::KernelWarning => "a kernel warning fires",
            Property::Deadlock => "the machine hangs because every CPU waits",
            Property::IpiToIdle => "an IPI disturbs a CPU that idles or runs a kernel thread",
            Property::MultiMatch => "a CPU caches translations of different sizes for one address",
        }
    }

    /// The property of a number.
    #[must_use]
    pub fn from_number(number: u8) -> Option<Property> {
        Property::ALL.get(number as usize).copied()
    }
}

/// What a correct kernel may show as well.
const NO_VIOLATION: u32 =
    1 << Property::PageFault as u32 | 1 << Property::IpiToIdle as u32 | 1 << Property::MultiMatch as u32;

/// Everything that no correct kernel shows.
pub const VIOLATION: PropertySet = PropertySet(((1 << Property::ALL.len()) - 1) & !NO_VIOLATION);

/// Memory was read or written that belongs to somebody else.
pub const CORRUPTION: PropertySet =
    PropertySet(1 << Property::ABitCorruption as u32 | 1 << Property::StaleAccess as u32);

/// The set that a name of the language means.
#[must_use]
pub fn by_name(name: &str) -> Option<PropertySet> {
    match name {
        "violation" => Some(VIOLATION),
        "corruption" => Some(CORRUPTION),
        _ => Property::ALL.iter().find(|property| property.name() == name).map(|property| property.as_set()),
    }
}

/// The properties of what the hardware did.
#[must_use]
pub(crate) fn of_hazards(hazards: Hazards) -> PropertySet {
    const PAIRS: [(Hazard, Property); 7] = [
        (Hazard::WalkOfFreed, Property::WalkOfFreed),
        (Hazard::ABitCorruption, Property::ABitCorruption),
        (Hazard::GarbagePsc, Property::GarbagePsc),
        (Hazard::GarbageTlb, Property::GarbageTlb),
        (Hazard::DeviceRead, Property::DeviceRead),
        (Hazard::MachineCheck, Property::MachineCheck),
        (Hazard::StaleAccess, Property::StaleAccess),
    ];
    let mut properties = PropertySet::NONE;
    for (hazard, property) in PAIRS {
        if hazards.has(hazard) {
            properties |= property.as_set();
        }
    }
    properties
}

#[cfg(test)]
mod tests {
    use super::{Property, by_name};

    #[test]
    fn names_are_those_of_the_language() {
        for (number, property) in (0..).zip(Property::ALL) {
            assert_eq!(property.number(), number);
            assert_eq!(Property::from_number(number), Some(property));
            assert_eq!(lang::program::PROPERTIES[usize::from(number)], property.name());
        }
        for name in lang::program::PROPERTIES {
            assert!(by_name(name).is_some(), "{name}");
        }
    }
}
