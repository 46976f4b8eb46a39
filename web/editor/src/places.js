// Where a name is declared, and where it stands: in this text, in the other one, and in a kernel that the kernel extends. One
// declaration is gone to; several places are listed below the text.

import { EditorSelection, StateEffect, StateField } from "@codemirror/state";
import { EditorView, keymap, showPanel } from "@codemirror/view";
import { records } from "./prompter.js";

const TEXTS = ["scenario", "kernel", "costs"];

const places = (workspace, what, state, pos) =>
  records(workspace.ask(what, state, pos)).map(([source, name, from, to, line, words]) =>
    ({ source: Number(source), name, from: Number(from), to: Number(to), line, words }));

// Goes to a place; not to one in a kernel that is extended, which nobody writes in here.
const go = (workspace, view, { source, name, from, to }) => {
  if (name) return false;
  if (source !== workspace.source) {
    // The page counts bytes.
    workspace.tell("go", "", source, new TextEncoder().encode(workspace.other.slice(0, from)).length);
    return true;
  }
  const selection = EditorSelection.single(from, to);
  view.dispatch({ selection, effects: EditorView.scrollIntoView(selection.main, { y: "center" }) });
  view.focus();
  return true;
};

const list = StateEffect.define();

const make = (tag, properties, ...inside) => {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...inside);
  return made;
};

const panel = (workspace, { title, found }) => (view) => {
  const close = () => {
    view.dispatch({ effects: list.of(null) });
    view.focus();
  };
  const shut = make("button", { type: "button", className: "close", textContent: "\u00d7", onclick: close });
  shut.setAttribute("aria-label", "Close the list of places");
  const lines = found.map((place) => {
    const where = place.name ? `kernel \u201c${place.name}\u201d` : TEXTS[place.source];
    const inside = [make("b", { textContent: `${where} ${place.line}` }), " ", make("code", { textContent: place.words })];
    if (place.name) return make("li", {}, make("span", {}, ...inside));
    return make("li", {}, make("button", { type: "button", onclick: () => go(workspace, view, place) }, ...inside));
  });
  const dom = make("div", { className: "cm-places" }, make("header", {}, make("h3", { textContent: title }), shut), make("ul", {}, ...lines));
  dom.dataset.testid = "places";
  dom.setAttribute("role", "region");
  dom.setAttribute("aria-label", title);
  dom.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close();
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const buttons = [...dom.querySelectorAll("li button")];
    buttons[buttons.indexOf(document.activeElement) + step]?.focus();
  });
  return { dom, mount: () => dom.querySelector("li button")?.focus() };
};

const listed = StateField.define({
  create: () => null,
  update(value, { effects }) {
    const told = effects.find((effect) => effect.is(list));
    return told ? told.value : value;
  },
  provide: (field) => showPanel.from(field),
});

const word = (state, pos) => state.sliceDoc(state.wordAt(pos)?.from ?? pos, state.wordAt(pos)?.to ?? pos);

// Goes to where the name at a place is declared; what there is to say of that.
export const define = (workspace, view, pos) => {
  const found = places(workspace, "definitions", view.state, pos);
  if (!found.length) return "Nothing is declared under this name, or there is no name here.";
  if (found.length === 1 && go(workspace, view, found[0])) return "";
  view.dispatch({ effects: list.of(panel(workspace, { title: `${word(view.state, pos)} is declared here`, found })) });
  return "";
};

// Lists where the name at a place stands.
export const uses = (workspace, view, pos) => {
  const found = places(workspace, "uses", view.state, pos);
  if (!found.length) return "There is no name here.";
  const count = found.length === 1 ? "1 place" : `${found.length} places`;
  view.dispatch({ effects: list.of(panel(workspace, { title: `${word(view.state, pos)}: ${count}`, found })) });
  return "";
};

// Esc in the text closes the list too.
const closing = (view) => {
  if (!view.state.field(listed)) return false;
  view.dispatch({ effects: list.of(null) });
  return true;
};

export const placing = (workspace) => [
  listed,
  keymap.of([{ key: "Escape", run: closing }]),
  // A click with Ctrl, or the command key, goes to the declaration.
  EditorView.domEventHandlers({
    mousedown: (event, view) => {
      if (event.button !== 0 || !(event.ctrlKey || event.metaKey)) return false;
      const pos = view.posAtCoords({ x: event.clientX, y: event.clientY });
      if (pos === null || define(workspace, view, pos)) return false;
      event.preventDefault();
      return true;
    },
  }),
];
