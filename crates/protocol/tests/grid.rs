//! A grid of variants: what it says of each is what a check of it says, and it waits for checks.

use machine::Property;
use protocol::{
    FromExplorer, MAX_VARIANTS, Part, Refusal, Report, Server, ToExplorer, WireCell, WireLimits, WireVariant,
    from_bytes, is_progress, to_bytes,
};

const SCENARIO: &str = "lazy+unmap+andy";
const KERNEL: &str = "lazy TLB lab";
const OTHER: &str = "linux-4.14";

fn texts() -> (String, Vec<(String, String)>) {
    let scenario = gallery::scenario(SCENARIO).expect("it is in the library").text;
    let kernel =
        |name: &str| (name.to_owned(), gallery::kernel(name).expect("it is in the library").text.to_owned());
    (scenario.to_owned(), vec![kernel(KERNEL), kernel(OTHER)])
}

fn variant(case: Option<u8>, options: &[(&str, &str)]) -> WireVariant {
    let options = options.iter().map(|(name, choice)| ((*name).to_owned(), (*choice).to_owned()));
    WireVariant { case, options: options.collect(), ..WireVariant::default() }
}

fn variants() -> Vec<WireVariant> {
    vec![
        variant(None, &[]),
        variant(None, &[("init_mm_switch", "on")]),
        variant(Some(1), &[]),
        variant(None, &[("memory_barrier", "on")]),
        variant(Some(0), &[]),
        WireVariant { kernel: Some(OTHER.to_owned()), ..WireVariant::default() },
    ]
}

fn grid(job: u32, variants: Vec<WireVariant>) -> ToExplorer {
    let (scenario, kernels) = texts();
    ToExplorer::Grid { job, scenario, kernels, variants, limits: WireLimits::default() }
}

fn check(job: u32, variant: &WireVariant) -> ToExplorer {
    let (scenario, kernels) = texts();
    ToExplorer::Check { job, scenario, kernels, variant: variant.clone(), limits: WireLimits::default() }
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

/// Everything it says until it has nothing more to do, progress left out.
fn finish(server: &mut Server) -> Vec<FromExplorer> {
    let mut said = Vec::new();
    while server.busy() {
        said.extend(server.run(1_000).into_iter().filter(|reply| !is_progress(reply)));
    }
    said.iter().map(|reply| from_bytes(reply).expect("a server sends messages")).collect()
}

/// What was said of each variant, and which took no search.
fn cells(said: &[FromExplorer], of: u32) -> Vec<(WireCell, bool)> {
    let mut cells = Vec::new();
    for (place, said) in said.iter().enumerate() {
        let FromExplorer::Cell { job, variant, verdict, shared } = said else { panic!("{said:?}") };
        assert_eq!((*job, *variant as usize), (of, place));
        cells.push((verdict.clone(), *shared));
    }
    cells
}

fn report(server: &mut Server, variant: &WireVariant) -> Report {
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
            WireCell::Reachable { property, steps } => {
                let property = Property::from_number(*property).expect("it has a name");
                let (_, shortest) = report.witness(property.mark()).expect("a check sees it too");
                assert_eq!(shortest.len(), *steps as usize, "{variant:?}");
            }
            WireCell::Safe { states } => {
                assert!(report.complete() && !report.seen().meets(machine::VIOLATION), "{variant:?}");
                assert_eq!(report.states, *states);
            }
            other => panic!("{variant:?}: {other:?}"),
        }
    }
    assert!(matches!(said[0].0, WireCell::Reachable { .. }) && matches!(said[1].0, WireCell::Safe { .. }));
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
    let ToExplorer::Grid { job, mut scenario, kernels, variants, limits } = grid(3, variants()) else {
        unreachable!()
    };
    scenario.push_str("// other texts\n");
    say(&mut server, &ToExplorer::Grid { job, scenario, kernels, variants, limits });
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
    let ToExplorer::Grid { job, scenario, kernels, limits, .. } = grid(1, Vec::new()) else { unreachable!() };
    let case = "case \"elsewhere\" { use kernel \"no such kernel\" }\n}";
    let scenario = format!("{}{case}", scenario.trim_end().trim_end_matches('}'));
    let two = vec![variant(Some(4), &[]), variant(None, &[])];
    say(&mut server, &ToExplorer::Grid { job, scenario, kernels, variants: two, limits });
    let said = cells(&finish(&mut server), 1);
    assert!(matches!(said[0].0, WireCell::Refused(Refusal::Text { .. })), "{:?}", said[0]);
    assert!(matches!(said[1].0, WireCell::Reachable { .. }));
    let many = grid(2, vec![variant(None, &[]); MAX_VARIANTS + 1]);
    let too_big = FromExplorer::Refused { job: Some(2), reason: Refusal::TooBig(Part::Variants) };
    assert_eq!(say(&mut server, &many), [too_big]);
    let stranger = FromExplorer::Refused { job: Some(3), reason: Refusal::NotGreeted };
    assert_eq!(say(&mut Server::default(), &grid(3, variants())), [stranger]);
}

/// However the text spells the line: a variant on another kernel is settled on that kernel.
#[test]
fn another_kernel_is_another_kernel_however_the_text_is_spaced() {
    let ToExplorer::Grid { job, scenario, kernels, limits, .. } = grid(1, Vec::new()) else { unreachable!() };
    let own = format!("use kernel \"{KERNEL}\"");
    let spelled = |line: &str| {
        let scenario = scenario.replacen(&own, line, 1);
        assert_ne!((line == own.as_str(), &scenario), (false, &self::texts().0), "the line is there");
        let variants = vec![
            variant(None, &[]),
            WireVariant { kernel: Some(OTHER.to_owned()), ..WireVariant::default() },
        ];
        let mut server = greeted();
        say(&mut server, &ToExplorer::Grid { job, scenario, kernels: kernels.clone(), variants, limits });
        let said = cells(&finish(&mut server), 1);
        said.into_iter().map(|(verdict, _)| verdict).collect::<Vec<_>>()
    };
    let plain = spelled(&own);
    assert_ne!(plain[0], plain[1], "the two kernels differ here");
    for line in [
        "use  kernel \"lazy TLB lab\"",
        "use\tkernel\n\"lazy TLB lab\"",
        "use /* this */ kernel // one\n\"lazy TLB lab\"",
    ] {
        assert_eq!(spelled(line), plain, "{line:?}");
    }
}

#[test]
fn a_bound_is_no_proof() {
    let mut server = greeted();
    let ToExplorer::Grid { job, scenario, kernels, .. } = grid(1, Vec::new()) else { unreachable!() };
    let limits = WireLimits { states: 20, ..WireLimits::default() };
    let variants = vec![variant(None, &[("init_mm_switch", "on")])];
    say(&mut server, &ToExplorer::Grid { job, scenario, kernels, variants, limits });
    let said = cells(&finish(&mut server), 1);
    assert!(matches!(said[0].0, WireCell::Bounded { states: 20.. }), "{:?}", said[0]);
}
