//! Checking calls: built-in functions and the kernel's own.

use crate::check::builtin::{self, Allowed, BuiltinRow, Holds, LEVELS, Locked, Meaning, Wants};
use crate::check::constant;
use crate::check::env::{Entity, Then};
use crate::check::hir::{Answer, FnId, Kind, Local, LocalId, Lvalue, Node, Rmw, RmwOp, StmtKind};
use crate::check::machine::Halves;
use crate::check::{Checker, Home, linux, number};
use crate::diagnostic::Diagnostic;
use crate::program::Type;
use crate::source::{SourceId, Span};
use crate::syntax::{Expr, ExprKind, FunctionKind, Name};

/// A place and the type of what it holds; nothing after a mistake.
type Placed = (Lvalue, Option<Type>);

impl Checker<'_> {
    /// A call whose value is used.
    pub(crate) fn call(&mut self, name: &Name, args: &[Expr], span: Span) -> Node {
        match self.call_stmt(name, args, span) {
            Some(StmtKind::Value(node)) => match node.ty {
                None if matches!(node.kind, Kind::Call(id, _) if !self.env.functions[id].returns) => {
                    self.error(
                        span,
                        format!("`{}` returns nothing", name.text),
                        Some("use it as a statement of its own"),
                    );
                    Self::unknown(span)
                }
                _ => node,
            },
            Some(_) => {
                self.error(
                    span,
                    format!("`{}` returns nothing", name.text),
                    Some("use it as a statement of its own"),
                );
                Self::unknown(span)
            }
            None => Self::unknown(span),
        }
    }

    /// A call as a statement; a value, if there is one, is dropped.
    pub(crate) fn call_stmt(&mut self, name: &Name, args: &[Expr], span: Span) -> Option<StmtKind> {
        if self.home == Home::Constant {
            self.error(span, "a constant cannot call anything", None);
            return None;
        }
        if self.home == Home::Final
            && !builtin::function(&name.text).is_some_and(|b| matches!(b.meaning, Meaning::Formula(_)))
        {
            return self.fault(name, args, span).map(StmtKind::Value);
        }
        if let Some(builtin) = builtin::function(&name.text) {
            return self.builtin(builtin, name, args, span);
        }
        if let Some(Entity::Function(id)) = self.env.names.get(&name.text).map(|d| d.entity.clone()) {
            return Some(StmtKind::Value(self.call_function(id, name, args, span)));
        }
        let advice = linux::c_function(&name.text)
            .map(str::to_owned)
            .or_else(|| self.local(&name.text).map(|_| "it is a variable".to_owned()))
            .or_else(|| self.env.names.get(&name.text).map(|d| format!("it is {}", d.entity.what())))
            .or_else(|| {
                constant::constants()
                    .any(|c| c == name.text)
                    .then(|| "it is a constant: write it alone".to_owned())
            })
            .or_else(|| self.similar(&name.text, true))
            .or_else(|| {
                let kind = if self.home == Home::Cpu { "sys" } else { "fn" };
                Some(format!("declare it in the kernel: `{kind} {}(...) {{ }}`", name.text))
            });
        let message = format!("there is no function `{}`", name.text);
        self.out.push(Diagnostic::error(self.source, name.span, message).maybe(advice));
        None
    }

    fn call_function(&mut self, id: usize, name: &Name, args: &[Expr], span: Span) -> Node {
        let signature = self.env.functions[id].clone();
        let declared = signature.span;
        if self.home == Home::Cpu && signature.kind != FunctionKind::Sys {
            let message = format!("`{}` is not a system call", name.text);
            let advice = match signature.kind {
                FunctionKind::Fn => "a cpu block calls sys functions: declare it with sys instead of fn",
                _ => "a cpu block calls sys functions: write a sys function that sends the IPI",
            };
            let diagnostic = Diagnostic::error(self.source, name.span, message).advice(advice);
            self.out.push(diagnostic.related(SourceId::KERNEL, declared, "declared here"));
        }
        let by_itself = !matches!(signature.kind, FunctionKind::Fn | FunctionKind::Ipi | FunctionKind::Sys);
        if by_itself && self.home != Home::Cpu {
            let message = format!("`{}` can't be called: it runs by itself", name.text);
            let diagnostic = Diagnostic::error(self.source, name.span, message);
            self.out.push(diagnostic.related(SourceId::KERNEL, declared, "declared here"));
        }
        if !self.uses.calls.contains_key(&id) {
            self.uses.calls.insert(id, span);
        }
        let args = self.arguments(&name.text, &signature.params, declared, args, span);
        if self.home == Home::Cpu {
            self.mode_call(id, &args, span);
        }
        Node { kind: Kind::Call(id, args), ty: signature.ret, span }
    }

    /// The arguments of a call or an IPI.
    pub(crate) fn arguments(
        &mut self,
        name: &str,
        params: &[(String, Option<Type>)],
        declared: Span,
        args: &[Expr],
        span: Span,
    ) -> Vec<Node> {
        if args.len() != params.len() {
            let plural = if params.len() == 1 { "" } else { "s" };
            let message = format!("`{name}` takes {} argument{plural}, not {}", params.len(), args.len());
            let diagnostic = Diagnostic::error(self.source, span, message);
            self.out.push(diagnostic.related(SourceId::KERNEL, declared, "declared here"));
        }
        let mut nodes = Vec::new();
        for (n, arg) in args.iter().enumerate() {
            let before = self.loads;
            let node = self.value(arg);
            if self.loads > before {
                // Another argument may be the variable that it changes.
                let advice = "make the access first: `let err = get_user(x, va);`";
                self.error(arg.span, "an argument cannot change a local variable", Some(advice));
            }
            // Where one is missing, nobody knows which parameter an argument is meant for.
            nodes.push(match params.get(n).filter(|_| args.len() == params.len()) {
                Some((param, ty)) => self.coerce(node, *ty, &format!("argument `{param}`")),
                None => node,
            });
        }
        nodes
    }

    /// `run(X)` decides whose user code the CPU runs from then on, so X must be known.
    fn mode_call(&mut self, id: FnId, args: &[Node], span: Span) {
        let signature = &self.env.functions[id];
        let Then::UserOf(param) = signature.then else { return };
        let name = signature.name.clone();
        match args.get(param) {
            Some(Node { kind: Kind::Const(0), ty: Some(Type::Mm), span }) => {
                self.error(
                    *span,
                    "init_mm has no user code to run",
                    Some("a CPU leaves user code by a call that ends in `kthread` or `idle`"),
                );
            }
            Some(Node { kind: Kind::Const(_), ty: Some(Type::Mm), .. } | Node { ty: None, .. }) => {}
            Some(Node { ty: Some(Type::Mm), span, .. }) => {
                let advice = format!("write `{name}(A)` with an mm of this scenario");
                self.error(*span, format!("{name} needs the name of an mm"), Some(&advice));
            }
            // Its arguments have been counted and typed.
            _ if matches!(signature.params.get(param), Some((_, Some(Type::Mm)))) => {}
            _ => {
                let advice = format!("declare it `sys {name}(next: mm)`");
                self.error(span, format!("{name} must take the mm first"), Some(&advice));
            }
        }
    }

    fn builtin(&mut self, builtin: &BuiltinRow, name: &Name, args: &[Expr], span: Span) -> Option<StmtKind> {
        let user = self.home == Home::Cpu;
        if builtin.allowed == Allowed::Kernel && user {
            let message = format!("only the kernel can do `{}`", name.text);
            self.error(name.span, message, Some("write a sys function in the kernel and call that"));
        }
        if builtin.allowed == Allowed::Invariant && self.home != Home::Invariant {
            let message = format!("only an invariant can ask for `{}`", name.text);
            self.error(
                name.span,
                message,
                Some("no kernel sees what hardware has cached: write `invariant \"...\" { }`"),
            );
        }
        let (least, most) = builtin.arity();
        if args.len() < least || args.len() > most {
            let count = match (least, most) {
                (1, 1) => "1 argument".to_owned(),
                _ if least < most => format!("{least} or {most} arguments"),
                _ => format!("{most} arguments"),
            };
            let message = format!("`{}` takes {count}, not {}", name.text, args.len());
            let usage = || format!("write `{}`", builtin.usage());
            let advice = linux::called_otherwise(&name.text).map_or_else(usage, str::to_owned);
            self.error(span, message, Some(&advice));
            return None;
        }
        let local = match builtin.params.first() {
            Some(param) if param.wants == Wants::Local => Some(self.loaded(builtin, &args[0])?),
            _ => None,
        };
        let (place, mut values) = self.builtin_arguments(builtin, args, span)?;
        let value = |kind, ty| StmtKind::Value(Node { kind, ty, span });
        Some(match builtin.meaning {
            Meaning::Act(make) => StmtKind::Act(make, values),
            Meaning::Check(make) => {
                let label = args.iter().find_map(|arg| match &arg.kind {
                    ExprKind::Label(label) => Some(label.clone()),
                    _ => None,
                });
                StmtKind::Check(make, values, label)
            }
            Meaning::Value(ty, make) => value(Kind::Operation(make, values), Some(ty)),
            Meaning::Try(make) => value(Kind::Try(make, local, values), Some(Type::Bool)),
            Meaning::Formula(make) => StmtKind::Value(make(values, span)?),
            Meaning::Locked(op, constant, answer) => {
                let (place, held) = place?;
                let bit = builtin.params.iter().any(|param| param.wants == Wants::Value(Type::Cpu));
                let operand = match constant {
                    Some(n) => Node::number(n, Type::Int, span),
                    None => values.pop()?,
                };
                let op = match op {
                    Locked::Xchg => RmwOp::Xchg,
                    Locked::CmpXchg => RmwOp::CmpXchg(values.pop()?),
                    Locked::Add => RmwOp::Add,
                    Locked::Or => RmwOp::Or,
                    Locked::AndNot => RmwOp::AndNot,
                };
                let ty = if answer == Answer::Bit { Some(Type::Bool) } else { held };
                value(Kind::Rmw(Box::new(Rmw { place, op, value: operand, bit, answer })), ty)
            }
            Meaning::Read => {
                let (place, held) = place?;
                value(Kind::Load(Box::new(place)), held)
            }
            Meaning::Write => StmtKind::Store(place?.0, values.pop()?),
            Meaning::Acquire => StmtKind::Acquire(place?.0),
            Meaning::Release => StmtKind::Store(place?.0, Node::number(0, Type::Int, span)),
            // Both were resolved as places, so only a wrong number of arguments comes here.
            Meaning::Entry | Meaning::PerCpu => return None,
            Meaning::Linear => {
                let advice = "`load(va)` reads it, and `store(va, v)` writes it";
                self.error(span, "this place is for locked operations: `xchg(mem(va), v)`", Some(advice));
                return None;
            }
        })
    }

    /// The arguments of a built-in function: its place, and the values in their order.
    fn builtin_arguments(
        &mut self,
        builtin: &BuiltinRow,
        args: &[Expr],
        span: Span,
    ) -> Option<(Option<Placed>, Vec<Node>)> {
        let mut place: Option<Placed> = None;
        let mut values = Vec::new();
        for (n, param) in builtin.params.iter().enumerate() {
            if param.wants == Wants::Label {
                self.label(args.get(n));
                continue;
            }
            let Some(arg) = args.get(n) else {
                // A flag that is left out is not set.
                values.push(Node::number(0, Type::Bool, span));
                continue;
            };
            match param.wants {
                Wants::Value(ty) => {
                    let node = self.value(arg);
                    match (linux::called_otherwise(builtin.name), node.ty) {
                        (Some(advice), Some(is)) if is != ty && (ty, is) != (Type::Cpu, Type::Int) => {
                            let message = format!("{} is {}, not {}", builtin.what(n), is.name(), ty.name());
                            self.error(node.span, message, Some(advice));
                            values.push(Self::unknown(node.span));
                        }
                        _ => values.push(self.coerce(node, Some(ty), &builtin.what(n))),
                    }
                }
                Wants::Address => values.push(self.user_address(arg)),
                Wants::Held => {
                    let node = self.value(arg);
                    let held = place.as_ref().and_then(|(_, held)| *held);
                    values.push(self.coerce(node, held, &builtin.what(n)));
                }
                Wants::Level => values.push(self.level(arg)?),
                Wants::Noflush => values.push(self.noflush(arg, &builtin.what(n))),
                Wants::Place(holds) => place = Some(self.builtin_place(builtin, holds, arg)?),
                Wants::Variable | Wants::Local | Wants::Label => {}
            }
        }
        Some((place, values))
    }

    /// The local that gets what an access loads.
    fn loaded(&mut self, builtin: &BuiltinRow, arg: &Expr) -> Option<LocalId> {
        let local = match &arg.kind {
            ExprKind::Name(name) => self.local(name),
            _ => None,
        };
        let advice = format!("declare it before: `let x = 0; if {} {{ return; }}`", builtin.usage());
        let Some(local) = local else {
            let message = format!("`{}` puts what it loads into a local variable", builtin.name);
            self.error(arg.span, message, Some(&advice));
            return None;
        };
        let Local { ty, fixed, .. } = self.locals[local];
        if let Some(fixed) = fixed {
            self.error(arg.span, format!("{fixed} cannot be changed"), Some(&advice));
        }
        if let Some(ty) = ty.filter(|ty| !number(*ty)) {
            let message = format!("what is loaded is a number, and this is {}", ty.name());
            self.error(arg.span, message, Some(&advice));
        }
        self.locals[local].mutated = true;
        self.loads += 1;
        Some(local)
    }

    /// A place that holds what a built-in function works on.
    fn builtin_place(&mut self, builtin: &BuiltinRow, holds: Holds, arg: &Expr) -> Option<Placed> {
        let purpose = match (builtin.meaning, holds) {
            (Meaning::Read | Meaning::Write, _) => builtin.name,
            (_, Holds::Lock) => "a lock",
            _ => "a locked operation",
        };
        if let (Meaning::Locked(..), ExprKind::Call(name, args)) = (builtin.meaning, &arg.kind)
            && name.text == "mem"
            && let [va] = &args[..]
            && holds != Holds::Set
        {
            return Some((Lvalue::Linear { va: self.user_address(va) }, Some(Type::Int)));
        }
        let (place, held) = self.place(arg, purpose)?;
        let Some(ty) = held else { return Some((place, held)) };
        let (fits, message, advice) = match holds {
            Holds::Anything => return Some((place, held)),
            Holds::Lock => (
                ty == Type::Int,
                format!("a lock is an int, not {}", ty.name()),
                Some("declare it `mm ptl: int = 0;`; 0 is unlocked"),
            ),
            Holds::Set => (
                ty == Type::Cpus,
                format!("the place is {}, not cpus", ty.name()),
                Some("the order is (cpu, place), as in Linux"),
            ),
            Holds::Number | Holds::NumberOrSet => (
                number(ty) || (ty == Type::Cpus && holds == Holds::NumberOrSet),
                format!("this place is {}: it cannot be counted or masked", ty.name()),
                (ty == Type::Cpus).then_some("write `fetch_or(place, {c})`, `fetch_and_not(place, {c})`"),
            ),
        };
        if !fits {
            self.error(arg.span, message, advice);
            return None;
        }
        Some((place, held))
    }

    /// The label of a check, which has to be a string.
    fn label(&mut self, arg: Option<&Expr>) {
        if let Some(arg) = arg.filter(|arg| !matches!(arg.kind, ExprKind::Label(_))) {
            self.error(arg.span, "a label is a string", Some("write `BUG_ON(c, \"who owns it\")`"));
        }
    }

    fn level(&mut self, expr: &Expr) -> Option<Node> {
        let level = self.word(expr, LEVELS, "alloc_table");
        if level.is_none() {
            let advice =
                "write `alloc_table(m, pte)`: which entries the table will hold, pte, pmd, pud or p4d";
            self.error(expr.span, "this is not a level of page tables", Some(advice));
        }
        level.map(|level| Node::number(level, Type::Int, expr.span))
    }

    /// The third argument of `write_cr3`.
    fn noflush(&mut self, expr: &Expr, what: &str) -> Node {
        match self.word(expr, &[("noflush", 1), ("flush", 0)], "write_cr3") {
            Some(value) => Node::number(value, Type::Bool, expr.span),
            None => self.typed(expr, Type::Bool, what),
        }
    }

    /// What a word means that an instruction takes by name. No declaration changes that; one that looks as if it
    /// did is warned about.
    fn word<T: Copy>(&mut self, expr: &Expr, words: &[(&str, T)], instruction: &str) -> Option<T> {
        let ExprKind::Name(name) = &expr.kind else { return None };
        let &(_, meaning) = words.iter().find(|(word, _)| word == name)?;
        let declared = match self.local(name) {
            Some(local) => Some((self.source, self.locals[local].span, "a local variable")),
            None => self.env.names.get(name).and_then(|decl| {
                let value = !matches!(decl.entity, Entity::Function(_));
                value.then(|| (SourceId::KERNEL, decl.span, decl.entity.what()))
            }),
        };
        if let Some((source, place, what)) = declared {
            let message = format!("`{name}` is a word of {instruction} here, not {what}");
            let advice = "take another name where it is declared: no declaration changes what the word means";
            let warning = Diagnostic::warning(self.source, expr.span, message).advice(advice);
            self.out.push(warning.related(source, place, "declared here"));
        }
        Some(meaning)
    }

    fn user_address(&mut self, expr: &Expr) -> Node {
        let node = self.typed(expr, Type::Va, "the address");
        if let Kind::Const(va) = node.kind
            && let halves = Halves::of(&self.env.machine)
            && (halves.user_end()..halves.kernel_start()).contains(&va)
        {
            self.error(expr.span, "this is not a canonical address", Some(&halves.of_all()));
        }
        node
    }
}
