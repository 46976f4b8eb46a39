// Words to choose from while one is written: names of both texts, built-in functions, words of the grammar, each with what it means.

import { autocompletion, completionKeymap } from "@codemirror/autocomplete";
import { Prec } from "@codemirror/state";
import { keymap } from "@codemirror/view";
import { records } from "./prompter.js";
import { said } from "./explain.js";

// A word begins with a letter. Names of kernels and pages stand in quotes.
const BEGUN = /[A-Za-z_]\w*$|"[^"\n]*$/;

const offered = (desk) => (context) => {
  const { state, pos } = context;
  if (!context.explicit && !context.matchBefore(BEGUN)) return null;
  const [place, ...words] = records(desk.ask("complete", state, pos));
  if (!words.length) return null;
  const [from, to] = place.map(Number);
  const quoted = state.sliceDoc(from - 1, from) === '"';
  const options = words.map(([label, type, detail, sentence], order) => ({
    label, type, order,
    info: detail || sentence ? () => said(detail, [sentence]) : undefined,
  }));
  return { from, to: Math.max(to, pos), options, validFor: quoted ? /^[^"\n]*$/ : /^\w*$/ };
};

export const complete = (desk) => [
  autocompletion({
    override: [offered(desk)],
    // The likeliest first, as the compiler's own names have them.
    compareCompletions: (one, other) => one.order - other.order,
    icons: false,
    defaultKeymap: false,
    tooltipClass: () => "cm-offered",
  }),
  Prec.highest(keymap.of(completionKeymap)),
];
