//! The worker's side of the wire: hands each message to the explorer, lets it work in slices, posts what it says.
//!
//! Runs only inside a dedicated worker. It knows nothing of Yew, of the document or of what the bytes say. Between
//! two slices it returns to the worker's event loop, so that a new message is seen at once.

use js_sys::{Date, Uint8Array};
use protocol::{Server, is_progress};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::{DedicatedWorkerGlobalScope, MessageChannel, MessageEvent, MessagePort};

/// What the worker says of its own accord, once, as soon as it can hear: an empty envelope.
pub const READY: &[u8] = &[];

/// States per call of the explorer: some milliseconds.
const BUDGET: u32 = 2048;

/// How long it works before it looks at its messages, in milliseconds: whoever cancels waits no longer.
const SLICE: f64 = 8.0;

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

/// What a worker needs to take turns with itself.
struct Turns {
    scope: DedicatedWorkerGlobalScope,
    pump: RefCell<Pump>,
    /// Its way of calling itself later: a message goes behind those that have come, and unlike a timer, which browsers
    /// hold up when it is set again and again, it comes at once.
    later: MessagePort,
    /// It has called itself and not come to it yet.
    planned: Cell<bool>,
}

/// Installs the message handlers and tells the page that the worker listens.
///
/// # Errors
/// The browser's, if it has no message channels.
pub fn start(scope: DedicatedWorkerGlobalScope) -> Result<(), JsValue> {
    let channel = MessageChannel::new()?;
    let turns = Rc::new(Turns {
        scope: scope.clone(),
        pump: RefCell::default(),
        later: channel.port1(),
        planned: Cell::default(),
    });
    let next = {
        let turns = turns.clone();
        Closure::<dyn FnMut()>::new(move || {
            turns.planned.set(false);
            let said = turns.pump.borrow_mut().run(SLICE);
            turns.go_on(&said);
        })
    };
    channel.port2().set_onmessage(Some(next.as_ref().unchecked_ref()));
    let handler = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        let said = turns.pump.borrow_mut().handle(&Uint8Array::new(&event.data()).to_vec());
        turns.go_on(&said);
    });
    scope.set_onmessage(Some(handler.as_ref().unchecked_ref()));
    // They live as long as the worker.
    next.forget();
    handler.forget();
    post(&scope, READY);
    Ok(())
}

impl Turns {
    /// Says something and plans the next slice, if there is something to do.
    fn go_on(&self, said: &[Vec<u8>]) {
        said.iter().for_each(|bytes| post(&self.scope, bytes));
        if self.pump.borrow().busy() && !self.planned.replace(true) {
            // Posting nothing cannot fail.
            let _ = self.later.post_message(&JsValue::NULL);
        }
    }
}

fn post(scope: &DedicatedWorkerGlobalScope, bytes: &[u8]) {
    // Posting a fresh byte array cannot fail: it is always cloneable.
    let _ = scope.post_message(&Uint8Array::from(bytes));
}
