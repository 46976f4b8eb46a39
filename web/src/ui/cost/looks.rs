//! What a reader chooses of how the table and the lanes are drawn.

use cost::Per;

/// The reader's view of it: by which column the table is sorted, and whether from the largest number on; what numbers are per;
/// how long the stretch is that the lanes show. One component has all of it: each has its price in the bundle.
#[derive(Clone, Copy, PartialEq)]
pub struct Looks {
    /// The column.
    pub column: usize,
    /// From the largest number on.
    pub descending: bool,
    /// What numbers are per.
    pub per: Per,
    /// The place among the stretches.
    pub stretch: usize,
}
