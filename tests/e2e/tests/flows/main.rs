//! What visitors do with the page, one flow in each file.

mod story;
