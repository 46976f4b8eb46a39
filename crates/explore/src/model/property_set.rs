//! Sets of properties, each a bit.

/// A set of properties, which are numbers from 0 to 31. The system decides what the numbers mean: a deadlock, a lost
/// update, a meal. A step returns the set of properties that it shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PropertySet(pub u32);

impl PropertySet {
    /// The empty set.
    pub const NONE: PropertySet = PropertySet(0);

    /// The set with one property. Numbers of 32 and more do not exist and give the empty set.
    #[must_use]
    pub const fn one(number: u8) -> PropertySet {
        if number < 32 { PropertySet(1 << number) } else { PropertySet(0) }
    }

    /// Whether the set is empty.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether the two sets share a property.
    #[must_use]
    pub const fn intersects(self, other: PropertySet) -> bool {
        self.0 & other.0 != 0
    }

    /// Whether every property of the other set is in this one.
    #[must_use]
    pub const fn contains(self, other: PropertySet) -> bool {
        other.0 & !self.0 == 0
    }

    /// The numbers in the set, ascending.
    pub fn iter(self) -> impl Iterator<Item = u8> {
        (0..32).filter(move |n| self.0 & (1 << n) != 0)
    }
}

impl std::ops::BitOr for PropertySet {
    type Output = PropertySet;
    fn bitor(self, other: PropertySet) -> PropertySet {
        PropertySet(self.0 | other.0)
    }
}

impl std::ops::BitOrAssign for PropertySet {
    fn bitor_assign(&mut self, other: PropertySet) {
        self.0 |= other.0;
    }
}
