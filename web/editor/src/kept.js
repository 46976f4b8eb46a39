// What was done with a text can be undone after another text was in front, and after the page was loaded anew; and its marked lines,
// its selection and how far it is scrolled stay. All of that is kept in the tab's storage with the text that it belongs to, and counts
// for no other text.

import { historyField } from "@codemirror/commands";
import { EditorState } from "@codemirror/state";
import { stopping } from "./stops.js";

const FIELDS = { history: historyField, stops: stopping };

// The most letters that are kept of a text and its steps.
const MOST = 400_000;

const name = (source) => `text ${source}`;

// A page may have no storage, or a full one: then it is kept as long as the page is there. So are the texts before the last one, to
// which the browser's Back leads. The newest comes first.
const here = new Map();

// How many texts are kept as long as the page is there.
const TEXTS = 6;

const there = (what) => {
  try {
    return what(sessionStorage);
  } catch {
    return null;
  }
};

export const keep = (source, state, place) => {
  const all = { ...state.toJSON(FIELDS), place };
  let kept = JSON.stringify(all);
  // The marks are kept without the steps if there are too many of those.
  if (kept.length > MOST) kept = JSON.stringify({ ...all, history: undefined });
  here.set(name(source), [kept, ...here.get(name(source)) ?? []].slice(0, TEXTS));
  there((storage) => {
    storage.removeItem(name(source));
    if (kept.length <= MOST) storage.setItem(name(source), kept);
  });
};

// What is kept of a text, if it still is that text.
const taken = (source, doc) => {
  for (const kept of here.get(name(source)) ?? [there((storage) => storage.getItem(name(source)))]) {
    try {
      const read = JSON.parse(kept);
      if (read?.doc === doc) return read;
    } catch {
      // It is not ours.
    }
  }
  return null;
};

// The state of a text, and how far it was scrolled: as they were kept, or without a step.
export const opened = (source, doc, extensions) => {
  const kept = taken(source, doc);
  try {
    if (kept) return { state: EditorState.fromJSON(kept, { extensions }, FIELDS), place: kept.place };
  } catch {
    // It was kept by another version of the page.
  }
  return { state: EditorState.create({ doc, extensions }) };
};

// The marked lines of a text that is not in front.
export const markedBefore = (source, doc) => taken(source, doc)?.stops ?? [];
