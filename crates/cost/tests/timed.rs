//! Timed runs: each is a schedule of the machine, the clock is right to the picosecond where it can be computed by
//! hand, and the same run gives the same counts.

use cost::{
    Counters, End, Over, Settings, TimedRun, TimedSubject, changed, experiment_of, library_costs, on_kernel,
};
use experiment::Experiment;
use explore::System;
use lang::costs::{Costs, Figure};

const NS: u64 = 1_000;
const US: u64 = 1_000_000;

fn server() -> Costs {
    library_costs("server").unwrap()
}

/// Costs in which everything is free, except what is given.
fn only(given: &[(Figure, u64)]) -> Costs {
    let nothing = Figure::ALL.iter().fold(server(), |costs, &figure| match figure {
        Figure::TlbEntries | Figure::PscEntries => costs,
        _ => costs.having(figure, 0),
    });
    given.iter().fold(nothing, |costs, &(figure, amount)| costs.having(figure, amount))
}

/// A scenario on a kernel of these items, `run` among them.
fn subject(kernel: &str, scenario: &str) -> TimedSubject {
    let kernel = format!("kernel \"k\" {{ sys run(m: mm) {{ write_cr3(m.pgd, 0); }} {kernel} }}");
    let scenario = format!("scenario \"s\" {{ use kernel \"k\" {scenario} expect never machine_check; }}");
    let experiment = Experiment::new(scenario).with_kernel("k", kernel);
    TimedSubject::new(&experiment, &server(), None).unwrap_or_else(|why| panic!("{why}"))
}

fn run(subject: &TimedSubject, costs: &Costs, settings: Settings) -> TimedRun {
    let settings = Settings { repeat: settings.repeat && subject.repeats, ..settings };
    TimedRun::new(subject.machine.clone(), costs, &subject.workload, settings)
}

fn once(subject: &TimedSubject, costs: &Costs) -> Counters {
    let (counters, end) = run(subject, costs, Settings::default()).to_end(100_000);
    assert_eq!(end, End::Done);
    counters
}

/// Workloads of the library on these kernels.
fn library() -> impl Iterator<Item = (String, Experiment)> {
    let kernels =
        ["linux-4.13", "linux-4.14-rc1", "linux-4.14", "init_mm switch", "linux-4.20", "linux-6.18"];
    gallery::workloads().flat_map(move |workload| {
        // The one for INVLPGB needs a function that only the newest kernels have.
        let kernels =
            kernels.into_iter().filter(|kernel| workload.slug != "flush2+threads" || *kernel == "linux-6.18");
        kernels
            .map(|kernel| {
                let name = format!("{} on {kernel}", workload.slug);
                (name, on_kernel(&experiment_of(workload.text), kernel))
            })
            .collect::<Vec<_>>()
    })
}

/// Runs each block once, with some seeds, and compares each choice with the enabled actions.
fn is_a_schedule(name: &str, subject: &TimedSubject, costs: &Costs) {
    for seed in 0..20 {
        let settings = Settings { seed, repeat: false, keep: usize::MAX, ..Settings::default() };
        let mut run = TimedRun::new(subject.machine.clone(), costs, &subject.workload, settings);
        assert_eq!(run.go_on(1_000_000), Some(End::Done), "{name}");
        let machine = &subject.machine;
        let (mut state, mut enabled) = (machine.initial(), Vec::new());
        for (n, &action) in run.schedule().iter().enumerate() {
            enabled.clear();
            machine.enabled(&state, &mut enabled);
            assert!(enabled.contains(&action), "{name}, seed {seed}, step {n}: {action:?} of {enabled:?}");
            machine.step(&mut state, action, &mut ());
        }
        assert_eq!(&state, run.state(), "{name}, seed {seed}");
        assert_eq!(run.counters().steps, run.schedule().len() as u64);
    }
}

#[test]
fn every_choice_of_a_timed_run_is_one_that_the_explorer_knows() {
    // Small caches, many walks and slow stores, so that all of these interfere.
    let costs = server()
        .having(Figure::TlbEntries, 2)
        .having(Figure::PscEntries, 1)
        .having(Figure::Speculation, 200 * NS)
        .having(Figure::Drain, 400 * NS)
        .having(Figure::C6Exit, 5 * US);
    for (name, experiment) in library() {
        let subject =
            TimedSubject::new(&experiment, &costs, None).unwrap_or_else(|why| panic!("{name}: {why}"));
        is_a_schedule(&name, &subject, &costs);
    }
    let kernel = "global a: int = 0; global b: int = 0; ipi note() { }
        sys call() { ipi note() to online - {cpu} and wait; }
        sys put() { a = 1; b = 1; a = 2; b = 2; }";
    let blocks = "machine { cpus 2; } cpu 0 { call(); call(); call(); } cpu 1 { put(); put(); put(); }";
    is_a_schedule("stores and IPIs", &subject(kernel, blocks), &costs);
    // An allocator that may give any frame, and a CPU that makes no walks of its own.
    let blocks = "machine { cpus 2; spare 4; alloc any; } mm A { 0x400000 -> page \"p\"; } walk cpu 1 off;
        setup { cpu 0 { run(A); } cpu 1 { run(A); } }
        cpu 0 { let p = alloc_page(); let q = alloc_page(); p[0] = 1; load(0x400000); }
        cpu 1 { load(0x400000); let p = alloc_page(); store(0x400000, 1); }";
    is_a_schedule("any frame", &subject("", blocks), &costs);
}

#[test]
fn the_same_run_counts_the_same_and_another_seed_does_not() {
    for (name, experiment) in library() {
        let subject =
            TimedSubject::new(&experiment, &server(), None).unwrap_or_else(|why| panic!("{name}: {why}"));
        let counted =
            |seed| run(&subject, &server(), Settings { seed, ..Settings::default() }).to_end(20_000);
        let (first, end) = counted(1);
        assert_eq!(end, End::Steps, "{name}");
        assert_eq!(counted(1).0, first, "{name}");
        assert_ne!(counted(2).0, first, "{name}");
        // The same in slices as in one go.
        let mut sliced = run(&subject, &server(), Settings::default());
        while sliced.counters().steps < 20_000 {
            sliced.go_on(617.min(20_000 - sliced.counters().steps));
        }
        assert_eq!(sliced.counters(), &first, "{name}");
    }
}

#[test]
fn an_ipi_takes_what_its_parts_take() {
    let subject = subject(
        "ipi note() { } sys call() { ipi note() to online - {cpu} and wait; }",
        "machine { cpus 3; tso off; } cpu 0 { call(); }",
    );
    let costs = only(&[
        (Figure::IpiSend, 300 * NS),
        (Figure::IpiLatency, 1000 * NS),
        (Figure::IpiEntry, 250 * NS),
        (Figure::IpiExit, 200 * NS),
        (Figure::Operation, NS),
        (Figure::LineRemote, 70 * NS),
    ]);
    let counters = once(&subject, &costs);
    assert_eq!((counters.ipis_busy, counters.ipis()), (2, 2));
    // Each target: the way in, IRET, and the way out.
    assert_eq!(counters.target_time, 2 * (250 + 1 + 200) * NS);
    // The second IPI leaves after the first one. The sender has continued in the meantime; it waits until both handlers are over,
    // and the news is in a line of the last one.
    let sends = 1 + 2 * 300;
    let over = 2 * 300 + 1000 + 250;
    assert_eq!(counters.sender_waits, (over + 70 - sends) * NS);
}

#[test]
fn ipis_are_told_apart_by_what_they_find() {
    let kernel = "ipi note() { } sys call() { ipi note() to online - {cpu} and wait; }
        sys idle(deep: bool) { if deep { mwait_c6(); } else { mwait_c1(); } }
        sys pause() { }";
    let scenario = "machine { cpus 4; tso off; }
        mm A { 0x400000 -> page \"work\"; }
        setup { cpu 0 { run(A); } cpu 3 { run(A); } }
        cpu 0 { load(0x400000); call(); }
        cpu 1 { idle(true); }
        cpu 2 { idle(false); }
        cpu 3 { load(0x400000); load(0x400000); }
        workload { at 0x400000 { takes 20 us; } cpu 1 { sleep 1 s; } cpu 2 { sleep 1 s; } }";
    let subject = subject(kernel, scenario);
    let costs = only(&[(Figure::C1Exit, 2 * US), (Figure::C6Exit, 133 * US)]);
    let settings = Settings { repeat: false, ..Settings::default() };
    let (counters, _) = run(&subject, &costs, settings).to_end(100_000);
    assert_eq!((counters.ipis_busy, counters.ipis_c1, counters.ipis_c6), (1, 1, 1));
    assert_eq!((counters.woken_c1, counters.woken_c6, counters.woken_by_time), (1, 1, 0));
    // The targets pay for waking up, the sender for the slowest of them.
    assert_eq!(counters.target_time, 135 * US);
    assert_eq!(counters.sender_waits, 133 * US);
    // CPU 3 computed for 40 us in all, IPI or not; CPU 0 for 20.
    assert_eq!(counters.computed, 60 * US);
}

#[test]
fn a_preempted_virtual_cpu_answers_after_its_time_slice() {
    let kernel = "ipi note() { } sys call() { ipi note() to online - {cpu} and wait; }";
    let scenario = "machine { cpus 2; tso off; }
        mm A { 0x400000 -> page \"work\"; }
        setup { cpu 0 { run(A); } cpu 1 { run(A); } }
        cpu 0 { load(0x400000); call(); }
        cpu 1 { load(0x400000); }
        workload { at 0x400000 { takes 20 us; } cpu 0 { every 100 us; } }";
    let subject = subject(kernel, scenario);
    let counted = |given: &[(Figure, u64)]| run(&subject, &only(given), Settings::default()).to_end(40_000).0;
    let never = counted(&[]);
    assert_eq!((never.preempted, never.ipis_not_running), (0, 0));
    let often = counted(&[(Figure::VcpuRuns, 3000 * US), (Figure::VcpuWaits, 3000 * US)]);
    assert!(often.preempted > 100 && often.ipis_not_running > 0, "{often:?}");
    // Most IPIs to a vCPU that is not running wait for milliseconds.
    assert!(often.sender_waits > often.ipis_not_running * 1000 * US, "{often:?}");
    assert!(often.sender_waits > 1000 * never.sender_waits.max(1), "{never:?} {often:?}");
    // Also while the program waits for something, and would take an interrupt at once.
    let waits = "global never: int = 0; sys wait() { until never == 1; }";
    let scenario = scenario.replace("cpu 1 { load(0x400000); }", "cpu 1 { wait(); }");
    let subject = self::subject(&format!("{kernel} {waits}"), &scenario);
    let costs = only(&[(Figure::VcpuRuns, 3000 * US), (Figure::VcpuWaits, 3000 * US)]);
    let waiting = run(&subject, &costs, Settings::default()).to_end(40_000).0;
    assert!(waiting.sender_waits > waiting.ipis_not_running * 1000 * US, "{waiting:?}");
}

#[test]
fn a_working_set_is_refilled_after_a_flush_and_kept_by_a_pcid() {
    let scenario = |pcid: &str| {
        format!(
            "machine {{ cpus 1; tso off; {pcid} }}
            mm A {{ 0x400000 -> page \"set\"; }}
            setup {{ cpu 0 {{ run(A); }} }}
            cpu 0 {{ turn(A); load(0x400000); }}
            workload {{ at 0x400000 {{ touches 512 pages; }} cpu 0 {{ every 100 us; }} }}"
        )
    };
    let counted = |kernel: &str, pcid: &str| {
        let subject = subject(kernel, &scenario(pcid));
        let costs = only(&[(Figure::Refill, 8_500)]);
        run(&subject, &costs, Settings::default()).to_end(5_000).0
    };
    let kept = counted("sys turn(m: mm) { write_cr3(m.pgd, 0, noflush); }", "pcid on;");
    assert_eq!(kept.refills, 512, "only the first time");
    let flushed = counted("sys turn(m: mm) { write_cr3(m.pgd, 0); }", "pcid off;");
    assert!(flushed.cr3_flushed > 500, "{flushed:?}");
    assert!(flushed.refills.abs_diff(flushed.cr3_flushed * 512) <= 512, "each time: {flushed:?}");
    assert_eq!(flushed.miss_time, flushed.refills * 8_500);
}

#[test]
fn a_translation_that_was_evicted_has_to_be_walked_for_again() {
    let scenario = "machine { cpus 1; tso off; }
        mm A { 0x400000 -> page \"one\"; 0x800000 -> page \"other\"; }
        setup { cpu 0 { run(A); } }
        cpu 0 { load(0x400000); load(0x800000); }
        workload { cpu 0 { every 1 us; } }";
    let subject = subject("", scenario);
    let costs = only(&[(Figure::WalkPt, 60 * NS), (Figure::WalkPd, 20 * NS)]);
    let counted = |translations, pointers| {
        let costs = costs.having(Figure::TlbEntries, translations).having(Figure::PscEntries, pointers);
        run(&subject, &costs, Settings::default()).to_end(2_000).0
    };
    assert_eq!(counted(10, 10).misses, 2, "each page once");
    let tight = counted(1, 10);
    assert!(tight.misses.abs_diff(2 * tight.rounds[0]) <= 2, "each time: {tight:?}");
    // The pointers to the page tables are cached: each walk reads one entry, except the first ones.
    assert!(tight.walk_reads.abs_diff(tight.misses) <= 6, "{tight:?}");
    // A cache with space for one pointer has none for the other page: a walk reads all four entries.
    let deep = counted(1, 1);
    assert!(deep.walk_reads.abs_diff(4 * deep.misses) <= 6, "{deep:?}");
    assert!(deep.miss_time.abs_diff(deep.misses * 80 * NS) <= 100 * NS, "{deep:?}");
}

#[test]
fn what_a_cpu_leaves_behind_under_ever_new_pcids_leaves_the_state() {
    let kernel = "percpu last: int = 0;
        sys turn(m: mm) { last = last + 1; write_cr3(m.pgd, last); }";
    let scenario = "machine { cpus 1; tso off; pcid on; }
        mm A { 0x400000 -> page \"one\"; }
        setup { cpu 0 { run(A); } }
        cpu 0 { turn(A); load(0x400000); }
        workload { cpu 0 { every 1 us; } }";
    let subject = subject(kernel, scenario);
    let costs = server().having(Figure::TlbEntries, 16).having(Figure::PscEntries, 8);
    let mut run = run(&subject, &costs, Settings::default());
    assert_eq!(run.go_on(3_000), None);
    let hw = &run.state().cpus[0].hw;
    assert!(run.counters().rounds[0] > 400, "{:?}", run.counters());
    assert!((17..16 + 65).contains(&hw.tlb.len()), "{} translations", hw.tlb.len());
    assert!((9..8 + 65).contains(&hw.psc.len()), "{} pointers", hw.psc.len());
}

#[test]
fn walks_that_nobody_needs_come_at_their_rate() {
    let scenario = "machine { cpus 1; tso off; }
        mm A { 0x400000 -> page \"one\"; }
        setup { cpu 0 { run(A); } }
        cpu 0 { turn(A); }
        workload { cpu 0 { every 1 us; } }";
    let subject = subject("sys turn(m: mm) { write_cr3(m.pgd, 0); }", scenario);
    let counted =
        |mean| run(&subject, &only(&[(Figure::Speculation, mean)]), Settings::default()).to_end(2_000).0;
    assert_eq!(counted(0).speculative, 0);
    let (often, seldom) = (counted(100 * NS), counted(10 * US));
    // Often: a whole walk of four steps after each flush. Seldom: one after each tenth.
    let rates = [&often, &seldom].map(|c| c.speculative * 10 / c.cr3_flushed);
    assert!(rates[0] >= 38 && (3..6).contains(&rates[1]), "{rates:?}");
    assert_eq!((often.misses, often.miss_time), (0, 0), "nobody waits for them");
}

#[test]
fn what_an_interrupt_puts_off_is_computed_afterwards() {
    let kernel = "ipi note() { } sys call() { ipi note() to online - {cpu} and wait; }";
    let scenario = "machine { cpus 2; tso off; }
        mm A { 0x400000 -> page \"work\"; }
        setup { cpu 1 { run(A); } }
        cpu 0 { call(); }
        cpu 1 { load(0x400000); }
        workload { at 0x400000 { takes 20 us; } cpu 0 { every 5 us; } }";
    let counters = run(&subject(kernel, scenario), &only(&[]), Settings::default()).to_end(20_000).0;
    assert!(counters.ipis_busy > 3 * counters.rounds[1], "each round is interrupted: {counters:?}");
    assert!((49_900..50_100).contains(&counters.per_second(counters.rounds[1])), "{counters:?}");
}

#[test]
fn chance_answers_as_the_workload_says_and_an_early_ipi_does_not_end_a_sleep() {
    let kernel = "ipi note() { } sys call() { ipi note() to online - {cpu} and wait; }
        sys idle(deep: bool) { if deep { mwait_c6(); } else { mwait_c1(); } }";
    let counted = |percent: u32, every: &str| {
        let scenario = format!(
            "machine {{ cpus 2; tso off; }}
            cpu 0 {{ call(); }}
            cpu 1 {{ let deep = maybe(); idle(deep); while maybe() {{ idle(deep); }} }}
            workload {{ cpu 0 {{ every {every}; }} cpu 1 {{ sleep 1 ms; maybe 1: {percent} percent; maybe 2: asleep; }} }}"
        );
        run(&subject(kernel, &scenario), &only(&[]), Settings::default()).to_end(20_000).0
    };
    let (never, always) = (counted(0, "100 us"), counted(100, "100 us"));
    assert!(never.ipis_c1 > 100 && never.ipis_c6 == 0, "{never:?}");
    assert!(always.ipis_c6 > 100 && always.ipis_c1 == 0, "{always:?}");
    let half = counted(50, "100 us");
    assert!(half.ipis_c1.abs_diff(half.ipis_c6) < (half.ipis_c1 + half.ipis_c6) / 4, "{half:?}");
    // A round is one sleep of a millisecond, whether it is disturbed ten times or never.
    for every in ["100 us", "10 ms"] {
        let counters = counted(0, every);
        let rounds = counters.per_second(counters.rounds[1]);
        assert!((950..1050).contains(&rounds), "{every}: {rounds}");
    }
}

#[test]
fn locked_operations_cost_more_where_another_cpu_has_the_line() {
    let kernel = "global hot: int = 0; percpu own: int = 0;
        sys share() { inc_return(hot); } sys keep() { inc_return(own); }
        sys peek(c: cpu) { let x = per_cpu(own, c); }";
    let counted = |what: &str| {
        let scenario = format!(
            "machine {{ cpus 2; tso off; }} cpu 0 {{ {what} }} cpu 1 {{ {what} }}
            workload {{ cpu 0 {{ every 1 us; }} cpu 1 {{ every 1 us; }} }}"
        );
        let costs = only(&[(Figure::LineRemote, 100 * NS), (Figure::Locked, 5 * NS)]);
        run(&subject(kernel, &scenario), &costs, Settings::default()).to_end(2_000).0
    };
    let (shared, own) = (counted("share();"), counted("keep();"));
    assert_eq!((own.locked, own.locked_remote), (2_000, 0));
    assert_eq!(shared.locked, 2_000);
    assert!(shared.locked_remote > 500, "{shared:?}");
    assert_eq!(shared.line_time, shared.locked_remote * 100 * NS);
    assert_eq!(shared.kernel_time, shared.locked_remote * 100 * NS + 2_000 * 5 * NS);
}

#[test]
fn sixty_four_cpus_run() {
    // The one with a single CPU does not say what more of them do.
    for (name, experiment) in library().filter(|(name, _)| !name.starts_with("ping-pong")) {
        let subject =
            TimedSubject::new(&experiment, &server(), Some(64)).unwrap_or_else(|why| panic!("{name}: {why}"));
        let (counters, end) = run(&subject, &server(), Settings::default()).to_end(30_000);
        assert_eq!(end, End::Steps, "{name}");
        assert_eq!(counters.rounds.len(), 64);
        assert!(counters.rounds.iter().all(|&rounds| rounds > 0), "{name}: {:?}", counters.rounds);
        let quiet = name.contains("rc1") || name.starts_with("idle+ping-pong");
        assert!(counters.ipis() > 0 || quiet, "{name}");
    }
    let (_, one) = library().next().unwrap();
    for cpus in [65, 255] {
        let why = TimedSubject::new(&one, &server(), Some(cpus)).unwrap_err().to_string();
        assert!(why.contains("at most 64 CPUs"), "{why}");
    }
    let why = TimedSubject::new(&one, &server(), Some(1)).unwrap_err().to_string();
    assert!(why.contains("the scenario itself has 2 CPUs"), "{why}");
}

#[test]
fn a_value_that_would_not_run_is_refused() {
    let (_, one) = library().find(|(name, _)| name.starts_with("idle+munmap")).unwrap();
    let second = 1_000_000 * US;
    for (what, value, why) in [
        ("cpus", 65, "at most 64"),
        ("cpus", 256, "at most 64"),
        ("cpus", u64::MAX, "at most 64"),
        ("cpus", 1, "itself has 2 CPUs"),
        ("every 7", US, "no item `cpu 7`"),
        ("sleep 7", US, "no item `cpu 7`"),
        ("every 0", second + 1, "at most 1 s"),
        ("sleep 1", u64::MAX, "at most 1 s"),
        ("c6_exit", second + 1, "at most 1 s"),
        ("speculation", 1, "0, or at least 10 ns"),
        ("vcpu_runs", 9_999, "0, or at least 10 ns"),
    ] {
        let over = Over::named(what).unwrap();
        let found = changed(&one, &server(), None, &[(over, value)]);
        let said = found.err().map(|found| found.to_string()).unwrap_or_default();
        assert!(said.contains(why), "{what} {value}: {said:?}");
    }
    for (what, value) in [("cpus", 64), ("cpus", 2), ("every 0", second), ("sleep 1", 0), ("speculation", 0)]
    {
        assert!(
            changed(&one, &server(), None, &[(Over::named(what).unwrap(), value)]).is_ok(),
            "{what} {value}"
        );
    }
    for words in ["every 0 1", "cpus 3", "c6_exit 1", "every", "every x"] {
        assert!(Over::named(words).is_err(), "{words}");
    }
}

#[test]
fn events_that_are_no_steps_are_bounded_too() {
    let costs = server().having(Figure::Speculation, 10 * NS);
    let (_, one) = library().find(|(name, _)| name.starts_with("idle+munmap")).unwrap();
    let subject = TimedSubject::new(&one, &costs, None).unwrap();
    let mut sliced = run(&subject, &costs, Settings::default());
    let mut slices = 0;
    while sliced.counters().steps < 2_000 {
        let mut events = 500;
        assert_eq!(sliced.go_on_within(2_000 - sliced.counters().steps, &mut events), None);
        slices += 1;
    }
    assert!(slices > 10, "most of what happens is no step");
    let whole = run(&subject, &costs, Settings::default()).to_end(2_000).0;
    assert_eq!(sliced.counters(), &whole, "slices change nothing");
}

#[test]
fn memory_does_not_grow_with_the_steps() {
    let (_, one) = library().find(|(name, _)| name.starts_with("switches+flushes on linux-4.20")).unwrap();
    let subject = TimedSubject::new(&one, &server(), Some(64)).unwrap();
    let mut run = run(&subject, &server(), Settings::default());
    run.go_on(50_000);
    let before = run.bytes();
    run.go_on(1_000_000);
    assert_eq!(run.counters().steps, 1_050_000);
    // Queues may have met a longer burst than before.
    assert!(run.bytes() <= before + before / 4, "{before} bytes, then {}", run.bytes());
    assert!(before < 64 * (16 << 10), "{before} bytes for 64 CPUs");
}

#[test]
fn where_nobody_flushes_who_stays_lazy_pays_nothing() {
    let text = gallery::workload("idle+ping-pong").unwrap().text;
    let counted = |kernel: &str| {
        let subject = TimedSubject::new(&on_kernel(&experiment_of(text), kernel), &server(), None).unwrap();
        run(&subject, &server(), Settings::default()).to_end(50_000).0
    };
    let (lazy, proposal) = (counted("linux-4.13"), counted("init_mm switch"));
    assert_eq!((lazy.ipis(), proposal.ipis()), (0, 0));
    assert!(proposal.cr3_kept > 1_000 && lazy.cr3_kept == 0);
    assert!(proposal.load() > 2 * lazy.load(), "{} and {}", proposal.load(), lazy.load());
}

#[test]
fn a_run_in_which_nobody_can_go_on_says_so() {
    let subject = subject(
        "global never: int = 0; sys wait() { until never == 1; }",
        "machine { cpus 2; } cpu 0 { wait(); }",
    );
    let (counters, end) = run(&subject, &server(), Settings::default()).to_end(1000);
    assert_eq!(end, End::Stuck);
    assert!(counters.steps < 10);
}

#[test]
fn figures_as_large_as_can_be_end_a_run_and_nothing_runs_over() {
    let second = 1_000_000 * US;
    let costs = Figure::ALL.iter().fold(server(), |costs, &figure| costs.having(figure, second));
    // A run of 20 hours takes long; two kernels have all operations.
    let kernels = ["linux-4.13", "linux-6.18"];
    for (name, experiment) in
        library().filter(|(name, _)| kernels.iter().any(|kernel| name.ends_with(kernel)))
    {
        let subject =
            TimedSubject::new(&experiment, &costs, None).unwrap_or_else(|why| panic!("{name}: {why}"));
        let (counters, end) = run(&subject, &costs, Settings::default()).to_end(2_000_000);
        assert_eq!(end, End::Late, "{name}");
        assert!(counters.overhead() < u64::MAX && counters.load() > 0, "{name}");
    }
}

#[test]
fn a_block_without_steps_that_begins_again_at_once_ends_the_run() {
    let subject = subject("", "machine { cpus 2; } cpu 0 { } cpu 1 { } workload { }");
    let (counters, end) = run(&subject, &server(), Settings::default()).to_end(1000);
    assert_eq!((end, counters.steps), (End::Idle, 0));
}

#[test]
fn a_run_is_given_up_where_hardly_anything_of_it_is_steps() {
    // Ten nanoseconds between walks that come to nothing: thousands of them for each step.
    let costs = server().having(Figure::Speculation, 10 * NS);
    let subject = subject(
        "global x: int = 0; sys touch() { x = x + 1; }",
        "machine { cpus 2; } cpu 0 { touch(); } cpu 1 { touch(); }
         workload { cpu 0 { every 100 us; } cpu 1 { every 100 us; } }",
    );
    let settings = Settings { patience: 100_000, ..Settings::default() };
    let (counters, end) = run(&subject, &costs, settings).to_end(20_000);
    assert_eq!(end, End::Idle);
    assert!((1..1_000).contains(&counters.steps), "{}", counters.steps);
}
