//! Litmus tests in herd's format: read into scenarios, and written from them.
//!
//! herd and litmus7 (<https://github.com/herd/herdtools7>) read small tests of memory models. [`import`] takes a
//! test for `X86` or `X86_64` and makes a scenario of it, on the kernel "litmus". Each location is a variable of that kernel,
//! each register is a local of its processor's block, and each instruction is a statement. [`export`] goes the other way, for
//! scenarios that such a test can express. `docs/litmus.md` has the mapping.
//!
//! Any text gives an answer in bounded time: a scenario that compiles, or an error with its place.
//!
//! The way through: `sections` finds the parts of a test, `init`, `instruction` and `condition` read them, and `translate`
//! writes the scenario.
#![forbid(unsafe_code)]

mod condition;
mod cursor;
mod export;
mod init;
mod instruction;
mod names;
mod sections;
mod translate;

pub use export::export;
pub use translate::import;

/// The name of the kernel whose variables are the locations of a test.
pub const KERNEL: &str = "litmus";

/// The variables of that kernel.
pub const LOCATIONS: [&str; 14] = ["x", "y", "z", "w", "a", "b", "c", "d", "p", "q", "s", "t", "u", "v"];

/// What keeps a test from being read, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The line, from 1.
    pub line: u32,
    /// The character in the line, from 1.
    pub column: u32,
    /// What is wrong.
    pub message: String,
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}: {}", self.line, self.column, self.message)
    }
}

/// Whether a text begins as a litmus test does: with the name of an architecture, whether or not we can read it.
#[must_use]
pub fn is_litmus(text: &str) -> bool {
    const ARCHITECTURES: &[&str] = &[
        "X86", "X86_64", "AArch64", "ARM", "PPC", "MIPS", "RISCV", "C", "LISA", "BPF", "JAVA", "ASL", "CPP",
    ];
    let first = text.split_whitespace().next().unwrap_or("");
    ARCHITECTURES.contains(&first)
}
