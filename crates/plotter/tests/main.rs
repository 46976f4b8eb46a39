//! What the page asks for.

mod drawn;
