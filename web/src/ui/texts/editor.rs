//! A text that can be edited, with the CPUs' places beside it: a plain field, and the editor as soon as it has come.

use crate::browser::{
    Editing, EditorShown, EditorTold, Granted, Wish, use_before_leaving, use_editor, use_later, use_steady,
    use_width,
};
use crate::ui::texts::marker::Marker;
use crate::ui::texts::plain::{Drawn, Writing, use_plain};
use lab::model::changes::{ChangedLine, beside};
use lab::model::draft::Draft;
use lang::diagnostic::Diagnostic;
use lang::source::{SourceId, Span};
use std::rc::Rc;
use std::sync::Arc;
use yew::prelude::*;

#[derive(Clone, PartialEq, Properties)]
pub struct Props {
    /// Its name for screen readers.
    pub label: AttrValue,
    /// Which text it is.
    pub source: u8,
    /// What the text is called.
    pub name: AttrValue,
    pub text: Arc<str>,
    /// The compiler's messages about all texts.
    pub diagnostics: Rc<Vec<Diagnostic>>,
    /// Where the CPUs are.
    pub markers: Vec<Marker>,
    /// The lines that differ from the library's text.
    pub changes: Option<Rc<Vec<ChangedLine>>>,
    /// The text that belongs to it.
    pub beside: Arc<str>,
    /// What is selected, as the editor asks about it.
    pub selected: Rc<str>,
    /// A line that should be in view, from 1.
    pub look_at: Option<u32>,
    /// Where the caret goes.
    pub wish: Option<Wish>,
    /// What was granted last.
    pub granted: Granted,
    /// The text shows what the run does as long as nobody writes.
    pub follows: bool,
    /// The text was edited.
    pub onedit: Callback<String>,
    /// It has the focus.
    pub onfocus: Callback<()>,
    /// The run should go on to one of these lines, each with its text.
    pub onrun: Callback<Vec<(SourceId, u32)>>,
    /// The reader goes to a place in another text: its number, and a byte of it.
    pub ongo: Callback<(u8, u32)>,
}

/// How long after a key the text is handed over, in milliseconds.
const SETTLED: u32 = 300;

/// How long a message stands beside a text that has been written in since, in milliseconds.
const STALE: u32 = 1500;

/// The editor. What is in the field is the writer's: it is set only to a text that comes from elsewhere, and nothing
/// scrolls while the field has the focus. The plain field stands there until the editor has come (`browser/editor.rs`).
#[component]
pub fn Editor(props: &Props) -> Html {
    let place = use_node_ref();
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
    use_pauses(pending.then(|| text.clone()), !props.diagnostics.is_empty(), &hand_over);
    use_before_leaving(hand_over.clone());
    {
        // Another text comes to the front.
        let hand_over = hand_over.clone();
        use_effect_with((), move |()| move || hand_over.emit(()));
    }
    let update = use_force_update();
    let wrote = {
        let (draft, update) = (draft.clone(), update.clone());
        Callback::from(move |written: String| {
            draft.borrow_mut().write(written.into());
            update.force_update();
        })
    };
    // On narrow pages the text is not shown all the time: then nothing can be scrolled.
    let in_sight = use_width(place.clone()) > 0;
    let look_at = props.look_at.filter(|_| in_sight);
    let told = EditorTold {
        wrote: wrote.clone(),
        focus: props.onfocus.clone(),
        blur: hand_over.clone(),
        run: props.onrun.clone(),
        go: props.ongo.clone(),
    };
    // Where somebody writes, nothing scrolls unless they want the text to follow the run.
    let editing = shown(props, pending, look_at.filter(|_| props.follows));
    let Editing { here, coming, wish } = use_editor(&place, &draft, editing, told, &props.granted);
    let writable = here || draft.borrow().writable();
    use_steady(place.clone(), writable);
    let wished = props.wish.filter(|_| !coming);
    // A browser without a window of its own tells nobody of the focus, but of letters.
    let wrote = wrote.reform({
        let wish = wish.clone();
        move |written: String| {
            wish.emit(());
            written
        }
    });
    let focused = props.onfocus.reform(move |()| wish.emit(()));
    let plain = use_plain(&props.text, look_at, wished, Writing { wrote, focused, blurred: hand_over });
    let onopen = Callback::from(move |_: MouseEvent| {
        draft.borrow_mut().open();
        update.force_update();
    });
    html! {
        <>
            if !writable {
                <p class="long hint">{ "This text is long, so only the part in view is drawn. " }
                    <button type="button" data-testid="open-text" onclick={onopen}>{ "Write in it" }</button></p>
            }
            <div class="place" ref={place}>
                if !here {
                    { plain.draw(Drawn {
                        label: &props.label,
                        source: props.source,
                        markers: &props.markers,
                        text: &text,
                        wrong: wrong(props, pending),
                        writable,
                    }) }
                }
            </div>
        </>
    }
}

/// Hands over what is pending: when its writer pauses; and where messages stand beside it, before they are too old. Whoever writes
/// without a pause does not keep a message that is not true any more.
#[hook]
fn use_pauses(pending: Option<Arc<str>>, messages: bool, hand_over: &Callback<()>) {
    let old = (pending.is_some() && messages).then_some(());
    use_later(pending, SETTLED, hand_over.reform(|_| ()));
    use_later(old, STALE, hand_over.reform(|_| ()));
}

/// What the editor shows.
fn shown(props: &Props, pending: bool, look_at: Option<u32>) -> EditorShown {
    let Props { label, source, name, text, diagnostics, markers, selected, wish, .. } = props;
    let differing = || -> String {
        let changes = props.changes.as_deref().map_or(&[][..], Vec::as_slice);
        beside(changes).into_iter().map(|[line, kind]| format!("{line} {kind},")).collect()
    };
    EditorShown {
        source: *source,
        name: name.clone(),
        label: label.clone(),
        given: text.clone(),
        found: (!pending).then(|| diagnostics.clone()),
        standing: (!pending).then(|| {
            markers.iter().map(|at| format!("{} {} {},", at.cpu, at.line, u8::from(at.here))).collect()
        }),
        differing: (!pending).then(differing),
        beside: props.beside.clone(),
        selected: selected.clone(),
        look_at,
        wish: *wish,
    }
}

/// The places of the messages about the text, unless it has been written in since.
fn wrong(props: &Props, pending: bool) -> Vec<Span> {
    let own = |found: &&Diagnostic| !pending && found.source.0 == props.source;
    props.diagnostics.iter().filter(own).map(|found| found.span).collect()
}
