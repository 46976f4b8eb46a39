//! Every variant of every scenario of the library, by our search and by Spin: the same states, transitions and depth,
//! and the same properties seen.

use crate::spin;
use crate::tool::Order;
use bench::counts::Counts;
use bench::subject;
use explore::{Completeness, Limits, Search};
use lang::Selection;
use machine::{Machine, Property};
use std::path::Path;

/// Compares all that there is; says what differs, and ends with an error if something does.
pub fn run(folder: &Path) -> Result<(), String> {
    if let Some(why) = spin::missing() {
        return Err(why);
    }
    let (mut same, mut different) = (0, 0);
    for scenario in gallery::scenarios() {
        for case in lang::cases(scenario.text) {
            let name =
                case.name.map_or(scenario.slug.to_owned(), |name| format!("{}, {name}", scenario.slug));
            let selection = Selection { case: case.case, options: Vec::new() };
            match variant(&folder.join("agree"), &subject::compile(scenario.text, &selection)?) {
                Ok(counts) => {
                    same += 1;
                    println!("same       {name}: {} states", counts.states);
                }
                Err(how) => {
                    different += 1;
                    println!("DIFFERENT  {name}: {how}");
                }
            }
        }
    }
    println!("{same} variants are the same, {different} differ");
    if different == 0 { Ok(()) } else { Err("our search and Spin disagree".into()) }
}

fn variant(folder: &Path, machine: &Machine) -> Result<Counts, String> {
    let mut search = Search::new(machine, Limits { mirrors: false, ..Limits::default() });
    if search.run_to_end() != Completeness::Complete {
        return Err("our search does not come to its end".into());
    }
    let progress = search.progress();
    let ours = Counts {
        states: progress.states.into(),
        transitions: progress.transitions,
        depth: Some(progress.depth.into()),
        found: None,
    };
    let pan = spin::make(folder, &promela::export(machine, 0), Order::Bfs, false, "-O1")?;
    let (text, _) = pan.output(ours.states)?;
    let theirs = spin::read(&text, Order::Bfs).ok_or(text.clone())?;
    if let Some(how) = ours.differs(&theirs) {
        return Err(format!("ours and Spin have {how}"));
    }
    for property in Property::ALL {
        let seen = text.lines().any(|line| line == format!("tlbscope: seen {}", property.name()));
        if seen != progress.seen.meets(property.mark()) {
            let who = if seen { "Spin" } else { "ours" };
            return Err(format!("only {who} has seen {}", property.name()));
        }
    }
    let complete = text.lines().any(|line| line == "tlbscope: seen an execution that is complete");
    if complete == search.ended() { Ok(ours) } else { Err("they differ on whether an execution ends".into()) }
}
