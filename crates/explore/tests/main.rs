//! The tests of `explore`: one program, since linking one for each file takes longer than running them all.
//! A file that is not named here is never compiled, which tidy finds.

mod core;
mod crowd;
mod forced;
mod memory;
mod moves;
mod partial_orders;
mod parts;
mod saturation;
mod search;
mod symmetry;
