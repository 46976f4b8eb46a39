//! Waits for the sources to change, by looking once a second. That needs no library, meets no limit of the system,
//! and works everywhere.
#![expect(clippy::disallowed_types, reason = "when a file was changed is all that is asked of the clock")]

use crate::repository::Repository;
use std::fs;
use std::path::Path;
use std::thread::sleep;
use std::time::{Duration, SystemTime};

/// What a site is made of.
const SOURCES: [&str; 6] = ["index.html", "Trunk.toml", "Cargo.toml", "crates", "library", "web"];

/// Calls `changed` after each change, when things have settled; never returns.
pub fn forever(repository: &Repository, mut changed: impl FnMut()) -> ! {
    let mut seen = stamp(repository);
    loop {
        #[expect(clippy::disallowed_methods, reason = "changes are looked for once a second")]
        sleep(Duration::from_secs(1));
        let now = stamp(repository);
        if now != seen {
            seen = now;
            changed();
        }
    }
}

/// How many files there are and when the last of them was written.
fn stamp(repository: &Repository) -> (u64, Option<SystemTime>) {
    let mut stamp = (0, None);
    for source in SOURCES {
        look(&repository.root.join(source), &mut stamp);
    }
    stamp
}

fn look(path: &Path, stamp: &mut (u64, Option<SystemTime>)) {
    let Ok(meta) = fs::metadata(path) else { return };
    if meta.is_dir() {
        for entry in fs::read_dir(path).into_iter().flatten().flatten() {
            look(&entry.path(), stamp);
        }
    } else {
        stamp.0 += 1;
        stamp.1 = stamp.1.max(meta.modified().ok());
    }
}
