//! What the names of a scenario and its kernels mean.

use crate::scan::{Declared, Mark, Role, Room, Scan};
use lang::TokenKind;
use lang::source::SourceId;
use std::collections::BTreeMap;

/// What a name stands for, in all texts.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Symbol<'a> {
    /// A local, by the mark that declares it.
    Local(SourceId, usize),
    /// An option, a constant, a variable or a function of the kernel.
    Kernel(&'a str),
    /// A variable of an mm.
    OfMm(&'a str),
    /// A field of a group.
    Field(&'a str, &'a str),
    /// An option or a constant of the scenario.
    Own(&'a str),
    /// An address space or a guest.
    Space(&'a str),
    Thread(&'a str),
    /// A kernel's text, by its name in quotes.
    Text(&'a str),
    /// A page, by its name in quotes.
    Page(&'a str),
    /// A check, by its label in quotes.
    Label(&'a str),
    /// A word of the language, with its role.
    Word(Role, &'a str),
}

/// A mark of one of the texts.
pub(crate) type At = (SourceId, usize);

/// Both texts, read.
pub(crate) struct Names<'a> {
    scans: [Scan<'a>; 2],
    /// Declarations that are known beyond their block; the one that counts comes first.
    declared: BTreeMap<Symbol<'a>, Vec<At>>,
    /// Locals by name, in the order of the text.
    locals: [BTreeMap<&'a str, Vec<usize>>; 2],
}

/// The two texts that the compiler knows.
pub(crate) const SOURCES: [SourceId; 2] = [SourceId::SCENARIO, SourceId::KERNEL];

impl<'a> Names<'a> {
    /// Reads the scenario, and the kernel with those that it extends.
    pub(crate) fn new(scenario: &'a str, kernel: &'a str) -> Names<'a> {
        let scans = [Scan::new(scenario), Scan::new(kernel)];
        let mut names = Names { scans, declared: BTreeMap::new(), locals: Default::default() };
        for source in SOURCES {
            names.declare(source);
        }
        names
    }

    /// One of the texts.
    pub(crate) fn scan(&self, source: SourceId) -> &Scan<'a> {
        &self.scans[usize::from(source != SourceId::SCENARIO)]
    }

    fn declare(&mut self, source: SourceId) {
        let mut found: Vec<(usize, Symbol<'a>, usize)> = Vec::new();
        let scan = self.scan(source);
        let ranks = ranks(scan);
        let mut locals: BTreeMap<&'a str, Vec<usize>> = BTreeMap::new();
        for (at, mark) in scan.marks.iter().enumerate() {
            let name = mark.span.of(scan.text);
            if mark.role.is_local() {
                locals.entry(name).or_default().push(at);
            } else if let Some(symbol) = self.declares(source, at) {
                let kernel = scan.around(mark.block, |room| room == Room::Kernel);
                found.push((kernel.and_then(|block| ranks.get(&block).copied()).unwrap_or(0), symbol, at));
            }
        }
        found.sort_by_key(|found| found.0);
        for (_, symbol, at) in found {
            self.declared.entry(symbol).or_default().push((source, at));
        }
        self.locals[usize::from(source != SourceId::SCENARIO)] = locals;
    }

    /// What a mark declares for all texts.
    fn declares(&self, source: SourceId, at: usize) -> Option<Symbol<'a>> {
        let scan = self.scan(source);
        let mark = scan.marks[at];
        let Role::Declares(what) = mark.role else { return None };
        let name = mark.span.of(scan.text);
        let scenario = source == SourceId::SCENARIO;
        Some(match what {
            Declared::Option | Declared::Const if scenario => Symbol::Own(name),
            Declared::Option | Declared::Const | Declared::Global | Declared::PerCpu | Declared::Function => {
                Symbol::Kernel(name)
            }
            Declared::PerMm => Symbol::OfMm(name),
            Declared::Field => Symbol::Field(self.group(source, mark.block)?, name),
            Declared::Mm | Declared::Guest => Symbol::Space(name),
            Declared::Thread => Symbol::Thread(name),
            Declared::Kernel => Symbol::Text(unquoted(name)),
            Declared::Param | Declared::Local => return Some(Symbol::Local(source, at)),
            Declared::Scenario | Declared::Costs | Declared::Case | Declared::Invariant => return None,
        })
    }

    /// The name of the group that a block of fields belongs to.
    fn group(&self, source: SourceId, block: usize) -> Option<&'a str> {
        let scan = self.scan(source);
        let item = scan.items.get(scan.blocks[block].item)?;
        Some(scan.word(item.head + 1))
    }

    /// Where a symbol is declared; the declaration that counts comes first.
    pub(crate) fn declarations(&self, symbol: &Symbol<'a>) -> &[At] {
        self.declared.get(symbol).map_or(&[], Vec::as_slice)
    }

    /// All symbols that are declared for all texts.
    pub(crate) fn all(&self) -> impl Iterator<Item = (&Symbol<'a>, At)> {
        self.declared.iter().filter_map(|(symbol, at)| Some((symbol, *at.first()?)))
    }

    /// What the mark stands for.
    pub(crate) fn symbol(&self, source: SourceId, at: usize) -> Option<Symbol<'a>> {
        let scan = self.scan(source);
        let mark = *scan.marks.get(at)?;
        let name = mark.span.of(scan.text);
        Some(match mark.role {
            Role::Declares(_) => return self.declares(source, at),
            Role::Value | Role::Call => self.value(source, at, name),
            Role::Then => Symbol::Word(mark.role, name),
            Role::Field => self.field(source, mark.token, name),
            Role::Slot => Symbol::OfMm(name),
            Role::Option => match self.declared.contains_key(&Symbol::Own(name)) {
                true => Symbol::Own(name),
                false if self.declared.contains_key(&Symbol::Kernel(name)) => Symbol::Kernel(name),
                false => Symbol::Word(mark.role, name),
            },
            Role::Space => Symbol::Space(name),
            Role::Outcome => self.outcome(mark.token, name)?,
            Role::KernelName => Symbol::Text(unquoted(name)),
            Role::PageName => Symbol::Page(unquoted(name)),
            Role::Label => Symbol::Label(unquoted(name)),
            Role::Prose => return None,
            Role::Choice | Role::Setting if self.declared.contains_key(&Symbol::Own(name)) => {
                Symbol::Own(name)
            }
            role => Symbol::Word(role, name),
        })
    }

    /// A name in an expression.
    fn value(&self, source: SourceId, at: usize, name: &'a str) -> Symbol<'a> {
        let mark = self.scan(source).marks[at];
        if mark.role == Role::Value
            && let Some(local) = self.local(source, name, mark.span.start)
        {
            return Symbol::Local(source, local);
        }
        let own = [Symbol::Own(name), Symbol::Space(name), Symbol::Thread(name)];
        let scenario = own.into_iter().filter(|_| source == SourceId::SCENARIO);
        let mut there = scenario.chain([Symbol::Kernel(name)]);
        // A choice is no name: it may be called as something else is.
        if mark.role == Role::Value && self.option(self.option_of(source, mark)).is_some() {
            return Symbol::Word(Role::Choice, name);
        }
        there.find(|symbol| self.declared.contains_key(symbol)).unwrap_or(Symbol::Word(mark.role, name))
    }

    /// The local of a name that is known at a place: the innermost, and of these the last.
    fn local(&self, source: SourceId, name: &str, place: u32) -> Option<usize> {
        let scan = self.scan(source);
        let locals = self.locals[usize::from(source != SourceId::SCENARIO)].get(name)?;
        let before = locals.partition_point(|&local| scan.marks[local].span.start <= place);
        locals[..before].iter().rev().take(MANY).copied().find(|&local| self.knows(source, local, place))
    }

    fn knows(&self, source: SourceId, local: usize, place: u32) -> bool {
        let scan = self.scan(source);
        let mark = scan.marks[local];
        let block = scan.blocks[mark.block];
        let item = scan.items[mark.item].span;
        // A parameter is known in its head too, where `then` names it.
        (block.inside.start <= place && place <= block.inside.end)
            || (item.start <= place && place < block.inside.start)
    }

    /// The locals that are known at a place of an item, the last first.
    pub(crate) fn locals(&self, source: SourceId, place: u32, item: usize) -> Vec<usize> {
        let scan = self.scan(source);
        let mut found: Vec<usize> = Vec::new();
        // Nothing of another item of the text is known.
        let outer = scan.around(scan.block_at(place), |room| {
            matches!(room, Room::Kernel | Room::Scenario | Room::Case | Room::Top)
        });
        let Some(outer) = outer else { return found };
        for (at, mark) in scan.marks.iter().enumerate().rev() {
            if mark.span.end >= place {
                continue;
            }
            if mark.block == outer && mark.role == Role::Item {
                break;
            }
            // What is being declared is not known yet.
            let own = mark.item == item && scan.head(item) == "let";
            if mark.role.is_local() && !own && self.knows(source, at, place) {
                found.push(at);
            }
        }
        found
    }

    /// The name of the option of which a mark is a choice.
    pub(crate) fn option_of(&self, source: SourceId, mark: Mark) -> &'a str {
        let scan = self.scan(source);
        let before = scan.word(mark.token.saturating_sub(2));
        match (scan.blocks[mark.block].room, scan.before(mark.token)) {
            (Room::With, _) | (_, "==" | "!=") => before,
            _ if mark.role == Role::Choice => scan.word(scan.items[mark.item].head + 1),
            _ => "",
        }
    }

    /// Where an option is declared.
    pub(crate) fn option(&self, name: &'a str) -> Option<At> {
        let found = [Symbol::Own(name), Symbol::Kernel(name)];
        let at = found.iter().find_map(|symbol| self.declarations(symbol).first().copied())?;
        (self.scan(at.0).marks[at.1].role == Role::Declares(Declared::Option)).then_some(at)
    }

    /// `0:x`: a local of CPU 0's block.
    fn outcome(&self, token: usize, name: &str) -> Option<Symbol<'a>> {
        let scan = self.scan(SourceId::SCENARIO);
        let cpu = scan.word(token.checked_sub(2)?);
        let locals = self.locals[0].get(name)?;
        let local = locals.iter().copied().find(|&local| {
            let body =
                scan.around(scan.marks[local].block, |room| room == Room::Scenario || room == Room::Case);
            let mut block = scan.marks[local].block;
            while Some(scan.blocks[block].parent) != body && block > 0 {
                block = scan.blocks[block].parent;
            }
            let item = scan.blocks[block].item;
            scan.head(item) == "cpu" && scan.word(scan.items[item].head + 1) == cpu
        })?;
        Some(Symbol::Local(SourceId::SCENARIO, local))
    }

    /// What stands behind a dot: a field of a group, or a variable of an mm.
    pub(crate) fn field(&self, source: SourceId, token: usize, name: &'a str) -> Symbol<'a> {
        match self.base(source, token) {
            Some(group) if self.is_group(group) => Symbol::Field(group, name),
            _ if self.declared.contains_key(&Symbol::OfMm(name)) => Symbol::OfMm(name),
            _ => Symbol::Word(Role::Field, name),
        }
    }

    /// Whether a name of the kernel is a group of variables.
    pub(crate) fn is_group(&self, name: &str) -> bool {
        let first = self.declared.range(Symbol::Field(name, "")..).next();
        first.is_some_and(|(symbol, _)| matches!(symbol, Symbol::Field(group, _) if *group == name))
    }

    /// The name before the dot before a token: `ctxs` of `ctxs[n].owner` and of `per_cpu(ctxs[n].owner, 1)`.
    pub(crate) fn base(&self, source: SourceId, token: usize) -> Option<&'a str> {
        let scan = self.scan(source);
        let mut at = token.checked_sub(2)?;
        if scan.word(at) == "]" {
            let mut open = 0_u32;
            for _ in 0..MANY {
                match scan.word(at) {
                    "]" => open += 1,
                    "[" => open -= 1,
                    _ => {}
                }
                at = at.checked_sub(1)?;
                if open == 0 {
                    break;
                }
            }
        }
        (scan.tokens.get(at)?.kind != TokenKind::Punctuation).then(|| scan.word(at))
    }
}

/// The most tokens or declarations that are looked through for one name.
const MANY: usize = 1024;

/// How far each kernel of a text stands below the one that no other extends.
fn ranks(scan: &Scan<'_>) -> BTreeMap<usize, usize> {
    let mut kernels: Vec<(usize, &str, Option<&str>)> = Vec::new();
    for (block, there) in scan.blocks.iter().enumerate().filter(|(_, block)| block.room == Room::Kernel) {
        let head = scan.items[there.item].head;
        let extends = (scan.word(head + 2) == "extends").then(|| unquoted(scan.word(head + 3)));
        kernels.push((block, unquoted(scan.word(head + 1)), extends));
    }
    kernels.truncate(64);
    let extended = |name: &str| kernels.iter().any(|(.., base)| *base == Some(name));
    let mut next = kernels.iter().find(|(_, name, _)| !extended(name)).copied();
    let mut ranks = BTreeMap::new();
    while let Some((block, _, base)) = next {
        if ranks.insert(block, ranks.len()).is_some() {
            break;
        }
        next = kernels.iter().find(|(_, name, _)| Some(*name) == base).copied();
    }
    ranks
}

/// What stands between quotes.
pub(crate) fn unquoted(text: &str) -> &str {
    let text = text.strip_prefix('"').unwrap_or(text);
    text.strip_suffix('"').unwrap_or(text)
}
