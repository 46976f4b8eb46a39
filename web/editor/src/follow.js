// How the view follows the caret: some lines beside it stay in view, and a view that a long line has moved to the side comes back with
// the next line that is not so long. Only the text is scrolled, and the page as little as the caret needs.

import { EditorSelection, EditorState } from "@codemirror/state";
import { EditorView } from "@codemirror/view";

// What stays in view beside the caret, in pixels: two lines, and some letters.
const BESIDE = { yMargin: 40, xMargin: 32 };

// Not as a margin of the editor: a list at the caret would count as out of view.
const margins = EditorState.transactionExtender.of(({ scrollIntoView, newSelection: { main } }) => {
  if (!scrollIntoView) return null;
  const caret = EditorSelection.cursor(main.head, main.empty ? main.assoc : main.head > main.anchor ? -1 : 1);
  return { effects: EditorView.scrollIntoView(caret, BESIDE) };
});

// Where a line ends on the screen. The editor answers no question about places while it scrolls.
const end = (view, pos) => {
  const { node } = view.domAtPos(pos);
  const line = (node instanceof Element ? node : node.parentElement)?.closest(".cm-line");
  if (!line) return Infinity;
  const range = document.createRange();
  range.selectNodeContents(line);
  return range.getBoundingClientRect().right;
};

// Room above the first line, in pixels (look.js).
const ABOVE = 8;

const scrolling = EditorView.scrollHandler.of((view, { head }, target) => {
  const { scrollDOM } = view;
  const { scrollLeft, clientHeight, clientWidth } = scrollDOM;
  // The library would put the line at such a place of the window too, and the page would jump. A line that is in view stays where it is,
  // unless a page is turned.
  if (target.y !== "nearest") {
    const { top, height } = view.lineBlockAt(head);
    const room = { start: target.yMargin, center: (clientHeight - height) / 2, end: clientHeight - height - target.yMargin };
    const seen = top >= scrollDOM.scrollTop && top + height <= scrollDOM.scrollTop + clientHeight;
    if (target.y !== "center" || !seen) scrollDOM.scrollTop = top + ABOVE - room[target.y];
    Object.assign(target, { y: "nearest", yMargin: 5 });
  }
  const right = scrollDOM.getBoundingClientRect().left + clientWidth - BESIDE.xMargin;
  if (scrollLeft > 0 && end(view, head) + scrollLeft <= right) scrollDOM.scrollLeft = 0;
  return false;
});

export const follow = [margins, scrolling];
