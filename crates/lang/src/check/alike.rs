//! Whether an invariant treats all CPUs alike: then exchanging two CPUs in a state does not change whether it holds.
//!
//! An invariant does so if it names no CPU, iterates over sets of CPUs only to treat each member in the same way, and
//! uses no CPU as a number. Iteration has an order, by number. The order makes no difference if no iteration leaves
//! anything for the next one: no local changes after its declaration, and nothing ends the loop early. If this file
//! cannot tell, the invariant does not count as treating all CPUs alike.

use crate::check::hir::{Body, Kind, Lvalue, Node, Stmt, StmtKind};
use crate::program::{Bin, Scope, Type};

/// Whether a body treats all CPUs of `online` alike.
pub(crate) fn alike(body: &Body, scopes: &[Scope], online: u64) -> bool {
    let all = All { scopes, online };
    body.locals.iter().all(|local| !local.mutated) && all.stmts(&body.stmts)
}

struct All<'a> {
    /// Of each variable.
    scopes: &'a [Scope],
    online: u64,
}

impl All<'_> {
    fn stmts(&self, stmts: &[Stmt]) -> bool {
        stmts.iter().all(|stmt| self.stmt(stmt))
    }

    fn stmt(&self, stmt: &Stmt) -> bool {
        match &stmt.kind {
            StmtKind::Set { value, fresh, .. } => *fresh && self.node(value),
            StmtKind::Check(_, operands, _) => operands.iter().all(|node| self.node(node)),
            StmtKind::If(branches, other) => {
                branches.iter().all(|(condition, body)| self.node(condition) && self.stmts(body))
                    && self.stmts(other)
            }
            StmtKind::ForSet { set, body, .. } => self.node(set) && self.stmts(body),
            StmtKind::ForRange { from, to, body, .. } => self.node(from) && self.node(to) && self.stmts(body),
            StmtKind::Block(body) => self.stmts(body),
            StmtKind::Value(node) => self.node(node),
            // These end the invariant's code early, or do more than read.
            StmtKind::Return(_)
            | StmtKind::While(..)
            | StmtKind::Store(..)
            | StmtKind::Acquire(_)
            | StmtKind::Act(..)
            | StmtKind::Until { .. }
            | StmtKind::Ipi { .. }
            | StmtKind::WaitIpis => false,
        }
    }

    fn node(&self, node: &Node) -> bool {
        let cpu = |node: &Node| node.ty == Some(Type::Cpu);
        match &node.kind {
            Kind::Const(value) => match node.ty {
                Some(Type::Cpu) | None => false,
                Some(Type::Cpus) => *value == 0 || *value == self.online,
                Some(_) => true,
            },
            Kind::ThisCpu => false,
            Kind::Local(_) => true,
            Kind::Load(place) => self.place(place),
            // A set of one CPU: 1, shifted by the CPU's number.
            Kind::Bin(Bin::Shl, _, member) if node.ty == Some(Type::Cpus) => self.node(member),
            Kind::Bin(op, a, b) => {
                let ordered = matches!(op, Bin::Lt | Bin::Le | Bin::Gt | Bin::Ge);
                !(ordered && (cpu(a) || cpu(b))) && self.node(a) && self.node(b)
            }
            Kind::Not(a) | Kind::PgdOf(a) => self.node(a),
            Kind::And(a, b) | Kind::Or(a, b) => self.node(a) && self.node(b),
            Kind::Operation(_, operands) => operands.iter().all(|node| self.node(node)),
            Kind::Rmw(_) | Kind::Call(..) | Kind::Try(..) => false,
        }
    }

    /// A place that no number of a CPU leads to, but as the owner of a variable.
    fn place(&self, place: &Lvalue) -> bool {
        let plain = |node: &Node| node.ty != Some(Type::Cpu) && self.node(node);
        match place {
            Lvalue::Cell { var, owner, index } => {
                let own = self.scopes.get(usize::from(*var)) == Some(&Scope::PerCpu);
                let owner = owner.as_ref().is_none_or(|node| if own { self.node(node) } else { plain(node) });
                owner && index.as_ref().is_none_or(plain)
            }
            Lvalue::Entry { mm, va, .. } => plain(mm) && plain(va),
            Lvalue::Word { frame, index } => plain(frame) && plain(index),
            Lvalue::Linear { .. } => false,
        }
    }
}
