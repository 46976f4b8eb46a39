//! The ways to other parts of the page. They go through a context, so that no component passes them on.

use lab::view::page::Tab;
use yew::prelude::*;

/// The part that a narrow page shows, and the ways to others.
#[derive(Clone, PartialEq)]
pub struct Navigation {
    /// The part that shows.
    pub tab: Tab,
    /// Turns a narrow page to another part.
    pub to_tab: Callback<Tab>,
    /// Opens the costs, and brings them into view; if the reader has come from there, the place in the table.
    pub to_costs: Callback<bool>,
}

/// The navigation, for any component; outside of a page it does nothing.
#[hook]
pub fn use_navigation() -> Navigation {
    let nowhere = || Navigation { tab: Tab::default(), to_tab: Callback::noop(), to_costs: Callback::noop() };
    use_context().unwrap_or_else(nowhere)
}
