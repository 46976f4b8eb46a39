//! From tokens to tree: the cursor, and what all grammar rules share.
//!
//! The parser is recursive descent, written by hand. A rule that cannot continue reports once and returns
//! [`Failed`]. The nearest list of statements or items then skips to the beginning of the next one. So one typing
//! error costs one diagnostic, and three typing errors are found in one go. Nesting is bounded, since every later
//! pass walks the tree recursively.

mod costs;
mod ended;
pub(crate) mod expr;
mod finale;
pub(crate) mod kernel;
pub(crate) mod scenario;
mod stmt;
pub(crate) mod workload;

use crate::diagnostic::legible::{hidden, legible, turns};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::source::{SourceId, Span};
use crate::syntax::foreign;
use crate::syntax::lex::{MAX_TEXT, lex, unquote};
use crate::syntax::token::{RESERVED, Tok, Token};
use crate::syntax::{Amount, File, Kernel, Name, Scenario, Text};

/// How deep blocks and expressions may be nested.
pub const MAX_NESTING: u32 = 64;

/// The most characters of a string that names something.
const MAX_TITLE: usize = 120;

/// The beginning of the message where a semicolon is missing.
pub(crate) const SEMICOLON: &str = "expected ; before ";

/// A rule gave up; what is wrong has been reported.
#[derive(Debug)]
pub(crate) struct Failed;

/// What a rule returns.
pub(crate) type Parsed<T> = Result<T, Failed>;

/// A position in the tokens of one text.
pub(crate) struct Parser<'a> {
    pub(crate) text: &'a str,
    pub(crate) source: SourceId,
    tokens: Vec<Token>,
    at: usize,
    pub(crate) depth: u32,
    pub(crate) out: &'a mut Diagnostics,
    /// The end of the text came too early, and this has been reported.
    unclosed: bool,
    /// How many closing braces the text lacks.
    lacking: usize,
    /// Where items and statements begin: the formatter indents other lines as continuations.
    pub(crate) starts: Vec<u32>,
}

/// The kernels of a text: one, and those that it extends. Nothing if it is something else, which is given back.
pub(crate) fn parse_kernels(text: &str, out: &mut Diagnostics) -> Result<Vec<Kernel>, Option<Box<Scenario>>> {
    let mut kernels = Vec::new();
    for file in parse_with_starts(text, SourceId::KERNEL, out).0 {
        match file {
            File::Kernel(kernel) => kernels.push(*kernel),
            other if !kernels.is_empty() => {
                let advice = "only the kernels that it extends may follow a kernel";
                let message = "nothing may follow the closing brace";
                out.push(Diagnostic::error(SourceId::KERNEL, other.name().span, message).advice(advice));
                break;
            }
            File::Scenario(scenario) => return Err(Some(scenario)),
            File::Costs(table) => {
                out.push(Diagnostic::error(
                    SourceId::KERNEL,
                    table.name.span,
                    "these are costs, not a kernel",
                ));
                return Err(None);
            }
        }
    }
    if kernels.is_empty() { Err(None) } else { Ok(kernels) }
}

/// Parses a whole text. There is a tree even if there were errors, unless the text is neither kernel nor scenario.
pub(crate) fn parse(text: &str, source: SourceId, out: &mut Diagnostics) -> Option<File> {
    let (files, _) = parse_with_starts(text, source, out);
    let mut files = files.into_iter();
    let first = files.next();
    if let Some(second) = files.next() {
        let span = second.name().span;
        let advice =
            "one text holds one kernel or one scenario here (a file of the command line may hold several)";
        out.push(Diagnostic::error(source, span, "nothing may follow the closing brace").advice(advice));
    }
    first
}

/// The tree of a text and what is wrong with its syntax. There is a tree even if there were errors, unless the
/// text is neither kernel nor scenario; what could not be understood is missing in it.
#[must_use]
pub fn tree(text: &str, source: SourceId) -> (Option<File>, Vec<Diagnostic>) {
    let mut out = Diagnostics::default();
    let file = parse(text, source, &mut out);
    (file, out.finish())
}

/// The same, and the offsets at which items and statements begin.
pub(crate) fn parse_with_starts(
    text: &str,
    source: SourceId,
    out: &mut Diagnostics,
) -> (Vec<File>, Vec<u32>) {
    if text.len() <= MAX_TEXT
        && let Some(foreign) = foreign::whole(text)
    {
        out.push(Diagnostic::error(source, foreign.span, foreign.message).advice(foreign.advice));
        return (Vec::new(), Vec::new());
    }
    let tokens = lex(text, source, out).tokens;
    if text.len() > MAX_TEXT {
        return (Vec::new(), Vec::new());
    }
    let count = |tok: Tok| tokens.iter().filter(|token| token.tok == tok).count();
    let lacking = count(Tok::LBrace).saturating_sub(count(Tok::RBrace));
    let mut parser =
        Parser { text, source, tokens, at: 0, depth: 0, out, unclosed: false, lacking, starts: Vec::new() };
    let mut files = Vec::new();
    while (files.is_empty() || parser.tok() != Tok::End)
        && let Ok(file) = parser.file()
    {
        files.push(file);
    }
    (files, parser.starts)
}

impl<'a> Parser<'a> {
    fn file(&mut self) -> Parsed<File> {
        self.start();
        let file = if self.is_word("kernel") {
            File::Kernel(Box::new(self.kernel()?))
        } else if self.is_word("scenario") {
            File::Scenario(Box::new(self.scenario()?))
        } else if self.is_word("costs") {
            File::Costs(Box::new(self.costs()?))
        } else {
            let advice = "a text is `kernel \"name\" { ... }` or `scenario \"name\" { ... }`";
            return self.fail_here("a text begins with kernel or scenario", Some(advice));
        };
        if self.tok() != Tok::End && !self.is_word("kernel") && !self.is_word("scenario") {
            let message = "nothing may follow the closing brace";
            let advice = Some("after it, the text may end, or another kernel or scenario may begin");
            let _ = self.fail_here::<()>(message, advice);
            self.at = self.tokens.len().saturating_sub(1);
        }
        Ok(file)
    }

    // Looking.

    /// The token at the cursor.
    pub(crate) fn tok(&self) -> Tok {
        self.ahead(0)
    }

    /// The token `n` after the cursor.
    pub(crate) fn ahead(&self, n: usize) -> Tok {
        self.tokens.get(self.at + n).map_or(Tok::End, |t| t.tok)
    }

    /// Where the token at the cursor stands.
    pub(crate) fn span(&self) -> Span {
        let last = self.tokens.last().map_or(Span { start: 0, end: 0 }, |t| t.span);
        self.tokens.get(self.at).map_or(last, |t| t.span)
    }

    /// Where the last token taken stands.
    pub(crate) fn last(&self) -> Span {
        match self.at.checked_sub(1).and_then(|at| self.tokens.get(at)) {
            Some(token) => token.span,
            None => self.span(),
        }
    }

    /// What the token at the cursor is in the text.
    pub(crate) fn here(&self) -> &'a str {
        self.span().of(self.text)
    }

    /// Whether the cursor is at the name `word`.
    pub(crate) fn is_word(&self, word: &str) -> bool {
        self.tok() == Tok::Name && self.here() == word
    }

    /// The word `n` tokens after the cursor, or "".
    pub(crate) fn word_ahead(&self, n: usize) -> &'a str {
        match self.tokens.get(self.at + n) {
            Some(token) if token.tok == Tok::Name => token.span.of(self.text),
            _ => "",
        }
    }

    /// An opaque mark of the position, to see whether a rule moved.
    pub(crate) fn position(&self) -> usize {
        self.at
    }

    // Taking.

    /// Moves on by one token.
    pub(crate) fn bump(&mut self) -> Span {
        let span = self.span();
        if self.at + 1 < self.tokens.len() {
            self.at += 1;
        }
        span
    }

    /// Takes `tok` if it is there.
    pub(crate) fn eat(&mut self, tok: Tok) -> bool {
        let there = self.tok() == tok;
        if there {
            self.bump();
        }
        there
    }

    /// Takes the word if it is there.
    pub(crate) fn eat_word(&mut self, word: &str) -> bool {
        let there = self.is_word(word);
        if there {
            self.bump();
        }
        there
    }

    /// Takes `tok` or fails; `what` says what was expected.
    pub(crate) fn expect(&mut self, tok: Tok, what: &str) -> Parsed<Span> {
        if self.tok() == tok {
            return Ok(self.bump());
        }
        let message = format!("expected {what}, found {}", self.found());
        self.fail_here(&message, None)
    }

    /// Takes a semicolon. If it is missing the place after the last token is marked, and parsing goes on.
    pub(crate) fn semi(&mut self) {
        if !self.eat(Tok::Semi) {
            let at = self.last();
            let message = format!("{SEMICOLON}{}", self.found());
            self.report(Span { start: at.start, end: at.end }, &message, None);
            // Whatever else stands in this line belongs to the same mistake.
            if !matches!(self.tok(), Tok::Name | Tok::RBrace | Tok::End) {
                self.skip_statement(self.position());
            }
        }
    }

    /// Takes a name that may be declared.
    pub(crate) fn new_name(&mut self, what: &str) -> Parsed<Name> {
        let name = self.name(what)?;
        if RESERVED.contains(&name.text.as_str()) {
            let message = format!("`{}` is a word of the language", name.text);
            self.report(name.span, &message, Some("take another name"));
        }
        Ok(name)
    }

    /// Takes a name.
    pub(crate) fn name(&mut self, what: &str) -> Parsed<Name> {
        let text = self.here().to_owned();
        let span = self.expect(Tok::Name, what)?;
        if text.len() > 64 {
            self.report(span, "this name is longer than 64 characters", None);
        }
        Ok(Name { text, span })
    }

    /// Takes a string that names something.
    pub(crate) fn title(&mut self, what: &str) -> Parsed<Text> {
        let title = self.text(what)?;
        if title.value.chars().count() > MAX_TITLE {
            self.report(title.span, &format!("this name is longer than {MAX_TITLE} characters"), None);
        }
        Ok(title)
    }

    /// Takes a string. Invisible characters in it are written as numbers, so that no later code has to be careful
    /// with them.
    pub(crate) fn text(&mut self, what: &str) -> Parsed<Text> {
        let literal = self.here();
        let span = self.expect(Tok::Text, what)?;
        match String::from_utf8(unquote(literal)) {
            Ok(value) => {
                let value = value.replace(['\n', '\t'], " ");
                if let Some(c) = value.chars().find(|&c| hidden(c)).filter(|&c| !turns(c)) {
                    let message =
                        format!("this string has a character that can't be seen: U+{:04X}", c as u32);
                    let advice = format!("it is shown as `{}`", legible(&c.to_string()));
                    self.out.push(Diagnostic::warning(self.source, span, message).advice(advice));
                }
                Ok(Text { value: legible(&value), span })
            }
            Err(_) => {
                self.report(
                    span,
                    "this string is not text",
                    Some("\\xNN above 0x7f makes data, not letters"),
                );
                Ok(Text { value: String::new(), span })
            }
        }
    }

    /// Takes a number with an optional unit, or the name of a constant.
    pub(crate) fn amount(&mut self, what: &str) -> Parsed<Amount> {
        if self.tok() == Tok::Name && !RESERVED.contains(&self.here()) {
            return Ok(Amount { value: 0, span: self.name(what)?.span, named: true });
        }
        let Tok::Number(value) = self.tok() else {
            self.expect(Tok::Number(0), what)?;
            return Err(Failed);
        };
        let mut span = self.bump();
        let shift = match self.word_ahead(0) {
            "KiB" => 10,
            "MiB" => 20,
            "GiB" => 30,
            "TiB" => 40,
            unit => {
                if matches!(unit, "KB" | "MB" | "GB" | "kB" | "K" | "M" | "G") {
                    let at = self.bump();
                    self.report(at, "unknown unit", Some("units are KiB, MiB, GiB and TiB"));
                }
                return Ok(Amount { value, span, named: false });
            }
        };
        span = span.to(self.bump());
        match value.checked_mul(1 << shift) {
            Some(value) => Ok(Amount { value, span, named: false }),
            None => {
                self.report(span, "this number does not fit in 64 bits", None);
                Ok(Amount { value: 0, span, named: false })
            }
        }
    }

    // Saying.

    /// Reports an error.
    pub(crate) fn report(&mut self, span: Span, message: &str, advice: Option<&str>) {
        let diagnostic = Diagnostic::error(self.source, span, message).maybe(advice.map(str::to_owned));
        self.out.push(diagnostic);
    }

    /// Reports an error at the cursor and fails.
    pub(crate) fn fail_here<T>(&mut self, message: &str, advice: Option<&str>) -> Parsed<T> {
        self.report(self.span(), message, advice);
        Err(Failed)
    }

    /// What stands at the cursor, in words.
    pub(crate) fn found(&self) -> String {
        match self.tok() {
            Tok::End => "the end of the text".to_owned(),
            Tok::Text => "a string".to_owned(),
            _ => {
                let here: String = self.here().chars().take(40).collect();
                format!("`{here}`")
            }
        }
    }

    // Structure.

    /// Notes that an item or statement begins here.
    pub(crate) fn start(&mut self) {
        let start = self.span().start;
        self.starts.push(start);
    }

    /// Runs a rule one level deeper, or fails if that is too deep.
    pub(crate) fn nested<T>(&mut self, rule: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        if self.depth >= MAX_NESTING {
            let message = format!("nested more than {MAX_NESTING} deep");
            return self.fail_here(&message, Some("put the inner part into a function"));
        }
        self.depth += 1;
        let result = rule(self);
        self.depth -= 1;
        result
    }

    /// `open (thing (, thing)* ,?)? close`
    pub(crate) fn list<T>(
        &mut self,
        close: Tok,
        what: &str,
        mut thing: impl FnMut(&mut Self) -> Parsed<T>,
    ) -> Parsed<Vec<T>> {
        let mut things = Vec::new();
        while self.tok() != close {
            things.push(thing(self)?);
            if !self.eat(Tok::Comma) {
                break;
            }
        }
        self.expect(close, what)?;
        Ok(things)
    }

    /// The inside of a brace block of items, up to and including its closing brace. `item` returns whether it
    /// knew the word at the cursor; `starts` are the words at which the next item begins after a mistake.
    pub(crate) fn items(
        &mut self,
        owner: &str,
        words: &[&str],
        mut item: impl FnMut(&mut Self) -> Parsed<()>,
    ) -> Parsed<()> {
        let open = self.expect(Tok::LBrace, "{")?;
        loop {
            match self.tok() {
                Tok::RBrace => {
                    self.bump();
                    return Ok(());
                }
                Tok::End => {
                    self.unclosed(open, owner);
                    return Ok(());
                }
                Tok::Semi => {
                    self.bump();
                }
                _ => {
                    // A case has the items of a scenario.
                    let whole = ["kernel", "scenario", "case", "table of costs"].contains(&owner);
                    if !whole && self.ended_by_item(open, owner) {
                        return Ok(());
                    }
                    self.start();
                    let before = self.position();
                    if item(self).is_err() {
                        self.skip_item(words, before);
                    }
                }
            }
        }
    }

    /// Reports that the text ends inside a brace; of several that are open only the innermost.
    pub(crate) fn unclosed(&mut self, open: Span, owner: &str) {
        if std::mem::replace(&mut self.unclosed, true) {
            return;
        }
        let diagnostic = Diagnostic::error(self.source, self.span(), "expected }, found the end of the text");
        self.out.push(diagnostic.related(self.source, open, format!("the {owner} opens here")));
    }

    /// How many braces are open that something has opened which began at a position.
    fn open_since(&self, start: usize) -> u32 {
        let taken = self.tokens.get(start..self.at).unwrap_or_default();
        taken.iter().fold(0_u32, |open, token| match token.tok {
            Tok::LBrace => open + 1,
            Tok::RBrace => open.saturating_sub(1),
            _ => open,
        })
    }

    /// After a mistake in a statement that began at `start`: past its semicolon or block, or up to the closing brace of this
    /// block. A brace that the statement itself opened may be closed, or have been forgotten.
    pub(crate) fn skip_statement(&mut self, start: usize) {
        let own = self.open_since(start);
        let mut open = own;
        loop {
            match self.tok() {
                Tok::End => return,
                Tok::Semi if open <= own => {
                    self.bump();
                    return;
                }
                Tok::RBrace if open == 0 => return,
                Tok::LBrace => open += 1,
                Tok::RBrace => {
                    open -= 1;
                    if open == 0 {
                        self.bump();
                        return;
                    }
                }
                _ => {}
            }
            self.bump();
        }
    }

    /// After a mistake in an item that began at `start`: up to a word that begins an item at this level, or to the closing
    /// brace of this block. A brace that the item itself opened may be closed, or have been forgotten.
    fn skip_item(&mut self, words: &[&str], start: usize) {
        let own = self.open_since(start);
        let (mut open, mut first) = (own, self.at == start);
        loop {
            match self.tok() {
                Tok::End => return,
                Tok::RBrace if open == 0 => return,
                Tok::LBrace => open += 1,
                Tok::RBrace => open -= 1,
                // A word in the middle of a line is more likely a part of the mistake than the
                // beginning of an item.
                Tok::Name if open <= own && !first && words.contains(&self.here()) && self.begins_line() => {
                    return;
                }
                _ => {}
            }
            first = false;
            self.bump();
        }
    }

    pub(crate) fn begins_line(&self) -> bool {
        let before = self.text.get(..self.span().start as usize).unwrap_or("");
        let line = before.rsplit('\n').next().unwrap_or("");
        let line = line.trim();
        line.is_empty() || line.ends_with([';', '}', '{'])
    }
}
