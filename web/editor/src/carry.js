// From the plain field to this one, while somebody writes: the text with its last letters, which can be undone, the selection, how
// far it is scrolled, and the focus.

import { EditorSelection } from "@codemirror/state";

// The one change that makes `now` of `before`.
export const difference = (before, now) => {
  const most = Math.min(before.length, now.length);
  let start = 0;
  while (start < most && before[start] === now[start]) start++;
  let end = 0;
  while (end < most - start && before[before.length - 1 - end] === now[now.length - 1 - end]) end++;
  return { from: start, to: before.length - end, insert: now.slice(start, now.length - end) };
};

// How far is looked for a line that is the same but for its blanks.
const NEAR = 60;

// Which line goes on as which: pairs of numbers, in their order. A line is known by what is written in it. The last one, which has no
// line end, goes on as the last one.
const pairs = (old, fresh) => {
  const found = [];
  const [bare, made] = [old, fresh].map((lines) => lines.slice(0, -1).map((line) => line.trim()));
  for (let a = 0, b = 0; a < bare.length && b < made.length; a++, b++) {
    let skip = 0;
    while (skip < NEAR && bare[a + skip] !== made[b] && made[b + skip] !== bare[a]) skip++;
    if (skip < NEAR && bare[a + skip] === made[b]) a += skip;
    else if (skip < NEAR) b += skip;
    if (a < bare.length && b < made.length) found.push([a, b]);
  }
  return [...found, [old.length - 1, fresh.length - 1]];
};

// The changes that make `now` of `before`: line by line, so that the caret and the marks stay at their words.
export const differences = (before, now) => {
  const [old, fresh] = [before.split("\n"), now.split("\n")];
  const changes = [];
  let [from, at, made] = [0, 0, 0];
  // Before each pair the lines that have come or gone, then what has changed in the line.
  for (const [a, b] of pairs(old, fresh)) {
    const gone = old.slice(at, a).reduce((length, line) => length + line.length + 1, 0);
    const come = fresh.slice(made, b).map((line) => `${line}\n`).join("");
    if (gone || come) changes.push({ from, to: from + gone, insert: come });
    from += gone;
    const { from: start, to, insert } = difference(old[a], fresh[b]);
    if (old[a] !== fresh[b]) changes.push({ from: from + start, to: from + to, insert });
    from += old[a].length + 1;
    [at, made] = [a + 1, b + 1];
  }
  return changes;
};

// Scrolls the text to the pixel, at once. A question about a place makes the editor measure its lines, and draw those in view. The
// editor's own way of scrolling would scroll the page too.
export const settle = (view, { scrollTop, scrollLeft }) => {
  view.coordsAtPos(view.viewport.from);
  Object.assign(view.scrollDOM, { scrollTop, scrollLeft });
  view.requestMeasure();
  view.coordsAtPos(view.viewport.from);
};

// What is selected in the plain field.
export const selected = (plain, length) => {
  if (!plain) return EditorSelection.single(0);
  const inside = (at) => Math.min(at, length);
  const [from, to] = [inside(plain.selectionStart), inside(plain.selectionEnd)];
  return plain.selectionDirection === "backward" ? EditorSelection.single(to, from) : EditorSelection.single(from, to);
};
