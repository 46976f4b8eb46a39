//! Pictures of links, for the page, and kernels side by side, as a wasm file of its own.
//!
//! [`figure`] draws them, for the page and for `tlbscope svg`. The page's own wasm does not have it, since every visitor would wait
//! for it: the dialog that gives a link away (`web/share`) loads this file when a reader saves a picture. Two wasm files share no
//! memory, so a link is all that passes. It is opened here as everywhere, and its run is taken once more.
//!
//! The page of kernels side by side (`web/kernels`) asks this file, too ([`kernels`]): its links need the machine, which is here.

mod kernels;

use figure::{PictureKind, Theme};
use link::Opening;
use wasm_bindgen::prelude::wasm_bindgen;

pub use kernels::{before, kernel, kernels, side_by_side};

/// Takes the file with the whole library, if it is the file of this version. Without it, only links open that need nothing of the
/// library but what the page begins with.
#[wasm_bindgen]
#[must_use]
pub fn library(file: String) -> bool {
    gallery::install(file)
}

/// A link of which a picture is being made.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Plotter(Opening);

#[wasm_bindgen]
impl Plotter {
    /// Reads a link: alone, or in a whole address.
    ///
    /// # Errors
    /// With a sentence, if it is damaged, or if its texts are not compiled.
    #[wasm_bindgen(constructor)]
    pub fn new(link: &str) -> Result<Plotter, String> {
        let link = link::decode(link).map_err(|refusal| refusal.to_string())?;
        Opening::begin(link).map(Plotter).map_err(|why| why.to_string())
    }

    /// Takes up to `most` steps of its run; whether there are more to take.
    pub fn run(&mut self, most: u32) -> bool {
        self.0.run(most as usize)
    }

    /// The picture of its moment as SVG: `what` is a name of [`PictureKind`].
    ///
    /// # Errors
    /// With a sentence, if there is no such picture.
    pub fn draw(self, what: &str, dark: bool) -> Result<String, String> {
        let named = PictureKind::ALL.into_iter().find(|one| one.name() == what);
        let what = named.ok_or_else(|| format!("There is no picture {what:?}."))?;
        let theme = if dark { Theme::Dark } else { Theme::Light };
        Ok(figure::of_link(&self.0.end(), what, theme))
    }
}
