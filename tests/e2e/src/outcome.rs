//! How a step of a test ends: with a value, or with words that say why not.

use std::error::Error;

/// Why a step failed. Its reader has neither the browser nor a debugger at hand, so it is a sentence.
pub type Fault = Box<dyn Error + Send + Sync>;

/// What a step of a test gives.
pub type Outcome<T = ()> = Result<T, Fault>;

/// A fault with these words.
pub fn fault<T>(words: impl Into<String>) -> Outcome<T> {
    Err(words.into().into())
}
