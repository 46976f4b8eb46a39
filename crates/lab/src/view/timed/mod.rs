//! What kernels cost, ready to be drawn: a table, a picture of where two kernels cost the same, and lanes to scale.

pub mod back;
pub mod chart;
pub mod clock;
pub mod lanes;
pub mod overview;
pub mod table;

pub use cost::brief as time;
