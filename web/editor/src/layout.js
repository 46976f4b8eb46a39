// How a text is laid out: the page says how far a new line is indented, and has the language's formatter, whose text comes back like
// any text from elsewhere.

import { indentOnInput, indentService } from "@codemirror/language";
import { EditorState } from "@codemirror/state";
import { keymap } from "@codemirror/view";

export const layout = (ask) => [
  indentService.of(({ state, options }, at) => ask("indent", state.doc.toString(), at, options.simulateDoubleBreak ? 1 : 0)),
  // A closing bracket takes its line back, and Ctrl-/ makes lines comments.
  EditorState.languageData.of(() => [{ indentOnInput: /^\s*[})\]]$/, commentTokens: { line: "//" } }]),
  indentOnInput(),
  keymap.of([{ key: "Shift-Alt-f", run: () => { ask("format", "", 0, 0); return true; } }]),
];
