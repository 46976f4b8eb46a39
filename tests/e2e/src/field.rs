//! The text in front on the page, for scripts: in the plain field, or in the editor that takes its place when a visitor begins to
//! write. To a test both are one thing.

use crate::outcome::Outcome;
use crate::visit::Visit;

const CONTROL: char = '\u{e009}';

/// More steps than what a test has written can be undone in.
const UNDONE: usize = 40;

/// The beginning of a script: `field()` gives the text in front.
///
/// `text`, and where the selection begins (`from`) and ends (`to`) in it; whether it is there to be written in (`there`), whether it
/// is the editor (`rich`), and whether it has the focus (`focused`). `select(from, to)` selects a part. `line(part)` is the
/// element of the line that a part of the text begins in, and where in it; nothing if there is no such line, or not yet: the
/// editor draws only what is near, and is scrolled there.
const FIELD: &str = "const field = () => { \
    const all = document.querySelector('[data-testid=code]'); \
    const plain = all?.querySelector('.editor textarea'), own = all?.querySelector('.cm-editor')?.field; \
    const on = own ? own.view.contentDOM : plain; \
    const text = own ? own.text() : plain?.value; \
    const [from, to] = own ? own.selection() : [plain?.selectionStart, plain?.selectionEnd]; \
    const select = (from, to) => own ? own.select(from, to) : (plain.focus(), plain.setSelectionRange(from, to)); \
    const drawn = part => { \
        for (const line of all.querySelectorAll('pre > *')) { \
            const at = line.textContent.indexOf(part); \
            if (at >= 0) return [line, at]; \
        } \
        return null; }; \
    const near = at => { \
        if (at < 0) return null; \
        const { from, to } = own.view.viewport, { top } = own.view.lineBlockAt(at); \
        if (at < from || at > to) { own.view.scrollDOM.scrollTop = top - 100; return null; } \
        const { node } = own.view.domAtPos(at); \
        const line = (node.closest ? node : node.parentElement).closest('.cm-line'); \
        return line && [line, at - own.view.state.doc.lineAt(at).from]; }; \
    const line = part => own ? near(text.indexOf(part)) : drawn(part); \
    return { text, from, to, select, line, there: !!on, rich: !!own, focused: !!on && document.activeElement === on }; };";

/// A script that begins with [`FIELD`].
#[must_use]
pub fn with_field(script: &str) -> String {
    format!("{FIELD} {script}")
}

impl Visit {
    /// The text in front, and where the caret is in it.
    pub async fn field(&self) -> Outcome<(String, usize)> {
        self.run(&with_field("const { text, from } = field(); return [text, from]")).await
    }

    /// Waits until a part is in the text in front.
    pub async fn reads(&self, part: &str) -> Outcome {
        self.holds(
            &format!("{part:?} in the text"),
            &with_field(&format!("return field().text.includes({part:?})")),
        )
        .await
    }

    /// Selects a part of the text in front, as a mouse would.
    pub async fn select(&self, part: &str) -> Outcome {
        self.reads(part).await?;
        let script = format!(
            "const it = field(), at = it.text.indexOf({part:?}); it.select(at, at + {part:?}.length)"
        );
        self.perform(&with_field(&script)).await
    }

    /// Waits until the editor has come, which it does when a visitor has begun to write.
    pub async fn has_the_editor(&self) -> Outcome {
        self.holds("the editor", &with_field("return field().rich")).await
    }

    /// Waits until what knows the language has come, which it does after the editor: it says what a name means.
    pub async fn knows_the_language(&self) -> Outcome {
        self.holds(
            "what knows the language",
            "return document.querySelector('.cm-editor')?.field.workspace.here() ?? false",
        )
        .await
    }

    /// Whether a button can't be pressed now.
    pub async fn disabled(&self, id: &str) -> Outcome<bool> {
        self.element(id).await?;
        self.run(&format!("return document.querySelector('[data-testid={id}]').disabled")).await
    }

    /// Undoes step by step in the editor until it has the text of before. How many steps that are depends on the pauses of
    /// whoever wrote.
    pub async fn undoes_until(&self, before: &str) -> Outcome {
        for _ in 0..UNDONE {
            if self.field().await?.0 == before {
                return Ok(());
            }
            self.chord(&[CONTROL, 'z']).await?;
        }
        let script = format!("return field().text === {}", serde_json::json!(before));
        self.holds("the text of before", &with_field(&script)).await
    }
}
