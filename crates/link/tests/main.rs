//! The tests of `link`: one program, since linking one for each file takes longer than running them all.
//! A file that is not named here is never compiled, which tidy finds.

mod hostile;
mod length;
mod open;
mod round_trip;
mod sample;
mod versions;
