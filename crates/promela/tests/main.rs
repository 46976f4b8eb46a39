//! The tests of `promela`: one program, since linking one for each file takes longer than running them all.
//! A file that is not named here is never compiled, which tidy finds.

mod golden;
mod limits;
mod refused;
mod size;
