//! The kernel's variables, each in its place.

use crate::ui::parts::tone;
use scene::view::VariableView;
use yew::prelude::*;

#[derive(Clone, PartialEq, Properties)]
pub struct Props {
    /// Variables that are not per CPU.
    pub variables: Vec<VariableView>,
    /// Ids of those that have a place.
    pub slots: Vec<String>,
    /// The allocator's free list, next first.
    pub free_list: Vec<String>,
}

/// Draws what the kernel keeps for all CPUs: per mm, global, and the allocator's free list.
#[component]
pub fn Kernel(props: &Props) -> Html {
    let free = if props.free_list.is_empty() { "empty".to_owned() } else { props.free_list.join(", ") };
    html! {
        <div class="shared" aria-label="The kernel's shared variables">
            <h4>{ "Kernel" }</h4>
            { variables(&props.variables, &props.slots) }
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
