//! Which CPUs are interchangeable.
//!
//! Two CPUs are interchangeable if they run the same code from the same initial state, and nothing in the program
//! tells them apart (`kinds.rs`). Then exchanging the two in a state gives another state with the same future under
//! exchanged names, so a search needs to look at only one of the two. `symmetry/rename.rs` exchanges them.
//!
//! Frames and address spaces are never interchangeable. Any word of memory may be read as an entry (H1), so the number
//! of a frame is data, and so is the place of an address space's tables.

mod rename;

use crate::kinds::Kinds;
use crate::number::{StatePart, hardware, place_of, software};
use crate::{Machine, State};
use explore::Symmetric;
use lang::effects::Flow;
use lang::program::Pc;
use std::collections::BTreeSet;

pub use rename::Renaming;
pub(crate) use rename::{Symmetry, owners};

/// The most renamings that a search tries.
const MOST: usize = 23;

/// A machine with more CPUs has no symmetry. The numbers of its parts do not fit into a key side by side, so renaming
/// a state would take longer than it saves, and no search of that size is ever complete.
const MOST_CPUS: u8 = 10;

impl Symmetric for Machine {
    type Renaming = Renaming;

    fn renamings(&self) -> &[Renaming] {
        &self.symmetry.renamings
    }

    fn rename(&self, renaming: &Renaming, state: &State) -> State {
        self.symmetry.rename(&self.program, renaming, state)
    }

    fn renamed_part(&self, renaming: &Renaming, part: u32) -> u32 {
        match place_of(part) {
            StatePart::Cells | StatePart::Memory => part,
            StatePart::Software(cpu) => software(renaming.of(cpu)),
            StatePart::Hardware(cpu) => hardware(renaming.of(cpu)),
        }
    }
}

impl Symmetry {
    /// Computes the symmetry of a machine. It does not read the machine's `symmetry` field, which is not set yet.
    pub(crate) fn new(machine: &Machine) -> Symmetry {
        let (program, cpus) = (&machine.program, machine.program.machine.cpus);
        // A condition on final states tells CPUs apart, since it names their locals. A device is no CPU.
        if cpus > MOST_CPUS || program.finale.is_some() || program.machine.ats > 0 {
            return Symmetry::default();
        }
        let mut symmetry = Symmetry { code: vec![Vec::new(); cpus.into()], ..Symmetry::default() };
        let mut first_of: Vec<u8> = (0..cpus).collect();
        for cpu in 0..cpus {
            for first in 0..cpu {
                if first_of[usize::from(first)] != first || first_of[usize::from(cpu)] != cpu {
                    continue;
                }
                if let Some(code) = same_code(machine, first, cpu) {
                    first_of[usize::from(cpu)] = first;
                    symmetry.code[usize::from(cpu)] = code;
                }
            }
        }
        let set = |first: u8| {
            let class = (0..cpus).filter(|&cpu| first_of[usize::from(cpu)] == first);
            class.fold(0u64, |set, cpu| set | 1 << cpu)
        };
        symmetry.classes = (0..cpus).map(set).filter(|set| set.count_ones() > 1).collect();
        let Ok(kinds) = Kinds::new(program, &machine.effects, &symmetry.classes) else {
            return Symmetry::default();
        };
        symmetry.kinds = Some(kinds);
        // They must begin alike, too.
        let alike = |one: u8, other: u8| {
            let swap = Renaming::exchange(cpus, one, other);
            symmetry.rename(program, &swap, &machine.initial) == machine.initial
        };
        let mut classes: Vec<u64> = Vec::new();
        for cpu in (0..cpus).filter(|cpu| symmetry.classes.iter().any(|class| class >> cpu & 1 == 1)) {
            let with = classes.iter_mut().find(|class| {
                let first = (0..cpus).find(|&first| **class >> first & 1 == 1);
                first.is_some_and(|first| {
                    first_of[usize::from(first)] == first_of[usize::from(cpu)] && alike(first, cpu)
                })
            });
            match with {
                Some(class) => *class |= 1 << cpu,
                None => classes.push(1 << cpu),
            }
        }
        symmetry.classes = classes;
        symmetry.classes.retain(|class| class.count_ones() > 1);
        symmetry.renamings = renamings(&symmetry.classes, cpus);
        symmetry
    }

    /// The operations that some CPU of a class comes to, and their counterparts in the programs of its other CPUs. A search with
    /// symmetry lets one CPU stand for them all, and their programs may be equal and come from different functions.
    pub(crate) fn counterparts(&self, come_to: impl Fn(Pc) -> bool) -> BTreeSet<Pc> {
        let mut all = BTreeSet::new();
        for &class in &self.classes {
            let members = (0..).zip(&self.code).filter(|(cpu, _)| class >> cpu & 1 == 1);
            let pairs: Vec<(Pc, Pc)> = members.clone().flat_map(|(_, code)| code).copied().collect();
            // The CPU that the others are paired with has no pairs of its own.
            let with_first = members.clone().any(|(_, code): (u8, &Vec<(Pc, Pc)>)| code.is_empty());
            let come = |&&(first, own): &&(Pc, Pc)| come_to(own) || with_first && come_to(first);
            let mut firsts: BTreeSet<Pc> = BTreeSet::new();
            firsts.extend(pairs.iter().filter(come).map(|pair| pair.0));
            all.extend(pairs.iter().filter(|pair| firsts.contains(&pair.0)).map(|pair| pair.1));
            if with_first {
                all.extend(firsts);
            }
        }
        all
    }
}

/// Pairs up the operations of two CPUs' threads, if they are the same.
fn same_code(machine: &Machine, first: u8, second: u8) -> Option<Vec<(Pc, Pc)>> {
    let program = &machine.program;
    // Of CPUs that share TLBs only those that share one with each other: else the partners would have to change places too.
    let by = program.machine.tlb_shared_by.max(1);
    if by > 1 && first / by != second / by {
        return None;
    }
    let of = |counts: &[u8], cpu: u8| counts.get(usize::from(cpu)).copied().unwrap_or_default();
    if of(&program.nmis, first) != of(&program.nmis, second)
        || of(&program.vmexits, first) != of(&program.vmexits, second)
        || machine.unwalked.get(usize::from(first)) != machine.unwalked.get(usize::from(second))
    {
        return None;
    }
    let start = |cpu: u8| machine.initial.cpus[usize::from(cpu)].task.pc;
    // For each operation of one program its counterpart in the other, in both directions.
    let mut paired = [vec![None; program.code.len()], vec![None; program.code.len()]];
    let mut todo = vec![(start(first), start(second))];
    while let Some((a, b)) = todo.pop() {
        let there = (paired[0].get(usize::from(a))?, paired[1].get(usize::from(b))?);
        match there {
            (None, None) => {}
            _ if there == (&Some(b), &Some(a)) => continue,
            _ => return None,
        }
        paired[0][usize::from(a)] = Some(b);
        paired[1][usize::from(b)] = Some(a);
        let (one, other) = (machine.effects.get(usize::from(a))?, machine.effects.get(usize::from(b))?);
        let same = program.code[usize::from(a)] == program.code[usize::from(b)];
        match (one.flow, other.flow) {
            (Flow::Jump(a), Flow::Jump(b)) => todo.push((a, b)),
            // Equal except for the target: of a jump, or of the fixup of an access.
            (Flow::Branch(c), Flow::Branch(d))
                if (one.form, one.result, one.function) == (other.form, other.result, other.function)
                    && one.reads == other.reads =>
            {
                todo.extend([(c, d), (a + 1, b + 1)]);
            }
            (Flow::End, Flow::End) => {}
            (Flow::Next, Flow::Next) if same => todo.push((a + 1, b + 1)),
            _ => return None,
        }
    }
    let pair = |(a, b): (Pc, &Option<Pc>)| b.map(|b| (a, b));
    Some((0..).zip(&paired[0]).filter_map(pair).collect())
}

/// All ways to permute the members of each class, without the identity; the first of them, if there are too many.
fn renamings(classes: &[u64], cpus: u8) -> Vec<Renaming> {
    let mut all = vec![Renaming::identity(cpus)];
    for class in classes {
        let members: Vec<u8> = (0..cpus).filter(|cpu| class >> cpu & 1 == 1).collect();
        // Each member in turn is put into each place that is left.
        for at in 1..members.len() {
            let more = all.iter().flat_map(|one| {
                let members = &members;
                (0..at).map(move |with| one.then_exchange(members[at], members[with]))
            });
            let more: Vec<Renaming> = more.collect();
            all.extend(more);
            if all.len() > MOST {
                break;
            }
        }
    }
    all.remove(0);
    all.truncate(MOST);
    all
}
