//! What is printed instead of the screen.
//!
//! Yew draws when the browser finds the time, and a browser lays out paper at once. So what goes on paper is put into the
//! document here, before the event ends.

use gloo::events::EventListener;
use std::rc::Rc;
use web_sys::{Document, Element, Node};
use yew::prelude::*;
use yew::virtual_dom::VNode;

/// Asks the browser to print the page.
pub fn print() {
    if let Some(window) = web_sys::window() {
        // A frame may be forbidden to.
        let _ = window.print();
    }
}

/// Puts what `draw` makes of `value` at the end of the document between the browser's `beforeprint` and `afterprint`.
#[hook]
pub fn use_paper<T: 'static>(value: T, draw: fn(&T) -> Html) {
    let latest = use_mut_ref(|| None::<T>);
    *latest.borrow_mut() = Some(value);
    use_effect_with((), move |()| {
        let listeners = web_sys::window().map(|window| {
            let paper = Rc::new(Paper::default());
            let (put, taken) = (paper.clone(), paper);
            let before = EventListener::new(&window, "beforeprint", move |_| {
                if let Some(value) = &*latest.borrow() {
                    put.put(&draw(value));
                }
            });
            (before, EventListener::new(&window, "afterprint", move |_| taken.take()))
        });
        move || drop(listeners)
    });
}

/// What stands in the document to be printed.
#[derive(Default)]
struct Paper(std::cell::RefCell<Option<Element>>);

impl Paper {
    fn put(&self, markup: &Html) {
        self.take();
        let made = web_sys::window().and_then(|window| window.document()).and_then(|document| {
            let place = document.create_element("div").ok()?;
            place.set_class_name("paper");
            write(&document, markup, &place, HTML);
            document.body()?.append_child(&place).ok()?;
            Some(place)
        });
        *self.0.borrow_mut() = made;
    }

    fn take(&self) {
        if let Some(place) = self.0.borrow_mut().take() {
            place.remove();
        }
    }
}

const HTML: &str = "http://www.w3.org/1999/xhtml";
const SVG: &str = "http://www.w3.org/2000/svg";

/// Appends plain markup: elements, attributes and texts. It has no component and no listener.
fn write(document: &Document, markup: &VNode, to: &Node, space: &'static str) {
    match markup {
        VNode::VText(text) => {
            let _ = to.append_child(&document.create_text_node(&text.text));
        }
        VNode::VList(list) => list.iter().for_each(|node| write(document, node, to, space)),
        VNode::VTag(tag) => {
            let space = if tag.tag() == "svg" { SVG } else { space };
            let Ok(element) = document.create_element_ns(Some(space), tag.tag()) else { return };
            tag.attributes.iter().for_each(|(name, value)| drop(element.set_attribute(name, value)));
            tag.children().into_iter().for_each(|node| write(document, node, &element, space));
            let _ = to.append_child(&element);
        }
        VNode::VComp(_) | VNode::VPortal(_) | VNode::VRef(_) | VNode::VSuspense(_) | VNode::VRaw(_) => {}
    }
}
