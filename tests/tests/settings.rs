//! Every way of searching finds the same, under every combination of options: the same properties, the same shortest ways.
//!
//! A scenario has options: its own, its kernel's, and the machine's. A combination of choices is a setting. Each setting is searched
//! in full without symmetry, which is the search that leaves out nothing. All others are held against that one: with symmetry, in
//! saturated states, with partial orders, and the check that page and command line make. `cargo xtask test` takes one setting of
//! each scenario, chosen by a seed. With `TLBSCOPE_SETTINGS=all` it takes all of them, which takes long.

use experiment::Experiment;
use explore::{Completeness, Limits, PropertySet, Search, Seeded};
use lang::Selection;
use lang::program::{Origin, ProgramOption};
use machine::{Check, Machine};

/// Takes all settings if it is `all`.
const SETTINGS: &str = "TLBSCOPE_SETTINGS";

/// Most states of a setting that is looked at, of a few and of all.
const FEW: u32 = 20_000;
const MANY: u32 = 2_000_000;

/// What a search has found: which properties show, how many steps the shortest way to each has, and whether a run can end.
#[derive(Debug, PartialEq, Eq)]
struct Found {
    seen: PropertySet,
    lengths: Vec<(u8, usize)>,
    ended: bool,
}

impl Found {
    /// What a search found; nothing if it did not come to its end.
    fn by(search: &Search<&Machine>) -> Option<Found> {
        let progress = search.progress();
        let length = |number| Some((number, search.witness(number)?.schedule.len()));
        let lengths = progress.seen.iter().filter_map(length).collect();
        let found = Found { seen: progress.seen, lengths, ended: search.ended() };
        (progress.completeness == Completeness::Complete).then_some(found)
    }
}

/// All combinations of the options that say what is searched. A bound says how much of it is.
fn combinations(options: &[ProgramOption]) -> Vec<Vec<(String, String)>> {
    let mut all = vec![Vec::new()];
    for option in options.iter().filter(|option| option.origin != Origin::Bound) {
        let with = |made: &Vec<(String, String)>| {
            let longer =
                |choice: &String| [made.as_slice(), &[(option.name.clone(), choice.clone())]].concat();
            option.choices.iter().map(longer).collect::<Vec<_>>()
        };
        all = all.iter().flat_map(with).collect();
    }
    all
}

/// The settings of a scenario: all of them, or one by a seed.
fn settings(text: &Experiment, seeded: Option<&mut Seeded>) -> Vec<Vec<(String, String)>> {
    let mut all = combinations(&tests::machine(text).program().options);
    if let Some(seeded) = seeded {
        let chosen = seeded.number() % all.len() as u64;
        all = vec![all.swap_remove(chosen as usize)];
    }
    all
}

/// Holds all searches of a machine against the one that leaves out nothing. Says whether that one came to its end.
fn agree(name: &str, machine: &Machine, states: u32) -> bool {
    let limits = |symmetry| Limits { states, symmetry, ..Limits::default() };
    let run = |mut search: Search<_>| {
        search.run_to_end();
        Found::by(&search)
    };
    let Some(plain) = run(Search::new(machine, limits(false))) else { return false };
    assert_eq!(run(Search::new(machine, limits(true))).as_ref(), Some(&plain), "{name}: symmetry");
    for symmetry in [false, true] {
        for (how, search) in [
            ("saturated", Search::saturated(machine, limits(symmetry))),
            ("partial orders", Search::reduced(machine, limits(symmetry))),
        ] {
            let found = run(search).unwrap_or_else(|| panic!("{name}: {how}, symmetry {symmetry}: no end"));
            assert_eq!(
                (found.seen, found.ended),
                (plain.seen, plain.ended),
                "{name}: {how}, symmetry {symmetry}"
            );
            // Gains are taken at once, so its ways may be longer, and never shorter.
            let numbers = |found: &Found| found.lengths.iter().map(|length| length.0).collect::<Vec<_>>();
            assert_eq!(numbers(&found), numbers(&plain), "{name}: {how}, symmetry {symmetry}");
            for (long, short) in found.lengths.iter().zip(&plain.lengths) {
                assert!(long >= short, "{name}: {how}, symmetry {symmetry}: {long:?} for {short:?}");
            }
        }
    }
    let mut check = Check::new(machine, Limits::default());
    check.run_to_end();
    let length = |finding: machine::Finding| Some((finding.number, finding.witness?.len()));
    let lengths: Vec<_> = check.findings().into_iter().filter_map(length).collect();
    assert_eq!(lengths, plain.lengths, "{name}: the check");
    true
}

#[test]
fn every_search_finds_the_same_under_every_setting() {
    let all = std::env::var(SETTINGS).is_ok_and(|which| which == "all");
    let mut seeded = Seeded::new(1);
    let (mut held, mut large, mut refused) = (0, 0, 0);
    for scenario in gallery::scenarios() {
        let text = Experiment::new(scenario.text);
        for options in settings(&text, (!all).then_some(&mut seeded)) {
            let name = format!("{} with {options:?}", scenario.slug);
            // Some choices exclude one another: a kernel that needs PCIDs on a machine without them.
            match text.selecting(Selection::new(None, options)).compile().into_machine() {
                Ok(machine) if agree(&name, &machine, if all { MANY } else { FEW }) => held += 1,
                Ok(_) => large += 1,
                Err(_) => refused += 1,
            }
        }
    }
    println!("{held} settings are the same, {large} are too large, {refused} do not compile");
    assert!(held > 80, "{held} settings, {large} are too large, {refused} do not compile");
}
