//! A field in which the reader writes, and a table in which something was clicked, stay where they are on the screen, whatever comes,
//! goes or grows above them.
//!
//! Some browsers do that too, sometimes, but not before the next picture. Here the page is scrolled right after the
//! document has changed, before anything else runs, by the distance that the browser has left.

use gloo::events::EventListener;
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{Element, MutationObserver, MutationObserverInit, ResizeObserver, Window};
use yew::prelude::*;

/// Keeps the place of a field as long as the field has the focus, if the field is `there`.
#[hook]
pub fn use_steady(place: NodeRef, there: bool) {
    use_effect_with(there, move |there| {
        let kept = there.then(|| keep(place)).flatten();
        move || drop(kept)
    });
}

/// The listeners. Dropping them ends this.
struct Kept {
    /// Changes of the document.
    changes: MutationObserver,
    /// Changes of sizes without a change of the document: of the window, for example.
    sizes: ResizeObserver,
    _events: [EventListener; 4],
    _check: Closure<dyn FnMut()>,
}

impl Drop for Kept {
    fn drop(&mut self) {
        self.changes.disconnect();
        self.sizes.disconnect();
    }
}

fn keep(place: NodeRef) -> Option<Kept> {
    let window = web_sys::window()?;
    let page = window.document()?.body()?;
    let element = place.cast::<Element>()?;
    // It can always have this attribute.
    let _ = element.set_attribute(STEADY, "");
    let check = {
        let (last, window, element) = (Cell::new(None), window.clone(), element.clone());
        Rc::new(move || {
            // Nothing is measured while nothing of it has the focus.
            last.set(leads(&window, &element).then(|| stay(&window, &element, last.get())));
        })
    };
    let listen = |to: &web_sys::EventTarget, kind: &'static str| {
        let check = check.clone();
        EventListener::new(to, kind, move |_| check())
    };
    // A window in the background gives its fields no focus that is told of.
    let events = [
        listen(&element, "focusin"),
        listen(&element, "click"),
        listen(&element, "keydown"),
        listen(&window, "scroll"),
    ];
    let check = Closure::<dyn FnMut()>::new(move || check());
    let call = check.as_ref().unchecked_ref();
    let (changes, sizes) = (MutationObserver::new(call).ok()?, ResizeObserver::new(call).ok()?);
    let all = MutationObserverInit::new();
    all.set_subtree(true);
    all.set_child_list(true);
    all.set_attributes(true);
    all.set_character_data(true);
    // This can fail only if there is nothing to observe.
    let _ = changes.observe_with_options(&page, &all);
    sizes.observe(&page);
    Some(Kept { changes, sizes, _events: events, _check: check })
}

/// What keeps its place has this attribute.
const STEADY: &str = "data-steady";

/// Whether the focus is in an element, and in none inside of it that keeps its place: two of them would scroll against each other.
fn leads(window: &Window, element: &Element) -> bool {
    let active = window.document().and_then(|document| document.active_element());
    let nearest = active.and_then(|active| active.closest(&format!("[{STEADY}]")).ok().flatten());
    nearest.as_ref() == Some(element)
}

/// Where it is, in pixels.
#[derive(Clone, Copy)]
struct Place {
    /// In the document: scrolling does not change it.
    document: f64,
    /// On the screen.
    screen: f64,
}

/// Brings an element back to its place on the screen, if it has moved in the document. Returns the place where it has to
/// stay.
fn stay(window: &Window, kept: &Element, last: Option<Place>) -> Place {
    /// The part that remains because heights are not whole numbers of pixels: browsers scroll by more.
    const NEAR: f64 = 0.5;
    let screen = kept.get_bounding_client_rect().top();
    let document = screen + window.scroll_y().unwrap_or_default();
    let Some(last) = last else { return Place { document, screen } };
    let astray = screen - last.screen;
    if astray.abs() <= NEAR {
        return Place { document, ..last };
    }
    if (document - last.document).abs() >= NEAR {
        window.scroll_by_with_x_and_y(0.0, astray);
    } else {
        // The reader has scrolled.
        return Place { document, screen };
    }
    Place { document, ..last }
}
