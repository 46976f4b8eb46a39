//! The run as a whole: as a diagram, beside the same choices on another machine, in sentences, on paper.

pub mod away;
pub mod compare;
pub mod diagram;
pub mod lanes;
pub mod mark;
pub mod storyboard;
pub mod trace_list;
pub mod window;
pub mod zoom;
