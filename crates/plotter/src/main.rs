//! The wasm file. The library exports everything in it.

use plotter as _;

fn main() {}
