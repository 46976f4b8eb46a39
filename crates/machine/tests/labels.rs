//! Labels tell checks apart.

use crate::support::*;
use explore::Limits;
use lang::program::Observation;
use machine::{Check, Verdict, named, numbered};

/// Two checks of one kind with labels, and one of another kind with the label of the first. The second one can't fail.
fn checks(expected: &str) -> Machine {
    machine(
        "global flag: bool = false;
         sys raise() { flag = true; }
         sys look() { BUG_ON(flag, \"raised\"); BUG_ON(flag && !flag, \"absurd\"); WARN_ON_ONCE(!flag, \"raised\"); }",
        &format!("machine {{ cpus 2; tso off; }} cpu 0 {{ raise(); }} cpu 1 {{ look(); }} {expected}"),
    )
}

fn verdicts(machine: &Machine) -> Vec<Verdict> {
    let mut check = Check::new(machine, Limits::default());
    check.run_to_end();
    machine.program().expectations.iter().map(|expectation| check.verdict(expectation)).collect()
}

#[test]
fn an_expectation_with_a_label_is_about_the_checks_of_that_kind_and_label() {
    let machine = checks(
        "expect sometimes kernel_bug \"raised\"; expect never kernel_bug \"absurd\"; expect sometimes kernel_bug;
         expect sometimes kernel_warning \"raised\"; expect always kernel_bug \"raised\";",
    );
    // The last property is one that every machine of these tests has.
    let found = verdicts(&machine);
    assert_eq!(found[..4], [Verdict::Met; 4]);
    assert_eq!((found[4], found[5]), (Verdict::Failed, Verdict::Met));
    let machine = checks("expect never kernel_bug \"raised\"; expect sometimes kernel_bug \"absurd\";");
    assert_eq!(verdicts(&machine)[..2], [Verdict::Failed; 2]);
}

#[test]
fn a_witness_of_a_label_shows_that_check() {
    let machine =
        checks("expect sometimes kernel_warning \"raised\"; expect sometimes kernel_bug \"raised\";");
    let mut check = Check::new(&machine, Limits::default());
    check.run_to_end();
    for expectation in &machine.program().expectations[..2] {
        let meant = named(machine.program(), &expectation.property).expect("a property");
        let (property, schedule) = check.witness(meant).expect("it shows");
        assert!(expectation.property.starts_with(property.name()), "{}", expectation.property);
        let mut run = Run::new(&machine);
        schedule.into_iter().for_each(|action| {
            run.take(action);
        });
        assert!(run.properties.contains(meant | property.as_set()));
        assert_eq!(
            meant.iter().filter_map(|number| numbered(machine.program(), number)).collect::<Vec<_>>(),
            [property]
        );
        assert_eq!(expectation.observation, Observation::Sometimes);
    }
}

#[test]
fn labels_that_no_expectation_names_change_nothing() {
    let labelled = checks("expect sometimes kernel_bug;");
    assert!(everywhere(&labelled, |_, _| ()).0 < 1 << 20);
    let asked = checks("expect sometimes kernel_bug \"raised\";");
    assert_eq!(count(&labelled), count(&asked));
    assert_eq!(everywhere(&asked, |_, _| ()).0 >> 20, 1);
}
