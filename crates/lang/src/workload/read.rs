//! Reading the workload of a scenario from its text.

use super::{LONGEST_NOUN, Load, MAX_TIMED_CPUS, Workload};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::parse::parse;
use crate::source::SourceId;
use crate::syntax::{Amount, File, Scenario};

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
