//! Coverage: which places of a program have been reached.

/// A set of places in a program. The system chooses a number for each place: a small one, since the set is kept as bits.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Passed(Vec<u64>);

impl Passed {
    /// Notes that a place has been reached.
    pub fn note(&mut self, place: u16) {
        let word = usize::from(place / 64);
        if word >= self.0.len() {
            self.0.resize(word + 1, 0);
        }
        self.0[word] |= 1 << (place % 64);
    }

    /// Whether a place has been reached.
    #[must_use]
    pub fn contains(&self, place: u16) -> bool {
        self.0.get(usize::from(place / 64)).is_some_and(|word| word >> (place % 64) & 1 == 1)
    }

    /// Adds the places of another set.
    pub fn add(&mut self, other: &Passed) {
        let longest = self.0.len().max(other.0.len());
        self.0.resize(longest, 0);
        self.0.iter_mut().zip(&other.0).for_each(|(word, &more)| *word |= more);
    }

    /// The set as bits, 64 places a word.
    pub(crate) fn words(&self) -> &[u64] {
        &self.0
    }

    /// The set with these bits.
    pub(crate) fn from_words(words: Vec<u64>) -> Passed {
        Passed(words)
    }
}
