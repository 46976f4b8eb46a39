// The words' colours, of the lines in view and some around them. The page cuts the lines into pieces with the compiler's own
// lexer and names each piece's kind; kinds are classes of the page's sheet.

import { RangeSetBuilder } from "@codemirror/state";
import { Decoration, ViewPlugin } from "@codemirror/view";

const marks = new Map();
const mark = (kind) => {
  if (!marks.has(kind)) marks.set(kind, Decoration.mark({ class: kind }));
  return marks.get(kind);
};

// `pieces(text, first, last)` says of the lines from `first` to `last`, counted from 0, the last one left out: "5 keyword,1 ,3 number"
// for each piece its length and its kind, line ends included.
const coloured = (view, pieces) => {
  const { doc } = view.state;
  const { from, to } = view.viewport;
  const first = doc.lineAt(from);
  const built = new RangeSetBuilder();
  let at = first.from;
  for (const piece of pieces(doc.toString(), first.number - 1, doc.lineAt(to).number).split(",")) {
    const [length, kind] = piece.split(" ");
    const end = Math.min(at + Number(length), doc.length);
    if (kind && end > at) built.add(at, end, mark(kind));
    at = end;
  }
  return built.finish();
};

export const words = (ask) => {
  const pieces = (text, first, last) => ask("words", text, first, last) ?? "";
  const plugin = class {
    constructor(view) {
      this.marks = coloured(view, pieces);
    }
    update({ docChanged, viewportChanged, view }) {
      if (docChanged || viewportChanged) this.marks = coloured(view, pieces);
    }
  };
  return ViewPlugin.fromClass(plugin, { decorations: ({ marks }) => marks });
};
