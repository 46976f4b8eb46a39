//! What a test asks of final states: locations, filter, condition.

use crate::cursor::{Piece, Wrong, number};
use crate::init::{no_paging, of_processor};
use crate::names::Locations;
use crate::sections::Architecture;

/// How deep a condition may be nested.
const MAX_NESTING: u32 = 24;

/// What is asked, in our language.
#[derive(Debug, Default)]
pub(crate) struct Question {
    /// `exists`, `~exists` or `forall`.
    pub(crate) quantifier: &'static str,
    pub(crate) condition: String,
    pub(crate) filter: Option<String>,
    pub(crate) locations: Vec<String>,
    /// Processor and register of all that is asked.
    pub(crate) registers: Vec<(usize, String)>,
}

/// Reads everything after the program.
pub(crate) fn asked(
    rest: Piece<'_>,
    architecture: Architecture,
    processors: usize,
    known: &mut Locations,
) -> Result<Question, Wrong> {
    no_paging(rest)?;
    let mut reader = Reader { rest, architecture, processors, known, asked: Question::default(), depth: 0 };
    loop {
        let start = reader.ahead();
        let word = reader.word();
        match word.text {
            "locations" => reader.locations()?,
            "filter" if reader.asked.filter.is_none() => {
                let filter = reader.any()?;
                reader.asked.filter = Some(filter);
            }
            "exists" | "forall" | "~exists" | "not" | "~" if reader.asked.quantifier.is_empty() => {
                reader.asked.quantifier = match word.text {
                    "exists" => "exists",
                    "forall" => "forall",
                    _ => "~exists",
                };
                if matches!(word.text, "not" | "~") && reader.word().text != "exists" {
                    return start.wrong("expected exists");
                }
                reader.asked.condition = reader.any()?;
            }
            _ if reader.rest.trimmed().text.is_empty() && word.text.is_empty() => break,
            _ => {
                return start
                    .wrong("expected one of locations, filter, exists, ~exists and forall, each once");
            }
        }
    }
    let end = reader.rest;
    let asked = reader.asked;
    if asked.quantifier.is_empty() {
        return end.wrong("the test has no condition: exists (...), ~exists (...) or forall (...)");
    }
    Ok(asked)
}

struct Reader<'a, 'b> {
    rest: Piece<'a>,
    architecture: Architecture,
    processors: usize,
    known: &'b mut Locations,
    asked: Question,
    depth: u32,
}

impl<'a> Reader<'a, '_> {
    fn ahead(&self) -> Piece<'a> {
        self.rest.trimmed()
    }

    /// Takes some bytes, after white space.
    fn take(&mut self, bytes: usize) -> Piece<'a> {
        let ahead = self.ahead();
        self.rest = Piece { text: &ahead.text[bytes..], start: ahead.start + bytes };
        ahead.part(0, bytes)
    }

    /// Takes a word of letters, `~` included; an empty one if there is none.
    fn word(&mut self) -> Piece<'a> {
        let text = self.ahead().text;
        let end = text.find(|c: char| !(c.is_ascii_alphabetic() || c == '~')).unwrap_or(text.len());
        self.take(end)
    }

    /// Takes a sign if it is there.
    fn eat(&mut self, sign: &str) -> bool {
        let there = self.ahead().text.starts_with(sign);
        if there {
            self.take(sign.len());
        }
        there
    }

    /// `locations [x; 0:EAX;]`
    fn locations(&mut self) -> Result<(), Wrong> {
        let start = self.ahead();
        let (true, Some(end)) = (start.text.starts_with('['), locations_end(start.text)) else {
            return start.wrong("expected [x; 0:EAX;]");
        };
        let list = start.part(1, end);
        self.take(end + 1);
        for place in list.split(';').map(Piece::trimmed).filter(|place| !place.text.is_empty()) {
            let place = self.place(place)?;
            self.asked.locations.push(place);
        }
        Ok(())
    }

    /// A location or a register, in our language.
    fn place(&mut self, place: Piece<'a>) -> Result<String, Wrong> {
        let place = if place.text.starts_with('[') && place.text.ends_with(']') {
            place.part(1, place.text.len() - 1).trimmed()
        } else {
            place
        };
        if !place.text.contains(':') {
            return Ok(self.known.variable(place)?.to_owned());
        }
        let (processor, register) = of_processor(place, self.architecture, self.processors)?;
        let known = (processor, register.clone());
        if !self.asked.registers.contains(&known) {
            self.asked.registers.push(known);
        }
        Ok(format!("{processor}:{register}"))
    }

    /// Implications, the loosest.
    fn any(&mut self) -> Result<String, Wrong> {
        self.depth += 1;
        if self.depth > MAX_NESTING {
            return self.ahead().wrong(format!("nested more than {MAX_NESTING} deep"));
        }
        let mut left = self.some()?;
        if self.eat("=>") {
            left = format!("(!({left}) || {})", self.any()?);
        }
        self.depth -= 1;
        Ok(left)
    }

    fn some(&mut self) -> Result<String, Wrong> {
        let mut terms = vec![self.all()?];
        while self.eat("\\/") {
            terms.push(self.all()?);
        }
        Ok(joined(terms, " || "))
    }

    fn all(&mut self) -> Result<String, Wrong> {
        let mut terms = vec![self.one()?];
        while self.eat("/\\") {
            terms.push(self.one()?);
        }
        Ok(joined(terms, " && "))
    }

    fn one(&mut self) -> Result<String, Wrong> {
        let start = self.ahead();
        if self.eat("(") {
            let inner = self.any()?;
            return match self.eat(")") {
                true => Ok(inner),
                false => self.ahead().wrong("expected )"),
            };
        }
        let negated = self.eat("~") || {
            let behind = start.text.strip_prefix("not");
            behind.is_some_and(|rest| rest.starts_with([' ', '(', '\n'])) && self.eat("not")
        };
        if negated {
            self.depth += 1;
            if self.depth > MAX_NESTING {
                return start.wrong(format!("nested more than {MAX_NESTING} deep"));
            }
            let inner = self.one()?;
            self.depth -= 1;
            return Ok(format!("!({inner})"));
        }
        for truth in ["true", "false"] {
            if start.text.strip_prefix(truth).is_some_and(|rest| !rest.starts_with(['=', ' '])) {
                return Ok(self.take(truth.len()).text.to_owned());
            }
        }
        self.atom()
    }

    /// `0:EAX=1`
    fn atom(&mut self) -> Result<String, Wrong> {
        let start = self.ahead();
        if start.text.starts_with("fault") {
            return start.wrong("no access of a test for X86 faults here: every location is mapped");
        }
        let Some(end) = start.text.find(['=', '<', '!']) else {
            return start.wrong("expected a condition such as 0:EAX=1 or x=1");
        };
        let place = self.take(end).trimmed();
        let place = self.place(place)?;
        let sign = if self.eat("<>") || self.eat("!=") { "!=" } else { "==" };
        if sign == "==" && !self.eat("==") && !self.eat("=") {
            return self.ahead().wrong("expected = or <>");
        }
        let text = self.ahead().text;
        let end = text.find(|c: char| !(c.is_ascii_alphanumeric() || c == '-')).unwrap_or(text.len());
        let value = self.take(end);
        match number(value.text) {
            Some(number) if number < 0 => {
                value.wrong("negative numbers can't be compared: their width is not known here")
            }
            Some(number) => Ok(format!("{place} {sign} {number}")),
            None => value.wrong(format!("expected a number, found {:?}", value.text)),
        }
    }
}

/// Where the list ends that begins with a bracket: brackets may stand around its places.
fn locations_end(text: &str) -> Option<usize> {
    let mut depth = 0u32;
    for (at, c) in text.char_indices() {
        match c {
            '[' => depth += 1,
            ']' if depth <= 1 => return Some(at),
            ']' => depth -= 1,
            _ => {}
        }
    }
    None
}

/// Terms with a sign between them, in parentheses if there are several.
fn joined(mut terms: Vec<String>, sign: &str) -> String {
    if terms.len() == 1 {
        return terms.remove(0);
    }
    format!("({})", terms.join(sign))
}
