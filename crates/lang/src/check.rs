//! From tree to checked tree: what all checks share. Statements are in `stmt`, expressions in `expr`, places in
//! `place`, built-in functions in `call`.
//!
//! A mistake is reported once. Its value then has no type, and a value without a type fits everywhere.

pub(crate) mod alike;
pub(crate) mod builtin;
mod call;
mod checker;
pub(crate) mod constant;
pub(crate) mod declare;
pub(crate) mod env;
mod expr;
pub(crate) mod finale;
pub(crate) mod graph;
pub(crate) mod hir;
pub(crate) mod initial;
pub(crate) mod intrusions;
mod linux;
pub(crate) mod machine;
pub(crate) mod options;
mod place;
mod stmt;

pub(crate) use checker::{Checker, Home, agree, number, type_of};

use crate::check::env::Env;
use crate::check::hir::{Body, Kind, Uses};
use crate::diagnostic::Diagnostics;
use crate::program::Type;
use crate::source::SourceId;
use crate::syntax::{CpuBlock, Expr, Function, InvariantDecl};

/// Checks a function of the kernel.
pub(crate) fn function(env: &Env, out: &mut Diagnostics, function: &Function, ret: Option<Type>) -> Body {
    let mut checker = Checker::new(env, out, SourceId::KERNEL, Home::Kernel(function.kind));
    checker.ret = ret;
    checker.returns = function.ret.is_some();
    for (name, ty) in &function.params {
        let ty = Type::named(&ty.text);
        checker.declare(name, ty, None);
    }
    let params = checker.locals.len();
    // What the CPU runs afterwards is a use too.
    let owner = function.then.as_ref().and_then(|then| then.mm.as_ref());
    for local in &mut checker.locals {
        local.used |= owner.is_some_and(|owner| owner.text == local.name);
    }
    let stmts = checker.block(&function.body);
    if checker.returns && !crate::check::stmt::ends(&stmts) {
        let message = format!("`{}` may end without a value", function.name.text);
        checker.error(function.name.span, message, Some("return a value on every path"));
    }
    checker.finish(function.name.text.clone(), params, stmts, function.body.span)
}

/// Checks a cpu block of a scenario.
pub(crate) fn cpu_block(env: &Env, out: &mut Diagnostics, block: &CpuBlock, name: String) -> Body {
    let mut checker = Checker::new(env, out, SourceId::SCENARIO, Home::Cpu);
    let stmts = checker.block(&block.body);
    checker.finish(name, 0, stmts, block.body.span)
}

/// Checks an invariant of a kernel or a scenario.
pub(crate) fn invariant(env: &Env, out: &mut Diagnostics, source: SourceId, decl: &InvariantDecl) -> Body {
    let mut checker = Checker::new(env, out, source, Home::Invariant);
    let stmts = checker.block(&decl.body);
    checker.finish(format!("invariant \"{}\"", decl.name.value), 0, stmts, decl.body.span)
}

/// The value of a constant expression, and its type. `want` is the type it must have, if that is known.
pub(crate) fn constant(
    env: &Env,
    out: &mut Diagnostics,
    source: SourceId,
    expr: &Expr,
    want: Option<Type>,
) -> (Option<Type>, u64, Uses) {
    let mut checker = Checker::new(env, out, source, Home::Constant);
    let mut node = checker.value(expr);
    if want.is_some() {
        node = checker.coerce(node, want, "the value");
    }
    let value = match (node.ty, node.kind) {
        (_, Kind::Const(value)) => value,
        (None, _) => 0,
        _ => {
            checker.error(expr.span, "this must be a constant", Some("it is decided before anything runs"));
            return (None, 0, checker.uses);
        }
    };
    (node.ty, value, checker.uses)
}
