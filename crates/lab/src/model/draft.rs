//! A text while a reader edits it: the text in the field, the text that the page has received, and the text that
//! the page has adopted.
//!
//! The field is always ahead of the page. The page gives back one of the texts that it received, and that may be an
//! older one when the field already holds more. So the draft wins until the page has adopted the draft itself. Only
//! a text that was never in the field replaces the draft: the library's text, another scenario's, or a link's.

use std::sync::Arc;

/// Bytes of a text that a browser lays out in a field at once: a quarter of what the compiler takes, and more than anybody
/// writes by hand.
const AT_ONCE: usize = 64 * 1024;

/// The text in a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// The page's text, as it was drawn last.
    given: Arc<str>,
    /// What is written but not yet adopted.
    written: Option<Arc<str>>,
    /// The texts that the page has received and has not returned yet, the oldest first.
    on_its_way: Vec<Arc<str>>,
    /// Whether the reader writes in it, or has asked to.
    opened: bool,
}

impl Draft {
    /// A field that the reader has not edited.
    #[must_use]
    pub fn new(given: Arc<str>) -> Draft {
        Draft { given, written: None, on_its_way: Vec::new(), opened: false }
    }

    /// What is in the field.
    #[must_use]
    pub fn text(&self) -> &Arc<str> {
        self.written.as_ref().unwrap_or(&self.given)
    }

    /// Whether something is written that has not been adopted.
    #[must_use]
    pub fn pending(&self) -> bool {
        self.written.is_some()
    }

    /// Whether it can be written in. A long text that came from elsewhere is only shown until the reader asks to write in
    /// it: a browser would spend a long moment on the field.
    #[must_use]
    pub fn writable(&self) -> bool {
        self.opened || self.text().len() <= AT_ONCE
    }

    /// The reader asks to write in it.
    pub fn open(&mut self) {
        self.opened = true;
    }

    /// The reader has typed something.
    pub fn write(&mut self, text: Arc<str>) {
        self.opened = true;
        self.written = Some(text);
    }

    /// The text to give to the page now; nothing if the page has it already.
    pub fn hand_over(&mut self) -> Option<Arc<str>> {
        let written = self.written.as_ref()?;
        let last = self.on_its_way.last().unwrap_or(&self.given);
        if last == written {
            if self.on_its_way.is_empty() {
                self.written = None;
            }
            return None;
        }
        self.on_its_way.push(written.clone());
        self.written.clone()
    }

    /// The page draws a text.
    pub fn receive(&mut self, given: &Arc<str>) {
        if *given == self.given {
            return;
        }
        self.given = given.clone();
        match self.on_its_way.iter().position(|text| text == given) {
            Some(at) => {
                self.on_its_way.drain(..=at);
                if self.on_its_way.is_empty() && self.written.as_ref() == Some(given) {
                    self.written = None;
                }
            }
            None => *self = Draft::new(given.clone()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Draft;
    use std::collections::VecDeque;
    use std::sync::Arc;

    fn text(text: &str) -> Arc<str> {
        text.into()
    }

    #[test]
    fn what_is_written_stays_until_it_is_taken_over() {
        let mut draft = Draft::new(text("a"));
        draft.write(text("ab"));
        assert_eq!(draft.hand_over(), Some(text("ab")));
        // A key falls between the moment when the page is given a text and the moment when it draws it.
        draft.write(text("abc"));
        draft.receive(&text("ab"));
        assert_eq!(&**draft.text(), "abc");
        assert_eq!(draft.hand_over(), Some(text("abc")));
        assert_eq!(draft.hand_over(), None, "once is enough");
        draft.receive(&text("abc"));
        assert!(!draft.pending() && &**draft.text() == "abc");
    }

    #[test]
    fn going_back_to_the_page_s_text_is_an_edit_as_well() {
        let mut draft = Draft::new(text("a"));
        draft.write(text("ab"));
        draft.write(text("a"));
        assert!(draft.hand_over().is_none() && !draft.pending());
        draft.write(text("ab"));
        assert!(draft.hand_over().is_some());
        draft.write(text("a"));
        assert_eq!(draft.hand_over(), Some(text("a")));
        draft.receive(&text("ab"));
        assert_eq!(&**draft.text(), "a");
        draft.receive(&text("a"));
        assert!(!draft.pending() && &**draft.text() == "a");
    }

    #[test]
    fn a_text_from_elsewhere_takes_the_place_of_the_draft() {
        let mut draft = Draft::new(text("a"));
        draft.write(text("ab"));
        assert!(draft.hand_over().is_some());
        draft.receive(&text("ab"));
        draft.receive(&text("the library's"));
        assert!(!draft.pending() && &**draft.text() == "the library's");
    }

    #[test]
    fn a_long_text_is_written_in_when_somebody_wants_to() {
        let long = text(&"x".repeat(super::AT_ONCE + 1));
        let mut draft = Draft::new(long.clone());
        assert!(!draft.writable() && Draft::new(text(&long[1..])).writable());
        draft.open();
        assert!(draft.writable());
        draft.receive(&text(&format!("{long}y")));
        assert!(!draft.writable(), "that is another one");
        // A reader who writes can continue, however long the text becomes.
        let mut draft = Draft::new(text("x"));
        draft.write(long.clone());
        assert_eq!(draft.hand_over(), Some(long.clone()));
        draft.receive(&long);
        assert!(draft.writable() && !draft.pending());
    }

    /// A writer, a timer and a page that draws late, in every order of ten of their steps: the field only ever shows
    /// what was written last, and in the end the page has it.
    #[test]
    fn no_order_of_keys_timers_and_drawings_loses_a_letter() {
        for order in 0..3_u32.pow(10) {
            let mut draft = Draft::new(text(""));
            let (mut written, mut page, mut sent) = (String::new(), text(""), VecDeque::new());
            let mut order = order;
            for key in 0..10_u8 {
                match order % 3 {
                    0 => {
                        // Every third key takes a letter away again.
                        if key % 3 == 2 {
                            written.truncate(written.len().saturating_sub(1))
                        } else {
                            written.push('x')
                        }
                        draft.write(written.as_str().into());
                    }
                    1 => sent.extend(draft.hand_over()),
                    _ => {
                        page = sent.pop_front().unwrap_or(page);
                        draft.receive(&page);
                    }
                }
                assert_eq!(**draft.text(), *written);
                order /= 3;
            }
            sent.extend(draft.hand_over());
            for drawn in sent {
                draft.receive(&drawn);
                page = drawn;
            }
            assert!(*page == *written && !draft.pending(), "{page:?} {written:?} {draft:?}");
        }
    }
}
