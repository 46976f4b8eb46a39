//! The editor that a text gets when somebody begins to write in it: a file of its own (`web/editor`), which
//! `web/boot.js` asks for when it is needed. Until it is here, and where it can't be had, the plain field takes its
//! place.
//!
//! The editor knows no language: it asks the page for what it shows, by one function with the name of the question.

use super::library::of;
use js_sys::{Function, Promise};
use lab::model::draft::Draft;
use lab::view::colours;
use lang::Selection;
use lang::diagnostic::{Diagnostic, Severity};
use lang::source::SourceId;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;
use wasm_bindgen::prelude::*;
use web_sys::Element;
use yew::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// The file, as `web/editor/src/main.js` exports it.
    #[derive(Clone)]
    type File;
    #[wasm_bindgen(method)]
    fn open(
        this: &File,
        place: &Element,
        source: u8,
        label: &str,
        begun: &str,
        written: &str,
        ask: &JsValue,
    ) -> Field;

    /// A field of it, as `web/editor/src/field.js` has it.
    pub(super) type Field;
    #[wasm_bindgen(method)]
    fn tell(this: &Field, what: &str, said: &str, number: u32);
    #[wasm_bindgen(method, js_name = lineAt)]
    pub(super) fn line_at(this: &Field, y: i32) -> u32;
    #[wasm_bindgen(method)]
    fn close(this: &Field);
}

impl Field {
    /// Lights a line, from 1, and no other; 0 for none.
    pub(super) fn light(&self, line: u32) {
        self.tell("light", "", line);
    }
}

/// The field of the editor that an element of the document belongs to.
pub(super) fn field_of(editor: &Element) -> Option<Field> {
    let field = of(editor, "field");
    (!field.is_undefined()).then(|| field.unchecked_into())
}

/// What the editor shows.
#[derive(Clone, PartialEq)]
pub struct EditorShown {
    /// Which text it is.
    pub source: u8,
    /// The text's name: another one is another text, and what was done with the text before can't be undone in it.
    pub name: AttrValue,
    /// Its name for screen readers.
    pub label: AttrValue,
    /// The text as the page has it.
    pub given: Arc<str>,
    /// What the compiler says of all texts; nothing while it has not seen what was written last.
    pub found: Option<Rc<Vec<Diagnostic>>>,
    /// Where the CPUs are: for each its number, its line, and 1 if it stands there, as in `0 12 1,1 7 0,`. Nothing as long as the
    /// lines may have moved.
    pub standing: Option<String>,
    /// The lines that differ from the library's text, each with its kind as [`lab::model::changes::beside`] has it, as in `3 1,8 2,`.
    /// Nothing as long as the lines may have moved.
    pub differing: Option<String>,
    /// The text that belongs to it: the kernel of a scenario, the scenario of a kernel; empty if there is none.
    pub beside: Arc<str>,
    /// What is selected, as `crates/prompter` reads it ([`selected`]).
    pub selected: Rc<str>,
    /// A line that should be in view, from 1.
    pub look_at: Option<u32>,
    /// Where the caret goes.
    pub wish: Option<Wish>,
}

/// Somebody wants to write in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wish {
    /// The text.
    pub source: u8,
    /// The byte that the caret goes to; nothing if it stays where it was.
    pub byte: Option<u32>,
    /// Each has its own, from 1. A text that comes to the front again does not grant one that has been granted.
    pub number: u32,
}

/// The number of the wish that was granted last.
pub type Granted = Rc<Cell<u32>>;

/// Whether a click is one of a mouse: after a tap the keyboard of a phone would cover the text, and whoever has pressed a key goes on
/// from the button.
#[must_use]
pub fn by_mouse(click: &MouseEvent) -> bool {
    click.detail() > 0 && of(click, "pointerType").as_string().as_deref() != Some("touch")
}

/// A selection in one text: the number of the case, if there is one, then the options with their choices.
#[must_use]
pub fn selected(selection: &Selection) -> Rc<str> {
    let case = selection.case.map(|case| case.to_string()).unwrap_or_default();
    let pairs = selection.options.iter().map(|(name, choice)| format!("{name}{SEPARATOR}{choice}\u{1e}"));
    format!("{case}\u{1e}{}", pairs.collect::<String>()).into()
}

/// What the editor tells.
#[derive(Clone, PartialEq)]
pub struct EditorTold {
    /// The text as it is now.
    pub wrote: Callback<String>,
    /// It has the focus.
    pub focus: Callback<()>,
    /// It has lost the focus.
    pub blur: Callback<()>,
    /// The run should go on to one of these lines: each with its text, and counted from 1.
    pub run: Callback<Vec<(SourceId, u32)>>,
    /// The reader goes to a place in another text: its number, and a byte of it.
    pub go: Callback<(u8, u32)>,
}

impl EditorTold {
    /// Answers a question of the editor; nothing to what it only tells.
    fn answer(&self, what: &str, text: String, a: u32, b: u32) -> JsValue {
        match what {
            "words" => return colours::told(&text, a as usize..b as usize).into(),
            "wrote" => self.wrote.emit(text),
            "focus" => self.focus.emit(()),
            "run" => self.run.emit(lines(&text)),
            "go" => self.go.emit((u8::try_from(a).unwrap_or(u8::MAX), b)),
            _ => self.blur.emit(()),
        }
        JsValue::UNDEFINED
    }
}

/// Marked lines, as the editor tells them: for each the number of its text and its own, as in `0 3,1 8,`.
fn lines(said: &str) -> Vec<(SourceId, u32)> {
    let one = |said: &str| {
        let (source, line) = said.split_once(' ')?;
        let [source, line] = [source, line].map(|number| number.parse::<u32>().unwrap_or_default());
        Some((SourceId(u8::try_from(source).ok()?), line))
    };
    said.split(',').filter_map(one).collect()
}

/// The text that somebody began to write in, before the editor came.
type Begun = Rc<RefCell<Option<Arc<str>>>>;

type Ask = Closure<dyn Fn(String, String, u32, u32) -> JsValue>;

/// An open field. Dropping it takes it out of the document.
struct Opened {
    field: Field,
    _ask: Ask,
}

impl Drop for Opened {
    fn drop(&mut self) {
        self.field.close();
    }
}

/// The editor in the place of a plain field.
pub struct Editing {
    /// Whether it is there, and the plain field is not needed.
    pub here: bool,
    /// Whether it is there or about to be.
    pub coming: bool,
    /// Somebody begins to write, or will.
    pub wish: Callback<()>,
}

/// Puts the editor into `place`, beside the plain field, as soon as somebody has wished for it and it has come.
#[hook]
pub fn use_editor(
    place: &NodeRef,
    draft: &Rc<RefCell<Draft>>,
    shown: EditorShown,
    told: EditorTold,
    granted: &Granted,
) -> Editing {
    let file = use_state(here);
    let latest = use_mut_ref(|| told.clone());
    *latest.borrow_mut() = told;
    let begun: Begun = use_mut_ref(|| None);
    let wish = {
        let (setter, draft, begun) = (file.setter(), draft.clone(), begun.clone());
        use_callback(file.is_some(), move |(), here| {
            if !here {
                begun.borrow_mut().get_or_insert_with(|| draft.borrow().text().clone());
                ask_for(setter.clone());
            }
        })
    };
    let ask = move || -> Ask {
        let latest = latest.clone();
        Closure::new(move |what: String, text: String, a: u32, b: u32| {
            let told = latest.borrow().clone();
            told.answer(&what, text, a, b)
        })
    };
    let coming = file.is_some();
    let opened = use_opened(place, draft, &shown, file.as_ref().map(|file| (file.clone(), begun)), ask);
    let here = opened.is_some();
    use_shown(opened, draft, (coming, granted.clone()), shown);
    Editing { here, coming, wish }
}

/// Opens the field when the file is there, with the way back to the text that was begun with.
#[hook]
fn use_opened(
    place: &NodeRef,
    draft: &Rc<RefCell<Draft>>,
    shown: &EditorShown,
    file: Option<(File, Begun)>,
    ask: impl Fn() -> Ask + 'static,
) -> Option<Rc<Opened>> {
    let opened = use_state(|| None::<Rc<Opened>>);
    let setter = opened.setter();
    let (place, draft, shown) = (place.clone(), draft.clone(), shown.clone());
    use_effect_with(file.is_some(), move |_| {
        if let (Some((file, begun)), Some(place)) = (file, place.cast::<Element>()) {
            let ask = ask();
            let written = draft.borrow().text().clone();
            let EditorShown { source, label, given, .. } = &shown;
            let begun = begun.take().unwrap_or_else(|| given.clone());
            let field = file.open(&place, *source, label, &begun, &written, ask.as_ref());
            setter.set(Some(Rc::new(Opened { field, _ask: ask })));
        }
    });
    (*opened).clone()
}

/// Keeps an open field as the page wants it. The text is set while the page is drawn: the browser may take a key before effects run,
/// and what is in the field counts.
#[hook]
fn use_shown(
    opened: Option<Rc<Opened>>,
    draft: &Rc<RefCell<Draft>>,
    granting: (bool, Granted),
    shown: EditorShown,
) {
    let (coming, granted) = granting;
    let last = use_mut_ref(|| (shown.name.clone(), draft.borrow().text().clone()));
    let now = (shown.name.clone(), draft.borrow().text().clone());
    let before = last.replace(now.clone());
    if let Some(opened) = opened.as_ref().filter(|_| before != now) {
        opened.field.tell("set", &now.1, u32::from(before.0 != now.0));
    }
    let told = use_mut_ref(|| None::<EditorShown>);
    // Until the editor is about to come, the plain field puts the caret where it is wished to be.
    if let Some(wish) = shown.wish.filter(|_| !coming) {
        granted.set(wish.number);
    }
    use_effect_with((opened.is_some(), shown), move |(_, shown)| {
        if let Some(opened) = opened {
            let before = told.replace(Some(shown.clone()));
            let wish = shown.wish.filter(|wish| granted.replace(wish.number) != wish.number);
            tell(&opened.field, before.as_ref(), shown, wish);
        }
    });
}

/// Tells a field what has changed.
fn tell(field: &Field, before: Option<&EditorShown>, shown: &EditorShown, wish: Option<Wish>) {
    let other = before.is_none_or(|before| before.given != shown.given);
    if let Some(found) = &shown.found
        && (other || before.and_then(|before| before.found.as_ref()) != Some(found))
    {
        field.tell("remark", &remarks(found, shown), 0);
    }
    if let Some(standing) = &shown.standing
        && (other || before.and_then(|before| before.standing.as_ref()) != Some(standing))
    {
        field.tell("stand", standing, 0);
    }
    if let Some(differing) = &shown.differing
        && (other || before.and_then(|before| before.differing.as_ref()) != Some(differing))
    {
        field.tell("differ", differing, 0);
    }
    if before.is_none_or(|before| before.beside != shown.beside) {
        field.tell("beside", &shown.beside, 0);
    }
    if before.is_none_or(|before| before.selected != shown.selected) {
        field.tell("choose", &shown.selected, 0);
    }
    if let Some(line) = shown.look_at
        && before.and_then(|before| before.look_at) != shown.look_at
    {
        field.tell("lookAt", "", line);
    }
    match wish.map(|wish| wish.byte) {
        Some(Some(byte)) => field.tell("caret", "", colours::units_before(&shown.given, byte)),
        Some(None) => field.tell("enter", "", 0),
        None => {}
    }
}

/// Ends a message, and stands between a name and its choice.
const SEPARATOR: char = '\u{1f}';

/// The messages about one text: for each, where it begins and ends, how grave it is, and its sentence.
fn remarks(found: &[Diagnostic], shown: &EditorShown) -> String {
    let text = &shown.given;
    let mut all = String::new();
    for found in found {
        // A place behind the text is in a kernel that this one extends.
        if found.source.0 != shown.source || found.span.start as usize > text.len() {
            continue;
        }
        let [from, to] = [found.span.start, found.span.end].map(|byte| colours::units_before(text, byte));
        let severity = if found.severity == Severity::Error { "error" } else { "warning" };
        let advice = found.advice.as_deref().unwrap_or_default();
        // A message may quote the text, which may have any letter in it.
        let said = format!("{}\n{advice}", found.message).replace(SEPARATOR, " ");
        all += &format!("{from} {to} {severity} {severity}: {said}{SEPARATOR}");
    }
    all
}

/// What `web/boot.js` keeps of the editor: the file when it is `here`, and `come`, which asks for it.
fn kept() -> JsValue {
    of(&js_sys::global(), "editor")
}

fn here() -> Option<File> {
    let file = of(&kept(), "here");
    (!file.is_undefined()).then(|| file.unchecked_into())
}

/// Asks for the file. If it does not come, the plain field stays, and whoever comes back to it asks again.
fn ask_for(setter: UseStateSetter<Option<File>>) {
    let come = of(&kept(), "come").dyn_into::<Function>().ok().and_then(|come| come.call0(&kept()).ok());
    if let Some(promise) = come.and_then(|promise| promise.dyn_into::<Promise>().ok()) {
        let came = Closure::once(move |_: JsValue| setter.set(here()));
        // `come` does not fail: without the file, `here` is as it was.
        let _ = promise.then(&came);
        came.forget();
    }
}
