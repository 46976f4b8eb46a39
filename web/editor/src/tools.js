// What can be done with the text, as buttons below it: by touch, for whoever does not know the keys, and for screen readers. What one
// has to say stands beside them.

import { redo, redoDepth, undo, undoDepth } from "@codemirror/commands";
import { openSearchPanel } from "@codemirror/search";
import { Prec } from "@codemirror/state";
import { keymap, showPanel } from "@codemirror/view";
import { explain } from "./explain.js";
import { format } from "./layout.js";
import { define, uses } from "./places.js";
import { come } from "./prompter.js";
import { mark, marked } from "./stops.js";

const MAC = /Mac|iPhone|iPad/.test(navigator.platform);

// Each with its name, its key as the library spells it, what it does, what it means, and whether there is something to do.
// What it gives back is said.
const all = (workspace) => {
  const asked = (what) => async (view) => {
    await come();
    return workspace.here() ? what(workspace, view, view.state.selection.main.head) : "The part of the page that knows the language could not be loaded.";
  };
  const done = (what) => (view) => void what(view);
  return [
    ["undo", "Undo", "Mod-z", done(undo), "Takes the last change back", (state) => undoDepth(state) > 0],
    ["redo", "Redo", "Mod-y", done(redo), "Makes the change again", (state) => redoDepth(state) > 0],
    ["find", "Find", "Mod-f", done(openSearchPanel), "Finds and replaces words"],
    ["explain", "Explain", "Mod-i", asked(explain), "Says what the word at the caret means"],
    ["define", "Declaration", "F12", asked(define), "Goes to where the name at the caret is declared"],
    ["uses", "Uses", "Shift-F12", asked(uses), "Lists where the name at the caret is used"],
    ["format", "Format", "Shift-Alt-f", asked(format), "Lays the text out"],
    ...workspace.source > 1 ? [] : [
      ["mark", "Mark line", "F9", mark, "Marks the caret\u2019s line: the run can go on to the moment at which a CPU comes to it"],
      ["run", "Run to mark", "Shift-F9", run(workspace), "Goes on to the next moment at which a CPU reaches a marked line", (state) => marked(state).length + workspace.marks.length > 0],
    ],
  ];
};

// Lets the run go on to a marked line of this text or of the other one.
const run = (workspace) => async ({ state }) => {
  const said = (source, lines) => lines.map((line) => `${source} ${line},`).join("");
  const lines = said(workspace.source, marked(state)) + said(1 - workspace.source, workspace.marks);
  if (!lines) return "No line is marked. A click beside its number marks a line; so does F9.";
  // The lines are those of the text as it is now: the page takes it first.
  workspace.tell("blur", "", 0, 0);
  workspace.tell("run", lines, 0, 0);
  // What the page says of it stands above the stage, which may be out of view.
  await new Promise((drawn) => setTimeout(drawn, 50));
  const notice = document.querySelector("[data-testid=notice] span");
  const { top, bottom } = notice?.getBoundingClientRect() ?? { top: 0, bottom: innerHeight };
  return bottom > 0 && top < innerHeight ? "" : notice.textContent;
};

// A key as it is written on keyboards.
const written = (key) =>
  key.split("-").map((part) => ({ Mod: MAC ? "\u2318" : "Ctrl" })[part] ?? (part.length === 1 ? part.toUpperCase() : part)).join(MAC ? " " : "+");

const panel = (tools) => (view) => {
  const dom = document.createElement("div");
  dom.className = "cm-tools";
  dom.setAttribute("role", "group");
  dom.setAttribute("aria-label", "What can be done with the text");
  const said = document.createElement("span");
  said.setAttribute("role", "status");
  const buttons = tools.map(([id, name, key, , means]) => {
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: name, title: `${means} (${written(key)})` });
    button.dataset.testid = `text-${id}`;
    return button;
  });
  const say = (words) => { said.textContent = words ?? ""; };
  tools.forEach(([, , , run], at) => {
    // The caret and the keyboard of a phone stay as they are.
    buttons[at].addEventListener("mousedown", (event) => event.preventDefault());
    buttons[at].addEventListener("click", () => act(run));
  });
  const act = async (run) => say(await run(view));
  const enable = (state) => tools.forEach(([, , , , , can], at) => { buttons[at].disabled = Boolean(can) && !can(state); });
  enable(view.state);
  dom.append(...buttons, said);
  return { dom, act, update: ({ docChanged, selectionSet, state }) => {
    enable(state);
    if (docChanged || selectionSet) say("");
  } };
};

export const tools = (workspace) => {
  const these = all(workspace);
  let made;
  return [
    showPanel.of((view) => (made = panel(these)(view))),
    Prec.high(keymap.of(these.map(([, , key, run]) => ({ key, preventDefault: true, run: () => { made?.act(run); return true; } })))),
  ];
};
