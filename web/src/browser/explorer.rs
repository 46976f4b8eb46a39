//! The explorer, wherever it can run: in a worker, or on the page itself in slices, where a page may have no
//! worker.
//!
//! A worker can die silently, because it has no memory left or because the browser ends it. The page does not
//! repeat the work that killed the worker, since that work would kill the page too. The page reports that, and
//! another worker does the rest ([`Pending::survives`]).

use super::hands::Hands;
use super::pump::{self, Pump};
use super::worker::{FromWorker, Worker};
use gloo::timers::callback::{Interval, Timeout};
use js_sys::Date;
use lab::model::jobs::Purpose;
use lab::model::pending::Pending;
use lab::model::watch::{self, Found, Watch};
use protocol::{FromExplorer, Refusal, ToExplorer, from_bytes, to_bytes};
use std::cell::RefCell;
use std::rc::Rc;
use yew::prelude::*;

/// How long a slice on the page may take: short, for the page can't be used meanwhile.
const SLICE: f64 = 12.0;

/// How long settled variants of a grid, and timed runs, are collected before the page gets them, in milliseconds: it is redrawn for all
/// of them at once.
const COLLECTED: u32 = 120;

/// How long the page takes in what was collected before it looks at its other business, in milliseconds, and when it goes on.
/// For most texts that is enough for all of it. Of a very long one each variant takes compiling for some time.
const TAKEN_IN: f64 = 12.0;
const GOES_ON: u32 = 20;

/// Where the explorer runs.
enum Host {
    /// In a worker that has not said yet that it listens.
    Starting(Worker),
    /// In a worker.
    Worker(Worker),
    /// On the page.
    Here(Box<Pump>),
    /// Nowhere yet.
    Nowhere,
}

struct Explorer {
    host: Host,
    /// What it was last asked for each purpose. A worker that is starting is asked once it can hear.
    asked: [Option<Pending>; Purpose::ALL.len()],
    heard: Callback<Vec<FromExplorer>>,
    /// What was heard of a grid or of timed runs and is still kept back.
    settled: Vec<FromExplorer>,
    /// Whoever writes goes first: a picture of what was settled would hold up the picture of a key.
    hands: Hands,
    next_settled: Option<Timeout>,
    next_slice: Option<Timeout>,
    /// Looks after the worker, every [`watch::LOOK`] milliseconds.
    looks: Option<Interval>,
    watch: Watch,
    /// Who is told for how many seconds the worker has been silent, and whether that was said.
    silent: Callback<Option<u32>>,
    told: bool,
}

type Shared = Rc<RefCell<Explorer>>;

/// Asks the explorer whenever the number of what is asked for a purpose changes. What it answers goes to `heard`, and how many
/// seconds it has not answered to `silent`; both are the first drawing's. It is started anew when `restarts` changes.
#[hook]
pub fn use_explorer(
    job: impl Fn(Purpose) -> u32,
    request: impl Fn(Purpose) -> Option<ToExplorer>,
    heard: Callback<Vec<FromExplorer>>,
    restarts: u32,
    silent: Callback<Option<u32>>,
) {
    let explorer: Rc<RefCell<Explorer>> = use_mut_ref(|| Explorer {
        host: Host::Nowhere,
        asked: Default::default(),
        heard,
        settled: Vec::new(),
        hands: Hands::watched(),
        next_settled: None,
        next_slice: None,
        looks: None,
        watch: Watch::default(),
        silent,
        told: false,
    });
    {
        let explorer = explorer.clone();
        use_effect_with((), move |()| {
            move || {
                let mut explorer = explorer.borrow_mut();
                explorer.host = Host::Nowhere;
                (explorer.next_slice, explorer.next_settled, explorer.looks) = (None, None, None);
            }
        });
    }
    // Not in effects: they run after the page is drawn, and the worker can start and work before that.
    let started = use_mut_ref(|| None);
    if started.replace(Some(restarts)) != Some(restarts) {
        explorer.borrow_mut().host = Host::Nowhere;
        start(&explorer);
    }
    let known = use_mut_ref(|| [None; Purpose::ALL.len()]);
    let mut known = known.borrow_mut();
    for purpose in Purpose::ALL {
        let job = job(purpose);
        if known[purpose.index()].replace(job) != Some(job)
            && let Some(request) = request(purpose)
        {
            ask(&explorer, purpose, request);
        }
    }
}

/// Asks now, and again if the one who was asked could not hear it.
fn ask(shared: &Shared, purpose: Purpose, request: ToExplorer) {
    {
        let mut explorer = shared.borrow_mut();
        explorer.asked[purpose.index()] = Some(Pending::new(request.clone()));
        explorer.watch.heard();
        // Nobody waits any more for what was settled of earlier texts.
        let jobs: Vec<Option<u32>> = explorer.asked.iter().flatten().map(Pending::job).collect();
        explorer.settled.retain(|said| jobs.contains(&said.job()));
    }
    say(shared, &request);
}

fn start(shared: &Shared) {
    let held = Rc::downgrade(shared);
    let spawned = Worker::spawn(move |said| {
        let Some(shared) = held.upgrade() else { return };
        match said {
            FromWorker::Bytes(bytes) => {
                shared.borrow_mut().watch.heard();
                tell(&shared, None);
                match bytes.as_slice() {
                    pump::READY => greet(&shared),
                    pump::PULSE => {}
                    bytes => hear(&shared, bytes),
                }
            }
            FromWorker::Died => died(&shared, true),
        }
    });
    match spawned {
        Ok(worker) => {
            let held = Rc::downgrade(shared);
            let looks = Interval::new(watch::LOOK as u32, move || {
                if let Some(shared) = held.upgrade() {
                    look(&shared);
                }
            });
            let mut explorer = shared.borrow_mut();
            explorer.host = Host::Starting(worker);
            explorer.watch.heard();
            explorer.looks = Some(looks);
        }
        Err(_) => fall_back(shared),
    }
}

/// The worker listens.
fn greet(shared: &Shared) {
    {
        let mut explorer = shared.borrow_mut();
        explorer.host = match std::mem::replace(&mut explorer.host, Host::Nowhere) {
            Host::Starting(worker) => Host::Worker(worker),
            other => other,
        };
    }
    say(shared, &ToExplorer::hello());
    let asked = shared.borrow().asked.clone();
    asked.iter().flatten().filter(|asked| asked.open()).for_each(|asked| say(shared, asked.message()));
}

/// Whether the worker lives. One that has nothing to do says nothing.
fn look(shared: &Shared) {
    let found = {
        let mut explorer = shared.borrow_mut();
        let open = explorer.asked.iter().flatten().filter(|asked| asked.open());
        let states = open.map(Pending::states).max();
        let patience = match explorer.host {
            Host::Starting(_) => Some(watch::STARTS),
            Host::Worker(_) => states.map(watch::patience),
            Host::Here(_) | Host::Nowhere => None,
        };
        let found = explorer.watch.look(Date::now() as u64, patience);
        if let (Found::Quiet, Host::Worker(worker)) = (found, &explorer.host) {
            worker.send(pump::PING);
        }
        found
    };
    match found {
        Found::Alive | Found::Quiet => tell(shared, None),
        Found::Silent { seconds } => tell(shared, Some(seconds)),
        Found::Dead => {
            tell(shared, None);
            died(shared, false);
        }
    }
}

/// Tells for how many seconds the worker has been silent. That it has been heard is no news unless that was told.
fn tell(shared: &Shared, seconds: Option<u32>) {
    let before = std::mem::replace(&mut shared.borrow_mut().told, seconds.is_some());
    if before || seconds.is_some() {
        let silent = shared.borrow().silent.clone();
        silent.emit(seconds);
    }
}

/// The worker has died, with an error or without a word. One that could never be had is done without; another one takes
/// over from one that worked, but for what that died of.
fn died(shared: &Shared, loudly: bool) {
    if !matches!(shared.borrow().host, Host::Worker(_)) {
        return fall_back(shared);
    }
    let mut refused = Vec::new();
    {
        let mut explorer = shared.borrow_mut();
        explorer.host = Host::Nowhere;
        let mut first = true;
        for asked in explorer.asked.iter_mut().flatten().filter(|asked| asked.open()) {
            if !asked.survives(first && loudly) {
                refused.push(FromExplorer::Refused { job: asked.job(), reason: Refusal::Died });
            }
            first = false;
        }
    }
    start(shared);
    if !refused.is_empty() {
        let heard = shared.borrow().heard.clone();
        heard.emit(refused);
    }
}

/// There is no worker to be had: the page does its work.
fn fall_back(shared: &Shared) {
    if matches!(shared.borrow().host, Host::Here(_)) {
        return;
    }
    shared.borrow_mut().host = Host::Here(Box::default());
    greet(shared);
}

fn say(shared: &Shared, message: &ToExplorer) {
    let bytes = to_bytes(message);
    let replies = match &mut shared.borrow_mut().host {
        Host::Worker(worker) => {
            worker.give_library();
            worker.send(&bytes);
            return;
        }
        Host::Here(pump) => pump.handle(&bytes),
        // A worker that is starting is asked as soon as it can receive messages.
        Host::Starting(_) | Host::Nowhere => return,
    };
    replies.iter().for_each(|bytes| hear(shared, bytes));
    slice(shared);
}

fn hear(shared: &Shared, bytes: &[u8]) {
    let said = from_bytes(bytes).unwrap_or_else(|reason| FromExplorer::Refused { job: None, reason });
    shared.borrow_mut().asked.iter_mut().flatten().for_each(|asked| asked.hear(&said));
    if !matches!(said, FromExplorer::Cell { .. } | FromExplorer::Timed { .. }) {
        let heard = shared.borrow().heard.clone();
        return heard.emit(vec![said]);
    }
    let first = {
        let mut explorer = shared.borrow_mut();
        explorer.settled.push(said);
        explorer.settled.len() == 1
    };
    if first {
        take_in(shared, COLLECTED);
    }
}

/// Plans to hand on what was collected: as much of it at once as there is time for.
fn take_in(shared: &Shared, later: u32) {
    let held = Rc::downgrade(shared);
    let timeout = Timeout::new(later, move || {
        let Some(shared) = held.upgrade() else { return };
        let rest = shared.borrow().hands.at_rest_in();
        if rest > 0 {
            return take_in(&shared, rest);
        }
        let end = Date::now() + TAKEN_IN;
        let mut few = 1;
        while Date::now() < end {
            let settled = {
                let settled = &mut shared.borrow_mut().settled;
                let left = settled.split_off(few.min(settled.len()));
                std::mem::replace(settled, left)
            };
            if settled.is_empty() {
                return;
            }
            let heard = shared.borrow().heard.clone();
            heard.emit(settled);
            few *= 2;
        }
        if !shared.borrow().settled.is_empty() {
            take_in(&shared, GOES_ON);
        }
    });
    // The timeout that has just fired is dropped here, which is no cancellation any more.
    shared.borrow_mut().next_settled = Some(timeout);
}

/// Plans the next slice of work on the page.
fn slice(shared: &Shared) {
    let held = Rc::downgrade(shared);
    let timeout = Timeout::new(4, move || {
        let Some(shared) = held.upgrade() else { return };
        let said = match &mut shared.borrow_mut().host {
            Host::Here(pump) if pump.busy() => pump.run(SLICE),
            _ => return,
        };
        said.iter().for_each(|bytes| hear(&shared, bytes));
        slice(&shared);
    });
    // The timeout that has just fired is dropped here, which is no cancellation any more.
    shared.borrow_mut().next_slice = Some(timeout);
}
