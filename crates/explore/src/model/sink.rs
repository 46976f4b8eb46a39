//! The observer of a step: it gets the events, or wants none.

use super::Passed;

/// Where a step reports what it did. A step behaves the same whatever the sink. The search passes `()`,
/// which takes no events and costs nothing; a [`Trace`](crate::Trace) passes a sink that keeps every event.
pub trait Sink<E> {
    /// Takes an event. The closure is called only by sinks that want the event.
    fn event(&mut self, make: impl FnOnce() -> E);

    /// Whether the sink wants events at all.
    fn listens(&self) -> bool;

    /// Takes the cost of what the step did without an event, in a unit that the system chooses. A sink that does not
    /// bound the work of a run drops it.
    fn worked(&mut self, work: u32);

    /// Where the step notes which places of a program it has reached; nothing if nobody asks for that.
    fn passed(&mut self) -> Option<&mut Passed>;
}

/// Wants nothing.
impl<E> Sink<E> for () {
    #[inline(always)]
    fn event(&mut self, _: impl FnOnce() -> E) {}

    #[inline(always)]
    fn listens(&self) -> bool {
        false
    }

    #[inline(always)]
    fn worked(&mut self, _: u32) {}

    #[inline(always)]
    fn passed(&mut self) -> Option<&mut Passed> {
        None
    }
}

/// Wants everything.
impl<E> Sink<E> for Vec<E> {
    fn event(&mut self, make: impl FnOnce() -> E) {
        self.push(make());
    }

    fn listens(&self) -> bool {
        true
    }

    fn worked(&mut self, _: u32) {}

    fn passed(&mut self) -> Option<&mut Passed> {
        None
    }
}

/// Notes the places of a program that are reached, and nothing else.
impl<E> Sink<E> for Passed {
    fn event(&mut self, _: impl FnOnce() -> E) {}

    fn listens(&self) -> bool {
        false
    }

    fn worked(&mut self, _: u32) {}

    fn passed(&mut self) -> Option<&mut Passed> {
        Some(self)
    }
}
