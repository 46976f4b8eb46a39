//! Reading a table of costs from its text, and from those that it extends.

use super::{Costs, Figure, Unit, Value};
use crate::diagnostic::nearest::did_you_mean;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::parse::parse;
use crate::source::{SourceId, Span};
use crate::syntax::{CostsDecl, File};

/// The most tables that may extend one another.
const MOST: usize = 8;

/// The name of a text with a table of costs; nothing if it is none.
#[must_use]
pub fn costs_name(text: &str) -> Option<String> {
    match parse(text, SourceId::SCENARIO, &mut Diagnostics::default()) {
        Some(File::Costs(table)) => Some(table.name.value),
        _ => None,
    }
}

/// Reads a table of costs. `find` gives the texts of tables that it may extend, by name.
///
/// # Errors
/// With what is wrong in it.
pub fn costs<'a>(text: &'a str, find: &dyn Fn(&str) -> Option<&'a str>) -> Result<Costs, Vec<Diagnostic>> {
    let mut out = Diagnostics::default();
    let costs = read(text, find, &mut out, MOST);
    match costs {
        Some(costs) if !out.failed() => Ok(costs),
        _ => Err(out.finish()),
    }
}

fn read<'a>(
    text: &'a str,
    find: &dyn Fn(&str) -> Option<&'a str>,
    out: &mut Diagnostics,
    left: usize,
) -> Option<Costs> {
    let table = match parse(text, SourceId::SCENARIO, out)? {
        File::Costs(table) => *table,
        File::Kernel(_) | File::Scenario(_) => {
            let advice = "a table of costs begins with `costs \"name\" {`";
            let start = Span { start: 0, end: 0 };
            let message = "this is no table of costs";
            out.push(Diagnostic::error(SourceId::SCENARIO, start, message).advice(advice));
            return None;
        }
    };
    let base = match &table.extends {
        None => None,
        Some(_) if out.failed() => None,
        Some(name) => {
            let mut inner = Diagnostics::default();
            let text = find(&name.value);
            let found = text.filter(|_| left > 0).and_then(|text| read(text, find, &mut inner, left - 1));
            let why = match (text, found.is_some() && !inner.failed()) {
                (_, true) => None,
                (None, _) => Some(format!("there are no costs \"{}\"", name.value)),
                (Some(_), _) if left == 0 => Some(format!("more than {MOST} tables extend one another")),
                (Some(_), _) => Some(format!("the costs \"{}\" have errors themselves", name.value)),
            };
            if let Some(why) = why {
                out.push(Diagnostic::error(SourceId::SCENARIO, name.span, why));
                return None;
            }
            found
        }
    };
    together(table, base, out)
}

/// The values of a table, with those of the one that it extends.
fn together(table: CostsDecl, base: Option<Costs>, out: &mut Diagnostics) -> Option<Costs> {
    let extends = base.is_some() || table.extends.is_some();
    let mut with = base.as_ref().map(|base| base.with.clone()).unwrap_or_default();
    let mut values: Vec<Option<Value>> = match base {
        Some(base) => base.values.into_iter().map(Some).collect(),
        None => vec![None; Figure::ALL.len()],
    };
    let mut said: Vec<Figure> = Vec::new();
    for given in table.figures {
        let name = given.name.text.as_str();
        let Some(&figure) = Figure::ALL.iter().find(|figure| figure.name() == name) else {
            let advice = did_you_mean(name, Figure::ALL.iter().map(|figure| figure.name()));
            let advice = advice.unwrap_or_else(|| "docs/cost.md lists the figures".to_owned());
            let message = format!("there is no figure `{name}`");
            out.push(Diagnostic::error(SourceId::SCENARIO, given.name.span, message).advice(advice));
            continue;
        };
        if given.unit != figure.unit() {
            let (message, advice) = match figure.unit() {
                Unit::Time => (format!("`{name}` is a time"), "the units are ps, ns, us, ms and s"),
                Unit::Entries => (format!("`{name}` is a number of entries"), "write `1536 entries`"),
            };
            out.push(Diagnostic::error(SourceId::SCENARIO, given.amount.span, message).advice(advice));
        }
        if let Err(message) = figure.may_be(given.amount.value) {
            out.push(Diagnostic::error(SourceId::SCENARIO, given.amount.span, message));
        }
        if said.contains(&figure) {
            let message = format!("`{name}` is given twice");
            out.push(Diagnostic::error(SourceId::SCENARIO, given.name.span, message));
        }
        said.push(figure);
        values[figure as usize] =
            Some(Value { amount: given.amount.value, sure: given.sure, source: given.source.value });
    }
    let missing: Vec<&str> = Figure::ALL
        .iter()
        .filter(|&&figure| values[figure as usize].is_none())
        .map(|figure| figure.name())
        .collect();
    if !missing.is_empty() && !extends && !out.failed() {
        let message = format!("this table has no {}", missing.join(", "));
        let advice = format!("give each a value, or write `costs \"{}\" extends \"...\"`", table.name.value);
        out.push(Diagnostic::error(SourceId::SCENARIO, table.name.span, message).advice(advice));
    }
    for (option, choice) in table.with {
        with.retain(|(name, _)| *name != option.text);
        with.push((option.text, choice.text));
    }
    let about = table.about.into_iter().map(|text| text.value).collect();
    Some(Costs { name: table.name.value, about, with, values: values.into_iter().collect::<Option<_>>()? })
}
