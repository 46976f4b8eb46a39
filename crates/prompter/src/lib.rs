//! What the page's editor asks of texts, as a wasm file of its own.
//!
//! [`assist`] has the answers, for the page and for `tlbscope lsp`. The page's own wasm does not have them, since every visitor
//! would wait for them: the editor (`web/editor`) loads this file after itself. Two wasm files share no memory. So before the editor asks, it copies
//! the texts to here, and only texts and numbers pass.
//!
//! A text is named by its number, as the page has it: 0 for the scenario, 1 for the kernel, 2 for the table of costs. Places count
//! units of UTF-16, as browsers do, and lines from 1. An answer with several parts is a text: records that end with [`RECORD`],
//! whose fields are separated by [`FIELD`].

mod answer;

use answer::Answer;
use assist::{Lines, TextPlace, WORDS, WhichText, Workspace};
use experiment::Kernels;
use lang::Selection;
use lang::source::Span;
use wasm_bindgen::prelude::wasm_bindgen;

pub use answer::{FIELD, RECORD};

/// The texts that lie before a reader.
#[wasm_bindgen]
#[derive(Debug, Default)]
pub struct Prompter {
    scenario: String,
    kernel: String,
    costs: String,
    selection: Selection,
}

#[wasm_bindgen]
impl Prompter {
    /// No texts.
    #[wasm_bindgen(constructor)]
    #[must_use]
    pub fn new() -> Prompter {
        Prompter::default()
    }

    /// Takes the file with the whole library, if it is the file of this version. Without it, only the kernels with which the page
    /// begins can be extended and named.
    pub fn library(&self, file: String) -> bool {
        gallery::install(file)
    }

    /// A text as it stands now.
    pub fn lay(&mut self, source: u8, text: String) {
        *match source {
            0 => &mut self.scenario,
            1 => &mut self.kernel,
            _ => &mut self.costs,
        } = text;
    }

    /// What is selected: a record with the number of the case, if one is, then one for each option with its name and its choice.
    pub fn select(&mut self, said: &str) {
        let mut records = said.split(RECORD);
        let case = records.next().and_then(|case| case.parse().ok());
        let pair = |record: &str| {
            record.split_once(FIELD).map(|(name, choice)| (name.to_owned(), choice.to_owned()))
        };
        self.selection = Selection::new(case, records.filter_map(pair).collect());
    }

    /// What may stand at a place: a record that says which units a chosen word replaces, then one for each word, the likeliest
    /// first, with its kind, how it is declared, what it means, and `something` or `nothing` if it is called: what its call takes.
    #[must_use]
    pub fn complete(&self, source: u8, at: u32) -> String {
        let (kernels, lines) = (Kernels::default(), Lines::new(self.text(source)));
        let workspace = self.workspace(source, &kernels);
        let found = workspace.complete(&this(source), lines.from_utf16(at));
        let mut answer = Answer::new();
        answer
            .record(&[&lines.utf16(found.span.start).to_string(), &lines.utf16(found.span.end).to_string()]);
        for proposal in &found.proposals {
            let kind = format!("{:?}", proposal.kind).to_lowercase();
            let takes = proposal.takes().map_or("", |takes| if takes { "something" } else { "nothing" });
            answer.record(&[&proposal.word, &kind, &proposal.detail, &proposal.sentence, takes]);
        }
        answer.text()
    }

    /// The words of a text that the lexer takes for words of the language and that are names where they stand: a record for each, with
    /// its units.
    #[must_use]
    pub fn names(&self, source: u8) -> String {
        let (text, mut answer) = (self.text(source), Answer::new());
        let lines = Lines::new(text);
        for Span { start, end } in assist::names(text) {
            answer.record(&[&lines.utf16(start).to_string(), &lines.utf16(end).to_string()]);
        }
        answer.text()
    }

    /// The mends that the compiler is sure of: a record for each with the units of its message, those that are replaced, and what takes
    /// their place.
    #[must_use]
    pub fn mends(&self, source: u8) -> String {
        let (kernels, lines) = (Kernels::default(), Lines::new(self.text(source)));
        let mut answer = Answer::new();
        for remark in self.workspace(source, &kernels).remarks() {
            if let Some(mend) = remark.mend.filter(|_| remark.place.text == this(source)) {
                let units = [remark.place.span.start, remark.place.span.end, mend.span.start, mend.span.end];
                let [from, to, start, end] = units.map(|byte| lines.utf16(byte).to_string());
                answer.record(&[&from, &to, &start, &end, &mend.text]);
            }
        }
        answer.text()
    }

    /// What stands at a place: a record with its units, how it is declared, and what is said of it, a field for each sentence;
    /// nothing between words, and for numbers and signs.
    #[must_use]
    pub fn explain(&self, source: u8, at: u32) -> String {
        let (kernels, lines) = (Kernels::default(), Lines::new(self.text(source)));
        let mut answer = Answer::new();
        if let Some(found) = self.workspace(source, &kernels).explain(&this(source), lines.from_utf16(at)) {
            let [from, to] = [found.span.start, found.span.end].map(|byte| lines.utf16(byte).to_string());
            let mut fields = vec![from.as_str(), &to, &found.head];
            fields.extend(found.sentences.iter().map(String::as_str));
            answer.record(&fields);
        }
        answer.text()
    }

    /// Where the name at a place is declared, as [`Prompter::uses`] has places.
    #[must_use]
    pub fn definitions(&self, source: u8, at: u32) -> String {
        let (kernels, lines) = (Kernels::default(), Lines::new(self.text(source)));
        let places = self.workspace(source, &kernels).definitions(&this(source), lines.from_utf16(at));
        self.places(source, &places)
    }

    /// Every place where the name at a place stands, in the order of the texts: a record for each with the number of the text, the
    /// name of a kernel that the kernel extends if the place is in that one, the first unit and the one after the last, the line,
    /// and what stands in it.
    #[must_use]
    pub fn uses(&self, source: u8, at: u32) -> String {
        let (kernels, lines) = (Kernels::default(), Lines::new(self.text(source)));
        let places = self.workspace(source, &kernels).uses(&this(source), lines.from_utf16(at));
        self.places(source, &places)
    }

    /// A text laid out; nothing if it has errors of syntax.
    #[must_use]
    pub fn format(&self, source: u8) -> Option<String> {
        lang::format(self.text(source)).ok()
    }

    /// How many columns a new line at a place is indented. `apart` says that a closing bracket behind the place goes to a line of
    /// its own, below.
    #[must_use]
    pub fn indent(&self, source: u8, at: u32, apart: bool) -> u32 {
        let text = self.text(source);
        assist::indent(text, Lines::new(text).from_utf16(at), apart)
    }
}

impl Prompter {
    fn text(&self, source: u8) -> &str {
        match source {
            0 => &self.scenario,
            1 => &self.kernel,
            _ => &self.costs,
        }
    }

    /// The texts that belong together. A table of costs stands alone.
    fn workspace<'a>(&'a self, source: u8, kernels: &'a Kernels) -> Workspace<'a> {
        let some = |text: &'a String| Some(text.as_str()).filter(|text| !text.is_empty());
        let (scenario, kernel) = match source {
            0 | 1 => (some(&self.scenario), some(&self.kernel)),
            _ => (some(&self.costs), None),
        };
        Workspace { scenario, kernel, kernels, selection: &self.selection, words: WORDS }
    }

    fn places(&self, source: u8, places: &[TextPlace]) -> String {
        // A table of costs stands in the scenario's place.
        let scenario = if source == 1 { 0 } else { source };
        let mut answer = Answer::new();
        for place in places {
            let (number, name, text) = match &place.text {
                WhichText::Scenario => (scenario, "", self.text(scenario)),
                WhichText::Kernel => (1, "", self.text(1)),
                WhichText::Extended(name) => {
                    (1, name.as_str(), gallery::kernel(name).map_or("", |kernel| kernel.text))
                }
            };
            let lines = Lines::new(text);
            let Span { start, end } = place.span;
            let line = lines.position(start).0;
            let words = text.lines().nth(line as usize).unwrap_or("").trim();
            let numbers =
                [u32::from(number), lines.utf16(start), lines.utf16(end), line + 1].map(|n| n.to_string());
            let [number, from, to, line] = &numbers;
            answer.record(&[number, name, from, to, line, words]);
        }
        answer.text()
    }
}

/// Which text of a workspace one is.
fn this(source: u8) -> WhichText {
    if source == 1 { WhichText::Kernel } else { WhichText::Scenario }
}
