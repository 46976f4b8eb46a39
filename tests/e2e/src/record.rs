//! What a browser logged and requested during a test: the console of every page, frame and worker, and every
//! request.

use serde_json::Value;
use std::sync::{Arc, Mutex, PoisonError};
use thirtyfour::bidi::BiDi;
use thirtyfour::bidi::events::{BeforeRequestSent, LogEntryAdded};
use thirtyfour::bidi::{EventStream, RawEvent};
use tokio_stream::StreamExt;

/// One line of a console.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// `debug`, `info`, `warn` or `error`.
    pub level: String,
    /// What it says.
    pub text: String,
}

#[derive(Default)]
struct Kept {
    lines: Vec<Line>,
    requests: Vec<String>,
}

/// The record of one browser.
#[derive(Clone)]
pub struct Record {
    kept: Arc<Mutex<Kept>>,
    // They make the browser send these events; the test reads the stream of all of them, which keeps the order.
    _streams: Arc<(EventStream<LogEntryAdded>, EventStream<BeforeRequestSent>)>,
}

impl Record {
    /// Begins to record.
    pub async fn begin(bidi: &BiDi) -> Result<Record, thirtyfour::bidi::BidiError> {
        let kept = Arc::<Mutex<Kept>>::default();
        let mut events = bidi.subscribe_raw();
        let streams = Arc::new((bidi.subscribe().await?, bidi.subscribe().await?));
        let keeper = kept.clone();
        tokio::spawn(async move {
            while let Some(event) = events.next().await {
                keeper.lock().unwrap_or_else(PoisonError::into_inner).take(&event);
            }
        });
        Ok(Record { kept, _streams: streams })
    }

    /// Begins anew.
    pub fn clear(&self) {
        *self.kept.lock().unwrap_or_else(PoisonError::into_inner) = Kept::default();
    }

    /// The console so far.
    pub fn lines(&self) -> Vec<Line> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).lines.clone()
    }

    /// The errors in the console so far, which are not told again.
    pub fn take_errors(&self) -> Vec<String> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let (errors, rest) = kept.lines.drain(..).partition(|line| line.level == "error");
        kept.lines = rest;
        errors.into_iter().map(|line: Line| line.text).collect()
    }

    /// The addresses that were asked for so far.
    pub fn requests(&self) -> Vec<String> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).requests.clone()
    }
}

impl Kept {
    fn take(&mut self, event: &RawEvent) {
        let text =
            |path: &str| event.params.pointer(path).and_then(Value::as_str).unwrap_or_default().to_owned();
        match event.method.as_str() {
            "log.entryAdded" => self.lines.push(Line { level: text("/level"), text: text("/text") }),
            "network.beforeRequestSent" => self.requests.push(text("/request/url")),
            _ => {}
        }
    }
}
