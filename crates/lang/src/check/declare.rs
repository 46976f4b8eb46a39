//! The declarations of a kernel: constants, variables, functions.

use crate::check::builtin;
use crate::check::checker::switch_word;
use crate::check::constant;
use crate::check::env::{Decl, Entity, Env, Signature, Then};
use crate::check::hir::Uses;
use crate::check::{self, type_of};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::ordered::Ordered;
use crate::program::{ExitFact, FaultFact, MAX_CELLS, MAX_CPUS, Scope, Type, VarId, Variable};
use crate::source::{SourceId, Span};
use crate::syntax::{ConstDecl, Expr, Function, FunctionKind, Kernel, Name, Slot, VarBody, VarDecl};

/// The longest array.
const MAX_LEN: u64 = 512;
/// The most handlers; [`crate::program::Op::SendIpi`] counts them in a byte.
const MAX_HANDLERS: usize = 64;
/// The most parameters of a function.
const MAX_PARAMS: usize = 16;

/// Declares everything of `kernel` but its options. Gives the initial cells, and what constants and initial
/// values use.
pub(crate) fn declare(env: &mut Env, out: &mut Diagnostics, kernel: &Kernel, mms: usize) -> (Vec<u64>, Uses) {
    let mut declarer = Declarer { env, out, cells: Vec::new(), mms, uses: Uses::default() };
    for decl in &kernel.consts {
        declarer.constant(decl);
    }
    for decl in &kernel.vars {
        declarer.variable(decl);
    }
    for function in &kernel.functions {
        declarer.function(function);
    }
    let handlers = kernel.functions.iter().filter(|f| f.kind == FunctionKind::Ipi);
    if let Some(extra) = handlers.clone().nth(MAX_HANDLERS) {
        declarer.error(extra.name.span, format!("more than {MAX_HANDLERS} handlers"), None);
    }
    (declarer.cells, declarer.uses)
}

/// Declares an option's name.
pub(crate) fn declare_option(env: &mut Env, out: &mut Diagnostics, name: &Name, index: usize) {
    let mut declarer = Declarer { env, out, cells: Vec::new(), mms: 0, uses: Uses::default() };
    declarer.name(name, Entity::Option(index));
}

/// Declares a name of the scenario.
pub(crate) fn declare_own(env: &mut Env, out: &mut Diagnostics, name: &Name, entity: Entity) {
    let text = name.text.as_str();
    let mut error = |message: String| {
        let diagnostic = Diagnostic::error(SourceId::SCENARIO, name.span, message);
        out.push(diagnostic.advice("take another name"));
    };
    if constant::constants().any(|c| c == text) {
        return error(format!("`{text}` is built in"));
    }
    if env.own.contains_key(text) {
        return error(format!("`{text}` is declared twice"));
    }
    if let Some(warning) = switch_word(SourceId::SCENARIO, name) {
        out.push(warning);
    }
    env.own.insert(text.to_owned(), Decl { entity, span: name.span });
}

/// A constant of the scenario, and what it uses. It is decided before there is a machine.
pub(crate) fn scenario_constant(env: &Env, out: &mut Diagnostics, decl: &ConstDecl) -> (Entity, Uses) {
    let source = SourceId::SCENARIO;
    let want = decl.ty.as_ref().and_then(|ty| type_of(out, source, ty));
    let (ty, value, uses) = check::constant(env, out, source, &decl.value, want);
    if matches!(ty, Some(Type::Cpu | Type::Cpus | Type::Mm | Type::Frame)) {
        let message = "a constant of a scenario is a number or a bool";
        let advice = "a number that is the number of a CPU may stand where a CPU is wanted";
        out.push(Diagnostic::error(source, decl.value.span, message).advice(advice));
    }
    (Entity::Const(ty, value), uses)
}

/// Reports names of the scenario that the kernel or an address space has as well.
pub(crate) fn own_names(env: &Env, out: &mut Diagnostics) {
    for (name, decl) in env.own.iter() {
        let (source, span, what) = match (env.names.get(name), env.mms.get(name)) {
            (Some(other), _) if !matches!(other.entity, Entity::Function(_)) => {
                (SourceId::KERNEL, other.span, other.entity.what())
            }
            (_, Some(&(_, span))) => (SourceId::SCENARIO, span, "an mm"),
            _ => continue,
        };
        let message = format!("`{name}` is already {what}");
        let diagnostic = Diagnostic::error(SourceId::SCENARIO, decl.span, message);
        out.push(diagnostic.advice("take another name").related(source, span, "declared here"));
    }
}

struct Declarer<'a> {
    env: &'a mut Env,
    out: &'a mut Diagnostics,
    cells: Vec<u64>,
    mms: usize,
    uses: Uses,
}

impl Declarer<'_> {
    fn error(&mut self, span: Span, message: impl Into<String>, advice: Option<&str>) {
        let diagnostic = Diagnostic::error(SourceId::KERNEL, span, message).maybe(advice.map(str::to_owned));
        self.out.push(diagnostic);
    }

    fn name(&mut self, name: &Name, entity: Entity) {
        let text = name.text.as_str();
        let function = matches!(entity, Entity::Function(_));
        let known = if function {
            builtin::function(text).is_some()
        } else {
            constant::constants().any(|c| c == text)
        };
        if known {
            let message = format!("`{text}` is built in");
            return self.error(name.span, message, Some("take another name"));
        }
        if let (false, Some(warning)) = (function, switch_word(SourceId::KERNEL, name)) {
            self.out.push(warning);
        }
        if let Some(earlier) = self.env.names.get(text) {
            let span = earlier.span;
            let diagnostic =
                Diagnostic::error(SourceId::KERNEL, name.span, format!("`{text}` is declared twice"))
                    .related(SourceId::KERNEL, span, "first here");
            return self.out.push(diagnostic);
        }
        self.env.names.insert(text.to_owned(), Decl { entity, span: name.span });
    }

    fn field(&mut self, name: &Name, entity: Entity) {
        if name.text == "pgd" {
            let root = self.env.machine.top.table_name();
            let message = format!("every mm has a field pgd: the frame of its {root}");
            return self.error(name.span, message, Some("take another name"));
        }
        if let Some(earlier) = self.env.fields.get(&name.text) {
            let span = earlier.span;
            let message = format!("`{}` is declared twice", name.text);
            let diagnostic = Diagnostic::error(SourceId::KERNEL, name.span, message);
            return self.out.push(diagnostic.related(SourceId::KERNEL, span, "first here"));
        }
        self.env.fields.insert(name.text.clone(), Decl { entity, span: name.span });
    }

    fn constant(&mut self, decl: &ConstDecl) {
        let want = decl.ty.as_ref().and_then(|ty| type_of(self.out, SourceId::KERNEL, ty));
        let (ty, value, uses) = check::constant(self.env, self.out, SourceId::KERNEL, &decl.value, want);
        self.uses.options.extend(uses.options);
        self.name(&decl.name, Entity::Const(ty, value));
    }

    fn variable(&mut self, decl: &VarDecl) {
        let len = match &decl.len {
            None => 1,
            Some(expr) => {
                let (_, len, uses) =
                    check::constant(self.env, self.out, SourceId::KERNEL, expr, Some(Type::Int));
                self.uses.options.extend(uses.options);
                if len == 0 || len > MAX_LEN {
                    let message = format!("an array has 1 to {MAX_LEN} elements, not {len}");
                    self.error(expr.span, message, None);
                }
                len.clamp(1, MAX_LEN)
            }
        };
        let len = u16::try_from(len).unwrap_or(1);
        let entity = match &decl.body {
            VarBody::Plain(slot) => Entity::Var(self.slot(decl, decl.name.text.clone(), len, slot)),
            VarBody::Group(fields) => {
                let mut ids = Ordered::default();
                for (field, slot) in fields {
                    let id = self.slot(decl, format!("{}.{}", decl.name.text, field.text), len, slot);
                    if ids.insert(field.text.clone(), id).is_some() {
                        self.error(field.span, format!("field `{}` is declared twice", field.text), None);
                    }
                }
                if fields.is_empty() {
                    let message = format!("`{}` has no fields", decl.name.text);
                    self.error(decl.name.span, message, None);
                }
                Entity::Group(ids)
            }
        };
        match decl.scope {
            Scope::PerMm => self.field(&decl.name, entity),
            _ => self.name(&decl.name, entity),
        }
    }

    fn slot(&mut self, decl: &VarDecl, name: String, len: u16, slot: &Slot) -> VarId {
        let ty = type_of(self.out, SourceId::KERNEL, &slot.ty);
        let value = match &slot.init {
            None => 0,
            Some(expr) => {
                let (_, value, uses) = check::constant(self.env, self.out, SourceId::KERNEL, expr, ty);
                self.uses.options.extend(uses.options);
                value
            }
        };
        let limit = slot.limit.as_ref().and_then(|expr| self.limit(expr, ty, value));
        let owners = match decl.scope {
            Scope::Global => 1,
            Scope::PerMm => self.mms,
            Scope::PerCpu => self.env.machine.cpus.into(),
        };
        let count = owners * usize::from(len);
        let mut base = self.cells.len();
        // A timed run keeps no states, and may have more CPUs.
        let most = if self.env.machine.cpus > MAX_CPUS { 16 * MAX_CELLS } else { MAX_CELLS };
        if base + count > most {
            // Reported once: at the variable that is the first too many.
            if base < most {
                let message = format!("the variables need more than {most} cells");
                let advice = "an mm variable needs one for each mm, a percpu variable one for each CPU";
                self.error(decl.name.span, message, Some(advice));
                self.cells.resize(most, 0);
            }
            base = 0;
        } else {
            self.cells.resize(base + count, value);
        }
        let id = self.env.vars.len();
        self.env.vars.push(Variable {
            name,
            scope: decl.scope,
            ty: ty.unwrap_or(Type::Int),
            len,
            array: decl.len.is_some(),
            base: u16::try_from(base).unwrap_or(0),
            shared: decl.scope != Scope::PerCpu,
            in_handlers: false,
            in_intruders: false,
            limit,
        });
        // More variables than numbers for them means more cells than allowed, which has been reported.
        VarId::try_from(id).unwrap_or(0)
    }

    /// The largest value that a variable may reach. Its initial value is no larger.
    fn limit(&mut self, expr: &Expr, ty: Option<Type>, value: u64) -> Option<u64> {
        if ty.is_some_and(|ty| ty != Type::Int) {
            self.error(expr.span, "only an int has a limit", None);
            return None;
        }
        let (_, limit, uses) = check::constant(self.env, self.out, SourceId::KERNEL, expr, Some(Type::Int));
        self.uses.options.extend(uses.options);
        if value > limit {
            let message = format!("the variable begins with {value}, which is beyond its limit of {limit}");
            self.error(expr.span, message, None);
        }
        Some(limit)
    }

    fn function(&mut self, function: &Function) {
        let mut params = Vec::new();
        for (name, ty) in &function.params {
            params.push((name.text.clone(), type_of(self.out, SourceId::KERNEL, ty)));
        }
        if let Some((name, _)) = function.params.get(MAX_PARAMS) {
            self.error(name.span, format!("more than {MAX_PARAMS} parameters"), None);
        }
        let word = match function.kind {
            FunctionKind::Nmi => Some("nmi"),
            FunctionKind::VmExit => Some("vmexit"),
            FunctionKind::Fault => Some("fault"),
            FunctionKind::Exit => Some("exit"),
            FunctionKind::Fn | FunctionKind::Ipi | FunctionKind::Irq | FunctionKind::Sys => None,
        };
        match (function.kind, function.params.first()) {
            (FunctionKind::Fault, _) => self.fault_facts(function),
            (FunctionKind::Exit, _) => self.exit_facts(function),
            (FunctionKind::Nmi | FunctionKind::VmExit, Some((name, _))) => {
                self.error(name.span, "no code sends this handler, so it has no parameters", None);
            }
            _ => {}
        }
        if let Some(word) = word
            && let Some(first) = self.env.functions.iter().find(|f| f.kind == function.kind)
        {
            let first = first.span;
            let message = format!("a kernel has one {word} handler");
            let diagnostic = Diagnostic::error(SourceId::KERNEL, function.name.span, message);
            self.out.push(diagnostic.related(SourceId::KERNEL, first, "first here"));
        }
        let mut ret = None;
        if let Some(ty) = &function.ret {
            ret = type_of(self.out, SourceId::KERNEL, ty);
            if !matches!(function.kind, FunctionKind::Fn | FunctionKind::Sys) {
                self.error(ty.span, "an interrupt handler returns nothing", Some("store it in a variable"));
            }
        }
        let then = self.then(function, &params);
        let id = self.env.functions.len();
        self.env.functions.push(Signature {
            kind: function.kind,
            name: function.name.text.clone(),
            span: function.name.span,
            params,
            ret,
            returns: function.ret.is_some(),
            then,
        });
        self.name(&function.name, Entity::Function(id));
    }

    /// The handler of page faults names the parameters that it wants.
    fn fault_facts(&mut self, function: &Function) {
        for (name, ty) in &function.params {
            let advice = match FaultFact::named(&name.text) {
                Some((_, wanted)) if Type::named(&ty.text) == Some(wanted) => continue,
                Some((_, wanted)) => format!("write `{}: {}`", name.text, wanted.name()),
                None => "they are `address: va`, `write: bool`, `user: bool`, `present: bool`, each if it is needed"
                    .to_owned(),
            };
            self.error(name.span, "a handler of page faults has no parameter of this name", Some(&advice));
        }
    }

    /// So does the handler of VM exits.
    fn exit_facts(&mut self, function: &Function) {
        for (name, ty) in &function.params {
            let advice = match ExitFact::named(&name.text) {
                Some((_, wanted)) if Type::named(&ty.text) == Some(wanted) => continue,
                Some((_, wanted)) => format!("write `{}: {}`", name.text, wanted.name()),
                None => {
                    "they are `violation: bool`, `gpa: va`, `write: bool`, each if it is needed".to_owned()
                }
            };
            self.error(name.span, "a handler of VM exits has no parameter of this name", Some(&advice));
        }
    }

    /// What the CPU runs after a function.
    fn then(&mut self, function: &Function, params: &[(String, Option<Type>)]) -> Then {
        let Some(then) = &function.then else { return Then::by_name(&function.name.text) };
        if function.kind != FunctionKind::Sys {
            let message = "only a `sys` function says what the CPU runs afterwards";
            self.error(
                then.what.span,
                message,
                Some("write `sys`, or leave it to the `sys` function that calls this"),
            );
        }
        match (then.what.text.as_str(), &then.mm) {
            ("user", Some(mm)) => {
                let mm_named =
                    |param: &(String, Option<Type>)| param.0 == mm.text && param.1 == Some(Type::Mm);
                match params.iter().position(mm_named) {
                    Some(param) => return Then::UserOf(param),
                    None => {
                        let message = "this is not a parameter of type mm";
                        self.error(mm.span, message, Some("write `sys run(next: mm) then user(next)`"));
                    }
                }
            }
            ("user", None) => return Then::User,
            ("kernel", None) => return Then::Kernel,
            ("kthread", None) => return Then::Kthread,
            ("idle", None) => return Then::Idle,
            (_, Some(mm)) => self.error(mm.span, "only `then user` takes an mm", None),
            (_, None) => {
                let advice = "the forms are `then user(next)`, `then user`, `then kernel`, `then kthread`, `then idle`";
                self.error(then.what.span, "a CPU cannot run this", Some(advice));
            }
        }
        Then::Before
    }
}
