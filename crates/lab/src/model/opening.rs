//! A link whose run is so long that the page does not wait for it. The page follows it in slices, and the reader
//! can stop it.

use crate::model::permalink::{Begun, Opened};
use std::cell::RefCell;
use std::rc::Rc;

/// Runs of up to so many steps are opened at once: the runs that people share are shorter.
const AT_ONCE: usize = 400;

/// Steps that are taken between two looks at the clock. Each may be some 65,000 operations.
const BETWEEN_LOOKS: usize = 8;

/// A link being opened.
#[derive(Clone, Debug)]
pub struct Opening {
    begun: Rc<RefCell<Option<Begun>>>,
    link: Rc<str>,
    taken: usize,
    of: usize,
}

impl Opening {
    /// The result of opening `link`, if that is done soon.
    ///
    /// # Errors
    /// The opening, if it needs more time.
    pub fn soon_done(mut begun: Begun, link: &str) -> Result<Opened, Opening> {
        if !begun.run(AT_ONCE) {
            return Ok(begun.end());
        }
        let (taken, of) = begun.progress();
        Err(Opening { begun: Rc::new(RefCell::new(Some(begun))), link: link.into(), taken, of })
    }

    /// The link.
    #[must_use]
    pub fn link(&self) -> &Rc<str> {
        &self.link
    }

    /// Continues until `late` says so; returns whether there is more to do.
    pub fn run(&self, late: impl Fn() -> bool) -> bool {
        let mut begun = self.begun.borrow_mut();
        let Some(begun) = begun.as_mut() else { return false };
        while begun.run(BETWEEN_LOOKS) {
            if late() {
                return true;
            }
        }
        false
    }

    /// The same, with the steps taken so far.
    #[must_use]
    pub fn further(&self) -> Opening {
        let taken = self.begun.borrow().as_ref().map_or(self.taken, |begun| begun.progress().0);
        Opening { taken, ..self.clone() }
    }

    /// The opened link; nothing if it has been taken already.
    #[must_use]
    pub fn end(self) -> Option<Opened> {
        self.begun.take().map(Begun::end)
    }

    /// The progress in words.
    #[must_use]
    pub fn sentence(&self) -> String {
        let grouped = |number: usize| scene::grouped(number as u64);
        format!("Opening the link: step {} of {}.", grouped(self.taken), grouped(self.of))
    }
}

/// Whether it is the same opening, whatever its progress.
impl PartialEq for Opening {
    fn eq(&self, other: &Opening) -> bool {
        Rc::ptr_eq(&self.begun, &other.begun)
    }
}
