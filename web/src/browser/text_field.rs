//! The field in which a text is written: its lines, its caret, and which part of it is in view.

use web_sys::{Element, HtmlTextAreaElement, ScrollIntoViewOptions, ScrollLogicalPosition};
use yew::prelude::*;

/// Height of a line in pixels, as in the stylesheet.
pub const LINE: i32 = 20;
/// Room above the first line in pixels, as in the stylesheet.
pub const ABOVE: i32 = 8;

/// Scrolls the text, and only the text, so far that a line can be seen.
pub fn look_at(scroller: &NodeRef, line: u32) {
    let Some(scroller) = scroller.cast::<Element>() else { return };
    let line = line as i32;
    let (top, height) = (scroller.scroll_top(), scroller.client_height());
    let y = (line - 1) * LINE;
    if y < top + LINE || y > top + height - 3 * LINE {
        scroller.set_scroll_top(y - height / 3);
    }
}

/// Whether the field, or a part of it, has the focus.
#[must_use]
pub fn has_focus(area: &NodeRef) -> bool {
    let active =
        web_sys::window().and_then(|window| window.document()).and_then(|there| there.active_element());
    active.is_some() && area.cast::<Element>().is_some_and(|area| area.contains(active.as_deref()))
}

/// The element of a line, counted from 0, inside of an editor: nothing if it is not drawn.
pub(super) fn line_of(editor: &Element, line: usize) -> Option<Element> {
    let text = editor.query_selector("pre").ok().flatten()?;
    let first: usize = text.get_attribute("data-first")?.parse().ok()?;
    text.children().item(u32::try_from(line.checked_sub(first)?).ok()?)
}

/// Which part of a text is at the upper edge, where a part has so many lines.
#[must_use]
pub fn part_at(scroller: &NodeRef, lines: usize) -> usize {
    let top = scroller.cast::<Element>().map_or(0, |scroller| scroller.scroll_top());
    usize::try_from(top / LINE).unwrap_or_default() / lines
}

/// Brings the line of a byte into view, in the text and on the page, from its beginning if the byte is not too far along.
pub fn show_line(scroller: &NodeRef, text: &str, byte: u32) {
    /// Width of a letter in pixels, more or less, and what the numbers of the lines cover.
    const LETTER: i32 = 8;
    const NUMBERS: i32 = 80;
    let before = text.get(..byte as usize).unwrap_or(text);
    let (above, start) =
        before.rsplit_once('\n').map_or((0, before), |(above, start)| (above.split('\n').count(), start));
    let Some(scroller) = scroller.cast::<Element>() else { return };
    // In the text by its number, since not all lines are drawn; then the text on the page.
    scroller.set_scroll_top(ABOVE + above as i32 * LINE - (scroller.client_height() - LINE) / 2);
    let options = ScrollIntoViewOptions::new();
    options.set_block(ScrollLogicalPosition::Center);
    options.set_inline(ScrollLogicalPosition::Nearest);
    scroller.scroll_into_view_with_scroll_into_view_options(&options);
    let room = scroller.client_width() - 2 * NUMBERS;
    scroller.set_scroll_left((start.chars().count() as i32 * LETTER - room).max(0));
}

/// Puts the caret of a field that nobody writes in to the beginning: a text that the page puts there leaves it behind the last letter.
pub fn begin_at_start(area: &NodeRef) {
    if let Some(area) = area.cast::<HtmlTextAreaElement>().filter(|_| !has_focus(area)) {
        let _ = area.set_selection_range(0, 0);
    }
}

/// Puts the caret before a byte of the text.
pub fn put_caret(area: &NodeRef, text: &str, byte: u32) {
    let Some(area) = area.cast::<HtmlTextAreaElement>() else { return };
    let before = text.get(..byte as usize).unwrap_or(text);
    let at = before.encode_utf16().count() as u32;
    // The field is in the document: both can only fail for other kinds of input.
    let _ = area.focus();
    let _ = area.set_selection_range(at, at);
}
