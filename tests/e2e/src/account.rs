//! The browser's own account of what its main thread does, made of a trace.

use crate::outcome::Outcome;
use crate::trace::BEGIN;
use crate::visit::Visit;
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;

/// What the main thread did over some time, in milliseconds. Other programs that want the processor make its tasks
/// longer, but not what it computes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Account {
    /// Its tasks, the longest first.
    pub tasks: Vec<f64>,
    /// The same, counting only the time for which it had a processor.
    pub computing: Vec<f64>,
    /// JavaScript and wasm, this and the rest in time of a processor.
    pub script: f64,
    /// Styles and layout.
    pub layout: f64,
    /// From layout to what is handed to the compositor.
    pub paint: f64,
}

/// An event, as traces have them.
#[derive(Clone, Debug, Deserialize)]
struct Event {
    name: String,
    pid: u64,
    tid: u64,
    ts: f64,
    #[serde(default)]
    dur: f64,
    /// What of it the thread had a processor for.
    #[serde(default)]
    tdur: f64,
}

impl Visit {
    /// From now on, what is traced counts.
    pub async fn begin_account(&self) -> Outcome {
        self.perform(&format!("console.timeStamp('{BEGIN}')")).await
    }

    /// What has been traced since then. A driver gives it once: later calls find nothing.
    pub async fn account(&self) -> Outcome<Account> {
        let (mut events, mut begin) = (Vec::new(), 0.0);
        for line in self.browser.get_log("performance").await? {
            let Ok(mut message) = serde_json::from_str::<Value>(&line.message) else { continue };
            if message.pointer("/message/method").and_then(Value::as_str) != Some("Tracing.dataCollected") {
                continue;
            }
            let event = message.pointer_mut("/message/params").map(Value::take).unwrap_or_default();
            match event.get("ph").and_then(Value::as_str) {
                Some("X") => events.extend(serde_json::from_value::<Event>(event)),
                _ if event.pointer("/args/data/message").and_then(Value::as_str) == Some(BEGIN) => {
                    begin = event.get("ts").and_then(Value::as_f64).unwrap_or(begin);
                }
                // Other marks are of no use here.
                _ => {}
            }
        }
        events.retain(|event: &Event| event.ts >= begin);
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
            // Nested work does not count for the outer kind: layout that a script asks for is layout.
            let kind = |event: &Event| kind(&event.name);
            let outer = open.iter().rev().find_map(|outer| kind(outer));
            if let Some(kind) = kind(event) {
                *account.share(kind) += event.tdur / 1e3;
                if let Some(outer) = outer {
                    *account.share(outer) -= event.tdur / 1e3;
                }
            }
            if event.name == "RunTask" {
                account.tasks.push(event.dur / 1e3);
                account.computing.push(event.tdur / 1e3);
            }
            open.push(event);
        }
        for tasks in [&mut account.tasks, &mut account.computing] {
            tasks.sort_by(|a, b| b.total_cmp(a));
        }
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
        Event { name: name.to_owned(), pid: 1, tid, ts, dur, tdur: dur / 2.0 }
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
        let (tasks, computing) = (vec![9.0], vec![4.5]);
        assert_eq!(account, Account { tasks, computing, script: 2.5, layout: 1.5, paint: 0.25 });
    }
}
