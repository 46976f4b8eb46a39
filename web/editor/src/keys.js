// What the keys do. Tab indents, so Esc and then Tab leaves the field, and Ctrl-M (Shift-Alt-M on macOS) lets Tab leave it until
// it is pressed again: the library's own ways out, which the page's help names.

import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { bracketMatching, indentUnit } from "@codemirror/language";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { EditorSelection, Prec } from "@codemirror/state";
import { EditorView, keymap } from "@codemirror/view";
import { find } from "./find.js";

// How long after Esc a Tab leaves, in milliseconds. The library counts only an Esc that has nothing else to do.
const LEAVES = 3000;

const leaving = EditorView.domEventHandlers({
  keydown(event, view) {
    if (event.key === "Escape") view.setTabFocusMode(LEAVES);
    return false;
  },
});

// Up and down go to the line above and below what is selected, as in every field. The library's own keys only end the selection.
const beside = (forward) => (view) => {
  const { main, ranges } = view.state.selection;
  if (main.empty || ranges.length > 1) return false;
  const from = EditorSelection.cursor(forward ? main.to : main.from);
  view.dispatch({ selection: view.moveVertically(from, forward), scrollIntoView: true, userEvent: "select" });
  return true;
};

export const keys = [
  Prec.highest(leaving),
  history(),
  bracketMatching(),
  indentUnit.of("    "),
  search({ top: true }),
  find,
  highlightSelectionMatches({ minSelectionLength: 2 }),
  keymap.of([{ key: "ArrowUp", run: beside(false) }, { key: "ArrowDown", run: beside(true) }, ...searchKeymap, ...historyKeymap, indentWithTab, ...defaultKeymap]),
];
