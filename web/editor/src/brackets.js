// Brackets and quotes that close by themselves. A remark may have one apostrophe, so that is none of them.
//
// Whoever types the closing brace though it is there already, on the next line, goes behind it: else it would be there twice, and
// the reader would have to look for the one too many.

import { closeBrackets, closeBracketsKeymap } from "@codemirror/autocomplete";
import { EditorState } from "@codemirror/state";
import { EditorView, keymap } from "@codemirror/view";

const OPENING = { "{": "}", "(": ")", "[": "]" };
const CLOSING = Object.fromEntries(Object.entries(OPENING).map(([open, close]) => [close, open]));

// By how many a text has more closing brackets of a kind than opening ones. Those in strings and remarks are none.
const surplus = (text, close) => {
  let more = 0;
  const code = text.replace(/"[^"\n]*"|\/\/.*$/gm, "");
  for (const letter of code) more += (letter === close) - (letter === CLOSING[close]);
  return more;
};

// A bracket that is written anew, since it was taken away or was wrong, has its closing one further below: it gets no other.
const waitedFor = EditorView.inputHandler.of((view, from, to, typed) => {
  const { doc, selection } = view.state;
  const close = OPENING[typed];
  if (!close || from !== to || selection.ranges.length > 1 || view.composing || surplus(doc.toString(), close) <= 0) return false;
  view.dispatch({
    changes: { from, insert: typed },
    selection: { anchor: from + 1 },
    userEvent: "input.type",
    scrollIntoView: true,
  });
  return true;
});

// Only blanks may stand before the bracket, on both lines.
const behind = EditorView.inputHandler.of((view, from, to, typed) => {
  const { doc } = view.state;
  if (!CLOSING[typed] || from !== to || view.composing) return false;
  const line = doc.lineAt(from);
  const next = line.number < doc.lines && doc.line(line.number + 1);
  if (!next || line.text.trim() || next.text.trimStart()[0] !== typed || surplus(doc.toString(), typed) < 0) return false;
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
  waitedFor,
  behind,
  closeBrackets(),
  keymap.of(closeBracketsKeymap),
];
