//! The observer of a step.

/// Where a step reports what it did. A step behaves the same whatever the sink. The search passes `()`,
/// which takes no events and costs nothing; a [`Trace`](crate::Trace) passes a sink that keeps every event.
pub trait Sink<E> {
    /// Takes an event. The closure is called only by sinks that want the event.
    fn event(&mut self, make: impl FnOnce() -> E);

    /// Whether the sink wants events at all.
    #[inline(always)]
    fn listens(&self) -> bool {
        true
    }

    /// Takes the cost of what the step did without an event, in a unit that the system chooses.
    #[inline(always)]
    fn worked(&mut self, _work: u32) {}
}

/// Wants nothing.
impl<E> Sink<E> for () {
    #[inline(always)]
    fn event(&mut self, _: impl FnOnce() -> E) {}

    #[inline(always)]
    fn listens(&self) -> bool {
        false
    }
}

/// Wants everything.
impl<E> Sink<E> for Vec<E> {
    fn event(&mut self, make: impl FnOnce() -> E) {
        self.push(make());
    }
}
