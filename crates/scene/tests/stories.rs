//! Whole stories as golden files, to be read by people.

use crate::support::{LITTLE, compile};
use explore::{Limits, Search, Trace};
use machine::{Action, Machine, Property};
use scene::Sources;
use scene::view::{Change, MessageKind, TileKind, Tone};
use std::path::Path;

/// The texts of a scenario on the small kernel.
fn sources(scenario: &str) -> Sources<'_> {
    Sources { scenario, kernel: LITTLE, joints: &[] }
}

/// The shortest trace that shows a property.
fn shortest(machine: &Machine, property: Property) -> Trace<Machine> {
    let limits = Limits { stop_at: property.as_set(), ..Limits::default() };
    let mut search = Search::new(machine, limits);
    search.run_to_end();
    let witness = search.witness(property.number()).unwrap_or_else(|| panic!("no {}", property.name()));
    Trace::replay(machine, &witness.schedule).0
}

fn compare(name: &str, text: &str) {
    golden::check(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name), text);
}

fn story(name: &str, scenario: &str, property: Property) {
    let machine = compile(scenario, 0, &[]);
    let trace = shortest(&machine, property);
    let text = scene::text(&machine, &trace, sources(scenario));
    let because = trace.steps().iter().enumerate().map(|(at, step)| {
        let before = trace.state(&machine, at);
        let after = trace.state(&machine, at + 1);
        let caption = scene::caption(&machine, &before, step, &after);
        let laws: Vec<String> = caption.laws.iter().map(|law| format!("H{law}")).collect();
        format!("{:>4}  {:?}: {} ({})\n", at + 1, caption.tone, caption.because, laws.join(" "))
    });
    compare(name, &format!("{text}\n{}", because.collect::<String>()));
}

#[test]
fn a_walk_writes_into_a_page_that_was_freed() {
    story("andy.txt", include_str!("texts/andy.tlb"), Property::ABitCorruption);
}

#[test]
fn a_walk_raises_a_machine_check() {
    story("machine-check.txt", include_str!("texts/machine-check.tlb"), Property::MachineCheck);
}

#[test]
fn a_program_writes_to_a_page_that_was_freed() {
    story("stale.txt", include_str!("texts/stale.tlb"), Property::StaleAccess);
}

#[test]
fn without_texts_functions_have_no_lines() {
    let machine = compile(include_str!("texts/andy.tlb"), 0, &[]);
    let trace = shortest(&machine, Property::ABitCorruption);
    let text = scene::text(&machine, &trace, scene::Sources::default());
    assert!(text.contains(" munmap ") && !text.contains("munmap:"), "{text}");
    assert!(text.lines().last().is_some_and(|line| line.starts_with('!')), "{text}");
}

#[test]
fn the_stage_shows_the_bad_walk() {
    let machine = compile(include_str!("texts/andy.tlb"), 0, &[]);
    let trace = shortest(&machine, Property::ABitCorruption);
    let last = trace.len();
    let before = trace.state(&machine, last - 1);
    let scene = scene::frame(&machine, Some(&before), trace.steps().last(), trace.last());

    let tile = scene.memory.tiles.iter().find(|tile| tile.name == "A pte 0x400000").unwrap();
    assert_eq!(
        (tile.kind, tile.owner.as_str(), tile.tone),
        (TileKind::Data, "somebody's data", Tone::Corrupt)
    );
    let word = &tile.words[0];
    assert_eq!((word.text.as_str(), word.raw.as_str(), word.tone), ("\"andy\"", "0x79646e61", Tone::Corrupt));
    assert_eq!(word.change, Change::Was("\"Andy\"".to_owned()));
    let pins: Vec<_> = tile.holders.iter().map(|pin| (pin.cpu, pin.what, pin.usable, pin.tone)).collect();
    assert_eq!(pins, [(1, "PDE", true, Tone::Stale)]);

    let cpu = &scene.cpus[1];
    assert_eq!([cpu.danger, scene.cpus[0].danger], [Some("can walk freed memory"), None]);
    assert_eq!(cpu.psc.iter().map(|row| row.word).collect::<Vec<_>>(), ["", "", "stale"]);
    let garbage = &cpu.tlb[0];
    assert_eq!((garbage.word, &garbage.change), ("garbage", &Change::Added));
    let token = scene.token.as_ref().unwrap();
    assert_eq!(
        (token.from.as_str(), token.to.as_str(), token.tone),
        ("cpu1", word.id.as_str(), Tone::Corrupt)
    );
}

#[test]
fn a_cached_pointer_becomes_stale_in_the_step_that_frees_its_table() {
    let machine = compile(include_str!("texts/andy.tlb"), 0, &[]);
    let trace = shortest(&machine, Property::ABitCorruption);
    let freed = (1..=trace.len()).find(|&at| machine.in_danger(&trace.state(&machine, at), 1)).unwrap();
    let before = trace.state(&machine, freed - 1);
    let scene =
        scene::frame(&machine, Some(&before), trace.steps().get(freed - 1), &trace.state(&machine, freed));
    let row = &scene.cpus[1].psc[2];
    // Its value is what it was: it is all that there is room for.
    assert_eq!((row.tone, row.word, &row.change), (Tone::Stale, "stale", &Change::Meaning));
    let tile = scene.memory.tiles.iter().find(|tile| tile.name == "A pte 0x400000").unwrap();
    assert_eq!((tile.kind, tile.tone), (TileKind::Free, Tone::Stale));
    assert_eq!(tile.change, Change::Was("unlinked page table of A".to_owned()));
    assert_eq!(scene.free_list[0], tile.name);

    let timeline = scene::timeline(&machine, &trace);
    let windows: Vec<_> = timeline.bands.iter().filter(|band| band.lane == 1).collect();
    assert_eq!(windows.len(), 1);
    assert_eq!((windows[0].from_step, windows[0].to_step), (freed as u32, trace.len() as u32));
    assert_eq!(windows[0].label, "CPU 1 may still walk A pte 0x400000");
    let unsent: Vec<_> =
        timeline.arrows.iter().map(|arrow| (arrow.kind, arrow.from_lane, arrow.to_lane)).collect();
    assert_eq!(unsent, [(MessageKind::NotSent, 0, 1)]);
}

#[test]
fn tables_that_branch_take_a_row_per_branch() {
    let machine = compile(include_str!("texts/machine-check.tlb"), 0, &[]);
    let scene = scene::frame(&machine, None, None, &explore::System::initial(&machine));
    assert_eq!(scene.memory.rows, ["init_mm", "A", "", "spare"]);
    let place = |name: &str| {
        let tile = scene.memory.tiles.iter().find(|tile| tile.name == name).unwrap();
        (tile.row, tile.column)
    };
    assert_eq!((place("A pgd"), place("A pud 0x0"), place("A pmd 0x0")), ((1, 0), (1, 1), (1, 2)));
    assert_eq!((place("A pmd 0x40000000"), place("high")), ((2, 2), (2, 4)));
    assert_eq!((place("spare 0"), place("nic")), ((3, 0), (0, 4)));
}

#[test]
fn a_verdict_names_a_store_buffer_that_was_full() {
    let machine = compile(include_str!("texts/andy.tlb"), 0, &[]);
    let mut check = machine::Check::new(&machine, Limits::default());
    check.run_to_end();
    let progress = check.progress();
    let say = |waited| {
        scene::verdict_sentence(
            &machine,
            "machine_check",
            &scene::Known {
                observation: check.observation(Property::MachineCheck.as_set()),
                witness: None,
                progress: &progress,
                saturated: false,
                needs: None,
                waited,
            },
        )
    };
    let open = "; larger store buffers are open (complete up to 2 stores in flight; ";
    assert!(say(true).contains(open), "{}", say(true));
    assert!(!say(false).contains("larger store buffers"), "{}", say(false));
    assert!(say(true).ends_with("store buffer 2, which was full when another store came)."), "{}", say(true));
    assert!(say(false).contains("(complete; ") && say(false).ends_with("store buffer 2)."), "{}", say(false));
}

#[test]
fn verdicts_claim_no_more_than_the_search_did() {
    let machine = compile(include_str!("texts/andy.tlb"), 0, &[]);
    let say = |name: &str, limits: Limits| {
        let mut check = machine::Check::new(&machine, limits);
        check.run_to_end();
        let properties = machine::by_name(name).unwrap();
        let witness = check.witness(properties).map(|found| found.1.len());
        scene::verdict_sentence(
            &machine,
            name,
            &scene::Known {
                observation: check.observation(properties),
                witness: witness.map(|steps| (steps, check.shortest(properties))),
                progress: &check.progress(),
                saturated: check.saturated(),
                needs: check.needs(),
                waited: check.stores_waited(),
            },
        )
    };
    let within = "andy on little with lazy, reload, free=direct; Intel, 2 CPUs, PCID off, 1 address walked, store buffer 2";
    assert_eq!(
        say("corruption", Limits::default()),
        format!("Reachable in 16 steps: memory is read or written that belongs to somebody else ({within}).")
    );
    let states = {
        let mut search = Search::new(&machine, Limits::default());
        search.run_to_end();
        search.progress().states
    };
    assert!(states < 1_000, "no comma in {states}");
    assert_eq!(
        say("machine_check", Limits::default()),
        format!(
            "None in all {states} states: there is no run in which a page walk raises a machine check \
             (complete; {within})."
        )
    );
    let open = say("machine_check", Limits { states: 100, ..Limits::default() });
    assert!(
        open.starts_with("It is open whether a page walk raises a machine check: none found within 10"),
        "{open}"
    );
    let stopped = "which is not a proof; the search stopped at its limit of states; the number of further states can't be estimated";
    assert!(open.ends_with(&format!(" states, {stopped} ({within}).")), "{open}");
}

#[test]
fn what_ends_a_danger_says_so() {
    let machine = compile(include_str!("texts/stale.tlb"), 0, &[("reload", "on")]);
    let mut trace = shortest(&machine, Property::WalkOfFreed);
    // CPU 1 comes back and reloads CR3.
    let mut tones = Vec::new();
    while machine.in_danger(trace.last(), 1) {
        let before = trace.last().clone();
        trace.push(&machine, Action::Step { cpu: 1 });
        let step = &trace.steps()[trace.len() - 1];
        let caption = scene::caption(&machine, &before, step, trace.last());
        tones.push((caption.tone, caption.because));
    }
    let last = tones.pop().unwrap();
    assert_eq!(last, (Tone::Safe, "CPU 1 cannot walk into A pte 0x400000 any more.".to_owned()));
    assert!(tones.iter().all(|said| said.0 == Tone::Plain), "{tones:?}");
}
