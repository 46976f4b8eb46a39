//! Each form of a run: as golden files, and by the rules of the tools that read them.

use experiment::Experiment;
use explore::{Seeded, Trace};
use export::{ExportedRun, MOST_STEPS, json, mermaid, trace};
use machine::Machine;
use scene::Sources;
use serde_json::Value;
use std::collections::BTreeMap;

const WALK: &str = "1.MG_0MyAB6VpG3mgFn2sPbGF6eSt1bm1hcCthbmR5GgEGAAEFAP8f_w8ApAEAAAAAACAlGg";

/// A machine of the library, and a run by chance.
fn by_chance(slug: &str, seed: u64, steps: usize) -> (Machine, Trace<Machine>) {
    let experiment = Experiment::library(slug).expect("a scenario of the library");
    let machine = experiment.compile().machine.unwrap_or_else(|why| panic!("{slug}: {why:?}"));
    let mut trace = Trace::new(&machine);
    trace.run(&machine, &mut Seeded::new(seed), steps);
    (machine, trace)
}

fn run<'a>(machine: &'a Machine, trace: &'a Trace<Machine>) -> ExportedRun<'a> {
    ExportedRun { machine, trace, cursor: trace.len(), case: None, sources: Sources::default(), link: "1.x" }
}

fn golden(name: &str, found: &str) {
    golden::check(format!("{}/tests/golden/{name}", env!("CARGO_MANIFEST_DIR")), found);
}

#[test]
fn the_bad_walk_in_each_form() {
    let link = link::decode(WALK).expect("a link of the corpus");
    let opened = link::open(&link).expect("it opens");
    let whole = opened.experiment.whole_kernel().expect("its kernel is known");
    let sources =
        Sources { scenario: &opened.experiment.scenario, kernel: &whole.text, joints: &whole.joints };
    let run = ExportedRun { link: WALK, sources, ..run(&opened.machine, &opened.trace) };
    golden("walk.trace.json", &trace(&run));
    golden("walk.mmd", &mermaid(&run));
    golden("walk.json", &json(&run));
}

#[test]
fn a_shootdown_in_each_form() {
    let (machine, steps) = by_chance("lazy+return+munmap", 4, 80);
    let run = run(&machine, &steps);
    golden("shootdown.trace.json", &trace(&run));
    golden("shootdown.mmd", &mermaid(&run));
}

/// A trace viewer draws slices of a thread as a stack: two that overlap must be one in the other. A flow begins and ends
/// in slices, and no later than it ends.
fn sound_trace(text: &str) {
    let whole: Value = serde_json::from_str(text).expect("it is JSON");
    let events = whole["traceEvents"].as_array().expect("it has events");
    let number =
        |event: &Value, name: &str| event[name].as_u64().unwrap_or_else(|| panic!("{name}: {event}"));
    let mut slices: BTreeMap<u64, Vec<(u64, u64)>> = BTreeMap::new();
    let (mut flows, mut named) = (BTreeMap::new(), Vec::new());
    for event in events {
        let thread = number(event, "tid");
        assert_eq!(event["pid"], 1);
        assert!(event["name"].as_str().is_some_and(|name| !name.is_empty()), "{event}");
        match event["ph"].as_str() {
            Some("X") => {
                let (start, length) = (number(event, "ts"), number(event, "dur"));
                assert!(length > 0 && event["args"].is_object(), "{event}");
                slices.entry(thread).or_default().push((start, start + length));
            }
            Some(phase @ ("s" | "f")) => {
                flows.entry(number(event, "id")).or_insert_with(Vec::new).push((
                    phase.to_owned(),
                    thread,
                    number(event, "ts"),
                ));
            }
            Some("i") => assert!(matches!(event["s"].as_str(), Some("g" | "t")), "{event}"),
            Some("M") => named.push(thread),
            other => panic!("{other:?}"),
        }
    }
    for (thread, mut slices) in slices.clone() {
        assert!(named.contains(&thread), "thread {thread} has no name");
        slices.sort_by_key(|&(start, end)| (start, std::cmp::Reverse(end)));
        let mut open: Vec<u64> = Vec::new();
        for (start, end) in slices {
            open.retain(|&outer| outer > start);
            assert!(
                open.iter().all(|&outer| outer >= end),
                "thread {thread}: {start} to {end} leaves {open:?}"
            );
            open.push(end);
        }
    }
    for (id, ends) in flows {
        let [(first, from, start), (last, to, end)] = &ends[..] else { panic!("flow {id}: {ends:?}") };
        assert_eq!((first.as_str(), last.as_str()), ("s", "f"));
        assert!(start < end);
        for (thread, at) in [(from, start), (to, end)] {
            let inside = |&(begin, finish): &(u64, u64)| begin <= *at && *at < finish;
            assert!(
                slices[thread].iter().any(inside),
                "flow {id} is at {at}, where thread {thread} has no slice"
            );
        }
    }
}

/// The grammar of the sequence diagrams that we write: Mermaid's, as far as we use it.
fn sound_mermaid(text: &str) {
    // What Mermaid draws without further settings (maxTextSize).
    assert!(text.len() < 50_000, "{}", text.len());
    let body = text.split_once("\n---\n").expect("a head").1;
    let mut lines = body.lines();
    assert_eq!(lines.next(), Some("sequenceDiagram"));
    let (mut participants, mut open) = (Vec::new(), 0);
    for line in lines {
        let line = line.trim_start();
        if let Some(rest) = line.strip_prefix("participant ") {
            participants.push(rest.split(' ').next().unwrap_or_default().to_owned());
        } else if line.starts_with("rect rgb(") {
            open += 1;
        } else if line == "end" {
            open -= 1;
        } else {
            let (head, words) = line.split_once(": ").unwrap_or_else(|| panic!("{line}"));
            let head = head.strip_prefix("Note over ").unwrap_or(head);
            let arrows = ["-->>", "->>", "--)", "-)", "--x", ","];
            let parts = arrows.iter().find_map(|arrow| head.split_once(arrow)).unwrap_or((head, "M"));
            assert!(
                [parts.0, parts.1].iter().all(|part| participants.iter().any(|there| there == part)),
                "{line}"
            );
            let entities = words.split('#').skip(1);
            for entity in entities {
                let code = entity.split(';').next().unwrap_or_default();
                assert!(code.parse::<u32>().is_ok(), "{line}");
            }
            let bare = words
                .split('#')
                .enumerate()
                .map(|(n, part)| if n == 0 { part } else { part.split_once(';').map_or("", |p| p.1) });
            assert!(bare.into_iter().all(|part| !part.contains([';', '%', '{', '<', '"', '$'])), "{line}");
        }
        assert!(open >= 0);
    }
    assert_eq!(open, 0);
}

#[test]
fn every_scenario_of_the_library_can_be_exported() {
    let mut flows = 0;
    for scenario in gallery::scenarios() {
        let (machine, steps) = by_chance(scenario.slug, 5, 120);
        let run = run(&machine, &steps);
        let traced = trace(&run);
        flows += traced.matches("\"ph\":\"f\"").count();
        sound_trace(&traced);
        sound_mermaid(&mermaid(&run));
        let written: Value = serde_json::from_str(&json(&run)).expect("it is JSON");
        assert_eq!(written["steps"].as_array().map(Vec::len), Some(steps.len()), "{}", scenario.slug);
    }
    assert!(flows > 50, "{flows}");
}

#[test]
fn of_a_very_long_run_there_is_the_beginning() {
    let kernel = "kernel \"long\" { global n: int = 0; sys spin() { while true { n = (n + 1) & 7; } } }";
    let scenario = "scenario \"a \\\"; end\" { use kernel \"long\" machine { cpus 2; } cpu 0 { spin(); } cpu 1 { spin(); } expect never kernel_warning; }";
    let scenario = scenario.replace("\\\"", "%%{init}%%<b>#");
    let machine = Experiment::new(scenario).with_kernel("long", kernel).compile().machine;
    let machine = machine.unwrap_or_else(|why| panic!("{why:?}"));
    let mut steps = Trace::new(&machine);
    steps.run(&machine, &mut Seeded::new(1), MOST_STEPS + 100);
    let run = run(&machine, &steps);
    let traced = trace(&run);
    sound_trace(&traced);
    assert!(traced.contains("\"steps left out\":100"), "{}", &traced[..600]);
    let drawn = mermaid(&run);
    sound_mermaid(&drawn);
    assert!(drawn.ends_with(&format!("Note over C0,M: {} further steps are left out\n", MOST_STEPS - 200)));
    let written: Value = serde_json::from_str(&json(&run)).expect("it is JSON");
    assert_eq!(written["length"], MOST_STEPS + 100);
    assert_eq!(written["steps"].as_array().map(Vec::len), Some(MOST_STEPS));
}

/// The diagram, from which labels and messages are, has fewer steps with many CPUs.
#[test]
fn of_a_long_run_of_many_cpus_all_parts_end_at_the_same_step() {
    let kernel = "kernel \"ask\" { global n: int = 0; ipi flush() { n = (n + 1) & 7; } \
                  sys ask() { while true { ipi flush() to online - {cpu} and wait; } } }";
    let cpus: String = (0..16).map(|cpu| format!("cpu {cpu} {{ ask(); }} ")).collect();
    let scenario = format!(
        "scenario \"many\" {{ use kernel \"ask\" machine {{ cpus 16; }} {cpus} expect never kernel_warning; }}"
    );
    let machine = Experiment::new(scenario).with_kernel("ask", kernel).compile().machine;
    let machine = machine.unwrap_or_else(|why| panic!("{why:?}"));
    let mut steps = Trace::new(&machine);
    steps.run(&machine, &mut Seeded::new(2), 2_000);
    let run = ExportedRun { case: Some("a case"), ..run(&machine, &steps) };
    let written: Value = serde_json::from_str(&json(&run)).expect("it is JSON");
    let count = written["steps"].as_array().map_or(0, Vec::len);
    assert_eq!((count, &written["left_out"]), (1_250, &(steps.len() - 1_250).into()));
    let messages = written["messages"].as_array().expect("messages");
    let last = messages.iter().filter_map(|message| message["from_step"].as_u64()).max();
    assert!(last.is_some_and(|last| (1_200..=1_250).contains(&last)), "{last:?}");
    let traced = trace(&run);
    sound_trace(&traced);
    assert!(traced.contains(&format!("\"steps left out\":{}", steps.len() - 1_250)));
    assert!(traced.contains(", case a case\""));
    let drawn = mermaid(&run);
    sound_mermaid(&drawn);
    let notes = drawn.lines().filter(|line| line.contains("further steps are left out")).count();
    assert!(drawn.starts_with("---\ntitle: \"many on ask, case a case\"") && notes == 1, "{}", &drawn[..200]);
}

/// A walk is a slice over its reads.
#[test]
fn the_reads_of_a_walk_lie_in_its_slice() {
    let (machine, steps) = by_chance("lazy+munmap", 5, 120);
    let whole: Value = serde_json::from_str(&trace(&run(&machine, &steps))).expect("it is JSON");
    let events = whole["traceEvents"].as_array().expect("it has events");
    let long = |event: &&Value| event["cat"] == "walk" && event["dur"].as_u64() > Some(1000);
    assert!(events.iter().any(|event| long(&event)), "no walk has two reads");
    let reads = events.iter().filter(|event| {
        event["cat"] == "hardware" && event["name"].as_str().is_some_and(|n| n.contains("E of 0x"))
    });
    for read in reads {
        let inside = |walk: &Value| {
            let (start, at) = (walk["ts"].as_u64(), read["ts"].as_u64());
            let end = start.zip(walk["dur"].as_u64()).map(|(start, length)| start + length);
            walk["cat"] == "walk" && walk["tid"] == read["tid"] && start <= at && at < end
        };
        assert!(events.iter().any(inside), "{read}");
    }
}
