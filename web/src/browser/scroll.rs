//! Keeps in view what happens: the whole stage where it fits beside the bars, or else what a step has changed.

use wasm_bindgen::JsCast;
use web_sys::{Document, Element, ScrollIntoViewOptions, ScrollLogicalPosition};
use yew::prelude::*;

/// Brings what a moment has changed, by its ids on the stage, into view whenever the reader goes to another moment
/// of the same `machine`, and where a wide page `arrives` at one. Nothing moves for readers who look at something else: the stage
/// must be partly in view, and the reader must not be typing.
#[hook]
pub fn use_in_view<M: PartialEq + Clone + 'static, K: PartialEq + 'static>(
    machine: Option<M>,
    arrives: bool,
    moment: K,
    cells: Vec<String>,
) {
    let before = use_mut_ref(|| None::<M>);
    // Of a page that opens, the machine comes after the first moment.
    use_effect_with((moment, machine), move |(_, machine)| {
        let stays = machine
            .as_ref()
            .is_some_and(|machine| before.replace(Some(machine.clone())).as_ref() == Some(machine));
        // An embed lies in a page of its own, which would scroll as well.
        let place = document().and_then(|document| document.query_selector(".page").ok().flatten());
        if stays || arrives && !cells.is_empty() && place.is_some() && !is_narrow() {
            let selectors = cells.iter().map(|id| format!(".stage [data-id=\"{id}\"]"));
            show(&selectors.collect::<Vec<_>>().join(", "));
        }
    });
}

/// The same for what the moment shown has changed, whenever something else is `told` in the bar over it, which takes more room then.
#[hook]
pub fn use_stage_in_view<K: PartialEq + 'static>(told: K) {
    use_effect_with(told, |_| show(".stage :is(.row, .register, .tile):is(.changed, .added, .removed)"));
}

/// Brings what a selector finds into view whenever there is something, and another one, to be told there: all of it, or, where
/// there is no room for all, its first element.
#[hook]
pub fn use_told_in_view<K: PartialEq + 'static>(selector: &'static str, told: Option<K>) {
    use_effect_with(told, move |told| {
        let place = document().and_then(|document| document.query_selector(selector).ok().flatten());
        if let Some(place) = place.filter(|_| told.is_some()) {
            bring(&place);
            place.first_element_child().iter().for_each(bring);
        }
    });
}

/// Brings the answer to a switch into view, whenever there is another one. On a wide page, what was just clicked stays under the
/// pointer: then nothing scrolls, and an answer whose beginning is out of view is `unseen`. No finger rests on a phone.
#[hook]
pub fn use_answer_in_view<K: PartialEq + 'static>(told: Option<K>, unseen: Callback<()>) {
    use_effect_with(told, move |told| {
        let Some(document) = document().filter(|_| told.is_some()) else { return };
        let find = |selector: &str| document.query_selector(selector).ok().flatten();
        let Some(first) = find("[data-testid=answer] li") else { return };
        if is_narrow() || find(".toggles button:hover").is_none() {
            return first.closest("ul").ok().flatten().iter().chain([&first]).for_each(bring);
        }
        let place = first.get_bounding_client_rect();
        let (x, y) = (place.left() + place.width() / 2.0, place.top() + place.height() / 2.0);
        let seen = document.element_from_point(x as f32, y as f32);
        if !seen.is_some_and(|seen| first.contains(Some(seen.as_ref()))) {
            unseen.emit(());
        }
    });
}

/// Something that scrolls shows its beginning whenever it says something else.
#[hook]
pub fn use_at_beginning<K: PartialEq + 'static>(told: K) -> NodeRef {
    let place = use_node_ref();
    let scroller = place.clone();
    use_effect_with(told, move |_| {
        if let Some(scroller) = scroller.cast::<Element>() {
            scroller.set_scroll_top(0);
            scroller.set_scroll_left(0);
        }
    });
    place
}

/// Scrolls sideways, and only the diagram, so far that a column of some width can be seen.
pub fn keep_in_view(scroller: &NodeRef, x: i32, step: i32) {
    let Some(scroller) = scroller.cast::<Element>() else { return };
    let (left, width) = (scroller.scroll_left(), scroller.client_width());
    // The titles of the lanes cover the left.
    const TITLES: i32 = 76;
    if x - step < left || x + step + TITLES > left + width {
        scroller.set_scroll_left(x + TITLES - width / 2);
    }
}

/// Whether something lies above or below what the window shows.
#[must_use]
pub fn out_of_view(element: &NodeRef) -> bool {
    let height =
        document().and_then(|document| document.document_element()).map_or(0, |root| root.client_height());
    element.cast::<Element>().is_some_and(|element| {
        let place = element.get_bounding_client_rect();
        place.bottom() < 0.0 || place.top() > f64::from(height)
    })
}

/// How far something is scrolled sideways.
#[must_use]
pub fn left(scroller: &NodeRef) -> Option<i32> {
    scroller.cast::<Element>().map(|scroller| scroller.scroll_left())
}

/// Scrolls something sideways.
pub fn to(scroller: &NodeRef, left: i32) {
    if let Some(scroller) = scroller.cast::<Element>() {
        scroller.set_scroll_left(left);
    }
}

/// Whether the page shows one of its parts at a time.
#[must_use]
pub fn is_narrow() -> bool {
    let found = web_sys::window().and_then(|window| window.match_media("(max-width: 720px)").ok().flatten());
    found.is_some_and(|found| found.matches())
}

/// Brings what a selector finds into view, at the top.
pub fn turn_to(selector: &str) {
    let found = document().and_then(|document| document.query_selector(selector).ok().flatten());
    if let Some(found) = found {
        found.scroll_into_view();
    }
}

fn document() -> Option<Document> {
    web_sys::window()?.document()
}

fn show(cells: &str) {
    let Some(document) = document() else { return };
    let find = |selector: &str| document.query_selector(selector).ok().flatten();
    /// Of a stage that is looked at, as much is in view above the lower edge: the heads of the CPUs and some lines.
    const SEEN: f64 = 100.0;
    let Some(stage) = find(".stage") else { return };
    let height = f64::from(document.document_element().map_or(0, |root| root.client_height()));
    let (place, bar) = (stage.get_bounding_client_rect(), find(".time"));
    // On a phone the bar of the controls lies over the lower edge.
    let under = bar.as_ref().map(|bar| bar.get_bounding_client_rect().top()).filter(|top| *top > place.top());
    let lower = under.map_or(height, |top| top.min(height));
    let looked_at = place.bottom() > height / 6.0 && place.top() < lower - SEEN;
    let field = document.active_element().and_then(|element| element.closest("textarea, .cm-editor").ok());
    let writes = field.flatten().is_some();
    if !looked_at || writes || place.height() == 0.0 {
        return;
    }
    bring(&stage);
    let found = document.query_selector_all(cells).ok();
    let found = found.iter().flat_map(|found| (0..found.length()).filter_map(|at| found.item(at)));
    let cells: Vec<Element> = found.filter_map(|cell| cell.dyn_into().ok()).collect();
    cells.iter().for_each(bring);
    if let Some(bar) = bar {
        // In one column the verdict's strip lies above the stage.
        let strip = find(".strip").map(|strip| strip.get_bounding_client_rect());
        let above = strip.filter(|strip| strip.left() < place.right()).map_or(0.0, |strip| strip.height());
        show_all(&cells, above, bar.get_bounding_client_rect().top());
    }
}

/// Brings all of some cells into view at once, below what lies `above` and over the bar of the controls, if there is room for
/// all. One by one, the last may have pushed the first out of view.
fn show_all(cells: &[Element], above: f64, bar: f64) {
    /// Between a cell and an edge, in pixels.
    const GAP: f64 = 4.0;
    /// What has to be seen of a frame: its name, its owner, its first word.
    const HEAD: f64 = 48.0;
    let places = cells.iter().map(Element::get_bounding_client_rect);
    let (mut top, mut bottom) = (f64::MAX, f64::MIN);
    places.filter(|place| place.height() > 0.0).for_each(|place| {
        (top, bottom) = (top.min(place.top()), bottom.max(place.top() + place.height().min(HEAD)));
    });
    let (over, under) = (top - GAP - above, bottom + GAP - bar);
    // Where the bar is no box of its own, it has no place, and nothing is above it.
    if bottom > top
        && under - over <= 0.0
        && (over < 0.0 || under > 0.0)
        && let Some(window) = web_sys::window()
    {
        window.scroll_by_with_x_and_y(0.0, if over < 0.0 { over } else { under });
    }
}

/// By the shortest way, and clear of the bars: the style sheet says how much room they take.
fn bring(element: &Element) {
    let options = ScrollIntoViewOptions::new();
    options.set_block(ScrollLogicalPosition::Nearest);
    options.set_inline(ScrollLogicalPosition::Nearest);
    element.scroll_into_view_with_scroll_into_view_options(&options);
}
