//! What the number meant that a link of version 1 is compared by ([`Numbered`]).
//!
//! The number of a setting is its position in a list that the page made from its machine at that time: the other
//! choices of each option, the kernel's options before the machine's; then the cases of the scenario, except the one
//! that is shown as written. So the number has a meaning only together with the list as it was when the link was made.
//!
//! - If the texts are still the same (the link's hash says so, or the link contains its kernel), the list is made from
//!   them.
//! - If the library's texts have changed since, the kernel's options come from `options.txt`: it has each list that a
//!   kernel of the library had while such numbers were written. Some kernels had two lists, because options were added.
//!   For them a number is understood if it means the same in both lists.
//! - The machine's options were [`MACHINE`], whatever the compiler offers today.
//! - Cases are identified by their position in the scenario. A scenario of the library only ever gets new cases at the
//!   end.
//!
//! A number whose meaning is not certain is dropped: the link opens without a comparison, and says why
//! ([`Incomparable`]).

use crate::moment::base;
use crate::{Compared, Incomparable, Link, Numbered};
use experiment::Experiment;
use lang::program::{Origin, Program};

/// The kernels of the library by slug, each with its options and their choices.
const OPTIONS: &str = include_str!("numbers/options.txt");

/// The machine's options, but for bounds, which were no other machine.
const MACHINE: &str = "vendor=intel,amd pcid=off,on tso=off,on";

/// Most cases that were offered.
const MOST_CASES: usize = 64;

/// Options in order: name and choices.
type List = Vec<(String, Vec<String>)>;

/// What the number meant when the link was made. `program` is the compiled experiment of the link.
///
/// # Errors
/// If that is not certain.
pub(crate) fn meant(
    numbered: Numbered,
    link: &Link,
    experiment: &Experiment,
    program: &Program,
) -> Result<Compared, Incomparable> {
    match numbered {
        Numbered::Kernel(_) => {
            let mut names = gallery::kernels().filter_map(gallery::LibraryText::kernel_name);
            let found = names.find(|name| Numbered::kernel(name) == numbered);
            found.map(|name| Compared::Kernel(name.to_owned())).ok_or(Incomparable::NoKernel)
        }
        Numbered::Setting(place) => {
            let lists = lists(link, experiment, program);
            let meant = lists.iter().map(|list| setting(list, place, experiment, program));
            let meant: Vec<Option<Compared>> = meant.collect();
            match meant.as_slice() {
                [first, others @ ..] if others.iter().all(|other| other == first) => {
                    first.clone().ok_or(Incomparable::NoSetting)
                }
                _ => Err(Incomparable::Ambiguous),
            }
        }
    }
}

/// The lists of options that there may have been.
fn lists(link: &Link, experiment: &Experiment, program: &Program) -> Vec<List> {
    let of_then = link.base.kernel().is_some() || base(experiment).hash() == link.base.hash();
    let slug = experiment.kernel_name().and_then(|name| gallery::kernel(&name)).map(|there| there.slug);
    let known = OPTIONS.lines().filter_map(|line| {
        let (kernel, options) = line.split_once(' ').unwrap_or((line, ""));
        (Some(kernel) == slug).then(|| list(options))
    });
    let mut lists: Vec<List> = known.filter(|_| !of_then).collect();
    if lists.is_empty() {
        let own = program.options.iter().filter(|option| option.origin == Origin::Kernel);
        lists.push(own.map(|option| (option.name.clone(), option.choices.clone())).collect());
    }
    lists.iter_mut().for_each(|options| options.extend(list(MACHINE)));
    lists
}

fn list(options: &str) -> List {
    let option = |option: &str| {
        let (name, choices) = option.split_once('=')?;
        Some((name.to_owned(), choices.split(',').map(str::to_owned).collect()))
    };
    options.split_whitespace().filter_map(option).collect()
}

/// The setting at a place of the list that options and cases make.
fn setting(options: &List, place: u32, experiment: &Experiment, program: &Program) -> Option<Compared> {
    let mut place = usize::try_from(place).ok()?;
    for (name, choices) in options {
        let others = choices.len().saturating_sub(1);
        if place < others {
            let option = program.options.iter().find(|option| option.name == *name)?;
            let chosen = option.choices.get(usize::from(option.chosen))?;
            let choice = choices.iter().filter(|choice| *choice != chosen).nth(place)?;
            return Some(Compared::Option { name: name.clone(), choice: choice.clone() });
        }
        place -= others;
    }
    let cases = experiment.cases();
    let now = &experiment.selection;
    let as_told = now.options.is_empty() && now.kernel.is_none();
    let mut others = cases.iter().take(MOST_CASES).filter(|case| !(as_told && case.case == now.case));
    let found = others.nth(place).filter(|_| cases.len() > 1)?;
    Some(Compared::Case(found.name.clone()))
}
