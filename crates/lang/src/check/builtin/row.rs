//! What a row of the table of built-in functions says, and what follows from it: how many arguments there are, what an advice
//! calls each, and how a call is spelt.

use crate::check::hir::{Answer, MakeAct, MakeCheck, MakeTry, MakeValue, Node};
use crate::program::Type;
use crate::source::Span;

/// A built-in function.
#[derive(Debug)]
pub(crate) struct BuiltinRow {
    pub(crate) name: &'static str,
    pub(crate) params: &'static [Param],
    pub(crate) allowed: Allowed,
    pub(crate) meaning: Meaning,
}

/// A parameter.
#[derive(Debug)]
pub(crate) struct Param {
    pub(crate) name: &'static str,
    pub(crate) wants: Wants,
}

/// What an argument must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wants {
    /// A value of that type.
    Value(Type),
    /// A linear address.
    Address,
    /// A place that holds something.
    Place(Holds),
    /// A value of the type that the place before it holds.
    Held,
    /// One of the words for levels of page tables.
    Level,
    /// `noflush`, `flush` or a truth value; it may be left out.
    Noflush,
    /// A percpu variable.
    Variable,
    /// A local variable that holds a number, and gets another one.
    Local,
    /// A string that tells the check from others; it may be left out.
    Label,
}

/// What a place must hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Holds {
    Anything,
    /// Something that can be counted.
    Number,
    /// Something that can be masked.
    NumberOrSet,
    Set,
    Lock,
}

/// What a function means.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Meaning {
    /// An operation without a value; nothing where it makes none.
    Act(MakeAct),
    /// A check, which may have a label.
    Check(MakeCheck),
    /// An operation with a value.
    Value(Type, MakeValue),
    /// An access that may fault; the value is whether it did, for good.
    Try(MakeTry),
    /// A value that is computed of others.
    Formula(fn(Vec<Node>, Span) -> Option<Node>),
    /// A locked operation on the place, with a constant or the last of the arguments.
    Locked(Locked, Option<u64>, Answer),
    /// A load of the place.
    Read,
    /// A store to the place.
    Write,
    /// `spin_lock`.
    Acquire,
    /// `spin_unlock`.
    Release,
    /// A place: the entry of the level that has the function's name.
    Entry,
    /// A place: another CPU's variable.
    PerCpu,
    /// A place of locked operations: the word at a linear address.
    Linear,
}

/// What a locked operation does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Locked {
    Xchg,
    CmpXchg,
    Add,
    Or,
    AndNot,
}

/// Where a built-in may be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Allowed {
    Everywhere,
    Kernel,
    Invariant,
}

impl BuiltinRow {
    /// How many arguments it takes at least and at most.
    pub(crate) fn arity(&self) -> (usize, usize) {
        let optional = self.params.iter().filter(|param| param.optional()).count();
        (self.params.len() - optional, self.params.len())
    }

    /// How it is called: `write_cr3(frame, pcid [, noflush|flush])`.
    pub(crate) fn usage(&self) -> String {
        let mut out = format!("{}(", self.name);
        for (n, param) in self.params.iter().enumerate() {
            match (n, param.optional()) {
                (0, _) => out.push_str(param.word()),
                (_, false) => out.extend([", ", param.word()]),
                (_, true) => out.extend([" [, ", param.word(), "]"]),
            }
        }
        out.push(')');
        out
    }

    /// What an argument is called in a message: `the first argument`.
    pub(crate) fn what(&self, n: usize) -> String {
        let param = &self.params[n];
        let place = match (n, self.params.len()) {
            (_, 1) => "the argument",
            (0, _) => "the first argument",
            (1, _) => "the second argument",
            (2, _) => "the third argument",
            _ => "the fourth argument",
        };
        match param.wants {
            Wants::Held => "the operand".to_owned(),
            Wants::Address => "the address".to_owned(),
            Wants::Value(Type::Bool) if param.name == "condition" => "the condition".to_owned(),
            // What is true or false of an instruction has a name.
            Wants::Value(Type::Bool) | Wants::Noflush => format!("{place} ({})", param.name),
            Wants::Value(_)
            | Wants::Place(_)
            | Wants::Level
            | Wants::Variable
            | Wants::Local
            | Wants::Label => place.to_owned(),
        }
    }
}

impl Param {
    pub(super) fn optional(&self) -> bool {
        matches!(self.wants, Wants::Noflush | Wants::Label)
    }

    /// How the usage of a call shows it: its name, or the words it can be.
    fn word(&self) -> &'static str {
        match self.wants {
            Wants::Level => "pte|pmd|pud|p4d",
            Wants::Noflush => "noflush|flush",
            Wants::Label => "\"label\"",
            Wants::Value(_)
            | Wants::Address
            | Wants::Place(_)
            | Wants::Held
            | Wants::Variable
            | Wants::Local => self.name,
        }
    }
}
