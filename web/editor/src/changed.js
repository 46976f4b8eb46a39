// Lines that differ from the library's text: a bar beside a line that is new, and a notch where lines are gone. The list below the
// text says the same in words.

import { RangeSet, StateEffect, StateField } from "@codemirror/state";
import { GutterMarker, gutter } from "@codemirror/view";

// `[line, kind]` for each: 1 if the line is new, 2 if lines are gone before it, 3 if both.
const differ = StateEffect.define();

class Bar extends GutterMarker {
  constructor(kind) {
    super();
    this.elementClass = ["", "came", "gone", "came gone"][kind];
  }
}
const bars = [1, 2, 3].map((kind) => new Bar(kind));

const field = StateField.define({
  create: () => RangeSet.empty,
  update(value, { changes, effects, newDoc }) {
    const told = effects.find((effect) => effect.is(differ));
    if (!told) return value.map(changes);
    const inside = (line) => newDoc.line(Math.min(line, newDoc.lines)).from;
    return RangeSet.of(told.value.map(([line, kind]) => bars[kind - 1].range(inside(line))), true);
  },
});

export const changed = [field, gutter({ class: "cm-changed", markers: ({ state }) => state.field(field) })];

// `3 1,8 2,` for each line.
export const differing = (said) =>
  differ.of(said.split(",").filter(Boolean).map((one) => one.split(" ").map(Number)));
