//! Checking calls: built-in functions and the kernel's own.

use crate::check::builtin::{self, Allowed, Builtin, Info, type_name};
use crate::check::env::{Entity, Then};
use crate::check::hir::{Act, Answer, FnId, Kind, Node, Rmw, RmwOp, StmtKind};
use crate::check::{Checker, Home, number};
use crate::diagnostic::Diagnostic;
use crate::program::{Bin, InvlpgbOp, InvpcidOp, Level, Type};
use crate::source::{SourceId, Span};
use crate::syntax::{Expr, ExprKind, FunctionKind, Name};

/// The bits of an entry that hold a page-frame number.
const FRAME_BITS: u64 = 0x000f_ffff_ffff_f000;

impl Checker<'_> {
    /// A call whose value is used.
    pub(crate) fn call(&mut self, name: &Name, args: &[Expr], span: Span) -> Node {
        match self.call_stmt(name, args, span) {
            Some(StmtKind::Value(node)) => match node.ty {
                None if matches!(node.kind, Kind::Call(id, _) if !self.env.functions[id].returns) => {
                    self.error(span, format!("`{}` gives nothing back", name.text), Some("it stands alone"));
                    Self::unknown(span)
                }
                _ => node,
            },
            Some(_) => {
                self.error(span, format!("`{}` gives nothing back", name.text), Some("it stands alone"));
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
        if let Some(info) = builtin::function(&name.text) {
            return self.builtin(info, name, args, span);
        }
        if let Some(Entity::Function(id)) = self.env.names.get(&name.text).map(|d| d.entity.clone()) {
            return Some(StmtKind::Value(self.call_function(id, name, args, span)));
        }
        let advice = builtin::c_function(&name.text)
            .map(str::to_owned)
            .or_else(|| self.local(&name.text).map(|_| "it is a variable".to_owned()))
            .or_else(|| self.env.names.get(&name.text).map(|d| format!("it is {}", d.entity.what())))
            .or_else(|| {
                builtin::constants()
                    .any(|c| c == name.text)
                    .then(|| "it is a constant: write it alone".to_owned())
            })
            .or_else(|| self.similar(&name.text, true));
        let message = format!("there is no function `{}`", name.text);
        self.out.push(Diagnostic::error(self.source, name.span, message).maybe(advice));
        None
    }

    fn call_function(&mut self, id: usize, name: &Name, args: &[Expr], span: Span) -> Node {
        let signature = self.env.functions[id].clone();
        let declared = signature.span;
        if self.home == Home::Cpu && signature.kind != FunctionKind::Sys {
            let message = format!("`{}` is no system call", name.text);
            let advice = match signature.kind {
                FunctionKind::Fn => "a cpu block calls sys functions: declare it with sys instead of fn",
                _ => "a cpu block calls sys functions: write one that sends it",
            };
            let diagnostic = Diagnostic::error(self.source, name.span, message).advice(advice);
            self.out.push(diagnostic.related(SourceId::KERNEL, declared, "declared here"));
        }
        if matches!(signature.kind, FunctionKind::Nmi | FunctionKind::VmExit) && self.home != Home::Cpu {
            let message = format!("`{}` is never called: it comes of itself", name.text);
            let diagnostic = Diagnostic::error(self.source, name.span, message);
            self.out.push(diagnostic.related(SourceId::KERNEL, declared, "declared here"));
        }
        self.uses.calls.entry(id).or_insert(span);
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
            let node = self.value(arg);
            nodes.push(match params.get(n) {
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
            _ => self.error(span, "run must take the mm first", Some("declare it `sys run(next: mm)`")),
        }
    }

    fn builtin(&mut self, info: &Info, name: &Name, args: &[Expr], span: Span) -> Option<StmtKind> {
        let user = self.home == Home::Cpu;
        if info.allowed == Allowed::Kernel && user {
            let message = format!("only the kernel can do `{}`", name.text);
            self.error(name.span, message, Some("write a sys function in the kernel and call that"));
        }
        let nmi = self.home == Home::Kernel(FunctionKind::Nmi);
        if info.allowed == Allowed::User && !user && !nmi {
            let message = format!("`{}` is an access by user code", name.text);
            self.error(
                name.span,
                message,
                Some("it belongs in a cpu block of a scenario, or in an nmi handler; the kernel names the place"),
            );
        }
        let wanted = info.usage.split(", ").filter(|p| !p.is_empty()).count();
        // The last parameter of write_cr3 may be left out.
        let optional = usize::from(info.builtin == Builtin::WriteCr3);
        let wanted = if optional == 1 { 3 } else { wanted };
        if args.len() > wanted || args.len() + optional < wanted {
            let count = match wanted {
                1 => "1 argument".to_owned(),
                _ if optional == 1 => format!("{} or {wanted} arguments", wanted - 1),
                _ => format!("{wanted} arguments"),
            };
            let message = format!("`{}` takes {count}, not {}", name.text, args.len());
            let advice = format!("write `{}({})`", name.text, info.usage);
            self.error(span, message, Some(&advice));
            return None;
        }
        self.builtin_call(info.builtin, args, span)
    }

    fn builtin_call(&mut self, builtin: Builtin, args: &[Expr], span: Span) -> Option<StmtKind> {
        let value = |kind, ty| Some(StmtKind::Value(Node { kind, ty: Some(ty), span }));
        match builtin {
            Builtin::Xchg
            | Builtin::CmpXchg
            | Builtin::Count(_)
            | Builtin::AddReturn
            | Builtin::FetchOr
            | Builtin::FetchAndNot
            | Builtin::SetCpu
            | Builtin::ClearCpu
            | Builtin::TestAndClearCpu => self.locked(builtin, args, span).map(StmtKind::Value),
            Builtin::TestCpu => {
                let cpu = self.typed(&args[0], Type::Cpu, "the first argument");
                let set = self.typed(&args[1], Type::Cpus, "the second argument");
                Some(StmtKind::Value(Self::bin(Bin::In, cpu, set, Some(Type::Bool), span)))
            }
            Builtin::Empty => {
                let set = self.typed(&args[0], Type::Cpus, "the argument");
                let none = Self::number(0, Type::Cpus, span);
                Some(StmtKind::Value(Self::bin(Bin::Eq, set, none, Some(Type::Bool), span)))
            }
            Builtin::PtePfn => {
                let entry = self.typed(&args[0], Type::Pte, "the argument");
                let bits = Self::bin(
                    Bin::And,
                    entry,
                    Self::number(FRAME_BITS, Type::Int, span),
                    Some(Type::Pte),
                    span,
                );
                let frame =
                    Self::bin(Bin::Shr, bits, Self::number(12, Type::Int, span), Some(Type::Frame), span);
                Some(StmtKind::Value(frame))
            }
            Builtin::PtePresent => {
                let entry = self.typed(&args[0], Type::Pte, "the argument");
                let bit =
                    Self::bin(Bin::And, entry, Self::number(1, Type::Int, span), Some(Type::Bool), span);
                Some(StmtKind::Value(bit))
            }
            Builtin::PfnPte => {
                let frame = self.typed(&args[0], Type::Frame, "the first argument");
                let flags = self.typed(&args[1], Type::Pte, "the second argument");
                let address =
                    Self::bin(Bin::Shl, frame, Self::number(12, Type::Int, span), Some(Type::Pte), span);
                Some(StmtKind::Value(Self::bin(Bin::Or, address, flags, Some(Type::Pte), span)))
            }
            Builtin::AllocPage => value(Kind::AllocPage, Type::Frame),
            Builtin::AllocTable => {
                let mm = self.typed(&args[0], Type::Mm, "the first argument");
                let level = self.level(&args[1])?;
                value(Kind::AllocTable(level, Box::new(mm)), Type::Frame)
            }
            Builtin::Load { fixup } => {
                let va = self.user_address(&args[0]);
                value(Kind::UserLoad(Box::new(va), fixup), Type::Int)
            }
            Builtin::Maybe => value(Kind::Maybe, Type::Bool),
            Builtin::IsTable => {
                let frame = self.typed(&args[0], Type::Frame, "the argument");
                value(Kind::IsTable(Box::new(frame)), Type::Bool)
            }
            Builtin::SpinLock | Builtin::SpinUnlock => {
                let (place, ty) = self.place(&args[0], "a lock")?;
                if let Some(ty) = ty
                    && ty != Type::Int
                {
                    let message = format!("a lock is an int, not {}", type_name(ty));
                    self.error(args[0].span, message, Some("declare it `mm ptl: int = 0;`; 0 is unlocked"));
                    return None;
                }
                Some(match builtin {
                    Builtin::SpinLock => StmtKind::Acquire(place),
                    _ => StmtKind::Store(place, Self::number(0, Type::Int, span)),
                })
            }
            // Both were resolved as places, so only a wrong number of arguments comes here.
            Builtin::PerCpu | Builtin::Entry(_) => None,
            _ => self.act(builtin, args, span),
        }
    }

    fn act(&mut self, builtin: Builtin, args: &[Expr], span: Span) -> Option<StmtKind> {
        let mut nodes = Vec::new();
        let act = match builtin {
            Builtin::Fence => Act::Fence,
            Builtin::TogglePge => Act::TogglePge,
            Builtin::IrqDisable => Act::IrqDisable,
            Builtin::IrqEnable => Act::IrqEnable,
            Builtin::WriteCr3 => {
                nodes.push(self.typed(&args[0], Type::Frame, "the first argument"));
                nodes.push(self.typed(&args[1], Type::Int, "the second argument"));
                nodes.push(match args.get(2) {
                    Some(arg) => self.noflush(arg),
                    None => Self::number(0, Type::Bool, span),
                });
                Act::WriteCr3
            }
            Builtin::Invlpg => {
                nodes.push(self.typed(&args[0], Type::Va, "the argument"));
                Act::Invlpg
            }
            Builtin::Invpcid(op) => {
                if matches!(op, InvpcidOp::Addr | InvpcidOp::Single) {
                    nodes.push(self.typed(&args[0], Type::Int, "the first argument"));
                }
                if op == InvpcidOp::Addr {
                    nodes.push(self.typed(&args[1], Type::Va, "the second argument"));
                }
                Act::Invpcid(op)
            }
            Builtin::Free | Builtin::FreeTable | Builtin::FreeRcu => {
                nodes.push(self.typed(&args[0], Type::Frame, "the argument"));
                if builtin == Builtin::FreeRcu { Act::FreeRcu } else { Act::Free }
            }
            Builtin::Check { fatal } => {
                nodes.push(self.typed(&args[0], Type::Bool, "the condition"));
                Act::Check { fatal }
            }
            Builtin::Tlbsync => Act::Tlbsync,
            Builtin::Sleep(depth) => Act::Sleep(depth),
            Builtin::Invlpgb(op) => {
                if matches!(op, InvlpgbOp::Range | InvlpgbOp::Single) {
                    nodes.push(self.typed(&args[0], Type::Int, "the first argument"));
                }
                if op == InvlpgbOp::Range {
                    nodes.push(self.typed(&args[1], Type::Va, "the second argument"));
                    nodes.push(self.typed(&args[2], Type::Int, "the third argument"));
                    nodes.push(self.typed(&args[3], Type::Bool, "the fourth argument (final_only)"));
                }
                Act::Invlpgb(op)
            }
            Builtin::Store { fixup } => {
                nodes.push(self.user_address(&args[0]));
                nodes.push(self.typed(&args[1], Type::Int, "the second argument"));
                Act::UserStore { fixup }
            }
            _ => Act::Nothing,
        };
        Some(StmtKind::Act(act, nodes))
    }

    fn locked(&mut self, builtin: Builtin, args: &[Expr], span: Span) -> Option<Node> {
        let by_cpu = matches!(builtin, Builtin::SetCpu | Builtin::ClearCpu | Builtin::TestAndClearCpu);
        let cpu = by_cpu.then(|| self.typed(&args[0], Type::Cpu, "the first argument"));
        let (place, ty) = self.place(&args[usize::from(by_cpu)], "a locked operation")?;
        let set =
            by_cpu || (ty == Some(Type::Cpus) && matches!(builtin, Builtin::FetchOr | Builtin::FetchAndNot));
        let any = matches!(builtin, Builtin::Xchg | Builtin::CmpXchg);
        match ty {
            Some(Type::Cpus) if set => {}
            Some(ty) if by_cpu => {
                let message = format!("the place is {}, not cpus", type_name(ty));
                self.error(args[1].span, message, Some("the order is (cpu, place), as in Linux"));
                return None;
            }
            Some(ty) if !any && !number(ty) => {
                let message = format!("this place is {}: it cannot be counted or masked", type_name(ty));
                let advice =
                    (ty == Type::Cpus).then_some("write `fetch_or(place, {c})`, `fetch_and_not(place, {c})`");
                self.error(args[0].span, message, advice);
                return None;
            }
            _ => {}
        }
        let number = |n| Self::number(n, Type::Int, span);
        let (op, value, answer) = match builtin {
            Builtin::Xchg => (RmwOp::Xchg, self.operand(&args[1], ty), Answer::Old),
            Builtin::CmpXchg => {
                let expected = self.operand(&args[1], ty);
                (RmwOp::CmpXchg(expected), self.operand(&args[2], ty), Answer::Old)
            }
            Builtin::Count(by) => (RmwOp::Add, number(by), Answer::New),
            Builtin::AddReturn => (RmwOp::Add, self.operand(&args[1], ty), Answer::New),
            Builtin::FetchOr => (RmwOp::Or, self.operand(&args[1], ty), Answer::Old),
            Builtin::FetchAndNot => (RmwOp::AndNot, self.operand(&args[1], ty), Answer::Old),
            Builtin::SetCpu => (RmwOp::Or, cpu?, Answer::Old),
            Builtin::TestAndClearCpu => (RmwOp::AndNot, cpu?, Answer::Bit),
            _ => (RmwOp::AndNot, cpu?, Answer::Old),
        };
        let ty = if answer == Answer::Bit { Some(Type::Bool) } else { ty };
        Some(Node { kind: Kind::Rmw(Box::new(Rmw { place, op, value, bit: by_cpu, answer })), ty, span })
    }

    fn operand(&mut self, expr: &Expr, ty: Option<Type>) -> Node {
        let node = self.value(expr);
        self.coerce(node, ty, "the operand")
    }

    fn level(&mut self, expr: &Expr) -> Option<Level> {
        let levels = [("pte", Level::Pt), ("pmd", Level::Pd), ("pud", Level::Pdpt)];
        let level = self.word(expr, &levels, "alloc_table");
        if level.is_none() {
            let advice = "write `alloc_table(m, pte)`: which entries the table will hold, pte, pmd or pud";
            self.error(expr.span, "this is no level of page tables", Some(advice));
        }
        level
    }

    /// The third argument of `write_cr3`.
    fn noflush(&mut self, expr: &Expr) -> Node {
        match self.word(expr, &[("noflush", 1), ("flush", 0)], "write_cr3") {
            Some(value) => Self::number(value, Type::Bool, expr.span),
            None => self.typed(expr, Type::Bool, "the third argument (noflush)"),
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
            && (1 << 47..0xffff_8000_0000_0000).contains(&va)
        {
            let advice =
                "user addresses are below 0x8000_0000_0000, kernel addresses from 0xffff_8000_0000_0000 on";
            self.error(expr.span, "this is no canonical address", Some(advice));
        }
        node
    }
}
