//! Ends the program at an input that takes too long or too much memory, or on which something panics, and keeps the
//! input.
//!
//! Time is the thread's processor time as Linux reports it, so a busy machine makes no difference. On systems
//! without that file nothing is measured.

use std::fs;
use std::io::{self, Write};
use std::panic;
use std::path::PathBuf;
use std::process;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

/// The most processor time that an input may take, in nanoseconds: two seconds, and three times as many where the program
/// is not fully optimised, as in tests.
const MOST_TIME: u64 = if cfg!(debug_assertions) { 6_000_000_000 } else { 2_000_000_000 };

/// The most memory that the program may use, in pages of 4 KiB.
const MOST_PAGES: u64 = 1 << 18;

/// How often somebody looks.
const LOOK: Duration = Duration::from_millis(50);

/// The input that is under way, and the thread's processor time when it began.
#[derive(Default)]
struct Now {
    input: Option<(Vec<u8>, u64)>,
}

/// Looks after a target.
pub struct Watch {
    now: Arc<Mutex<Now>>,
    over: Arc<AtomicBool>,
}

impl Watch {
    /// Watches what this thread does from now on.
    #[must_use]
    pub fn start(target: &'static str) -> Watch {
        let watch = Watch { now: Arc::default(), over: Arc::default() };
        keep_on_panic(target, watch.now.clone());
        let Ok(task) = fs::canonicalize("/proc/thread-self") else { return watch };
        let (now, over) = (watch.now.clone(), watch.over.clone());
        thread::spawn(move || {
            while !over.load(Ordering::Relaxed) {
                #[expect(clippy::disallowed_methods, reason = "the watch looks up now and then")]
                thread::sleep(LOOK);
                let held = now.lock().unwrap_or_else(PoisonError::into_inner);
                let Some((input, began)) = &held.input else { continue };
                let took = number(&task.join("schedstat"), 0).saturating_sub(*began);
                let pages = number(&PathBuf::from("/proc/self/statm"), 1);
                if took > MOST_TIME {
                    fail(target, input, &format!("takes more than {} s", MOST_TIME / 1_000_000_000));
                } else if pages > MOST_PAGES {
                    fail(target, input, &format!("takes more than {} MiB", MOST_PAGES / 256));
                }
            }
        });
        watch
    }

    /// Does something with an input, and watches it. A panic ends the program as well.
    pub fn over(&self, input: &[u8], work: impl FnOnce()) {
        let began = number(&PathBuf::from("/proc/thread-self/schedstat"), 0);
        self.lock().input = Some((input.to_vec(), began));
        work();
        self.lock().input = None;
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Now> {
        self.now.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.over.store(true, Ordering::Relaxed);
    }
}

/// Keeps the input that is under way when something panics. A hook, since a panic unwinds nothing in optimised builds.
fn keep_on_panic(target: &'static str, now: Arc<Mutex<Now>>) {
    let before = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        before(info);
        let held = now.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((input, _)) = &held.input {
            say(&kept(target, input, "panics"));
        }
    }));
}

fn fail(target: &str, input: &[u8], what: &str) -> ! {
    say(&kept(target, input, what));
    process::exit(1)
}

/// Not `eprintln!`: what that says in a test is lost when the program ends.
fn say(line: &str) {
    // There is nobody else to tell.
    let _ = writeln!(io::stderr(), "{line}");
}

/// Writes an input to a file, and says where.
fn kept(target: &str, input: &[u8], what: &str) -> String {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../target/fuzz");
    let file = folder.join(format!("{target}-{:08x}", link::hash_state(input)));
    let written = fs::create_dir_all(&folder).and_then(|()| fs::write(&file, input));
    match written {
        Ok(()) => format!("{target} {what}: {}", file.display()),
        Err(error) => format!("{target} {what}, and the input can't be kept ({error}): {input:?}"),
    }
}

/// A number of a line of numbers in a file; 0 if it can't be read.
fn number(file: &PathBuf, place: usize) -> u64 {
    let line = fs::read_to_string(file).unwrap_or_default();
    line.split_whitespace().nth(place).and_then(|number| number.parse().ok()).unwrap_or(0)
}
