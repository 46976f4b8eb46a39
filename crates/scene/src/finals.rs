//! All final states of a scenario, in the words of herd, the simulator of memory models.

use crate::name::Names;
use lang::program::{Finale, Quantifier, Type};
use machine::{Finals, Machine};
use std::fmt::Write;

/// What was observed of one final state: `0:EAX=0; 1:EAX=0;`.
#[must_use]
pub fn final_state(machine: &Machine, values: &[u64]) -> String {
    let observed = machine.program().finale.iter().flat_map(|finale| &finale.observed).zip(values);
    let mut parts = Vec::new();
    for (observed, &value) in observed {
        parts.push(format!("{}={};", observed.name, shown(machine, observed.ty, value)));
    }
    parts.join(" ")
}

/// A value as herd shows one: numbers are decimal, and have signs.
#[must_use]
pub fn final_value(machine: &Machine, ty: Type, value: u64) -> String {
    shown(machine, ty, value)
}

fn shown(machine: &Machine, ty: Type, value: u64) -> String {
    match ty {
        Type::Int | Type::Cpu => value.cast_signed().to_string(),
        Type::Pte | Type::Va => format!("{value:#x}"),
        Type::Bool | Type::Mm | Type::Cpus | Type::Frame | Type::Task => Names::new(machine).value(ty, value),
    }
}

/// How many final states are positive and how many negative witnesses, as herd counts them: for `~exists` a state is a
/// positive witness if the condition does not hold in it.
#[must_use]
pub fn witnesses(finale: &Finale, finals: &Finals) -> (usize, usize) {
    let fails = finals.states.len() - finals.holds;
    match finale.quantifier {
        Some(Quantifier::NotExists) => (fails, finals.holds),
        Some(Quantifier::Exists | Quantifier::Forall) | None => (finals.holds, fails),
    }
}

/// How often the condition holds: `Never`, `Sometimes` or `Always`.
#[must_use]
pub fn how_often(finals: &Finals) -> &'static str {
    match (finals.holds, finals.states.len() - finals.holds) {
        (0, _) => "Never",
        (_, 0) => "Always",
        _ => "Sometimes",
    }
}

/// All of it, as herd prints it, line by line. (herd counts executions as witnesses; these are final states.) `waited` says that
/// a store had to wait for room in its buffer: then a state that was not found may exist all the same.
#[must_use]
pub fn finals(machine: &Machine, finals: &Finals, waited: bool) -> String {
    let program = machine.program();
    let Some(finale) = &program.finale else { return String::new() };
    let kind = match finale.quantifier {
        Some(Quantifier::Exists) => "Allowed",
        Some(Quantifier::NotExists) => "Forbidden",
        Some(Quantifier::Forall) => "Required",
        None => "Final",
    };
    let mut out = format!("Test {} {kind}\nStates {}\n", program.name, finals.states.len());
    // Writing to a String cannot fail.
    for values in &finals.states {
        let _ = writeln!(out, "{}", final_state(machine, values));
    }
    let fails = finals.states.len() - finals.holds;
    // Of no state at all a condition would hold: but what should always be is nowhere.
    let nowhere = finals.states.is_empty() && finals.complete && finale.filter.is_none();
    let ok = match finale.quantifier {
        Some(Quantifier::Forall) if nowhere => Some(false),
        // One that was found decides it; otherwise the states must be complete.
        Some(Quantifier::Exists) if finals.holds > 0 || finals.complete && !waited => Some(finals.holds > 0),
        Some(Quantifier::NotExists) if finals.holds > 0 || finals.complete => Some(finals.holds == 0),
        Some(Quantifier::Forall) if fails > 0 || finals.complete => Some(fails == 0),
        _ => None,
    };
    if finale.quantifier.is_some() {
        let _ = writeln!(out, "{}", ok.map_or("Open", |ok| if ok { "Ok" } else { "No" }));
    }
    let (positive, negative) = witnesses(finale, finals);
    let _ = writeln!(out, "Witnesses\nPositive: {positive} Negative: {negative}");
    let _ = writeln!(out, "Condition {}", finale.words());
    let _ = writeln!(out, "Observation {} {} {} {fails}", program.name, how_often(finals), finals.holds);
    if nowhere {
        out.push_str("No run comes to its end, so there is no final state.\n");
    }
    if finals.complete && waited {
        out.push_str("With more stores in flight there may be more final states.\n");
    }
    if !finals.complete {
        out.push_str("The search stopped at a bound: there may be more final states.\n");
    }
    out
}
