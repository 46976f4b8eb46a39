//! The machine that a run is compared with, as part of a link's view.
//!
//! It stands in bits that readers of before do not know: they show the moment without the comparison.

use crate::View;
use crate::hash_state;

/// What a run is followed on besides its own machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compared {
    /// The scenario's own kernel, set otherwise: the place in the list of other settings, options first, then cases.
    Setting(u32),
    /// Another kernel of the library: the low bits of a hash of its name.
    Kernel(u32),
}

/// Bits 8 and 9 say which kind it is, those above are its number.
const KIND: u32 = 8;
const NUMBER: u32 = 10;
const MOST: u32 = u32::MAX >> NUMBER;

impl Compared {
    /// The kernel of a name.
    #[must_use]
    pub fn kernel(name: &str) -> Compared {
        Compared::Kernel(hash_state(name.as_bytes()) & MOST)
    }
}

impl View {
    /// This view with a comparison. One whose number is too great for it is left out.
    #[must_use]
    pub const fn comparing(self, compared: Compared) -> View {
        let (kind, number) = match compared {
            Compared::Setting(place) => (1, place),
            Compared::Kernel(hash) => (2, hash),
        };
        if number > MOST { self } else { self.with(View(kind << KIND | number << NUMBER)) }
    }

    /// The comparison, if there is one.
    #[must_use]
    pub const fn compared(self) -> Option<Compared> {
        let number = self.0 >> NUMBER;
        match self.0 >> KIND & 3 {
            1 => Some(Compared::Setting(number)),
            2 => Some(Compared::Kernel(number)),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Compared, MOST};
    use crate::View;

    #[test]
    fn a_comparison_comes_back_and_flags_stay() {
        for compared in [Compared::Setting(0), Compared::Setting(MOST), Compared::kernel("linux-4.14")] {
            let view = View::CODE.with(View::TRACE).comparing(compared);
            assert_eq!(view.compared(), Some(compared));
            assert!(view.has(View::CODE) && view.has(View::TRACE) && !view.has(View::KERNEL));
        }
        assert_eq!(View::CODE.compared(), None);
        assert_eq!(View::CODE.comparing(Compared::Setting(MOST + 1)), View::CODE);
    }
}
