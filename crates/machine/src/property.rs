//! What can be observed of an execution, by name and number.

use explore::PropertySet;
use lang::program::Program;
use lang::property::{PROPERTIES, PropertyGroup, PropertyRow};
use x86::{Hazard, Hazards};

/// Declares the properties and lists them.
macro_rules! properties {
    ($($(#[$doc:meta])* $name:ident,)*) => {
        /// A property: something that a step or a state shows. Its number is its place in [`PropertySet`], in links and in
        /// [`lang::property::PROPERTIES`], which has all that is said of it.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        pub enum Property {
            $($(#[$doc])* $name,)*
        }

        impl Property {
            /// All, by number. (This does not compile while a row or a variant is missing.)
            pub const ALL: [Property; PROPERTIES.len()] = [$(Property::$name,)*];
        }
    };
}

properties! {
    /// A walk read memory that is not, or no longer, the page table it was taken for.
    WalkOfFreed,
    /// A walk set an accessed bit there.
    ABitCorruption,
    /// A paging-structure cache entry was made from there.
    GarbagePsc,
    /// A translation was made from there.
    GarbageTlb,
    /// A walk read a device.
    DeviceRead,
    /// The machine stopped.
    MachineCheck,
    /// A committed access went to a page that had been freed or that nobody was given, or through a garbage translation.
    StaleAccess,
    /// A committed access faulted, for whatever reason. No violation: a program may do this on purpose.
    PageFault,
    /// The kernel text did something impossible, its `BUG_ON` fired, or an access of its own faulted for good (an
    /// oops).
    KernelBug,
    /// Its `WARN_ON` or `WARN_ON_ONCE` fired.
    KernelWarning,
    /// No CPU can continue, though some CPU has more to do; or CPUs go round in loops that nothing can end.
    Deadlock,
    /// An IPI was sent to a CPU that runs a kernel thread or nothing. No violation: a matter of cost.
    IpiToIdle,
    /// A CPU has translations of different page sizes for one address (H25). No violation by itself: the
    /// architecture allows it, and either may be used; on some parts it raises a machine check.
    MultiMatch,
    /// An execution ended in a state that the scenario's condition on final states describes. No violation: the
    /// scenario decides what it means.
    FinalState,
    /// A committed access was made that the page tables which CR3 leads to do not give: they fault there, or lead to
    /// another frame. No violation: a kernel that clears an entry first and then flushes allows it in between
    /// (SDM 4.10.4.4).
    StaleTranslation,
    /// After a claim that nothing older is left, a CPU can still use an older translation, or an older pointer to a page
    /// table.
    MissedFlush,
    /// After such a claim a committed access used an older translation.
    MissedFlushUsed,
    /// An invariant of the texts does not hold in the state that a step leads to.
    Invariant,
    /// A committed access to a user address used a translation that a walk of another address space's page tables found, and
    /// that its own page tables do not give.
    ForeignAccess,
}

impl Property {
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

    /// Its row in the table of properties.
    #[must_use]
    pub const fn row(self) -> &'static PropertyRow {
        &PROPERTIES[self as usize]
    }

    /// Its name in the language.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.row().name
    }

    /// Its name for readers, in two or three words.
    #[must_use]
    pub const fn title(self) -> &'static str {
        self.row().title
    }

    /// What it means, as the end of "It is possible that ...".
    #[must_use]
    pub const fn sentence(self) -> &'static str {
        self.row().sentence
    }

    /// The property of a number.
    #[must_use]
    pub fn from_number(number: u8) -> Option<Property> {
        Property::ALL.get(number as usize).copied()
    }
}

/// Everything that no correct kernel shows.
pub const VIOLATION: PropertySet = members(PropertyGroup::Violation);

/// Memory was read or written that belongs to another owner.
pub const CORRUPTION: PropertySet = members(PropertyGroup::Corruption);

/// The properties of a group.
#[must_use]
pub const fn members(group: PropertyGroup) -> PropertySet {
    let (mut set, mut at) = (0, 0);
    while at < PROPERTIES.len() {
        if group.has(PROPERTIES[at].kind) {
            set |= 1 << at;
        }
        at += 1;
    }
    PropertySet(set)
}

/// The set of properties that a name of the language means.
#[must_use]
pub fn by_name(name: &str) -> Option<PropertySet> {
    let group = PropertyGroup::ALL.into_iter().find(|group| group.name() == name).map(members);
    let property = || Property::ALL.into_iter().find(|property| property.name() == name);
    group.or_else(|| property().map(Property::as_set))
}

/// The number of the first labelled property of a program ([`Program::labelled`]); the others follow.
const FIRST_LABELLED: u8 = 20;

/// All labelled properties that a program may have.
pub const LABELLED: PropertySet = PropertySet(((1 << lang::program::MAX_LABELLED) - 1) << FIRST_LABELLED);

/// The set that a name means in a program: that of a property, of a group, or of the checks with a label.
#[must_use]
pub fn named(program: &Program, name: &str) -> Option<PropertySet> {
    let place = program.labelled.iter().position(|labelled| labelled.text() == name);
    place.map_or_else(|| by_name(name), |place| Some(labelled(place)))
}

fn labelled(place: usize) -> PropertySet {
    u8::try_from(place)
        .map_or(PropertySet::NONE, |place| PropertySet::one(FIRST_LABELLED.saturating_add(place)))
}

/// All properties, and the labelled ones that a program names.
#[must_use]
pub fn every_property(program: &Program) -> PropertySet {
    let labelled = (0..program.labelled.len()).map(labelled);
    Property::ALL
        .into_iter()
        .map(Property::as_set)
        .chain(labelled)
        .fold(PropertySet::NONE, |all, one| all | one)
}

/// How a text names the property with a number of a set: `stale_access`, `kernel_bug "two owners"`.
#[must_use]
pub fn name_of(program: &Program, number: u8) -> Option<String> {
    let labelled =
        number.checked_sub(FIRST_LABELLED).and_then(|place| program.labelled.get(usize::from(place)));
    labelled
        .map(lang::program::Labelled::text)
        .or_else(|| Some(Property::from_number(number)?.name().to_owned()))
}

/// What a check shows: a property, and the labelled property that stands for its label (counted from 1; 0 for none).
#[must_use]
pub fn of_check(program: &Program, property: Property, label: u16) -> PropertySet {
    let mut shown = property.as_set();
    if let Some(label) = usize::from(label).checked_sub(1).and_then(|place| program.labels.get(place)) {
        for (place, asked) in program.labelled.iter().enumerate() {
            if asked.label == *label && asked.property == property.name() {
                shown |= self::labelled(place);
            }
        }
    }
    shown
}

/// The property that a number of a set is or stands for.
#[must_use]
pub fn numbered(program: &Program, number: u8) -> Option<Property> {
    let labelled =
        number.checked_sub(FIRST_LABELLED).and_then(|place| program.labelled.get(usize::from(place)));
    match labelled {
        Some(labelled) => Property::ALL.into_iter().find(|property| property.name() == labelled.property),
        None => Property::from_number(number),
    }
}

/// The properties that the hardware's events show.
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
    use super::{FIRST_LABELLED, Property, by_name, labelled};

    /// Labelled properties have separate numbers, below that of the model's limits.
    #[test]
    fn labelled_properties_have_room() {
        const { assert!(Property::ALL.len() <= FIRST_LABELLED as usize) };
        let last = labelled(lang::program::MAX_LABELLED - 1);
        assert!(!last.is_empty() && !last.intersects(crate::BEYOND));
    }

    /// `ABitCorruption` as `a_bit_corruption`.
    fn in_the_language(variant: &str) -> String {
        let mut name = String::new();
        for (at, letter) in variant.char_indices() {
            if at > 0 && letter.is_uppercase() {
                name.push('_');
            }
            name.extend(letter.to_lowercase());
        }
        name
    }

    #[test]
    fn each_property_has_the_row_of_its_name() {
        for (number, property) in (0..).zip(Property::ALL) {
            assert_eq!(property.number(), number);
            assert_eq!(Property::from_number(number), Some(property));
            assert_eq!(property.name(), in_the_language(&format!("{property:?}")));
        }
        for name in lang::property::names() {
            assert!(by_name(name).is_some(), "{name}");
            assert!(lang::property::sentence(name).is_some(), "{name}");
        }
    }
}
