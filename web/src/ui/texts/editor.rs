//! A text that can be edited: a plain text field over its own coloured copy, with the CPUs' places beside it.

use lab::model::draft::Draft;
use lab::view::colours;
use lang::source::Span;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlTextAreaElement, ScrollIntoViewOptions, ScrollLogicalPosition};
use yew::prelude::*;

/// Height of a line in pixels, as in the stylesheet.
pub const LINE: i32 = 20;
/// Room above the first line in pixels, as in the stylesheet.
pub const ABOVE: i32 = 8;

/// A CPU's place in the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Marker {
    /// Which CPU.
    pub cpu: u8,
    /// Line, from 1.
    pub line: u32,
    /// It stands here, rather than in something called from here.
    pub here: bool,
}

/// Properties of [`Editor`].
#[derive(Clone, PartialEq, Properties)]
pub struct Props {
    /// Its name for screen readers.
    pub label: AttrValue,
    /// Which text it is.
    pub source: u8,
    /// The text.
    pub text: Rc<str>,
    /// What the compiler complains about.
    pub wrong: Vec<Span>,
    /// Where the CPUs are.
    pub markers: Vec<Marker>,
    /// A line that should be in view, from 1.
    pub look_at: Option<u32>,
    /// Where the caret shall go: a byte of the text, and a number that changes with each wish.
    pub caret: Option<(u32, u32)>,
    /// The text was edited.
    pub onedit: Callback<String>,
    /// It has the focus.
    pub onfocus: Callback<()>,
}

/// How long after a key the text is handed over, in milliseconds.
const SETTLED: u32 = 300;

/// The editor. What is in the field is the writer's: it is set only to a text that comes from elsewhere, and nothing
/// scrolls while the field has the focus.
#[component]
pub fn Editor(props: &Props) -> Html {
    let (area, scroller) = (use_node_ref(), use_node_ref());
    let draft = use_mut_ref(|| Draft::new(props.text.clone()));
    draft.borrow_mut().receive(&props.text);
    let (text, pending) = (draft.borrow().text().clone(), draft.borrow().pending());
    let hand_over = {
        let (draft, onedit) = (draft.clone(), props.onedit.clone());
        Callback::from(move |()| {
            let written = draft.borrow_mut().hand_over();
            if let Some(text) = written {
                onedit.emit(text.to_string());
            }
        })
    };
    crate::browser::use_later(pending.then(|| text.clone()), SETTLED, hand_over.reform(|_| ()));
    {
        // Another text comes to the front.
        let hand_over = hand_over.clone();
        use_effect_with((), move |()| move || hand_over.emit(()));
    }
    {
        let (scroller, area) = (scroller.clone(), area.clone());
        // On narrow pages the text is not shown all the time: then nothing can be scrolled.
        let shown = crate::browser::use_width(scroller.clone()) > 0;
        use_effect_with((props.look_at, shown), move |(line, _)| {
            if let (Some(line), Some(scroller)) = (line, scroller.cast::<Element>())
                && !has_focus(&area)
            {
                look_at(&scroller, *line as i32);
            }
        });
    }
    {
        let (area, scroller, text) = (area.clone(), scroller.clone(), props.text.clone());
        use_effect_with(props.caret, move |caret| {
            if let (Some((byte, _)), Some(area)) = (caret, area.cast::<HtmlTextAreaElement>()) {
                put_caret(&area, &text, *byte);
                show_line(&scroller, &text, *byte);
            }
        });
    }
    let wrong = if pending { Vec::new() } else { props.wrong.clone() };
    let oninput = {
        let update = use_force_update();
        Callback::from(move |event: InputEvent| {
            if let Some(area) =
                event.target().and_then(|target| target.dyn_into::<HtmlTextAreaElement>().ok())
            {
                draft.borrow_mut().write(area.value().into());
                update.force_update();
            }
        })
    };
    let onblur = hand_over.reform(|_: FocusEvent| ());
    let onfocus = props.onfocus.reform(|_: FocusEvent| ());
    html! {
        <div class="editor" data-source={props.source.to_string()} ref={scroller}>
            <Gutter lines={text.split('\n').count()} markers={props.markers.clone()} />
            <div class="sheet">
                <Bands markers={props.markers.clone()} />
                <Coloured text={text.clone()} {wrong} />
                <textarea ref={area} value={text.to_string()} {oninput} {onfocus} {onblur} aria-label={props.label.clone()}
                    spellcheck="false" autocapitalize="off" autocomplete="off" wrap="off" />
            </div>
        </div>
    }
}

/// Scrolls the text, and only the text, so far that a line can be seen.
fn look_at(scroller: &Element, line: i32) {
    let (top, height) = (scroller.scroll_top(), scroller.client_height());
    let y = (line - 1) * LINE;
    if y < top + LINE || y > top + height - 3 * LINE {
        scroller.set_scroll_top(y - height / 3);
    }
}

fn has_focus(area: &NodeRef) -> bool {
    let active =
        web_sys::window().and_then(|window| window.document()).and_then(|there| there.active_element());
    active.is_some() && active == area.cast::<Element>()
}

/// Brings the line of a byte into view, in the text and on the page, from its beginning if the byte is not too far along.
fn show_line(scroller: &NodeRef, text: &str, byte: u32) {
    /// Width of a letter in pixels, more or less, and what the numbers of the lines cover.
    const LETTER: i32 = 8;
    const NUMBERS: i32 = 80;
    let before = text.get(..byte as usize).unwrap_or(text);
    let (above, start) =
        before.rsplit_once('\n').map_or((0, before), |(above, start)| (above.split('\n').count(), start));
    let Some(scroller) = scroller.cast::<Element>() else { return };
    if let Ok(Some(shown)) = scroller.query_selector(&format!("pre > :nth-child({})", above + 1)) {
        let options = ScrollIntoViewOptions::new();
        options.set_block(ScrollLogicalPosition::Center);
        options.set_inline(ScrollLogicalPosition::Nearest);
        shown.scroll_into_view_with_scroll_into_view_options(&options);
    }
    let room = scroller.client_width() - 2 * NUMBERS;
    scroller.set_scroll_left((start.chars().count() as i32 * LETTER - room).max(0));
}

fn put_caret(area: &HtmlTextAreaElement, text: &str, byte: u32) {
    let before = text.get(..byte as usize).unwrap_or(text);
    let at = before.encode_utf16().count() as u32;
    // The field is in the document: both can only fail for other kinds of input.
    let _ = area.focus();
    let _ = area.set_selection_range(at, at);
}

#[derive(Clone, PartialEq, Properties)]
struct GutterProps {
    lines: usize,
    markers: Vec<Marker>,
}

/// Numbers of lines, and which CPU is where.
#[component]
fn Gutter(props: &GutterProps) -> Html {
    let number = |line: usize| {
        let here = props.markers.iter().filter(|marker| marker.line as usize == line);
        html! {
            <li key={line}>
                { for here.map(|marker| html! {
                    <b class={classes!("at", format!("cpu{}", marker.cpu % 8), (!marker.here).then_some("caller"))}>{ marker.cpu }</b>
                }) }
                { line }
            </li>
        }
    };
    html! { <ol class="gutter" aria-hidden="true">{ for (1..=props.lines).map(number) }</ol> }
}

#[derive(Clone, PartialEq, Properties)]
struct BandsProps {
    markers: Vec<Marker>,
}

/// Bands behind the lines that CPUs are at.
#[component]
fn Bands(props: &BandsProps) -> Html {
    html! {
        <svg class="bands" width="100%" height="100%" aria-hidden="true">
            { for props.markers.iter().filter(|marker| marker.here).map(|marker| html! {
                <rect key={marker.cpu} class={format!("cpu{}", marker.cpu % 8)} x="0" width="100%"
                    y={((marker.line as i32 - 1) * LINE).to_string()} height={LINE.to_string()} />
            }) }
        </svg>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct ColouredProps {
    text: Rc<str>,
    wrong: Vec<Span>,
}

/// The text in colours.
#[component]
fn Coloured(props: &ColouredProps) -> Html {
    let lines = colours::lines(&props.text, &props.wrong);
    html! {
        <pre aria-hidden="true">
            { for lines.into_iter().map(|line| html! {
                <div>
                    { for line.into_iter().map(|piece| match (piece.class, piece.wrong) {
                        ("", false) => Html::from(piece.text),
                        (class, wrong) => html! { <span class={classes!(class, wrong.then_some("wrong"))}>{ piece.text }</span> },
                    }) }
                </div>
            }) }
        </pre>
    }
}
