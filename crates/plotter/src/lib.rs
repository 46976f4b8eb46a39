//! Pictures of links, how control came to a step of their runs, and kernels side by side: for the page, as a wasm file of its own.
//!
//! [`figure`] draws them, for the page and for `tlbscope svg`. The page's own wasm does not have it, since every visitor would wait
//! for it: the dialog that gives a link away (`web/share`) loads this file when a reader saves a picture, and the page loads it when
//! a reader asks why control came to a statement. Two wasm files share no
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

    /// How control came to the statement of a step of its run: a line for each reason, which has a step, the earlier step that it
    /// rests on, and what that one did. Nothing if no statement took the step.
    ///
    /// # Errors
    /// With a sentence, if the run is not so long here.
    pub fn control(self, step: u32) -> Result<Option<String>, String> {
        let opened = self.0.end();
        if opened.trace.len() < step as usize {
            return Err("The run cannot be taken once more".to_owned());
        }
        let whole = opened.experiment.whole_kernel();
        let kernel = whole.as_ref().map_or("", |whole| &*whole.text);
        let sources = scene::Sources { scenario: &opened.experiment.scenario, kernel, joints: &[] };
        let reasons = scene::control(&opened.machine, &opened.trace, step, sources);
        let line = |reason: scene::Reason| format!("{} {} {}\n", reason.step, reason.on, reason.what);
        Ok(reasons.map(|reasons| reasons.into_iter().map(line).collect()))
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
