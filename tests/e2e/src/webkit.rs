//! The page in the third engine: WebKitGTK's small browser, driven by its own WebDriver. What Safari's readers meet is found here.
//!
//! The browser wants a screen, so it gets one of its own that nobody sees (Xvfb). It has no WebDriver BiDi: nobody hears what its
//! console says. What the page says, and what the site was asked for, has to do.

use crate::driver::Scratch;
use crate::outcome::{Outcome, fault};
use crate::until::{Seen, until};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;
use thirtyfour::prelude::*;
use thirtyfour::{Capabilities, TimeoutConfiguration, WindowHandle};
use tokio::process::{Child, Command};

/// Starts a screen and the driver on it, and reads its input to the end. Then it ends its process group, but for itself, and removes
/// their folder. The screen says its number into a pipe.
const KEEPER: &str = "command -v Xvfb >/dev/null && command -v WebKitWebDriver >/dev/null || exit 1
    mkfifo \"$TMPDIR/screen\"
    Xvfb -displayfd 3 -screen 0 \"$SCREEN\" -nolisten tcp 3>\"$TMPDIR/screen\" &
    read -r screen <\"$TMPDIR/screen\" || exit 1
    DISPLAY=\":$screen\" WebKitWebDriver --port=\"$PORT\" &
    echo \"$screen\"
    cat >/dev/null; trap '' TERM; kill -TERM 0; wait; rm -rf \"$TMPDIR\"; kill -KILL 0";

/// Larger than any window.
const SCREEN: &str = "1440x2000x24";

/// A running browser with a profile that nobody has used, and one page in it.
pub struct Webkit {
    pub(crate) driver: WebDriver,
    /// The tab that it began with.
    first: WindowHandle,
    /// Its input is the pipe: dropping it ends driver, browser and screen.
    _keeper: Child,
}

impl Webkit {
    /// Starts one, with a window of this size.
    ///
    /// # Errors
    /// If it is not installed, or does not start.
    pub async fn start(width: u32, height: u32) -> Outcome<Webkit> {
        let Some(browser) = browser() else {
            return fault("WebKitGTK's browser is missing: `cargo xtask setup --test` installs it");
        };
        // The driver chooses no port. Who takes this one meanwhile makes the test fail, and say so.
        let port = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port();
        let scratch = Scratch::new()?.handed_over();
        let mut command = Command::new("sh");
        command.args(["-c", KEEPER]).process_group(0);
        command.env("TMPDIR", &scratch).env("HOME", &scratch).env("XDG_RUNTIME_DIR", &scratch);
        command.env("SCREEN", SCREEN).env("PORT", port.to_string());
        command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        let keeper = command.spawn()?;
        let wishes = json!({
            "browserName": "MiniBrowser",
            "webkitgtk:browserOptions": { "binary": browser, "args": ["--automation"] },
        });
        let Value::Object(wishes) = wishes else { return fault("wishes are an object") };
        let address = format!("http://127.0.0.1:{port}");
        let driver = until("WebKit's driver", async || {
            Ok(match WebDriver::new(&address, Capabilities::from(wishes.clone())).await {
                Ok(driver) => Seen::Yes(driver),
                Err(why) => Seen::NotYet(why.to_string()),
            })
        })
        .await?;
        let limit = Some(Duration::from_secs(120));
        driver.update_timeouts(TimeoutConfiguration::new(limit, limit, Some(Duration::ZERO))).await?;
        driver.set_window_rect(0, 0, width, height).await?;
        let first = driver.window().await?;
        Ok(Webkit { driver, first, _keeper: keeper })
    }

    /// Opens an address.
    ///
    /// # Errors
    /// If the browser does not.
    pub async fn open(&self, address: &str) -> Outcome {
        // A browser that is to go from an address to the same with another `#` does not load anything.
        self.driver.goto("about:blank").await?;
        Ok(self.driver.goto(address).await?)
    }

    /// Runs a script in the page (the body of a function).
    ///
    /// # Errors
    /// If it fails.
    pub async fn run<T: DeserializeOwned>(&self, script: &str) -> Outcome<T> {
        Ok(self.driver.execute(script, Vec::new()).await?.convert()?)
    }

    /// From now on, looks into the window that has opened beside the first.
    pub(crate) async fn other_window(&self) -> Outcome {
        until("another window", async || {
            let other = self.driver.windows().await?.into_iter().find(|window| *window != self.first);
            Ok(match other {
                Some(other) => {
                    self.driver.switch_to_window(other).await?;
                    // A window that a page opens is as small as the browser likes.
                    self.driver.set_window_rect(0, 0, 1440, 1000).await?;
                    Seen::Yes(())
                }
                None => Seen::NotYet("one window".to_owned()),
            })
        })
        .await
    }
}

/// Where Debian has it: a folder for each machine and for each version of the library's interface.
fn browser() -> Option<PathBuf> {
    let folders =
        |folder: PathBuf| std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let machines = folders(PathBuf::from("/usr/lib"));
    machines
        .flat_map(folders)
        .map(|folder| folder.join("MiniBrowser"))
        .find(|program| program.is_file() && program.to_string_lossy().contains("/webkit2gtk-"))
}
