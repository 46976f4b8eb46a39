// What was done with a text can be undone after another text was in front, and after the page was loaded anew. The steps are kept
// in the tab's storage with the text that they end at, and count for no other text.

import { historyField } from "@codemirror/commands";
import { EditorState } from "@codemirror/state";

const FIELDS = { history: historyField };

// The most letters that are kept of a text and its steps.
const MOST = 400_000;

const name = (source) => `undo ${source}`;

// A page may have no storage, or a full one: then nothing can be undone that was done before.
const storage = (what) => {
  try {
    return what(sessionStorage);
  } catch {
    return null;
  }
};

export const keep = (source, state) => {
  const kept = JSON.stringify(state.toJSON(FIELDS));
  storage((there) => (kept.length > MOST ? there.removeItem(name(source)) : there.setItem(name(source), kept)));
};

// The state of a text: as it was kept, or without a step.
export const taken = (source, doc, selection, extensions) => {
  const config = { doc, selection, extensions };
  const kept = storage((there) => JSON.parse(there.getItem(name(source))));
  if (kept?.doc !== doc) return EditorState.create(config);
  try {
    return EditorState.fromJSON(kept, { extensions }, FIELDS).update({ selection }).state;
  } catch {
    return EditorState.create(config);
  }
};
