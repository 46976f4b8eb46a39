//! A text that can be edited: a plain text field over its own coloured copy, with the CPUs' places beside it.

use crate::browser::text_field::{LINE, has_focus, look_at, part_at, put_caret, show_line};
use crate::browser::{fields, use_before_leaving, use_later, use_steady, use_width};
use lab::model::draft::Draft;
use lab::view::colours;
use lang::source::Span;
use std::ops::Range;
use std::sync::Arc;
use yew::prelude::*;

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

#[derive(Clone, PartialEq, Properties)]
pub struct Props {
    /// Its name for screen readers.
    pub label: AttrValue,
    /// Which text it is.
    pub source: u8,
    pub text: Arc<str>,
    /// The places of the compiler's messages.
    pub wrong: Vec<Span>,
    /// Where the CPUs are.
    pub markers: Vec<Marker>,
    /// A line that should be in view, from 1.
    pub look_at: Option<u32>,
    /// Where the caret goes: a byte of the text, and a number that changes with each request.
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
    let writable = draft.borrow().writable();
    use_steady(area.clone(), scroller.clone(), writable);
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
    use_later(pending.then(|| text.clone()), SETTLED, hand_over.reform(|_| ()));
    use_before_leaving(hand_over.clone());
    {
        // Another text comes to the front.
        let hand_over = hand_over.clone();
        use_effect_with((), move |()| move || hand_over.emit(()));
    }
    {
        let (scroller, area) = (scroller.clone(), area.clone());
        // On narrow pages the text is not shown all the time: then nothing can be scrolled.
        let shown = use_width(scroller.clone()) > 0;
        use_effect_with((props.look_at, shown), move |(line, _)| {
            if let Some(line) = line.filter(|_| !has_focus(&area)) {
                look_at(&scroller, line);
            }
        });
    }
    {
        let (area, scroller, text) = (area.clone(), scroller.clone(), props.text.clone());
        use_effect_with(props.caret, move |caret| {
            if let Some((byte, _)) = *caret {
                put_caret(&area, &text, byte);
                show_line(&scroller, &text, byte);
            }
        });
    }
    let wrong = if pending { Vec::new() } else { props.wrong.clone() };
    let update = use_force_update();
    let onopen = {
        let (draft, update) = (draft.clone(), update.clone());
        Callback::from(move |_: MouseEvent| {
            draft.borrow_mut().open();
            update.force_update();
        })
    };
    let oninput = Callback::from(move |event: InputEvent| {
        if let Some(written) = fields::text(&event) {
            draft.borrow_mut().write(written.into());
            update.force_update();
        }
    });
    let looked_at = use_part(&scroller);
    let onblur = hand_over.reform(|_: FocusEvent| ());
    let onfocus = props.onfocus.reform(|_: FocusEvent| ());
    let field = html! {
        <textarea ref={area} value={text.to_string()} {oninput} {onfocus} {onblur} aria-label={props.label.clone()}
            spellcheck="false" autocapitalize="off" autocomplete="off" wrap="off" />
    };
    let field = writable.then_some(field);
    let sheet = Sheet { scroller, looked_at, text: &text, markers: &props.markers, wrong, field };
    html! {
        <>
            if !writable {
                <p class="long hint">{ "This text is long, so only the part in view is drawn. " }
                    <button type="button" data-testid="open-text" onclick={onopen}>{ "Write in it" }</button></p>
            }
            { sheet.draw(Some(props.source)) }
        </>
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
