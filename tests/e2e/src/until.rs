//! Waiting for something to become true.

use crate::outcome::{Outcome, fault};
use std::time::Duration;
use thirtyfour::error::{WebDriverError, WebDriverErrorInner};
use tokio::time::{Instant, sleep};

/// Far longer than anything takes: a test that fails only on a busy machine is worse than one that fails late.
pub(crate) const PATIENCE: Duration = Duration::from_secs(120);

/// How often it looks: at first often, and the longer it has waited, the more rarely, for each look takes processor time
/// from what it waits for.
const PAUSE: Duration = Duration::from_millis(25);
const LONGEST_PAUSE: Duration = Duration::from_millis(200);

/// What one look saw.
pub enum Seen<T> {
    /// It is so.
    Yes(T),
    /// Not yet; this is what is there instead.
    NotYet(String),
}

/// Looks again and again until `look` says yes. That something is not on the page, or has just been drawn anew, is
/// no fault: that is what waiting is for.
pub async fn until<T>(what: &str, mut look: impl AsyncFnMut() -> Outcome<Seen<T>>) -> Outcome<T> {
    let began = Instant::now();
    loop {
        let seen = match look().await {
            Ok(Seen::Yes(found)) => return Ok(found),
            Ok(Seen::NotYet(seen)) => seen,
            Err(error) if passing(&*error) => brief(&error.to_string()),
            Err(error) => return fault(format!("while waiting for {what}: {}", brief(&error.to_string()))),
        };
        let waited = began.elapsed();
        if waited > PATIENCE {
            return fault(format!("waited {} s for {what}; last seen: {seen}", PATIENCE.as_secs()));
        }
        #[expect(clippy::disallowed_methods, reason = "the one place where a test looks again")]
        sleep((waited / 20).clamp(PAUSE, LONGEST_PAUSE)).await;
    }
}

/// Whether a fault may be gone a moment later.
fn passing(error: &(dyn std::error::Error + Send + Sync + 'static)) -> bool {
    let Some(error) = error.downcast_ref::<WebDriverError>() else { return false };
    matches!(
        error.as_inner(),
        WebDriverErrorInner::NoSuchElement(_)
            | WebDriverErrorInner::StaleElementReference(_)
            | WebDriverErrorInner::NoSuchFrame(_)
            | WebDriverErrorInner::ElementNotInteractable(_)
            | WebDriverErrorInner::ElementClickIntercepted(_)
    )
}

/// What a driver has to say, without its stack.
fn brief(words: &str) -> String {
    let message = words.split("Stacktrace:").next().unwrap_or(words);
    message.split_whitespace().collect::<Vec<_>>().join(" ")
}
