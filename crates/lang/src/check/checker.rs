//! What the checks of a body share: its locals and their scopes, what it uses, and where mistakes are reported.

use crate::check::constant::constants;
use crate::check::env::{Entity, Env};
use crate::check::hir::{Body, Kind, Local, LocalId, Node, StandsFor, Stmt, Uses};
use crate::diagnostic::nearest::did_you_mean;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::program::Type;
use crate::source::{SourceId, Span};
use crate::syntax::{FunctionKind, Name};

/// The most locals of a function, parameters included.
const MAX_LOCALS: usize = 512;

/// Where a body stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Home {
    /// A function of the kernel.
    Kernel(FunctionKind),
    /// A cpu block of the scenario.
    Cpu,
    /// An invariant, of either.
    Invariant,
    /// A constant, an initial value or an array length.
    Constant,
    /// A condition on the states in which executions end.
    Final,
}

impl Home {
    /// Whether the scenario's address spaces have their names here.
    pub(crate) fn knows_mms(self) -> bool {
        matches!(self, Home::Cpu | Home::Final)
    }
}

/// Checks one body.
pub(crate) struct Checker<'a> {
    pub(crate) env: &'a Env,
    pub(crate) out: &'a mut Diagnostics,
    pub(crate) source: SourceId,
    pub(crate) home: Home,
    pub(crate) locals: Vec<Local>,
    /// Innermost block last.
    pub(crate) scopes: Vec<Vec<LocalId>>,
    pub(crate) ret: Option<Type>,
    /// There is a `-> type`, though perhaps an unknown one.
    pub(crate) returns: bool,
    pub(crate) uses: Uses,
    /// How many accesses so far put what they load into a local.
    pub(crate) loads: u32,
    /// The cpu blocks, for a condition on final states.
    pub(crate) blocks: &'a [(u8, Body)],
    /// What each local of such a condition stands for.
    pub(crate) stands_for: Vec<StandsFor>,
}

impl<'a> Checker<'a> {
    /// Whether the scenario's address spaces have their names here.
    pub(crate) fn knows_mms(&self) -> bool {
        let either = matches!(self.home, Home::Invariant | Home::Constant);
        self.home.knows_mms() || (either && self.source == SourceId::SCENARIO)
    }

    pub(crate) fn new(env: &'a Env, out: &'a mut Diagnostics, source: SourceId, home: Home) -> Checker<'a> {
        Checker {
            env,
            out,
            source,
            home,
            locals: Vec::new(),
            scopes: vec![Vec::new()],
            ret: None,
            returns: false,
            uses: Uses::default(),
            loads: 0,
            blocks: &[],
            stands_for: Vec::new(),
        }
    }

    pub(crate) fn finish(self, name: String, params: usize, stmts: Vec<Stmt>, span: Span) -> Body {
        for local in self.locals.iter().take(params) {
            if !local.used && !local.name.starts_with('_') {
                let message = format!("parameter `{}` is never used", local.name);
                // The names of such a handler's parameters say what it is told.
                let advice = match self.home {
                    Home::Kernel(FunctionKind::Fault) => "leave it out".to_owned(),
                    _ => format!("leave it out, or call it `_{}`", local.name),
                };
                self.out.push_unused(Diagnostic::warning(self.source, local.span, message).advice(advice));
            }
        }
        if let Some(types) = &mut self.out.locals {
            let source = self.source;
            types.extend(self.locals.iter().filter_map(|local| Some((source, local.span, local.ty?))));
        }
        let end = Span { start: span.end.saturating_sub(1).max(span.start), end: span.end };
        Body { name, source: self.source, params, locals: self.locals, stmts, end, uses: self.uses }
    }

    /// Reports an error.
    pub(crate) fn error(&mut self, span: Span, message: impl Into<String>, advice: Option<&str>) {
        let diagnostic = Diagnostic::error(self.source, span, message).maybe(advice.map(str::to_owned));
        self.out.push(diagnostic);
    }

    /// Declares a local.
    pub(crate) fn declare(&mut self, name: &Name, ty: Option<Type>, fixed: Option<&'static str>) -> LocalId {
        if let Some(earlier) = self.local(&name.text) {
            let earlier = self.locals[earlier].span;
            let diagnostic =
                Diagnostic::error(self.source, name.span, format!("`{}` is already declared", name.text))
                    .advice("take another name: a name has one meaning in a function")
                    .related(self.source, earlier, "here");
            self.out.push(diagnostic);
        } else {
            self.hidden(name);
        }
        let local =
            Local { name: name.text.clone(), ty, span: name.span, mutated: false, used: false, fixed };
        self.locals.push(local);
        let id = self.locals.len() - 1;
        // Names are looked up one by one, so a function cannot have any number of them.
        if id == MAX_LOCALS {
            self.error(name.span, format!("more than {MAX_LOCALS} locals in one function"), None);
        }
        if id >= MAX_LOCALS {
            return id;
        }
        if let Some(scope) = self.scopes.last_mut() {
            scope.push(id);
        }
        id
    }

    /// A local must not hide what the same text declares.
    fn hidden(&mut self, name: &Name) {
        let text = name.text.as_str();
        if constants().any(|c| c == text) {
            let message = format!("`{text}` is a built-in constant");
            return self.error(name.span, message, Some("take another name"));
        }
        if let Some(warning) = switch_word(self.source, name) {
            self.out.push(warning);
        }
        let earlier = match self.source {
            SourceId::KERNEL => self.env.names.get(text).map(|d| (d.span, d.entity.what())),
            _ => {
                let own = self.env.own.get(text).map(|decl| (decl.span, decl.entity.what()));
                own.or_else(|| self.env.mms.get(text).map(|(_, span)| (*span, "an mm")))
            }
        };
        // A function and a variable never stand in the same place, so they may share a name.
        if let Some((span, what)) = earlier.filter(|(_, what)| *what != "a function") {
            let diagnostic = Diagnostic::error(self.source, name.span, format!("`{text}` is already {what}"))
                .advice("take another name: it would be hidden here")
                .related(self.source, span, "declared here");
            self.out.push(diagnostic);
        }
    }

    /// The local of that name.
    pub(crate) fn local(&self, name: &str) -> Option<LocalId> {
        self.scopes
            .iter()
            .rev()
            .flat_map(|s| s.iter().rev())
            .copied()
            .find(|&id| self.locals[id].name == name)
    }

    /// A value of unknown type, after a mistake.
    pub(crate) fn unknown(span: Span) -> Node {
        Node { kind: Kind::Const(0), ty: None, span }
    }

    /// The type a word names, or a diagnostic.
    pub(crate) fn type_of(&mut self, name: &Name) -> Option<Type> {
        type_of(self.out, self.source, name)
    }

    /// `node` as a value of type `want`.
    pub(crate) fn coerce(&mut self, node: Node, want: Option<Type>, what: &str) -> Node {
        let (Some(want), Some(is)) = (want, node.ty) else { return node };
        if agree(want, is) {
            return Node { ty: Some(want), ..node };
        }
        if let (Type::Int, Kind::Const(value)) = (is, &node.kind) {
            match want {
                Type::Frame if *value == 0 => return Node { ty: Some(want), ..node },
                Type::Cpu if *value < u64::from(self.env.machine.processors()) => {
                    return Node { ty: Some(want), ..node };
                }
                Type::Cpu => {
                    let message = format!("there is no CPU {value}");
                    let advice = format!(
                        "the machine has CPUs 0 to {}",
                        self.env.machine.processors().saturating_sub(1)
                    );
                    self.error(node.span, message, Some(&advice));
                    return Node { ty: None, ..node };
                }
                _ => {}
            }
        }
        let message = format!("{what} is {}, not {}", is.name(), want.name());
        let constant = if let Kind::Const(value) = node.kind { Some(value) } else { None };
        let advice = match (want, is) {
            (Type::Bool, Type::Int) if constant == Some(0) => Some("write `false`"),
            (Type::Bool, Type::Int) if constant.is_some() => Some("write `true`"),
            (Type::Cpus, Type::Int) if constant.is_some() => {
                Some("a set of CPUs is written in braces: `{1}`")
            }
            (Type::Task, Type::Int) => {
                Some("a task is a thread by its name, `idle_task(c)` or `get_current()`")
            }
            (Type::Bool, Type::Int | Type::Pte | Type::Va | Type::Frame) => Some("compare it: `x != 0`"),
            (Type::Bool, Type::Cpus) => Some("compare it: `s != {}`"),
            (Type::Cpus, Type::Cpu) => Some("a set of one CPU is `{c}`"),
            (Type::Cpu, Type::Int) => {
                Some("only a constant number names a CPU; a local says so: `let c: cpu = 1;`")
            }
            (Type::Frame, Type::Pte) => Some("the frame of an entry is `pte_pfn(e)`"),
            (Type::Frame, Type::Mm) => Some("the root of an mm is `m.pgd`"),
            (Type::Pte, Type::Frame) => Some("an entry for a frame is `pfn_pte(f, flags)`"),
            (Type::Frame, Type::Int) => Some("frames come from alloc_page(), alloc_table() and pte_pfn()"),
            (Type::Mm, Type::Int) => {
                Some("no number is an mm; where there may be none, keep a bool beside it, or use `init_mm`")
            }
            (Type::Cpu, Type::Cpus) => {
                Some("a set is no CPU: `for c in set { }` takes its members one by one")
            }
            (Type::Int | Type::Pte | Type::Va, Type::Bool) => Some("decide with if: a bool is not a number"),
            _ => None,
        };
        self.error(node.span, message, advice);
        Node { ty: None, ..node }
    }

    /// Advice for an unknown name, unless the diagnostics are full.
    pub(crate) fn similar(&self, word: &str, functions: bool) -> Option<String> {
        if self.out.full() {
            return None;
        }
        if functions {
            return did_you_mean(word, self.env.function_names());
        }
        let locals = self.scopes.iter().flatten().map(|&id| self.locals[id].name.as_str());
        did_you_mean(word, locals.chain(self.env.value_names()))
    }

    /// What the kernel declares under that name, or the scenario, if this is its text.
    pub(crate) fn declared(&self, name: &str) -> Option<&Entity> {
        let own = self.env.own.get(name).filter(|_| self.source == SourceId::SCENARIO);
        own.or_else(|| self.env.names.get(name)).map(|decl| &decl.entity)
    }

    /// The same, marked as used.
    pub(crate) fn entity(&mut self, name: &str) -> Option<Entity> {
        let entity = self.declared(name)?.clone();
        if let Entity::Option(option) = entity {
            self.uses.options.insert(option);
        }
        Some(entity)
    }
}

/// The type a word names, or a diagnostic.
pub(crate) fn type_of(out: &mut Diagnostics, source: SourceId, name: &Name) -> Option<Type> {
    let ty = Type::named(&name.text);
    if ty.is_none() {
        let advice = match crate::check::linux::c_type(&name.text) {
            Some(advice) => advice.to_owned(),
            None => did_you_mean(&name.text, crate::syntax::token::TYPES.iter().copied())
                .unwrap_or_else(|| "types are int, bool, mm, cpu, cpus, frame, pte, va, task".to_owned()),
        };
        let message = format!("there is no type `{}`", name.text);
        out.push(Diagnostic::error(source, name.span, message).advice(advice));
    }
    ty
}

/// Whether a value of one type may stand where the other is expected: numbers of all kinds convert freely.
pub(crate) fn agree(a: Type, b: Type) -> bool {
    a == b || (number(a) && number(b))
}

/// `int`, `pte`, `va`.
pub(crate) fn number(ty: Type) -> bool {
    matches!(ty, Type::Int | Type::Pte | Type::Va)
}

/// A warning where a name is `on` or `off`: the words that options are set with.
pub(crate) fn switch_word(source: SourceId, name: &Name) -> Option<Diagnostic> {
    let meaning = match name.text.as_str() {
        "on" => "true",
        "off" => "false",
        _ => return None,
    };
    let message = format!("`{}` is the word that switches an option", name.text);
    let advice = format!("take another name; the bool is `{meaning}`");
    Some(Diagnostic::warning(source, name.span, message).advice(advice))
}
