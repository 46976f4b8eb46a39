//! Checking expressions, and folding what is constant.

use crate::check::builtin;
use crate::check::constant;
use crate::check::env::Entity;
use crate::check::hir::{Kind, Node};
use crate::check::{Checker, Home, agree, linux, number};
use crate::diagnostic::Diagnostic;
use crate::diagnostic::nearest::did_you_mean;
use crate::program::{Bin, Type};
use crate::source::{SourceId, Span};
use crate::syntax::{Binary, Expr, ExprKind, Unary};

/// What helps with a name that nothing declares and nothing resembles.
const DECLARE: &str =
    "declare it: `let` makes a local; `option`, `const`, `global`, `mm` and `percpu` are items of the kernel";

const PRECEDENCE: &str =
    "as in C, comparisons bind tighter than & ^ |: write `(a & b) == c` or `a == (b | c)`";

impl Checker<'_> {
    /// The value of an expression.
    pub(crate) fn value(&mut self, expr: &Expr) -> Node {
        let span = expr.span;
        match &expr.kind {
            ExprKind::Number(value) => Node { kind: Kind::Const(*value), ty: Some(Type::Int), span },
            ExprKind::Of(cpu, name) => self.of(*cpu, name, span),
            ExprKind::Label(_) => {
                self.error(span, "a label comes after the other arguments", None);
                Self::unknown(span)
            }
            ExprKind::Set(members) => self.set(members, span),
            ExprKind::Unary(unary, operand) => self.unary(*unary, operand, span),
            ExprKind::Binary(binary, a, b) => self.binary(*binary, a, b, span),
            ExprKind::Name(_) | ExprKind::Field(..) | ExprKind::Index(..) | ExprKind::Call(..) => {
                let target = self.target(expr);
                self.read(target, span)
            }
        }
    }

    /// The value of an expression of a certain type.
    pub(crate) fn typed(&mut self, expr: &Expr, want: Type, what: &str) -> Node {
        let node = self.value(expr);
        self.coerce(node, Some(want), what)
    }

    /// A condition.
    pub(crate) fn condition(&mut self, expr: &Expr) -> Node {
        self.typed(expr, Type::Bool, "the condition")
    }

    fn set(&mut self, members: &[Expr], span: Span) -> Node {
        let mut set = Node::number(0, Type::Cpus, span);
        for member in members {
            let cpu = self.typed(member, Type::Cpu, "a member of a set");
            let bit = Node::bin(
                Bin::Shl,
                Node::number(1, Type::Cpus, cpu.span),
                cpu,
                Some(Type::Cpus),
                member.span,
            );
            set = match set.kind {
                Kind::Const(0) => Node { span, ..bit },
                _ => Node::bin(Bin::Or, set, bit, Some(Type::Cpus), span),
            };
        }
        set
    }

    fn unary(&mut self, unary: Unary, operand: &Expr, span: Span) -> Node {
        if unary == Unary::Not {
            let node = self.typed(operand, Type::Bool, "the operand of !");
            return Self::not(node, span);
        }
        let node = self.value(operand);
        let sign = if unary == Unary::Complement { "~" } else { "-" };
        match node.ty {
            Some(ty) if number(ty) => {}
            Some(ty) => {
                let advice = match ty {
                    Type::Cpus => Some("the other CPUs are `online - s`"),
                    Type::Bool => Some("the opposite of a bool is `!x`"),
                    _ => None,
                };
                self.error(span, format!("{sign} needs a number, this is {}", ty.name()), advice);
                return Self::unknown(span);
            }
            None => return Self::unknown(span),
        }
        let ty = node.ty;
        match unary {
            Unary::Complement => Node::bin(Bin::Xor, node, Node::number(u64::MAX, Type::Int, span), ty, span),
            _ => Node::bin(Bin::Sub, Node::number(0, Type::Int, span), node, ty, span),
        }
    }

    /// `!node`
    pub(crate) fn not(node: Node, span: Span) -> Node {
        let ty = node.ty;
        let kind = match node.kind {
            Kind::Const(value) => Kind::Const(u64::from(value == 0)),
            Kind::Not(inner) => inner.kind,
            _ => Kind::Not(Box::new(node)),
        };
        Node { kind, ty, span }
    }

    fn binary(&mut self, binary: Binary, a: &Expr, b: &Expr, span: Span) -> Node {
        match binary {
            Binary::And | Binary::Or => self.logical(binary, a, b, span),
            Binary::Eq | Binary::Ne => match self.choice(binary, a, b, span) {
                Some(node) => node,
                None => self.comparison(binary, a, b, span),
            },
            Binary::Lt | Binary::Le | Binary::Gt | Binary::Ge => self.comparison(binary, a, b, span),
            Binary::In => {
                let cpu = self.typed(a, Type::Cpu, "the left side of `in`");
                let set = self.typed(b, Type::Cpus, "the right side of `in`");
                Node::bin(Bin::In, cpu, set, Some(Type::Bool), span)
            }
            _ => self.arithmetic(binary, a, b, span),
        }
    }

    fn logical(&mut self, binary: Binary, a: &Expr, b: &Expr, span: Span) -> Node {
        let what = format!("the operand of {}", binary.sign());
        let a = self.typed(a, Type::Bool, &what);
        let b = self.typed(b, Type::Bool, &what);
        let and = binary == Binary::And;
        let ty = Some(Type::Bool);
        if let Kind::Const(value) = a.kind {
            // The left operand decides, or the right one does.
            let kind = if (value != 0) == and { b.kind } else { Kind::Const(value) };
            return Node { kind, ty, span };
        }
        if let Kind::Const(value) = b.kind
            && (value != 0) == and
        {
            return Node { kind: a.kind, ty, span };
        }
        let (a, b) = (Box::new(a), Box::new(b));
        Node { kind: if and { Kind::And(a, b) } else { Kind::Or(a, b) }, ty, span }
    }

    fn comparison(&mut self, binary: Binary, a: &Expr, b: &Expr, span: Span) -> Node {
        let (a, b) = (self.value(a), self.value(b));
        let op = match binary {
            Binary::Eq => Bin::Eq,
            Binary::Ne => Bin::Ne,
            Binary::Lt => Bin::Lt,
            Binary::Le => Bin::Le,
            Binary::Gt => Bin::Gt,
            _ => Bin::Ge,
        };
        let (a, b) = self.same(a, b, &format!("the two sides of {}", binary.sign()));
        let ordered = !matches!(binary, Binary::Eq | Binary::Ne);
        if let Some(ty @ (Type::Mm | Type::Cpus | Type::Bool | Type::Frame)) = a.ty
            && ordered
        {
            let advice = (ty == Type::Cpus).then_some("a is a subset of b: `a - b == {}`");
            self.error(span, format!("{} has no order", ty.name()), advice);
        }
        Node::bin(op, a, b, Some(Type::Bool), span)
    }

    /// Both operands as values of one type.
    fn same(&mut self, a: Node, b: Node, what: &str) -> (Node, Node) {
        let (Some(x), Some(y)) = (a.ty, b.ty) else { return (a, b) };
        if agree(x, y) {
            return (a, b);
        }
        // A plain number may become a CPU or no frame; the other side says which.
        if x == Type::Int && matches!(a.kind, Kind::Const(_)) {
            let a = self.coerce(a, Some(y), "the left side");
            return (a, b);
        }
        if y == Type::Int && matches!(b.kind, Kind::Const(_)) {
            let b = self.coerce(b, Some(x), "the right side");
            return (a, b);
        }
        let message = format!("{what} are {} and {}", x.name(), y.name());
        let advice = match (x, y) {
            (Type::Bool, _) | (_, Type::Bool) => Some(PRECEDENCE),
            (Type::Cpu, Type::Cpus) | (Type::Cpus, Type::Cpu) => {
                Some("membership is `c in s`, a set of one is `{c}`")
            }
            (Type::Frame, Type::Pte) | (Type::Pte, Type::Frame) => {
                Some("the frame of an entry is `pte_pfn(e)`")
            }
            _ => None,
        };
        self.error(a.span.to(b.span), message, advice);
        (Node { ty: None, ..a }, Node { ty: None, ..b })
    }

    fn arithmetic(&mut self, binary: Binary, a: &Expr, b: &Expr, span: Span) -> Node {
        let (a, b) = (self.value(a), self.value(b));
        let (Some(x), Some(y)) = (a.ty, b.ty) else { return Self::unknown(span) };
        let op = match binary {
            Binary::BitOr => Bin::Or,
            Binary::BitXor => Bin::Xor,
            Binary::BitAnd => Bin::And,
            Binary::Shl => Bin::Shl,
            Binary::Shr => Bin::Shr,
            Binary::Add => Bin::Add,
            Binary::Sub => Bin::Sub,
            _ => Bin::Mul,
        };
        if x == Type::Cpus && y == Type::Cpus {
            let op = match binary {
                Binary::Sub => Bin::AndNot,
                Binary::BitOr | Binary::BitAnd => op,
                _ => {
                    let message = format!("sets have no {}", binary.sign());
                    self.error(span, message, Some("sets have | & - and `in`"));
                    return Self::unknown(span);
                }
            };
            return Node::bin(op, a, b, Some(Type::Cpus), span);
        }
        if number(x) && number(y) {
            let ty = if x == Type::Int { y } else { x };
            return Node::bin(op, a, b, Some(ty), span);
        }
        let message = format!("{} cannot combine {} and {}", binary.sign(), x.name(), y.name());
        let bitwise = matches!(binary, Binary::BitAnd | Binary::BitOr | Binary::BitXor);
        let advice = match (x, y) {
            (Type::Bool, Type::Bool) if bitwise => Some("bools are combined by && and ||"),
            (Type::Bool, _) | (_, Type::Bool) if bitwise => Some(PRECEDENCE),
            (Type::Cpus, Type::Cpu) => Some("a set of one CPU is `{c}`"),
            (Type::Cpu, _) | (_, Type::Cpu) => Some("a CPU is no number: it can only be compared with a CPU"),
            _ => None,
        };
        self.error(span, message, advice);
        Self::unknown(span)
    }

    /// `option == choice`: the only place where an option with named choices may stand.
    fn choice(&mut self, binary: Binary, a: &Expr, b: &Expr, span: Span) -> Option<Node> {
        let (index, word) = match (self.choice_option(a), self.choice_option(b)) {
            // Either name may be a choice of the other option.
            (Some(left), Some(right)) => match (self.is_choice(left, b), self.is_choice(right, a)) {
                (true, true) => {
                    let message = "this comparison has two meanings: each name is an option, and a choice of the other one";
                    self.error(span, message, Some("give one of the choices another name"));
                    return Some(Node { ty: Some(Type::Bool), ..Self::unknown(span) });
                }
                (false, true) => (right, a),
                _ => (left, b),
            },
            (Some(index), None) => (index, b),
            (None, Some(index)) => (index, a),
            (None, None) => return None,
        };
        self.uses.options.insert(index);
        let option = &self.env.options[index];
        let wanted = match &word.kind {
            ExprKind::Name(name) => name.as_str(),
            _ => "",
        };
        let Some(choice) = option.choices.iter().position(|c| c == wanted) else {
            let advice = did_you_mean(wanted, option.choices.iter().map(String::as_str))
                .unwrap_or_else(|| format!("it can be {}", option.choices.join(", ")));
            let message = format!("this is not a choice of option `{}`", option.name);
            self.out.push(Diagnostic::error(self.source, word.span, message).advice(advice));
            return Some(Node { ty: Some(Type::Bool), ..Self::unknown(span) });
        };
        let equal = choice == usize::from(option.chosen);
        Some(Node::number(u64::from(equal == (binary == Binary::Eq)), Type::Bool, span))
    }

    fn is_choice(&self, option: usize, expr: &Expr) -> bool {
        matches!(&expr.kind, ExprKind::Name(name) if self.env.options[option].choices.contains(name))
    }

    fn choice_option(&self, expr: &Expr) -> Option<usize> {
        let ExprKind::Name(name) = &expr.kind else { return None };
        if self.local(name).is_some() || (self.knows_mms() && self.env.mms.contains_key(name)) {
            return None;
        }
        match *self.declared(name)? {
            Entity::Option(index) if !self.env.plain[index] && self.env.number(index).is_none() => {
                Some(index)
            }
            _ => None,
        }
    }

    /// The value a bare name stands for, if it is neither a local nor a variable.
    pub(crate) fn constant_name(&mut self, name: &str, span: Span) -> Node {
        if self.knows_mms()
            && let Some(&(mm, _)) = self.env.mms.get(name)
        {
            return Node::number(mm.into(), Type::Mm, span);
        }
        if self.knows_mms()
            && let Some(&task) = self.env.tasks.get(name)
        {
            return Node::number(task, Type::Task, span);
        }
        match self.entity(name) {
            Some(Entity::Const(ty, value)) => return Node { kind: Kind::Const(value), ty, span },
            Some(Entity::Option(index)) => {
                if self.env.plain[index] {
                    return Node::number(self.env.options[index].chosen.into(), Type::Bool, span);
                }
                if let Some(value) = self.env.number(index) {
                    return Node::number(value, Type::Int, span);
                }
                let first = self.env.options[index].choices.first().cloned().unwrap_or_default();
                let advice = format!("compare it with a choice: `{name} == {first}`");
                self.error(span, format!("option `{name}` is not a bool"), Some(&advice));
                return Self::unknown(span);
            }
            Some(Entity::Function(_)) => {
                let advice = format!("call it: `{name}(...)`");
                self.error(span, format!("`{name}` is a function"), Some(&advice));
                return Self::unknown(span);
            }
            _ => {}
        }
        if !self.env.settled && constant::of_machine(name) {
            let advice = "a constant of a scenario is decided before its machine, and may set the machine up";
            self.error(span, format!("`{name}` is not known here"), Some(advice));
            return Self::unknown(span);
        }
        if name == "cpu" {
            return Node { kind: Kind::ThisCpu, ty: Some(Type::Cpu), span };
        }
        if let Some((ty, value)) = constant::constant(name, &self.env.machine) {
            return Node::number(value, ty, span);
        }
        let advice = if self.env.fields.contains_key(name) {
            Some(format!("it is a field of an mm: write `m.{name}`"))
        } else if let Some(builtin) = builtin::function(name) {
            Some(format!("it is a function: write `{}`", builtin.usage()))
        } else if let Some(advice) = linux::c_constant(name) {
            Some(advice.to_owned())
        } else {
            let space = name.len() <= 2 && name.starts_with(|first: char| first.is_ascii_uppercase());
            let space = space && self.source == SourceId::SCENARIO;
            self.similar(name, false).or_else(|| {
                Some(match self.home {
                    _ if space => format!("an address space is declared in the scenario: `mm {name} {{ }}`"),
                    Home::Final => format!("a local is written with the CPU of its block: `0:{name}`"),
                    _ => DECLARE.to_owned(),
                })
            })
        };
        self.out.push(Diagnostic::error(self.source, span, format!("unknown name `{name}`")).maybe(advice));
        Self::unknown(span)
    }
}
