//! The worker's side of the wire: gives each message to the explorer, lets it work in slices, and posts its
//! replies.
//!
//! It runs only inside a dedicated worker. It knows nothing of Yew, of the document or of the meaning of the bytes.
//! Between two slices it returns to the worker's event loop, so that a new message is seen at once.

use js_sys::{Date, Uint8Array};
use protocol::{Server, is_progress};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::{DedicatedWorkerGlobalScope, MessageChannel, MessageEvent, MessagePort};

/// The worker's first message, sent once, as soon as it can receive messages: an empty envelope.
pub const READY: &[u8] = &[];

/// What the worker says when it has had nothing else to say for [`PULSE_EVERY`]: it lives.
pub const PULSE: &[u8] = &[0xff];

/// What the page says to a worker that has been silent for long: it answers with a pulse.
pub const PING: &[u8] = &[0xfe];

/// How often it is heard at least while it works, in milliseconds.
pub const PULSE_EVERY: f64 = 1_000.0;

/// States per call of the explorer: as many as take [`CALL`] milliseconds, which is found out from call to call. There
/// are texts of which a single state takes one.
const BUDGETS: std::ops::RangeInclusive<u32> = 1..=16_384;

/// How long a call of the explorer should take, in milliseconds.
const CALL: f64 = 4.0;

/// How long it works before it looks at its messages, in milliseconds: a cancellation waits no longer.
const SLICE: f64 = 8.0;

/// How often it reports its progress, in milliseconds: the page is redrawn each time.
const NEWS: f64 = 200.0;

/// The explorer, when it last said how far it is, and how much it is asked for at once.
pub struct Pump {
    server: Server,
    told: f64,
    budget: u32,
}

impl Default for Pump {
    fn default() -> Pump {
        Pump { server: Server::default(), told: 0.0, budget: *BUDGETS.start() }
    }
}

/// What to ask for next, if `budget` took this many milliseconds. If that was too long, the next part is smaller at once.
/// If it was short, the parts become larger step by step, since states that take long may lie next to others. If
/// something has `ended`, other states follow, and nothing is known of them: they begin with a single state.
fn next_budget(budget: u32, took: f64, ended: bool) -> u32 {
    let next = match took {
        _ if ended => 1,
        ..1.0 => budget.saturating_mul(2),
        1.0..=CALL => budget,
        _ => (f64::from(budget) * CALL / took) as u32,
    };
    next.clamp(*BUDGETS.start(), *BUDGETS.end())
}

impl Pump {
    /// Hands it a message; gives the answers.
    pub fn handle(&mut self, bytes: &[u8]) -> Vec<Vec<u8>> {
        self.budget = next_budget(self.budget, 0.0, true);
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
        let mut now = Date::now();
        let end = now + milliseconds;
        let mut said: Vec<Vec<u8>> = Vec::new();
        let news = |said: &Vec<Vec<u8>>| said.last().is_some_and(|last| is_progress(last));
        while self.server.busy() {
            let mut ended = false;
            for reply in self.server.run(self.budget) {
                ended |= !is_progress(&reply);
                if news(&said) {
                    said.pop();
                }
                said.push(reply);
            }
            let before = std::mem::replace(&mut now, Date::now());
            self.budget = next_budget(self.budget, now - before, ended);
            if now >= end {
                break;
            }
        }
        if news(&said) {
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
    /// When it was last heard.
    heard: Cell<f64>,
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
        heard: Cell::new(Date::now()),
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
        // The one message that is a text.
        if let Some(library) = event.data().as_string() {
            gallery::install(library);
            return;
        }
        let message = Uint8Array::new(&event.data()).to_vec();
        let said = match message.as_slice() {
            PING => vec![PULSE.to_vec()],
            bytes => turns.pump.borrow_mut().handle(bytes),
        };
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
        let now = Date::now();
        if !said.is_empty() {
            self.heard.set(now);
        } else if now - self.heard.get() >= PULSE_EVERY {
            self.heard.set(now);
            post(&self.scope, PULSE);
        }
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

#[cfg(test)]
mod tests {
    use super::{BUDGETS, CALL, next_budget};

    /// The budget that is come to when each state takes so many milliseconds, and the longest call on the way there.
    fn settled(state: f64) -> (u32, f64) {
        let (mut budget, mut longest) = (next_budget(64, 0.0, true), 0.0_f64);
        for call in 0..100 {
            let took = f64::from(budget) * state;
            if call > 0 {
                longest = longest.max(took);
            }
            budget = next_budget(budget, took, false);
        }
        (budget, longest)
    }

    #[test]
    fn a_call_takes_some_milliseconds_however_long_a_state_takes() {
        assert_eq!(settled(0.000_01).0, *BUDGETS.end(), "the clock does not even notice");
        for state in [0.000_1, 0.001, 0.01, 0.1, 1.0, 3.0] {
            let (budget, longest) = settled(state);
            assert!(f64::from(budget) * state >= 0.9 || budget == *BUDGETS.end(), "{state}: {budget}");
            assert!(longest <= CALL, "{state}: {longest}");
        }
        assert_eq!(settled(100.0).0, 1, "never none");
    }

    /// After millions of small states the next question may be about states that take 35 milliseconds each.
    #[test]
    fn what_follows_something_that_has_ended_begins_with_one_state() {
        let fast = settled(0.000_01).0;
        assert_eq!((fast, next_budget(fast, 0.0, true)), (*BUDGETS.end(), 1));
    }
}
