//! The worker's side of the wire: hands each message to the explorer, lets it work in slices, posts what it says.
//!
//! Runs only inside a dedicated worker. It knows nothing of Yew, of the document or of what the bytes say. Between
//! two slices it returns to the worker's event loop, so that a new message is seen at once.

use js_sys::{Date, Uint8Array};
use protocol::{Server, is_progress};
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

/// What the worker says of its own accord, once, as soon as it can hear: an empty envelope.
pub const READY: &[u8] = &[];

/// States per call of the explorer: some milliseconds.
const BUDGET: u32 = 2048;

/// How long it works before it looks at its messages, in milliseconds: whoever cancels waits no longer.
const SLICE: f64 = 24.0;

/// How often it says how far it is, in milliseconds: the page is drawn anew each time.
const NEWS: f64 = 200.0;

/// The explorer, and when it last said how far it is.
#[derive(Default)]
pub struct Pump {
    server: Server,
    told: f64,
}

impl Pump {
    /// Hands it a message; gives the answers.
    pub fn handle(&mut self, bytes: &[u8]) -> Vec<Vec<u8>> {
        self.server.handle(bytes)
    }

    /// Whether there is something to do.
    #[must_use]
    pub fn busy(&self) -> bool {
        self.server.busy()
    }

    /// Works for some milliseconds, or until nothing is left to do; gives what it had to say. Of messages that only
    /// say how far it is, the last one is enough, and not even that if there has been one just now.
    pub fn run(&mut self, milliseconds: f64) -> Vec<Vec<u8>> {
        let end = Date::now() + milliseconds;
        let mut said: Vec<Vec<u8>> = Vec::new();
        let news = |said: &Vec<Vec<u8>>| said.last().is_some_and(|last| is_progress(last));
        while self.server.busy() {
            for reply in self.server.run(BUDGET) {
                if news(&said) {
                    said.pop();
                }
                said.push(reply);
            }
            if Date::now() >= end {
                break;
            }
        }
        if news(&said) {
            let now = Date::now();
            if now - self.told < NEWS {
                said.pop();
            } else {
                self.told = now;
            }
        }
        said
    }
}

/// Installs the message handler and tells the page that the worker listens.
pub fn start(scope: DedicatedWorkerGlobalScope) {
    let pump = Rc::new(RefCell::new(Pump::default()));
    let replies = scope.clone();
    let handler = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        let working = pump.borrow().busy();
        let said = pump.borrow_mut().handle(&Uint8Array::new(&event.data()).to_vec());
        said.iter().for_each(|bytes| post(&replies, bytes));
        if !working {
            work(&replies, &pump);
        }
    });
    scope.set_onmessage(Some(handler.as_ref().unchecked_ref()));
    handler.forget(); // lives as long as the worker
    post(&scope, READY);
}

/// Plans the next slice, if there is something to do. While one is planned, the server is busy or about to be idle.
fn work(scope: &DedicatedWorkerGlobalScope, pump: &Rc<RefCell<Pump>>) {
    if !pump.borrow().busy() {
        return;
    }
    let (replies, pump) = (scope.clone(), pump.clone());
    let slice = Closure::once_into_js(move || {
        let said = pump.borrow_mut().run(SLICE);
        said.iter().for_each(|bytes| post(&replies, bytes));
        work(&replies, &pump);
    });
    // Planning a call cannot fail.
    let _ = scope.set_timeout_with_callback(slice.unchecked_ref());
}

fn post(scope: &DedicatedWorkerGlobalScope, bytes: &[u8]) {
    // Posting a fresh byte array cannot fail: it is always cloneable.
    let _ = scope.post_message(&Uint8Array::from(bytes));
}
