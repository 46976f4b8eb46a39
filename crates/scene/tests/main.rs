//! The tests of `scene`: one program, since linking one for each file takes longer than running them all.
//! A file that is not named here is never compiled, which tidy finds.

mod bounds;
mod compare;
mod control;
mod hang;
mod library;
mod stories;
mod support;
mod why;
