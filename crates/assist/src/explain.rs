//! What stands at a place: how it is declared, and what is said of it.

use crate::complete::name_of;
use crate::names::{At, Symbol};
use crate::reading::Reading;
use crate::rules::rules;
use crate::scan::{Declared, Mark, Role, Room, Scan};
use crate::words::sentence;
use crate::workspace::{WhichText, Workspace};
use lang::costs::Figure;
use lang::property;
use lang::source::Span;
use lang::vocabulary::{self, Position};

/// What an editor shows beside a word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// The word's bytes.
    pub span: Span,
    /// How it is declared or called, in the language.
    pub head: String,
    /// What is said of it, a sentence each.
    pub sentences: Vec<String>,
}

impl Workspace<'_> {
    /// What stands at a byte of a text; nothing between words, and for numbers and signs.
    #[must_use]
    pub fn explain(&self, text: &WhichText, byte: u32) -> Option<Explanation> {
        let whole = self.whole();
        Reading::new(self, whole.as_ref()).explain(text, byte)
    }
}

impl Reading<'_> {
    /// What stands at a byte of a text; nothing between words, and for numbers and signs.
    #[must_use]
    pub fn explain(&self, text: &WhichText, byte: u32) -> Option<Explanation> {
        let read = self;
        let (source, byte) = read.source(text, byte)?;
        let scan = read.names.scan(source);
        let at = scan.mark_at(byte)?;
        let mark = scan.marks[at];
        let symbol = read.names.symbol(source, at)?;
        let span = read.place(source, mark.span).span;
        let (head, sentences) = match &symbol {
            Symbol::Word(Role::Choice, _) => {
                let option = read.names.option_of(source, mark);
                match read.names.option(option) {
                    Some(at) => of_declared(read, at),
                    None => (
                        option.to_owned(),
                        vec![sentence(self.workspace.words, "machine", option)?.to_owned()],
                    ),
                }
            }
            Symbol::Word(role, word) => of_word(read, scan, mark, *role, word)?,
            Symbol::Text(name) => {
                let own =
                    self.workspace.kernel.filter(|text| lang::kernel_name(text).as_deref() == Some(*name));
                let text = self.workspace.kernels.kernel(name).or(own);
                let about =
                    text.and_then(|text| Some(text.split_once("about \"")?.1.split('"').next()?.to_owned()));
                (format!("kernel \"{name}\""), about.into_iter().collect())
            }
            Symbol::Page(name) => (format!("page \"{name}\""), Vec::new()),
            Symbol::Label(name) => (format!("\"{name}\""), Vec::new()),
            declared => {
                let local = match declared {
                    Symbol::Local(source, at) => Some((*source, *at)),
                    _ => None,
                };
                let at = local.or_else(|| read.names.declarations(declared).first().copied())?;
                of_declared(read, at)
            }
        };
        Some(Explanation { span, head, sentences })
    }
}

/// A name that a text declares.
fn of_declared(read: &Reading<'_>, (source, at): At) -> (String, Vec<String>) {
    let scan = read.names.scan(source);
    let mark = scan.marks[at];
    let mut head = scan.title(mark);
    let mut sentences = vec![scan.note(mark)];
    if mark.role.is_local() && !head.contains(':') {
        let types = &read.checked().locals;
        if let Some(local) = types.iter().find(|local| local.source == source && local.span == mark.span) {
            head = format!("{head}: {}", local.name);
        }
    }
    if mark.role == Role::Declares(Declared::Option) {
        let name = mark.span.of(scan.text);
        let options = &read.checked().options;
        if let Some(option) = options.iter().find(|option| option.name == name) {
            let choice = |at: u8| option.choices.get(usize::from(at)).map_or("", String::as_str);
            let chosen = choice(option.chosen);
            let others = if option.chosen == option.default {
                String::new()
            } else {
                format!("; {} by default", choice(option.default))
            };
            sentences
                .push(format!("Here it is {chosen}{others}. The choices are {}.", option.choices.join(", ")));
        }
    }
    sentences.retain(|sentence| !sentence.is_empty());
    (head, sentences)
}

/// A word of the language.
fn of_word(
    read: &Reading<'_>,
    scan: &Scan<'_>,
    mark: Mark,
    role: Role,
    word: &str,
) -> Option<(String, Vec<String>)> {
    let said = |place: &str| sentence(read.workspace.words, place, word);
    let room = scan.blocks[mark.block].room;
    let plain = |said: Option<&str>| Some((word.to_owned(), vec![said?.to_owned()]));
    match role {
        Role::Item => match room {
            Room::Top => plain(said("text")),
            Room::Setup => plain(said("scenario")),
            room => plain(said(name_of(room.place()?))),
        },
        Role::Statement | Role::Send => {
            // Two words say one thing.
            let key = match word {
                "to" => "ipi",
                "by" => "llist_add",
                "and" => "wait",
                _ => word,
            };
            let mut sentences: Vec<String> =
                sentence(read.workspace.words, "statement", key).map(str::to_owned).into_iter().collect();
            sentences.extend(rules(word, None));
            (!sentences.is_empty()).then(|| (word.to_owned(), sentences))
        }
        Role::Type => plain(said("type")),
        Role::Machine => plain(said("machine")),
        Role::Setting => {
            let key = scan.head(mark.item);
            Some((key.to_owned(), vec![sentence(read.workspace.words, "machine", key)?.to_owned()]))
        }
        Role::Mapping => plain(said("mapping")),
        Role::Then => plain(said("then")),
        Role::Load => plain(said("workload")),
        Role::Observation => plain(said("expect")),
        Role::Property => plain(property::sentence(word)),
        Role::Option => plain(said("machine")),
        Role::Field => plain(said("field")),
        Role::Figure => {
            plain(Figure::ALL.iter().find(|figure| figure.name() == word).map(|figure| figure.meaning()))
        }
        Role::Value | Role::Call => {
            if ["noflush", "flush"].contains(&word)
                || vocabulary::instruction_words().contains(&word) && role == Role::Value
            {
                return plain(said("builtin"));
            }
            let found = vocabulary::builtin(word)?;
            let gives = found.gives.map(|ty| format!(" -> {ty}"));
            let head = match &found.usage {
                Some(usage) => format!("{usage}{}", gives.unwrap_or_default()),
                None => format!("{word}{}", found.gives.map(|ty| format!(": {ty}")).unwrap_or_default()),
            };
            let mut sentences: Vec<String> = said("builtin").map(str::to_owned).into_iter().collect();
            sentences.extend(rules(word, said("builtin")));
            Some((head, sentences))
        }
        Role::Word if vocabulary::words(Position::Statement).contains(&word) => plain(said("statement")),
        // `page` of a mapping, `with` of a kernel, `exists` behind its sign.
        Role::Word if room == Room::Mm => plain(said("mapping")),
        Role::Word if word == "with" => {
            Some(("use".to_owned(), vec![sentence(read.workspace.words, "scenario", "use")?.to_owned()]))
        }
        Role::Word => plain(said("text").or_else(|| said("scenario"))),
        Role::Declares(_)
        | Role::Choice
        | Role::Slot
        | Role::Space
        | Role::Outcome
        | Role::KernelName
        | Role::PageName
        | Role::Label
        | Role::Prose => None,
    }
}

impl Scan<'_> {
    /// How a name is declared: its item up to its block or its sentence.
    pub(crate) fn title(&self, mark: Mark) -> String {
        let Some(item) = self.items.get(mark.item) else { return String::new() };
        if mark.role.is_local() {
            let typed = self.word(mark.token + 1) == ":";
            let name = mark.span.of(self.text);
            return if typed { format!("{name}: {}", self.word(mark.token + 2)) } else { name.to_owned() };
        }
        let mut words: Vec<&str> = Vec::new();
        let mut end = item.span.start;
        for token in &self.tokens[item.head..] {
            let word = token.span.of(self.text);
            if token.span.start >= item.span.end
                || matches!(word, "{" | ";") && !words.ends_with(&["="])
                || words.len() > 60
            {
                break;
            }
            if token.kind == lang::TokenKind::Text && words.first() == Some(&"option") {
                break;
            }
            words.push(word);
            end = token.span.end;
        }
        let written = self.text.get(item.span.start as usize..end as usize).unwrap_or("");
        written.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// What stands beside a declaration: an option's sentence, the comment before it, or the one behind it in its line.
    pub(crate) fn note(&self, mark: Mark) -> String {
        let Some(item) = self.items.get(mark.item) else { return String::new() };
        if mark.role == Role::Declares(Declared::Option) {
            let tokens = self.tokens.iter().skip(item.head).take(80);
            let mut own = tokens.take_while(|token| token.span.start < item.span.end);
            return own
                .find(|token| token.kind == lang::TokenKind::Text)
                .map(|token| crate::names::unquoted(token.span.of(self.text)).to_owned())
                .unwrap_or_default();
        }
        if mark.role.is_local() {
            return String::new();
        }
        let (start, end) = (item.span.start, item.span.end);
        let before = self.comments.partition_point(|comment| comment.end <= start);
        let mut lines: Vec<&str> = Vec::new();
        let mut next = start;
        for comment in self.comments[..before].iter().rev() {
            let gap = self.text.get(comment.end as usize..next as usize).unwrap_or("x");
            let line =
                self.text.get(..comment.start as usize).unwrap_or("").rsplit('\n').next().unwrap_or("");
            if !gap.trim().is_empty() || gap.matches('\n').count() != 1 || !line.trim().is_empty() {
                break;
            }
            lines.insert(0, comment.of(self.text));
            next = comment.start;
        }
        let behind =
            self.comments.iter().skip(before).find(|comment| comment.start >= end).filter(|comment| {
                let gap = self.text.get(end as usize..comment.start as usize).unwrap_or("\n");
                gap.trim().is_empty() && !gap.contains('\n')
            });
        if lines.is_empty() {
            lines.extend(behind.map(|comment| comment.of(self.text)));
        }
        let bare =
            |line: &&str| line.trim_start_matches(['/', '*']).trim_end_matches(['/', '*']).trim().to_owned();
        let words = lines.iter().map(bare).collect::<Vec<_>>().join(" ");
        words.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// The choices of an option, by the mark that declares it; none for a plain one.
    pub(crate) fn choices(&self, mark: usize) -> Vec<&str> {
        let Some(item) = self.marks.get(mark).and_then(|mark| self.items.get(mark.item)) else {
            return Vec::new();
        };
        let mut choices = Vec::new();
        let mut after = false;
        for at in item.head..self.tokens.len().min(item.head + 80) {
            match self.word(at) {
                ":" => after = true,
                "=" | ";" => break,
                "|" => {}
                word if after => choices.push(word),
                _ => {}
            }
        }
        choices
    }
}
