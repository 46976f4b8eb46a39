//! The stage of a variant: each part of the scenario, or the part with which the chosen case replaces it, with the
//! values of constants in the place of their names.

use crate::check::declare::{declare_own, scenario_constant};
use crate::check::env::{Entity, Env};
use crate::check::hir::Uses;
use crate::diagnostic::nearest::did_you_mean;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::program::Type;
use crate::source::SourceId;
use crate::syntax::{Amount, Case, ConstDecl, MachineItem, Name, Scenario, Stage};
use std::collections::BTreeSet;

/// The stage of a scenario, or of the case chosen. Declares its constants on the way: they may be what a machine is made of.
pub(super) fn staged(
    env: &mut Env,
    out: &mut Diagnostics,
    text: &str,
    scenario: &Scenario,
    case: Option<&Case>,
) -> (Stage, Uses) {
    let mut own = scenario.stage.clone();
    let mut cases = case.map(|case| case.stage.clone()).unwrap_or_default();
    let mut uses = Uses::default();
    for decl in consts(std::mem::take(&mut own.consts), std::mem::take(&mut cases.consts)) {
        let (entity, used) = scenario_constant(env, out, &decl);
        uses.options.extend(used.options);
        declare_own(env, out, &decl.name, entity);
    }
    let mut namer = Namer { env, out, text, uses };
    namer.settle(&mut own);
    namer.settle(&mut cases);
    let uses = namer.uses;
    (replaced(own, cases), uses)
}

/// The constants of both: one of the case replaces the scenario's of that name.
fn consts(own: Vec<ConstDecl>, cases: Vec<ConstDecl>) -> Vec<ConstDecl> {
    let (mut all, mut cases) = (own, cases);
    for decl in &mut all {
        if let Some(at) = cases.iter().take(MOST_CONSTS).position(|new| new.name.text == decl.name.text) {
            *decl = cases.remove(at);
        }
    }
    all.extend(cases);
    all
}

/// The most constants of a case that stand for some of the scenario.
const MOST_CONSTS: usize = 64;

/// The scenario's stage with the case's parts in it.
fn replaced(own: Stage, case: Stage) -> Stage {
    Stage {
        consts: Vec::new(),
        machine: instead(own.machine, case.machine, key),
        mms: instead_in_place(own.mms, case.mms, |mm| mm.name.text.clone()),
        words: instead(own.words, case.words, |word| word.page.value.clone()),
        watch: if case.watch.is_empty() { own.watch } else { case.watch },
        walks: instead(own.walks, case.walks, |walk| format!("{} {}", walk.cpu, walk.target.value)),
        intrusions: instead(own.intrusions, case.intrusions, |one| (one.kind as u8).to_string()),
        setup: case.setup.or(own.setup),
        cpus: instead(own.cpus, case.cpus, |block| block.cpu.value.to_string()),
    }
}

/// Keys as a set. They are words for all parts of a stage, and put in one by one: each type's set, and each type's sort, is as
/// much code as a small panel of the page.
fn set(keys: &mut dyn Iterator<Item = String>) -> BTreeSet<String> {
    let mut set = BTreeSet::new();
    set.extend(keys);
    set
}

/// Items whose key is not among those of the new ones, followed by the new ones.
fn instead<T>(own: Vec<T>, new: Vec<T>, key: impl Fn(&T) -> String) -> Vec<T> {
    let keys = set(&mut new.iter().map(&key));
    let mut all: Vec<T> = own.into_iter().filter(|item| !keys.contains(&key(item))).collect();
    all.extend(new);
    all
}

/// The same, but each new item stands where the one stood that it replaces: address spaces have numbers.
fn instead_in_place<T: Clone>(own: Vec<T>, new: Vec<T>, key: impl Fn(&T) -> String) -> Vec<T> {
    let keys = set(&mut new.iter().map(&key));
    let (replacing, added): (Vec<T>, Vec<T>) = {
        let there = set(&mut own.iter().map(&key));
        new.into_iter().partition(|item| there.contains(&key(item)))
    };
    let one = |item: T| match keys.contains(&key(&item)) {
        true => replacing.iter().find(|new| key(new) == key(&item)).cloned().unwrap_or(item),
        false => item,
    };
    own.into_iter().map(one).chain(added).collect()
}

/// The parts that a case replaces, as the text calls them.
pub(super) fn parts(text: &str, stage: &Stage) -> Vec<String> {
    let Stage { consts, machine, mms, words, watch, walks, intrusions, setup, cpus } = stage;
    let number = |amount: &Amount| amount.span.of(text).to_owned();
    let mut all: Vec<String> = consts.iter().map(|decl| format!("const {}", decl.name.text)).collect();
    all.extend(machine.iter().map(|item| format!("machine {}", key(item))));
    all.extend(mms.iter().map(|mm| format!("mm {}", mm.name.text)));
    all.extend(words.iter().map(|word| format!("page {}", word.page.value)));
    all.extend(watch.first().map(|_| "watch".to_owned()));
    let walk = |cpu: bool, target: String| format!("walk {}{target}", if cpu { "cpu " } else { "" });
    all.extend(walks.iter().map(|item| walk(item.cpu, number(&item.target))));
    all.extend(intrusions.iter().map(|one| one.kind.word().to_owned()));
    all.extend(setup.iter().map(|_| "setup".to_owned()));
    all.extend(cpus.iter().map(|block| format!("cpu {}", number(&block.cpu))));
    all.dedup();
    all.truncate(MOST_PARTS);
    all
}

/// The most parts of a case that are listed.
const MOST_PARTS: usize = 12;

/// What a line of the machine block sets: all ranges of DRAM are one thing.
fn key(item: &MachineItem) -> String {
    match item {
        MachineItem::Word(name, _) | MachineItem::Number(name, _) => name.text.clone(),
        MachineItem::Dram(..) => "dram".to_owned(),
        MachineItem::Device { name, .. } => format!("device {}", name.value),
    }
}

/// What a constant or an option of the scenario is, where a number or a word is wanted.
enum Meant {
    Number(u64),
    Word(String),
}

/// Replaces names by their values.
struct Namer<'a> {
    env: &'a Env,
    out: &'a mut Diagnostics,
    text: &'a str,
    uses: Uses,
}

impl Namer<'_> {
    fn settle(&mut self, stage: &mut Stage) {
        for item in &mut stage.machine {
            self.word(item);
        }
        let mut amounts: Vec<&mut Amount> = Vec::new();
        for item in &mut stage.machine {
            match item {
                MachineItem::Word(..) => {}
                MachineItem::Number(_, amount) => amounts.push(amount),
                MachineItem::Dram(from, to) => amounts.extend([from, to]),
                MachineItem::Device { base, end, .. } => amounts.extend([base].into_iter().chain(end)),
            }
        }
        amounts.extend(stage.mms.iter_mut().flat_map(|mm| &mut mm.mappings).map(|mapping| &mut mapping.va));
        amounts.extend(&mut stage.watch);
        amounts.extend(stage.walks.iter_mut().map(|walk| &mut walk.target));
        amounts.extend(stage.intrusions.iter_mut().map(|one| &mut one.cpu));
        amounts.extend(stage.setup.iter_mut().flatten().map(|block| &mut block.cpu));
        amounts.extend(stage.cpus.iter_mut().map(|block| &mut block.cpu));
        for amount in amounts.into_iter().filter(|amount| amount.named) {
            self.amount(amount);
        }
    }

    /// `cpus MANY;`, `pcid tagged;`
    fn word(&mut self, item: &mut MachineItem) {
        let MachineItem::Word(key, word) = item else { return };
        match self.meaning(&word.text) {
            None => {}
            Some(Meant::Number(value)) => {
                *item = MachineItem::Number(key.clone(), Amount { value, span: word.span, named: false });
            }
            Some(Meant::Word(text)) => *word = Name { text, span: word.span },
        }
    }

    fn amount(&mut self, amount: &mut Amount) {
        amount.named = false;
        let name = amount.span.of(self.text);
        match self.meaning(name) {
            Some(Meant::Number(value)) => amount.value = value,
            Some(Meant::Word(_)) => {
                let advice = "expected a number or the name of a constant";
                let message = format!("`{name}` is no number");
                self.out.push(Diagnostic::error(SourceId::SCENARIO, amount.span, message).advice(advice));
            }
            None => {
                let near = did_you_mean(name, self.env.own.keys().map(String::as_str));
                let advice = near.unwrap_or_else(|| {
                    format!("write a number, or declare it in the scenario: `const {name} = 1;`")
                });
                let message = format!("the scenario has no constant `{name}`");
                self.out.push(Diagnostic::error(SourceId::SCENARIO, amount.span, message).advice(advice));
            }
        }
    }

    fn meaning(&mut self, name: &str) -> Option<Meant> {
        let on = |on: bool| Meant::Word(if on { "on" } else { "off" }.to_owned());
        Some(match self.env.own.get(name)?.entity {
            Entity::Const(Some(Type::Bool), value) => on(value != 0),
            Entity::Const(_, value) => Meant::Number(value),
            Entity::Option(index) => {
                self.uses.options.insert(index);
                let option = &self.env.options[index];
                match self.env.number(index) {
                    Some(value) => Meant::Number(value),
                    None => Meant::Word(
                        option.choices.get(usize::from(option.chosen)).cloned().unwrap_or_default(),
                    ),
                }
            }
            _ => return None,
        })
    }
}
