//! The kernel's variables, each in its place.

use crate::ui::parts::tone;
use scene::view::VariableView;
use yew::prelude::*;

/// Draws what the kernel keeps for all CPUs: per mm, global (those that have a place), the threads that no CPU runs, and the
/// allocator's free list, next first.
pub fn kernel(
    shared: &[VariableView],
    slots: &[String],
    waiting: Option<&[String]>,
    free_list: &[String],
) -> Html {
    let list =
        |names: &[String], none: &str| if names.is_empty() { none.to_owned() } else { names.join(", ") };
    let free = list(free_list, "empty");
    html! {
        <div class="shared" aria-label="The kernel's shared variables">
            <h4>{ "Kernel" }</h4>
            { variables(shared, slots) }
            if let Some(waiting) = waiting {
                <p class="free-list" data-testid="waiting"><span class="key">{ "threads on no CPU" }</span><span class="is">{ list(waiting, "none") }</span></p>
            }
            <p class="free-list"><span class="key">{ "free list" }</span><span class="is">{ free }</span></p>
        </div>
    }
}

/// A list of variables, those that have a place.
pub fn variables(variables: &[VariableView], slots: &[String]) -> Html {
    let shown = variables.iter().filter(|variable| slots.contains(&variable.id));
    html! {
        <ul class="variables">
            { for shown.map(|variable| html! {
                <li key={variable.id.clone()} data-id={variable.id.clone()}
                    class={classes!("row", tone::changed(&variable.change))}>
                    <span class="key">{ &variable.name }</span>
                    <span class="value">{ tone::was_is(&variable.value, &variable.change) }</span>
                </li>
            }) }
        </ul>
    }
}
