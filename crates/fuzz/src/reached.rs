//! How many inputs reached the code that their target tests. If all are refused before, nothing is tested.

use std::cell::Cell;

thread_local! {
    /// Those of this thread.
    static REACHED: Cell<u64> = const { Cell::new(0) };
}

/// An input has reached it.
pub(crate) fn reached() {
    REACHED.set(count() + 1);
}

/// How many have, since the last [`forget`].
pub(crate) fn count() -> u64 {
    REACHED.get()
}

/// Begins to count.
pub(crate) fn forget() {
    REACHED.set(0);
}
