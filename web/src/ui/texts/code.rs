//! The texts, scenario, kernel and costs, to read along with the machine and to change.

use crate::browser::{Granted, Wish, by_mouse, use_steady};
use crate::ui::parts::dispatch::use_dispatch;
use crate::ui::parts::icon::{Icon, pictogram};
use crate::ui::parts::isolated::isolated;
use crate::ui::texts::editor::Editor;
use crate::ui::texts::marker::Marker;
use crate::ui::texts::plain::Reading;
use lab::Act;
use lab::model::changes::ChangedLine;
use lab::view::texts::{self, Extended, Source};
use lang::diagnostic::{Diagnostic, Severity};
use lang::source::{SourceId, Span};
use scene::view::PositionView;
use std::rc::Rc;
use std::sync::Arc;
use yew::prelude::*;

#[derive(Clone, PartialEq, Properties)]
pub struct Props {
    /// Scenario and kernel, and the table of costs if it is open.
    pub sources: Rc<Vec<Source>>,
    /// The compiler's messages.
    pub diagnostics: Rc<Vec<Diagnostic>>,
    /// Where each CPU is, in the texts that were compiled last.
    pub positions: Vec<PositionView>,
    /// The texts are those that were compiled last.
    pub current: bool,
    /// The CPU that acted.
    pub acted: Option<u8>,
    /// How many times each text has become another one by anything but an edit.
    pub texts: [u32; 3],
    /// What is selected, as the editor asks about it.
    pub selected: Rc<str>,
    /// What stands beside the names of the texts: files.
    #[prop_or_default]
    pub files: Html,
}

/// The texts.
#[component]
pub fn Code(props: &Props) -> Html {
    let act = &use_dispatch();
    let Props { sources, diagnostics, positions, current, acted, texts, selected, files } = props;
    // A reader who comes back to a text, or opens a link, finds the edited text in front.
    let chosen = use_state(|| texts::written(sources, diagnostics));
    let (write, wish, granted) = use_wish(chosen.setter());
    // As long as the reader has not chosen a text, the text that the acting CPU runs is in front.
    let at_work = acted.and_then(|cpu| positions.get(usize::from(cpu))).filter(|position| !position.ended);
    let following =
        at_work.or_else(|| positions.iter().find(|position| !position.ended)).map(|position| position.source);
    let front = chosen.or(following).unwrap_or(1).min(sources.len() as u8 - 1);
    let source = &sources[usize::from(front)];
    let at = |text: &str, start: u32| {
        if *current { markers(positions, front, text, start) } else { Vec::new() }
    };
    let markers = at(&source.text, 0);
    let extended = source.extended.iter().map(|of| extended(of, at(&of.text, of.start)));
    let of_actor = markers.iter().find(|marker| Some(marker.cpu) == *acted);
    let look_at = of_actor.or_else(|| markers.first()).map(|marker| marker.line);
    let tab = |index: u8| {
        let (chosen, write) = (chosen.clone(), write.clone());
        // Whoever writes goes on writing, in the other text: letters are not keys of the page then.
        let onclick = move |click: MouseEvent| match by_mouse(&click) {
            true => write.emit((index, None)),
            false => chosen.set(Some(index)),
        };
        let found = Found::of(diagnostics, |found| found.source.0 == index);
        html! {
            <button type="button" role="tab" aria-selected={(front == index).to_string()} {onclick} data-testid={format!("tab-{index}")}>
                { &sources[usize::from(index)].title }
                if sources[usize::from(index)].edited { <i>{ sources[usize::from(index)].written() }</i> }
                { found.count() }
            </button>
        }
    };
    let onedit = {
        let of = texts.get(usize::from(front)).copied().unwrap_or_default();
        act.reform(move |text: String| Act::Typed(of, SourceId(front), text))
    };
    let onfocus = {
        let chosen = chosen.clone();
        Callback::from(move |()| chosen.set(Some(front)))
    };
    let follow = {
        let chosen = chosen.clone();
        move |_: MouseEvent| chosen.set(if chosen.is_some() { None } else { Some(front) })
    };
    let reset = act.reform(move |_: MouseEvent| Act::Reset(SourceId(front)));
    let go = write.reform(|(source, byte): (u8, u32)| (source, Some(byte)));
    let beside = beside(sources, front);
    let place = use_node_ref();
    // Files, tabs and tools stay below the pointer while other texts change what is above.
    use_steady(place.clone(), true);
    html! {
        <section ref={place} class="code panel" data-testid="code" aria-label="The texts">
            <header>
                <div role="tablist" aria-label="Text">{ for (0..sources.len() as u8).map(tab) }</div>
                { files.clone() }
                <button type="button" role="switch" class="follow" aria-checked={chosen.is_none().to_string()} onclick={follow}
                    title="Show the text that the acting CPU runs"><span class="knob" />{ "Follow" }</button>
            </header>
            { state(diagnostics, front, sources, &go) }
            <Editor key={front.to_string()} source={front} label={format!("Text of {}", source.title)} name={source.title.clone()} text={source.text.clone()} diagnostics={diagnostics.clone()}
                {markers} changes={source.changes.clone()}
                onrun={act.reform(Act::RunTo)} {beside} selected={selected.clone()} ongo={go.clone()} {look_at} follows={chosen.is_none()}
                wish={wish.filter(|wish| wish.source == front)} {granted} {onedit} {onfocus} />
            // In a list of its own: one that grows among its neighbours creates the buttons above again, and their focus is lost.
            <>{ for extended }{ side_by_side(source) }</>
            // Below the text, so that remarks that come and go with an edit do not move the line that is being
            // written. And in a separate place: a list that grows here would create the field again, and the focus
            // would be lost.
            if let Some(changes) = source.changes.as_deref() { { changed(changes, source, act, reset) } }
            if !diagnostics.is_empty() {
                <ul class="diagnostics" data-testid="diagnostics">
                    { for diagnostics.iter().map(|found| diagnostic(found, sources, &go)) }
                </ul>
            }
        </section>
    }
}

/// Takes the number of a text, and a byte of it.
type Write = Callback<(u8, Option<u32>)>;

/// What somebody calls who wants to write in a text, at a byte of it or where the caret was; the last wish, unless it has been granted;
/// and what was granted last. The text comes to the front.
#[hook]
fn use_wish(chosen: UseStateSetter<Option<u8>>) -> (Write, Option<Wish>, Granted) {
    let wish = use_state(|| None::<Wish>);
    let granted = use_mut_ref(Granted::default).borrow().clone();
    let last = wish.filter(|wish| wish.number != granted.get());
    let write = Callback::from(move |(source, byte): (u8, Option<u32>)| {
        chosen.set(Some(source));
        wish.set(Some(Wish { source, byte, number: wish.map_or(1, |wish| wish.number + 1) }));
    });
    (write, last, granted)
}

/// What leads from the kernel to the page on which it stands beside another one.
fn side_by_side(source: &Source) -> Html {
    let link = |kernel: &str| {
        html! { <a class="reset" data-testid="side-by-side" target="_blank" href={format!("./kernels.html#{kernel}")}>{ "Compare with another kernel" }</a> }
    };
    source.in_library.map(link).unwrap_or_default()
}

/// The text that belongs to one: the kernel of a scenario, the scenario of a kernel. The table of costs stands alone.
fn beside(sources: &[Source], front: u8) -> Arc<str> {
    let other = [1, 0].get(usize::from(front)).and_then(|other: &usize| sources.get(*other));
    other.map_or_else(|| "".into(), |other| other.text.clone())
}

/// What the reader has changed, to be unfolded, and the way back.
fn changed(
    changes: &[ChangedLine],
    source: &Source,
    act: &Callback<Act>,
    reset: Callback<MouseEvent>,
) -> Html {
    /// Lines shown at most.
    const MOST: usize = 200;
    let came = changes.iter().filter(|change| change.came).count();
    let line = |change: &ChangedLine| {
        let (class, sign, said) =
            if change.came { ("came", "+", "new") } else { ("gone", "\u{2212}", "gone") };
        html! {
            <li {class}>
                <span class="visually-hidden">{ format!("{said}, line ") }</span>
                <i>{ change.line }</i><b aria-hidden="true">{ sign }</b><code>{ &change.text }</code>
            </li>
        }
    };
    let more = changes.len().saturating_sub(MOST);
    html! {
        <div class="changed">
        <details class="changes" data-testid="changes">
            <summary>{ format!("Lines that differ from the library\u{2019}s text: {came} new, {} gone", changes.len() - came) }</summary>
            <ul>{ for changes.iter().take(MOST).map(line) }</ul>
            if more > 0 { <p class="hint">{ format!("and {more} more") }</p> }
        </details>
        if let Some(unedited) = source.unedited.clone() {
            <button type="button" class="reset" data-testid="compare-unedited"
                onclick={act.reform(move |_: MouseEvent| Act::Compare(Some(unedited.clone())))}>
                { "Compare with the unedited kernel" }
            </button>
        }
        <button type="button" class="reset" data-testid="reset-text" onclick={reset}>
            { pictogram(Icon::Undo) }{ "Reset text" }
        </button>
        </div>
    }
}

/// Whether the texts compile, above the field and always as high: in view wherever one writes, and nothing moves. The list below
/// has all of it. An error of the text in front comes first: its reader is writing there.
fn state(diagnostics: &[Diagnostic], front: u8, sources: &[Source], go: &Callback<(u8, u32)>) -> Html {
    let errors = || diagnostics.iter().filter(|found| found.severity == Severity::Error);
    let Some(first) = errors().find(|found| found.source.0 == front).or_else(|| errors().next()) else {
        let said = match diagnostics.len() {
            0 => "No errors".to_owned(),
            1 => "No errors, 1 warning".to_owned(),
            count => format!("No errors, {count} warnings"),
        };
        return html! { <p class="state" data-testid="text-state">{ said }</p> };
    };
    let (place, onclick) = way(first, sources, go);
    let more = errors().count() - 1;
    html! {
        <p class="state error" data-testid="text-state">
            <button type="button" {onclick}><b>{ place }</b><span>{ isolated(&first.message) }</span></button>
            if more > 0 { <i>{ format!("and {more} more") }</i> }
        </p>
    }
}

/// How much there is to say of a text.
struct Found {
    errors: usize,
    all: usize,
}

impl Found {
    fn of(diagnostics: &[Diagnostic], about: impl Fn(&Diagnostic) -> bool) -> Found {
        let here = diagnostics.iter().filter(|found| about(found));
        let errors = here.clone().filter(|found| found.severity == Severity::Error).count();
        Found { errors, all: here.count() }
    }

    /// The number beside the name of the text: of its errors, or else of its warnings.
    fn count(&self) -> Html {
        match (self.errors, self.all) {
            (0, 0) => html! {},
            (0, warnings) => html! { <b class="count warning">{ warnings }</b> },
            (errors, _) => html! { <b class="count">{ errors }</b> },
        }
    }
}

/// Where a message is about, in words, and what leads there.
fn way(found: &Diagnostic, sources: &[Source], go: &Callback<(u8, u32)>) -> (String, Callback<MouseEvent>) {
    let source = found.source.0.min(sources.len() as u8 - 1);
    let text = &sources[usize::from(source)].text;
    let (line, column) = found.span.line_column(text);
    let behind = sources[usize::from(source)].extended.iter().rfind(|of| found.span.start >= of.start);
    let place = match (source, found.span.start as usize > text.len()) {
        (_, true) => behind.map_or_else(|| "the extended kernel".to_owned(), |of| of.name.clone()),
        (0, false) => format!("scenario {line}:{column}"),
        (1, false) => format!("kernel {line}:{column}"),
        (_, false) => format!("costs {line}:{column}"),
    };
    let start = found.span.start;
    (place, go.reform(move |_: MouseEvent| (source, start)))
}

fn diagnostic(found: &Diagnostic, sources: &[Source], go: &Callback<(u8, u32)>) -> Html {
    let (place, onclick) = way(found, sources, go);
    let class = match found.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    html! {
        <li class={class}>
            <button type="button" {onclick}>
                <b>{ place }</b>
                <span>{ isolated(&format!("{class}: {}", found.message)) }</span>
                if let Some(advice) = &found.advice { <i>{ isolated(advice) }</i> }
            </button>
        </li>
    }
}

/// The text of a kernel that the one in front extends.
fn extended(of: &Extended, markers: Vec<Marker>) -> Html {
    let title = format!("{}, which it extends", of.name);
    html! {
        <section class="extended" data-testid="extended" aria-label={title.clone()}>
            <h3>{ title }</h3>
            <Reading label={format!("Text of {}", of.name)} text={of.text.clone()} {markers} />
        </section>
    }
}

/// Where the CPUs are in one of the texts: the statement each is at, or the call that it is inside of. Places count from
/// `first`, where the text begins.
pub(super) fn markers(positions: &[PositionView], source: u8, text: &str, first: u32) -> Vec<Marker> {
    let line = |start: u32, end: u32| Span { start: start - first, end: end - first }.line_column(text).0;
    // A place after the end of the text is in a kernel that this one extends.
    let shown = |start: u32| start >= first && ((start - first) as usize) < text.len();
    let place = |(cpu, position): (usize, &PositionView)| {
        let cpu = cpu as u8;
        if position.ended {
            return None;
        }
        if position.source == source && shown(position.start) {
            return Some(Marker { cpu, line: line(position.start, position.end), here: true });
        }
        let caller = position.callers.iter().find(|caller| caller.0 == source && shown(caller.1))?;
        Some(Marker { cpu, line: line(caller.1, caller.2), here: false })
    };
    positions.iter().enumerate().filter_map(place).collect()
}
