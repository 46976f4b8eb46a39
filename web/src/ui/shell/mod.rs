//! The frame around the areas: header, footer, and the bar of parts on narrow pages.

pub mod footer;
pub mod header;
pub mod tabs;
