//! Which case of its scenario a machine is, however its options were set: a switch and a case that mean the same
//! count as one.

use crate::model::session::Setup;
use lang::program::Program;
use std::rc::Rc;

/// At most this many bytes of text are compiled to find out which case a machine is. That takes less than the blink of an
/// eye. If a text has more cases, the case is known only when the reader has chosen it by its name.
const MOST: usize = 1 << 18;

/// What the switches show in addition to their positions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cases {
    /// Which case, the scenario as written first; nothing if the machine is none of them.
    pub here: Option<usize>,
    /// Options whose choices differ from those of the scenario as written.
    pub changed: Rc<Vec<String>>,
}

impl Cases {
    /// Finds both for a machine.
    #[must_use]
    pub fn of(setup: &Setup) -> Cases {
        let (session, now) = (&setup.session, setup.machine.program());
        let told = |case: Option<u8>| session.with_case(case).compile().0;
        let chosen = |program: &Program| -> Vec<(String, u8)> {
            program.options.iter().map(|option| (option.name.clone(), option.chosen)).collect()
        };
        // Most machines are the scenario as written: then there is nothing to be compiled for.
        let as_written = session.experiment.selection == lang::Selection::default();
        let first = if as_written {
            Some(chosen(now))
        } else {
            told(None).map(|setup| chosen(setup.machine.program()))
        };
        let first = first.unwrap_or_default();
        let differs =
            |(name, choice): &(String, u8)| first.iter().any(|(other, was)| other == name && was != choice);
        let changed = chosen(now).into_iter().filter(differs).map(|(name, _)| name).collect();
        let cases = session.cases();
        let own = cases.iter().position(|case| case.case == session.experiment.selection.case).filter(|_| {
            session.experiment.selection.options.is_empty() && session.experiment.selection.kernel.is_none()
        });
        let same = |case: &lang::CaseName| {
            told(case.case).is_some_and(|setup| bare(setup.machine.program()) == bare(now))
        };
        let size = (session.experiment.scenario.len() + setup.kernel.len()).max(1);
        Cases {
            here: own.or_else(|| cases.iter().take(MOST / size).position(same)),
            changed: Rc::new(changed),
        }
    }
}

/// A program without its descriptions, its expectations and its places in the text.
fn bare(program: &Program) -> Program {
    let mut bare = program.clone();
    for option in &mut bare.options {
        option.default = option.chosen;
    }
    Program {
        name: String::new(),
        replaced: Vec::new(),
        about: Vec::new(),
        claim: None,
        cites: Vec::new(),
        sites: Vec::new(),
        expectations: Vec::new(),
        ..bare
    }
}

#[cfg(test)]
mod tests {
    use super::Cases;
    use crate::model::session::{Session, Setup};

    fn setup(session: &Session) -> Setup {
        session.compile().0.expect("it compiles")
    }

    #[test]
    fn a_switch_and_the_case_that_sets_it_are_one() {
        let told = Session::library(crate::DEFAULT).expect("it is in the library");
        let case = setup(&told.with_case(Some(0)));
        let options = &setup(&told).machine.program().options.clone();
        let option = options.iter().find(|option| option.name == "memory_barrier").expect("it is a switch");
        let switched = setup(&told.with_option(option, "on"));
        assert_eq!(Cases::of(&case), Cases::of(&switched));
        assert_eq!(Cases::of(&switched).here, Some(1));
        assert_eq!(*Cases::of(&switched).changed, ["memory_barrier"]);
        // And back: the case with its switch off is the scenario as written.
        let option = &case.machine.program().options.clone();
        let option = option.iter().find(|option| option.name == "memory_barrier").expect("it is a switch");
        let back = Cases::of(&setup(&case.session.with_option(option, "off")));
        assert_eq!(back, Cases::of(&setup(&told)));
        assert_eq!((back.here, back.changed.len()), (Some(0), 0));
    }

    #[test]
    fn what_no_case_sets_is_no_case() {
        let told = Session::library(crate::DEFAULT).expect("it is in the library");
        let options = &setup(&told).machine.program().options.clone();
        let vendor = options.iter().find(|option| option.name == "vendor").expect("it is a switch");
        assert_eq!(Cases::of(&setup(&told.with_option(vendor, "intel"))).here, None);
    }

    #[test]
    fn every_case_of_the_library_is_itself() {
        for text in gallery::scenarios() {
            let told = Session::library(text.slug).expect("it is in the library");
            for (place, case) in told.cases().into_iter().enumerate() {
                assert_eq!(Cases::of(&setup(&told.with_case(case.case))).here, Some(place), "{}", text.slug);
            }
        }
    }
}
