// A function that is chosen from the list is called: its brackets come with it. The caret stands between them if something belongs
// there. Whoever types the brackets all the same finds those that are there, as with brackets that close by themselves (brackets.js).

import { insertBracket, insertCompletionText, pickedCompletion } from "@codemirror/autocomplete";
import { Annotation, EditorSelection, Prec, StateField } from "@codemirror/state";
import { EditorView } from "@codemirror/view";

// Where brackets have just come with a function.
const come = Annotation.define();
const fresh = StateField.define({
  create: () => null,
  update: (value, change) => (change.docChanged || change.selection ? change.annotation(come) ?? null : value),
});

// Whether brackets stand behind a place already.
export const open = (state, pos) => /^ *\(/.test(state.sliceDoc(pos, state.doc.lineAt(pos).to));

export const calling = (view, chosen, from, to) => {
  const named = view.state.update(insertCompletionText(view.state, chosen.label, from, to));
  const { head } = named.newSelection.main;
  const opened = open(named.state, head) ? null : insertBracket(named.state, "(");
  const inside = opened?.newSelection ?? named.newSelection;
  view.dispatch({
    changes: opened ? named.changes.compose(opened.changes) : named.changes,
    selection: opened && chosen.takes === "nothing" ? EditorSelection.cursor(head + 2) : inside,
    effects: opened?.effects,
    annotations: [pickedCompletion.of(chosen), ...opened ? [come.of(head)] : []],
    scrollIntoView: true,
    userEvent: "input.complete",
  });
};

// The bracket that is typed though it has just come.
const again = EditorView.inputHandler.of((view, from, to, typed) => {
  const at = view.state.field(fresh);
  if (at === null || typed !== "(" || from !== to || view.composing) return false;
  view.dispatch({ selection: { anchor: at + 1 } });
  return true;
});

export const calls = [fresh, Prec.high(again)];
