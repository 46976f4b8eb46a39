//! What a scenario asks of the states in which executions end, in the tradition of litmus tests.
//!
//! In a final state all programs have ended and all stores have reached memory. The scenario observes a list of its
//! values: locals of cpu blocks, places in memory, and whether a block ended by a fault. The condition is a term over
//! that list, so nothing else of a final state is needed.

use crate::ir::bin::{Bin, fold};
use crate::ir::op::Place;
use crate::ir::value::{Observation, Reg, Type};
use crate::source::Site;
use std::fmt::Write;

/// The most values that may be observed of a final state.
pub const MAX_OBSERVED: usize = 32;

/// A condition on final states.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finale {
    /// How often it should hold; nothing in a case that does not say so.
    pub quantifier: Option<Quantifier>,
    /// Which final states count at all: those of which this is not 0.
    pub filter: Option<Term>,
    /// The condition holds if this is not 0.
    pub condition: Term,
    /// What is observed, in herd's order: the locals CPU by CPU, then memory, then faults. At most [`MAX_OBSERVED`].
    pub observed: Vec<Observed>,
    /// Where it is written.
    pub site: Site,
}

/// How often a condition on final states should hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Quantifier {
    /// `exists`: in some.
    Exists,
    /// `~exists`: in none.
    NotExists,
    /// `forall`: in all.
    Forall,
}

/// Something that is observed of a final state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Observed {
    /// How it is written.
    pub name: String,
    /// What it is.
    pub leaf: Leaf,
    /// How to show it.
    pub ty: Type,
}

/// What can be observed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leaf {
    /// A local of a cpu block. It has its register to the end.
    Local {
        /// The CPU.
        cpu: u8,
        /// The register.
        reg: Reg,
    },
    /// What is in memory. All operands are constants.
    Place(Place),
    /// Whether the CPU's block ended by a fault.
    Fault(u8),
}

/// A term over the values that are observed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Term {
    /// A number.
    Const(u64),
    /// A value, by its place among those observed.
    Observed(u8),
    /// `!a`
    Not(Box<Term>),
    /// `a && b`
    And(Box<Term>, Box<Term>),
    /// `a || b`
    Or(Box<Term>, Box<Term>),
    /// `a op b`
    Bin(Bin, Box<Term>, Box<Term>),
}

impl Term {
    fn renumber(&mut self, place: &dyn Fn(u8) -> u8) {
        match self {
            Term::Const(_) => {}
            Term::Observed(n) => *n = place(*n),
            Term::Not(a) => a.renumber(place),
            Term::And(a, b) | Term::Or(a, b) | Term::Bin(_, a, b) => {
                a.renumber(place);
                b.renumber(place);
            }
        }
    }

    /// Its value, if these are the values observed. (A value that is not there is 0.)
    #[must_use]
    pub fn value(&self, observed: &[u64]) -> u64 {
        match self {
            Term::Const(value) => *value,
            Term::Observed(place) => observed.get(usize::from(*place)).copied().unwrap_or(0),
            Term::Not(a) => u64::from(a.value(observed) == 0),
            Term::And(a, b) => u64::from(a.value(observed) != 0 && b.value(observed) != 0),
            Term::Or(a, b) => u64::from(a.value(observed) != 0 || b.value(observed) != 0),
            Term::Bin(op, a, b) => fold(*op, a.value(observed), b.value(observed)),
        }
    }
}

impl Finale {
    /// Puts what is observed into its order.
    pub(crate) fn sort(&mut self) {
        let rank = |observed: &Observed| match observed.leaf {
            Leaf::Local { cpu, .. } => (0, cpu),
            Leaf::Place(_) => (1, 0),
            Leaf::Fault(cpu) => (2, cpu),
        };
        // There are few: each goes behind those that come before it, one by one.
        let mut order: Vec<(u8, Observed)> = Vec::new();
        for (n, observed) in (0..).zip(std::mem::take(&mut self.observed)) {
            let key = (rank(&observed), observed.name.as_str());
            let place = order.partition_point(|(_, other)| (rank(other), other.name.as_str()) <= key);
            order.insert(place, (n, observed));
        }
        let place = |n: u8| (0..).zip(&order).find(|(_, was)| was.0 == n).map_or(0, |(place, _)| place);
        for term in self.filter.iter_mut().chain([&mut self.condition]) {
            term.renumber(&place);
        }
        self.observed = order.into_iter().map(|(_, observed)| observed).collect();
    }

    /// Whether a final state counts.
    #[must_use]
    pub fn counts(&self, observed: &[u64]) -> bool {
        self.filter.as_ref().is_none_or(|filter| filter.value(observed) != 0)
    }

    /// Whether a final state shows what the text describes: `exists` asks for one, `~exists` for none. One that does not
    /// count shows nothing; but `forall` asks nothing of it, so that it stands for one that shows it.
    #[must_use]
    pub fn shows(&self, observed: &[u64]) -> bool {
        match self.counts(observed) {
            true => self.condition.value(observed) != 0,
            false => self.quantifier == Some(Quantifier::Forall),
        }
    }

    /// The condition as herd writes it: `exists (0:EAX=0 /\ 1:EAX=0)`.
    #[must_use]
    pub fn words(&self) -> String {
        let quantifier = self.quantifier.map_or("", Quantifier::word);
        let mut out = format!("{quantifier} (");
        self.write(&mut out, &self.condition, 0);
        out.push(')');
        out.trim_start().to_owned()
    }

    /// Writes a term; one that binds more loosely than `around` is put in parentheses.
    fn write(&self, out: &mut String, term: &Term, around: u8) {
        let name = |place: u8| self.observed.get(usize::from(place)).map_or("?", |o| o.name.as_str());
        let (binds, sign, a, b) = match term {
            Term::Const(value) => {
                // Writing to a String cannot fail.
                let _ = write!(out, "{value}");
                return;
            }
            Term::Observed(place) => return out.push_str(name(*place)),
            Term::Not(a) => {
                out.push_str("not (");
                self.write(out, a, 0);
                return out.push(')');
            }
            Term::Or(a, b) => (1, " \\/ ", a, b),
            Term::And(a, b) => (2, " /\\ ", a, b),
            Term::Bin(Bin::Eq, a, b) => (3, "=", a, b),
            Term::Bin(op, a, b) => (3, op.sign(), a, b),
        };
        let open = binds < around;
        out.push_str(if open { "(" } else { "" });
        self.write(out, a, binds);
        out.push_str(sign);
        self.write(out, b, binds + 1);
        out.push_str(if open { ")" } else { "" });
    }
}

impl Quantifier {
    /// How often a final state shows what the condition describes, over all complete executions.
    #[must_use]
    pub const fn observation(self) -> Observation {
        match self {
            Quantifier::Exists => Observation::Sometimes,
            Quantifier::NotExists => Observation::Never,
            Quantifier::Forall => Observation::Always,
        }
    }

    /// As texts write it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Quantifier::Exists => "exists",
            Quantifier::NotExists => "~exists",
            Quantifier::Forall => "forall",
        }
    }
}
