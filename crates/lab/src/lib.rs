//! The page without a browser.
//!
//! [`model`] is what the page knows: one value, [`Lab`], and one enum of everything that can happen to it, [`Act`].
//! [`view`] is what the page draws: plain structs, made from a lab or from parts of it. Components turn these
//! structs into markup. Data flows one way: an act makes a new lab, and a lab makes views.
//!
//! Nothing here knows Yew, a document, a clock or a worker. The page feeds acts in and draws the views that come
//! out. Native tests do the same without a page. Read `model/lab.rs` first.

#![forbid(unsafe_code)]

pub mod model;
pub mod same;
pub mod view;

pub use model::act::Act;
pub use model::lab::Lab;
pub use model::session::DEFAULT;
pub use same::Same;
