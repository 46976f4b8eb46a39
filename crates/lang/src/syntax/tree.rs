//! What a text says, as a tree with the place of every part. No name has been looked up yet.
//!
//! The tree is public: a page may use it to find what is under a pointer. Parentheses leave no trace, since the
//! shape of the tree has their meaning.

use crate::costs::{Sure, Unit};
pub use crate::program::{HandlerKind, Scope};
use crate::source::Span;

/// A name and its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// The word.
    pub text: String,
    /// Where.
    pub span: Span,
}

/// A string and its place (with the quotes).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// What it says.
    pub value: String,
    /// Where.
    pub span: Span,
}

/// A number, possibly with a unit, and its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Amount {
    /// The value, units applied; 0 as long as it is `named`.
    pub value: u64,
    /// Where.
    pub span: Span,
    /// The name of a constant or an option stands there, whose value has not been put in its place yet.
    pub named: bool,
}

/// `costs "..." { ... }`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CostsDecl {
    /// Its name.
    pub name: Text,
    /// The table that it extends.
    pub extends: Option<Text>,
    /// `about "..."`
    pub about: Vec<Text>,
    /// `with pcid = off;`
    pub with: Vec<(Name, Name)>,
    /// Its figures, in order.
    pub figures: Vec<GivenFigure>,
}

/// `ipi_send 300 ns guessed "...";`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GivenFigure {
    /// Its name.
    pub name: Name,
    /// Its value; a time in picoseconds.
    pub amount: Amount,
    /// What it counts.
    pub unit: Unit,
    /// How sure it is.
    pub sure: Sure,
    /// Who says so.
    pub source: Text,
}

/// `kernel "..." { ... }`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kernel {
    /// All of it.
    pub span: Span,
    /// Its name.
    pub name: Text,
    /// `extends "..."`: the kernel whose declarations it takes over, except those that it replaces.
    pub extends: Option<Text>,
    /// `about "..."`
    pub about: Vec<Text>,
    /// `claim "..."`
    pub claim: Option<Text>,
    /// `cite "..."`
    pub cites: Vec<Text>,
    /// `option ...`
    pub options: Vec<OptionDecl>,
    /// `const ...`
    pub consts: Vec<ConstDecl>,
    /// `global`, `mm` and `percpu` variables.
    pub vars: Vec<VarDecl>,
    /// `fn`, `ipi`, `sys`, `nmi` and `vmexit`.
    pub functions: Vec<Function>,
    /// `invariant "..." { }`
    pub invariants: Vec<InvariantDecl>,
}

/// `invariant "..." { BUG_ON(...); }`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvariantDecl {
    /// What it is called.
    pub name: Text,
    /// The code that is evaluated in every state.
    pub body: Block,
}

/// `option name = on "sentence"` or `option name: a | b = a "sentence"`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OptionDecl {
    /// Its name.
    pub name: Name,
    /// The choices written; none for a plain on/off option.
    pub choices: Vec<Name>,
    /// The default.
    pub default: Name,
    /// The label.
    pub sentence: Option<Text>,
}

/// `const NAME = 7;`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConstDecl {
    /// Its name.
    pub name: Name,
    /// Its type, if written.
    pub ty: Option<Name>,
    /// Its value.
    pub value: Expr,
}

/// `percpu ctxs[6] { tlb_gen: int = 0; }`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VarDecl {
    /// Who owns an instance.
    pub scope: Scope,
    /// Its name.
    pub name: Name,
    /// Number of elements, if it is an array.
    pub len: Option<Expr>,
    /// What it holds.
    pub body: VarBody,
}

/// What a variable holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum VarBody {
    /// A value.
    Plain(Slot),
    /// Named fields.
    Group(Vec<(Name, Slot)>),
}

/// `int = 0`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slot {
    /// The type.
    pub ty: Name,
    /// The initial value.
    pub init: Option<Expr>,
    /// The largest value that a run may reach.
    pub limit: Option<Expr>,
}

/// What kind of function.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FunctionKind {
    /// `fn`: called by other functions.
    Fn,
    /// `ipi`: an interrupt handler; may also be called.
    Ipi,
    /// `sys`: what scenarios may call.
    Sys,
    /// `nmi`: the handler of non-maskable interrupts.
    Nmi,
    /// `vmexit`: what the host does when it preempts a virtual CPU.
    VmExit,
    /// `fault`: the handler of page faults.
    Fault,
    /// `irq`: an interrupt handler that runs on the thread which it interrupts.
    Irq,
    /// `exit`: the handler of a guest's VM exits.
    Exit,
}

/// A function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Function {
    /// Which kind.
    pub kind: FunctionKind,
    /// Its name.
    pub name: Name,
    /// Its parameters: name and type.
    pub params: Vec<(Name, Name)>,
    /// The type it returns, if any.
    pub ret: Option<Name>,
    /// What the CPU runs afterwards, if that is said.
    pub then: Option<Then>,
    /// What it does.
    pub body: Block,
}

/// `then user(next)`: what a CPU runs when a system call is over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Then {
    /// `user`, `kernel`, `kthread` or `idle`.
    pub what: Name,
    /// Which parameter names the mm whose user code it is.
    pub mm: Option<Name>,
}

/// `{ ... }`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// The statements.
    pub stmts: Vec<Stmt>,
    /// From brace to brace.
    pub span: Span,
}

/// A statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stmt {
    /// What it is.
    pub kind: StmtKind,
    /// Where, without the semicolon.
    pub span: Span,
}

/// What a statement is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StmtKind {
    /// `let x: int = e;`
    Let(Name, Option<Name>, Expr),
    /// `place = e;`
    Assign(Expr, Expr),
    /// `f(a);`
    Expr(Expr),
    /// `if c { } else if d { } else { }`
    If(Vec<(Expr, Block)>, Option<Block>),
    /// `while c { }`
    While(Expr, Block),
    /// `for c in SET { }`
    ForSet(Name, Expr, Block),
    /// `for v in a .. b step s { }`
    ForRange(Name, Range, Block),
    /// `return e;`
    Return(Option<Expr>),
    /// `until c;`
    Until(Expr),
    /// `ipi h(args) to SET by llist_add and wait;`
    Ipi(Send),
    /// `wait_ipis;`
    WaitIpis,
    /// `{ }`
    Block(Block),
}

/// `a .. b step s`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Range {
    /// First value.
    pub from: Expr,
    /// First value that is not taken.
    pub to: Expr,
    /// Distance, 1 unless written.
    pub step: Option<Expr>,
}

/// `h(args) to SET and wait`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Send {
    /// The handler.
    pub handler: Name,
    /// What it gets.
    pub args: Vec<Expr>,
    /// To which CPUs.
    pub targets: Expr,
    /// `by llist_add` is there.
    pub queued: bool,
    /// `and wait` is there.
    pub wait: bool,
}

/// An expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// Where.
    pub span: Span,
}

/// What an expression is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExprKind {
    /// `7`, `0x67`, or a string of up to eight bytes.
    Number(u64),
    /// The label of a check: the last argument of a call, where the function takes one.
    Label(String),
    /// `x`
    Name(String),
    /// `0:x`: what a local of CPU 0's block is at the end.
    Of(Amount, Name),
    /// `e.x`
    Field(Box<Expr>, Name),
    /// `e[i]`
    Index(Box<Expr>, Box<Expr>),
    /// `f(a, b)`
    Call(Name, Vec<Expr>),
    /// `{a, b}`
    Set(Vec<Expr>),
    /// `!e`
    Unary(Unary, Box<Expr>),
    /// `a + b`
    Binary(Binary, Box<Expr>, Box<Expr>),
}

/// A prefix operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unary {
    /// `!`
    Not,
    /// `~`
    Complement,
    /// `-`
    Minus,
}

/// An infix operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Binary {
    /// `||`
    Or,
    /// `&&`
    And,
    /// `|`
    BitOr,
    /// `^`
    BitXor,
    /// `&`
    BitAnd,
    /// `==`
    Eq,
    /// `!=`
    Ne,
    /// `<`
    Lt,
    /// `<=`
    Le,
    /// `>`
    Gt,
    /// `>=`
    Ge,
    /// `in`
    In,
    /// `<<`
    Shl,
    /// `>>`
    Shr,
    /// `+`
    Add,
    /// `-`
    Sub,
    /// `*`
    Mul,
}

impl Binary {
    /// How it is written.
    #[must_use]
    pub fn sign(self) -> &'static str {
        match self {
            Binary::Or => "||",
            Binary::And => "&&",
            Binary::BitOr => "|",
            Binary::BitXor => "^",
            Binary::BitAnd => "&",
            Binary::Eq => "==",
            Binary::Ne => "!=",
            Binary::Lt => "<",
            Binary::Le => "<=",
            Binary::Gt => ">",
            Binary::Ge => ">=",
            Binary::In => "in",
            Binary::Shl => "<<",
            Binary::Shr => ">>",
            Binary::Add => "+",
            Binary::Sub => "-",
            Binary::Mul => "*",
        }
    }
}
