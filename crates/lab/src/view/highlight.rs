//! What belongs to one step: its mark, its sentence, its line in the texts, and what it changed on the stage.

use crate::view::run::{Touch, origin};
use std::rc::Rc;
use std::sync::Arc;

/// The steps of a run at one of its moments, and the texts that they stand in.
#[derive(Clone, PartialEq)]
pub struct Highlight {
    /// What each step did.
    pub touches: Rc<Vec<Touch>>,
    /// The moment shown.
    pub cursor: usize,
    /// Scenario and kernel, as they were compiled.
    pub texts: [Arc<str>; 2],
}

impl Highlight {
    /// The step that left a thing on the stage as it is.
    #[must_use]
    pub fn step_of_cell(&self, cell: &str) -> Option<usize> {
        origin(&self.touches, self.cursor, cell)
    }

    /// The step taken at a line, counted from 0: the last one before the moment shown, else the first.
    #[must_use]
    pub fn step_of_line(&self, source: u8, line: usize) -> Option<usize> {
        let text = &self.texts[usize::from(source.min(1))];
        let start: usize = text.split_inclusive('\n').take(line).map(str::len).sum();
        let end = start + text.split_inclusive('\n').nth(line)?.len();
        let there = |touch: &Touch| {
            touch.place.is_some_and(|(text, byte)| text == source && (start..end).contains(&(byte as usize)))
        };
        let past = self.touches.iter().take(self.cursor).rposition(there);
        past.or_else(|| self.touches.iter().position(there)).map(|step| step + 1)
    }

    /// Ids of what a step changed on the stage.
    #[must_use]
    pub fn cells(&self, step: usize) -> &[String] {
        self.touch(step).map_or(&[], |touch| &touch.cells)
    }

    /// Where a step stands: which text, and the line, counted from 0.
    #[must_use]
    pub fn line(&self, step: usize) -> Option<(u8, usize)> {
        let (source, byte) = self.touch(step)?.place?;
        let text = self.texts[usize::from(source.min(1))].as_bytes();
        let line = text.iter().take(byte as usize).filter(|byte| **byte == b'\n').count();
        Some((source, line))
    }

    fn touch(&self, step: usize) -> Option<&Touch> {
        self.touches.get(step.checked_sub(1)?)
    }
}

#[cfg(test)]
mod tests {
    use super::Highlight;
    use crate::view::run::Touch;
    use std::rc::Rc;

    #[test]
    fn a_line_leads_to_the_step_taken_last_and_back() {
        let at = |source: u8, byte: u32, cell: &str| Touch {
            cells: vec![cell.into()],
            place: Some((source, byte)),
        };
        let touches = vec![at(0, 0, "a"), at(0, 2, "b"), at(0, 0, "c"), at(1, 3, "b")];
        let texts = ["x\ny\n".into(), "kernel\n".into()];
        let of = Highlight { touches: Rc::new(touches), cursor: 3, texts };
        assert_eq!([of.step_of_line(0, 0), of.step_of_line(0, 1)], [Some(3), Some(2)]);
        assert_eq!(of.step_of_line(1, 0), Some(4), "it is still to come");
        assert_eq!(of.step_of_line(0, 7), None);
        assert_eq!(
            [of.line(2), of.line(4), of.line(0), of.line(9)],
            [Some((0, 1)), Some((1, 0)), None, None]
        );
        assert_eq!((of.step_of_cell("b"), of.step_of_cell("nothing")), (Some(2), None));
        assert_eq!(of.cells(4), ["b"]);
    }
}
