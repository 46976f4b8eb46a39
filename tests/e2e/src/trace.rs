//! The browser's own account of what its main thread does: tracing, as its developer tools use it.

use crate::outcome::Outcome;
use crate::visit::Visit;
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use thirtyfour::prelude::*;
use thirtyfour::{ChromeCapabilities, LoggingPrefsLogLevel};

/// What is traced.
const CATEGORIES: &str = "devtools.timeline,disabled-by-default-devtools.timeline";

/// Asks for it, before the browser starts.
pub(crate) fn ask(wishes: &mut ChromeCapabilities) -> Outcome {
    wishes.set_logging_prefs("performance", LoggingPrefsLogLevel::All)?;
    let prefs = json!({ "enableNetwork": false, "enablePage": false, "traceCategories": CATEGORIES });
    Ok(wishes.add_experimental_option("perfLoggingPrefs", prefs)?)
}

/// What the main thread did over some time, in milliseconds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Account {
    /// Its tasks, the longest first.
    pub tasks: Vec<f64>,
    /// JavaScript and wasm.
    pub script: f64,
    /// Styles and layout.
    pub layout: f64,
    /// From layout to what is handed to the compositor.
    pub paint: f64,
}

/// An event with a duration, as traces have them.
#[derive(Clone, Debug, Deserialize)]
struct Event {
    name: String,
    ph: String,
    pid: u64,
    tid: u64,
    ts: f64,
    #[serde(default)]
    dur: f64,
}

impl Visit {
    /// What has been traced since the last call.
    pub async fn trace(&self) -> Outcome<Account> {
        let mut events = Vec::new();
        for line in self.browser.get_log("performance").await? {
            let Ok(mut message) = serde_json::from_str::<Value>(&line.message) else { continue };
            if message.pointer("/message/method").and_then(Value::as_str) != Some("Tracing.dataCollected") {
                continue;
            }
            let event = message.pointer_mut("/message/params").map(Value::take).unwrap_or_default();
            // Marks and metadata are of another form, and of no use here.
            events.extend(serde_json::from_value::<Event>(event).ok().filter(|event| event.ph == "X"));
        }
        Ok(Account::of(events))
    }
}

impl Account {
    fn of(mut events: Vec<Event>) -> Account {
        let mut frames: BTreeMap<(u64, u64), usize> = BTreeMap::new();
        for event in events.iter().filter(|event| event.name == "FireAnimationFrame") {
            *frames.entry((event.pid, event.tid)).or_default() += 1;
        }
        // The thread that draws the page: no other one fires so many animation frames.
        let Some((&main, _)) = frames.iter().max_by_key(|(_, count)| **count) else {
            return Account::default();
        };
        events.retain(|event| (event.pid, event.tid) == main);
        events.sort_by(|a, b| a.ts.total_cmp(&b.ts).then(b.dur.total_cmp(&a.dur)));
        let mut account = Account::default();
        let mut open: Vec<&Event> = Vec::new();
        for event in &events {
            while open.last().is_some_and(|outer| outer.ts + outer.dur <= event.ts) {
                open.pop();
            }
            // What happens inside something else is not that: layout that a script asks for is layout.
            let kind = |event: &Event| kind(&event.name);
            let outer = open.iter().rev().find_map(|outer| kind(outer));
            if let Some(kind) = kind(event) {
                *account.share(kind) += event.dur / 1e3;
                if let Some(outer) = outer {
                    *account.share(outer) -= event.dur / 1e3;
                }
            }
            if event.name == "RunTask" {
                account.tasks.push(event.dur / 1e3);
            }
            open.push(event);
        }
        account.tasks.sort_by(|a, b| b.total_cmp(a));
        account
    }

    fn share(&mut self, kind: Kind) -> &mut f64 {
        match kind {
            Kind::Script => &mut self.script,
            Kind::Layout => &mut self.layout,
            Kind::Paint => &mut self.paint,
        }
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Script,
    Layout,
    Paint,
}

/// What an event counts as.
fn kind(name: &str) -> Option<Kind> {
    match name {
        "FunctionCall" | "FireAnimationFrame" | "TimerFire" | "RunMicrotasks" | "EventDispatch"
        | "EvaluateScript" | "HandlePostMessage" | "MinorGC" | "MajorGC" => Some(Kind::Script),
        "UpdateLayoutTree" | "Layout" => Some(Kind::Layout),
        "PrePaint" | "Paint" | "Layerize" | "Commit" | "UpdateLayer" | "CompositeLayers" => Some(Kind::Paint),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{Account, Event};

    fn event(name: &str, tid: u64, ts: f64, dur: f64) -> Event {
        Event { name: name.to_owned(), ph: "X".to_owned(), pid: 1, tid, ts, dur }
    }

    #[test]
    fn what_a_script_asks_for_is_not_script() {
        let account = Account::of(vec![
            event("RunTask", 7, 0.0, 9_000.0),
            event("FireAnimationFrame", 7, 0.0, 8_000.0),
            event("FunctionCall", 7, 1_000.0, 6_000.0),
            event("Layout", 7, 2_000.0, 3_000.0),
            event("Paint", 7, 8_000.0, 500.0),
            event("RunTask", 8, 0.0, 50_000.0),
        ]);
        assert_eq!(account, Account { tasks: vec![9.0], script: 5.0, layout: 3.0, paint: 0.5 });
    }
}
