//! The checker accepts what the search found, and nothing else.

use certificate::{Certificate, CertificateRefusal, Claim, Flaw, write};
use experiment::{Experiment, Kernels};
use explore::{Limits, PropertySet, Search};
use machine::{MODEL, Machine, Property, State};

const KERNEL: &str = r#"kernel "k" {
    option flush = on "munmap flushes"
    sys run(m: mm) { write_cr3(m.pgd, 0); }
    ipi flush_page(va: va) { invlpg(va); }
    sys munmap(m: mm, va: va) {
        let old = xchg(pte(m, va), 0);
        if flush { invlpg(va); ipi flush_page(va) to online - {cpu} and wait; }
        free_page(pte_pfn(old));
    }
}"#;

fn machine(flush: &str) -> Machine {
    let scenario = format!(
        r#"scenario "s" {{
            use kernel "k" with {{ flush = {flush} }}
            machine {{ cpus 3; spare 0; }}
            mm A {{ 0x400000 -> page "data"; }}
            setup {{ cpu 0 {{ run(A); }} cpu 1 {{ run(A); }} cpu 2 {{ run(A); }} }}
            cpu 0 {{ munmap(A, 0x400000); }}
            cpu 1 {{ load(0x400000); }}
            cpu 2 {{ load(0x400000); }}
            expect never stale_access;
        }}"#
    );
    let kernels = [("k", KERNEL)].into_iter().collect::<Kernels>();
    let compiled = Experiment { kernels, ..Experiment::new(scenario) }.compile();
    compiled.into_machine().unwrap_or_else(|why| panic!("{why}"))
}

/// All states, and a certificate of them.
fn certified(machine: &Machine, saturated: bool, symmetry: bool) -> (Vec<State>, Claim, Vec<u8>) {
    let limits = Limits { symmetry, ..Limits::default() };
    let mut search =
        if saturated { Search::saturated(machine, limits) } else { Search::new(machine, limits) };
    search.run_to_end();
    let never = Property::ALL.into_iter().map(Property::as_set);
    let never = never.filter(|&property| !search.progress().seen.intersects(property));
    let never = never.fold(PropertySet::NONE, |all, property| all | property);
    let claim = Claim { subject: "s".to_owned(), model: MODEL, never, saturated, symmetry };
    let states: Vec<State> = search.states().collect();
    let bytes = file(machine, &claim, &states);
    (states, claim, bytes)
}

fn file(machine: &Machine, claim: &Claim, states: &[State]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let count = write(machine, claim, states.iter().cloned(), &mut bytes).expect("memory can be written to");
    assert_eq!(count as usize, states.len());
    bytes
}

fn verify(machine: &Machine, bytes: &[u8]) -> Result<usize, Flaw> {
    let Ok(certificate) = Certificate::read(bytes) else { panic!("it is whole") };
    certificate.verify(machine, |_| ()).map(|verified| verified.states)
}

fn claim(bytes: &[u8]) -> Option<Claim> {
    Certificate::read(bytes).ok().map(|read| read.claim)
}

fn refusal(bytes: &[u8]) -> Option<CertificateRefusal> {
    Certificate::read(bytes).err()
}

#[test]
fn what_a_search_has_found_is_verified() {
    let machine = machine("on");
    let mut counts = Vec::new();
    for (saturated, symmetry) in [(false, false), (false, true), (true, false), (true, true)] {
        let (states, claimed, bytes) = certified(&machine, saturated, symmetry);
        assert!(claimed.never.contains(Property::StaleAccess.as_set()));
        assert_eq!(verify(&machine, &bytes), Ok(states.len()), "{saturated} {symmetry}");
        assert_eq!(claim(&bytes), Some(claimed));
        counts.push(states.len());
    }
    assert!(counts[3] < counts[2] && counts[2] < counts[0] && counts[1] < counts[0], "{counts:?}");
}

#[test]
fn no_state_may_be_left_out() {
    let machine = machine("on");
    let (states, claimed, _) = certified(&machine, true, true);
    for left_out in (0..states.len()).step_by(7) {
        let mut some = states.clone();
        some.remove(left_out);
        let flaw = verify(&machine, &file(&machine, &claimed, &some)).expect_err("a state is missing");
        assert!(matches!(flaw, Flaw::Open { .. } | Flaw::NoBeginning), "{flaw}");
    }
}

#[test]
fn what_shows_is_found() {
    let machine = machine("off");
    let (states, claimed, bytes) = certified(&machine, true, true);
    assert!(!claimed.never.contains(Property::StaleAccess.as_set()));
    assert!(verify(&machine, &bytes).is_ok());
    let more = Claim { never: claimed.never | Property::StaleAccess.as_set(), ..claimed };
    let flaw = verify(&machine, &file(&machine, &more, &states)).expect_err("it shows");
    assert!(matches!(flaw, Flaw::Shows { property: Property::StaleAccess, .. }), "{flaw}");
}

#[test]
fn states_that_nothing_leads_to_do_no_harm_and_are_counted() {
    let machine = machine("on");
    let (saturated, claimed, _) = certified(&machine, true, false);
    let (all, ..) = certified(&machine, false, false);
    let mut states: Vec<State> = saturated.clone();
    states.extend(all.into_iter().filter(|state| !saturated.contains(state)));
    let Ok(certificate) = Certificate::read(&file(&machine, &claimed, &states)) else {
        panic!("it is whole")
    };
    let verified = certificate.verify(&machine, |_| ()).expect("it is closed");
    assert_eq!((verified.states, verified.superfluous), (saturated.len(), states.len() - saturated.len()));
}

#[test]
fn another_machine_is_not_proved() {
    let (_, _, bytes) = certified(&machine("on"), true, true);
    assert!(verify(&machine("off"), &bytes).is_err());
}

#[test]
fn damage_is_told() {
    let machine = machine("on");
    let (states, _, bytes) = certified(&machine, true, true);
    assert_eq!(refusal(b""), Some(CertificateRefusal::NoCertificate));
    assert_eq!(refusal(b"TLBscope certificate 2\n"), Some(CertificateRefusal::NoCertificate));
    for length in (0..bytes.len()).step_by(11) {
        assert!(refusal(&bytes[..length]).is_some(), "{length}");
    }
    assert_eq!(refusal(&[&bytes[..], &[0]].concat()), Some(CertificateRefusal::Damaged));
    // A changed byte is refused, or makes a flaw, or stands in the words in front.
    let claimed = claim(&bytes);
    for place in (0..bytes.len()).step_by(5) {
        let mut other = bytes.clone();
        other[place] ^= 1;
        if claim(&other) == claimed {
            assert_ne!(verify(&machine, &other), Ok(states.len()), "byte {place}");
        }
    }
}

/// A check with a label is certified by its label, also where another check of the same kind fails.
#[test]
fn a_label_that_never_shows_is_certified() {
    let scenario = r#"scenario "s" {
        use kernel "k"
        machine { cpus 1; spare 0; }
        mm A { 0x400000 -> page "data"; }
        setup { cpu 0 { run(A); } }
        cpu 0 { let x = load(0x400000); BUG_ON(x == 1, "one"); BUG_ON(x == 0, "none"); BUG_ON(x == 2, "two"); }
        expect never kernel_bug "one";
        expect sometimes kernel_bug "none";
        expect never kernel_bug "two";
    }"#;
    let kernels = [("k", KERNEL)].into_iter().collect::<Kernels>();
    let compiled = Experiment { kernels, ..Experiment::new(scenario.to_owned()) }.compile();
    let machine = compiled.into_machine().unwrap_or_else(|why| panic!("{why}"));
    let mut search = Search::new(&machine, Limits::default());
    search.run_to_end();
    let label = |name: &str| machine::named(machine.program(), name).expect("the scenario names it");
    let [one, none, two] = ["one", "none", "two"].map(|name| label(&format!("kernel_bug \"{name}\"")));
    let states: Vec<State> = search.states().collect();
    let of = |never: PropertySet| Claim {
        subject: "s".to_owned(),
        model: MODEL,
        never,
        saturated: false,
        symmetry: true,
    };
    let claimed = of(one | two | Property::WalkOfFreed.as_set());
    let bytes = file(&machine, &claimed, &states);
    assert_eq!(claim(&bytes), Some(claimed));
    assert!(String::from_utf8_lossy(&bytes).contains("\nlabelled 20 22\n"));
    assert_eq!(verify(&machine, &bytes), Ok(states.len()));
    // One that does show.
    let bytes = file(&machine, &of(one | none), &states);
    assert!(matches!(verify(&machine, &bytes), Err(Flaw::Shows { .. })), "{:?}", verify(&machine, &bytes));
    // A number that no label has.
    for number in ["7", "30", "x", "400"] {
        let text =
            String::from_utf8_lossy(&bytes).replacen("labelled 20 21", &format!("labelled {number}"), 1);
        assert_eq!(refusal(text.as_bytes()), Some(CertificateRefusal::NoCertificate), "{number}");
    }
}
