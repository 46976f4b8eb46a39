//! The dispatch of acts: what readers do goes to the page through a context, so that no component passes it on.

use lab::Act;
use yew::prelude::*;

/// Takes what readers do.
#[derive(Clone, PartialEq)]
pub struct Dispatch(pub Callback<Act>);

/// The dispatch of acts, for any component; outside of a page it does nothing.
#[hook]
pub fn use_dispatch() -> Callback<Act> {
    use_context::<Dispatch>().map_or_else(Callback::noop, |dispatch| dispatch.0)
}
