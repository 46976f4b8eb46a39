//! A grid of variants: its result for each variant is that of a check, and a grid waits for checks.

use experiment::Experiment;
use machine::Property;
use protocol::{
    FromExplorer, MAX_VARIANTS, MessagePart, Refusal, Report, Server, ToExplorer, WireCell, WireLimits,
    WireSelection, WireTexts, from_bytes, is_progress, to_bytes,
};
use std::collections::BTreeMap;

const SCENARIO: &str = "lazy+unmap+andy";
const OTHER: &str = "linux-4.14";

fn texts() -> WireTexts {
    WireTexts::from(&Experiment::library(SCENARIO).expect("it is in the library"))
}

fn variant(case: Option<u8>, options: &[(&str, &str)]) -> WireSelection {
    let options = options.iter().map(|(name, choice)| ((*name).to_owned(), (*choice).to_owned()));
    WireSelection { case, options: options.collect(), ..WireSelection::default() }
}

fn variants() -> Vec<WireSelection> {
    vec![
        variant(None, &[]),
        variant(None, &[("init_mm_switch", "on")]),
        variant(Some(1), &[]),
        variant(None, &[("memory_barrier", "on")]),
        variant(Some(0), &[]),
        WireSelection { kernel: Some(OTHER.to_owned()), ..WireSelection::default() },
    ]
}

fn grid(job: u32, variants: Vec<WireSelection>) -> ToExplorer {
    ToExplorer::Grid { job, texts: texts(), variants, limits: WireLimits::default() }
}

fn check(job: u32, variant: &WireSelection) -> ToExplorer {
    let (selection, limits) = (variant.clone(), WireLimits::default());
    ToExplorer::Check { job, texts: texts(), selection, limits }
}

fn greeted() -> Server {
    let mut server = Server::default();
    server.handle(&to_bytes(&ToExplorer::hello()));
    server
}

fn say(server: &mut Server, message: &ToExplorer) -> Vec<FromExplorer> {
    let replies = server.handle(&to_bytes(message));
    replies.iter().map(|reply| from_bytes(reply).expect("a server sends messages")).collect()
}

/// Everything that it says until it has nothing more to do, without progress.
fn finish(server: &mut Server) -> Vec<FromExplorer> {
    let mut said = Vec::new();
    while server.busy() {
        said.extend(server.run(1_000).into_iter().filter(|reply| !is_progress(reply)));
    }
    said.iter().map(|reply| from_bytes(reply).expect("a server sends messages")).collect()
}

/// The verdict on each variant, and which variants took no search. Kernels that do not fit are reported first.
fn cells(said: &[FromExplorer], of: u32) -> Vec<(WireCell, bool)> {
    let mut cells = BTreeMap::new();
    for said in said {
        let FromExplorer::Cell { job, variant, verdict, shared, link: _ } = said else { panic!("{said:?}") };
        assert_eq!(*job, of);
        assert!(cells.insert(*variant, (verdict.clone(), *shared)).is_none(), "told twice: {said:?}");
    }
    assert!(cells.keys().copied().eq(0..cells.len() as u32), "{cells:?}");
    cells.into_values().collect()
}

fn report(server: &mut Server, variant: &WireSelection) -> Report {
    say(server, &check(7, variant));
    match finish(server).pop() {
        Some(FromExplorer::Done { report, .. }) => report,
        other => panic!("{other:?}"),
    }
}

#[test]
fn each_variant_is_settled_as_a_check_settles_it() {
    let mut server = greeted();
    assert_eq!(say(&mut server, &grid(1, variants())), []);
    let said = cells(&finish(&mut server), 1);
    assert_eq!(said.len(), variants().len());
    for (variant, (verdict, _)) in variants().iter().zip(&said) {
        let report = report(&mut server, variant);
        match verdict {
            WireCell::Reachable { property, steps, shortest } => {
                assert!(*shortest);
                let property = Property::from_number(*property).expect("it has a name");
                let (_, shortest) = report.witness(property.as_set()).expect("a check sees it too");
                assert_eq!(shortest.len(), *steps as usize, "{variant:?}");
            }
            WireCell::Safe { states, saturated } => {
                assert!(!saturated);
                assert!(report.complete() && !report.seen().intersects(machine::VIOLATION), "{variant:?}");
                assert_eq!(report.states, *states);
            }
            other => panic!("{variant:?}: {other:?}"),
        }
    }
    assert!(matches!(said[0].0, WireCell::Reachable { .. }) && matches!(said[1].0, WireCell::Safe { .. }));
}

#[test]
fn kernels_that_do_not_fit_are_told_before_anything_is_searched() {
    let mut server = greeted();
    let on = |kernel: &str| WireSelection { kernel: Some(kernel.to_owned()), ..WireSelection::default() };
    let mut variants = variants();
    variants.extend(gallery::kernels().filter_map(|kernel| kernel.kernel_name()).map(on));
    say(&mut server, &grid(1, variants.clone()));
    let said = finish(&mut server);
    let told = |said: &FromExplorer| match said {
        FromExplorer::Cell { variant, verdict, .. } => (*variant, matches!(verdict, WireCell::Refused(_))),
        other => panic!("{other:?}"),
    };
    let mut told: Vec<(u32, bool)> = said.iter().map(told).collect();
    let refused = told.iter().take_while(|(_, refused)| *refused).count();
    assert!(refused > 2 && told[refused..].iter().all(|(_, refused)| !refused), "{told:?}");
    // Each variant is reported once.
    told.sort_unstable();
    let places: Vec<u32> = told.iter().map(|(variant, _)| *variant).collect();
    assert_eq!(places, (0..variants.len() as u32).collect::<Vec<_>>());
}

#[test]
fn variants_that_are_one_program_share_a_search() {
    let mut server = greeted();
    say(&mut server, &grid(1, variants()));
    let shared =
        |said: Vec<FromExplorer>, job| cells(&said, job).iter().map(|cell| cell.1).collect::<Vec<_>>();
    // The cases are settings of the options; only their expectations differ.
    assert_eq!(shared(finish(&mut server), 1), [false, false, true, false, true, false]);
    say(&mut server, &grid(2, variants()));
    assert_eq!(shared(finish(&mut server), 2), [true; 6], "what is settled is kept");
    let ToExplorer::Grid { job, mut texts, variants, limits } = grid(3, variants()) else { unreachable!() };
    texts.scenario.push_str("// other texts\n");
    say(&mut server, &ToExplorer::Grid { job, texts, variants, limits });
    assert_eq!(shared(finish(&mut server), 3), [false, false, true, false, true, false]);
}

#[test]
fn a_check_goes_first() {
    let mut server = greeted();
    say(&mut server, &grid(1, variants()));
    server.run(10);
    server.run(10);
    assert_eq!(say(&mut server, &check(2, &variants()[1])), [], "the grid is not cancelled");
    let said = finish(&mut server);
    assert!(matches!(said[0], FromExplorer::Done { job: 2, .. }), "{:?}", said[0]);
    assert_eq!(cells(&said[1..], 1).len(), variants().len());
}

#[test]
fn a_grid_stops_when_told_to() {
    let mut server = greeted();
    let cancelled = |job| vec![FromExplorer::Refused { job: Some(job), reason: Refusal::Cancelled }];
    say(&mut server, &grid(1, variants()));
    server.run(10);
    assert_eq!(say(&mut server, &grid(2, variants())), cancelled(1));
    assert_eq!(say(&mut server, &ToExplorer::Cancel { job: 2 }), cancelled(2));
    assert!(!server.busy());
    assert_eq!(say(&mut server, &ToExplorer::Cancel { job: 2 }), [], "too late");
}

#[test]
fn what_can_not_be_is_refused_and_the_rest_goes_on() {
    let mut server = greeted();
    let ToExplorer::Grid { job, mut texts, limits, .. } = grid(1, Vec::new()) else { unreachable!() };
    let case = "case \"elsewhere\" { use kernel \"no such kernel\" }\n}";
    texts.scenario = format!("{}{case}", texts.scenario.trim_end().trim_end_matches('}'));
    let two = vec![variant(Some(4), &[]), variant(None, &[])];
    say(&mut server, &ToExplorer::Grid { job, texts, variants: two, limits });
    let said = cells(&finish(&mut server), 1);
    assert!(matches!(said[0].0, WireCell::Refused(Refusal::Text { .. })), "{:?}", said[0]);
    assert!(matches!(said[1].0, WireCell::Reachable { .. }));
    let many = grid(2, vec![variant(None, &[]); MAX_VARIANTS + 1]);
    let too_big = FromExplorer::Refused { job: Some(2), reason: Refusal::TooBig(MessagePart::Variants) };
    assert_eq!(say(&mut server, &many), [too_big]);
    let stranger = FromExplorer::Refused { job: Some(3), reason: Refusal::NotGreeted };
    assert_eq!(say(&mut Server::default(), &grid(3, variants())), [stranger]);
}

/// The explorer's verdicts on an experiment on each kernel of the library, by the kernel's name.
fn on_every_kernel(experiment: &Experiment) -> BTreeMap<String, WireCell> {
    let names: Vec<String> =
        gallery::kernels().filter_map(gallery::LibraryText::kernel_name).map(str::to_owned).collect();
    let on = |name: &String| WireSelection { kernel: Some(name.clone()), ..WireSelection::default() };
    let (texts, variants) = (experiment.into(), names.iter().map(on).collect());
    let mut server = greeted();
    say(&mut server, &ToExplorer::Grid { job: 1, texts, variants, limits: WireLimits::default() });
    let said = cells(&finish(&mut server), 1).into_iter().map(|(verdict, _)| verdict);
    let all: BTreeMap<String, WireCell> = names.into_iter().zip(said).collect();
    assert_eq!(all.len(), gallery::kernels().count());
    all
}

/// "Every kernel on this scenario" is right: the verdict on a kernel is the verdict on a scenario that names
/// that kernel itself.
#[test]
fn every_kernel_is_told_the_truth_about_however_the_text_is_spelled() {
    let plain = Experiment::library("lazy+munmap").expect("it is in the library");
    let own = plain.kernel_name().expect("it names one");
    let line = format!("use kernel \"{own}\"");
    assert!(plain.scenario.contains(&line));
    let told = on_every_kernel(&plain);
    let safe = |cell: &WireCell| matches!(cell, WireCell::Safe { .. });
    assert!(told.values().any(safe) && told.values().any(|cell| matches!(cell, WireCell::Reachable { .. })));
    for (name, cell) in &told {
        let named = plain.scenario.replacen(&line, &format!("use kernel \"{name}\""), 1);
        let texts = WireTexts { scenario: named, kernels: Vec::new() };
        let (variants, limits) = (vec![WireSelection::default()], WireLimits::default());
        let mut server = greeted();
        say(&mut server, &ToExplorer::Grid { job: 1, texts, variants, limits });
        assert_eq!(&cells(&finish(&mut server), 1)[0].0, cell, "{name}");
    }
    for spelled in [
        format!("use  kernel\t\"{own}\""),
        format!("use\n\n    kernel\n\"{own}\""),
        format!("use /* use kernel \"linux-4.14\" */ kernel // one\n \"{own}\""),
    ] {
        let scenario = plain.scenario.replacen(&line, &spelled, 1).into();
        assert_eq!(on_every_kernel(&Experiment { scenario, ..plain.clone() }), told, "{spelled}");
    }
}

/// The verdict on an edited kernel is about its edited text, and no other verdict changes.
#[test]
fn an_edited_kernel_changes_its_own_verdict_only() {
    let plain = Experiment::library("lazy+munmap").expect("it is in the library");
    let own = plain.kernel_name().expect("it names one");
    let told = on_every_kernel(&plain);
    let differs = |cell: &WireCell| !matches!(cell, WireCell::Refused(_)) && *cell != told[&own];
    let (other, cell) = told.iter().find(|(_, cell)| differs(cell)).expect("kernels differ here");
    let text = gallery::kernel(other).expect("it is in the library").text;
    // The scenario's own kernel gets the other kernel's text, and is selected by name as before.
    let mut expected = told.clone();
    expected.insert(own.clone(), cell.clone());
    let edited = on_every_kernel(&plain.with_kernel_text(text.replacen(other, &own, 1)));
    // A kernel that extends the edited one changes with it.
    let rests = |name: &String| {
        let base = gallery::kernel(name).and_then(|text| lang::extended_kernel(text.text));
        base.is_some_and(|base| base == own)
    };
    let others = |all: &BTreeMap<String, WireCell>| {
        all.clone().into_iter().filter(|(name, _)| !rests(name)).collect::<BTreeMap<_, _>>()
    };
    assert_eq!(others(&edited), others(&expected));
    // A kernel that only this experiment has is found by its name too.
    let mut edited = plain.clone();
    edited.kernels.insert("mine", text.replacen(other, "mine", 1));
    let mine = WireSelection { kernel: Some("mine".to_owned()), ..WireSelection::default() };
    let (texts, limits) = ((&edited).into(), WireLimits::default());
    let mut server = greeted();
    say(&mut server, &ToExplorer::Grid { job: 1, texts, variants: vec![mine], limits });
    assert_eq!(&cells(&finish(&mut server), 1)[0].0, cell);
}

#[test]
fn a_bound_is_no_proof() {
    let mut server = greeted();
    let ToExplorer::Grid { job, texts, .. } = grid(1, Vec::new()) else { unreachable!() };
    let limits = WireLimits { states: 20, ..WireLimits::default() };
    let variants = vec![variant(None, &[("init_mm_switch", "on")])];
    say(&mut server, &ToExplorer::Grid { job, texts, variants, limits });
    let said = cells(&finish(&mut server), 1);
    assert!(matches!(said[0].0, WireCell::Bounded { states: 20.. }), "{:?}", said[0]);
}
