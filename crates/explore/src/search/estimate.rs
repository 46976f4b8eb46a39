//! How many states there will be, estimated from the number of states at each depth so far.
//!
//! The number of states grows from depth to depth at first, and shrinks later: the numbers form a bell, as Pelánek saw
//! in many models ("Typical structural properties of state spaces", 2004). Take the last levels as three blocks of the
//! same depth. The ratio of the last block to the one before, and the change of this ratio since the block before, say
//! how the bell continues, if it is one: the ratio of a block to the next changes by the same factor each time.
//!
//! It need not be a bell. So there is no estimate while levels still grow, or if blocks of a fourth, a fifth and a
//! sixth of the depth give different estimates. Of these three, the largest one is taken.

/// Levels are compared in blocks of the depth divided by these.
const PARTS: [usize; 3] = [4, 5, 6];

/// The estimates from blocks of different sizes may differ by so much: three to two.
const AGREE: [u64; 2] = [3, 2];

/// Fewer states than this give no estimate, and are soon counted.
const FEW: u64 = 5_000;

/// The bell has to end within so many more blocks.
const BLOCKS: u32 = 64;

/// One, as a ratio.
const ONE: u128 = 1 << 32;

/// How many states there will be in all, or somewhat fewer; nothing if there is no estimate.
pub(super) fn estimate(widths: &[u32]) -> Option<u64> {
    let known = sum(widths);
    let widest = widths.iter().max()?;
    if known < FEW || widths.last() == Some(widest) {
        return None;
    }
    let mut told = [0; PARTS.len()];
    for (told, part) in told.iter_mut().zip(PARTS) {
        *told = known + beyond(widths, (widths.len() / part).max(1))?;
    }
    let (least, most) = (told.iter().min()?, told.iter().max()?);
    (most * AGREE[1] <= least * AGREE[0]).then_some(*most)
}

fn sum(widths: &[u32]) -> u64 {
    widths.iter().map(|&width| u64::from(width)).sum()
}

/// How many states lie beyond these levels, if blocks of `size` levels form a bell.
fn beyond(widths: &[u32], size: usize) -> Option<u64> {
    let mut blocks = widths.rchunks_exact(size).map(|block| u128::from(sum(block)));
    let [last, middle, first] = [blocks.next()?, blocks.next()?, blocks.next()?];
    let bend = last * first * ONE / (middle * middle);
    if bend >= ONE {
        return None;
    }
    let (mut block, mut ratio, mut all) = (last, last * ONE / middle, 0);
    for _ in 0..BLOCKS {
        ratio = ratio * bend / ONE;
        block = block * ratio / ONE;
        if block == 0 {
            return u64::try_from(all).ok();
        }
        all += block;
        if all > 1 << 60 {
            return None;
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::{beyond, estimate};

    #[test]
    fn a_bell_is_told_from_its_falling_side_on() {
        // A row of Pascal's triangle: its top is level 15 of 0 to 30.
        let mut bell: Vec<u32> = vec![1];
        for _ in 0..30 {
            let sums = bell.windows(2).map(|two| two[0] + two[1]);
            bell = [1].into_iter().chain(sums).chain([1]).collect();
        }
        let all = super::sum(&bell);
        for level in 0..bell.len() {
            let told = estimate(&bell[..=level]);
            assert_eq!(told.is_some(), level > 15, "level {level}");
            assert!(told.unwrap_or(all).abs_diff(all) * 100 < all, "level {level}: {told:?} of {all}");
        }
    }

    #[test]
    fn what_does_not_fall_like_a_bell_is_not_told() {
        // It falls by less and less.
        let tail: Vec<u32> = (1..60).map(|level| 1_000_000 / level).collect();
        assert_eq!(estimate(&tail), None);
        assert_eq!(estimate(&[9; 3]), None, "few states");
        assert_eq!(beyond(&[1, 2], 1), None, "few levels");
        // One dent in levels that get wider: blocks of different sizes do not agree.
        let mut dent: Vec<u32> = (0..24).map(|level| 100 << (level / 2)).collect();
        dent.push(1);
        assert_eq!(estimate(&dent), None);
        assert_eq!(estimate(&[9_000; 40]), None, "they do not get fewer");
    }
}
