//! Tracing, as the browser's developer tools use it: what is asked for before a browser starts, and where it begins to count.

use crate::outcome::Outcome;
use serde_json::json;
use thirtyfour::{ChromeCapabilities, ChromiumLikeCapabilities, LoggingPrefsLogLevel};

/// What is traced.
const CATEGORIES: &str = "devtools.timeline,disabled-by-default-devtools.timeline";

/// The mark in a trace from which on it counts.
pub(crate) const BEGIN: &str = "the account begins";

/// Asks for it, before the browser starts.
pub(crate) fn ask(wishes: &mut ChromeCapabilities) -> Outcome {
    wishes.set_logging_prefs("performance", LoggingPrefsLogLevel::All)?;
    let prefs = json!({ "enableNetwork": false, "enablePage": false, "traceCategories": CATEGORIES });
    Ok(wishes.add_experimental_option("perfLoggingPrefs", prefs)?)
}
