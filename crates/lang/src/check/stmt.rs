//! Checking statements.

use crate::check::builtin::{self, Meaning};
use crate::check::env::Entity;
use crate::check::hir::{Kind, Local, LocalId, Lvalue, Node, Stmt, StmtKind};
use crate::check::{Checker, Home, number};
use crate::diagnostic::Diagnostic;
use crate::diagnostic::nearest::did_you_mean;
use crate::program::{Bin, Operand, Type};
use crate::source::Span;
use crate::syntax::{self, Block, Expr, ExprKind, FunctionKind, Name, Range, Send};

impl Checker<'_> {
    /// The statements of a block, in a scope of their own.
    pub(crate) fn block(&mut self, block: &Block) -> Vec<Stmt> {
        self.scopes.push(Vec::new());
        let mut stmts = Vec::new();
        let mut ended = false;
        let mut warned = false;
        for stmt in &block.stmts {
            if ended && !warned {
                let message = "this is never reached: the statement before it returns";
                self.out.push(Diagnostic::warning(self.source, stmt.span, message));
                warned = true;
            }
            if let Some(kind) = self.stmt(stmt) {
                stmts.push(Stmt { kind, span: stmt.span });
            }
            ended = ended || stmts.last().is_some_and(|s| ends_stmt(&s.kind));
        }
        self.scopes.pop();
        stmts
    }

    fn stmt(&mut self, stmt: &syntax::Stmt) -> Option<StmtKind> {
        match &stmt.kind {
            syntax::StmtKind::Let(name, ty, value) => Some(self.let_stmt(name, ty.as_ref(), value)),
            syntax::StmtKind::Assign(place, value) => self.assign(place, value),
            syntax::StmtKind::Expr(expr) => self.expr_stmt(expr),
            syntax::StmtKind::If(branches, otherwise) => {
                let branches = branches.iter().map(|(cond, block)| (self.condition(cond), self.block(block)));
                let branches = branches.collect();
                Some(StmtKind::If(branches, otherwise.as_ref().map(|b| self.block(b)).unwrap_or_default()))
            }
            syntax::StmtKind::While(cond, body) => {
                let cond = self.condition(cond);
                Some(StmtKind::While(cond, self.block(body)))
            }
            syntax::StmtKind::ForSet(name, set, body) => self.for_set(name, set, body),
            syntax::StmtKind::ForRange(name, range, body) => Some(self.for_range(name, range, body)),
            syntax::StmtKind::Return(value) => Some(self.return_stmt(value.as_ref(), stmt.span)),
            syntax::StmtKind::Until(cond) => self.until(cond),
            syntax::StmtKind::Ipi(send) => self.send(send, stmt.span),
            syntax::StmtKind::WaitIpis => {
                self.kernel_only("wait_ipis", stmt.span);
                Some(StmtKind::WaitIpis)
            }
            syntax::StmtKind::Block(block) => Some(StmtKind::Block(self.block(block))),
        }
    }

    fn let_stmt(&mut self, name: &Name, ty: Option<&Name>, value: &Expr) -> StmtKind {
        let written = ty.map(|ty| self.type_of(ty));
        let mut value = self.value(value);
        if let Some(want) = written {
            value = self.coerce(value, want, "the value");
        }
        let ty = written.unwrap_or(value.ty);
        let local = self.declare(name, ty, None);
        StmtKind::Set { local, value, fresh: true }
    }

    fn assign(&mut self, place: &Expr, value: &Expr) -> Option<StmtKind> {
        if let ExprKind::Name(name) = &place.kind
            && let Some(local) = self.local(name)
        {
            if let Some(fixed) = self.locals[local].fixed {
                self.error(
                    place.span,
                    format!("{fixed} cannot be changed"),
                    Some("use a while loop and a let"),
                );
            }
            self.locals[local].mutated = true;
            let value = self.value(value);
            let ty = self.locals[local].ty;
            let (is, told) = (value.ty, self.out.told());
            let value = self.coerce(value, ty, "the value");
            if self.out.told() > told {
                self.declared_otherwise(local, is);
            }
            return Some(StmtKind::Set { local, value, fresh: false });
        }
        let place = self.assignable(place);
        let value = self.value(value);
        let (place, ty) = place?;
        let value = self.coerce(value, ty, "the value");
        Some(StmtKind::Store(place, value))
    }

    /// Adds to what has just been reported where the local got its type.
    fn declared_otherwise(&mut self, local: LocalId, is: Option<Type>) {
        let Local { name, ty, span, .. } = &self.locals[local];
        let what = format!("`{name}` is {} since here", ty.map_or("", Type::name));
        let advice = (is == Some(Type::Bool) && *ty == Some(Type::Int))
            .then(|| format!("a local that begins as a bool is one: `let {name} = false;`"));
        self.out.add(self.source, *span, what, advice);
    }

    /// A place to store to, with advice for names that stand for none.
    fn assignable(&mut self, expr: &Expr) -> Option<(Lvalue, Option<Type>)> {
        match &expr.kind {
            ExprKind::Name(name) => match self.declared(name).cloned() {
                Some(Entity::Var(_) | Entity::Group(_)) => {}
                Some(entity) => {
                    let advice = match entity {
                        Entity::Option(_) => Some("options are chosen before anything runs"),
                        Entity::Const(..) => Some("declare it `global` to change it"),
                        _ => None,
                    };
                    self.error(expr.span, format!("`{name}` cannot be assigned"), advice);
                    return None;
                }
                None if self.strange(name) => {
                    let advice = format!("a new local begins with let: `let {name} = ...;`");
                    self.error(expr.span, format!("unknown name `{name}`"), Some(&advice));
                    return None;
                }
                None => {}
            },
            ExprKind::Field(_, field) if field.text == "pgd" => {
                self.error(expr.span, "the root of an mm cannot be changed", None);
                return None;
            }
            _ => {}
        }
        self.place(expr, "an assignment")
    }

    /// Whether no name is like this one.
    fn strange(&self, name: &str) -> bool {
        !self.env.fields.contains_key(name)
            && !self.env.mms.contains_key(name)
            && !builtin::is_builtin(name)
            && self.similar(name, false).is_none()
    }

    fn expr_stmt(&mut self, expr: &Expr) -> Option<StmtKind> {
        let ExprKind::Call(name, args) = &expr.kind else {
            // The parser has said that this does nothing.
            self.value(expr);
            return None;
        };
        let is_place = matches!(
            builtin::function(&name.text).map(|builtin| builtin.meaning),
            Some(Meaning::Entry | Meaning::PerCpu)
        );
        if is_place && !args.is_empty() {
            let node = self.value(expr);
            return Some(StmtKind::Value(node));
        }
        self.call_stmt(name, args, expr.span)
    }

    /// `for t in tasks { }`: the CPUs' own tasks first, then the threads. It is no keyword: what a text calls `tasks` is meant.
    fn for_tasks(&mut self, name: &Name, set: &Expr, body: &Block) -> Option<StmtKind> {
        let ExprKind::Name(tasks) = &set.kind else { return None };
        let declared = self.local(tasks).is_some() || self.env.vars.iter().any(|var| var.name == *tasks);
        if tasks != "tasks" || declared {
            return None;
        }
        let machine = &self.env.machine;
        let end = u64::from(machine.cpus) + u64::from(machine.threads);
        let from = Node::number(0, Type::Int, set.span);
        let to = Node::number(end, Type::Int, set.span);
        self.scopes.push(Vec::new());
        let local = self.declare(name, Some(Type::Task), Some("the variable of a for"));
        let body = self.block(body);
        self.scopes.pop();
        Some(StmtKind::ForRange { local, from, to, step: 1, body })
    }

    fn for_set(&mut self, name: &Name, set: &Expr, body: &Block) -> Option<StmtKind> {
        if let Some(over_tasks) = self.for_tasks(name, set, body) {
            return Some(over_tasks);
        }
        let set = self.value(set);
        let set = match set.ty {
            Some(ty) if number(ty) => {
                self.error(
                    set.span,
                    "this is a number, not a set of CPUs",
                    Some("count with `for v in 0 .. n { }`"),
                );
                Self::unknown(set.span)
            }
            _ => self.coerce(set, Some(Type::Cpus), "the set of a for"),
        };
        self.scopes.push(Vec::new());
        let local = self.declare(name, Some(Type::Cpu), Some("the variable of a for"));
        let body = self.block(body);
        self.scopes.pop();
        Some(StmtKind::ForSet { local, set, body })
    }

    fn for_range(&mut self, name: &Name, range: &Range, body: &Block) -> StmtKind {
        let from = self.typed(&range.from, Type::Int, "the first value");
        let to = self.typed(&range.to, Type::Int, "the end");
        let step = match &range.step {
            None => 1,
            Some(expr) => {
                let node = self.typed(expr, Type::Int, "the step");
                match (node.ty, node.kind) {
                    (Some(_), Kind::Const(0)) | (Some(_), Kind::Local(_) | Kind::Load(_)) => {
                        self.error(
                            expr.span,
                            "the step must be a constant above 0",
                            Some("use a while loop"),
                        );
                        1
                    }
                    (Some(_), Kind::Const(step)) => step,
                    (None, _) => 1,
                    _ => {
                        self.error(
                            expr.span,
                            "the step must be a constant above 0",
                            Some("use a while loop"),
                        );
                        1
                    }
                }
            }
        };
        self.scopes.push(Vec::new());
        let ty = if from.ty == Some(Type::Int) { to.ty } else { from.ty };
        let local = self.declare(name, ty, Some("the variable of a for"));
        let body = self.block(body);
        self.scopes.pop();
        StmtKind::ForRange { local, from, to, step, body }
    }

    fn return_stmt(&mut self, value: Option<&Expr>, span: Span) -> StmtKind {
        let value = match value {
            Some(expr) => {
                let node = self.value(expr);
                if !self.returns {
                    let advice = match self.home {
                        Home::Kernel(
                            FunctionKind::Ipi
                            | FunctionKind::Nmi
                            | FunctionKind::VmExit
                            | FunctionKind::Fault
                            | FunctionKind::Irq
                            | FunctionKind::Exit,
                        )
                        | Home::Cpu => None,
                        _ => Some("declare what it returns: `fn name(...) -> int`"),
                    };
                    self.error(expr.span, "nothing can be returned here", advice);
                }
                Some(self.coerce(node, self.ret, "the value"))
            }
            None => {
                if self.returns {
                    self.error(span, "this function returns a value", Some("write `return value;`"));
                }
                None
            }
        };
        StmtKind::Return(value)
    }

    fn send(&mut self, send: &Send, span: Span) -> Option<StmtKind> {
        self.kernel_only("ipi", span);
        let name = &send.handler;
        let entity = self.env.names.get(&name.text).map(|d| d.entity.clone());
        let handler = match entity {
            Some(Entity::Function(id))
                if matches!(self.env.functions[id].kind, FunctionKind::Ipi | FunctionKind::Irq) =>
            {
                id
            }
            other => {
                let message = match other {
                    None => format!("there is no interrupt handler `{}`", name.text),
                    Some(_) => format!("`{}` is not an interrupt handler", name.text),
                };
                let handlers = self.env.functions.iter().filter(|f| f.kind == FunctionKind::Ipi);
                let advice = match other {
                    Some(Entity::Function(_)) => Some("declare it with ipi".to_owned()),
                    _ => did_you_mean(&name.text, handlers.map(|f| f.name.as_str())).or_else(|| {
                        Some(format!("declare it in the kernel: `ipi {}(...) {{ }}`", name.text))
                    }),
                };
                self.out.push(Diagnostic::error(self.source, name.span, message).maybe(advice));
                return None;
            }
        };
        self.uses.sends.insert(handler);
        let signature = self.env.functions[handler].clone();
        let args = self.arguments(&name.text, &signature.params, signature.span, &send.args, span);
        let targets = self.typed(&send.targets, Type::Cpus, "the set after `to`");
        Some(StmtKind::Ipi { handler, args, targets, queued: send.queued, wait: send.wait })
    }

    fn kernel_only(&mut self, what: &str, span: Span) {
        if self.home == Home::Cpu {
            let advice = "write a sys function in the kernel and call that";
            self.error(span, format!("only the kernel can do `{what}`"), Some(advice));
        }
    }

    /// One comparison with exactly one read.
    fn until(&mut self, cond: &Expr) -> Option<StmtKind> {
        let node = self.condition(cond);
        node.ty?;
        // Each read is an access of its own: between two of them what the first has read may change.
        let several = matches!(node.kind, Kind::Or(..) | Kind::And(..));
        // An access through the MMU may fault, cache and use what is stale each time: a loop of loads does.
        if user_loads(&node) == Some(1) {
            let not = Node { kind: Kind::Not(Box::new(node)), ty: Some(Type::Bool), span: cond.span };
            return Some(StmtKind::While(not, Vec::new()));
        }
        let found = until(node);
        if found.is_none() {
            let advice = match several {
                true => {
                    "several reads are several steps: wait with `while !(a == 1 || b == 1) { }`, which reads both in each round"
                }
                false => {
                    "wait for one comparison with one read, as `until m.x == 0;`: read everything else into a let first"
                }
            };
            self.error(cond.span, "`until` cannot wait for this", Some(advice));
        }
        found
    }
}

/// How often evaluating it loads through the MMU; nothing if it touches anything else that another context can observe.
fn user_loads(node: &Node) -> Option<usize> {
    match &node.kind {
        Kind::Operation(make, args) => {
            let made = make(&[Operand::Const(0)], 0)?;
            let [va] = args.as_slice() else { return None };
            made.effects().only_loads_user().then_some(1 + user_loads(va)?)
        }
        Kind::Bin(_, a, b) => Some(user_loads(a)? + user_loads(b)?),
        Kind::Not(a) => user_loads(a),
        _ => unobserved(node).then_some(0),
    }
}

/// What an `until` waits for, if it has the right shape.
fn until(node: Node) -> Option<StmtKind> {
    let span = node.span;
    let zero = Node { kind: Kind::Const(0), ty: Some(Type::Int), span };
    let of = |place: Box<Lvalue>, cmp, value: Node, bit| {
        let shaped = unobserved_place(&place) && unobserved(&value);
        shaped.then_some(StmtKind::Until { place: *place, cmp, value, bit })
    };
    match node.kind {
        Kind::Load(place) => of(place, Bin::Ne, zero, false),
        Kind::Not(inner) => match inner.kind {
            Kind::Load(place) => of(place, Bin::Eq, zero, false),
            // `!(c in set)`
            Kind::Bin(Bin::In, cpu, set) => match set.kind {
                Kind::Load(place) => of(place, Bin::Disjoint, *cpu, true),
                _ => None,
            },
            _ => None,
        },
        Kind::Bin(Bin::In, a, b) => match (a.kind, b.kind) {
            (Kind::Load(place), b_kind) => of(place, Bin::In, Node { kind: b_kind, ..*b }, false),
            (a_kind, Kind::Load(place)) => of(place, Bin::And, Node { kind: a_kind, ..*a }, true),
            _ => None,
        },
        // pte_present(place)
        Kind::Bin(Bin::And, a, b) => match a.kind {
            Kind::Load(place) => of(place, Bin::And, *b, false),
            _ => None,
        },
        Kind::Bin(cmp, a, b) => {
            let mirrored = match cmp {
                Bin::Eq | Bin::Ne => cmp,
                Bin::Lt => Bin::Gt,
                Bin::Le => Bin::Ge,
                Bin::Gt => Bin::Lt,
                Bin::Ge => Bin::Le,
                _ => return None,
            };
            match (a.kind, b.kind) {
                (Kind::Load(place), b_kind) => of(place, cmp, Node { kind: b_kind, ..*b }, false),
                (a_kind, Kind::Load(place)) => of(place, mirrored, Node { kind: a_kind, ..*a }, false),
                _ => None,
            }
        }
        _ => None,
    }
}

/// Whether evaluating it touches nothing that another context can observe.
fn unobserved(node: &Node) -> bool {
    match &node.kind {
        Kind::Const(_) | Kind::ThisCpu | Kind::Local(_) => true,
        Kind::Bin(_, a, b) | Kind::And(a, b) | Kind::Or(a, b) => unobserved(a) && unobserved(b),
        Kind::Not(a) | Kind::PgdOf(a) => unobserved(a),
        _ => false,
    }
}

fn unobserved_place(place: &Lvalue) -> bool {
    match place {
        Lvalue::Cell { owner, index, .. } => owner.iter().chain(index).all(unobserved),
        Lvalue::Entry { mm, va, .. } => unobserved(mm) && unobserved(va),
        Lvalue::Word { frame, index } => unobserved(frame) && unobserved(index),
        Lvalue::Linear { va } => unobserved(va),
    }
}

/// Whether these statements always return.
pub(crate) fn ends(stmts: &[Stmt]) -> bool {
    stmts.iter().any(|s| ends_stmt(&s.kind))
}

fn ends_stmt(kind: &StmtKind) -> bool {
    match kind {
        StmtKind::Return(_) => true,
        StmtKind::Block(stmts) => ends(stmts),
        StmtKind::If(branches, otherwise) => branches.iter().all(|(_, b)| ends(b)) && ends(otherwise),
        // Nothing leaves such a loop but a return.
        StmtKind::While(cond, _) => matches!(cond.kind, Kind::Const(1..)),
        _ => false,
    }
}
