//! What operations, declarations and the facts about them have in common: numbers of things, and what values mean.

pub use x86::MmId;

/// Index into [`Program::code`](super::program::Program::code).
pub type Pc = u16;
/// A local variable or temporary of the running context.
pub type Reg = u8;
/// Index into [`Program::variables`](super::program::Program::variables).
pub type VarId = u16;

/// The mm value that is no mm: `LOADED_MM_SWITCHING`. It can be stored and compared. A text that looks inside it
/// (`m.tlb_gen`, `m.pgd`, `pte(m, va)`) has a bug that the machine reports.
pub const NO_MM: MmId = u8::MAX;

/// Who owns an instance of a variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// One for the whole machine.
    Global,
    /// One per mm.
    PerMm,
    /// One per CPU.
    PerCpu,
}

/// What a value means to its author.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Type {
    /// A number.
    Int,
    /// 0 or 1.
    Bool,
    /// An address space.
    Mm,
    /// A CPU number.
    Cpu,
    /// A set of CPUs.
    Cpus,
    /// A page-frame number; 0 is none.
    Frame,
    /// A 64-bit page-table entry.
    Pte,
    /// A linear address.
    Va,
    /// A thread, or what a CPU runs by itself: below the number of CPUs a CPU's own block, from there on a thread.
    Task,
}

impl Type {
    /// All of them.
    pub(crate) const ALL: [Type; 9] = [
        Type::Int,
        Type::Bool,
        Type::Mm,
        Type::Cpu,
        Type::Cpus,
        Type::Frame,
        Type::Pte,
        Type::Va,
        Type::Task,
    ];

    /// What it is called in a text.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Type::Int => "int",
            Type::Bool => "bool",
            Type::Mm => "mm",
            Type::Cpu => "cpu",
            Type::Cpus => "cpus",
            Type::Frame => "frame",
            Type::Pte => "pte",
            Type::Va => "va",
            Type::Task => "task",
        }
    }

    /// The type that a word names.
    pub(crate) fn named(name: &str) -> Option<Type> {
        Type::ALL.into_iter().find(|ty| ty.name() == name)
    }
}

/// How often something happens over all executions, in the words of the litmus tradition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Observation {
    /// In every complete execution.
    Always,
    /// In some executions.
    Sometimes,
    /// In no execution.
    Never,
}
