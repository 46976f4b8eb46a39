// What the editor looks like: the page's own colours and sizes, which know light from dark. Height and type of `.editor`, and the
// words' colours, are in the page's sheet (web/src/ui/texts/style.css), since the plain field has them too.

import { EditorView } from "@codemirror/view";

const mark = (colour) => ({ content: "normal", width: "8px", height: "8px", borderRadius: "4px", background: colour });
const line = (colour) => ({
  backgroundImage: "none",
  paddingBottom: 0,
  textDecoration: `underline wavy ${colour}`,
  textUnderlineOffset: "3px",
});

export const look = EditorView.theme({
  "&": { backgroundColor: "var(--sheet)", color: "var(--ink)", overflow: "hidden" },
  "&.cm-focused": { outline: "none" },
  // Over the gutters too, which have a ground of their own.
  "&.cm-focused::after": {
    content: "''",
    position: "absolute",
    inset: "0",
    boxShadow: "inset 0 0 0 2px var(--focus)",
    pointerEvents: "none",
    zIndex: "400",
  },
  ".cm-scroller": { fontFamily: "inherit", lineHeight: "inherit", overflow: "auto" },
  ".cm-content": { padding: "8px 0", caretColor: "var(--ink)" },
  ".cm-line": { padding: "0 24px 0 12px" },
  ".cm-line::selection, .cm-line ::selection": {
    backgroundColor: "var(--software) !important",
    color: "var(--on-mark) !important",
  },
  ".cm-line.here": { backgroundColor: "var(--software-soft)" },
  ".cm-line[data-lit]": { backgroundColor: "var(--shade)" },
  ".cm-gutters": {
    backgroundColor: "var(--sunken)",
    color: "var(--ink-3)",
    border: "0",
    borderInlineEnd: "1px solid var(--rule)",
    fontSize: "11px",
  },
  ".cm-gutterElement": { display: "flex", justifyContent: "flex-end", alignItems: "center", gap: "2px" },
  ".cm-lineNumbers .cm-gutterElement": { padding: "0 8px 0 2px", minWidth: "32px" },
  ".cm-cpus": { minWidth: "20px", paddingInlineStart: "2px" },
  ".cm-gutter-lint": { width: "14px" },
  ".cm-gutter-lint .cm-gutterElement": { padding: "0 3px" },
  ".cm-lint-marker-error": mark("var(--corrupt-mark)"),
  ".cm-lint-marker-warning": { ...mark("var(--stale-mark)"), borderRadius: "0" },
  ".cm-lintRange-error": line("var(--corrupt-mark)"),
  ".cm-lintRange-warning": line("var(--stale-mark)"),
  ".cm-lintRange-active": { backgroundColor: "var(--stale-soft)" },
  ".cm-tooltip": {
    backgroundColor: "var(--sheet)",
    color: "var(--ink)",
    border: "1px solid var(--rule-2)",
    borderRadius: "var(--round)",
    maxWidth: "min(60ch, 90vw)",
    zIndex: "30",
  },
  ".cm-diagnostic": {
    font: "var(--small)/1.5 var(--sans)",
    padding: "6px var(--s3)",
    margin: "0",
    whiteSpace: "pre-wrap",
  },
  ".cm-diagnostic-error": { borderInlineStart: "4px solid var(--corrupt-mark)" },
  ".cm-diagnostic-warning": { borderInlineStart: "4px dashed var(--stale-mark)" },
  "&.cm-focused .cm-matchingBracket": { backgroundColor: "var(--safe-soft)", outline: "1px solid var(--safe-mark)" },
  "&.cm-focused .cm-nonmatchingBracket": { backgroundColor: "var(--corrupt-soft)" },
  ".cm-selectionMatch": { backgroundColor: "var(--stale-soft)" },
  ".cm-searchMatch": { backgroundColor: "var(--stale-soft)", outline: "1px solid var(--stale-mark)" },
  ".cm-searchMatch-selected": { backgroundColor: "var(--stale-hatch)" },
  ".cm-panels": { backgroundColor: "var(--sunken)", color: "var(--ink)", font: "var(--small)/1.5 var(--sans)", zIndex: "3" },
  ".cm-panels-top": { borderBottom: "1px solid var(--rule)" },
  ".cm-panels-bottom": { borderTop: "1px solid var(--rule)" },
  ".cm-panel.cm-search": { padding: "6px 36px 6px 8px", display: "flex", flexWrap: "wrap", alignItems: "center", gap: "4px" },
  ".cm-panel.cm-search br": { flexBasis: "100%", content: "''" },
  ".cm-panel.cm-search label": { fontSize: "inherit", display: "inline-flex", alignItems: "center", gap: "4px", margin: "0" },
  ".cm-panel.cm-search input, .cm-panel.cm-search button": { margin: "0" },
  ".cm-panel.cm-search [type=checkbox]": { width: "18px", height: "18px", margin: "3px" },
  ".cm-textfield": {
    backgroundColor: "var(--sheet)",
    border: "1px solid var(--rule-2)",
    borderRadius: "var(--round)",
    padding: "4px 8px",
    fontSize: "inherit",
    minWidth: "0",
    width: "22ch",
  },
  ".cm-button": {
    backgroundImage: "none",
    backgroundColor: "var(--sheet)",
    border: "1px solid var(--rule-2)",
    borderRadius: "var(--round)",
    padding: "4px 8px",
    fontSize: "inherit",
  },
  ".cm-panel.cm-search [name=close]": { fontSize: "18px", width: "28px", height: "28px", right: "4px", top: "4px" },
});
