//! What belongs to one step is highlighted together: its mark, its sentence, its line, and what it changed on the
//! stage.
//!
//! The part under the pointer or with the focus names the step. The other parts are found in the document and get
//! an attribute that nothing else sets. Nothing is redrawn, so a pointer may move fast over a long run.

use super::editor::field_of;
use super::text_field::{ABOVE, LINE, line_of};
use gloo::events::EventListener;
use lab::view::highlight::Highlight;
use std::cell::Cell;
use wasm_bindgen::JsCast;
use web_sys::{Document, Element, Event, MouseEvent};
use yew::prelude::*;

/// The attribute.
const LIT: &str = "data-lit";

/// Lights what belongs together.
#[hook]
pub fn use_highlight(of: Highlight) {
    let lit = use_memo((), |()| Cell::new(None::<usize>));
    // Where the pointer was when it was last heard of.
    let pointer = use_memo((), |()| Cell::new((0, 0)));
    use_effect_with(of, move |of| {
        let document = web_sys::window().and_then(|window| window.document());
        let listeners = document.map(|document| {
            light(of, &document, lit.get());
            ["pointerover", "pointermove", "focusin"].map(|kind| {
                let (of, lit, place, pointer) = (of.clone(), lit.clone(), document.clone(), pointer.clone());
                EventListener::new(&document, kind, move |event| {
                    // What scrolls below a pointer at rest is not pointed at: then the focus would light nothing.
                    let now = event.dyn_ref::<MouseEvent>().map(|event| (event.client_x(), event.client_y()));
                    if now.is_some_and(|now| pointer.replace(now) == now) {
                        return;
                    }
                    // Only lines of text can have more than one step in an element.
                    let step = step_at(&of, event, kind == "pointermove");
                    if let Some(step) = step.filter(|step| *step != lit.get()) {
                        lit.set(step);
                        light(&of, &place, step);
                    }
                })
            })
        });
        move || drop(listeners)
    });
}

/// The step that an event is about: none, or that this event changes nothing.
fn step_at(of: &Highlight, event: &Event, in_lines: bool) -> Option<Option<usize>> {
    let target = event.target()?.dyn_into::<Element>().ok()?;
    let found = target.closest("[data-step], [data-id], .editor").ok().flatten();
    let Some(found) = found else { return (!in_lines).then_some(None) };
    if let Some(step) = found.get_attribute("data-step") {
        return (!in_lines).then(|| step.parse().ok());
    }
    if let Some(cell) = found.get_attribute("data-id") {
        return (!in_lines).then(|| of.step_of_cell(&cell));
    }
    let source = found.get_attribute("data-source")?.parse().ok()?;
    let height = event.dyn_ref::<MouseEvent>()?.client_y();
    if let Some(field) = field_of(&found) {
        return Some(of.step_of_line(source, (field.line_at(height) as usize).saturating_sub(1)));
    }
    let sheet = found.query_selector(".sheet").ok().flatten()?.get_bounding_client_rect();
    let y = height - sheet.top() as i32;
    Some(of.step_of_line(source, usize::try_from((y - ABOVE) / LINE).unwrap_or_default()))
}

/// Lights what belongs to a step, and nothing else.
fn light(of: &Highlight, document: &Document, step: Option<usize>) {
    // The editor draws its own lines.
    for element in all(document, "[data-lit]:not(.cm-line)") {
        // It can only fail for names that no attribute may have.
        let _ = element.remove_attribute(LIT);
    }
    let line = step.and_then(|step| of.line(step));
    for editor in all(document, ".cm-editor") {
        let own = |source: u8| editor.get_attribute("data-source") == Some(source.to_string());
        let line = line.filter(|line| own(line.0)).and_then(|line| u32::try_from(line.1 + 1).ok());
        field_of(&editor).iter().for_each(|field| field.light(line.unwrap_or_default()));
    }
    let Some(step) = step else { return };
    let mut selectors = vec![format!("[data-step=\"{step}\"]")];
    selectors.extend(of.cells(step).iter().map(|cell| format!(".stage [data-id=\"{cell}\"]")));
    let editor =
        |source: u8| document.query_selector(&format!(".editor[data-source=\"{source}\"]")).ok().flatten();
    let line = line.and_then(|(source, line)| line_of(&editor(source)?, line));
    for element in all(document, &selectors.join(",")).into_iter().chain(line) {
        let _ = element.set_attribute(LIT, "");
    }
}

fn all(document: &Document, selector: &str) -> Vec<Element> {
    let Ok(list) = document.query_selector_all(selector) else { return Vec::new() };
    (0..list.length()).filter_map(|index| list.get(index)?.dyn_into().ok()).collect()
}
