// The line that belongs to the step that the reader points at, anywhere on the page (web/src/browser/highlight.rs).

import { StateEffect, StateField } from "@codemirror/state";
import { Decoration, EditorView } from "@codemirror/view";

const light = StateEffect.define();
const lit_line = Decoration.line({ attributes: { "data-lit": "" } });

export const lit = StateField.define({
  create: () => Decoration.none,
  update(value, { changes, effects, newDoc }) {
    const told = effects.find((effect) => effect.is(light));
    if (!told) return value.map(changes);
    const there = told.value >= 1 && told.value <= newDoc.lines;
    return there ? Decoration.set(lit_line.range(newDoc.line(told.value).from)) : Decoration.none;
  },
  provide: (field) => EditorView.decorations.from(field),
});

// Lights a line; 0 for none.
export const lighting = (line) => light.of(line);
