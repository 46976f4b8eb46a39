//! The sentence about claims that say nothing.

use crate::name;
use crate::text::Sources;
use lang::program::Pc;
use machine::Machine;

/// The claims of which a complete search knows that they say nothing, each with whether some CPU came to it, as a sentence
/// that qualifies its verdict; nothing if there are none.
#[must_use]
pub fn idle_claims(machine: &Machine, claims: &[(Pc, bool)], sources: Sources<'_>) -> Option<String> {
    let one = |pc: Pc| {
        let site = machine.program().sites.get(usize::from(pc))?;
        let line = sources.line(site.source, site.span);
        Some(format!("the claim of {} in line {line}", site.function))
    };
    let those = |reached: bool| -> Vec<String> {
        claims.iter().filter(|claim| claim.1 == reached).filter_map(|claim| one(claim.0)).collect()
    };
    let (unreached, empty) = (those(false), those(true));
    let mut clauses = Vec::new();
    if !unreached.is_empty() {
        let was = if unreached.len() == 1 { "was" } else { "were" };
        clauses.push(format!("{} {was} never reached", name::list(&unreached)));
    }
    if !empty.is_empty() {
        let says = if empty.len() == 1 { "says" } else { "say" };
        clauses.push(format!(
            "{} {says} nothing: no CPU ever had anything cached of these addresses of that space",
            name::list(&empty)
        ));
    }
    (!clauses.is_empty()).then(|| format!("But {}.", clauses.join(", and ")))
}
