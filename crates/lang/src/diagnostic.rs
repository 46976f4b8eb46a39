//! What the compiler says about a text: the place, the message, and what to do about it.
//!
//! The terminal and the page render diagnostics. Messages are whole sentences in lower case without a full stop.
//! The advice says what to write instead.

pub(crate) mod legible;
pub(crate) mod nearest;

use crate::diagnostic::legible::legible;
use crate::program::Type;
use crate::source::{SourceId, Span};

/// The most diagnostics one compilation gives; the rest would only repeat the first.
pub const MAX_DIAGNOSTICS: usize = 50;

/// The most characters of a sentence.
const MAX_SENTENCE: usize = 2_000;

/// The most warnings of a text without an error, and of one with errors: there they may only follow from these.
const MAX_WARNINGS: usize = 20;
const MAX_BESIDE: usize = 5;

/// Whether a program can still be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// There is no program.
    Error,
    /// There is a program, but something is probably not as meant.
    Warning,
}

/// A message about a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Error or warning.
    pub severity: Severity,
    /// Which text.
    pub source: SourceId,
    /// Which bytes of it.
    pub span: Span,
    /// What is wrong.
    pub message: String,
    /// What to write instead, if that is known.
    pub advice: Option<String>,
    /// Other places that matter, each with what it is.
    pub related: Vec<(SourceId, Span, String)>,
}

impl Diagnostic {
    /// An error.
    #[must_use]
    pub fn error(source: SourceId, span: Span, message: impl Into<String>) -> Diagnostic {
        let message = message.into();
        Diagnostic { severity: Severity::Error, source, span, message, advice: None, related: Vec::new() }
    }

    /// A warning.
    #[must_use]
    pub fn warning(source: SourceId, span: Span, message: impl Into<String>) -> Diagnostic {
        Diagnostic { severity: Severity::Warning, ..Diagnostic::error(source, span, message) }
    }

    /// The same with advice.
    #[must_use]
    pub fn advice(mut self, advice: impl Into<String>) -> Diagnostic {
        self.advice = Some(advice.into());
        self
    }

    /// The same with advice, if there is any.
    #[must_use]
    pub fn maybe(mut self, advice: Option<String>) -> Diagnostic {
        self.advice = advice.or(self.advice);
        self
    }

    /// The same with another place that matters.
    #[must_use]
    pub fn related(mut self, source: SourceId, span: Span, what: impl Into<String>) -> Diagnostic {
        self.related.push((source, span, what.into()));
        self
    }
}

/// Cuts a sentence that quotes too much, and shows what can't be seen.
fn shown(sentence: &mut String) {
    if let Some((end, _)) = sentence.char_indices().nth(MAX_SENTENCE) {
        sentence.truncate(end);
        sentence.push_str(" ...");
    }
    *sentence = legible(sentence);
}

/// Makes visible what can't be seen in anything that a diagnostic says.
fn legible_throughout(diagnostic: &mut Diagnostic) {
    let said = diagnostic.advice.iter_mut().chain([&mut diagnostic.message]);
    said.chain(diagnostic.related.iter_mut().map(|(_, _, what)| what)).for_each(shown);
}

/// Collects diagnostics, within the cap whatever the text.
#[derive(Debug, Default)]
pub(crate) struct Diagnostics {
    list: Vec<Diagnostic>,
    /// Warnings that something is never used.
    unused: Vec<Diagnostic>,
    errors: usize,
    warnings: usize,
    /// The types of locals, if somebody asks: those of each body that has been checked, by the places of their names.
    pub(crate) locals: Option<Vec<(SourceId, Span, Type)>>,
}

impl Diagnostics {
    /// Takes a diagnostic, or drops it if there are enough. Characters that it quotes from a text are made visible.
    pub(crate) fn push(&mut self, mut diagnostic: Diagnostic) {
        legible_throughout(&mut diagnostic);
        let seen = match diagnostic.severity {
            Severity::Error => &mut self.errors,
            Severity::Warning => &mut self.warnings,
        };
        *seen += 1;
        if *seen <= MAX_DIAGNOSTICS {
            self.list.push(diagnostic);
        }
    }

    /// How many errors have been reported.
    pub(crate) fn told(&self) -> usize {
        self.errors
    }

    /// Adds another place to the last diagnostic, and takes other advice if there is any.
    pub(crate) fn add(&mut self, source: SourceId, span: Span, what: String, advice: Option<String>) {
        if self.errors <= MAX_DIAGNOSTICS
            && let Some(last) = self.list.last_mut()
        {
            last.related.push((source, span, legible(&what)));
            last.advice = advice.or(last.advice.take());
        }
    }

    /// Takes a warning that something is never used. Beside an error it is dropped, since the code that could not be
    /// understood may use it.
    pub(crate) fn push_unused(&mut self, mut warning: Diagnostic) {
        if self.unused.len() < MAX_WARNINGS {
            legible_throughout(&mut warning);
            self.unused.push(warning);
        }
    }

    /// Forgets warnings about these places: their text belongs to another kernel.
    pub(crate) fn no_warnings_in(&mut self, source: SourceId, places: &[Span]) {
        let there =
            |span: Span| places.iter().any(|place| place.start <= span.start && span.end <= place.end);
        let theirs = |d: &Diagnostic| d.severity == Severity::Warning && d.source == source && there(d.span);
        self.list.retain(|diagnostic| !theirs(diagnostic));
        self.unused.retain(|diagnostic| !theirs(diagnostic));
    }

    /// Whether there was an error.
    pub(crate) fn failed(&self) -> bool {
        self.errors > 0
    }

    /// Whether further errors would be dropped, so that they need no advice.
    pub(crate) fn full(&self) -> bool {
        self.errors >= MAX_DIAGNOSTICS
    }

    /// All of them: errors first, each kind in textual order. Warnings never hide an error: where there is one, or
    /// where there are many, some of them go.
    pub(crate) fn finish(self) -> Vec<Diagnostic> {
        let most = if self.errors > 0 { MAX_BESIDE } else { MAX_WARNINGS };
        let mut room = MAX_DIAGNOSTICS.saturating_sub(self.errors).min(most);
        let unused = if self.errors > 0 { Vec::new() } else { self.unused };
        let mut told: Vec<Diagnostic> = Vec::new();
        for diagnostic in self.list.into_iter().chain(unused) {
            if diagnostic.severity == Severity::Warning {
                if room == 0 {
                    continue;
                }
                room -= 1;
            }
            let place = |d: &Diagnostic| (d.severity, d.source, d.span);
            let at = told.partition_point(|other| place(other) <= place(&diagnostic));
            told.insert(at, diagnostic);
        }
        told.dedup();
        told
    }
}
