//! The page in another engine: Firefox, driven by WebDriver BiDi, which it supports itself.
//!
//! No driver is needed in between: everybody who runs the tests would have to compile geckodriver, and `thirtyfour`
//! speaks BiDi only through a driver. A flow needs little of the protocol: open an address, run a script, press keys
//! and move the pointer, and read the console. `person.rs` has the keys and the pointer.

use crate::driver::Scratch;
use crate::outcome::{Fault, Outcome, fault};
use crate::person;
use crate::saved::Saved;
use crate::until::{PATIENCE, Seen, until};
use futures_util::{SinkExt, StreamExt};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::process::Stdio;
use std::sync::PoisonError;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::net::TcpStream;
use tokio::process::{Child, Command};
use tokio::sync::Mutex;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

/// What the program may be called: Debian's, and everybody else's.
const PROGRAMS: [&str; 2] = ["firefox-esr", "firefox"];

/// What it says when it listens, before the address.
const LISTENS: &str = "WebDriver BiDi listening on ";

/// A Firefox with a fresh profile, and one page in it.
pub struct Firefox {
    wire: Mutex<Wire>,
    /// What is looked at: the page, a frame in it, or another page.
    context: std::sync::Mutex<String>,
    /// The page that it began with.
    first: String,
    // In this order: it ends before the folder that it writes to is removed.
    _child: Child,
    _scratch: Scratch,
}

struct Wire {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    /// How many commands have been sent.
    sent: u64,
    /// What Firefox said without being asked.
    events: Vec<Value>,
}

impl Firefox {
    /// Starts one, with a window of this size.
    pub async fn start(width: u32, height: u32) -> Outcome<Firefox> {
        Firefox::begin(width, height, false).await
    }

    /// The same, of a reader whose browser keeps the site for the time without a network.
    pub async fn start_keeping(width: u32, height: u32) -> Outcome<Firefox> {
        Firefox::begin(width, height, true).await
    }

    async fn begin(width: u32, height: u32, keeps: bool) -> Outcome<Firefox> {
        let scratch = Scratch::new()?;
        let mut child = spawn(&scratch)?;
        let address = listening(&mut child).await?;
        let (socket, _) = connect_async(format!("{address}/session")).await?;
        let mut wire = Wire { socket, sent: 0, events: Vec::new() };
        wire.ask("session.new", json!({ "capabilities": {} })).await?;
        let events = ["log.entryAdded", "network.beforeRequestSent"];
        wire.ask("session.subscribe", json!({ "events": events })).await?;
        let tree = wire.ask("browsingContext.getTree", json!({})).await?;
        let Some(context) = tree.pointer("/contexts/0/context").and_then(Value::as_str) else {
            return fault(format!("Firefox has no window: {tree}"));
        };
        let context = context.to_owned();
        let size = json!({ "context": context, "viewport": { "width": width, "height": height } });
        wire.ask("browsingContext.setViewport", size).await?;
        let (first, context) = (context.clone(), std::sync::Mutex::new(context));
        let firefox = Firefox { wire: Mutex::new(wire), context, first, _child: child, _scratch: scratch };
        if !keeps {
            // The page asks the network, and not what it keeps for readers without one.
            firefox.prepare("() => { delete Navigator.prototype.serviceWorker; }").await?;
        }
        Ok(firefox)
    }

    /// Opens an address.
    pub async fn open(&self, address: &str) -> Outcome {
        let where_to = json!({ "context": self.context(), "url": address, "wait": "complete" });
        self.ask("browsingContext.navigate", where_to).await?;
        Ok(())
    }

    /// Lets the browser save files, as it asks nobody.
    pub async fn saves(&self) -> Outcome<Saved> {
        let saved = Saved::new()?;
        let allowed = json!({ "type": "allowed", "destinationFolder": saved.path() });
        self.ask("browser.setDownloadBehavior", json!({ "downloadBehavior": allowed })).await?;
        Ok(saved)
    }

    /// Runs a function in every page from now on, before anything else runs there.
    pub async fn prepare(&self, function: &str) -> Outcome {
        let script = json!({ "functionDeclaration": function, "contexts": [self.context()] });
        self.ask("script.addPreloadScript", script).await?;
        Ok(())
    }

    /// Runs a script in the page (the body of a function).
    pub async fn run<T: DeserializeOwned>(&self, script: &str) -> Outcome<T> {
        // As text, since the protocol has its own way to write down values.
        let function = format!("async () => JSON.stringify(await (async () => {{ {script} }})() ?? null)");
        let call = json!({
            "functionDeclaration": function, "awaitPromise": true, "target": { "context": self.context() }
        });
        let answer = self.ask("script.callFunction", call).await?;
        match answer.pointer("/result/value").and_then(Value::as_str) {
            Some(text) => Ok(serde_json::from_str(text)?),
            None => fault(format!("{script:?} ended with {answer}")),
        }
    }

    /// Waits for something that a script in the page says is true.
    pub async fn holds(&self, what: &str, script: &str) -> Outcome {
        until(what, async || {
            let seen: Value = self.run(script).await?;
            Ok(if seen == Value::Bool(true) { Seen::Yes(()) } else { Seen::NotYet(seen.to_string()) })
        })
        .await
    }

    /// Clicks in the middle of the element that a selector finds, as soon as it is there.
    pub async fn click(&self, selector: &str) -> Outcome {
        self.holds(selector, &format!("return !!document.querySelector({})", json!(selector))).await?;
        let [x, y]: [f64; 2] = self.run(&person::place_of(selector)).await?;
        self.act(person::click(x, y)).await
    }

    /// Clicks in the text that is in front, right behind a part of one of its lines.
    pub async fn click_behind(&self, part: &str) -> Outcome {
        self.holds(&format!("{part:?} in the text"), &person::is_there(part)).await?;
        let [x, y]: [f64; 2] = self.run(&person::place_behind(part)).await?;
        self.act(person::click(x, y)).await
    }

    /// Types, letter by letter, wherever the focus is.
    pub async fn types(&self, text: &str) -> Outcome {
        self.act(person::keys(text)).await
    }

    /// Presses keys without a pause, wherever the focus is.
    pub async fn press(&self, text: &str) -> Outcome {
        self.act(person::keys_at_once(text)).await
    }

    /// What is looked at.
    fn context(&self) -> String {
        self.context.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// From now on, looks into the first context of which this is true, as soon as it is there. Contexts are pages, or the frames of the
    /// page that the reader began with.
    async fn look_into(&self, what: &str, within: Option<&str>, fits: impl Fn(&Value) -> bool) -> Outcome {
        let within = within.map_or_else(|| json!({}), |context| json!({ "root": context }));
        let found = until(what, async || {
            let tree = self.ask("browsingContext.getTree", within.clone()).await?;
            let all = if within.get("root").is_some() {
                tree.pointer("/contexts/0/children")
            } else {
                tree.get("contexts")
            };
            let found =
                all.and_then(Value::as_array).and_then(|all| all.iter().find(|context| fits(context)));
            Ok(match found.and_then(|found| found["context"].as_str()) {
                Some(found) => Seen::Yes(found.to_owned()),
                None => Seen::NotYet(tree.to_string()),
            })
        })
        .await?;
        *self.context.lock().unwrap_or_else(PoisonError::into_inner) = found;
        Ok(())
    }

    /// From now on, looks into the frame of the page's first `<tlb-scope>`.
    pub async fn into_embed(&self) -> Outcome {
        let embed = |frame: &Value| frame["url"].as_str().is_some_and(|url| url.contains("?embed"));
        self.look_into("the frame of an embed", Some(&self.context()), embed).await
    }

    /// From now on, looks into the page that has opened beside the first.
    pub async fn into_other_window(&self) -> Outcome {
        self.look_into("another page", None, |page| page["context"] != json!(self.first)).await
    }

    /// From now on, looks at the page that it began with.
    pub fn back_to_first(&self) {
        self.context.lock().unwrap_or_else(PoisonError::into_inner).clone_from(&self.first);
    }

    /// Opens a second page, and looks there.
    pub async fn opens_a_second(&self, width: u32, height: u32) -> Outcome {
        self.ask("browsingContext.create", json!({ "type": "tab" })).await?;
        self.into_other_window().await?;
        let size = json!({ "context": self.context(), "viewport": { "width": width, "height": height } });
        self.ask("browsingContext.setViewport", size).await.map(drop)
    }

    /// Loads the page anew.
    pub async fn reload(&self) -> Outcome {
        self.ask("browsingContext.reload", json!({ "context": self.context(), "wait": "complete" })).await?;
        Ok(())
    }

    /// Loads the page anew from a host that is so late that something comes true meanwhile, as a script says, on the page that is
    /// to be left.
    pub async fn reload_late(&self, what: &str, script: &str) -> Outcome {
        let wish = json!({ "phases": ["beforeRequestSent"], "contexts": [self.context()] });
        let intercept = self.ask("network.addIntercept", wish).await?["intercept"].take();
        self.run::<Value>("window.left = true").await?;
        let before = self.wire.lock().await.events.len();
        self.ask("browsingContext.reload", json!({ "context": self.context(), "wait": "none" })).await?;
        self.holds(what, script).await?;
        self.ask("network.removeIntercept", json!({ "intercept": intercept })).await?;
        let kept: Vec<Value> = self.wire.lock().await.events[before..].iter().filter_map(kept_back).collect();
        for request in kept {
            self.ask("network.continueRequest", json!({ "request": request })).await?;
        }
        self.holds("the new page", "return !window.left && document.readyState === 'complete'").await
    }

    /// What is wrong whatever the test was about: complaints in the console, and requests to other hosts than this one.
    pub async fn complaints(&self, host: &str) -> Outcome<Vec<String>> {
        // Events come in order: what was said before this answer is in the record.
        self.run::<Value>("return null").await?;
        let wire = self.wire.lock().await;
        let text = |event: &Value, path: &str| {
            event.pointer(path).and_then(Value::as_str).unwrap_or_default().to_owned()
        };
        let complaint = |event: &Value| match event["method"].as_str() {
            Some("log.entryAdded") => {
                let (level, words) = (text(event, "/params/level"), text(event, "/params/text"));
                matches!(level.as_str(), "warn" | "error").then(|| format!("console, {level}: {words}"))
            }
            Some("network.beforeRequestSent") => {
                let url = text(event, "/params/request/url");
                let inside = ["data:", "blob:", "about:", host].iter().any(|start| url.starts_with(start));
                (!inside).then(|| format!("a request to {url}"))
            }
            _ => None,
        };
        Ok(wire.events.iter().filter_map(complaint).collect())
    }

    async fn act(&self, sources: Value) -> Outcome {
        self.ask("input.performActions", json!({ "context": self.context(), "actions": sources })).await?;
        Ok(())
    }

    /// A Firefox that does not answer must not keep everybody waiting.
    async fn ask(&self, method: &str, params: Value) -> Outcome<Value> {
        let mut wire = self.wire.lock().await;
        match tokio::time::timeout(PATIENCE, wire.ask(method, params)).await {
            Ok(answer) => answer,
            Err(_) => fault(format!("Firefox has not answered {method} for {} s", PATIENCE.as_secs())),
        }
    }
}

impl Wire {
    /// Sends a command and waits for its answer.
    async fn ask(&mut self, method: &str, params: Value) -> Outcome<Value> {
        self.sent += 1;
        let command = json!({ "id": self.sent, "method": method, "params": params });
        self.socket.send(Message::text(command.to_string())).await?;
        while let Some(message) = self.socket.next().await {
            let Message::Text(text) = message? else { continue };
            let mut said: Value = serde_json::from_str(&text)?;
            if said["id"] == json!(self.sent) {
                return match said["type"].as_str() {
                    Some("success") => Ok(said["result"].take()),
                    _ => fault(format!("{method}: {}: {}", said["error"], said["message"])),
                };
            }
            self.events.push(said);
        }
        fault(format!("Firefox ended during {method}"))
    }
}

/// The request that an event says is kept back.
fn kept_back(event: &Value) -> Option<Value> {
    let blocked = event.pointer("/params/isBlocked")?.as_bool()?;
    event.pointer("/params/request/request").filter(|_| blocked).cloned()
}

/// Starts the program, whatever it is called here.
fn spawn(scratch: &Scratch) -> Outcome<Child> {
    let mut why: Fault = "there is no name to try".into();
    for program in PROGRAMS {
        let mut command = Command::new(program);
        // On a port that it chooses itself.
        command
            .args(["--headless", "--no-remote", "--remote-debugging-port=0", "--profile"])
            .arg(scratch.path());
        // Its own home: the files that it keeps for all profiles go there too.
        command.env("HOME", scratch.path());
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).kill_on_drop(true);
        match command.spawn() {
            Ok(child) => return Ok(child),
            Err(error) => why = error.into(),
        }
    }
    fault(format!("cannot start Firefox ({why}): `cargo xtask setup --test` installs it"))
}

/// Where it listens, as soon as it says so.
async fn listening(child: &mut Child) -> Outcome<String> {
    let Some(output) = child.stderr.take() else { return fault("Firefox has no output") };
    let mut lines = BufReader::new(output).lines();
    let mut said = String::new();
    while let Some(line) = lines.next_line().await? {
        if let Some((_, address)) = line.split_once(LISTENS) {
            let address = address.trim().to_owned();
            // The rest is not used, but a full pipe would stop the browser.
            tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
            return Ok(address);
        }
        said += &line;
        said.push('\n');
    }
    fault(format!("Firefox ended without saying where it listens:\n{said}"))
}
