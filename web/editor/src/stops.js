// Lines at which a run stops: a click beside the number of a line marks it, or F9 where the caret is. The page lets the run go on to
// the next moment at which a CPU comes to one. A mark stays with its line while the text changes.

import { Prec, RangeSet, StateEffect, StateField } from "@codemirror/state";
import { EditorView, GutterMarker, gutter, keymap } from "@codemirror/view";

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

const lines = (state) => {
  const found = new Set();
  for (let at = state.field(field).iter(); at.value; at.next()) found.add(state.doc.lineAt(at.from).number);
  return [...found].join(",");
};

const turn = (view, at) => {
  const line = view.state.doc.lineAt(at);
  const before = lines(view.state);
  view.dispatch({ effects: toggle.of(line.from) });
  const there = lines(view.state).length > before.length;
  view.dispatch({ effects: EditorView.announce.of(`Line ${line.number} is ${there ? "marked" : "not marked any more"}.`) });
  return true;
};

export const stops = (ask) => [
  field,
  gutter({
    class: "cm-stops",
    markers: ({ state }) => state.field(field),
    renderEmptyElements: true,
    domEventHandlers: { mousedown: (view, line) => turn(view, line.from) },
  }),
  Prec.high(keymap.of([{ key: "F9", run: (view) => turn(view, view.state.selection.main.head) }])),
  EditorView.updateListener.of(({ startState, state }) => {
    const now = lines(state);
    if (lines(startState) !== now) ask("stops", now, 0, 0);
  }),
];

// Marks these lines and no others, as in `3,8`.
export const stopping = (said) => marks.of(said.split(",").filter(Boolean).map(Number));
