//! The tests of `tests`: one program, since linking one for each file takes longer than running them all.
//! A file that is not named here is never compiled, which tidy finds.

mod apart;
mod cases;
mod catalogue;
mod chapter;
mod codes;
mod covered;
mod gallery;
mod golden;
mod history;
mod laws;
mod lines;
mod links;
mod litmus;
mod lost;
mod model;
mod naive;
mod parts;
mod pictures;
mod reductions;
mod removal;
mod reports;
mod saturation;
mod settings;
mod store_buffers;
mod verdicts;
mod visual;
mod words;
