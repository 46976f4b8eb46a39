//! An answer with several parts, as one text.

/// Ends a record.
pub const RECORD: char = '\u{1e}';

/// Stands between the fields of a record.
pub const FIELD: char = '\u{1f}';

/// Records, one after the other.
pub(crate) struct Answer(String);

impl Answer {
    pub(crate) fn new() -> Answer {
        Answer(String::new())
    }

    /// Adds a record. The two separators have no meaning in a text of the language; in a field they become spaces.
    pub(crate) fn record(&mut self, fields: &[&str]) {
        for (number, field) in fields.iter().enumerate() {
            if number > 0 {
                self.0.push(FIELD);
            }
            self.0.extend(
                field.chars().map(|letter| if matches!(letter, RECORD | FIELD) { ' ' } else { letter }),
            );
        }
        self.0.push(RECORD);
    }

    pub(crate) fn text(self) -> String {
        self.0
    }
}
