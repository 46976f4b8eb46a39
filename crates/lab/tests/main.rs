//! The tests of `lab`: one program, since linking one for each file takes longer than running them all.
//! A file that is not named here is never compiled, which tidy finds.

mod full_frames;
mod reference;
mod timed;
