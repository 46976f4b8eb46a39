// Where the CPUs are: a mark at the edge for each, and a band behind the line that a CPU stands at. A CPU whose call leads elsewhere
// from a line has a hollow mark there.

import { RangeSet, StateEffect, StateField } from "@codemirror/state";
import { Decoration, EditorView, GutterMarker, gutter } from "@codemirror/view";

// `[cpu, line, 1 if it stands there]`, for each.
const stand = StateEffect.define();

class Marks extends GutterMarker {
  constructor(cpus) {
    super();
    this.cpus = cpus;
  }
  eq(other) {
    return this.cpus.join(";") === other.cpus.join(";");
  }
  toDOM() {
    const all = document.createElement("span");
    for (const [cpu, , here] of this.cpus) {
      const mark = document.createElement("b");
      mark.className = `at cpu${cpu % 8}${here ? "" : " caller"}`;
      mark.textContent = cpu;
      all.append(mark);
    }
    return all;
  }
}

const placed = (doc, cpus) => {
  const lines = new Map();
  for (const cpu of cpus.filter(([, line]) => line <= doc.lines)) {
    lines.set(cpu[1], [...(lines.get(cpu[1]) ?? []), cpu]);
  }
  const all = [...lines].map(([line, here]) => [doc.line(line).from, here]);
  const bands = all.filter(([, here]) => here.some(([, , stands]) => stands));
  return {
    marks: RangeSet.of(all.map(([from, here]) => new Marks(here).range(from)), true),
    bands: Decoration.set(bands.map(([from]) => Decoration.line({ class: "here" }).range(from)), true),
  };
};

const field = StateField.define({
  create: ({ doc }) => placed(doc, []),
  update(value, transaction) {
    const { changes, effects, newDoc } = transaction;
    const told = effects.find((effect) => effect.is(stand));
    if (told) return placed(newDoc, told.value);
    return { marks: value.marks.map(changes), bands: value.bands.map(changes) };
  },
  provide: (field) => EditorView.decorations.from(field, ({ bands }) => bands),
});

export const cpus = [field, gutter({ class: "cm-cpus", markers: ({ state }) => state.field(field).marks })];

// `0 12 1,1 7 0,` for each CPU.
export const standing = (said) =>
  stand.of(said.split(",").filter(Boolean).map((one) => one.split(" ").map(Number)));
