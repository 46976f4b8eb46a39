//! The graph of calls: recursion, what handlers touch, what is never used.

use crate::check::env::Env;
use crate::check::hir::{Body, FnId, Uses};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::source::{SourceId, Span};
use crate::syntax::{FunctionKind, Kernel, Name, OptionDecl};
use std::collections::BTreeSet;

/// Reports functions that call themselves, directly or through others.
pub(crate) fn recursion(out: &mut Diagnostics, env: &Env, functions: &[Body]) {
    #[derive(Clone, Copy, PartialEq)]
    enum Mark {
        New,
        Open,
        Done,
    }
    let mut marks = vec![Mark::New; functions.len()];
    for root in 0..functions.len() {
        if marks[root] != Mark::New {
            continue;
        }
        // Depth first with a stack of our own: a text may have thousands of functions in a row.
        let callees = |id: FnId| functions[id].uses.calls.keys().copied().collect::<Vec<FnId>>();
        let mut path: Vec<(FnId, Vec<FnId>)> = vec![(root, callees(root))];
        marks[root] = Mark::Open;
        while let Some((id, rest)) = path.last_mut() {
            let id = *id;
            let Some(next) = rest.pop() else {
                marks[id] = Mark::Done;
                path.pop();
                continue;
            };
            match marks[next] {
                Mark::Done => {}
                Mark::New => {
                    marks[next] = Mark::Open;
                    path.push((next, callees(next)));
                }
                Mark::Open => {
                    let from = path.iter().position(|(id, _)| *id == next).unwrap_or(0);
                    let cycle: Vec<FnId> = path[from..].iter().map(|(id, _)| *id).collect();
                    report(out, env, functions, &cycle);
                }
            }
        }
    }
}

fn report(out: &mut Diagnostics, env: &Env, functions: &[Body], cycle: &[FnId]) {
    let (Some(&first), Some(&last)) = (cycle.first(), cycle.last()) else { return };
    let name = |id: FnId| env.functions[id].name.as_str();
    let names: Vec<&str> = cycle.iter().chain([&first]).take(8).map(|&id| name(id)).collect();
    let message = format!("`{}` calls itself: {}", name(first), names.join(" -> "));
    let span = functions[last].uses.calls.get(&first).copied().unwrap_or(env.functions[first].span);
    let mut diagnostic =
        Diagnostic::error(SourceId::KERNEL, span, message).advice("functions are inlined, so write a loop");
    for pair in cycle.windows(2).take(8) {
        if let Some(&call) = functions[pair[0]].uses.calls.get(&pair[1]) {
            diagnostic = diagnostic.related(
                SourceId::KERNEL,
                call,
                format!("{} calls {}", name(pair[0]), name(pair[1])),
            );
        }
    }
    out.push(diagnostic);
}

/// The functions that run in interrupts of some kinds: handlers and what they call.
pub(crate) fn in_interrupts(env: &Env, functions: &[Body], kinds: &[FunctionKind]) -> BTreeSet<FnId> {
    let handlers = (0..functions.len()).filter(|&id| kinds.contains(&env.functions[id].kind));
    let mut todo: Vec<FnId> = handlers.collect();
    let mut reached = BTreeSet::new();
    while let Some(id) = todo.pop() {
        if reached.insert(id) {
            todo.extend(functions[id].uses.calls.keys());
        }
    }
    reached
}

/// Warns about options that a kernel inherits and that nothing uses.
/// `with` are the choices that the scenario makes.
pub(crate) fn left_behind(
    out: &mut Diagnostics,
    kernel: &Kernel,
    extended: &[Span],
    with: &[&(Name, Name)],
    bodies: &[&Body],
    others: &[&Uses],
) {
    let uses = bodies.iter().map(|body| &body.uses).chain(others.iter().copied());
    for (n, option) in kernel.options.iter().enumerate() {
        let span = option.name.span;
        let inherited = extended.iter().any(|text| text.start <= span.start && span.end <= text.end);
        if !inherited || uses.clone().any(|used| used.options.contains(&n)) {
            continue;
        }
        let name = &option.name.text;
        let message = format!("the inherited option `{name}` does nothing here: no code uses it");
        let advice = "use it in code of this kernel, or extend a kernel that does not have this option";
        out.push(Diagnostic::warning(SourceId::KERNEL, kernel.name.span, message).advice(advice));
        for (chosen, _) in with.iter().filter(|choice| choice.0.text == *name) {
            let message =
                format!("`{name}` changes nothing: no code of kernel \"{}\" uses it", kernel.name.value);
            out.push(Diagnostic::warning(SourceId::SCENARIO, chosen.span, message).advice("leave it out"));
        }
    }
}

/// Warns about what a kernel declares and neither its bodies nor `others` use.
pub(crate) fn unused(
    out: &mut Diagnostics,
    env: &Env,
    kernel: &Kernel,
    own: &[OptionDecl],
    bodies: &[&Body],
    others: &[&Uses],
) {
    let warn = |span, what: String, advice: &str| {
        Diagnostic::warning(SourceId::KERNEL, span, format!("{what} is never used")).advice(advice)
    };
    let mut uses = Uses::default();
    for used in bodies.iter().map(|body| &body.uses).chain(others.iter().copied()) {
        uses.options.extend(&used.options);
        uses.vars.extend(&used.vars);
        uses.sends.extend(&used.sends);
        for &(id, span) in used.calls.iter() {
            uses.calls.insert(id, span);
        }
    }
    for (n, option) in kernel.options.iter().chain(own).enumerate() {
        if !uses.options.contains(&n) {
            let source = if n < kernel.options.len() { SourceId::KERNEL } else { SourceId::SCENARIO };
            let message = format!("option `{}` is never used", option.name.text);
            let advice = "a switch that changes nothing misleads";
            out.push_unused(Diagnostic::warning(source, option.name.span, message).advice(advice));
        }
    }
    let mut var = 0u16;
    for decl in &kernel.vars {
        let fields: Vec<_> = match &decl.body {
            crate::syntax::VarBody::Plain(_) => vec![&decl.name],
            crate::syntax::VarBody::Group(fields) => fields.iter().map(|(name, _)| name).collect(),
        };
        for name in fields {
            // A kernel that only holds variables has them for scenarios, each of which uses some.
            if !uses.vars.contains(&var) && !kernel.functions.is_empty() {
                let full = env.vars.get(usize::from(var)).map_or(name.text.as_str(), |v| v.name.as_str());
                out.push_unused(warn(name.span, format!("variable `{full}`"), "leave it out"));
            }
            var = var.saturating_add(1);
        }
    }
    for (id, function) in kernel.functions.iter().enumerate() {
        let called = uses.calls.contains_key(&id) || uses.sends.contains(&id);
        let wanted = matches!(function.kind, FunctionKind::Fn | FunctionKind::Ipi | FunctionKind::Irq);
        if !called && wanted {
            let what = format!("function `{}`", function.name.text);
            out.push_unused(warn(function.name.span, what, "call it, send it, or leave it out"));
        }
    }
}
