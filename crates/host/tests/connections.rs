//! What browsers and scripts do to a server: many connections at once, kept alive or left idle, requests without
//! their bodies, false lengths, heads that never end. The server still answers everybody else.

use host::Folder;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::thread;
use std::time::Duration;

/// A limit, so that a missing answer makes the test fail and not hang.
const PATIENCE: Duration = Duration::from_secs(20);

/// Serves this crate's own folder; returns the port.
fn served() -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
    let port = listener.local_addr().expect("an address").port();
    let folder = Folder::new(Path::new(env!("CARGO_MANIFEST_DIR")).to_owned());
    thread::spawn(move || host::run(listener, move |request| folder.answer(request)));
    port
}

/// A client that keeps its connection.
struct Client(BufReader<TcpStream>);

/// Status, headers in lower case, body.
type Answer = (u16, String, Vec<u8>);

impl Client {
    fn connect(port: u16) -> Client {
        let stream = TcpStream::connect(("127.0.0.1", port)).expect("a connection");
        stream.set_read_timeout(Some(PATIENCE)).expect("a timeout");
        Client(BufReader::new(stream))
    }

    fn send(&mut self, text: &str) {
        self.0.get_mut().write_all(text.as_bytes()).expect("the server listens");
    }

    fn answer(&mut self, body: bool) -> Answer {
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            let read = self.0.read_line(&mut head).expect("an answer in time");
            assert_ne!(read, 0, "the connection ends after {head:?}");
        }
        let head = head.to_lowercase();
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
        let length = length.map_or(0, |length| length.parse().expect("a length"));
        let mut read = vec![0; if body { length } else { 0 }];
        self.0.read_exact(&mut read).expect("the whole body in time");
        (status, head, read)
    }

    fn get(&mut self, path: &str) -> Answer {
        self.send(&format!("GET {path} HTTP/1.1\r\nHost: a\r\nConnection: keep-alive\r\n\r\n"));
        self.answer(true)
    }

    /// Whether the server ends the connection.
    fn ends(mut self) -> bool {
        let mut rest = Vec::new();
        self.0.read_to_end(&mut rest).is_ok()
    }
}

const FILES: [&str; 4] = ["/Cargo.toml", "/src/lib.rs", "/src/server.rs", "/src/folder.rs"];

#[test]
fn fifty_fresh_connections_as_a_browser_makes_them() {
    let port = served();
    // Browsers connect in advance, and may never ask for anything there.
    let idle: Vec<Client> = (0..10).map(|_| Client::connect(port)).collect();
    let mut kept = Vec::new();
    for _ in 0..8 {
        let visit: Vec<_> = (0..5)
            .map(|first| {
                thread::spawn(move || {
                    let mut client = Client::connect(port);
                    for file in FILES.iter().cycle().skip(first).take(6) {
                        let (status, head, body) = client.get(file);
                        assert_eq!(status, 200, "{file}: {head}");
                        let there = Path::new(env!("CARGO_MANIFEST_DIR")).join(&file[1..]);
                        assert_eq!(body, std::fs::read(there).expect("the file"), "{file}");
                    }
                    client
                })
            })
            .collect();
        kept.extend(visit.into_iter().map(|client| client.join().expect("all six files")));
    }
    assert_eq!(kept.len() + idle.len(), 50);
    for mut client in kept.into_iter().chain(idle) {
        assert_eq!(client.get("/Cargo.toml").0, 200);
    }
}

#[test]
fn who_sends_half_a_request_keeps_nobody_waiting() {
    let port = served();
    let halves = [
        // Bodies that never come: of a length that no machine has, of a modest one, of an unknown one.
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000000000\r\nConnection: close\r\n\r\n",
        "GET /Cargo.toml HTTP/1.1\r\nHost: a\r\nContent-Length: 18446744073709551615\r\n\r\n",
        "GET /Cargo.toml HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n",
        "PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nffffffff\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\nExpect: 100-continue\r\n\r\n",
        // Heads that never end.
        "GET / HTTP/1.1\r\nHost: a\r\nX: ",
        "GET",
        "",
    ];
    let mut clients = Vec::new();
    for half in halves.iter().cycle().take(40) {
        let mut client = Client::connect(port);
        client.send(half);
        clients.push(client);
        assert_eq!(Client::connect(port).get("/Cargo.toml").0, 200, "after {half:?}");
    }
}

#[test]
fn what_is_no_request_is_refused() {
    let port = served();
    let long = format!("GET /{} HTTP/1.1\r\nHost: a\r\n\r\n", "a".repeat(100_000));
    let many = format!("GET / HTTP/1.1\r\nHost: a\r\n{}\r\n", "X: y\r\n".repeat(1_000));
    for wrong in ["\0\0\0\0\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", long.as_str(), many.as_str()] {
        let mut client = Client::connect(port);
        client.send(wrong);
        let status = client.answer(true).0;
        assert!((400..500).contains(&status), "{status} for {:?}", &wrong[..20.min(wrong.len())]);
        assert!(client.ends());
    }
    assert_eq!(Client::connect(port).get("/Cargo.toml").0, 200);
}

#[test]
fn connections_end_when_they_are_asked_to() {
    let port = served();
    for head in ["GET /Cargo.toml HTTP/1.1\r\nHost: a\r\nConnection: close", "GET /Cargo.toml HTTP/1.0"] {
        let mut client = Client::connect(port);
        client.send(&format!("{head}\r\n\r\n"));
        assert_eq!(client.answer(true).0, 200);
        assert!(client.ends(), "{head}");
    }
}

#[test]
fn answers_are_as_strict_as_a_host_may_be() {
    let port = served();
    let mut client = Client::connect(port);
    client.send("HEAD /src/lib.rs HTTP/1.1\r\nHost: 127.0.0.1:1\r\n\r\n");
    let (status, head, _) = client.answer(false);
    assert_eq!(status, 200);
    assert!(!head.contains("content-length: 0\r\n"), "{head}");
    for expected in [
        "cache-control: no-store\r\n",
        "access-control-allow-origin: *\r\n",
        "x-content-type-options: nosniff\r\n",
        "connect-src http://127.0.0.1:1;",
    ] {
        assert!(head.contains(expected), "{expected} in {head}");
    }
    assert_eq!(client.get("/no/such/file").0, 404);
    assert_eq!(client.get("/Cargo.toml?v=1").0, 200);
    client.send("DELETE /Cargo.toml HTTP/1.1\r\nHost: a\r\n\r\n");
    assert_eq!(client.answer(true).0, 405);
}
