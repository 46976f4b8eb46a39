//! Many elements with one tab stop: the arrow keys lead from one to the next, Home and End to the first and the
//! last.

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};
use yew::prelude::*;

/// Makes one stop of what a selector finds inside `container`, and gives what its key presses call.
#[hook]
pub fn use_roving(container: NodeRef, selector: &'static str) -> Callback<KeyboardEvent> {
    {
        let container = container.clone();
        use_effect(move || {
            // At most two are measured here: the browser lays the page out for that, and most drawings change nothing about it.
            let stops = elements(&container, selector).filter(|element| element.tab_index() == 0);
            if stops.filter(shows).take(2).count() != 1 {
                let all = found(&container, selector);
                let current = all.iter().position(|element| element.has_attribute("aria-current"));
                turn(&all, current.unwrap_or(0));
            }
        });
    }
    Callback::from(move |event: KeyboardEvent| {
        let all = found(&container, selector);
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let Some(at) = all.iter().position(|element| target.as_ref() == Some(element.as_ref())) else {
            return;
        };
        let to = match event.key().as_str() {
            "ArrowRight" => (at + 1).min(all.len() - 1),
            "ArrowLeft" => at.saturating_sub(1),
            "ArrowDown" => beyond(&all, at, 1.0),
            "ArrowUp" => beyond(&all, at, -1.0),
            "Home" => 0,
            "End" => all.len() - 1,
            _ => return,
        };
        // Elsewhere the arrow keys step.
        event.prevent_default();
        event.stop_propagation();
        turn(&all, to);
        // What is in the list can have the focus.
        let _ = all[to].focus();
    })
}

/// What shows of what a selector finds.
fn found(container: &NodeRef, selector: &str) -> Vec<HtmlElement> {
    elements(container, selector).filter(shows).collect()
}

/// What a selector finds.
fn elements(container: &NodeRef, selector: &str) -> impl Iterator<Item = HtmlElement> {
    let list = container.cast::<Element>().and_then(|element| element.query_selector_all(selector).ok());
    let all = list.into_iter().flat_map(|list| (0..list.length()).map(move |index| list.get(index)));
    all.filter_map(|node| node?.dyn_into().ok())
}

fn shows(element: &HtmlElement) -> bool {
    element.offset_width() > 0
}

fn turn(all: &[HtmlElement], to: usize) {
    for (index, element) in all.iter().enumerate() {
        element.set_tab_index(if index == to { 0 } else { -1 });
    }
}

/// The nearest below one, or above it.
fn beyond(all: &[HtmlElement], at: usize, down: f64) -> usize {
    let place = |element: &HtmlElement| {
        let rect = element.get_bounding_client_rect();
        (rect.left() + rect.width() / 2.0, rect.top() + rect.height() / 2.0, rect.height())
    };
    let (x, y, height) = place(&all[at]);
    let mut best = (f64::INFINITY, at);
    for (index, element) in all.iter().enumerate() {
        let (other_x, other_y, _) = place(element);
        let away = (other_y - y) * down;
        // A row further is further than any column.
        let distance = away * 100.0 + (other_x - x).abs();
        if away > height / 2.0 && distance < best.0 {
            best = (distance, index);
        }
    }
    best.1
}
