// What the compiler says: a line under the words, a mark at the edge, and the sentence for whoever points there or presses F8, with a
// button where the compiler is sure of the mend. The page compiles the text when its writer pauses, and tells what it found; until then
// the marks move with the words.

import { lintGutter, lintKeymap, nextDiagnostic, setDiagnostics } from "@codemirror/lint";
import { keymap } from "@codemirror/view";
import { records } from "./prompter.js";

// The caret goes behind the words that a message is about. Were they selected, the next letter would take them away.
const next = (view) => {
  if (!nextDiagnostic(view)) return false;
  view.dispatch({ selection: { anchor: view.state.selection.main.to } });
  return true;
};

export const remarks = [lintGutter(), keymap.of([{ key: "F8", run: next }, ...lintKeymap])];

// What a message that has a mend offers. The message may have moved since.
const offer = ([from, , start, end, text]) => ({
  name: text ? `Write ${text}` : "Take it away",
  apply(view, at) {
    const moved = at - from;
    view.dispatch({ changes: { from: Number(start) + moved, to: Number(end) + moved, insert: text }, userEvent: "input.mend" });
  },
});

// `3 8 error error: it is wrong\nwrite it so` for each remark, which ends with a separator of units.
export const remark = (workspace, state, said) => {
  const inside = (at) => Math.min(Number(at), state.doc.length);
  const found = said.split("\u001f").filter(Boolean);
  const mends = found.length ? records(workspace.ask("mends", state)) : [];
  const all = found.map((one) => {
    const [, from, to, severity, message] = /^(\d+) (\d+) (\w+) ([^]*)$/.exec(one);
    const actions = mends.filter((mend) => mend[0] === from && mend[1] === to).slice(0, 1).map(offer);
    return { from: inside(from), to: inside(to), severity, message: message.trim(), actions };
  });
  return setDiagnostics(state, all);
};
