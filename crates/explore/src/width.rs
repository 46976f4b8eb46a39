//! Numbers of one width as numbers of another, each with the reason why nothing is lost.

/// A count or a place, in the 32 bits that states, values and steps are numbered with.
///
/// # Panics
/// If there are 2^32 of them. Memory, or the limit on states, ends a search before that.
#[inline(always)]
pub(crate) fn to_u32(count: usize) -> u32 {
    u32::try_from(count).unwrap_or_else(|_| overflow())
}

/// The place of an action among those that are enabled in one state.
///
/// # Panics
/// If the state has more than 65,536 actions ([`System::enabled`](crate::System::enabled)).
#[inline(always)]
pub(crate) fn to_u16(place: usize) -> u16 {
    u16::try_from(place).unwrap_or_else(|_| overflow())
}

/// The place of something that lies in memory.
///
/// # Panics
/// If it lies beyond what can be addressed, where there can be nothing.
#[inline(always)]
pub(crate) fn to_usize(place: u64) -> usize {
    usize::try_from(place).unwrap_or_else(|_| overflow())
}

/// The lower half of a word that has a number there, or of a hash.
#[inline(always)]
pub(crate) fn low_u32(word: u64) -> u32 {
    (word & 0xffff_ffff) as u32
}

/// One place for all of them: the search is compiled small.
#[cold]
fn overflow() -> ! {
    panic!("more than the explorer can number")
}

#[cfg(test)]
mod tests {
    use super::{low_u32, to_u16, to_u32, to_usize};

    #[test]
    fn what_fits_is_kept() {
        assert_eq!((to_u16(0xffff), to_u32(0x1_0000), to_usize(7)), (0xffff, 0x1_0000, 7));
        assert_eq!(low_u32(0xdead_beef_0123_4567), 0x0123_4567);
    }

    #[test]
    fn what_does_not_fit_is_never_cut() {
        assert!(std::panic::catch_unwind(|| to_u16(0x1_0000)).is_err());
    }
}
