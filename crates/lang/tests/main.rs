//! The tests of `lang`: one program, since linking one for each file takes longer than running them all.
//! A file that is not named here is never compiled, which tidy finds.

mod common;
mod costs;
mod diagnostics;
mod extend;
mod format;
mod golden;
mod hostile;
mod reference;
mod signs;
mod stage;
mod then;
mod unfinished;
