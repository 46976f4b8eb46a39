//! What names mean in a body: the declarations of the kernel, and the scenario's address spaces.

use crate::check::builtin;
use crate::check::constant;
use crate::check::hir::FnId;
use crate::ordered::Ordered;
use crate::program::{MachineSpec, MmId, ProgramOption, Type, VarId, Variable};
use crate::source::Span;
use crate::syntax::FunctionKind;

/// Everything declared.
pub(crate) struct Env {
    pub(crate) machine: MachineSpec,
    /// The kernel's options, then the scenario's, with the choice made.
    pub(crate) options: Vec<ProgramOption>,
    /// Which of them are plain on/off switches.
    pub(crate) plain: Vec<bool>,
    /// Names of the scenario: its options and constants.
    pub(crate) own: Ordered<String, Decl>,
    /// Whether the machine is known: it may be made of the scenario's constants.
    pub(crate) settled: bool,
    /// Names of the kernel.
    pub(crate) names: Ordered<String, Decl>,
    /// Names that stand after `m.`
    pub(crate) fields: Ordered<String, Decl>,
    pub(crate) vars: Vec<Variable>,
    pub(crate) functions: Vec<Signature>,
    /// The scenario's address spaces, `init_mm` excluded.
    pub(crate) mms: Ordered<String, (MmId, Span)>,
    /// The scenario's threads, by number.
    pub(crate) tasks: Ordered<String, u64>,
}

/// A declared name.
#[derive(Clone, Debug)]
pub(crate) struct Decl {
    pub(crate) entity: Entity,
    pub(crate) span: Span,
}

/// What a name is.
#[derive(Clone, Debug)]
pub(crate) enum Entity {
    Option(usize),
    /// The type is unknown after a mistake.
    Const(Option<Type>, u64),
    Var(VarId),
    /// Fields by name.
    Group(Ordered<String, VarId>),
    Function(FnId),
}

impl Entity {
    /// What it is, in words.
    pub(crate) fn what(&self) -> &'static str {
        match self {
            Entity::Option(_) => "an option",
            Entity::Const(..) => "a constant",
            Entity::Var(_) => "a variable",
            Entity::Group(_) => "a group of variables",
            Entity::Function(_) => "a function",
        }
    }
}

/// What a caller must know of a function.
#[derive(Clone, Debug)]
pub(crate) struct Signature {
    pub(crate) kind: FunctionKind,
    pub(crate) name: String,
    pub(crate) span: Span,
    /// Unknown types after a mistake.
    pub(crate) params: Vec<(String, Option<Type>)>,
    pub(crate) ret: Option<Type>,
    /// It returns a value, though the value's type may be unknown after a mistake.
    pub(crate) returns: bool,
    pub(crate) then: Then,
}

/// What a CPU runs after a system call of a cpu block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Then {
    /// What it ran before.
    Before,
    /// User code of the mm that is this argument.
    UserOf(usize),
    /// User code of the mm on whose behalf it is in the kernel.
    User,
    /// The kernel, on behalf of the mm whose user code it ran.
    Kernel,
    /// A kernel thread.
    Kthread,
    /// The idle task.
    Idle,
}

impl Then {
    /// The mode of a function that declares none with `then`: four names kept the mode that they
    /// had before `then` existed.
    pub(crate) fn by_name(name: &str) -> Then {
        match name {
            "run" => Then::UserOf(0),
            "kthread" | "exit" => Then::Kthread,
            "idle" => Then::Idle,
            _ => Then::Before,
        }
    }
}

impl Env {
    /// Nothing declared yet.
    pub(crate) fn new(machine: MachineSpec) -> Env {
        Env {
            machine,
            options: Vec::new(),
            plain: Vec::new(),
            own: Ordered::default(),
            settled: true,
            names: Ordered::default(),
            fields: Ordered::default(),
            vars: Vec::new(),
            functions: Vec::new(),
            mms: Ordered::default(),
            tasks: Ordered::default(),
        }
    }

    /// The number that an option is set to, if its choices are numbers.
    pub(crate) fn number(&self, option: usize) -> Option<u64> {
        let option = self.options.get(option)?;
        option.choices.get(usize::from(option.chosen))?.parse().ok()
    }

    /// Every name that may stand where a value is expected.
    pub(crate) fn value_names(&self) -> impl Iterator<Item = &str> {
        let declared = self.names.iter().filter(|(_, d)| !matches!(d.entity, Entity::Function(_)));
        declared
            .map(|(n, _)| n.as_str())
            .chain(self.mms.keys().map(String::as_str))
            .chain(self.tasks.keys().map(String::as_str))
            .chain(self.own.keys().map(String::as_str))
            .chain(constant::constants().map(|c| -> &str { c }))
    }

    /// Every name that may be called.
    pub(crate) fn function_names(&self) -> impl Iterator<Item = &str> {
        self.functions
            .iter()
            .map(|f| f.name.as_str())
            .chain(builtin::FUNCTIONS.iter().map(|builtin| builtin.name))
    }
}
