//! The tree of a scenario and of its parts. (What it shares with kernels is in `tree`.)

use super::tree::{Amount, Block, ConstDecl, Expr, HandlerKind, InvariantDecl, Name, OptionDecl, Text};
use super::workload::WorkloadDecl;
pub use crate::program::{Observation, Quantifier};
use crate::source::Span;

/// `scenario "..." { ... }`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scenario {
    /// Its name.
    pub name: Text,
    /// `about "..."`
    pub about: Vec<Text>,
    /// `claim "..."`
    pub claim: Option<Text>,
    /// `cite "..."`
    pub cites: Vec<Text>,
    /// `use kernel "..." with { ... }`
    pub uses: Option<Use>,
    /// `option ...`
    pub options: Vec<OptionDecl>,
    /// The parts that its cases may replace.
    pub stage: Stage,
    /// `thread T in A { ... }`
    pub threads: Vec<ThreadDecl>,
    /// `invariant "..." { }`
    pub invariants: Vec<InvariantDecl>,
    /// `expect never safe;`
    pub expects: Vec<Expect>,
    /// `exists (...)`
    pub finale: Option<Finale>,
    /// `filter (...)`
    pub filter: Option<Expr>,
    /// `locations 0:x, y;`
    pub locations: Vec<Expr>,
    /// `workload { ... }`
    pub workload: Option<WorkloadDecl>,
    /// `case "..." { ... }`
    pub cases: Vec<Case>,
}

/// What a scenario is played on, and what happens there: a case may replace each part of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stage {
    /// `const ...`
    pub consts: Vec<ConstDecl>,
    /// `machine { ... }`
    pub machine: Vec<MachineItem>,
    /// `mm A { ... }`
    pub mms: Vec<MmDecl>,
    /// `page "user data"[1] = 7;`
    pub words: Vec<PageWord>,
    /// `watch 0x1000;`
    pub watch: Vec<Amount>,
    /// `walk cpu 1 off;`
    pub walks: Vec<WalkItem>,
    /// `nmi cpu 0;` and `vmexit cpu 0;`
    pub intrusions: Vec<Intrusion>,
    /// `setup { cpu 0 { } }`, if there is one.
    pub setup: Option<Vec<CpuBlock>>,
    /// `cpu 0 { }`
    pub cpus: Vec<CpuBlock>,
}

/// `page "user data"[1] = 7;`: what a page holds at the start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageWord {
    /// The page, by its name.
    pub page: Text,
    /// Which of its words; the first, unless written.
    pub index: Option<Expr>,
    /// What it holds.
    pub value: Expr,
}

/// `walk cpu 1 off;` or `walk 0x400000 off;`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WalkItem {
    /// Whether a CPU is meant, and not an address.
    pub cpu: bool,
    /// The CPU by its number, or the address.
    pub target: Amount,
    /// Whether speculative walks are made, as by default.
    pub on: bool,
}

/// `use kernel "..." with { a = on, b = off }`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Use {
    /// The kernel's name.
    pub kernel: Text,
    /// Options and their choices.
    pub with: Vec<(Name, Name)>,
    /// Where.
    pub span: Span,
}

/// A line of the machine block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MachineItem {
    /// `vendor amd;`
    Word(Name, Name),
    /// `cpus 2;`
    Number(Name, Amount),
    /// `dram 0 .. 1 GiB;`
    Dram(Amount, Amount),
    /// `device "nic" at 0x1000 .. 0x2000 uc;`
    Device {
        /// Its name.
        name: Text,
        /// First byte.
        base: Amount,
        /// First byte after it.
        end: Option<Amount>,
        /// Memory type.
        memory_type: Option<Name>,
    },
}

/// `mm A { ... }`, `mm A;`, `mm A in G { ... }` or `guest G;`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MmDecl {
    /// Its name.
    pub name: Name,
    /// `mm A;`: it does not exist before the kernel makes it.
    pub absent: bool,
    /// The guest in whose memory it is.
    pub guest: Option<Name>,
    /// It is a guest's second dimension.
    pub second: bool,
    /// What is mapped.
    pub mappings: Vec<Mapping>,
    /// `ctx = 3;`: with what its variables begin, as place and value.
    pub values: Vec<(Expr, Expr)>,
}

/// `0x400000 -> page "user data" 2M ro;`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mapping {
    /// Linear address.
    pub va: Amount,
    /// Name of the page.
    pub page: Text,
    /// `2M`
    pub large: bool,
    /// `ro` is absent.
    pub writable: bool,
    /// `global`
    pub global: bool,
    /// `shared`: every mapping of this name that says so maps one page.
    pub shared: bool,
    /// `at 0x5000`: the page's guest-physical address.
    pub gpa: Option<Amount>,
}

/// `nmi cpu 0;`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Intrusion {
    /// What may come.
    pub kind: HandlerKind,
    /// Where.
    pub cpu: Amount,
}

/// `cpu 0 { ... }`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CpuBlock {
    /// Which CPU.
    pub cpu: Amount,
    /// What it does.
    pub body: Block,
}

/// `thread T in A { ... }`, or `thread T { ... }` for a kernel thread.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ThreadDecl {
    /// Its name.
    pub name: Name,
    /// Whose user code it is; nothing for a kernel thread.
    pub mm: Option<Name>,
    /// What it does.
    pub body: Block,
}

/// `expect never safe;`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expect {
    /// How often.
    pub observation: Observation,
    /// The property.
    pub property: Name,
    /// The label of the check that is meant, if one is.
    pub label: Option<Text>,
    /// Where.
    pub span: Span,
}

/// `exists (...)`, `~exists (...)` or `forall (...)`: a condition on the states in which executions end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finale {
    /// Which of the three.
    pub quantifier: Quantifier,
    /// The condition itself.
    pub condition: Expr,
    /// Where.
    pub span: Span,
}

/// `case "..." { use kernel "..." with { } expect ...; }`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// Its name.
    pub name: Text,
    /// The kernel it uses, if it says so.
    pub uses: Option<Use>,
    /// What differs from the scenario.
    pub stage: Stage,
    /// What it expects.
    pub expects: Vec<Expect>,
    /// `exists (...)`: in the place of the scenario's.
    pub finale: Option<Finale>,
}
