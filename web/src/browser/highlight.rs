//! What belongs to one step lights up together: its mark, its sentence, its line, and what it changed on the stage.
//!
//! Whatever of it is under the pointer or has the focus says which step. The rest is found in the document and gets an
//! attribute that nothing else sets: nothing is drawn anew, so that a pointer may sweep over a long run.

use crate::ui::texts::editor::{ABOVE, LINE};
use gloo::events::EventListener;
use lab::view::run::{Touch, origin};
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::{Document, Element, Event, MouseEvent};
use yew::prelude::*;

/// The attribute.
const LIT: &str = "data-lit";

/// What can be lit: the steps of a run at one of its moments, and the texts that they stand in.
#[derive(Clone, PartialEq)]
pub struct Lightable {
    /// What each step did.
    pub touches: Rc<Vec<Touch>>,
    /// The moment shown.
    pub cursor: usize,
    /// Scenario and kernel, as they were compiled.
    pub texts: [Rc<str>; 2],
}

/// Lights what belongs together.
#[hook]
pub fn use_lit(of: Lightable) {
    let lit = use_memo((), |()| Cell::new(None::<usize>));
    use_effect_with(of, move |of| {
        let document = web_sys::window().and_then(|window| window.document());
        let listeners = document.map(|document| {
            of.light(&document, lit.get());
            ["pointerover", "pointermove", "focusin"].map(|kind| {
                let (of, lit, place) = (of.clone(), lit.clone(), document.clone());
                EventListener::new(&document, kind, move |event| {
                    // Only where lines are is there more than one step in an element.
                    let step = of.step_at(event, kind == "pointermove");
                    if let Some(step) = step.filter(|step| *step != lit.get()) {
                        lit.set(step);
                        of.light(&place, step);
                    }
                })
            })
        });
        move || drop(listeners)
    });
}

impl Lightable {
    /// The step that an event is about: none, or that this event changes nothing.
    fn step_at(&self, event: &Event, in_lines: bool) -> Option<Option<usize>> {
        let target = event.target()?.dyn_into::<Element>().ok()?;
        let found = target.closest("[data-step], [data-id], .editor").ok().flatten();
        let Some(found) = found else { return (!in_lines).then_some(None) };
        if let Some(step) = found.get_attribute("data-step") {
            return (!in_lines).then(|| step.parse().ok());
        }
        if let Some(cell) = found.get_attribute("data-id") {
            return (!in_lines).then(|| origin(&self.touches, self.cursor, &cell));
        }
        let source = found.get_attribute("data-source")?.parse().ok()?;
        let sheet = found.query_selector(".sheet").ok().flatten()?.get_bounding_client_rect();
        let y = event.dyn_ref::<MouseEvent>()?.client_y() - sheet.top() as i32;
        Some(self.taken_at(source, usize::try_from((y - ABOVE) / LINE).unwrap_or_default()))
    }

    /// The step taken at a line, counted from 0: the last one before the moment shown, else the first.
    fn taken_at(&self, source: u8, line: usize) -> Option<usize> {
        let text = &self.texts[usize::from(source.min(1))];
        let start: usize = text.split_inclusive('\n').take(line).map(str::len).sum();
        let end = start + text.split_inclusive('\n').nth(line)?.len();
        let there = |touch: &Touch| {
            touch.place.is_some_and(|(text, byte)| text == source && (start..end).contains(&(byte as usize)))
        };
        let past = self.touches.iter().take(self.cursor).rposition(there);
        past.or_else(|| self.touches.iter().position(there)).map(|step| step + 1)
    }

    /// The line that a byte is in, from 0.
    fn line(&self, source: u8, byte: u32) -> usize {
        let text = self.texts[usize::from(source.min(1))].as_bytes();
        text.iter().take(byte as usize).filter(|byte| **byte == b'\n').count()
    }

    /// Lights what belongs to a step, and nothing else.
    fn light(&self, document: &Document, step: Option<usize>) {
        for element in all(document, "[data-lit]") {
            // It can only fail for names that no attribute may have.
            let _ = element.remove_attribute(LIT);
        }
        let Some(step) = step else { return };
        let touch =
            step.checked_sub(1).and_then(|index| self.touches.get(index)).cloned().unwrap_or_default();
        let mut selectors = vec![format!("[data-step=\"{step}\"]")];
        selectors.extend(touch.cells.iter().map(|cell| format!(".stage [data-id=\"{cell}\"]")));
        selectors.extend(touch.place.map(|(source, byte)| {
            format!("[data-source=\"{source}\"] pre > :nth-child({})", self.line(source, byte) + 1)
        }));
        for element in all(document, &selectors.join(",")) {
            let _ = element.set_attribute(LIT, "");
        }
    }
}

fn all(document: &Document, selector: &str) -> Vec<Element> {
    let Ok(list) = document.query_selector_all(selector) else { return Vec::new() };
    (0..list.length()).filter_map(|index| list.get(index)?.dyn_into().ok()).collect()
}
