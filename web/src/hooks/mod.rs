//! Where the page touches the browser: frames, keys, timers, sizes, theme. Components import none of it directly.

mod copy;
mod explorer;
mod fit;
mod focus;
mod held;
mod keys;
mod later;
mod link;
mod lit;
mod play;
mod print;
mod rects;
mod roving;
mod second;
mod theme;
mod title;
mod view;
mod wheel;

pub use copy::copy;
pub use explorer::{use_explorer, use_explorer_for_all};
pub use fit::{height_in_a_column, use_told_height};
pub use focus::focus;
pub use held::use_held;
pub use keys::{Pressed, use_keys};
pub use later::use_later;
pub use link::use_link;
pub use lit::{Lightable, use_lit};
pub use play::use_play;
pub use print::use_printing;
pub use rects::{Rect, Rects, use_rects, use_width};
pub use roving::use_roving;
pub use second::use_second;
pub use theme::{Theme, use_theme};
pub use title::use_title;
pub use view::{use_in_view, use_told_in_view};
pub use wheel::use_wheel;
