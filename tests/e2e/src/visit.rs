//! A visitor with a fresh profile, on the way through the page.

use crate::browser::{Browser, Guest};
use crate::outcome::{Outcome, fault};
use crate::pdf;
use crate::record::Record;
use crate::saved::Saved;
use crate::until::{self, until};
use serde_json::json;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use thirtyfour::TimeoutConfiguration;
use thirtyfour::WindowHandle;
use thirtyfour::bidi::modules::script::{AddPreloadScript, GetRealms};
use thirtyfour::prelude::*;

/// How the page is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    /// Width of the viewport in CSS pixels.
    pub width: u32,
    /// Its height.
    pub height: u32,
    /// On something that is held in the hand: its scroll bars take no room, and it believes what the page says about
    /// its width.
    pub hand: bool,
    /// The reader's system prefers dark.
    pub dark: bool,
}

impl Look {
    /// A wide screen.
    pub const WIDE: Look = Look { width: 1440, height: 1000, hand: false, dark: false };
    /// A small phone.
    pub const PHONE: Look = Look { width: 360, height: 740, hand: true, dark: false };

    /// The same in the dark.
    #[must_use]
    pub const fn dark(self) -> Look {
        Look { dark: true, ..self }
    }
}

/// The visitor.
pub struct Visit {
    /// What `http://127.0.0.1:PORT` the site has.
    pub origin: String,
    pub(crate) browser: WebDriver,
    pub(crate) guest: Guest,
    record: Record,
    /// Until the end.
    held: Mutex<Option<Browser>>,
}

impl Visit {
    /// Begins, with a profile of its own.
    pub(crate) async fn begin(browser: Browser, origin: &str, look: Look, keeps: bool) -> Outcome<Visit> {
        let guest = browser.receive().await?;
        let (driver, record) = (browser.driver.clone(), browser.record.clone());
        // Waiting is done here, not by the driver.
        let at_once = Some(Duration::ZERO);
        let limit = Some(Duration::from_secs(120));
        driver.update_timeouts(TimeoutConfiguration::new(limit, limit, at_once)).await?;
        let held = Mutex::new(Some(browser));
        let visit = Visit { origin: origin.to_owned(), browser: driver, guest, record, held };
        // Of several windows one has the focus. Each visitor looks at the page.
        visit
            .browser
            .cdp()
            .send_raw("Emulation.setFocusEmulationEnabled", json!({ "enabled": true }))
            .await?;
        visit.look(look).await?;
        if !keeps {
            // A first visit ends before the site is kept, or its browser keeps nothing.
            visit.prepare("() => { delete Navigator.prototype.serviceWorker; }").await?;
        }
        Ok(visit)
    }

    /// The tab that is looked at.
    pub async fn tab(&self) -> Outcome<WindowHandle> {
        Ok(self.browser.window().await?)
    }

    /// From now on, looks at another tab.
    pub async fn turns_to_tab(&self, tab: &WindowHandle) -> Outcome {
        Ok(self.browser.switch_to_window(tab.clone()).await?)
    }

    /// Opens a second tab, and looks there.
    pub async fn opens_a_second_tab(&self) -> Outcome {
        self.turns_to_tab(&self.guest.second_tab().await?).await?;
        let focus = json!({ "enabled": true });
        self.browser.cdp().send_raw("Emulation.setFocusEmulationEnabled", focus).await?;
        self.look(Look::WIDE).await
    }

    /// Closes the tab that is looked at. Nothing is looked at after that.
    pub async fn closes_tab(&self) -> Outcome {
        Ok(self.browser.close_window().await?)
    }

    /// Looks at the page in another way.
    pub async fn look(&self, look: Look) -> Outcome {
        let browser = self.browser.cdp();
        browser.emulation().set_device_metrics_override(look.width, look.height, 1.0, look.hand).await?;
        let scheme = if look.dark { "dark" } else { "light" };
        let media = json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
        self.browser.cdp().send_raw("Emulation.setEmulatedMedia", media).await?;
        Ok(())
    }

    /// Lets what the browser asks a host for come so many milliseconds later.
    pub async fn network_is_late(&self, milliseconds: u32) -> Outcome {
        let conditions = json!({
            "offline": false, "latency": milliseconds, "downloadThroughput": -1, "uploadThroughput": -1
        });
        self.browser.cdp().send_raw("Network.enable", json!({})).await?;
        self.browser.cdp().send_raw("Network.emulateNetworkConditions", conditions).await?;
        Ok(())
    }

    /// Lets the browser save files, as it asks nobody.
    pub async fn saves(&self) -> Outcome<Saved> {
        let saved = Saved::new()?;
        let ask = json!({ "behavior": "allow", "downloadPath": saved.path() });
        self.browser.cdp().send_raw("Page.setDownloadBehavior", ask).await?;
        Ok(saved)
    }

    /// Whether scripts run in the pages that are opened from now on.
    pub async fn scripts(&self, on: bool) -> Outcome {
        let ask = json!({ "value": !on });
        self.browser.cdp().send_raw("Emulation.setScriptExecutionDisabled", ask).await?;
        Ok(())
    }

    /// Lets a script in the page take so many seconds.
    pub async fn patience(&self, seconds: u64) -> Outcome {
        let limit = Some(Duration::from_secs(seconds));
        Ok(self.browser.update_timeouts(TimeoutConfiguration::new(limit, None, None)).await?)
    }

    /// Runs a function in every page and frame from now on, before anything else runs there.
    pub async fn prepare(&self, function: &str) -> Outcome {
        let (function_declaration, contexts) = (function.to_owned(), vec![self.guest.tab.clone()]);
        let script =
            AddPreloadScript { function_declaration, arguments: Vec::new(), sandbox: None, contexts };
        self.guest.bidi.send(script).await?;
        Ok(())
    }

    /// Makes the screen as high as the whole page, for a picture of all of it.
    pub async fn look_at_all(&self, look: Look) -> Outcome {
        let height: u32 = self.run("return document.documentElement.scrollHeight").await?;
        self.look(Look { height: height.max(look.height), ..look }).await
    }

    /// Looks at the page as paper would show it, or as the screen does.
    pub async fn on_paper(&self, paper: bool) -> Outcome {
        let media = json!({ "media": if paper { "print" } else { "" } });
        self.browser.cdp().send_raw("Emulation.setEmulatedMedia", media).await?;
        Ok(())
    }

    /// Prints the page on A4. Gives the number of sheets and where the document lies.
    pub async fn print(&self, name: &str) -> Outcome<(usize, std::path::PathBuf)> {
        let printed =
            self.browser.cdp().send_raw("Page.printToPDF", json!({ "preferCSSPageSize": true })).await?;
        let Some(data) = printed.get("data").and_then(serde_json::Value::as_str) else {
            return fault("nothing was printed");
        };
        pdf::print(name, data)
    }

    /// How many workers of their own thread run.
    pub async fn workers(&self) -> Outcome<usize> {
        let which = GetRealms { context: None, r#type: Some("dedicated-worker".to_owned()) };
        Ok(self.guest.bidi.send(which).await?.realms.len())
    }

    /// Lets the page use the clipboard, as a reader does by using the browser.
    pub async fn allow_clipboard(&self) -> Outcome {
        for name in ["clipboard-read", "clipboard-write"] {
            self.guest.grants(&self.origin, name).await?;
        }
        Ok(())
    }

    /// The console, as text.
    pub(crate) fn console(&self) -> String {
        self.record.lines().iter().map(|line| format!("{}: {}\n", line.level, line.text)).collect()
    }

    /// What is wrong whatever the test was about: complaints in the console, and requests to hosts that are not
    /// named here.
    pub(crate) async fn complaints(&self, hosts: &[&str]) -> Outcome<Vec<String>> {
        self.settle().await?;
        let mut complaints = Vec::new();
        for line in self.record.lines() {
            if matches!(line.level.as_str(), "warn" | "error") {
                complaints.push(format!("console, {}: {}", line.level, line.text));
            }
        }
        // The browser's own complaints, about missing files and broken policies, are only here.
        complaints.extend(self.complained().await?);
        for request in self.record.requests() {
            let inside = ["data:", "blob:", "about:"].iter().any(|scheme| request.starts_with(scheme));
            if !inside && !hosts.iter().any(|host| request.starts_with(&format!("{host}/"))) {
                complaints.push(format!("a request to {request}"));
            }
        }
        Ok(complaints)
    }

    /// What the browser itself has complained about since the last call. A test that asks expects it. What its driver logs is no
    /// complaint.
    pub async fn complained(&self) -> Outcome<Vec<String>> {
        let lines = self.browser.get_log("browser").await?.into_iter();
        let complaints = lines.filter(|line| matches!(line.level.as_str(), "WARNING" | "SEVERE"));
        Ok(complaints.map(|line| format!("browser, {}: {}", line.level, line.message)).collect())
    }

    /// What scripts have complained about in the console since the last call. A test that asks expects it.
    pub async fn errors(&self) -> Outcome<Vec<String>> {
        self.settle().await?;
        Ok(self.record.take_errors())
    }

    /// Waits until everything that has been said so far is in the record: events come in order, so it says
    /// something itself.
    async fn settle(&self) -> Outcome {
        let last = format!("the end of the record, {}", self.record.lines().len());
        self.browser.execute("console.debug(arguments[0])", vec![json!(last)]).await?;
        until("the end of the record", async || {
            Ok(match self.record.lines().iter().any(|line| line.text == last) {
                true => until::Seen::Yes(()),
                false => until::Seen::NotYet("no such line".to_owned()),
            })
        })
        .await
    }

    /// Ends the visit. Its browser receives the next one, if nothing was wrong with it.
    pub(crate) async fn end(&self, sound: bool) {
        let held = self.held.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(browser) = held {
            browser.bid_farewell(&self.guest, sound).await;
        }
    }
}
