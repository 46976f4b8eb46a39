// What the keys do. Tab indents, so Esc and then Tab leaves the field, and Ctrl-M (Shift-Alt-M on macOS) lets Tab leave it until
// it is pressed again: the library's own ways out, which the page's help names.

import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { bracketMatching, indentUnit } from "@codemirror/language";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { Prec } from "@codemirror/state";
import { EditorView, keymap } from "@codemirror/view";

// How long after Esc a Tab leaves, in milliseconds. The library counts only an Esc that has nothing else to do.
const LEAVES = 3000;

const leaving = EditorView.domEventHandlers({
  keydown(event, view) {
    if (event.key === "Escape") view.setTabFocusMode(LEAVES);
    return false;
  },
});

export const keys = [
  Prec.highest(leaving),
  history(),
  bracketMatching(),
  indentUnit.of("    "),
  search({ top: true }),
  highlightSelectionMatches({ minSelectionLength: 2 }),
  keymap.of([...searchKeymap, ...historyKeymap, indentWithTab, ...defaultKeymap]),
];
