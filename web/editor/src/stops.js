// Lines at which a run stops: a click beside the number of a line marks it, or a key where the caret is. The page lets the run go on to
// the next moment at which a CPU comes to one. A mark stays with its line while the text changes, and is kept with the text (kept.js).

import { RangeSet, StateEffect, StateField } from "@codemirror/state";
import { EditorView, GutterMarker, gutter } from "@codemirror/view";

// The most marked lines of a text: the page looks at twice as many (crates/lab/src/model/stops.rs).
const MOST = 32;

const toggle = StateEffect.define({ map: (at, changes) => changes.mapPos(at) });

const stop = new (class extends GutterMarker {
  toDOM() {
    return document.createElement("i");
  }
})();

const at = (lines, doc) =>
  RangeSet.of(lines.filter((line) => line <= doc.lines).map((line) => stop.range(doc.line(line).from)), true);

const numbers = (set, doc) => {
  const found = new Set();
  for (let one = set.iter(); one.value; one.next()) found.add(doc.lineAt(one.from).number);
  return [...found];
};

export const stopping = StateField.define({
  create: () => RangeSet.empty,
  update(value, { changes, effects, newDoc }) {
    let stops = value.map(changes);
    for (const effect of effects) {
      if (!effect.is(toggle)) continue;
      const { from, to } = newDoc.lineAt(effect.value);
      let there = false;
      stops.between(from, to, () => { there = true; });
      stops = there
        ? stops.update({ filter: (one) => one < from || one > to })
        : stops.update({ add: [stop.range(from)] });
    }
    return stops;
  },
  toJSON: (value, { doc }) => numbers(value, doc),
  fromJSON: (lines, { doc }) => at(lines, doc),
});

// The marked lines of a text, from 1.
export const marked = (state) => numbers(state.field(stopping), state.doc);

const turn = (view, pos) => {
  const { number, from } = view.state.doc.lineAt(pos);
  const before = marked(view.state);
  if (before.length >= MOST && !before.includes(number)) return `No more than ${MOST} lines of a text can be marked.`;
  const said = before.includes(number) ? `Line ${number} is not marked any more.` : `The run can go on to line ${number}.`;
  view.dispatch({ effects: [toggle.of(from), EditorView.announce.of(said)] });
  return said;
};

// Marks the caret's line, or takes its mark away; what there is to say of that.
export const mark = (view) => turn(view, view.state.selection.main.head);

export const stops = [
  stopping,
  gutter({
    class: "cm-stops",
    markers: ({ state }) => state.field(stopping),
    renderEmptyElements: true,
    domEventHandlers: { mousedown: (view, line) => Boolean(turn(view, line.from)) },
  }),
];
