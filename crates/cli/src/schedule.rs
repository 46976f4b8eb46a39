//! How a run is chosen: by a seed, as the shortest run to a property, or as recorded.

use crate::number;
use crate::report;
use crate::stop::{Status, Stop};
use crate::subject::{Subject, Variant};
use clap::Args;
use explore::{Completeness, Diverged, Limits, PropertySet, Search, Seeded, System, Trace};
use link::{Link, Outcome};
use machine::{Action, Asked, Check, Machine, Property, by_name, named};
use scene::grouped;

/// The most steps of a run by a seed, unless --steps says how many.
const MOST_STEPS: usize = 1_000;

/// States between two looks at what a search has found.
const SLICE: u32 = 4_096;

/// Arguments that say which run is meant. Without any, it is the link's, or that of seed 0.
#[derive(Args, Debug)]
#[group(multiple = false)]
pub struct Which {
    /// Chooses each action at random; the same seed gives the same run everywhere.
    #[arg(long, value_name = "N", value_parser = number::any::<u64>)]
    seed: Option<u64>,
    /// A shortest run that shows a property: walk_of_freed, say, or a group such as violation.
    #[arg(long, value_name = "PROPERTY")]
    witness: Option<String>,
    /// A shortest complete execution that never shows a property: a counterexample to an expected `always`.
    #[arg(long, value_name = "PROPERTY")]
    without: Option<String>,
    /// A recorded run: a link, or codes separated by commas.
    #[arg(long, value_name = "LINK_OR_CODES")]
    schedule: Option<String>,
}

/// A run, and what there is to say of it.
pub struct ChosenRun {
    /// The run.
    pub trace: Trace<Machine>,
    /// How it came about.
    pub note: String,
    /// What that means for the exit status.
    pub status: Status,
}

impl Which {
    /// Whether no argument names another run than the link's.
    #[must_use]
    pub fn is_of_the_link(&self) -> bool {
        matches!(self, Which { seed: None, witness: None, without: None, schedule: None })
    }

    /// Names a shortest run that violates a property.
    #[must_use]
    pub fn violation() -> Which {
        Which { seed: None, witness: Some("violation".to_owned()), without: None, schedule: None }
    }

    /// Names a run by chance.
    #[must_use]
    pub fn chance() -> Which {
        Which { seed: Some(0), witness: None, without: None, schedule: None }
    }

    /// Makes the run, of at most `most` steps if that is given.
    ///
    /// # Errors
    /// If there is no such run.
    pub fn run(&self, subject: &Subject, variant: &Variant, most: Option<usize>) -> Result<ChosenRun, Stop> {
        let machine = &*variant.machine;
        let mut run = match (self, &subject.link) {
            (Which { witness: Some(name), .. }, _) => witness(variant, name)?,
            (Which { without: Some(name), .. }, _) => without(variant, name)?,
            (Which { schedule: Some(schedule), .. }, _) => recorded(machine, schedule)?,
            (Which { seed: None, .. }, Some(link)) => linked(variant, link),
            (Which { seed, .. }, _) => return Ok(seeded(machine, seed.unwrap_or(0), most)),
        };
        let whole = run.trace.len();
        if let Some(most) = most.filter(|&most| most < whole) {
            run.trace = run.trace.fork(machine, most);
            run.note +=
                &format!("\nOnly the first {most} of the run's {whole} steps are shown (--steps {most}).");
        }
        Ok(run)
    }
}

fn seeded(machine: &Machine, seed: u64, most: Option<usize>) -> ChosenRun {
    let mut trace = Trace::new(machine);
    let taken = trace.run(machine, &mut Seeded::new(seed), most.unwrap_or(MOST_STEPS));
    let mut enabled = Vec::new();
    machine.enabled(trace.last(), &mut enabled);
    let stuck = machine.observe(trace.last(), &enabled).intersects(Property::Deadlock.as_set());
    let why = match most {
        _ if enabled.is_empty() && stuck => "after which nothing more can happen: a deadlock".to_owned(),
        _ if enabled.is_empty() => "after which nothing more can happen".to_owned(),
        _ if trace.full() => "then the run would need more work or memory than the limit".to_owned(),
        Some(most) => format!("and then the run goes on (--steps {most} cuts it here)"),
        None => format!("and then the run goes on (--steps N shows more than {MOST_STEPS})"),
    };
    ChosenRun { trace, note: format!("Seed {seed}: {taken} steps, {why}."), status: Status::Fine }
}

/// Whether there is a property or a group of a name. A label after the name is not checked: that takes a program.
///
/// # Errors
/// If there is none of that name.
pub fn known(name: &str) -> Result<(), Stop> {
    let names: Vec<&str> = Property::ALL.into_iter().map(Property::name).collect();
    let groups = ["corruption", "violation"];
    let word = name.split(' ').next().unwrap_or(name);
    by_name(word).map(|_| ()).ok_or_else(|| {
        let near = lang::nearest(name, names.iter().chain(&groups).copied());
        let there = near.map_or_else(
            || format!("the properties are {}, and the groups corruption and violation", names.join(", ")),
            |near| format!("did you mean {near}? (`tlbscope explain` lists all)"),
        );
        Stop::Refused(format!("{name} is not a property; {there}"))
    })
}

/// A property or a group, by name, or a labelled property that a program's scenario speaks of.
///
/// # Errors
/// If there is none of that name.
pub fn property(machine: &Machine, name: &str) -> Result<PropertySet, Stop> {
    known(name)?;
    named(machine.program(), name).ok_or_else(|| {
        let labelled: Vec<String> =
            machine.program().labelled.iter().map(|labelled| labelled.text()).collect();
        let there = match labelled.as_slice() {
            [] => "none names a label".to_owned(),
            labelled => format!("they name {}", labelled.join(", ")),
        };
        Stop::Refused(format!("no expectation of the scenario names {name}; {there}"))
    })
}

fn without(variant: &Variant, name: &str) -> Result<ChosenRun, Stop> {
    let machine = &*variant.machine;
    let limits = Limits { avoid: property(machine, name)?, ..Limits::default() };
    let mut search = Search::new(machine, limits);
    while !search.ended() && search.run(SLICE) == Completeness::Running {}
    let found = search.ending();
    let states = grouped(search.progress().states.into());
    let subject = scene::subject(machine);
    let (note, status) = match (&found, search.progress().completeness) {
        (Some(found), _) => {
            let steps = found.schedule.len();
            (
                format!("A complete execution of {steps} steps in which {name} never shows ({subject})."),
                Status::Fine,
            )
        }
        (None, Completeness::Complete) => (
            format!("There is no complete execution without {name} ({states} states; {subject})."),
            Status::Failed,
        ),
        (None, _) => {
            let note = format!(
                "It is open whether there is a complete execution without {name}: the search stopped at its bound, after \
                 {states} states ({subject})."
            );
            (note, Status::Open)
        }
    };
    let schedule = found.map(|found| found.schedule).unwrap_or_default();
    Ok(ChosenRun { trace: Trace::replay(machine, &schedule).0, note, status })
}

fn witness(variant: &Variant, name: &str) -> Result<ChosenRun, Stop> {
    let machine = &*variant.machine;
    let properties = property(machine, name)?;
    let mut check = Check::of(machine, Limits::default(), Asked::whether(properties));
    check.run_to_end();
    let found = check.witness(properties);
    let note = report::said(machine, &check, name, properties);
    let status = match (&found, check.progress().completeness) {
        (Some(_), _) => Status::Fine,
        (None, Completeness::Complete) => Status::Failed,
        (None, _) => Status::Open,
    };
    let schedule = found.map(|(_, schedule)| schedule).unwrap_or_default();
    Ok(ChosenRun { trace: Trace::replay(machine, &schedule).0, note, status })
}

fn recorded(machine: &Machine, schedule: &str) -> Result<ChosenRun, Stop> {
    let numbers = schedule.split([',', ' ']).filter(|code| !code.is_empty()).map(str::parse);
    let codes = match numbers.collect::<Result<Vec<u32>, _>>() {
        Ok(codes) => codes,
        Err(_) => match link::decode(schedule) {
            Ok(link) => link.schedule,
            Err(link::LinkRefusal::NotALink) => {
                return Err(Stop::Refused(format!(
                    "{schedule} is not a schedule: a schedule is a link (#2. and letters), or the codes of a run's actions, \
                     separated by commas, such as 0,0,256; `tlbscope link SCENARIO --witness PROPERTY` prints a link"
                )));
            }
            Err(refusal) => return Err(Stop::Refused(refusal.to_string())),
        },
    };
    let (trace, stopped) = replay(machine, &codes)?;
    let of = codes.len();
    let (note, status) = match stopped {
        None => (format!("Every one of the {of} steps can be taken."), Status::Fine),
        Some(Diverged { at, full: true }) => (
            format!(
                "The run needs more work or memory than the limit: the first {at} of {of} steps are shown."
            ),
            Status::Failed,
        ),
        Some(Diverged { at, full: false }) => (
            format!("Step {} of {of} can't be taken: the steps before it are shown.", at + 1),
            Status::Failed,
        ),
    };
    Ok(ChosenRun { trace, note, status })
}

fn linked(variant: &Variant, link: &Link) -> ChosenRun {
    let (trace, outcome) = link::replay(link, &variant.experiment, &variant.machine);
    let status = if outcome == Outcome::Reproduced { Status::Fine } else { Status::Failed };
    ChosenRun { trace, note: outcome.to_string(), status }
}

/// Follows codes as far as they go.
fn replay(machine: &Machine, codes: &[u32]) -> Result<(Trace<Machine>, Option<Diverged>), Stop> {
    let action = |(place, &code): (usize, &u32)| {
        Action::from_code(code)
            .ok_or_else(|| Stop::Refused(format!("Code {code}, number {}, is not an action", place + 1)))
    };
    let schedule = codes.iter().enumerate().map(action).collect::<Result<Vec<Action>, Stop>>()?;
    Ok(Trace::replay(machine, &schedule))
}
