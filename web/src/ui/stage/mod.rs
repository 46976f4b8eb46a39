//! The machine at one moment. The files mirror the hardware.

pub mod cache;
pub mod cpu;
pub mod flight;
pub mod kernel;
pub mod memory;
pub mod overlay;
pub mod picture;
pub mod term;
pub mod tile;
