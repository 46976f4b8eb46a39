// Lines at which a run stops: a click beside the number of a line marks it, or a key where the caret is. The page lets the run go on to
// the next moment at which a CPU comes to one. A mark stays with its line while the text changes.

import { RangeSet, StateEffect, StateField } from "@codemirror/state";
import { EditorView, GutterMarker, gutter } from "@codemirror/view";

const toggle = StateEffect.define({ map: (at, changes) => changes.mapPos(at) });
const marks = StateEffect.define();

const stop = new (class extends GutterMarker {
  toDOM() {
    return document.createElement("i");
  }
})();

const field = StateField.define({
  create: () => RangeSet.empty,
  update(value, { changes, effects, newDoc }) {
    let stops = value.map(changes);
    for (const effect of effects) {
      if (effect.is(marks)) {
        const inside = effect.value.filter((line) => line <= newDoc.lines);
        stops = RangeSet.of(inside.map((line) => stop.range(newDoc.line(line).from)), true);
      } else if (effect.is(toggle)) {
        const at = newDoc.lineAt(effect.value).from;
        let there = false;
        stops.between(at, at, () => { there = true; });
        stops = stops.update(there ? { filter: (from) => from !== at } : { add: [stop.range(at)] });
      }
    }
    return stops;
  },
});

// The marked lines, as in `3,8`.
export const marked = (state) => {
  const found = new Set();
  for (let at = state.field(field).iter(); at.value; at.next()) found.add(state.doc.lineAt(at.from).number);
  return [...found].join(",");
};

const turn = (view, at) => {
  const line = view.state.doc.lineAt(at);
  view.dispatch({ effects: toggle.of(line.from) });
  const there = marked(view.state).split(",").includes(String(line.number));
  const said = there ? `The run can go on to line ${line.number}.` : `Line ${line.number} is not marked any more.`;
  view.dispatch({ effects: EditorView.announce.of(said) });
  return said;
};

// Marks the line at a place, or takes its mark away; what there is to say of that.
export const mark = (view) => turn(view, view.state.selection.main.head);

export const stops = (ask) => [
  field,
  gutter({
    class: "cm-stops",
    markers: ({ state }) => state.field(field),
    renderEmptyElements: true,
    domEventHandlers: { mousedown: (view, line) => Boolean(turn(view, line.from)) },
  }),
  EditorView.updateListener.of(({ startState, state }) => {
    const now = marked(state);
    if (marked(startState) !== now) ask("stops", now, 0, 0);
  }),
];

// Marks these lines and no others, as in `3,8`.
export const stopping = (said) => marks.of(said.split(",").filter(Boolean).map(Number));
