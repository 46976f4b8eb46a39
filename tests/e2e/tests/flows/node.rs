//! The site's wasm in Node.js, which runs it with another kind of global object than a browser and needs no window: timed runs
//! count there what they count natively, for all workloads and all costs. The set-up installs Node.js for the site's build.

use cost::experiment_of;
use protocol::{FromExplorer, Server, ToExplorer, WireRun, WireSelection, from_bytes, to_bytes};
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

const KERNELS: [&str; 4] = ["linux-4.13", "linux-4.14", "init_mm switch", "linux-6.18"];
const STEPS: u32 = 8_000;

/// Far longer than an answer takes: a process that says nothing must not keep everybody waiting.
const PATIENCE: Duration = Duration::from_secs(120);

/// The explorer in Node.js.
struct Node {
    process: Child,
    input: ChildStdin,
    output: Receiver<String>,
}

impl Node {
    fn start() -> Node {
        let dist = e2e::dist().expect("the site is built");
        let files = std::fs::read_dir(&dist).expect("it is a folder");
        let library = files
            .filter_map(|file| Some(file.ok()?.path()))
            .find(|path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("library")))
            .expect("the library is a file of the site");
        let mut process = Command::new("node")
            .args(["-e", include_str!("worker.js"), "--"])
            .args([dist, library])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the set-up has installed Node.js");
        let input = process.stdin.take().expect("it has an input");
        let lines = BufReader::new(process.stdout.take().expect("it has an output")).lines();
        let (said, output) = channel();
        // It ends with the process.
        std::thread::spawn(move || lines.map_while(Result::ok).try_for_each(|line| said.send(line)));
        Node { process, input, output }
    }

    fn says(&mut self, message: &ToExplorer) {
        let digits: String = to_bytes(message).iter().map(|byte| format!("{byte:02x}")).collect();
        writeln!(self.input, "{digits}").expect("it listens");
    }

    /// The next answer of a timed run.
    fn hears(&mut self) -> FromExplorer {
        loop {
            let line = self.output.recv_timeout(PATIENCE).expect("it answers");
            let byte = |at: usize| u8::from_str_radix(&line[at..at + 2], 16).expect("in digits");
            let bytes: Vec<u8> = (0..line.len()).step_by(2).map(byte).collect();
            match from_bytes(&bytes) {
                Ok(said @ FromExplorer::Timed { .. }) => return said,
                Ok(FromExplorer::Refused { reason, .. }) => panic!("it refuses: {reason}"),
                _ => {}
            }
        }
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        // Whoever has ended already need not be ended.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The same, here.
fn here(message: &ToExplorer) -> Vec<FromExplorer> {
    let mut server = Server::default();
    server.handle(&to_bytes(&ToExplorer::hello()));
    server.handle(&to_bytes(message));
    let mut said = Vec::new();
    while server.busy() {
        said.extend(server.run(100_000).iter().map(|bytes| from_bytes(bytes).expect("its own words")));
    }
    said
}

#[test]
fn node_counts_what_is_counted_natively_for_all_workloads_and_costs() {
    let mut node = Node::start();
    node.says(&ToExplorer::hello());
    let (mut job, mut counted) = (0, 0);
    for workload in gallery::workloads() {
        for costs in gallery::costs() {
            job += 1;
            let on = |kernel: &str| WireRun {
                kernel: kernel.to_owned(),
                changes: Vec::new(),
                seeds: 2,
                strips: 500,
            };
            let asked = ToExplorer::Timed {
                job,
                curve: false,
                texts: (&experiment_of(workload.text)).into(),
                selection: WireSelection::default(),
                costs: costs.text.to_owned(),
                runs: KERNELS.map(on).into(),
                steps: STEPS,
                states: 0,
            };
            node.says(&asked);
            let there: Vec<FromExplorer> = KERNELS.iter().map(|_| node.hears()).collect();
            assert_eq!(there, here(&asked), "{} with {}", workload.slug, costs.slug);
            counted += there
                .iter()
                .filter(|said| matches!(said, FromExplorer::Timed { found: Ok(_), more: false, .. }))
                .count();
        }
    }
    assert!(counted > 100, "{counted} runs");
}
