//! The wasm file: all that it has is exported by the library.

use prompter as _;

fn main() {}
