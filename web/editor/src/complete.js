// Words to choose from while one is written: names of both texts, built-in functions, words of the grammar, each with what it means.

import { autocompletion, closeCompletion, completionKeymap, completionStatus, insertCompletionText, pickedCompletion } from "@codemirror/autocomplete";
import { Prec } from "@codemirror/state";
import { EditorView, keymap } from "@codemirror/view";
import { records } from "./prompter.js";
import { said } from "./explain.js";

// A word begins with a letter, or is a field behind a dot. Names of kernels and pages stand in quotes.
const begun = ({ doc }, pos) => {
  const before = doc.sliceString(doc.lineAt(pos).from, pos);
  return /[A-Za-z_]\w*\.?$/.test(before) || before.split('"').length % 2 === 0;
};

// A name that is chosen ends with its quote, and the caret is behind that.
const named = (view, chosen, from, to) => {
  const last = view.state.sliceDoc(to, to + 1) === '"' ? to + 1 : to;
  view.dispatch({ ...insertCompletionText(view.state, `${chosen.label}"`, from, last), annotations: pickedCompletion.of(chosen) });
};

const offered = (workspace) => (context) => {
  const { state, pos } = context;
  if (!context.explicit && !begun(state, pos)) return null;
  const [place, ...words] = records(workspace.ask("complete", state, pos));
  if (!words.length) return null;
  const [from, to] = place.map(Number);
  const quoted = state.sliceDoc(from - 1, from) === '"';
  const behind = Math.max(to, pos);
  const options = words.map(([label, type, detail, sentence], order) => ({
    label, type, order, apply: quoted ? named : label,
    info: detail || sentence ? () => said(detail, [sentence]) : undefined,
  }));
  return { from, to: behind, options, validFor: quoted ? /^[^"\n]*$/ : /^\w*$/ };
};

// Whoever has asked for words and writes on behind the word does not want them any more: the next Enter is a new line.
const passing = EditorView.updateListener.of(({ view, state, transactions }) => {
  if (!completionStatus(state) || !transactions.some((one) => one.isUserEvent("input.type"))) return;
  if (!begun(state, state.selection.main.head)) closeCompletion(view);
});

export const complete = (workspace) => [
  passing,
  autocompletion({
    override: [offered(workspace)],
    // The likeliest first, as the compiler's own names have them.
    compareCompletions: (one, other) => one.order - other.order,
    icons: false,
    defaultKeymap: false,
    tooltipClass: () => "cm-offered",
  }),
  Prec.highest(keymap.of(completionKeymap)),
];
