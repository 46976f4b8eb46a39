//! Checking places: what can be loaded, stored to, and changed by a locked operation.

use crate::check::Checker;
use crate::check::builtin::{self, Meaning};
use crate::check::env::Entity;
use crate::check::hir::{Kind, LocalId, Lvalue, MakeValue, Node};
use crate::diagnostic::Diagnostic;
use crate::diagnostic::nearest::did_you_mean;
use crate::ordered::Ordered;
use crate::program::{Level, Op, Scope, Type, VarId};
use crate::source::Span;
use crate::syntax::{Expr, ExprKind, Name};

/// What an expression names, before it is known whether it is read or written.
pub(crate) enum Target {
    /// Memory, completely named.
    Place(Lvalue, Option<Type>),
    /// A variable; an array may still lack its index.
    Var { var: VarId, owner: Option<Node>, index: Option<Node> },
    /// A group of variables that still lacks the field.
    Group { name: String, fields: Ordered<String, VarId>, owner: Option<Node>, index: Option<Node> },
    /// A local.
    Local(LocalId),
    /// Nothing in memory.
    Value(Node),
}

impl Checker<'_> {
    /// What `expr` names.
    pub(crate) fn target(&mut self, expr: &Expr) -> Target {
        match &expr.kind {
            ExprKind::Name(name) => self.name_target(name, expr.span),
            ExprKind::Field(base, field) => self.field_target(base, field, expr.span),
            ExprKind::Index(base, index) => self.index_target(base, index, expr.span),
            ExprKind::Call(name, args) => self.call_target(name, args, expr.span),
            _ => Target::Value(self.value(expr)),
        }
    }

    /// Reads what has been named.
    pub(crate) fn read(&mut self, target: Target, span: Span) -> Node {
        match target {
            Target::Value(node) => Node { span, ..node },
            Target::Local(id) => {
                self.locals[id].used = true;
                Node { kind: Kind::Local(id), ty: self.locals[id].ty, span }
            }
            other => match self.complete(other, span) {
                Some((place, ty)) => Node { kind: Kind::Load(Box::new(place)), ty, span },
                None => Self::unknown(span),
            },
        }
    }

    /// A place for a locked operation or a store.
    pub(crate) fn place(&mut self, expr: &Expr, purpose: &str) -> Option<(Lvalue, Option<Type>)> {
        let target = self.target(expr);
        match target {
            Target::Local(id) => {
                let message =
                    format!("`{}` is a local variable: {purpose} needs memory", self.locals[id].name);
                self.error(
                    expr.span,
                    message,
                    Some("nobody else sees a local: `let y = x + 1;` or `x = x + 1;`"),
                );
                None
            }
            Target::Value(node) => {
                if node.ty.is_some() {
                    let message = format!("{purpose} needs a place in memory, this is a value");
                    let advice =
                        "places are variables, m.field, pte(m, va), per_cpu(v, c) and words f[0] of a frame";
                    self.error(expr.span, message, Some(advice));
                }
                None
            }
            other => self.complete(other, expr.span),
        }
    }

    /// A place with nothing missing.
    fn complete(&mut self, target: Target, span: Span) -> Option<(Lvalue, Option<Type>)> {
        match target {
            Target::Place(place, ty) => Some((place, ty)),
            Target::Var { var, owner, index } => {
                let variable = &self.env.vars[usize::from(var)];
                if variable.array && index.is_none() {
                    let advice = format!("write `{}[i]`", variable.name);
                    let message = format!("`{}` is an array", variable.name);
                    self.error(span, message, Some(&advice));
                    return None;
                }
                self.uses.vars.insert(var);
                Some((Lvalue::Cell { var, owner, index }, Some(variable.ty)))
            }
            Target::Group { name, fields, index, .. } => {
                let field = fields.keys().next().cloned().unwrap_or_default();
                let index = if index.is_some() { "[i]" } else { "" };
                let advice = format!("name a field: `{name}{index}.{field}`");
                self.error(span, format!("`{name}` is a group of variables"), Some(&advice));
                None
            }
            Target::Local(_) | Target::Value(_) => None,
        }
    }

    fn name_target(&mut self, name: &str, span: Span) -> Target {
        if let Some(id) = self.local(name) {
            return Target::Local(id);
        }
        let scenario_mm =
            self.knows_mms() && (self.env.mms.contains_key(name) || self.env.tasks.contains_key(name));
        if !scenario_mm {
            let this = || Node { kind: Kind::ThisCpu, ty: Some(Type::Cpu), span };
            match self.entity(name) {
                Some(Entity::Var(var)) => {
                    let owner = (self.env.vars[usize::from(var)].scope == Scope::PerCpu).then(this);
                    return Target::Var { var, owner, index: None };
                }
                Some(Entity::Group(fields)) => {
                    let percpu =
                        fields.values().any(|&v| self.env.vars[usize::from(v)].scope == Scope::PerCpu);
                    let owner = percpu.then(this);
                    return Target::Group { name: name.to_owned(), fields, owner, index: None };
                }
                _ => {}
            }
        }
        Target::Value(self.constant_name(name, span))
    }

    fn field_target(&mut self, base: &Expr, field: &Name, span: Span) -> Target {
        let target = self.target(base);
        if let Target::Group { name, fields, owner, index } = target {
            let Some(&var) = fields.get(&field.text) else {
                let advice =
                    did_you_mean(&field.text, fields.keys().map(String::as_str)).unwrap_or_else(|| {
                        let list: Vec<&str> = fields.keys().map(String::as_str).collect();
                        format!("it has {}", list.join(", "))
                    });
                let message = format!("`{name}` has no field `{}`", field.text);
                self.out.push(Diagnostic::error(self.source, field.span, message).advice(advice));
                return Target::Value(Self::unknown(span));
            };
            if self.env.vars[usize::from(var)].array && index.is_none() {
                let advice = format!("write `{name}[i].{}`", field.text);
                self.error(base.span, format!("`{name}` is an array"), Some(&advice));
                return Target::Value(Self::unknown(span));
            }
            return Target::Var { var, owner, index };
        }
        let mm = self.read(target, base.span);
        match mm.ty {
            Some(Type::Mm) => {
                self.reject_switching(&mm);
                self.mm_field(mm, field, span)
            }
            Some(Type::Task) if field.text == "mm" => {
                let make: MakeValue = |operands, dst| Some(Op::MmOfTask { dst, task: *operands.first()? });
                Target::Value(Node { kind: Kind::Operation(make, vec![mm]), ty: Some(Type::Mm), span })
            }
            Some(ty) => {
                let message = format!("{} has no fields", ty.name());
                let advice = (ty == Type::Frame).then_some("a word of a frame is `f[0]`");
                self.error(
                    span,
                    message,
                    advice.or(Some("mm and groups of variables have fields, and a task has `mm`")),
                );
                Target::Value(Self::unknown(span))
            }
            None => Target::Value(Self::unknown(span)),
        }
    }

    fn mm_field(&mut self, mm: Node, field: &Name, span: Span) -> Target {
        if field.text == "pgd" {
            return Target::Value(Node { kind: Kind::PgdOf(Box::new(mm)), ty: Some(Type::Frame), span });
        }
        match self.env.fields.get(&field.text).map(|d| d.entity.clone()) {
            Some(Entity::Var(var)) => Target::Var { var, owner: Some(mm), index: None },
            Some(Entity::Group(fields)) => {
                Target::Group { name: field.text.clone(), fields, owner: Some(mm), index: None }
            }
            _ => {
                let fields = self.env.fields.keys().map(String::as_str).chain(["pgd"]);
                let elsewhere = match self.env.names.get(&field.text).map(|d| &d.entity) {
                    Some(Entity::Var(_) | Entity::Group(_)) => {
                        Some(format!("`{}` is not declared with mm: write it alone", field.text))
                    }
                    _ => None,
                };
                let advice = elsewhere
                    .or_else(|| did_you_mean(&field.text, fields))
                    .unwrap_or_else(|| format!("declare it: `mm {}: int = 0;`", field.text));
                let message = format!("an mm has no field `{}`", field.text);
                self.out.push(Diagnostic::error(self.source, field.span, message).advice(advice));
                Target::Value(Self::unknown(span))
            }
        }
    }

    /// What helps if something that has no elements is given an index.
    fn elements(&self, base: &Expr) -> String {
        if let ExprKind::Name(name) = &base.kind
            && let Some(Entity::Var(var)) = self.declared(name)
            && self.env.vars[usize::from(*var)].scope == Scope::PerCpu
        {
            return format!("another CPU's variable is `per_cpu({name}, c)`");
        }
        "arrays and page frames have elements; an array is declared `name[4]: int`".to_owned()
    }

    fn index_target(&mut self, base: &Expr, index: &Expr, span: Span) -> Target {
        match self.target(base) {
            Target::Var { var, owner, index: None } if self.env.vars[usize::from(var)].array => {
                let len = self.env.vars[usize::from(var)].len;
                let index = Some(self.index(index, len.into()));
                Target::Var { var, owner, index }
            }
            Target::Group { name, fields, owner, index: None } => {
                let first = fields.values().next().map(|&v| &self.env.vars[usize::from(v)]);
                match first {
                    Some(variable) if !variable.array => {
                        self.error(base.span, format!("`{name}` is not an array"), None);
                        Target::Value(Self::unknown(span))
                    }
                    first => {
                        let len = first.map_or(0, |v| v.len);
                        let index = Some(self.index(index, len.into()));
                        Target::Group { name, fields, owner, index }
                    }
                }
            }
            target => {
                let frame = self.read(target, base.span);
                match frame.ty {
                    Some(Type::Frame) => {
                        let index = self.index(index, 512);
                        Target::Place(Lvalue::Word { frame, index }, Some(Type::Int))
                    }
                    Some(ty) => {
                        let message = format!("{} has no elements", ty.name());
                        let advice = self.elements(base);
                        self.error(base.span, message, Some(&advice));
                        Target::Value(Self::unknown(span))
                    }
                    None => {
                        self.value(index);
                        Target::Value(Self::unknown(span))
                    }
                }
            }
        }
    }

    /// A CPU's number may count elements too.
    fn index(&mut self, expr: &Expr, len: u64) -> Node {
        let node = self.value(expr);
        let node = match node.ty {
            Some(Type::Cpu | Type::Task) => node,
            _ => self.coerce(node, Some(Type::Int), "an index"),
        };
        if let (Kind::Const(value), Some(_)) = (&node.kind, node.ty)
            && *value >= len
        {
            let advice = format!("elements are numbered 0 to {}", len.saturating_sub(1));
            self.error(node.span, format!("there is no element {value}"), Some(&advice));
            return Node::number(0, Type::Int, node.span);
        }
        node
    }

    fn call_target(&mut self, name: &Name, args: &[Expr], span: Span) -> Target {
        let meaning = builtin::function(&name.text).map(|builtin| builtin.meaning);
        match (meaning, args) {
            (Some(Meaning::Entry), [mm, va]) => {
                let top = self.env.machine.top;
                let level = Level::from_linux_name(&name.text, top).unwrap_or(top);
                let mm = self.typed(mm, Type::Mm, "the first argument");
                let va = self.typed(va, Type::Va, "the second argument");
                self.reject_switching(&mm);
                Target::Place(Lvalue::Entry { level, mm, va }, Some(Type::Pte))
            }
            (Some(Meaning::PerCpu), [variable, cpu]) => {
                let target = self.target(variable);
                let cpu = self.typed(cpu, Type::Cpu, "the second argument");
                self.per_cpu(target, cpu, variable.span)
            }
            _ => Target::Value(self.call(name, args, span)),
        }
    }

    fn per_cpu(&mut self, target: Target, cpu: Node, span: Span) -> Target {
        let percpu = |var: VarId| self.env.vars[usize::from(var)].scope == Scope::PerCpu;
        match target {
            Target::Var { var, index, .. } if percpu(var) => {
                self.uses.remote.insert(var);
                Target::Var { var, owner: Some(cpu), index }
            }
            Target::Group { name, fields, index, .. } if fields.values().any(|&v| percpu(v)) => {
                self.uses.remote.extend(fields.values());
                Target::Group { name, fields, owner: Some(cpu), index }
            }
            Target::Value(Node { ty: None, .. }) => Target::Value(Self::unknown(span)),
            _ => {
                self.error(
                    span,
                    "per_cpu needs a percpu variable",
                    Some("declare it `percpu name: int = 0;`"),
                );
                Target::Value(Self::unknown(span))
            }
        }
    }

    /// `LOADED_MM_SWITCHING` is not an mm, so it has no fields.
    fn reject_switching(&mut self, mm: &Node) {
        if matches!(mm.kind, Kind::Const(value) if value == u64::from(crate::program::NO_MM))
            && mm.ty.is_some()
        {
            self.error(
                mm.span,
                "LOADED_MM_SWITCHING is not an mm",
                Some("it can only be stored and compared"),
            );
        }
    }
}
