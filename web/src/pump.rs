//! The worker's side of the wire: takes each message of the page and posts the answer.
//!
//! Runs only inside a dedicated worker. It knows nothing of Yew, of the document or of what the bytes say.

use js_sys::Uint8Array;
use wasm_bindgen::prelude::*;
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

/// What the worker says of its own accord, once, as soon as it can hear: an empty envelope.
pub const READY: &[u8] = &[];

/// Installs the message handler and tells the page that the worker listens.
pub fn start() {
    let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    let replies = scope.clone();
    let handler = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        post(&replies, &answer(&Uint8Array::new(&event.data()).to_vec()));
    });
    scope.set_onmessage(Some(handler.as_ref().unchecked_ref()));
    handler.forget(); // lives as long as the worker
    post(&scope, READY);
}

/// The answer to one message: for now the same bytes, last one first.
fn answer(message: &[u8]) -> Vec<u8> {
    message.iter().rev().copied().collect()
}

fn post(scope: &DedicatedWorkerGlobalScope, bytes: &[u8]) {
    // Posting a fresh byte array cannot fail: it is always cloneable.
    let _ = scope.post_message(&Uint8Array::from(bytes));
}

#[cfg(test)]
mod tests {
    use super::answer;

    #[test]
    fn answers_backwards() {
        assert_eq!(answer(b"blt"), b"tlb");
    }
}
