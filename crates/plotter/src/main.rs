//! The wasm file: all that it has is exported by the library.

use plotter as _;

fn main() {}
