//! The counts that a search reports, and whether two searches agree.

use std::fmt;
use std::str::FromStr;

/// Figures of one finished search.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counts {
    /// Distinct states.
    pub states: u64,
    /// Transitions computed.
    pub transitions: u64,
    /// Steps to the farthest state; nothing if the search's order does not tell.
    pub depth: Option<u64>,
    /// Steps to the violation it found, if it looked for one.
    pub found: Option<u64>,
}

impl Counts {
    /// What differs between two full searches of one model; nothing if they agree.
    #[must_use]
    pub fn differs(&self, other: &Counts) -> Option<String> {
        let depths = self.depth.zip(other.depth);
        if self.states != other.states {
            Some(format!("{} and {} distinct states", self.states, other.states))
        } else if self.transitions != other.transitions {
            Some(format!("{} and {} transitions", self.transitions, other.transitions))
        } else {
            let (one, two) = depths.filter(|(one, two)| one != two)?;
            Some(format!("depths of {one} and {two}"))
        }
    }
}

/// As one line that can be read back.
impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let number = |value: Option<u64>| value.map_or("-".to_owned(), |value| value.to_string());
        let (depth, found) = (number(self.depth), number(self.found));
        write!(f, "counts {} {} {depth} {found}", self.states, self.transitions)
    }
}

impl FromStr for Counts {
    type Err = String;

    fn from_str(line: &str) -> Result<Counts, String> {
        let words: Vec<&str> = line.split_whitespace().collect();
        let wrong = || format!("{line:?} is no line of counts");
        let ["counts", states, transitions, depth, found] = words[..] else { return Err(wrong()) };
        Ok(Counts {
            states: states.parse().map_err(|_| wrong())?,
            transitions: transitions.parse().map_err(|_| wrong())?,
            depth: depth.parse().ok(),
            found: found.parse().ok(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Counts;

    #[test]
    fn a_line_is_read_back_and_differences_are_named() {
        let counts = Counts { states: 7, transitions: 9, depth: Some(3), found: None };
        assert_eq!(counts.to_string().parse(), Ok(counts));
        assert_eq!(counts.differs(&Counts { depth: None, found: Some(1), ..counts }), None);
        assert!(counts.differs(&Counts { states: 8, ..counts }).is_some());
        assert!(counts.differs(&Counts { transitions: 8, ..counts }).is_some());
        assert!(counts.differs(&Counts { depth: Some(4), ..counts }).is_some());
    }
}
