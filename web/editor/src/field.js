// The field, as the page handles it (web/src/browser/editor.rs). It stands where the plain field stood, and has what that had.

import "./sheets.js";
import { Annotation, EditorSelection, EditorState } from "@codemirror/state";
import { EditorView, highlightSpecialChars, lineNumbers } from "@codemirror/view";
import { difference, differences, selected, settle } from "./carry.js";
import { brackets } from "./brackets.js";
import { changed, differing } from "./changed.js";
import { complete } from "./complete.js";
import { cpus, standing } from "./cpus.js";
import { explaining } from "./explain.js";
import { follow } from "./follow.js";
import { keep, markedBefore, opened } from "./kept.js";
import { keys } from "./keys.js";
import { layout } from "./layout.js";
import { lighting, lit } from "./lit.js";
import { look } from "./look.js";
import { named } from "./named.js";
import { placing } from "./places.js";
import { Workspace, come } from "./prompter.js";
import { remark, remarks } from "./remarks.js";
import { stops } from "./stops.js";
import { tools } from "./tools.js";
import { words } from "./words.js";

// A change that the page has made: it is not told to the page.
const theirs = Annotation.define();

// What the editor consists of. `ask(what, text, a, b)` asks or tells the page, and the workspace asks what knows the language.
const parts = (label, source, ask, workspace) => [
  // Line ends are kept as they are: the page counts its letters too.
  EditorState.lineSeparator.of("\n"),
  EditorView.clipboardInputFilter.of((text) => text.replace(/\r\n?/g, "\n")),
  EditorView.contentAttributes.of({ "aria-label": label, tabindex: "0" }),
  EditorView.editorAttributes.of({ class: "editor", "data-source": String(source) }),
  EditorState.tabSize.of(4),
  remarks,
  // Of a table of costs no CPU has a line.
  source > 1 ? [] : stops,
  cpus,
  // A click on a number selects the line: the keyboard stays in the text.
  lineNumbers({
    domEventHandlers: {
      mousedown: (view, { from, to }, event) => {
        event.preventDefault();
        view.dispatch({ selection: { anchor: from, head: to } });
        view.focus();
        return true;
      },
    },
  }),
  // What has no shape of its own is shown as a dot: what changes the direction of writing would reorder the code around it.
  highlightSpecialChars({ addSpecialChars: /[\u202a-\u202e\u2066-\u2069]/g }),
  changed,
  EditorView.domEventHandlers({
    // A file is opened by the page (web/later/extras.js), not put into the text.
    drop: (event) => Boolean(event.dataTransfer?.files.length),
    // At once, and not when the view has noticed: the page saves what it has been told, and may have the focus come back.
    blur: () => {
      ask("blur", "", 0, 0);
      return false;
    },
  }),
  words(ask),
  named(workspace),
  lit,
  brackets,
  complete(workspace),
  explaining(workspace),
  placing(workspace),
  layout(workspace),
  tools(workspace),
  keys,
  follow,
  look,
  EditorView.updateListener.of(({ docChanged, transactions, state }) => {
    const own = transactions.some((one) => one.docChanged && !one.annotation(theirs));
    if (docChanged && own) ask("wrote", state.doc.toString(), 0, 0);
  }),
  EditorView.focusChangeEffect.of((_, focused) => {
    // Not from inside a transaction: the page may answer by another one.
    if (focused) queueMicrotask(() => ask("focus", "", 0, 0));
    return null;
  }),
];

// Nobody leaves the field when the focus goes from the plain one to this one: the page, which would take a text in the middle of a
// word, does not hear of it.
const unnoticed = (change) => {
  const stop = (event) => event.stopImmediatePropagation();
  for (const kind of ["blur", "focusout"]) addEventListener(kind, stop, true);
  change();
  for (const kind of ["blur", "focusout"]) removeEventListener(kind, stop, true);
};

class Field {
  constructor(place, source, label, begun, written, ask) {
    // A field that is closed is blurred as well, and then nobody listens any more.
    const open = (...asked) => (this.closed ? undefined : ask(...asked));
    this.workspace = new Workspace(source, open);
    this.parts = parts(label, source, open, this.workspace);
    // What knows the language says which words are names.
    come().then(() => this.closed || this.view.dispatch({}));
    const plain = place.querySelector("textarea");
    const scroller = plain?.closest(".editor");
    const focused = plain && document.activeElement === plain;
    // Where nobody has begun in the plain field, caret and view are where they were the last time.
    const used = focused || begun !== written;
    const kept = opened(source, begun, this.parts);
    const changes = difference(begun, written);
    const started = used ? kept.state.update({ selection: { anchor: changes.from } }).state : kept.state;
    const { state } = started.update({ changes });
    this.view = new EditorView({
      state: used ? state.update({ selection: selected(plain, state.doc.length) }).state : state,
      parent: place,
    });
    const from = (used ? scroller : kept.place) ?? scroller;
    if (from) settle(this.view, from);
    // A view that is taken out of the document does not know any more how far it was scrolled.
    const { scrollDOM } = this.view;
    const scrolled = () => { this.place = { scrollTop: scrollDOM.scrollTop, scrollLeft: scrollDOM.scrollLeft }; };
    scrolled();
    scrollDOM.addEventListener("scroll", scrolled, { passive: true });
    this.left = () => keep(source, this.view.state, this.place);
    addEventListener("pagehide", this.left);
    // For whoever finds it in the document.
    this.view.dom.field = this;
    if (focused) unnoticed(() => this.view.focus());
    // The page takes the plain field away in its next picture; until then there is one field, and not two.
    scroller?.setAttribute("hidden", "");
  }

  text() {
    return this.view.state.doc.toString();
  }

  // Where the selection begins and ends.
  selection() {
    const { from, to } = this.view.state.selection.main;
    return [from, to];
  }

  // What the page has to tell: one of the methods below, with a text and a number.
  tell(what, said, number) {
    this[what](said, number);
  }

  // The page has another text: a new one, or the same one changed from elsewhere, which can be undone.
  set(text, fresh) {
    const before = this.text();
    if (text === before) return;
    if (!fresh) return this.view.dispatch({ changes: differences(before, text), annotations: theirs.of(true) });
    this.left();
    const { state, place } = opened(this.workspace.source, text, this.parts);
    this.view.setState(state);
    settle(this.view, place ?? { scrollTop: 0, scrollLeft: 0 });
  }

  remark(said) {
    this.view.dispatch(remark(this.workspace, this.view.state, said));
  }

  stand(said) {
    this.view.dispatch({ effects: standing(said) });
  }

  // The other text, and what is selected.
  beside(text) {
    const { workspace } = this;
    workspace.other = text;
    workspace.marks = workspace.source > 1 ? [] : markedBefore(1 - workspace.source, text);
    // What can be done with marked lines.
    this.view.dispatch({});
  }

  choose(said) {
    this.workspace.selection = said;
  }

  // The lines that differ from the library's text.
  differ(said) {
    this.view.dispatch({ effects: differing(said) });
  }

  light(_, line) {
    this.view.dispatch({ effects: lighting(line) });
  }

  caret(_, at) {
    this.select(at, at);
  }

  // The reader goes on where the caret was.
  enter() {
    this.view.focus();
  }

  // Whether the reader writes or searches here.
  busy() {
    return this.view.dom.contains(document.activeElement);
  }

  // Scrolls the text, and only the text, so far that a line can be seen, unless somebody writes in it.
  lookAt(_, line) {
    const { view } = this;
    if (this.busy() || line > view.state.doc.lines) return;
    const { top } = view.lineBlockAt(view.state.doc.line(line).from);
    const { scrollTop, clientHeight } = view.scrollDOM;
    const height = view.defaultLineHeight;
    if (top < scrollTop + height || top > scrollTop + clientHeight - 3 * height) {
      view.scrollDOM.scrollTop = top - clientHeight / 3;
    }
  }

  // Selects a part and brings it into view, in the text and on the page, with the focus. What is in view stays where it is.
  select(from, to) {
    const { view } = this;
    const inside = (at) => Math.min(at, view.state.doc.length);
    const selection = EditorSelection.single(inside(from), inside(to));
    view.focus();
    view.dispatch({ selection, effects: EditorView.scrollIntoView(selection.main, { y: "center" }) });
    view.dom.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  // The line at a height of the window, from 1.
  lineAt(y) {
    const { view } = this;
    const block = view.lineBlockAtHeight(y - view.documentTop);
    return view.state.doc.lineAt(block.from).number;
  }

  close() {
    this.left();
    removeEventListener("pagehide", this.left);
    this.closed = true;
    this.view.destroy();
  }
}

// Opens a field in a place: where there is a plain one, with what is written and selected in it. `begun` is the text before somebody
// wrote in the plain field, `written` as it stands there.
export const open = (place, source, label, begun, written, ask) =>
  new Field(place, source, label, begun, written, ask);
