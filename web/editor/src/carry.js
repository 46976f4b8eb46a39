// From the plain field to this one, while somebody writes: the text with its last letters, which can be undone, the selection, how
// far it is scrolled, and the focus.

import { EditorSelection } from "@codemirror/state";
import { EditorView } from "@codemirror/view";

// Height of a line, and the room above the first one, in pixels, as in the page's sheet.
const LINE = 20;
const ABOVE = 8;

// The one change that makes `now` of `before`.
export const difference = (before, now) => {
  const most = Math.min(before.length, now.length);
  let start = 0;
  while (start < most && before[start] === now[start]) start++;
  let end = 0;
  while (end < most - start && before[before.length - 1 - end] === now[now.length - 1 - end]) end++;
  return { from: start, to: before.length - end, insert: now.slice(start, now.length - end) };
};

// The changes that make `now` of `before`: line by line where both have as many, so that the caret stays at its word.
export const differences = (before, now) => {
  const [old, fresh] = [before.split("\n"), now.split("\n")];
  if (old.length !== fresh.length) return difference(before, now);
  const changes = [];
  let at = 0;
  old.forEach((line, number) => {
    const { from, to, insert } = difference(line, fresh[number]);
    if (line !== fresh[number]) changes.push({ from: at + from, to: at + to, insert });
    at += line.length + 1;
  });
  return changes;
};

// What a field is scrolled to: the first line in view.
export const scrolled = (doc, scroller) => {
  if (!scroller) return undefined;
  const line = Math.min(Math.max(Math.floor((scroller.scrollTop - ABOVE) / LINE), 0), doc.lines - 1);
  return EditorView.scrollIntoView(doc.line(line + 1).from, { y: "start", yMargin: 0 });
};

// The same to the pixel. A question about a place makes the editor measure its lines, and scroll, at once.
export const settle = (view, scroller) => {
  if (!scroller) return;
  const { scrollTop, scrollLeft } = scroller;
  view.coordsAtPos(view.viewport.from);
  Object.assign(view.scrollDOM, { scrollTop, scrollLeft });
};

// What is selected in the plain field.
export const selected = (plain, length) => {
  if (!plain) return EditorSelection.single(0);
  const inside = (at) => Math.min(at, length);
  const [from, to] = [inside(plain.selectionStart), inside(plain.selectionEnd)];
  return plain.selectionDirection === "backward" ? EditorSelection.single(to, from) : EditorSelection.single(from, to);
};
