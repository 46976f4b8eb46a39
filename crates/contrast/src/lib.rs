//! Two kernels of the library side by side: their texts by function, and the verdicts on both.
//!
//! [`page()`] writes what a reader sees, as markup; [`before`] says with which kernel one is compared at first. The verdicts come
//! as a text ([`Verdicts`]), which a test of the whole product writes from what the explorer finds. Nothing is searched here.
//!
//! ```
//! let verdicts = contrast::Verdicts::read("## lazy+munmap\nlinux-4.13 safe\nlinux-4.14-rc1 walk_of_freed 16\n");
//! let page = contrast::page("linux-4.13", "linux-4.14-rc1", &verdicts).expect("both are in the library");
//! assert!(page.contains("The verdicts differ on 1 of 1 scenario"));
//! ```
#![forbid(unsafe_code)]

mod before;
mod markup;
mod parts;
mod rows;
mod verdicts;

pub use before::before;
pub use markup::page;
pub use parts::{KernelParts, NumberedLine};
pub use rows::{Pair, pairs};
pub use verdicts::{KernelVerdict, ScenarioVerdicts, Verdicts};
