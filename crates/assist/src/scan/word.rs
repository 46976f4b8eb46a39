//! A word between its neighbours: they say what it is for.

use super::parts::Scan;
use super::role::{Declared, FUNCTIONS, Role};
use super::room::Room;
use lang::TokenKind;

/// What the word or string is for that is a token of an item in a block; nothing for signs and numbers.
pub(super) fn role(scan: &Scan<'_>, at: usize, block: usize, item: usize) -> Option<Role> {
    let around = scan.around(block, |room| room != Room::Set).unwrap_or(0);
    let token = Word {
        scan,
        at,
        head: scan.items.get(item).map_or(at, |item| item.head),
        room: scan.blocks[around].room,
        set: around != block,
    };
    match scan.tokens[at].kind {
        TokenKind::Text => Some(token.string()),
        TokenKind::Number | TokenKind::Punctuation | TokenKind::Comment | TokenKind::Unknown => None,
        TokenKind::Keyword | TokenKind::Type | TokenKind::Builtin | TokenKind::Name => Some(token.role()),
    }
}

/// A word between its neighbours.
struct Word<'a> {
    scan: &'a Scan<'a>,
    at: usize,
    /// The first token of its item.
    head: usize,
    room: Room,
    /// Whether it stands in a set.
    set: bool,
}

impl Word<'_> {
    fn word(&self) -> &str {
        self.scan.word(self.at)
    }

    fn first(&self) -> &str {
        self.scan.word(self.head)
    }

    fn before(&self) -> &str {
        if self.at == self.head && !self.set { "" } else { self.scan.before(self.at) }
    }

    fn after(&self) -> &str {
        self.scan.word(self.at + 1)
    }

    /// How many tokens of its item stand before it.
    fn nth(&self) -> usize {
        self.at.saturating_sub(self.head)
    }

    fn string(&self) -> Role {
        match (self.room, self.first(), self.before()) {
            (Room::Top, "kernel", "kernel") => Role::Declares(Declared::Kernel),
            (Room::Top, "scenario", _) => Role::Declares(Declared::Scenario),
            (Room::Top, "costs", "costs") => Role::Declares(Declared::Costs),
            (Room::Top, "kernel", "extends") | (_, "use", "kernel") => Role::KernelName,
            (Room::Scenario, "case", _) => Role::Declares(Declared::Case),
            (Room::Kernel | Room::Scenario, "invariant", _) => Role::Declares(Declared::Invariant),
            (_, _, "page") => Role::PageName,
            (_, "expect", _) => Role::Label,
            (Room::Body, _, ",") => Role::Label,
            _ => Role::Prose,
        }
    }

    fn role(&self) -> Role {
        if self.set {
            return self.expression();
        }
        match self.room {
            Room::Top => {
                if self.nth() == 0 {
                    Role::Item
                } else {
                    Role::Word
                }
            }
            Room::Kernel | Room::Scenario | Room::Case => self.item(),
            Room::Costs => match self.nth() {
                0 if !matches!(self.word(), "about" | "with") => Role::Figure,
                _ => Role::Word,
            },
            Room::Machine => {
                if self.nth() == 0 {
                    Role::Machine
                } else {
                    Role::Setting
                }
            }
            Room::Mm => self.mapping(),
            Room::With => match self.before() {
                "=" => Role::Choice,
                _ => Role::Option,
            },
            Room::Setup | Room::Workload => {
                if self.nth() == 0 {
                    Role::Item
                } else {
                    self.expression()
                }
            }
            Room::Load => Role::Load,
            Room::Group => match (self.nth(), self.before()) {
                (0, _) => Role::Declares(Declared::Field),
                (_, ":") => Role::Type,
                _ => self.expression(),
            },
            Room::Body | Room::Set => self.statement(),
        }
    }

    /// A word of an item of a kernel, a scenario or a case.
    fn item(&self) -> Role {
        let (nth, first, before) = (self.nth(), self.first(), self.before());
        if nth == 0 {
            return Role::Item;
        }
        let kernel = self.room == Room::Kernel;
        match first {
            "option" => match nth {
                1 => Role::Declares(Declared::Option),
                _ => Role::Choice,
            },
            "const" if nth == 1 => Role::Declares(Declared::Const),
            "global" if nth == 1 => Role::Declares(Declared::Global),
            "percpu" if nth == 1 => Role::Declares(Declared::PerCpu),
            "mm" if nth == 1 && kernel => Role::Declares(Declared::PerMm),
            "mm" if nth == 1 => Role::Declares(Declared::Mm),
            "guest" if nth == 1 => Role::Declares(Declared::Guest),
            "thread" if nth == 1 => Role::Declares(Declared::Thread),
            "mm" | "thread" if !kernel => {
                if before == "in" {
                    Role::Space
                } else {
                    Role::Word
                }
            }
            "const" | "global" | "percpu" | "mm" if before == ":" => Role::Type,
            "expect" if nth == 1 => Role::Observation,
            "expect" if nth == 2 => Role::Property,
            "use" => Role::Word,
            _ if matches!(self.word(), "exists" | "forall") => Role::Word,
            _ if kernel && FUNCTIONS.contains(&first) => self.head_of_function(),
            _ => self.expression(),
        }
    }

    fn head_of_function(&self) -> Role {
        let then = (self.head..self.at).any(|at| self.scan.word(at) == "then");
        match (self.nth(), self.before()) {
            (1, _) => Role::Declares(Declared::Function),
            (_, "then") => Role::Then,
            (_, "(") if then => Role::Value,
            (_, ":" | "->") => Role::Type,
            (_, "(" | ",") => Role::Declares(Declared::Param),
            _ => Role::Word,
        }
    }

    /// A word of an mm's block: a mapping, or the initial value of a variable.
    fn mapping(&self) -> Role {
        let maps = (self.head..self.at).any(|at| self.scan.word(at) == "->");
        match (self.nth(), self.before()) {
            (0, _) if self.after() != "->" => Role::Slot,
            (_, "->") => Role::Word,
            (_, "at") => Role::Value,
            _ if maps => Role::Mapping,
            _ => self.expression(),
        }
    }

    fn statement(&self) -> Role {
        let (nth, first, before) = (self.nth(), self.first(), self.before());
        match (first, nth) {
            ("let" | "for", 1) => Role::Declares(Declared::Local),
            ("let", _) if before == ":" => Role::Type,
            ("ipi", 1) => Role::Call,
            ("ipi", _) if matches!(self.word(), "to" | "by" | "llist_add" | "and" | "wait") => Role::Send,
            ("else", 1) if self.word() == "if" => Role::Statement,
            (_, 0) => match self.word() {
                "let" | "if" | "else" | "while" | "for" | "until" | "ipi" | "wait_ipis" | "return" => {
                    Role::Statement
                }
                _ => self.expression(),
            },
            _ => self.expression(),
        }
    }

    fn expression(&self) -> Role {
        let numbered = self.before() == ":"
            && self.at.checked_sub(2).is_some_and(|at| self.scan.tokens[at].kind == TokenKind::Number);
        match (self.before(), self.word(), self.after()) {
            (".", ..) => Role::Field,
            (_, "in" | "step", _) => Role::Word,
            (_, "limit", _) if matches!(self.room, Room::Kernel | Room::Group) => Role::Word,
            _ if numbered => Role::Outcome,
            (.., "(") => Role::Call,
            _ => Role::Value,
        }
    }
}
