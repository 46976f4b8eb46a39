//! Browsers. One takes seconds to start, and a flow needs one or two: so a browser goes on to the next flow. Each
//! visitor has a profile of its own in it, which nobody has used and nobody uses afterwards, and a tab.

use crate::driver::Driver;
use crate::outcome::Outcome;
use crate::record::Record;
use crate::trace;
use serde_json::json;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use thirtyfour::LoggingPrefsLogLevel;
use thirtyfour::WindowHandle;
use thirtyfour::bidi::BiDi;
use thirtyfour::bidi::modules::browsing_context::{Create, CreateType};
use thirtyfour::bidi::modules::permissions::{PermissionState, SetPermission};
use thirtyfour::bidi::{BrowsingContextId, UserContextId};
use thirtyfour::prelude::*;

/// Chromium without windows of its own, by the names that it has. What draws and runs pages is the same, and the tests take
/// two thirds of the time. Where it is not there, the driver finds Chromium itself.
const SHELLS: [&str; 2] = ["chromium-headless-shell", "chrome-headless-shell"];

fn shell() -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let all = |folder: PathBuf| SHELLS.map(|name| folder.join(name));
    std::env::split_paths(&path).flat_map(all).find(|program| program.is_file())
}

/// Those that wait for a visitor.
static WAITING: Mutex<Vec<Browser>> = Mutex::new(Vec::new());

/// A running browser.
pub(crate) struct Browser {
    pub(crate) driver: WebDriver,
    pub(crate) record: Record,
    bidi: BiDi,
    /// The tab that stays open between visits.
    home: WindowHandle,
    /// It records what it does: nobody else's browser does.
    traced: bool,
    _process: Driver,
}

/// A profile and a tab.
pub(crate) struct Guest {
    /// For what WebDriver's older commands do not have.
    pub(crate) bidi: BiDi,
    /// The tab.
    pub(crate) tab: BrowsingContextId,
    profile: UserContextId,
    /// The tabs that were there before.
    pub(crate) others: Vec<WindowHandle>,
}

impl Browser {
    /// One that waits, or a new one. If `traced`, it records what it does, for `measure`.
    pub(crate) async fn take(traced: bool) -> Outcome<Browser> {
        let waiting = WAITING.lock().unwrap_or_else(PoisonError::into_inner).pop();
        match waiting {
            Some(browser) if !traced => Ok(browser),
            _ => Browser::start(traced).await,
        }
    }

    async fn start(traced: bool) -> Outcome<Browser> {
        let process = Driver::start().await?;
        let mut wishes = DesiredCapabilities::chrome();
        if let Some(shell) = shell() {
            wishes.set_binary(&shell.to_string_lossy())?;
        }
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
        let driver = WebDriver::new(&process.address, wishes).await?;
        let bidi = driver.bidi().await?;
        let record = Record::begin(&bidi).await?;
        let home = driver.window().await?;
        Ok(Browser { driver, record, bidi, home, traced, _process: process })
    }

    /// Gives a visitor a profile and a tab, and looks there.
    pub(crate) async fn receive(&self) -> Outcome<Guest> {
        let others = self.driver.windows().await?;
        let profile = self.bidi.browser().create_user_context().await?.user_context;
        let user_context = Some(profile.clone());
        let tab =
            Create { r#type: CreateType::Window, reference_context: None, background: None, user_context };
        let tab = self.bidi.send(tab).await?.context;
        self.driver.switch_to_window(WindowHandle::from(tab.to_string())).await?;
        // What is said until now is nobody's.
        self.driver.get_log("browser").await?;
        self.record.clear();
        Ok(Guest { bidi: self.bidi.clone(), tab, profile, others })
    }

    /// Closes what the visitor had. If nothing was wrong, somebody else may have this browser.
    pub(crate) async fn bid_farewell(self, guest: &Guest, sound: bool) {
        let gone = self.bidi.browser().remove_user_context(guest.profile.clone()).await.is_ok()
            && self.driver.switch_to_window(self.home.clone()).await.is_ok();
        if gone && sound && !self.traced {
            WAITING.lock().unwrap_or_else(PoisonError::into_inner).push(self);
        } else {
            // A browser that has died in the meantime has ended as well.
            let _ = self.driver.quit().await;
        }
    }
}

impl Guest {
    /// Another tab of the same profile.
    pub(crate) async fn second_tab(&self) -> Outcome<WindowHandle> {
        let user_context = Some(self.profile.clone());
        let tab = Create { r#type: CreateType::Tab, reference_context: None, background: None, user_context };
        Ok(WindowHandle::from(self.bidi.send(tab).await?.context.to_string()))
    }

    /// Lets pages of an origin do something, as a visitor does who is asked.
    pub(crate) async fn grants(&self, origin: &str, name: &str) -> Outcome {
        let permission = SetPermission {
            descriptor: json!({ "name": name }),
            state: PermissionState::Granted,
            origin: origin.to_owned(),
            user_context: Some(self.profile.clone()),
        };
        self.bidi.send(permission).await?;
        Ok(())
    }
}
