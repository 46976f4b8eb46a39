// How a text is laid out: how far a new line is indented, and the language's own layout.

import { indentOnInput, indentService } from "@codemirror/language";
import { EditorState } from "@codemirror/state";
import { differences } from "./carry.js";

// Lays the text out; what there is to say of that.
export const format = (workspace, view) => {
  const { doc } = view.state;
  const text = workspace.ask("format", view.state);
  if (text === undefined) return "A text with errors can\u2019t be laid out.";
  if (text === doc.toString()) return "The text is laid out already.";
  view.dispatch({ changes: differences(doc.toString(), text), userEvent: "format" });
  return "The text is laid out.";
};

// Without an answer the line is indented like the one above it.
const like = (state, at) => /^[ \t]*/.exec(state.doc.lineAt(at).text)[0].length;

export const layout = (workspace) => [
  indentService.of(({ state, options }, at) =>
    workspace.ask("indent", state, at, Boolean(options.simulateDoubleBreak)) ?? like(state, at)),
  // A closing bracket takes its line back, and Ctrl-/ makes lines comments.
  EditorState.languageData.of(() => [{ indentOnInput: /^\s*[})\]]$/, commentTokens: { line: "//" } }]),
  indentOnInput(),
];
