//! The tests of `protocol`: one program, since linking one for each file takes longer than running them all.
//! A file that is not named here is never compiled, which tidy finds.

mod distance;
mod early;
mod grid;
mod hostile;
mod lost;
mod outlook;
mod server;
mod timed;
