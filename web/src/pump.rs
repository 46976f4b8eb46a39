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

/// How long it works before it looks at its messages and reports, in milliseconds.
const SLICE: f64 = 60.0;

/// Installs the message handler and tells the page that the worker listens.
pub fn start() {
    let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    let server = Rc::new(RefCell::new(Server::default()));
    let replies = scope.clone();
    let handler = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        let working = server.borrow().busy();
        let said = server.borrow_mut().handle(&Uint8Array::new(&event.data()).to_vec());
        said.iter().for_each(|bytes| post(&replies, bytes));
        if !working {
            work(&replies, &server);
        }
    });
    scope.set_onmessage(Some(handler.as_ref().unchecked_ref()));
    handler.forget(); // lives as long as the worker
    post(&scope, READY);
}

/// Plans the next slice, if there is something to do. While one is planned, the server is busy or about to be idle.
fn work(scope: &DedicatedWorkerGlobalScope, server: &Rc<RefCell<Server>>) {
    if !server.borrow().busy() {
        return;
    }
    let (replies, server) = (scope.clone(), server.clone());
    let slice = Closure::once_into_js(move || {
        let said = run(&mut server.borrow_mut(), SLICE);
        said.iter().for_each(|bytes| post(&replies, bytes));
        work(&replies, &server);
    });
    // Planning a call cannot fail.
    let _ = scope.set_timeout_with_callback(slice.unchecked_ref());
}

/// Works for some milliseconds, or until nothing is left to do; gives what it had to say. Of messages that only say
/// how far it is, the last one is enough.
pub fn run(server: &mut Server, milliseconds: f64) -> Vec<Vec<u8>> {
    let end = Date::now() + milliseconds;
    let mut said: Vec<Vec<u8>> = Vec::new();
    while server.busy() {
        for reply in server.run(BUDGET) {
            if said.last().is_some_and(|last| is_progress(last)) {
                said.pop();
            }
            said.push(reply);
        }
        if Date::now() >= end {
            break;
        }
    }
    said
}

fn post(scope: &DedicatedWorkerGlobalScope, bytes: &[u8]) {
    // Posting a fresh byte array cannot fail: it is always cloneable.
    let _ = scope.post_message(&Uint8Array::from(bytes));
}
