//! Maps for the page, where each type of map is one to three kilobytes: a few declarations, in the order of their keys.

use std::borrow::Borrow;

/// Values by their keys, in the order of these.
#[derive(Clone, Debug)]
pub(crate) struct Ordered<K, V>(Vec<(K, V)>);

impl<K, V> Default for Ordered<K, V> {
    fn default() -> Self {
        Ordered(Vec::new())
    }
}

impl<K, V> Ordered<K, V> {
    pub(crate) fn iter(&self) -> std::slice::Iter<'_, (K, V)> {
        self.0.iter()
    }

    pub(crate) fn keys(&self) -> impl Iterator<Item = &K> {
        self.0.iter().map(|pair| &pair.0)
    }

    pub(crate) fn values(&self) -> impl Iterator<Item = &V> {
        self.0.iter().map(|pair| &pair.1)
    }

    /// Where a key is, or else where it belongs.
    fn place<Q: Ord + ?Sized>(&self, key: &Q) -> Result<usize, usize>
    where
        K: Borrow<Q>,
    {
        self.0.binary_search_by(|pair| pair.0.borrow().cmp(key))
    }

    pub(crate) fn get<Q: Ord + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        self.place(key).ok().map(|at| &self.0[at].1)
    }

    pub(crate) fn contains_key<Q: Ord + ?Sized>(&self, key: &Q) -> bool
    where
        K: Borrow<Q>,
    {
        self.place(key).is_ok()
    }

    /// Gives a key a value: the one that it had.
    pub(crate) fn insert(&mut self, key: K, value: V) -> Option<V>
    where
        K: Ord,
    {
        match self.place(&key) {
            Ok(at) => Some(std::mem::replace(&mut self.0[at].1, value)),
            Err(at) => {
                self.0.insert(at, (key, value));
                None
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Ordered;

    #[test]
    fn keys_are_in_order_and_the_last_value_counts() {
        let mut names: Ordered<String, u8> = Ordered::default();
        for (key, value) in [("b", 1), ("a", 2), ("c", 3)] {
            assert_eq!(names.insert(key.to_owned(), value), None);
        }
        assert_eq!(names.insert("a".to_owned(), 4), Some(2));
        assert_eq!(names.keys().collect::<Vec<_>>(), ["a", "b", "c"]);
        assert_eq!(names.values().collect::<Vec<_>>(), [&4, &1, &3]);
        assert_eq!((names.get("c"), names.get("d"), names.contains_key("b")), (Some(&3), None, true));
    }
}
