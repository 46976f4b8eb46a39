//! chromedriver: the program that starts browsers for us and passes on what we ask of them.
//!
//! A browser goes on from test to test, and a test program ends without a last word. So a shell stands in between: it
//! ends all that it has started when the pipe to whoever started it closes, and removes what they left lying about.

use crate::outcome::{Outcome, fault};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::atomic::{AtomicU32, Ordering};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

/// A running chromedriver; dropping it ends it, and its browsers.
pub struct Driver {
    /// Where it listens.
    pub address: String,
    /// Its input is the pipe.
    _keeper: Child,
}

/// Starts a driver, and reads its input to the end. Then it ends its process group, but for itself, and removes their
/// folder. It says when the driver has ended by itself.
const KEEPER: &str = "command -v chromedriver >/dev/null || exit 1
    (chromedriver --port=0; echo ENDED) &
    cat >/dev/null; trap '' TERM; kill -TERM 0; wait; rm -rf \"$TMPDIR\"; kill -KILL 0";
/// What it says then.
const ENDED: &str = "ENDED";

/// How often a driver may start before that counts as a failure.
const TRIES: u32 = 5;
/// What it says if the port that it has chosen is somebody else's.
const TAKEN: &str = "port not available";

impl Driver {
    /// Starts one, on a port that it chooses itself. It chooses for IPv6 and then wants the same number for IPv4, which
    /// somebody else may have: then another one has to choose anew.
    pub async fn start() -> Outcome<Driver> {
        let mut tries = TRIES;
        loop {
            tries -= 1;
            match Driver::start_once().await {
                Err(taken) if tries > 0 && taken.to_string().contains(TAKEN) => {}
                other => return other,
            }
        }
    }

    async fn start_once() -> Outcome<Driver> {
        let scratch = Scratch::new()?.handed_over();
        let mut command = Command::new("sh");
        command.args(["-c", KEEPER]).env("TMPDIR", scratch).process_group(0);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut keeper = command.spawn()?;
        let Some(output) = keeper.stdout.take() else { return fault("chromedriver has no output") };
        let mut lines = BufReader::new(output).lines();
        let mut said = String::new();
        while let Some(line) = lines.next_line().await? {
            if let Some(port) = port_in(&line) {
                // The rest is not used, but a full pipe would stop the driver.
                tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
                return Ok(Driver { address: format!("http://127.0.0.1:{port}"), _keeper: keeper });
            }
            if line == ENDED {
                break;
            }
            said += &line;
            said.push('\n');
        }
        if said.is_empty() {
            return fault("cannot start chromedriver: `cargo xtask setup --test` installs it");
        }
        fault(format!("chromedriver ended without saying where it listens:\n{said}"))
    }
}

/// A folder for the profiles and whatever else browsers leave lying about; dropping it removes it.
pub(crate) struct Scratch(PathBuf);

impl Scratch {
    /// In the system's own place for such: sockets go there, whose paths must be short.
    pub(crate) fn new() -> std::io::Result<Scratch> {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!("tlbscope-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&path)?;
        Ok(Scratch(path))
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    /// Its path. Somebody else removes it.
    pub(crate) fn handed_over(self) -> PathBuf {
        let path = self.0.clone();
        std::mem::forget(self);
        path
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // The browser may still be closing files; what it writes after this is small.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// The port in "ChromeDriver was started successfully on port 41235."
fn port_in(line: &str) -> Option<u16> {
    let (_, end) = line.split_once("started successfully on port ")?;
    end.trim_end_matches('.').parse().ok()
}

#[cfg(test)]
mod tests {
    use super::port_in;

    #[test]
    fn finds_the_port() {
        assert_eq!(port_in("ChromeDriver was started successfully on port 41235."), Some(41235));
        assert_eq!(port_in("Starting ChromeDriver 1.2 on port 0"), None);
    }
}
