//! The numbers of what the explorer is asked.
//!
//! A check, the settings of a table and the distances of a run are asked for side by side. One count gives all of them
//! their numbers, so that an answer, or a refusal, belongs to the one who asked and to nobody else.

/// The count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Jobs {
    last: u32,
}

impl Jobs {
    /// A number that nothing has had.
    pub fn number(&mut self) -> u32 {
        self.last += 1;
        self.last
    }
}
