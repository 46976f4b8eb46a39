//! What a rule of the hardware says. Its title is in the program; its sentences are in the library, which comes a moment after
//! the page.

/// The texts of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// The rule, in one sentence.
    pub sentence: &'static str,
    /// Sections of the manuals, an erratum, an advisory or a commit.
    pub source: &'static str,
    /// What is in doubt; empty if nothing is.
    pub note: &'static str,
}

impl Rule {
    /// The rule with a number; nothing before the library is there, and if there is no such rule.
    #[must_use]
    pub fn of(number: u8) -> Option<Rule> {
        let head = format!("| H{number} | ");
        let row = gallery::rules()?.text.lines().find_map(|line| line.strip_prefix(head.as_str()))?;
        let mut cells = row.trim_end_matches('|').split('|').map(str::trim);
        Some(Rule { sentence: cells.next()?, source: cells.next()?, note: cells.next()? })
    }
}

#[cfg(test)]
mod tests {
    use super::Rule;
    use x86::Law;

    #[test]
    fn the_library_says_what_the_table_says() {
        for law in Law::ALL {
            let (sentence, source, note) = (law.sentence(), law.source(), law.note().unwrap_or_default());
            assert_eq!(Rule::of(law.number()), Some(Rule { sentence, source, note }));
        }
        assert_eq!((Rule::of(0), Rule::of(Law::ALL.len() as u8 + 1)), (None, None));
    }
}
