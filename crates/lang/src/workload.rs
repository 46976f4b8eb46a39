//! What a scenario says of time: how often its blocks run, how long programs compute, what chance decides.
//!
//! The search ignores it and tries everything that a block may do. A timed run repeats the blocks according to it.

use crate::diagnostic::nearest::did_you_mean;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::parse::parse;
use crate::source::{SourceId, Span};
use crate::syntax::{Amount, File, Name, Scenario, Text};

/// The most CPUs of a timed run: sets of CPUs are numbers of 64 bits. A search has at most
/// [`MAX_CPUS`](crate::program::MAX_CPUS), as links number them by four bits.
pub const MAX_TIMED_CPUS: u8 = 64;

/// The longest word for what a round does, in bytes.
pub const LONGEST_NOUN: usize = 40;

/// `workload { ... }`: plain data.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Workload {
    /// How many CPUs a timed run has, and the CPU whose block those run that the scenario does not have.
    pub cpus: Option<(u8, u8)>,
    /// The accesses that stand for more.
    pub works: Vec<Work>,
    /// The parts about single CPUs.
    pub loads: Vec<Load>,
}

/// `at 0x400000 { ... }`: what an access to that page stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Work {
    /// The page's first address.
    pub va: u64,
    /// Time that the program computes there, in picoseconds.
    pub time: u64,
    /// Pages of a working set that it touches meanwhile.
    pub pages: u64,
}

/// `cpu 1 { ... }`: when a CPU's block runs, and what chance decides there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Load {
    /// Which CPU.
    pub cpu: u8,
    /// Mean time from one beginning of its block to the next, in picoseconds; nothing for at once.
    pub every: Option<u64>,
    /// Mean time until something wakes it when it sleeps, in picoseconds.
    pub sleep: Option<u64>,
    /// What a round of its block does, as a word for many of them: "unmaps".
    pub does: Option<String>,
    /// The answers to its block's questions (`maybe()`), by their place in the block, counted from 1.
    pub answers: Vec<(u8, Answer)>,
}

/// How a `maybe()` is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Yes, in so many of a hundred cases.
    Percent(u8),
    /// Yes, as long as the time to sleep is not over.
    Asleep,
}

/// The workload in a scenario's text; nothing if there is none.
///
/// # Errors
/// With what is wrong in it.
pub fn workload(text: &str) -> Result<Option<Workload>, Vec<Diagnostic>> {
    let mut out = Diagnostics::default();
    let workload = match parse(text, SourceId::SCENARIO, &mut out) {
        Some(File::Scenario(scenario)) => checked(&scenario, &mut out),
        _ => None,
    };
    if out.failed() { Err(out.finish()) } else { Ok(workload) }
}

/// The workload of a scenario, if everything that it names exists.
pub(crate) fn checked(scenario: &Scenario, out: &mut Diagnostics) -> Option<Workload> {
    let tree = scenario.workload.as_ref()?;
    let mut workload = Workload::default();
    let numbered = scenario.stage.cpus.iter().filter(|block| !block.cpu.named);
    let blocks: Vec<u64> = numbered.map(|block| block.cpu.value).collect();
    let mut has_block = |cpu: &Amount| {
        let there = blocks.contains(&cpu.value);
        if !there {
            let advice = "a workload speaks of CPUs that have a block in the scenario";
            let message = format!("CPU {} has no block", cpu.value);
            out.push(Diagnostic::error(SourceId::SCENARIO, cpu.span, message).advice(advice));
        }
        u8::try_from(cpu.value).ok().filter(|_| there)
    };
    if let Some((cpus, like)) = &tree.cpus
        && let Some(like) = has_block(like)
    {
        workload.cpus = u8::try_from(cpus.value).ok().map(|cpus| (cpus, like));
    }
    for load in &tree.loads {
        let Some(cpu) = has_block(&load.cpu) else { continue };
        let mut answers = Vec::new();
        for (place, answer) in &load.answers {
            answers.extend(u8::try_from(place.value).ok().map(|place| (place, *answer)));
        }
        let time = |given: &Option<Amount>| given.as_ref().map(|given| given.value);
        let does = load.does.as_ref().map(|does| does.value.clone());
        workload.loads.push(Load { cpu, every: time(&load.every), sleep: time(&load.sleep), does, answers });
    }
    for does in tree.loads.iter().filter_map(|load| load.does.as_ref()) {
        if !(1..=LONGEST_NOUN).contains(&does.value.trim().len()) {
            let message = format!("what a round does is said in 1 to {LONGEST_NOUN} letters");
            let advice = "for example `does \"unmaps\";`: it stands in sentences and beside pictures";
            out.push(Diagnostic::error(SourceId::SCENARIO, does.span, message).advice(advice));
        }
    }
    if let Some((cpus, _)) = &tree.cpus
        && !(1..=u64::from(MAX_TIMED_CPUS)).contains(&cpus.value)
    {
        let message = format!("a timed run has 1 to {MAX_TIMED_CPUS} CPUs, not {}", cpus.value);
        let advice = "sets of CPUs are numbers of 64 bits";
        out.push(Diagnostic::error(SourceId::SCENARIO, cpus.span, message).advice(advice));
    }
    workload.works.clone_from(&tree.works);
    Some(workload)
}

/// A setting that does not exist.
pub(crate) fn unknown(word: &Name, there: &[&str]) -> Diagnostic {
    let advice = did_you_mean(&word.text, there.iter().copied());
    let advice = advice.unwrap_or_else(|| format!("there are {}", there.join(", ")));
    Diagnostic::error(SourceId::SCENARIO, word.span, format!("a workload has no `{}` here", word.text))
        .advice(advice)
}

/// `workload { ... }` as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkloadDecl {
    /// Where it begins.
    pub span: Span,
    /// `cpus 16 like 1;`
    pub cpus: Option<(Amount, Amount)>,
    /// `at 0x400000 { ... }`
    pub works: Vec<Work>,
    /// `cpu 1 { ... }`
    pub loads: Vec<LoadDecl>,
}

/// `cpu 1 { ... }` of a workload as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoadDecl {
    /// Which CPU.
    pub cpu: Amount,
    /// `every 50 us;`
    pub every: Option<Amount>,
    /// `sleep 200 us;`
    pub sleep: Option<Amount>,
    /// `does "unmaps";`
    pub does: Option<Text>,
    /// `maybe 1: 30 percent;`
    pub answers: Vec<(Amount, Answer)>,
}
