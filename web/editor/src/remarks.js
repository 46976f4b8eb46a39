// What the compiler says: a line under the words, a mark at the edge, and the sentence for whoever points there or presses F8. The
// page compiles the text when its writer pauses, and tells what it found; until then the marks move with the words.

import { lintGutter, lintKeymap, setDiagnostics } from "@codemirror/lint";
import { keymap } from "@codemirror/view";

export const remarks = [lintGutter(), keymap.of(lintKeymap)];

// `3 8 error error: it is wrong\nwrite it so` for each remark, which ends with a separator of units.
export const remark = (state, said) => {
  const inside = (at) => Math.min(Number(at), state.doc.length);
  const all = said.split("\u001f").filter(Boolean).map((one) => {
    const [, from, to, severity, message] = /^(\d+) (\d+) (\w+) ([^]*)$/.exec(one);
    return { from: inside(from), to: inside(to), severity, message: message.trim() };
  });
  return setDiagnostics(state, all);
};
