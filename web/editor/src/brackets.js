// Brackets and quotes that close by themselves. A remark may have one apostrophe, so that is none of them.
//
// Whoever types the closing brace though it is there already, on the next line, goes behind it: else it would be there twice, and
// the reader would have to look for the one too many.

import { closeBrackets, closeBracketsKeymap } from "@codemirror/autocomplete";
import { EditorState } from "@codemirror/state";
import { EditorView, keymap } from "@codemirror/view";

const CLOSING = { "}": "{", ")": "(", "]": "[" };

// Whether a text has more closing brackets of a kind than opening ones, with one more to come.
const tooMany = (text, close) => {
  let open = -1;
  for (const letter of text) open += (letter === CLOSING[close]) - (letter === close);
  return open < 0;
};

// Only blanks may stand before the bracket, on both lines.
const behind = EditorView.inputHandler.of((view, from, to, typed) => {
  const { doc } = view.state;
  if (!CLOSING[typed] || from !== to || view.composing) return false;
  const line = doc.lineAt(from);
  const next = line.number < doc.lines && doc.line(line.number + 1);
  if (!next || line.text.trim() || next.text.trimStart()[0] !== typed || !tooMany(doc.toString(), typed)) return false;
  const at = next.from + next.text.indexOf(typed);
  view.dispatch({
    changes: { from: line.from, to: next.from },
    selection: { anchor: at + 1 - (next.from - line.from) },
    userEvent: "input.type",
    scrollIntoView: true,
  });
  return true;
});

export const brackets = [
  EditorState.languageData.of(() => [{ closeBrackets: { brackets: ["(", "[", "{", '"'] } }]),
  behind,
  closeBrackets(),
  keymap.of(closeBracketsKeymap),
];
