//! What `tlbscope check --json` prints: one object per line, for programs that read it.
//!
//! docs/json.md says what each field means, and a test compares the two. No field is renamed or changes its meaning
//! unless [`VERSION`] changes. New fields may be added at any time.

use crate::subject::Subject;
use explore::{Bound, Completeness, Exploration, Handle, PropertySet};
use lang::CaseName;
use lang::program::Observation;
use machine::{Check, LIMIT, MODEL, Machine, Verdict, named};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::io::{self, Write};
use std::sync::Arc;

/// Of the format.
const VERSION: u16 = 1;

/// One line.
#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ReportLine {
    /// A scenario as written, or one of its cases.
    Variant(Box<VariantReport>),
    /// The last line.
    Summary(Summary),
}

/// What was found of one variant.
#[derive(Serialize)]
pub struct VariantReport {
    version: u16,
    model: u16,
    number: usize,
    path: String,
    scenario: String,
    case: Option<String>,
    kernel: String,
    claim: Option<String>,
    options: BTreeMap<String, String>,
    expectations: Vec<Expectation>,
    finals: Option<Finals>,
    search: Search,
    bounds: String,
    only_fault: Option<String>,
    idle_claims: Option<String>,
    unreached: Vec<Unreached>,
}

/// Lines of a function that no run reaches.
#[derive(Serialize)]
struct Unreached {
    function: String,
    extended: Option<String>,
    first_line: u32,
    last_line: u32,
}

#[derive(Serialize)]
struct Expectation {
    observation: &'static str,
    property: String,
    verdict: &'static str,
    steps: Option<usize>,
    shortest: bool,
    sentence: String,
    shows: Vec<&'static str>,
    last_step: Option<String>,
    see_it: Option<String>,
    see_without: Option<String>,
}

/// All final states, where a condition on them is asked for.
#[derive(Serialize)]
struct Finals {
    condition: String,
    states: Vec<BTreeMap<String, String>>,
    positive: usize,
    negative: usize,
    observation: &'static str,
    complete: bool,
}

#[derive(Serialize)]
struct Search {
    states: u32,
    saturated: bool,
    transitions: u64,
    depth: u32,
    complete: bool,
    stopped_by: Option<&'static str>,
    store_buffer_was_full: bool,
}

/// Counts of the whole run.
#[derive(Default, Deserialize, Serialize)]
pub struct Summary {
    /// Scenarios checked.
    pub scenarios: u32,
    /// Scenarios as written and cases.
    pub variants: u32,
    /// Kernels compiled by themselves.
    pub kernels: u32,
    /// Expectations that hold.
    pub met: u32,
    /// Expectations that do not.
    pub failed: u32,
    /// Expectations that the bounds left open.
    pub open: u32,
    /// Texts with errors; standard error has the diagnostics.
    pub refused: u32,
    /// Which texts these are, counted from 1 in the order in which the check meets them.
    #[serde(default)]
    pub refused_texts: Vec<u32>,
    /// Which part of the variants this is, if it is one.
    pub shard: Option<String>,
}

/// What the search has settled about an expectation. Where something was expected always and happens only sometimes, the
/// shortest path shows it happening; so the sentence begins with what the expectation fails by.
pub fn sentence<S: Exploration<Arc<Machine>>>(
    machine: &Machine,
    search: &Check<Arc<Machine>, S>,
    expected: &lang::program::Expectation,
) -> String {
    let properties = named(machine.program(), &expected.property).unwrap_or_default();
    let said = said(machine, search, &expected.property, properties);
    let always = expected.observation == Observation::Always && search.verdict(expected) == Verdict::Failed;
    if let (true, Some(without)) = (always, search.without(properties)) {
        let steps = without.len();
        format!(
            "Not always: there is a complete execution in which it does not happen ({steps} steps). {said}"
        )
    } else {
        said
    }
}

/// What a search has settled about a property.
pub fn said<M: Handle<System = Machine> + Clone, S: Exploration<M>>(
    machine: &Machine,
    search: &Check<M, S>,
    name: &str,
    properties: PropertySet,
) -> String {
    let steps = search.witness(properties).map(|(_, schedule)| schedule.len());
    let known = scene::Known {
        observation: search.observation(properties),
        witness: steps.map(|steps| (steps, search.shortest(properties))),
        progress: &search.progress(),
        saturated: search.saturated(),
        needs: search.needs(),
        waited: search.stores_waited(),
    };
    scene::verdict_sentence(machine, name, &known)
}

/// All that is known of a variant when its search has ended. `number` is its place among all variants of the check. `see` makes
/// the command that prints a run of a kind, `--witness` or `--without` a property.
pub fn variant<S: Exploration<Arc<Machine>>>(
    number: usize,
    subject: &Subject,
    case: &CaseName,
    machine: &Machine,
    search: &Check<Arc<Machine>, S>,
    sources: scene::Sources<'_>,
    see: impl Fn(&str, &str) -> String,
) -> VariantReport {
    let program = machine.program();
    let (progress, waited) = (search.progress(), search.stores_waited());
    let expectation = |expected: &lang::program::Expectation| {
        let properties = named(machine.program(), &expected.property).unwrap_or_default();
        let witness = search.witness(properties);
        let steps = witness.as_ref().map(|(_, schedule)| schedule.len());
        let last = witness.and_then(|(_, schedule)| scene::last_step(machine, &schedule, properties));
        let (shows, last_step) = last.map(|last| (last.shown, last.sentence)).unzip();
        Expectation {
            observation: match expected.observation {
                Observation::Always => "always",
                Observation::Sometimes => "sometimes",
                Observation::Never => "never",
            },
            property: expected.property.clone(),
            verdict: match search.verdict(expected) {
                Verdict::Met => "met",
                Verdict::Failed => "failed",
                Verdict::Open => "open",
            },
            steps,
            shortest: search.shortest(properties),
            sentence: sentence(machine, search, expected),
            shows: shows.unwrap_or_default(),
            last_step,
            see_it: steps.map(|_| see("--witness", &expected.property)),
            see_without: search.without(properties).map(|_| see("--without", &expected.property)),
        }
    };
    let option = |option: &lang::program::ProgramOption| {
        (option.name.clone(), option.choices.get(usize::from(option.chosen)).cloned().unwrap_or_default())
    };
    let unreached = scene::unreached_lines(machine, &search.unreached(), sources);
    VariantReport {
        version: VERSION,
        model: MODEL,
        number,
        path: subject.path.clone(),
        scenario: program.name.clone(),
        case: case.name.clone(),
        kernel: program.kernel.clone(),
        claim: program.claim.clone(),
        options: program.options.iter().map(option).collect(),
        expectations: program.expectations.iter().map(expectation).collect(),
        finals: finals(machine, search),
        search: Search {
            states: progress.states,
            saturated: search.saturated(),
            transitions: progress.transitions,
            depth: progress.depth,
            complete: progress.completeness == Completeness::Complete,
            stopped_by: stopped_by(progress.completeness, progress.seen),
            store_buffer_was_full: waited,
        },
        bounds: scene::bounds(machine, waited),
        only_fault: scene::only_fault(machine, &search.only_fault(), subject.text()),
        idle_claims: scene::idle_claims(machine, &search.idle_claims(), sources),
        unreached: unreached.into_iter().map(Unreached::from).collect(),
    }
}

impl From<scene::UnreachedLines> for Unreached {
    fn from(lines: scene::UnreachedLines) -> Unreached {
        let scene::UnreachedLines { function, extended, first, last } = lines;
        Unreached { function, extended, first_line: first, last_line: last }
    }
}

fn finals<S: Exploration<Arc<Machine>>>(
    machine: &Machine,
    search: &Check<Arc<Machine>, S>,
) -> Option<Finals> {
    let finale = machine.program().finale.as_ref()?;
    let finals = search.finals()?;
    let state = |values: &Vec<u64>| {
        let observed = finale.observed.iter().zip(values);
        observed
            .map(|(seen, &value)| (seen.name.clone(), scene::final_value(machine, seen.ty, value)))
            .collect()
    };
    let (positive, negative) = scene::witnesses(finale, &finals);
    Some(Finals {
        condition: finale.words(),
        states: finals.states.iter().map(state).collect(),
        positive,
        negative,
        observation: scene::how_often(&finals),
        complete: finals.complete,
    })
}

fn stopped_by(completeness: Completeness, seen: PropertySet) -> Option<&'static str> {
    match completeness {
        Completeness::Bounded(Bound::Bytes) => Some("memory"),
        Completeness::Bounded(Bound::System) if seen.intersects(LIMIT) => Some("limit"),
        Completeness::Bounded(Bound::System) => Some("queues"),
        Completeness::Bounded(Bound::Found) => Some("found"),
        Completeness::Bounded(Bound::States) => Some("states"),
        Completeness::Complete | Completeness::Running => None,
    }
}

/// Prints one.
pub fn line(out: &mut impl Write, line: &ReportLine) -> io::Result<()> {
    serde_json::to_writer(&mut *out, line)?;
    writeln!(out)
}
