//! The wasm file. The library exports everything in it.

use prompter as _;

fn main() {}
