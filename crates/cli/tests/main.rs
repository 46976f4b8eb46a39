//! The tests of `cli`: one program, since linking one for each file takes longer than running them all.
//! A file that is not named here is never compiled, which tidy finds.

mod article;
mod certificate;
mod cost;
mod extends;
mod extension;
mod finding;
mod grammar;
mod json;
mod litmus;
mod lsp;
mod manual;
mod newcomer;
#[cfg(feature = "processes")]
mod processes;
mod said;
mod several;
mod stage;
mod support;
mod tlbscope;
mod watch;
