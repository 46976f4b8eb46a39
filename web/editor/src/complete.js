// Words to choose from while one is written: names of both texts, built-in functions, words of the grammar, each with what it means.

import {
  acceptCompletion, autocompletion, closeCompletion, completionKeymap, completionStatus, insertCompletionText, pickedCompletion,
  selectedCompletion,
} from "@codemirror/autocomplete";
import { Prec } from "@codemirror/state";
import { EditorView, keymap } from "@codemirror/view";
import { calling, calls, open } from "./called.js";
import { said } from "./explain.js";
import { fitting } from "./fit.js";
import { records } from "./prompter.js";

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

// What is offered of all the words that may stand at a place. More letters choose among them without another question.
const chosen = (all, from, to, quoted, { state, pos }) => {
  const typed = state.sliceDoc(from, pos);
  if (!(quoted ? /^[^"\n]*$/ : /^\w*$/).test(typed)) return null;
  const options = fitting(all, typed);
  if (!options.length) return null;
  const update = (_, from, to, context) => chosen(all, from, to, quoted, context);
  return { from, to, options, filter: false, getMatch: ({ matched }) => matched, update };
};

const offered = (workspace) => (context) => {
  const { state, pos } = context;
  if (!context.explicit && !begun(state, pos)) return null;
  const [place, ...words] = records(workspace.ask("complete", state, pos));
  if (!words.length) return null;
  const [from, to] = place.map(Number);
  const quoted = state.sliceDoc(from - 1, from) === '"';
  // `takes` is nothing for a word that is not called.
  const all = words.map(([label, type, detail, sentence, takes]) => ({
    label, type, takes, apply: quoted ? named : takes ? calling : label,
    info: detail || sentence ? () => said(detail, [sentence]) : undefined,
  }));
  return chosen(all, from, Math.max(to, pos), quoted, context);
};

// Whoever has asked for words and writes on behind the word does not want them any more: the next Enter is a new line.
const passing = EditorView.updateListener.of(({ view, state, transactions }) => {
  if (!completionStatus(state) || !transactions.some((one) => one.isUserEvent("input.type"))) return;
  if (!begun(state, state.selection.main.head)) closeCompletion(view);
});

// A word that is written to its end already leaves Enter to the text.
const whole = (view) => {
  const { state } = view;
  const word = selectedCompletion(state);
  const { head } = state.selection.main;
  if (word?.apply !== word?.label && !(word?.takes && open(state, head))) return false;
  if (word && state.sliceDoc(head - word.label.length, head) === word.label) closeCompletion(view);
  return false;
};

// Tab takes a word as Enter does. As long as words are about to be offered, it does not indent.
const take = (view) => acceptCompletion(view) || (Boolean(completionStatus(view.state)) && begun(view.state, view.state.selection.main.head));

export const complete = (workspace) => [
  passing,
  calls,
  autocompletion({
    override: [offered(workspace)],
    icons: false,
    defaultKeymap: false,
    tooltipClass: () => "cm-offered",
  }),
  Prec.highest(keymap.of([{ key: "Enter", run: whole }, { key: "Tab", run: take }, ...completionKeymap])),
];
