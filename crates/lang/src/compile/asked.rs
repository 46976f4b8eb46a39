//! What a scenario, or the chosen case, asks: expectations, labels and final states.

use crate::check::env::Env;
use crate::check::finale::{self, CheckedFinale};
use crate::check::hir::Body;
use crate::diagnostic::nearest::did_you_mean;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::program::{Expectation, FINAL_STATE, Labelled, MAX_LABELLED, WITH_LABELS};
use crate::property;
use crate::source::{Site, SourceId};
use crate::syntax::{Case, Expect, Scenario};

/// Checks all expectations, and gives those of the case chosen or else the scenario's own.
pub(super) fn expectations(
    scenario: &Scenario,
    case: Option<&Case>,
    out: &mut Diagnostics,
) -> Vec<Expectation> {
    for (at, case) in scenario.cases.iter().enumerate() {
        if scenario.cases[..at].iter().any(|earlier| earlier.name.value == case.name.value) {
            let message = format!("two cases are called \"{}\"", case.name.value);
            let advice = "give one of them another name: `--case` chooses a case by its name";
            out.push(Diagnostic::error(SourceId::SCENARIO, case.name.span, message).advice(advice));
        }
    }
    if let Some(extra) = scenario.cases.get(usize::from(u8::MAX)) {
        out.push(Diagnostic::error(SourceId::SCENARIO, extra.name.span, "more than 255 cases"));
    }
    for expect in scenario.expects.iter().chain(scenario.cases.iter().flat_map(|c| &c.expects)) {
        let name = expect.property.text.as_str();
        if property::sentence(name).is_none() {
            let names: Vec<&str> = property::names().collect();
            let advice = did_you_mean(name, names.iter().copied());
            let advice = advice.unwrap_or_else(|| format!("the properties are {}", names.join(", ")));
            let message = format!("there is no property `{name}`");
            out.push(Diagnostic::error(SourceId::SCENARIO, expect.property.span, message).advice(advice));
        } else if let Some(label) = expect.label.as_ref().filter(|_| !WITH_LABELS.contains(&name)) {
            let message = format!("`{name}` has no labels");
            let advice = format!("the properties with labels are {}", WITH_LABELS.join(", "));
            out.push(Diagnostic::error(SourceId::SCENARIO, label.span, message).advice(advice));
        }
    }
    let (chosen, asked, function) = match case {
        Some(case) => (&case.expects, &case.finale, format!("case \"{}\"", case.name.value)),
        None => (&scenario.expects, &scenario.finale, format!("scenario \"{}\"", scenario.name.value)),
    };
    final_state(scenario, out);
    let expectation = |e: &Expect| Expectation {
        observation: e.observation,
        property: meant(e).map_or_else(|| e.property.text.clone(), |labelled| labelled.text()),
        site: Site {
            source: SourceId::SCENARIO,
            span: e.span,
            function: function.clone(),
            callers: Vec::new(),
        },
    };
    let site =
        |span| Site { source: SourceId::SCENARIO, span, function: function.clone(), callers: Vec::new() };
    let asked = asked.iter().map(|finale| Expectation {
        observation: finale.quantifier.observation(),
        property: FINAL_STATE.to_owned(),
        site: site(finale.span),
    });
    chosen.iter().map(expectation).chain(asked).collect()
}

/// `final_state` needs a condition that describes the state.
fn final_state(scenario: &Scenario, out: &mut Diagnostics) {
    let cases = scenario.cases.iter().map(|case| (&case.expects, case.finale.is_some()));
    for (expects, said) in cases.chain([(&scenario.expects, false)]) {
        if said || scenario.finale.is_some() {
            continue;
        }
        for expect in expects.iter().filter(|expect| expect.property.text == FINAL_STATE) {
            let message = "this does not say which final state is meant";
            let advice = "write `exists (0:x == 0 && y == 1)` in the same scenario or case";
            out.push(Diagnostic::error(SourceId::SCENARIO, expect.property.span, message).advice(advice));
        }
    }
}

/// Checks what is asked of final states, everywhere, and gives what the case chosen or else the scenario asks.
pub(super) fn finale(
    env: &Env,
    out: &mut Diagnostics,
    text: &str,
    scenario: &Scenario,
    case: Option<&Case>,
    blocks: &[(u8, Body)],
) -> CheckedFinale {
    // A condition on the final states of programs that a case replaces is checked with these
    // programs.
    let own = |case: &Case| !case.stage.cpus.is_empty();
    let replaced = case.is_some_and(own);
    for other in scenario.cases.iter().filter(|other| !replaced && !own(other)) {
        if case.is_none_or(|case| case.name.span != other.name.span) && other.finale.is_some() {
            finale::finale(env, out, text, scenario, other.finale.as_ref(), blocks);
        }
    }
    if case.is_some_and(|case| case.finale.is_some()) && !replaced && scenario.finale.is_some() {
        finale::finale(env, out, text, scenario, scenario.finale.as_ref(), blocks);
    }
    let asked = case.map_or(scenario.finale.as_ref(), |case| case.finale.as_ref());
    finale::finale(env, out, text, scenario, asked, blocks)
}

/// The labelled property that an expectation names.
fn meant(expect: &Expect) -> Option<Labelled> {
    let label = expect.label.as_ref()?.value.clone();
    Some(Labelled { property: expect.property.text.clone(), label })
}

/// The labelled properties that expectations name, each once. A label that the program does not have is warned of.
pub(super) fn labelled(expects: &[Expect], labels: &[String], out: &mut Diagnostics) -> Vec<Labelled> {
    let mut all: Vec<Labelled> = Vec::new();
    for expect in expects {
        let (Some(meant), Some(label)) = (meant(expect), &expect.label) else { continue };
        if all.contains(&meant) {
            continue;
        }
        if !labels.contains(&meant.label) {
            let message = format!("no check has the label \"{}\"", meant.label);
            let advice = did_you_mean(&meant.label, labels.iter().map(String::as_str));
            let advice = advice.unwrap_or_else(|| {
                "write the label after the condition of a check: `BUG_ON(c, \"label\")`".to_owned()
            });
            out.push(Diagnostic::warning(SourceId::SCENARIO, label.span, message).advice(advice));
        }
        if all.len() == MAX_LABELLED {
            let message = format!("the expectations here name more than {MAX_LABELLED} labels");
            out.push(
                Diagnostic::error(SourceId::SCENARIO, label.span, message)
                    .advice("move some of the expectations to cases"),
            );
            break;
        }
        all.push(meant);
    }
    all
}
