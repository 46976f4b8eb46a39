// What a word means: how it is declared and what is said of it, for whoever points at it, or asks where the caret is.

import { StateEffect, StateField } from "@codemirror/state";
import { EditorView, hoverTooltip, keymap, showTooltip } from "@codemirror/view";
import { records } from "./prompter.js";

// A declaration and its sentences, as elements.
export const said = (head, sentences) => {
  const made = document.createElement("div");
  made.className = "cm-said";
  const element = (tag, text) => Object.assign(document.createElement(tag), { textContent: text });
  if (head) made.append(element("code", head));
  for (const sentence of sentences.filter(Boolean)) {
    // Words of the language stand between backquotes.
    const words = sentence.split("`").map((part, at) => (at % 2 ? element("code", part) : part));
    const line = element("p", "");
    line.append(...words);
    made.append(line);
  }
  return made;
};

const explained = (workspace, state, pos) => {
  const [found] = records(workspace.ask("explain", state, pos));
  if (!found) return null;
  const [from, to, head, ...sentences] = found;
  const text = [head, ...sentences].join(". ");
  const create = () => {
    const dom = said(head, sentences);
    dom.setAttribute("role", "tooltip");
    return { dom };
  };
  return { pos: Number(from), end: Number(to), above: true, text, create };
};

// The explanation at the caret, until the caret moves.
const show = StateEffect.define();
const shown = StateField.define({
  create: () => null,
  update(value, { docChanged, effects, selection }) {
    const told = effects.find((effect) => effect.is(show));
    if (told) return told.value;
    return docChanged || selection ? null : value;
  },
  provide: (field) => showTooltip.from(field),
});

// Explains the word at the caret; what there is to say of that.
export const explain = (workspace, view) => {
  const { state } = view;
  const found = explained(workspace, state, state.selection.main.head);
  view.dispatch({ effects: [show.of(found), EditorView.announce.of(found?.text ?? "")] });
  return found ? "" : "There is no word here that has an explanation.";
};

export const explaining = (workspace) => [
  shown,
  // The pointer of somebody who writes rests where it was: nothing opens there.
  hoverTooltip((view, pos) => explained(workspace, view.state, pos), { hideOnChange: true }),
  keymap.of([{ key: "Escape", run: (view) => {
    if (!view.state.field(shown)) return false;
    view.dispatch({ effects: show.of(null) });
    return true;
  } }]),
];
