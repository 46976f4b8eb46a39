//! A link whose run is so long that the page does not wait for it. The page follows it in slices, and the reader
//! can stop it.

use crate::model::permalink::{Begun, Opened};
use std::cell::RefCell;
use std::rc::Rc;

/// Runs of up to so many steps are opened at once on a machine of usual size: the runs that people share are shorter.
const AT_ONCE: usize = 400;

/// Steps that are taken between two looks at the clock, on a machine of usual size. Each may be some 65,000 operations.
const BETWEEN_LOOKS: usize = 8;

/// The most CPUs, times addresses that are walked, times entries that these leave in the caches, of a machine of usual size. A step
/// takes longer on a larger one, since all walks that may come next are listed: on 16 CPUs with 16 addresses a fifth of a second.
const USUAL: usize = 64;

/// The share of so many steps that takes as long on a machine of some `size` as they take on one of usual size; at least one.
fn share(steps: usize, size: usize) -> usize {
    (steps * USUAL / size.max(USUAL)).max(1)
}

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
        if !begun.run(share(AT_ONCE, begun.size())) {
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
        let steps = share(BETWEEN_LOOKS, begun.size());
        while begun.run(steps) {
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

#[cfg(test)]
mod tests {
    use super::{AT_ONCE, BETWEEN_LOOKS, share};

    #[test]
    fn a_large_machine_is_looked_at_more_often() {
        assert_eq!((share(AT_ONCE, 2 * 2 * 2), share(AT_ONCE, 4 * 4 * 4)), (400, 400));
        assert_eq!((share(AT_ONCE, 16 * 16 * 16), share(BETWEEN_LOOKS, 16 * 16 * 16)), (6, 1));
    }
}
