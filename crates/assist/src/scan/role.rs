//! What a word may be for.

/// What a declaration declares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Declared {
    Kernel,
    Scenario,
    Costs,
    Case,
    Option,
    Const,
    /// A variable, or a group of them: `global`, `mm`, `percpu`.
    Global,
    PerMm,
    PerCpu,
    Field,
    Function,
    Invariant,
    Param,
    Local,
    Mm,
    Guest,
    Thread,
}

/// What a word or a string is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Role {
    /// It is declared here.
    Declares(Declared),
    /// A name in an expression.
    Value,
    /// The same, called.
    Call,
    /// Behind a dot.
    Field,
    /// A variable of an mm, in the mm's block.
    Slot,
    Type,
    /// An option that is set.
    Option,
    /// A choice of an option.
    Choice,
    /// The mm of a thread, the guest of an mm.
    Space,
    /// A local of a CPU's block, at the end of an execution.
    Outcome,
    Observation,
    Property,
    /// A line of the machine begins.
    Machine,
    /// A value of the machine.
    Setting,
    Mapping,
    Then,
    /// Between the handler of an IPI and the end of the statement.
    Send,
    Load,
    Figure,
    /// An item of a kernel, a scenario, a case or a workload begins.
    Item,
    /// A statement begins with a word of the grammar.
    Statement,
    /// Another word of the grammar.
    Word,
    /// A string that names a kernel.
    KernelName,
    /// A string that names a page.
    PageName,
    /// A string that names a check.
    Label,
    /// Any other string.
    Prose,
}

impl Role {
    pub(crate) fn is_local(self) -> bool {
        matches!(self, Role::Declares(Declared::Local | Declared::Param))
    }
}

/// The kinds of functions.
pub(crate) const FUNCTIONS: &[&str] = &["fn", "ipi", "irq", "sys", "fault", "exit", "nmi", "vmexit"];
