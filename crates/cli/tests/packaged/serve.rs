//! The program that carries the page, as somebody gets it: its version, a verdict, and the page, whole, and refused where a port is
//! taken.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};

/// The program while it serves.
struct Serving {
    process: Child,
    address: String,
}

impl Serving {
    fn start() -> Serving {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tlbscope"));
        let mut process =
            command.args(["serve", "--port", "0"]).stdout(Stdio::piped()).spawn().expect("it runs");
        let mut line = String::new();
        let out = process.stdout.take().expect("it has an output");
        BufReader::new(out).read_line(&mut line).expect("it says where it serves");
        let address = line.trim().strip_prefix("http://").and_then(|line| line.strip_suffix('/'));
        Serving { address: address.expect("an address").to_owned(), process }
    }

    /// The head of an answer, and its body.
    fn get(&self, path: &str) -> (String, Vec<u8>) {
        let mut stream = TcpStream::connect(&self.address).expect("it listens");
        let request = format!("GET {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", self.address);
        stream.write_all(request.as_bytes()).expect("it reads");
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).expect("it answers");
        let end = answer.windows(4).position(|four| four == b"\r\n\r\n").expect("the head ends");
        (String::from_utf8_lossy(&answer[..end]).into_owned(), answer[end + 4..].to_vec())
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        // Whoever has ended already need not be ended.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[test]
fn every_file_that_the_page_names_is_served() {
    let serving = Serving::start();
    let (head, body) = serving.get("/");
    assert!(head.starts_with("HTTP/1.1 200") && head.contains("text/html"), "{head}");
    let page = String::from_utf8(body).expect("it is UTF-8");
    // Attributes may have quotes, or none.
    let named: Vec<&str> = page
        .split(['"', '\'', '=', ' ', '>'])
        .filter_map(|name| name.strip_prefix("./"))
        .filter(|name| name.contains('.') && !name.contains(['{', '$']))
        .collect();
    assert!(named.iter().any(|name| name.ends_with(".wasm")), "{named:?}");
    for name in named {
        let (head, body) = serving.get(&format!("/{name}"));
        assert!(head.starts_with("HTTP/1.1 200") && !body.is_empty(), "{name}: {head}");
    }
    assert!(serving.get("/no/such/file").0.starts_with("HTTP/1.1 404"));
}

#[test]
fn the_program_says_its_version_and_settles_a_scenario_of_its_library() {
    let said = |args: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_tlbscope")).args(args).output().expect("it runs");
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    assert_eq!(said(&["--version"]).trim(), concat!("tlbscope ", env!("CARGO_PKG_VERSION")));
    let verdict = said(&["check", "lazy+unmap+andy"]);
    assert!(verdict.contains("corruption"), "{verdict}");
}

#[test]
fn a_port_that_is_taken_is_named() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("some port is free");
    let port = taken.local_addr().expect("it has an address").port().to_string();
    let mut command = Command::new(env!("CARGO_BIN_EXE_tlbscope"));
    let output = command.args(["serve", "--port", &port]).output().expect("it runs");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2));
    assert!(said.contains(&format!("port {port} can't be served")) && said.contains("--port"), "{said}");
}
