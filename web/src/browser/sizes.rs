//! Where things stand: the boxes of all elements with a `data-id` inside a container, measured after each drawing.
//! An element that is not shown has no place.
//!
//! Layout belongs to the browser, which knows the reader's fonts and screen. Arrows follow the browser's layout.

use std::rc::Rc;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{Element, HtmlElement, ResizeObserver};
use yew::prelude::*;

/// A box, in CSS pixels from the container's corner.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rect {
    /// Left edge.
    pub x: i32,
    /// Upper edge.
    pub y: i32,
    /// Width.
    pub width: i32,
    /// Height.
    pub height: i32,
}

/// Boxes by `data-id`, in the order of these; the container's own is under the empty id.
pub type Rects = Rc<Vec<(String, Rect)>>;

/// Where an id is, or else where it belongs.
fn place(rects: &[(String, Rect)], id: &str) -> Result<usize, usize> {
    rects.binary_search_by(|rect| rect.0.as_str().cmp(id))
}

/// The box of an id.
pub fn rect_of(rects: &[(String, Rect)], id: &str) -> Option<Rect> {
    place(rects, id).ok().map(|at| rects[at].1)
}

/// Measures when `key` changes and when the container's size does.
#[hook]
pub fn use_rects<K: PartialEq + 'static>(container: NodeRef, key: K) -> Rects {
    let rects = use_state_eq(Rects::default);
    {
        let (container, rects) = (container.clone(), rects.clone());
        use_effect_with(key, move |_| {
            if let Some(element) = container.cast::<Element>() {
                rects.set(measure(&element));
            }
        });
    }
    let setter = rects.setter();
    use_size(container, move |element| setter.set(measure(element)));
    (*rects).clone()
}

/// The width inside an element, zero as long as it is not shown.
#[hook]
pub fn use_width(element: NodeRef) -> i32 {
    let width = use_state_eq(|| 0);
    let setter = width.setter();
    use_size(element, move |element| setter.set(element.client_width()));
    *width
}

/// Calls back when the element has a size, and whenever it has another.
#[hook]
fn use_size(element: NodeRef, then: impl Fn(&Element) + 'static) {
    use_effect_with(element, move |element| {
        let element = element.cast::<Element>();
        let watched = element.clone();
        let on_resize = Closure::<dyn FnMut()>::new(move || {
            if let Some(element) = &element {
                then(element);
            }
        });
        let observer = ResizeObserver::new(on_resize.as_ref().unchecked_ref()).ok();
        if let (Some(observer), Some(element)) = (&observer, &watched) {
            observer.observe(element);
        }
        move || {
            if let Some(observer) = observer {
                observer.disconnect();
            }
            drop(on_resize);
        }
    });
}

fn measure(container: &Element) -> Rects {
    let origin = container.get_bounding_client_rect();
    // On a projector the picture has another size: what is measured is on the screen, and what is drawn is within the picture.
    let inside = container.dyn_ref::<HtmlElement>().map_or(0, HtmlElement::offset_width);
    let scale = if inside > 0 { origin.width() / f64::from(inside) } else { 1.0 };
    let rect = |element: &Element| {
        let found = element.get_bounding_client_rect();
        let round = |number: f64| (number / scale).round() as i32;
        Rect {
            x: round(found.left() - origin.left()) + container.scroll_left(),
            y: round(found.top() - origin.top()),
            width: round(found.width()),
            height: round(found.height()),
        }
    };
    let mut rects = vec![(String::new(), Rect { x: 0, y: 0, ..rect(container) })];
    if let Ok(list) = container.query_selector_all("[data-id]") {
        for index in 0..list.length() {
            if let Some(element) = list.get(index).and_then(|node| node.dyn_into::<Element>().ok())
                && let Some(id) = element.get_attribute("data-id")
                && let shown = rect(&element)
                && shown.width > 0
            {
                match place(&rects, &id) {
                    Ok(at) => rects[at].1 = shown,
                    Err(at) => rects.insert(at, (id, shown)),
                }
            }
        }
    }
    Rc::new(rects)
}
