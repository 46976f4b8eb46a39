//! Which part of a long diagram is in the document.

use lab::view::columns::Columns;
use scene::view::{MarkView, Timeline};

/// The steps that are drawn. It moves by whole chunks, so that most scrolling draws nothing anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Window {
    /// The first of them, counted from 1.
    pub(super) first: u32,
    /// The last.
    pub(super) last: u32,
}

impl Window {
    /// Scrolling is reported in as many steps.
    pub(super) const STRIDE: u32 = 64;

    /// Steps in a chunk: about what a wide screen shows where each is `step` pixels wide.
    fn chunk(step: i32) -> u32 {
        if step < 24 { 3 * Window::STRIDE } else { Window::STRIDE }
    }

    /// What is drawn where the left edge shows column `left`.
    pub(super) fn at(left: u32, steps: u32, step: i32, columns: &Columns) -> Window {
        let size = Window::chunk(step);
        let chunk = left / size * size;
        let (first, last) = (chunk.saturating_sub(size) + 1, chunk + 3 * size);
        Window { first: columns.steps(first).0, last: columns.steps(last).1.min(steps) }
    }

    /// Whether something from one step to another shows.
    pub(super) fn shows(self, from: u32, to: u32) -> bool {
        from <= self.last && to >= self.first
    }

    /// The marks of the steps that are drawn: marks are in the order of steps.
    pub(super) fn marks(self, timeline: &Timeline) -> &[MarkView] {
        let first = timeline.marks.partition_point(|mark| mark.step < self.first);
        let last = timeline.marks.partition_point(|mark| mark.step <= self.last);
        timeline.marks.get(first..last).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::Window;
    use lab::view::columns::Columns;

    #[test]
    fn what_can_be_seen_is_drawn() {
        for (steps, step) in [(1, 54), (30, 30), (200, 30), (200, 8), (5000, 30), (5000, 8)] {
            let chunk = Window::chunk(step);
            for left in 0..steps {
                // The left edge has been reported in whole strides; a screen shows a chunk at most.
                let window =
                    Window::at(left / Window::STRIDE * Window::STRIDE, steps, step, &Columns::default());
                assert!(window.shows(left + 1, left + 1), "{left} of {steps}");
                let right = (left + chunk + 1).min(steps);
                assert!(window.shows(right, right), "{right} of {steps}");
                assert!(window.last - window.first < 4 * chunk);
            }
        }
    }
}
