//! What a visitor does with the page, and what can be read there. Elements are found by test id, as the page names
//! them, or by role.

use crate::outcome::{Outcome, fault};
use crate::until::{Seen, until};
use crate::visit::Visit;
use serde::de::DeserializeOwned;
use serde_json::Value;
use thirtyfour::WindowHandle;
use thirtyfour::prelude::*;

/// Where in a run the page is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counter {
    /// How many steps have been taken.
    pub at: usize,
    /// How many there are.
    pub of: usize,
}

impl Visit {
    /// Opens an address: a path of the site, or a whole one.
    pub async fn open(&self, address: &str) -> Outcome {
        let whole =
            if address.starts_with('/') { format!("{}{address}", self.origin) } else { address.to_owned() };
        // A browser that is to go from an address to the same with another `#` does not load anything.
        self.browser.goto("about:blank").await?;
        Ok(self.browser.goto(&whole).await?)
    }

    /// Where the visitor is.
    pub async fn address(&self) -> Outcome<String> {
        Ok(self.browser.current_url().await?.to_string())
    }

    /// The element with a test id, as soon as it is there.
    pub async fn element(&self, id: &str) -> Outcome<WebElement> {
        until(&format!("an element {id:?}"), async || Ok(Seen::Yes(self.browser.find(by(id)).await?))).await
    }

    /// Whether there is one now.
    pub async fn has(&self, id: &str) -> Outcome<bool> {
        Ok(!self.browser.find_all(by(id)).await?.is_empty())
    }

    /// Clicks on the element with a test id.
    pub async fn click(&self, id: &str) -> Outcome {
        self.click_on(by(id)).await
    }

    /// Turns to a part of the page, where the page is so narrow that it shows one at a time: `machine`, `run`,
    /// `next`, `change`, `code`, `verdict`.
    pub async fn turn_to(&self, part: &str) -> Outcome {
        let tab = self.element(&format!("part-{part}")).await?;
        if tab.is_displayed().await? { self.click(&format!("part-{part}")).await } else { Ok(()) }
    }

    /// Clicks on something at the top of the page, wherever that is on a narrow one.
    pub async fn click_top(&self, id: &str) -> Outcome {
        if !self.element(id).await?.is_displayed().await? {
            self.click("more").await?;
        }
        self.click(id).await
    }

    /// The first element that a selector of the style sheet finds, as soon as it is there.
    pub async fn browser_element(&self, selector: &str) -> Outcome<WebElement> {
        until(selector, async || Ok(Seen::Yes(self.browser.find(By::Css(selector)).await?))).await
    }

    /// Moves the pointer to the middle of an element.
    pub async fn point_at(&self, element: &WebElement) -> Outcome {
        Ok(self.browser.action_chain().move_to_element_center(element).perform().await?)
    }

    /// Clicks on an element.
    pub async fn click_on(&self, by: By) -> Outcome {
        until(&format!("a click on {by:?}"), async || {
            let element = self.browser.find(by.clone()).await?;
            if let Err(refused) = element.click().await {
                // If a bar at the edge covers an element, a reader scrolls the element to the
                // middle.
                element.scroll_into_view().await?;
                return Err(refused.into());
            }
            Ok(Seen::Yes(()))
        })
        .await
    }

    /// The text of an element as a reader sees it, as soon as it is there.
    pub async fn text(&self, id: &str) -> Outcome<String> {
        self.text_when(id, "any text", |_| true).await
    }

    /// The text of an element, as soon as it fits.
    pub async fn text_when(&self, id: &str, what: &str, fits: impl Fn(&str) -> bool) -> Outcome<String> {
        let script = format!("return document.querySelector('{}')?.innerText", selector(id));
        until(&format!("{what} in {id:?}"), async || {
            let content: Option<String> = self.run(&script).await?;
            let Some(content) = content else { return Ok(Seen::NotYet("no such element".to_owned())) };
            let text = content.split_whitespace().collect::<Vec<_>>().join(" ");
            Ok(if fits(&text) { Seen::Yes(text) } else { Seen::NotYet(text) })
        })
        .await
    }

    /// Waits until an attribute of an element has a value.
    pub async fn attribute_is(&self, id: &str, name: &str, value: &str) -> Outcome {
        let script = format!("return document.querySelector('{}')?.getAttribute('{name}')", selector(id));
        until(&format!("{name}={value:?} on {id:?}"), async || {
            let seen: Option<String> = self.run(&script).await?;
            Ok(match seen {
                Some(seen) if seen == value => Seen::Yes(()),
                seen => Seen::NotYet(seen.unwrap_or_else(|| "none".to_owned())),
            })
        })
        .await
    }

    /// Waits for the verdict to be `reachable`, `safe`, `bounded` or `failed`, and for the search to end: what is known
    /// before its end may be another violation, and another run.
    pub async fn verdict_is(&self, mood: &str) -> Outcome {
        let script = "const mood = document.querySelector('[data-testid=verdict]')?.dataset.mood ?? 'none yet'; \
                      return document.querySelector('[data-testid=stop-search]') ? `${mood}, searching` : mood";
        until(&format!("the verdict {mood:?}"), async || {
            let seen: String = self.run(script).await?;
            Ok(if seen == mood { Seen::Yes(()) } else { Seen::NotYet(seen) })
        })
        .await
    }

    /// Waits until the page has opened with a violation: the verdict is there, and the run that proves it is loaded to
    /// its end.
    pub async fn has_opened(&self) -> Outcome<Counter> {
        self.verdict_is("reachable").await?;
        self.counter_when("the end of a run", |counter| counter.of > 0 && counter.at == counter.of).await
    }

    /// Waits for something that a script in the page says is true.
    pub async fn holds(&self, what: &str, script: &str) -> Outcome {
        until(what, async || {
            let seen: Value = self.run(script).await?;
            Ok(if seen == Value::Bool(true) { Seen::Yes(()) } else { Seen::NotYet(seen.to_string()) })
        })
        .await
    }

    /// Runs a script in the page (the body of a function).
    pub async fn run<T: DeserializeOwned>(&self, script: &str) -> Outcome<T> {
        Ok(self.browser.execute(script, Vec::new()).await?.convert()?)
    }

    /// Runs a script in the page for what it does.
    pub async fn perform(&self, script: &str) -> Outcome {
        self.run::<Option<()>>(&format!("{script}; return null")).await?;
        Ok(())
    }

    /// Waits until no dialog is open.
    pub async fn has_no_dialog(&self) -> Outcome {
        self.holds("no dialog", "return !document.querySelector('dialog')").await
    }

    /// Waits until the moment shown is one that shows a violation, and says so in words.
    pub async fn shows_a_violation(&self) -> Outcome {
        self.holds(
            "the violation in words",
            "return !!document.querySelector('[data-testid=caption] .violation')",
        )
        .await
    }

    /// The address of the page, as soon as there is a link in it that stays: while somebody types, each letter makes another one.
    pub async fn link_in_address(&self) -> Outcome<String> {
        self.holds("a link in the address bar", STAYS).await?;
        self.address().await
    }

    /// What a dialog offers to be copied: `share-dialog` or `embed-dialog`.
    pub async fn offered(&self, dialog: &str) -> Outcome<String> {
        let area = format!("document.querySelector('[data-testid={dialog}] textarea')");
        self.holds("something to copy", &format!("return !!{area} && !!{area}.value")).await?;
        self.run(&format!("return {area}.value")).await
    }

    /// Presses keys, one after the other, wherever the focus is.
    pub async fn press(&self, keys: impl AsRef<str>) -> Outcome {
        Ok(self.browser.action_chain().send_keys(keys.as_ref()).perform().await?)
    }

    /// The step counter, as soon as it fits.
    pub async fn counter_when(&self, what: &str, fits: impl Fn(Counter) -> bool) -> Outcome<Counter> {
        let text = self.text_when("step-counter", what, |text| counter_in(text).is_some_and(&fits)).await?;
        match counter_in(&text) {
            Some(counter) => Ok(counter),
            None => fault(format!("no counter in {text:?}")),
        }
    }

    /// The step counter.
    pub async fn counter(&self) -> Outcome<Counter> {
        self.counter_when("a counter", |_| true).await
    }

    /// Waits until the page is at a step.
    pub async fn is_at(&self, step: usize) -> Outcome<Counter> {
        self.counter_when(&format!("step {step}"), |counter| counter.at == step).await
    }

    /// From now on, looks into the page's first frame.
    pub async fn into_frame(&self) -> Outcome {
        until("a frame", async || {
            self.browser.enter_frame(0).await?;
            Ok(Seen::Yes(()))
        })
        .await
    }

    /// From now on, looks into the frame of the page's first `<tlb-scope>`.
    pub async fn into_embed(&self) -> Outcome {
        until("the frame of an embed", async || {
            let script = "return document.querySelector('tlb-scope').shadowRoot.querySelector('iframe')";
            self.browser.execute(script, Vec::new()).await?.element()?.enter_frame().await?;
            Ok(Seen::Yes(()))
        })
        .await
    }

    /// Clicks on what starts the page's first `<tlb-scope>`, and waits until it runs.
    pub async fn start_embed(&self) -> Outcome {
        self.holds(
            "the button of an embed",
            "return !!document.querySelector('tlb-scope')?.shadowRoot?.querySelector('button')",
        )
        .await?;
        let script = "return document.querySelector('tlb-scope').shadowRoot.querySelector('button')";
        self.browser.execute(script, Vec::new()).await?.element()?.click().await?;
        self.embed_runs().await
    }

    /// Waits until the page's first `<tlb-scope>` runs.
    pub async fn embed_runs(&self) -> Outcome {
        self.holds("a running embed", "return document.querySelector('tlb-scope').running === true").await
    }

    /// From now on, looks into the window that has opened beside the first.
    pub async fn into_other_window(&self) -> Outcome {
        let here = self.browser.window().await?;
        until("another window", async || {
            let known = |window: &WindowHandle| *window == here || self.guest.others.contains(window);
            let other = self.browser.windows().await?.into_iter().find(|window| !known(window));
            Ok(match other {
                Some(other) => {
                    self.browser.switch_to_window(other).await?;
                    Seen::Yes(())
                }
                None => Seen::NotYet("one window".to_owned()),
            })
        })
        .await
    }

    /// Looks at the page around the frame again.
    pub async fn out_of_frame(&self) -> Outcome {
        Ok(self.browser.enter_default_frame().await?)
    }
}

fn by(id: &str) -> By {
    By::Css(selector(id))
}

fn selector(id: &str) -> String {
    format!("[data-testid=\"{id}\"]")
}

/// "Step 3 / 17", with any words around the two numbers.
fn counter_in(text: &str) -> Option<Counter> {
    let mut numbers = text.split(|c: char| !c.is_ascii_digit()).filter_map(|digits| digits.parse().ok());
    Some(Counter { at: numbers.next()?, of: numbers.next()? })
}

/// Whether the address has a link, and has been the same for a second.
const STAYS: &str = "if (window.before?.link !== location.hash) window.before = { link: location.hash, since: performance.now() }; \
    return /^#[1-9]\\./.test(location.hash) && performance.now() - before.since > 1000";

#[cfg(test)]
mod tests {
    use super::{Counter, counter_in};

    #[test]
    fn counters_are_two_numbers() {
        assert_eq!(counter_in("Step 3 / 17"), Some(Counter { at: 3, of: 17 }));
        assert_eq!(counter_in("Step 3"), None);
    }
}
