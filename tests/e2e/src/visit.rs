//! A browser with a fresh profile, on its way through the page.

use crate::driver::Driver;
use crate::keep;
use crate::outcome::{Outcome, fault};
use crate::record::Record;
use crate::trace;
use crate::until::{self, until};
use serde_json::json;
use std::time::Duration;
use thirtyfour::bidi::BiDi;
use thirtyfour::prelude::*;
use thirtyfour::{LoggingPrefsLogLevel, TimeoutConfiguration};

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
    /// A desk's screen.
    pub const DESK: Look = Look { width: 1440, height: 1000, hand: false, dark: false };
    /// A small phone.
    pub const PHONE: Look = Look { width: 360, height: 740, hand: true, dark: false };

    /// The same in the dark.
    #[must_use]
    pub const fn dark(self) -> Look {
        Look { dark: true, ..self }
    }
}

/// The browser.
pub struct Visit {
    /// What `http://127.0.0.1:PORT` the site has.
    pub origin: String,
    pub(crate) browser: WebDriver,
    bidi: BiDi,
    record: Record,
}

impl Visit {
    /// Starts a browser.
    pub(crate) async fn begin(driver: &Driver, origin: &str, look: Look, traced: bool) -> Outcome<Visit> {
        let mut wishes = DesiredCapabilities::chrome();
        let switches = [
            "--headless=new",
            // Tests in a container run as root.
            "--no-sandbox",
            "--disable-dev-shm-usage",
            "--disable-gpu",
            // No other host exists: a request to one shows in the console.
            "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
        ];
        for switch in switches {
            wishes.add_arg(switch)?;
        }
        wishes.set_browser_log_level(LoggingPrefsLogLevel::All)?;
        if traced {
            trace::ask(&mut wishes)?;
        }
        wishes.enable_bidi()?;
        let browser = WebDriver::new(&driver.address, wishes).await?;
        // Waiting is done here, not by the driver.
        let at_once = Some(Duration::ZERO);
        let limit = Some(Duration::from_secs(60));
        browser.update_timeouts(TimeoutConfiguration::new(limit, limit, at_once)).await?;
        let bidi = browser.bidi().await?;
        let record = Record::begin(&bidi).await?;
        let visit = Visit { origin: origin.to_owned(), browser, bidi, record };
        visit.look(look).await?;
        Ok(visit)
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
        self.bidi.script().add_preload_script(function).await?;
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
        keep::print(name, data)
    }

    /// How many workers of their own thread run.
    pub async fn workers(&self) -> Outcome<usize> {
        let realms = self.bidi.script().get_realms().await?.realms;
        Ok(realms.iter().filter(|realm| realm.realm_type == "dedicated-worker").count())
    }

    /// Lets the page use the clipboard, as a reader does by using the browser.
    pub async fn allow_clipboard(&self) -> Outcome {
        let permissions = json!({ "permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"] });
        self.browser.cdp().send_raw("Browser.grantPermissions", permissions).await?;
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

    /// Waits until everything that has been said so far is in the record: events come in order, so it says
    /// something itself.
    async fn settle(&self) -> Outcome {
        let last = format!("the end of the record, {}", self.record.lines().len());
        self.browser.execute("console.debug(arguments[0])", vec![json!(last)]).await?;
        until("the end of the record", async || {
            Ok(match self.record.lines().iter().any(|line| line.text == last) {
                true => until::Look::Yes(()),
                false => until::Look::NotYet("no such line".to_owned()),
            })
        })
        .await
    }

    /// Ends the browser.
    pub(crate) async fn end(&self) {
        // A browser that has died in the meantime has ended as well.
        let _ = self.browser.clone().quit().await;
    }
}
