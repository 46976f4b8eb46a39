//! The store buffer of x86-TSO (H55): a queue of stores that only their own CPU can see.

/// Stores that have not reached memory, oldest first. `L` is whatever names a location.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct StoreBuffer<L> {
    stores: Vec<(L, u64)>,
}

impl<L> Default for StoreBuffer<L> {
    fn default() -> StoreBuffer<L> {
        StoreBuffer { stores: Vec::new() }
    }
}

impl<L: Copy + PartialEq> StoreBuffer<L> {
    /// Appends a store.
    pub fn push(&mut self, location: L, value: u64) {
        self.stores.push((location, value));
    }

    /// Takes the oldest store out, to be written to memory.
    pub fn drain(&mut self) -> Option<(L, u64)> {
        (!self.stores.is_empty()).then(|| self.stores.remove(0))
    }

    /// What this CPU's own loads see at a location: its youngest store there, if there is one.
    #[must_use]
    pub fn forward(&self, location: L) -> Option<u64> {
        self.stores.iter().rev().find(|store| store.0 == location).map(|store| store.1)
    }

    /// All stores, oldest first; there is nothing else in it. (A new field does not compile here until somebody has put
    /// it where store buffers are packed.)
    #[must_use]
    pub fn stores(&self) -> &[(L, u64)] {
        let StoreBuffer { stores } = self;
        stores
    }

    /// The same store buffer, seen under other names: how each store is renamed. (Without `..`, as
    /// [`StoreBuffer::stores`].)
    #[must_use]
    pub fn map(&self, store_of: impl Fn(L, u64) -> (L, u64)) -> StoreBuffer<L> {
        let StoreBuffer { stores } = self;
        StoreBuffer { stores: stores.iter().map(|&(location, value)| store_of(location, value)).collect() }
    }

    /// Whether it is empty.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.stores.is_empty()
    }

    /// How many stores it holds.
    #[must_use]
    pub fn len(&self) -> usize {
        self.stores.len()
    }
}

#[cfg(test)]
mod tests {
    use super::StoreBuffer;

    #[test]
    fn first_in_first_out_with_forwarding_h55() {
        let mut buffer = StoreBuffer::default();
        buffer.push('x', 1);
        buffer.push('y', 2);
        buffer.push('x', 3);
        assert_eq!((buffer.forward('x'), buffer.forward('y'), buffer.forward('z')), (Some(3), Some(2), None));
        assert_eq!(buffer.drain(), Some(('x', 1)));
        assert_eq!(buffer.forward('x'), Some(3));
        assert_eq!((buffer.drain(), buffer.drain(), buffer.drain()), (Some(('y', 2)), Some(('x', 3)), None));
    }
}
