//! The checked tree: names are numbers, types are right, constants are folded.
//!
//! Nothing has been inlined or pruned. A branch that no option chooses is still there, so the compiler can say what
//! a kernel touches whatever the options.

use crate::ir::bin::fold;
use crate::ordered::Ordered;
use crate::program::{Bin, Fixup, Level, Op, Operand, Reg, Type, VarId};
use crate::source::{SourceId, Span};
use std::collections::BTreeSet;

/// Index of a local in [`Body::locals`].
pub(crate) type LocalId = usize;
/// Index of a function.
pub(crate) type FnId = usize;

/// A value.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    pub(crate) kind: Kind,
    /// `None` after a mistake that has been reported.
    pub(crate) ty: Option<Type>,
    pub(crate) span: Span,
}

impl Node {
    /// How many CPUs a set has.
    pub(crate) fn weight(set: Node, span: Span) -> Node {
        let all = Node::number(u64::MAX, Type::Cpus, span);
        Node::bin(Bin::Weight, set, all, Some(Type::Int), span)
    }

    /// `a op b`, folded.
    pub(crate) fn bin(op: Bin, a: Node, b: Node, ty: Option<Type>, span: Span) -> Node {
        if let (Kind::Const(x), Kind::Const(y)) = (&a.kind, &b.kind) {
            return Node { kind: Kind::Const(fold(op, *x, *y)), ty, span };
        }
        Node { kind: Kind::Bin(op, Box::new(a), Box::new(b)), ty, span }
    }

    /// A constant.
    pub(crate) fn number(value: u64, ty: Type, span: Span) -> Node {
        Node { kind: Kind::Const(value), ty: Some(ty), span }
    }
}

/// How a value is made.
#[derive(Clone, Debug)]
pub(crate) enum Kind {
    Const(u64),
    ThisCpu,
    Local(LocalId),
    Load(Box<Lvalue>),
    Bin(Bin, Box<Node>, Box<Node>),
    Not(Box<Node>),
    And(Box<Node>, Box<Node>),
    Or(Box<Node>, Box<Node>),
    PgdOf(Box<Node>),
    Rmw(Box<Rmw>),
    Call(FnId, Vec<Node>),
    /// An operation that gives a value.
    Operation(MakeValue, Vec<Node>),
    /// An access with a fixup: whether it has faulted for good. What it loads goes to the local.
    Try(MakeTry, Option<LocalId>, Vec<Node>),
}

/// What a local of a condition stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum StandsFor {
    /// A local of a CPU's block.
    Local(u8, LocalId),
    /// Whether a CPU's block ended by a fault.
    Fault(u8),
}

/// Makes an operation without a value from its operands; nothing if they leave nothing to do, or are not as many as
/// its built-in has parameters.
pub(crate) type MakeAct = fn(&[Operand]) -> Option<Op>;
/// Makes an operation from its operands and the register for its value; nothing if they are not as many as its
/// built-in has parameters.
pub(crate) type MakeValue = fn(&[Operand], Reg) -> Option<Op>;
/// Makes an access from its operands, the register for its value (if it has one), and its fixup; nothing if the
/// operands are not as many as its built-in has parameters.
pub(crate) type MakeTry = fn(&[Operand], Reg, Fixup) -> Option<Op>;

/// Makes a check from its operands and the number of its label, 0 for none.
pub(crate) type MakeCheck = fn(&[Operand], u16) -> Option<Op>;

/// Memory.
#[derive(Clone, Debug)]
pub(crate) enum Lvalue {
    Cell {
        var: VarId,
        owner: Option<Node>,
        index: Option<Node>,
    },
    Entry {
        level: Level,
        mm: Node,
        va: Node,
    },
    Word {
        frame: Node,
        index: Node,
    },
    /// The word at a linear address: for locked operations alone.
    Linear {
        va: Node,
    },
}

/// A locked operation.
#[derive(Clone, Debug)]
pub(crate) struct Rmw {
    pub(crate) place: Lvalue,
    pub(crate) op: RmwOp,
    /// The operand; for [`Answer::Bit`] and `bit` the number of a CPU.
    pub(crate) value: Node,
    /// The operand is a CPU whose bit is meant.
    pub(crate) bit: bool,
    pub(crate) answer: Answer,
}

/// Which locked operation.
#[derive(Clone, Debug)]
pub(crate) enum RmwOp {
    Xchg,
    Add,
    Or,
    AndNot,
    CmpXchg(Node),
}

/// What a locked operation returns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    Old,
    New,
    /// Whether the CPU's bit was set before.
    Bit,
}

/// A statement.
#[derive(Clone, Debug)]
pub(crate) struct Stmt {
    pub(crate) kind: StmtKind,
    pub(crate) span: Span,
}

/// What a statement does.
#[derive(Clone, Debug)]
pub(crate) enum StmtKind {
    /// A `let` (or an assignment to a local, which looks the same from below).
    Set {
        local: LocalId,
        value: Node,
        fresh: bool,
    },
    Store(Lvalue, Node),
    Acquire(Lvalue),
    Value(Node),
    /// An operation that has no value.
    Act(MakeAct, Vec<Node>),
    /// A check, with its label.
    Check(MakeCheck, Vec<Node>, Option<String>),
    If(Vec<(Node, Vec<Stmt>)>, Vec<Stmt>),
    While(Node, Vec<Stmt>),
    ForSet {
        local: LocalId,
        set: Node,
        body: Vec<Stmt>,
    },
    ForRange {
        local: LocalId,
        from: Node,
        to: Node,
        step: u64,
        body: Vec<Stmt>,
    },
    Return(Option<Node>),
    Until {
        place: Lvalue,
        cmp: Bin,
        value: Node,
        bit: bool,
    },
    Ipi {
        handler: FnId,
        args: Vec<Node>,
        targets: Node,
        queued: bool,
        wait: bool,
    },
    WaitIpis,
    Block(Vec<Stmt>),
}

/// A local variable or parameter.
#[derive(Clone, Debug)]
pub(crate) struct Local {
    pub(crate) name: String,
    pub(crate) ty: Option<Type>,
    pub(crate) span: Span,
    /// It is assigned after its declaration.
    pub(crate) mutated: bool,
    pub(crate) used: bool,
    /// A parameter or loop variable may not be assigned.
    pub(crate) fixed: Option<&'static str>,
}

/// What a body touches.
#[derive(Clone, Debug, Default)]
pub(crate) struct Uses {
    pub(crate) vars: BTreeSet<VarId>,
    /// Per-CPU variables it touches on another CPU.
    pub(crate) remote: BTreeSet<VarId>,
    pub(crate) calls: Ordered<FnId, Span>,
    pub(crate) sends: BTreeSet<FnId>,
    pub(crate) options: BTreeSet<usize>,
}

/// A function or a cpu block, checked.
#[derive(Clone, Debug)]
pub(crate) struct Body {
    pub(crate) name: String,
    pub(crate) source: SourceId,
    /// The first `params` locals are the parameters.
    pub(crate) params: usize,
    pub(crate) locals: Vec<Local>,
    pub(crate) stmts: Vec<Stmt>,
    /// The place of the closing brace.
    pub(crate) end: Span,
    pub(crate) uses: Uses,
}

impl Body {
    /// An empty body.
    pub(crate) fn nothing() -> Body {
        Body {
            name: String::new(),
            source: SourceId::SCENARIO,
            params: 0,
            locals: Vec::new(),
            stmts: Vec::new(),
            end: Span { start: 0, end: 0 },
            uses: Uses::default(),
        }
    }
}
