// Words of the language that are names where they stand, as a variable `page` is: they look like names. The page's lexer, which gives the
// words their colours, does not know what a word is for.

import { Decoration, ViewPlugin } from "@codemirror/view";
import { records } from "./prompter.js";

// A text that is longer is not read anew at each key.
const MOST = 100_000;

const mark = Decoration.mark({ class: "name" });

const asked = (workspace, state) =>
  state.doc.length > MOST ? Decoration.none : Decoration.set(records(workspace.ask("names", state)).map(([from, to]) => mark.range(Number(from), Number(to))));

export const named = (workspace) => {
  const plugin = class {
    constructor(view) {
      this.update({ docChanged: true, state: view.state });
    }
    update({ docChanged, state }) {
      if (!docChanged && this.here) return;
      this.here = workspace.here();
      this.names = asked(workspace, state);
    }
  };
  return ViewPlugin.fromClass(plugin, { decorations: ({ names }) => names });
};
