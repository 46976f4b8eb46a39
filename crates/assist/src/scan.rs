//! A text as an editor needs it while somebody is writing: its words with what each is for, and its blocks.
//!
//! The parser's tree lacks what could not be understood, and that is where the cursor stands. So this reads tokens, and
//! goes on whatever is missing. A word's part follows from the block it stands in, the first word of its item, and its
//! neighbours. A block that is not closed ends where a line begins with an item that belongs outside of it.

mod parts;
mod role;
mod room;
mod scanner;
mod word;

pub(crate) use parts::{Mark, Scan};
pub(crate) use role::{Declared, FUNCTIONS, Role};
pub(crate) use room::Room;
