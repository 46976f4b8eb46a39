//! Checking a condition on the states in which executions end.
//!
//! It is an expression like any other, with two more forms: `0:x` is the value of a local of CPU 0's block at the
//! end, and `fault(0)` says whether that block ended by a fault. The values that it reads are collected, each once;
//! the rest is a term over them.

use crate::check::env::Env;
use crate::check::hir::{Body, Kind, Local, LocalId, Lvalue, Node, StandsFor, Uses};
use crate::check::{Checker, Home};
use crate::diagnostic::nearest::did_you_mean;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::program::{Finale, Leaf, MAX_OBSERVED, Observed, Operand, Place, Reg, Term, Type};
use crate::source::{Site, SourceId, Span};
use crate::syntax::{Amount, Expr, Name, Scenario};

/// A condition, and which locals of cpu blocks keep their registers for it.
#[derive(Debug, Default)]
pub(crate) struct CheckedFinale {
    pub(crate) finale: Option<Finale>,
    /// CPU and local; those of a CPU in the order of their registers, from 0.
    pub(crate) kept: Vec<(u8, LocalId)>,
    pub(crate) uses: Uses,
}

impl CheckedFinale {
    /// The locals of a CPU's block that keep their registers.
    pub(crate) fn kept_of(&self, cpu: u8) -> Vec<LocalId> {
        self.kept.iter().filter(|kept| kept.0 == cpu).map(|kept| kept.1).collect()
    }

    fn register(&mut self, cpu: u8, local: LocalId) -> Reg {
        let of_cpu = self.kept_of(cpu);
        let place = of_cpu.iter().position(|&kept| kept == local).unwrap_or_else(|| {
            self.kept.push((cpu, local));
            of_cpu.len()
        });
        Reg::try_from(place).unwrap_or(Reg::MAX)
    }
}

/// Checks what a scenario, or one of its cases, asks of final states.
pub(crate) fn finale(
    env: &Env,
    out: &mut Diagnostics,
    text: &str,
    scenario: &Scenario,
    asked: Option<&crate::syntax::Finale>,
    blocks: &[(u8, Body)],
) -> CheckedFinale {
    let asked_here = asked;
    let Some(asked) = asked.or(scenario.finale.as_ref()) else {
        let stray = scenario.filter.iter().chain(&scenario.locations).next();
        if let Some(expr) = stray.filter(|_| scenario.cases.iter().all(|case| case.finale.is_none())) {
            let message = "this belongs to a condition on final states, and there is none";
            let advice = "write `exists (...)`, `~exists (...)` or `forall (...)`";
            out.push(Diagnostic::error(SourceId::SCENARIO, expr.span, message).advice(advice));
        }
        return CheckedFinale::default();
    };
    let mut checker = Checker::new(env, out, SourceId::SCENARIO, Home::Final);
    checker.blocks = blocks;
    let condition = checker.condition(&asked.condition);
    let filter = scenario.filter.as_ref().map(|filter| checker.condition(filter));
    let shown: Vec<Node> = scenario.locations.iter().map(|location| checker.value(location)).collect();
    let mut terms = Terms { checker, text, checked: CheckedFinale::default(), observed: Vec::new() };
    for node in &shown {
        terms.location(node);
    }
    let condition = terms.term(&condition);
    let filter = filter.map(|filter| terms.term(&filter));
    let Terms { checker, mut checked, observed, .. } = terms;
    checked.uses = checker.uses;
    let mut finale = Finale {
        quantifier: asked_here.map(|asked| asked.quantifier),
        filter,
        condition,
        observed,
        site: Site {
            source: SourceId::SCENARIO,
            span: asked.span,
            function: format!("scenario \"{}\"", scenario.name.value),
            callers: Vec::new(),
        },
    };
    finale.sort();
    checked.finale = Some(finale);
    checked
}

impl Checker<'_> {
    /// `0:x`
    pub(crate) fn of(&mut self, cpu: Amount, name: &Name, span: Span) -> Node {
        if self.home != Home::Final {
            let advice = "a block can't see the locals of another block: use a variable that both can see";
            self.error(span, "this belongs in a condition on final states", Some(advice));
            return Self::unknown(span);
        }
        let Some((number, body)) = self.block_of(cpu) else { return Self::unknown(span) };
        let named: Vec<LocalId> =
            (0..body.locals.len()).filter(|&id| body.locals[id].name == name.text).collect();
        let (message, advice) = match named[..] {
            [local] if body.locals[local].fixed.is_none() => {
                let ty = body.locals[local].ty;
                return self.stand_for(StandsFor::Local(number, local), ty, span);
            }
            [_] => ("the variable of a loop has no value at the end".to_owned(), None),
            [] => {
                let message = format!("the block of CPU {} has no local `{}`", cpu.value, name.text);
                (message, did_you_mean(&name.text, body.locals.iter().map(|local| local.name.as_str())))
            }
            _ => {
                let message =
                    format!("the block of CPU {} has more than one local `{}`", cpu.value, name.text);
                (
                    message,
                    Some("give each a name of its own, or declare it once, before the blocks".to_owned()),
                )
            }
        };
        self.error(name.span, message, advice.as_deref());
        Self::unknown(span)
    }

    /// `fault(0)`, the only call in a condition on final states that does more than compute.
    pub(crate) fn fault(&mut self, name: &Name, args: &[Expr], span: Span) -> Option<Node> {
        if name.text != "fault" {
            let message = format!("a condition on final states can't call `{}`", name.text);
            let advice = "it reads 0:local, variables, pte(m, va) and fault(0)";
            self.error(name.span, message, Some(advice));
            return None;
        }
        let cpu = match args {
            [arg] => self.typed(arg, Type::Cpu, "the argument"),
            _ => {
                self.error(span, "`fault` takes the number of a CPU", Some("write `fault(0)`"));
                return None;
            }
        };
        let Kind::Const(value) = cpu.kind else {
            self.error(cpu.span, "this must be a constant", Some("write `fault(0)`"));
            return None;
        };
        cpu.ty?;
        let (number, _) = self.block_of(Amount { value, span: cpu.span, named: false })?;
        Some(self.stand_for(StandsFor::Fault(number), Some(Type::Bool), span))
    }

    /// The block of a CPU, with its number.
    fn block_of(&mut self, cpu: Amount) -> Option<(u8, &'_ Body)> {
        let blocks = self.blocks;
        let block = blocks.iter().find(|block| u64::from(block.0) == cpu.value);
        let block = block.map(|block| (block.0, &block.1));
        if block.is_none() {
            let message = format!("CPU {} has no block", cpu.value);
            let there: Vec<String> = blocks.iter().map(|block| block.0.to_string()).collect();
            let advice = format!("the scenario has blocks for CPUs {}", there.join(", "));
            self.error(cpu.span, message, Some(&advice));
        }
        block
    }

    /// A local of the condition that stands for an outcome.
    fn stand_for(&mut self, outcome: StandsFor, ty: Option<Type>, span: Span) -> Node {
        let place = self.stands_for.iter().position(|&other| other == outcome).unwrap_or_else(|| {
            let name = String::new();
            self.locals.push(Local { name, ty, span, mutated: false, used: true, fixed: None });
            self.stands_for.push(outcome);
            self.stands_for.len() - 1
        });
        Node { kind: Kind::Local(place), ty, span }
    }
}

/// Makes terms of checked conditions.
struct Terms<'a> {
    checker: Checker<'a>,
    text: &'a str,
    checked: CheckedFinale,
    observed: Vec<Observed>,
}

impl Terms<'_> {
    /// Something that is shown of each final state.
    fn location(&mut self, node: &Node) {
        if !matches!(self.term(node), Term::Observed(_)) && node.ty.is_some() {
            let advice = "name a local as 0:x, a variable, an entry pte(m, va) or fault(0)";
            self.checker.error(node.span, "this cannot be observed", Some(advice));
        }
    }

    fn term(&mut self, node: &Node) -> Term {
        let mut both = |a: &Node, b: &Node| (Box::new(self.term(a)), Box::new(self.term(b)));
        match &node.kind {
            Kind::Const(value) => Term::Const(*value),
            Kind::Bin(op, a, b) => {
                let (a, b) = both(a, b);
                Term::Bin(*op, a, b)
            }
            Kind::And(a, b) => {
                let (a, b) = both(a, b);
                Term::And(a, b)
            }
            Kind::Or(a, b) => {
                let (a, b) = both(a, b);
                Term::Or(a, b)
            }
            Kind::Not(a) => Term::Not(Box::new(self.term(a))),
            Kind::Local(place) => self.outcome(*place, node),
            Kind::Load(place) => match self.memory(place) {
                Some(memory) => {
                    let name = node.span.of(self.text).split_whitespace().collect::<Vec<_>>().join(" ");
                    self.observe(name, Leaf::Place(memory), node)
                }
                None => {
                    let advice =
                        "indices, CPUs and address spaces are constants here: `per_cpu(x, 0)`, `x[1]`";
                    self.checker.error(node.span, "this does not say which variable is meant", Some(advice));
                    Term::Const(0)
                }
            },
            Kind::ThisCpu
            | Kind::PgdOf(_)
            | Kind::Try(..)
            | Kind::Rmw(_)
            | Kind::Call(..)
            | Kind::Operation(..) => {
                let advice = "it reads 0:local, variables, pte(m, va) and fault(0)";
                self.checker.error(node.span, "a condition on final states can't ask this", Some(advice));
                Term::Const(0)
            }
        }
    }

    fn outcome(&mut self, place: LocalId, node: &Node) -> Term {
        match self.checker.stands_for.get(place).copied() {
            Some(StandsFor::Local(cpu, local)) => {
                let blocks = self.checker.blocks;
                let body = blocks.iter().find(|block| block.0 == cpu).map(|block| &block.1);
                let name = body.and_then(|body| body.locals.get(local)).map_or("?", |local| &local.name);
                let name = format!("{cpu}:{name}");
                let reg = self.checked.register(cpu, local);
                self.observe(name, Leaf::Local { cpu, reg }, node)
            }
            Some(StandsFor::Fault(cpu)) => self.observe(format!("fault({cpu})"), Leaf::Fault(cpu), node),
            None => Term::Const(0),
        }
    }

    fn observe(&mut self, name: String, leaf: Leaf, node: &Node) -> Term {
        let there = self.observed.iter().position(|observed| observed.leaf == leaf);
        let place = there.unwrap_or_else(|| {
            // Without a type there is an error, and no program.
            self.observed.push(Observed { name, leaf, ty: node.ty.unwrap_or(Type::Int) });
            self.observed.len() - 1
        });
        if place == MAX_OBSERVED && there.is_none() {
            let message = format!("more than {MAX_OBSERVED} values are observed");
            self.checker.error(node.span, message, None);
        }
        Term::Observed(u8::try_from(place).unwrap_or(u8::MAX))
    }

    /// A place all of whose parts are constants.
    fn memory(&self, place: &Lvalue) -> Option<Place> {
        let constant = |node: &Node| match node.kind {
            Kind::Const(value) => Some(Operand::Const(value)),
            _ => None,
        };
        let part = |node: &Option<Node>| node.as_ref().map_or(Some(Operand::Const(0)), constant);
        Some(match place {
            Lvalue::Cell { var, owner, index } => {
                Place::Cell { var: *var, owner: part(owner)?, index: part(index)? }
            }
            Lvalue::Entry { level, mm, va } => {
                Place::Entry { level: *level, mm: constant(mm)?, va: constant(va)? }
            }
            // What an address leads to depends on who asks.
            Lvalue::Linear { .. } => return None,
            Lvalue::Word { frame, index } => Place::Word { frame: constant(frame)?, index: constant(index)? },
        })
    }
}
