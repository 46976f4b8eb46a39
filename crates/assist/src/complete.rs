//! What may stand at a place.

mod typed;

use self::typed::{inside_comment, typed};
use crate::names::{At, Names, Symbol, unquoted};
use crate::reading::Reading;
use crate::scan::{Declared, Mark, Role, Room, Scan};
use crate::words::sentence;
use crate::workspace::{WhichText, Workspace};
use lang::costs::Figure;
use lang::property;
use lang::source::{SourceId, Span};
use lang::vocabulary::{self, Caller, Position};

/// What kind of thing a proposal is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum NameKind {
    /// A local variable or a parameter.
    Local,
    /// A variable of the kernel.
    Variable,
    /// A field of a group, or a variable of an mm.
    Field,
    /// A function of the kernel.
    Function,
    /// An option.
    Option,
    /// A constant that a text declares.
    Constant,
    /// An address space, a guest or a thread.
    Space,
    /// A built-in function.
    Builtin,
    /// A built-in constant.
    Value,
    /// A word of the grammar.
    Keyword,
    /// A type.
    Type,
    /// A property.
    Property,
    /// A choice of an option, or a value of the machine.
    Choice,
    /// A kernel, by its name.
    Kernel,
    /// A page or a label, by its name.
    Name,
    /// A figure of a table of costs.
    Figure,
}

/// A word that may stand at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// The word.
    pub word: String,
    /// What it is.
    pub kind: NameKind,
    /// How it is declared or called; may be empty.
    pub detail: String,
    /// What it means; may be empty.
    pub sentence: String,
}

impl Proposal {
    /// Whether something stands between the brackets of a call; nothing for a word that is not called.
    #[must_use]
    pub fn takes(&self) -> Option<bool> {
        let called = matches!(self.kind, NameKind::Function | NameKind::Builtin);
        let (_, behind) = self.detail.split_once('(').filter(|_| called)?;
        Some(!behind.trim_start().starts_with(')'))
    }
}

/// The words that may stand at a place, the likeliest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completions {
    /// The bytes that a chosen word replaces.
    pub span: Span,
    /// The words. All of them: what has been typed so far chooses among them.
    pub proposals: Vec<Proposal>,
}

/// What stands in the place of the word at the cursor while the text is read.
const HERE: &str = "here_";

/// The most names of one kind in quotes that are offered.
const MOST: usize = 512;

impl Workspace<'_> {
    /// What may stand at a byte of a text. The text of a kernel that is extended is not written here, so nothing may.
    #[must_use]
    pub fn complete(&self, text: &WhichText, byte: u32) -> Completions {
        let scenario = *text == WhichText::Scenario;
        let written = match text {
            WhichText::Scenario => self.scenario,
            WhichText::Kernel => self.kernel,
            WhichText::Extended(_) => None,
        }
        .unwrap_or("");
        let (typed, quoted) = typed(written, byte as usize);
        let mut completions = Completions { span: typed, proposals: Vec::new() };
        let digit = typed.of(written).starts_with(|c: char| c.is_ascii_digit());
        if digit || inside_comment(written, typed.start) {
            return completions;
        }
        // A string stays: the scan knows what it names. A word is replaced by one that means nothing.
        let place = if quoted { String::new() } else { HERE.to_owned() };
        let rest = written.get(typed.end as usize..).unwrap_or("");
        let rest = if quoted { rest.strip_prefix('"').unwrap_or(rest) } else { rest };
        let text =
            [written.get(..typed.start as usize).unwrap_or(""), &place, if quoted { "\"" } else { "" }, rest]
                .concat();
        let workspace = if scenario {
            Workspace { scenario: Some(&text), ..*self }
        } else {
            Workspace { kernel: Some(&text), ..*self }
        };
        let whole = workspace.whole();
        let read = Reading::new(&workspace, whole.as_ref());
        let source = if scenario { SourceId::SCENARIO } else { SourceId::KERNEL };
        let scan = read.names.scan(source);
        let start = if quoted { typed.start.saturating_sub(1) } else { typed.start };
        let Some(at) = scan.marks.iter().position(|mark| mark.span.start == start) else {
            return completions;
        };
        let mut list = List { read: &read, source, at, found: Vec::new() };
        list.by_role(scan.marks[at]);
        completions.proposals = list.found;
        completions
    }
}

/// The proposals as they are collected.
struct List<'a> {
    read: &'a Reading<'a>,
    source: SourceId,
    /// The mark at the cursor.
    at: usize,
    found: Vec<Proposal>,
}

impl<'a> List<'a> {
    fn scan(&self) -> &'a Scan<'a> {
        self.read.names.scan(self.source)
    }

    fn names(&self) -> &'a Names<'a> {
        &self.read.names
    }

    fn add(&mut self, word: &str, kind: NameKind, detail: impl Into<String>, sentence: impl Into<String>) {
        if !word.is_empty() && word != HERE && self.found.iter().all(|found| found.word != word) {
            let (detail, sentence) = (detail.into(), sentence.into());
            self.found.push(Proposal { word: word.to_owned(), kind, detail, sentence });
        }
    }

    fn said(&self, place: &str, word: &str) -> &'a str {
        sentence(self.read.workspace.words, place, word).unwrap_or("")
    }

    fn words(&mut self, place: Position) {
        for word in vocabulary::words(place) {
            let said = self.said(name_of(place), word);
            let kind = if place == Position::Type { NameKind::Type } else { NameKind::Keyword };
            self.add(word, kind, "", said);
        }
    }

    fn by_role(&mut self, mark: Mark) {
        let scan = self.scan();
        let room = scan.blocks[mark.block].room;
        let first = scan.head(mark.item);
        match mark.role {
            Role::Declares(_) | Role::Prose => {}
            Role::Item | Role::Statement | Role::Value | Role::Call | Role::Word => self.by_room(mark, room),
            Role::Field => self.fields(mark.token),
            Role::Slot => self.declared(|symbol| matches!(symbol, Symbol::OfMm(_))),
            Role::Type => self.words(Position::Type),
            Role::Option => self.options(),
            Role::Choice => self.choices(mark),
            Role::Space => self.declared(|symbol| matches!(symbol, Symbol::Space(_))),
            Role::Outcome => self.outcomes(mark.token),
            Role::Observation => self.words(Position::Observation),
            Role::Property => self.properties(),
            Role::Machine => self.words(Position::Machine),
            Role::Setting => self.settings(first),
            Role::Mapping => self.words(Position::Mapping),
            Role::Then => self.words(Position::Then),
            Role::Send => self.words(Position::Send),
            Role::Load => self.words(Position::Load),
            Role::Figure => self.figures(),
            Role::KernelName => self.kernels(),
            Role::PageName | Role::Label => self.strings(mark.role),
        }
    }

    fn by_room(&mut self, mark: Mark, room: Room) {
        let scan = self.scan();
        let head = scan.items.get(mark.item).is_some_and(|item| item.head == mark.token);
        match (room, room.place()) {
            (Room::Top, _) if head => {
                for word in ["kernel", "scenario", "costs"] {
                    self.add(word, NameKind::Keyword, "", self.said("text", word));
                }
            }
            (Room::Top, _) => self.add("extends", NameKind::Keyword, "", self.said("text", "extends")),
            (Room::Body, _) => self.in_body(mark, head),
            (Room::Setup, _) if head => self.add("cpu", NameKind::Keyword, "", self.said("scenario", "cpu")),
            (_, Some(place)) if head => self.words(place),
            _ => self.grammar(mark),
        }
    }

    /// In the rest of an item: a word of the grammar where one has to stand, or else a value.
    fn grammar(&mut self, mark: Mark) {
        let scan = self.scan();
        let nth = mark.token - scan.items[mark.item].head;
        match (scan.head(mark.item), nth) {
            ("use", 1) => return self.add("kernel", NameKind::Keyword, "", ""),
            ("use", _) => return self.add("with", NameKind::Keyword, "", ""),
            ("nmi" | "vmexit" | "walk", 1) => self.add("cpu", NameKind::Keyword, "", ""),
            ("walk", _) => {
                self.add("off", NameKind::Keyword, "", "");
                self.add("on", NameKind::Keyword, "", "");
            }
            ("mm" | "thread", 2) => return self.add("in", NameKind::Keyword, "", ""),
            (head, _) if crate::scan::FUNCTIONS.contains(&head) && self.source == SourceId::KERNEL => {
                return self.add("then", NameKind::Keyword, "", self.said("then", "then"));
            }
            _ => {}
        }
        self.values();
    }

    fn in_body(&mut self, mark: Mark, head: bool) {
        let scan = self.scan();
        let before = scan.before(mark.token);
        if scan.head(mark.item) == "ipi" {
            let first = scan.items[mark.item].head;
            if mark.token == first + 1 {
                return self.functions(&["ipi", "irq"]);
            }
            // Behind a value an operator or the rest of the statement follows.
            if matches!(before, ")" | "}" | "]") || scan.tokens[mark.token - 1].kind == lang::TokenKind::Name
            {
                return self.words(Position::Send);
            }
        }
        if self.names().option(self.names().option_of(self.source, mark)).is_some() {
            self.choices(mark);
        }
        match self.call(mark.token) {
            Some("write_cr3") => self.instruction_words(&["noflush", "flush"]),
            Some("alloc_table") => self.instruction_words(&vocabulary::instruction_words()[..4]),
            _ => {}
        }
        self.locals(mark.span.start);
        self.values();
        let scenario = self.source == SourceId::SCENARIO;
        self.functions(if scenario { &["sys"] } else { &["fn", "ipi"] });
        self.builtins(mark);
        if head {
            self.words(Position::Statement);
        }
    }

    /// The function in whose arguments a token stands.
    fn call(&self, token: usize) -> Option<&'a str> {
        let scan = self.scan();
        let mut open = 0_u32;
        for at in (0..token).rev().take(64) {
            match scan.word(at) {
                ")" => open += 1,
                "(" if open == 0 => return Some(scan.before(at)),
                "(" => open -= 1,
                ";" | "{" | "}" => return None,
                _ => {}
            }
        }
        None
    }

    fn instruction_words(&mut self, words: &[&str]) {
        for word in words {
            self.add(word, NameKind::Value, "", self.said("builtin", word));
        }
    }

    fn locals(&mut self, place: u32) {
        for local in self.names().locals(self.source, place, self.scan().marks[self.at].item) {
            self.symbol(&Symbol::Local(self.source, local), (self.source, local));
        }
    }

    /// Everything with a value that the texts declare, and the language's constants where no body is.
    fn values(&mut self) {
        let scenario = self.source == SourceId::SCENARIO;
        self.declared(|symbol| match symbol {
            Symbol::Own(_) | Symbol::Space(_) | Symbol::Thread(_) => scenario,
            Symbol::Kernel(_) => true,
            _ => false,
        });
        let names: Vec<&str> = lang::builtin_names().collect();
        for name in names {
            if let Some(found) = vocabulary::builtin(name).filter(|found| found.usage.is_none()) {
                let detail = found.gives.map(|ty| format!("{name}: {ty}")).unwrap_or_default();
                self.add(name, NameKind::Value, detail, self.said("builtin", name));
            }
        }
    }

    /// What the texts declare and pleases; functions are offered only where they can be called.
    fn declared(&mut self, wanted: impl Fn(&Symbol<'a>) -> bool) {
        let all: Vec<(Symbol<'a>, At)> = self
            .names()
            .all()
            .filter(|(symbol, _)| wanted(symbol))
            .map(|(symbol, at)| (symbol.clone(), at))
            .collect();
        for (symbol, at) in all {
            if self.what(at) != Some(Declared::Function) {
                self.symbol(&symbol, at);
            }
        }
    }

    fn what(&self, (source, at): At) -> Option<Declared> {
        match self.names().scan(source).marks.get(at)?.role {
            Role::Declares(what) => Some(what),
            _ => None,
        }
    }

    fn functions(&mut self, kinds: &[&str]) {
        let all: Vec<(Symbol<'a>, At)> =
            self.names().all().map(|(symbol, at)| (symbol.clone(), at)).collect();
        for (symbol, at) in all {
            let scan = self.names().scan(at.0);
            if self.what(at) == Some(Declared::Function) && kinds.contains(&scan.head(scan.marks[at.1].item))
            {
                self.symbol(&symbol, at);
            }
        }
    }

    /// A declared name with what is said of it.
    fn symbol(&mut self, symbol: &Symbol<'a>, (source, at): At) {
        let Some(what) = self.what((source, at)) else { return };
        let scan = self.names().scan(source);
        let mark = scan.marks[at];
        let kind = match (symbol, what) {
            (Symbol::Local(..), _) => NameKind::Local,
            (_, Declared::Option) => NameKind::Option,
            (_, Declared::Const) => NameKind::Constant,
            (_, Declared::Function) => NameKind::Function,
            (Symbol::OfMm(_) | Symbol::Field(..), _) => NameKind::Field,
            (Symbol::Space(_) | Symbol::Thread(_), _) => NameKind::Space,
            _ => NameKind::Variable,
        };
        let (title, note) = (scan.title(mark), scan.note(mark));
        self.add(mark.span.of(scan.text), kind, title, note);
    }

    fn builtins(&mut self, mark: Mark) {
        let scan = self.scan();
        let body = scan.around(mark.block, |room| {
            matches!(room, Room::Kernel | Room::Scenario | Room::Case | Room::Top)
        });
        let mut block = mark.block;
        while Some(scan.blocks[block].parent) != body && block > 0 {
            block = scan.blocks[block].parent;
        }
        let invariant = scan.head(scan.blocks[block].item) == "invariant";
        let names: Vec<&str> = lang::builtin_names().collect();
        for found in names.into_iter().filter_map(vocabulary::builtin) {
            let may = match found.caller {
                Caller::Anyone => true,
                Caller::Kernel => self.source == SourceId::KERNEL && !invariant,
                Caller::Invariant => invariant,
            };
            if let Some(usage) = found.usage.filter(|_| may) {
                let said = self.said("builtin", found.name);
                self.add(found.name, NameKind::Builtin, usage, said);
            }
        }
    }

    /// Behind a dot.
    fn fields(&mut self, token: usize) {
        match self.names().base(self.source, token) {
            Some(group) if self.names().is_group(group) => {
                self.declared(|symbol| matches!(symbol, Symbol::Field(of, _) if *of == group));
            }
            _ => {
                self.declared(|symbol| matches!(symbol, Symbol::OfMm(_)));
                for field in ["pgd", "mm"] {
                    self.add(field, NameKind::Field, "", self.said("field", field));
                }
            }
        }
    }

    fn options(&mut self) {
        let options = |list: &Self, at: At| list.what(at) == Some(Declared::Option);
        let all: Vec<(Symbol<'a>, At)> =
            self.names().all().map(|(symbol, at)| (symbol.clone(), at)).collect();
        for (symbol, at) in all {
            if options(self, at) {
                self.symbol(&symbol, at);
            }
        }
        for option in ["vendor", "pcid", "tso", "store_buffer"] {
            self.add(option, NameKind::Option, "", self.said("machine", option));
        }
    }

    /// The choices of the option before the sign.
    fn choices(&mut self, mark: Mark) {
        let option = self.names().option_of(self.source, mark);
        let mut choices: Vec<&str> = Vec::new();
        if let Some((source, at)) = self.names().option(option) {
            choices = self.names().scan(source).choices(at);
        }
        if choices.is_empty() {
            choices = vocabulary::machine_values(option).to_vec();
        }
        if choices.is_empty() {
            choices = vec!["off", "on"];
        }
        for choice in choices {
            self.add(choice, NameKind::Choice, "", "");
        }
    }

    fn settings(&mut self, key: &str) {
        for value in vocabulary::machine_values(key) {
            self.add(value, NameKind::Choice, "", "");
        }
        if key == "device" {
            for word in ["at", "uc", "wc", "wt", "wp", "wb"] {
                self.add(word, NameKind::Keyword, "", "");
            }
        }
        self.declared(|symbol| matches!(symbol, Symbol::Own(_)));
    }

    fn properties(&mut self) {
        for name in vocabulary::properties() {
            let said = property::sentence(name).unwrap_or("");
            self.add(name, NameKind::Property, "", said);
        }
    }

    fn outcomes(&mut self, token: usize) {
        let scan = self.scan();
        let cpu = scan.word(token.saturating_sub(2));
        for (at, mark) in scan.marks.iter().enumerate().filter(|(_, mark)| mark.role.is_local()) {
            let mut block = mark.block;
            while block > 0 && scan.head(scan.blocks[block].item) != "cpu" {
                block = scan.blocks[block].parent;
            }
            let item = scan.blocks[block].item;
            if block > 0 && scan.word(scan.items[item].head + 1) == cpu {
                self.symbol(&Symbol::Local(self.source, at), (self.source, at));
            }
        }
        if token.checked_sub(2).is_none() {
            self.values();
        }
    }

    fn figures(&mut self) {
        for figure in Figure::ALL {
            self.add(figure.name(), NameKind::Figure, "", figure.meaning());
        }
        for word in ["about", "with"] {
            self.add(word, NameKind::Keyword, "", self.said("costs", word));
        }
    }

    fn kernels(&mut self) {
        let own: Vec<&str> = self
            .names()
            .all()
            .filter_map(|(symbol, _)| match symbol {
                Symbol::Text(name) => Some(*name),
                _ => None,
            })
            .collect();
        let kernels = self.read.workspace.kernels;
        let there = kernels.names();
        for name in own.into_iter().chain(there.iter().map(String::as_str)).take(MOST) {
            let about = kernels.kernel(name).map(about).unwrap_or("");
            self.add(name, NameKind::Kernel, "", about);
        }
    }

    /// What other strings of the same role say.
    fn strings(&mut self, role: Role) {
        for source in crate::names::SOURCES {
            let scan = self.names().scan(source);
            for (at, mark) in scan.marks.iter().enumerate().filter(|(_, mark)| mark.role == role).take(MOST) {
                if (source, at) != (self.source, self.at) {
                    self.add(unquoted(mark.span.of(scan.text)), NameKind::Name, "", "");
                }
            }
        }
    }
}

/// The first sentence that a text says of itself.
fn about(text: &str) -> &str {
    let first = text.split_once("about \"").map_or("", |(_, rest)| rest);
    first.split('"').next().unwrap_or("")
}

/// The name that the file of sentences has for a place.
pub(crate) fn name_of(place: Position) -> &'static str {
    match place {
        Position::Kernel => "kernel",
        Position::Scenario | Position::Case => "scenario",
        Position::Machine => "machine",
        Position::Mapping => "mapping",
        Position::Statement | Position::Send => "statement",
        Position::Then => "then",
        Position::Observation => "expect",
        Position::Workload | Position::Load => "workload",
        Position::Type => "type",
    }
}
