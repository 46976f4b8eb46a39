//! The condition on final states in C.

use crate::code::{apply, locate};
use crate::layout::number;
use lang::program::{Finale, Leaf, Observed, Program, Quantifier, Term};
use std::fmt::Write;

/// A function that says whether the state, which is a final one, is one that the scenario describes. Nothing if the scenario
/// asks nothing of final states.
pub(crate) fn function(program: &Program) -> Option<String> {
    let finale = program.finale.as_ref()?;
    let mut out = String::from("static int final_state(void) {\n    int c, loc;\n");
    for (n, observed) in finale.observed.iter().enumerate() {
        let _ = writeln!(out, "    u64 o{n};");
        let _ = writeln!(out, "    {}", seen(program, n, observed));
    }
    let _ = writeln!(out, "    return {} != 0;\n}}", shows(finale));
    Some(out)
}

fn seen(program: &Program, n: usize, observed: &Observed) -> String {
    match observed.leaf {
        Leaf::Local { cpu, reg } => format!("c = {cpu}; o{n} = nums[CPU.regs[{reg}]];"),
        Leaf::Fault(cpu) => format!("c = {cpu}; o{n} = CPU.pc == END;"),
        Leaf::Place(place) => {
            format!("c = 0; loc = {}; o{n} = loc ? memory(loc) : 0;", locate(program, place))
        }
    }
}

fn shows(finale: &Finale) -> String {
    let condition = term(&finale.condition);
    match (&finale.filter, finale.quantifier) {
        (None, _) => condition,
        (Some(filter), Some(Quantifier::Forall)) => format!("(!{} || {condition})", term(filter)),
        (Some(filter), _) => format!("({} && {condition})", term(filter)),
    }
}

fn term(of: &Term) -> String {
    match of {
        Term::Const(value) => number(*value),
        Term::Observed(n) => format!("o{n}"),
        Term::Not(a) => format!("(u64)(!{})", term(a)),
        Term::And(a, b) => format!("(u64)({} && {})", term(a), term(b)),
        Term::Or(a, b) => format!("(u64)({} || {})", term(a), term(b)),
        Term::Bin(op, a, b) => format!("({})", apply(*op, &term(a), &term(b))),
    }
}
