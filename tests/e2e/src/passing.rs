//! A host that goes away, and comes back at the same address with another release of the site.

use crate::folder::root;
use crate::outcome::{Outcome, fault};
use crate::site::{SUB_PATH, dist};
use host::Folder;
use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio::runtime::{Builder, Runtime};

/// A host that takes longer to go is left to itself.
const LONGEST: Duration = Duration::from_secs(30);

/// The host, whether it is there or not.
pub struct Passing {
    /// `http://127.0.0.1:PORT`
    pub origin: String,
    /// Of its own: with it all connections end.
    running: Option<Runtime>,
}

impl Passing {
    /// A host that serves a folder, at an address of its own.
    ///
    /// # Errors
    /// If the system gives it none.
    pub fn of(folder: PathBuf) -> Outcome<Passing> {
        let listener = TcpListener::bind(("127.0.0.1", 0))?;
        let mut host = Passing { origin: format!("http://{}", listener.local_addr()?), running: None };
        host.begin(listener, folder)?;
        Ok(host)
    }

    fn begin(&mut self, listener: TcpListener, folder: PathBuf) -> Outcome {
        let running = Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
        let folder = Folder::new(folder).also_under(SUB_PATH);
        running.spawn(host::serve(listener, move |request| folder.answer(request)));
        self.running = Some(running);
        Ok(())
    }

    /// Goes away: nobody answers at its address.
    pub fn go(&mut self) {
        if let Some(running) = self.running.take() {
            // Its address is free when this has ended. A runtime may not be waited for within another one.
            let ended = std::thread::spawn(move || running.shutdown_timeout(LONGEST));
            let _ = ended.join();
        }
    }

    /// Comes back with another folder.
    ///
    /// # Errors
    /// If somebody else is at its address.
    pub fn come_with(&mut self, folder: PathBuf) -> Outcome {
        self.go();
        let listener = TcpListener::bind(self.origin.trim_start_matches("http://"))?;
        self.begin(listener, folder)
    }
}

impl Drop for Passing {
    fn drop(&mut self) {
        self.go();
    }
}

/// The built site as another release, with this digit as its hash, in a folder of its own. Each of its two scripts says of which
/// release it is: [`whose`].
///
/// # Errors
/// If the site is not built, or can't be copied.
pub fn release(digit: char) -> Outcome<PathBuf> {
    let dist = dist()?;
    let worker = fs::read_to_string(dist.join("sw.js"))?;
    let Some(old) = worker.split_once("RELEASE = \"").and_then(|(_, rest)| rest.split('"').next()) else {
        return fault("the site is no release");
    };
    let new = digit.to_string().repeat(old.len());
    let folder = root().join("target/e2e/releases").join(&new);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder)?;
    for entry in fs::read_dir(dist)?.flatten().filter(|entry| entry.path().is_file()) {
        let name = entry.file_name().to_string_lossy().into_owned();
        copy(
            &entry.path(),
            &folder.join(name.replace(old, &new)),
            old,
            &new,
            name.trim_end_matches(&format!("-{old}.js")),
        )?;
    }
    Ok(folder)
}

fn copy(from: &Path, to: &Path, old: &str, new: &str, script: &str) -> Outcome {
    match fs::read_to_string(from) {
        Ok(text) if script == "app" || script == "boot" => {
            fs::write(to, format!("{}\n;globalThis.{script}_of = \"{new}\";\n", text.replace(old, new)))?;
        }
        Ok(text) => fs::write(to, text.replace(old, new))?,
        Err(_) => fs::copy(from, to).map(drop)?,
    }
    Ok(())
}

/// A script that says of which release a page is, by its digit; or which files of it are of several.
pub const fn whose() -> &'static str {
    "const addresses = [...document.querySelectorAll('script, link')].map(each => each.src || each.href); \
     const named = addresses.flatMap(address => address.match(/\\/(?:app|app_bg|boot|style)-([0-9a-f]{16})\\.[a-z]+$/)?.[1] ?? []); \
     const all = new Set([...named, window.app_of, window.boot_of]); \
     return all.size === 1 && named.length >= 4 ? window.boot_of[0] : [...all].join()"
}
