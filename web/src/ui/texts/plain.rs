//! A text in a plain field over its own coloured copy, with the CPUs' places beside it; or the copy alone, to be read.

use crate::browser::text_field::{LINE, begin_at_start, has_focus, look_at, part_at, put_caret, show_line};
use crate::browser::{Wish, fields};
use crate::ui::texts::marker::Marker;
use lab::model::draft::Draft;
use lab::view::colours;
use lang::source::Span;
use std::ops::Range;
use std::sync::Arc;
use yew::prelude::*;

/// Whom a plain field tells.
pub struct Writing {
    /// The text was edited.
    pub wrote: Callback<String>,
    /// It has the focus.
    pub focused: Callback<()>,
    /// It has lost the focus.
    pub blurred: Callback<()>,
}

/// A plain field, to be drawn.
pub struct Plain {
    area: NodeRef,
    scroller: NodeRef,
    looked_at: LookedAt,
    writing: Writing,
}

/// A plain field, in which the line `look_at` should be in view, and the caret where it is wished to be.
#[hook]
pub fn use_plain(given: &Arc<str>, look_at_line: Option<u32>, wish: Option<Wish>, writing: Writing) -> Plain {
    let (area, scroller) = (use_node_ref(), use_node_ref());
    {
        let (scroller, area) = (scroller.clone(), area.clone());
        use_effect_with(look_at_line, move |line| {
            if let Some(line) = line.filter(|_| !has_focus(&area)) {
                look_at(&scroller, line);
            }
        });
    }
    {
        let (area, scroller, text) = (area.clone(), scroller.clone(), given.clone());
        use_effect_with(wish, move |wish| {
            if let Some(byte) = wish.and_then(|wish| wish.byte) {
                put_caret(&area, &text, byte);
                show_line(&scroller, &text, byte);
            }
        });
    }
    {
        let area = area.clone();
        use_effect_with((), move |()| begin_at_start(&area));
    }
    let looked_at = use_part(&scroller);
    Plain { area, scroller, looked_at, writing }
}

/// What is drawn of it.
pub struct Drawn<'a> {
    /// Its name for screen readers.
    pub label: &'a AttrValue,
    /// Which text it is.
    pub source: u8,
    /// Where the CPUs are.
    pub markers: &'a [Marker],
    /// What is in the field.
    pub text: &'a Arc<str>,
    /// The places of the compiler's messages.
    pub wrong: Vec<Span>,
    /// Whether there is a field at all.
    pub writable: bool,
}

impl Plain {
    /// Draws it.
    pub fn draw(self, drawn: Drawn<'_>) -> Html {
        let Drawn { label, source, markers, text, wrong, writable } = drawn;
        let Plain { area, scroller, looked_at, writing: Writing { wrote, focused, blurred } } = self;
        let oninput = Callback::from(move |event: InputEvent| {
            if let Some(written) = fields::text(&event) {
                wrote.emit(written);
            }
        });
        // A browser without a window of its own tells nobody of the focus, but of clicks.
        let onclick = focused.reform(|_: MouseEvent| ());
        let (onblur, onfocus) = (blurred.reform(|_: FocusEvent| ()), focused.reform(|_: FocusEvent| ()));
        let field = html! {
            <textarea ref={area} value={text.to_string()} {oninput} {onfocus} {onblur} {onclick} aria-label={label.clone()}
                spellcheck="false" autocapitalize="off" autocomplete="off" wrap="off" />
        };
        let field = writable.then_some(field);
        Sheet { scroller, looked_at, text, markers, wrong, field }.draw(Some(source))
    }
}

#[derive(Clone, PartialEq, Properties)]
pub struct ReadingProps {
    /// Its name for screen readers.
    pub label: AttrValue,
    pub text: Arc<str>,
    /// Where the CPUs are.
    pub markers: Vec<Marker>,
}

/// A text that is only read.
#[component]
pub fn Reading(props: &ReadingProps) -> Html {
    let scroller = use_node_ref();
    let ReadingProps { label, text, markers } = props;
    let line = markers.first().map(|marker| marker.line);
    {
        let scroller = scroller.clone();
        use_effect_with(line, move |line| {
            if let Some(line) = *line {
                look_at(&scroller, line);
            }
        });
    }
    let looked_at = use_part(&scroller);
    let whole = Draft::new(text.clone()).writable();
    let field =
        html! { <textarea readonly=true value={text.to_string()} aria-label={label.clone()} wrap="off" /> };
    let field = whole.then_some(field);
    Sheet { scroller, looked_at, text, markers, wrong: Vec::new(), field }.draw(None)
}

/// The part of a long text that is in view, and the listener that follows it.
type LookedAt = (usize, Callback<Event>);

#[hook]
fn use_part(scroller: &NodeRef) -> LookedAt {
    let part = use_state_eq(|| 0);
    let (setter, scroller) = (part.setter(), scroller.clone());
    (*part, Callback::from(move |_: Event| setter.set(part_at(&scroller, colours::PART))))
}

/// A coloured text in a box that scrolls, with a text field over it. A text that is too long for a field has none.
struct Sheet<'a> {
    scroller: NodeRef,
    looked_at: LookedAt,
    text: &'a Arc<str>,
    markers: &'a [Marker],
    wrong: Vec<Span>,
    field: Option<Html>,
}

impl Sheet<'_> {
    fn draw(self, source: Option<u8>) -> Html {
        let Sheet { scroller, looked_at: (part, onscroll), text, markers, wrong, field } = self;
        let lines = text.split('\n').count();
        let drawn = colours::drawn(lines, part);
        let alone = field.is_none();
        html! {
            <div class="editor" data-source={source.map(|source| source.to_string())} ref={scroller} {onscroll}
                tabindex={alone.then_some("0")}>
                <Gutter {lines} drawn={drawn.clone()} markers={markers.to_vec()} />
                <div class="sheet">
                    <Bands markers={markers.to_vec()} />
                    <Coloured text={text.clone()} {lines} {drawn} {wrong} {alone} />
                    { for field }
                </div>
            </div>
        }
    }
}

/// Room for lines that are not drawn.
fn room(lines: usize) -> Html {
    if lines == 0 {
        return html! {};
    }
    html! { <svg class="room" width="1" height={(lines * LINE as usize).to_string()} aria-hidden="true" /> }
}

#[derive(Clone, PartialEq, Properties)]
struct GutterProps {
    lines: usize,
    drawn: Range<usize>,
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
    let GutterProps { lines, drawn, .. } = props;
    html! {
        <div class="gutter" aria-hidden="true">
            { room(drawn.start) }
            <ol>{ for drawn.clone().map(|line| number(line + 1)) }</ol>
            { room(lines - drawn.end) }
        </div>
    }
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
    text: Arc<str>,
    lines: usize,
    drawn: Range<usize>,
    wrong: Vec<Span>,
    /// Whether no field lies over it.
    alone: bool,
}

/// The text in colours.
#[component]
fn Coloured(props: &ColouredProps) -> Html {
    let ColouredProps { text, lines, drawn, wrong, alone } = props;
    let pieces = colours::lines(text, wrong, drawn);
    // Invisible: it keeps the text as wide as its longest line, whichever lines are drawn.
    let widest = if drawn.len() < *lines { colours::widest(text) } else { "" };
    html! {
        <div class="whole" aria-hidden={(!alone).then_some("true")}>
            { room(drawn.start) }
            <pre data-first={drawn.start.to_string()}>
                { for pieces.into_iter().map(|line| html! {
                    <div>
                        { for line.into_iter().map(|piece| match (piece.class, piece.wrong) {
                            ("", false) => Html::from(piece.text),
                            (class, wrong) => html! { <span class={classes!(class, wrong.then_some("wrong"))}>{ piece.text }</span> },
                        }) }
                    </div>
                }) }
            </pre>
            { room(lines - drawn.end) }
            <p>{ widest }</p>
        </div>
    }
}
