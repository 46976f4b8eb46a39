// What the language knows: words to choose from, explanations, places, layout. `crates/prompter` answers, in a wasm file of its own,
// which comes after the editor; until it is here, and where it can't be had, nothing is offered.

import init, { Prompter } from "prompter";

const [RECORD, FIELD] = ["\u001e", "\u001f"];

// The records of an answer, each with its fields.
export const records = (answer) => (answer ?? "").split(RECORD).slice(0, -1).map((one) => one.split(FIELD));

let coming, here, library = false;
const laid = [];

// Waits for it, and asks for it if nobody has. A host that does not answer is asked again the next time.
export const come = () => coming ??= init({ module_or_path: new URL(PROMPTER, import.meta.url) }).then(
  () => { here = new Prompter(); },
  () => { coming = undefined; },
);

// The texts around the one that is written: the page tells what the other one is, and what is selected.
export class Workspace {
  constructor(source, ask) {
    this.source = source;
    this.tell = ask;
    this.other = this.selection = "";
    // The marked lines of the other text.
    this.marks = [];
  }

  here() {
    return Boolean(here);
  }

  // Asks about the text of a state: the name of the question, and what it needs.
  ask(what, { doc }, ...more) {
    if (!here) return undefined;
    const lay = (source, text) => {
      if (laid[source] === text) return;
      here.lay(source, text.toString());
      laid[source] = text;
    };
    try {
      if (!library && globalThis.library?.text) {
        here.library(globalThis.library.text);
        library = true;
      }
      lay(this.source, doc);
      if (this.source < 2) lay(1 - this.source, this.other);
      if (laid.selection !== this.selection) here.select(laid.selection = this.selection);
      return here[what](this.source, ...more);
    } catch {
      // A program that has trapped is not asked again. The page itself is another one.
      here = undefined;
      return undefined;
    }
  }
}
