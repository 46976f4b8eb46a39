//! A visitor's hands: keys at the speed at which people type, and a pointer that clicks where an element is.
//!
//! The pauses are a part of the visitor's input, like the letters: the test does not use them to wait for
//! anything.

use crate::field::with_field;
use crate::outcome::Outcome;
use crate::until::{Seen, until};
use crate::visit::Visit;
use serde_json::{Value, json};
use thirtyfour::WebElement;
use thirtyfour::common::command::{Actions, Command};

/// Between two keys, in milliseconds: many a little longer than what an editor takes for the end of a word.
const PAUSES: [u32; 12] = [300, 305, 310, 290, 315, 320, 330, 340, 355, 380, 450, 800];

/// What fingers do that type a text.
pub(crate) fn keys(text: &str) -> Value {
    keys_in(text, &PAUSES)
}

/// The same without a pause.
pub(crate) fn keys_at_once(text: &str) -> Value {
    keys_in(text, &[0])
}

fn keys_in(text: &str, pauses: &[u32]) -> Value {
    let mut actions = Vec::new();
    for (key, pause) in text.chars().zip(pauses.iter().cycle()) {
        actions.push(json!({ "type": "pause", "duration": pause }));
        actions.push(json!({ "type": "keyDown", "value": key }));
        actions.push(json!({ "type": "keyUp", "value": key }));
    }
    json!([{ "type": "key", "id": "keyboard", "actions": actions }])
}

/// What a hand does that clicks at a point of the viewport.
pub(crate) fn click(x: f64, y: f64) -> Value {
    let (x, y) = (x.round() as i64, y.round() as i64);
    let actions = json!([
        { "type": "pointerMove", "duration": 0, "origin": "viewport", "x": x, "y": y },
        { "type": "pointerDown", "button": 0 },
        { "type": "pointerUp", "button": 0 },
    ]);
    json!([{ "type": "pointer", "id": "hand", "parameters": { "pointerType": "mouse" }, "actions": actions }])
}

/// A script that tells whether a part is in the text in front.
pub(crate) fn is_there(part: &str) -> String {
    let part = json!(part);
    with_field(&format!("const it = field(); return it.there ? it.text.includes({part}) : !!it.line({part})"))
}

/// A script that tells where the end of a part of that text is on the screen, when it has come to rest.
pub(crate) fn place_behind(part: &str) -> String {
    let place = "const found = field().line(part); \
        if (!found) return [Math.random()]; \
        const [line, at] = found; \
        const scroller = line.closest('.editor, .cm-scroller'), across = scroller?.scrollLeft; \
        line.scrollIntoView({ block: 'center', inline: 'nearest' }); \
        if (innerWidth > 720 && scroller) scroller.scrollLeft = across; \
        const walker = document.createTreeWalker(line, NodeFilter.SHOW_TEXT); \
        let left = at + part.length, node = walker.nextNode(); \
        while (left > node.length) { left -= node.length; node = walker.nextNode(); } \
        const range = document.createRange(); range.setStart(node, left - 1); range.setEnd(node, left); \
        const over = range.getBoundingClientRect().right - (scroller?.getBoundingClientRect().right ?? innerWidth) + 24; \
        if (over > 0 && scroller) scroller.scrollLeft += over; \
        const there = range.getBoundingClientRect(); return [there.right, there.top + there.height / 2];";
    with_field(&format!("const part = {}; {}", json!(part), at_rest(place)))
}

/// A script that tells where the middle of the element is that a selector finds, when it has come to rest.
pub(crate) fn place_of(selector: &str) -> String {
    let place = "const it = document.querySelector(selector); it.scrollIntoView({ block: 'center' }); \
        const r = it.getBoundingClientRect(); return [r.left + r.width / 2, r.top + r.height / 2];";
    format!("const selector = {}; {}", json!(selector), at_rest(place))
}

/// A person clicks what has come to rest: where it is does not change for a dozen pictures.
fn at_rest(place: &str) -> String {
    at_rest_for(12, place)
}

/// A browser that draws no pictures, since nobody can see its window, is asked by the clock.
fn at_rest_for(pictures: u32, place: &str) -> String {
    format!(
        "const place = () => {{ {place} }}; \
         return new Promise(done => {{ \
             let before = place(), same = 0; \
             const look = () => {{ \
                 const now = place(); \
                 same = now.join() === before.join() ? same + 1 : 0; before = now; \
                 if (same < {pictures}) next(); else done(now); }}; \
             const next = () => {{ let told = false; const once = () => {{ if (!told) {{ told = true; look(); }} }}; \
                 requestAnimationFrame(once); setTimeout(once, 200); }}; \
             next(); }})"
    )
}

impl Visit {
    /// Types, letter by letter, wherever the focus is.
    pub async fn types(&self, text: &str) -> Outcome {
        self.act(keys(text)).await
    }

    /// Presses keys together, as in a shortcut.
    pub async fn chord(&self, keys: &[char]) -> Outcome {
        let down = keys.iter().map(|key| json!({ "type": "keyDown", "value": key }));
        let up = keys.iter().rev().map(|key| json!({ "type": "keyUp", "value": key }));
        let actions: Vec<Value> = down.chain(up).collect();
        self.act(json!([{ "type": "key", "id": "keyboard", "actions": actions }])).await
    }

    /// Clicks where the middle of an element is, whatever lies over it, when it has been at rest for a second: results that
    /// come in after the first may move it between a look and the click.
    pub async fn click_at(&self, element: &WebElement) -> Outcome {
        let place = "const r = it.getBoundingClientRect(), x = r.left + r.width / 2, y = r.top + r.height / 2; \
             if (x < 0 || y < 0 || x > innerWidth || y > innerHeight) it.scrollIntoView({ block: 'center', inline: 'center' }); \
             return [x, y];";
        let script = at_rest_for(60, place);
        let [x, y]: [f64; 2] = self
            .browser
            .execute(format!("const it = arguments[0]; {script}"), vec![element.to_json()?])
            .await?
            .convert()?;
        self.click_point(x, y).await
    }

    /// Clicks at a point of the viewport.
    pub async fn click_point(&self, x: f64, y: f64) -> Outcome {
        self.act(click(x, y)).await
    }

    /// Opens the table of costs. It is far below, and what is above it is drawn, and grows, when one comes near.
    pub async fn opens_the_costs(&self) -> Outcome {
        self.element("cost-open").await?;
        let [x, y]: [f64; 2] = self.run(&place_of("[data-testid=cost-open]")).await?;
        self.click_point(x, y).await
    }

    /// Clicks in the text that is in front, right behind a part of one of its lines.
    pub async fn click_behind(&self, part: &str) -> Outcome {
        self.holds(&format!("{part:?} in the text"), &is_there(part)).await?;
        let [x, y]: [f64; 2] = self.run(&place_behind(part)).await?;
        self.click_point(x, y).await
    }

    /// What a reader sees in the middle of an element: whether it is in view and nothing lies over it. Gives the words of
    /// what does, if something does.
    pub async fn in_view(&self, selector: &str) -> Outcome {
        let selector = json!(selector);
        let script = format!(
            "const there = document.querySelector({selector}); if (!there) return 'it is not there'; \
             const r = there.getBoundingClientRect(), x = r.left + r.width / 2, y = r.top + r.height / 2; \
             if (r.width === 0 || x < 0 || y < 0 || x > innerWidth || y > innerHeight) return `it is at ${{x}}, ${{y}}`; \
             const seen = document.elementFromPoint(x, y); \
             return there.contains(seen) || seen.contains(there) && seen.tagName !== 'BODY' ? '' : `under ${{seen.outerHTML.slice(0, 200)}}`"
        );
        self.when_empty(&format!("{selector} in view"), &script).await
    }

    /// Waits until a script returns an empty text.
    pub async fn when_empty(&self, what: &str, script: &str) -> Outcome {
        until(what, async || {
            let seen: String = self.run(script).await?;
            Ok(if seen.is_empty() { Seen::Yes(()) } else { Seen::NotYet(seen) })
        })
        .await
    }

    /// Loads the page anew.
    pub async fn reload(&self) -> Outcome {
        Ok(self.browser.refresh().await?)
    }

    /// One step back in the browser's history.
    pub async fn go_back(&self) -> Outcome {
        Ok(self.browser.back().await?)
    }

    /// One step on.
    pub async fn go_forward(&self) -> Outcome {
        Ok(self.browser.forward().await?)
    }

    async fn act(&self, sources: Value) -> Outcome {
        self.browser.handle().cmd(Command::PerformActions(Actions::from(sources))).await?;
        Ok(())
    }
}
