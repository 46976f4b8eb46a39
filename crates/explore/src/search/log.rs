//! How each state was first reached, in two bytes per state.
//!
//! States are numbered in the order of their discovery, and expanded in that order. So two numbers per state are
//! enough: how many new states it led to, and the position, among the enabled actions, of the action that led to it. To
//! find the parent of a state, the first numbers are added up; one running total in 4,096 is kept, so that no sum is
//! long.

use crate::width::to_u32;

/// How many expanded states lie between two totals kept.
const STRIDE: usize = 4_096;

/// Stands for a number that does not fit into a byte. Such numbers are in a list of their own, by place.
const ESCAPE: u8 = 255;

/// Numbers that are nearly always small.
#[derive(Clone, Debug, Default)]
struct Small {
    bytes: Vec<u8>,
    large: Vec<(u32, u16)>,
}

impl Small {
    fn push(&mut self, value: u16) {
        if value < u16::from(ESCAPE) {
            self.bytes.push(value.to_le_bytes()[0]);
        } else {
            self.push_large(value);
        }
    }

    #[cold]
    fn push_large(&mut self, value: u16) {
        self.large.push((to_u32(self.bytes.len()), value));
        self.bytes.push(ESCAPE);
    }

    fn append(&mut self, values: &[u16]) {
        if values.iter().all(|&value| value < u16::from(ESCAPE)) {
            self.bytes.extend(values.iter().map(|&value| value.to_le_bytes()[0]));
        } else {
            values.iter().for_each(|&value| self.push(value));
        }
    }

    fn get(&self, place: usize) -> u16 {
        match self.bytes[place] {
            ESCAPE => match self.large.binary_search_by_key(&to_u32(place), |entry| entry.0) {
                Ok(at) => self.large[at].1,
                Err(_) => u16::from(ESCAPE),
            },
            value => u16::from(value),
        }
    }
}

/// The log of a search. The initial state has number 0 and no entry.
#[derive(Clone, Debug, Default)]
pub(crate) struct Log {
    /// For each expanded state, the new states it led to.
    counts: Small,
    /// For each state but the initial one, the place of the action that led to it.
    actions: Small,
    /// Total of the counts before each multiple of the stride.
    totals: Vec<u32>,
    total: u32,
}

impl Log {
    /// A new state was reached, by the action at this place.
    pub(crate) fn reached(&mut self, action: u16) {
        self.actions.push(action);
    }

    /// The next state has been expanded and led to so many new ones.
    #[inline]
    pub(crate) fn expanded(&mut self, new: u16) {
        if self.counts.bytes.len().is_multiple_of(STRIDE) {
            self.totals.push(self.total);
        }
        self.counts.push(new);
        self.total += u32::from(new);
    }

    /// The next states have been expanded: how many new ones each led to, and the places of the actions that did.
    pub(crate) fn append(&mut self, counts: &[u16], actions: &[u16]) {
        counts.iter().for_each(|&new| self.expanded(new));
        self.actions.append(actions);
    }

    /// Bytes of memory in use.
    pub(crate) fn memory(&self) -> u64 {
        let of = |small: &Small| small.bytes.len() + 8 * small.large.len();
        (of(&self.counts) + of(&self.actions) + 4 * self.totals.len()) as u64
    }

    /// The actions, by place, that lead from the initial state to a state.
    pub(crate) fn path(&self, mut state: u32) -> Vec<u16> {
        let mut path = Vec::new();
        while state > 0 {
            path.push(self.actions.get(state as usize - 1));
            // The last total that is less than the state's number counts the states before its parent's stride.
            let stride = self.totals.partition_point(|&total| total < state).saturating_sub(1);
            let mut parent = stride * STRIDE;
            let mut total = self.totals[stride];
            while parent < self.counts.bytes.len() {
                total += u32::from(self.counts.get(parent));
                if total >= state {
                    break;
                }
                parent += 1;
            }
            state = to_u32(parent);
        }
        path.reverse();
        path
    }
}

#[cfg(test)]
mod tests {
    use super::Log;
    use crate::width::to_u32;

    #[test]
    fn paths_lead_back_over_strides_and_large_counts() {
        // A comb: every third state leads to 300 new ones by actions 0 to 299, the others to none.
        let mut log = Log::default();
        let mut paths: Vec<Vec<u16>> = vec![Vec::new()];
        for state in 0..10_000 {
            let new = if state % 3 == 0 && paths.len() < 200_000 { 300 } else { 0 };
            for action in 0..new {
                log.reached(action);
                let mut path = paths[state].clone();
                path.push(action);
                paths.push(path);
            }
            log.expanded(new);
        }
        assert!(paths.len() > 190_000);
        for state in (0..paths.len()).step_by(97) {
            assert_eq!(log.path(to_u32(state)), paths[state], "state {state}");
        }
    }
}
