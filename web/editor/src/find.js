// Finding while one types: the first place is selected at once, and the panel says how many there are, and how many have been
// replaced. Tab leads from what is sought to what takes its place.

import { getSearchQuery, searchPanelOpen, setSearchQuery } from "@codemirror/search";
import { EditorView } from "@codemirror/view";

// More places are not counted.
const MOST = 1000;

const places = (state) => {
  const query = getSearchQuery(state);
  const found = [];
  if (!query.search || !query.valid) return undefined;
  for (const cursor = query.getCursor(state); found.length <= MOST;) {
    const { done, value } = cursor.next();
    if (done) break;
    found.push(value);
  }
  return found;
};

const counted = (found, { from, to }) => {
  if (!found) return "";
  if (!found.length) return "not found";
  const all = found.length > MOST ? `more than ${MOST}` : found.length;
  const here = found.findIndex((place) => place.from === from && place.to === to) + 1;
  return here ? `${here} of ${all}` : `${all} found`;
};

const replaced = (transaction) => {
  let count = 0;
  transaction.changes.iterChanges(() => count++);
  return `${count} replaced`;
};

const tabbing = (event) => {
  if (event.key !== "Tab" || event.shiftKey || event.target.name !== "search") return;
  event.preventDefault();
  event.currentTarget.querySelector("[name=replace]").focus();
};

const say = (view, words) => {
  const panel = view.dom.querySelector(".cm-search");
  let said = panel?.querySelector("[role=status]");
  if (panel && !said) {
    said = Object.assign(document.createElement("span"), { className: "cm-counted" });
    said.setAttribute("role", "status");
    panel.querySelector("[name=search]").after(said);
    panel.addEventListener("keydown", tabbing);
    // What takes the place has a row of its own.
    panel.querySelector("br").replaceWith(Object.assign(document.createElement("div"), { className: "cm-row" }));
  }
  if (said) said.textContent = words;
};

const counting = EditorView.updateListener.of(({ view, state, transactions, docChanged, selectionSet }) => {
  const sought = transactions.some((one) => one.effects.some((effect) => effect.is(setSearchQuery)));
  if (!searchPanelOpen(state) || !(sought || docChanged || selectionSet)) return;
  const all = transactions.find((one) => one.isUserEvent("input.replace.all"));
  const found = places(state);
  const { main } = state.selection;
  say(view, all ? replaced(all) : counted(found, main));
  const first = sought && view.contentDOM !== document.activeElement && (found?.find(({ from }) => from >= main.from) ?? found?.[0]);
  if (first && (first.from !== main.from || first.to !== main.to)) {
    view.dispatch({ selection: { anchor: first.from, head: first.to }, scrollIntoView: true, userEvent: "select.search" });
  }
});

export const find = counting;
