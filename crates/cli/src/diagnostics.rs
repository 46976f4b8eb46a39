//! The compiler's diagnostics, shown with the lines of text that they are about.

use crate::stop::tell;
use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Renderer, Snippet};
use lang::source::{SourceId, Span};
use lang::{Diagnostic, Severity, Whole};
use std::collections::BTreeSet;
use std::env;
use std::io::{self, IsTerminal};
use std::ops::Range;

/// The texts that diagnostics speak of, each with its path or what to call it.
#[derive(Clone, Copy, Debug)]
pub struct NamedTexts<'a> {
    /// Path and text of the scenario.
    pub scenario: (&'a str, &'a str),
    /// The kernel's text, with those of the kernels that it extends.
    pub kernel: &'a Whole<'a>,
    /// The path of the kernel, then those of the kernels that it extends.
    pub paths: &'a [String],
}

impl<'a> NamedTexts<'a> {
    /// The path and the text that a place is in, and the place there.
    fn of(&self, source: SourceId, span: Span) -> (&'a str, &'a str, Span) {
        if source == SourceId::SCENARIO {
            return (self.scenario.0, self.scenario.1, span);
        }
        let (name, text, there) = self.kernel.place(span);
        let at = name.and_then(|name| self.kernel.joints.iter().position(|joint| joint.1 == name));
        let path = self.paths.get(at.map_or(0, |at| at + 1)).map_or("", String::as_str);
        (path, text, there)
    }
}

/// What one command has printed: the path, a hash of the text, the first byte and the message of each diagnostic. (Two links
/// have the same path.)
#[derive(Debug, Default)]
pub struct Printed(BTreeSet<(String, u32, u32, String)>);

impl Printed {
    /// Whether a diagnostic is new. From here on it is not.
    fn is_new(&mut self, diagnostic: &Diagnostic, sources: NamedTexts<'_>) -> bool {
        let (path, text, span) = sources.of(diagnostic.source, diagnostic.span);
        let hash = link::hash_state(text.as_bytes());
        self.0.insert((path.to_owned(), hash, span.start, diagnostic.message.clone()))
    }
}

/// Prints to standard error the diagnostics that have not been printed before, in colour if that is a terminal. Returns whether
/// one of them was an error.
pub fn print(diagnostics: &[Diagnostic], sources: NamedTexts<'_>, told: &mut Printed) -> bool {
    let colour = io::stderr().is_terminal() && env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
    let mut failed = false;
    for diagnostic in diagnostics.iter().filter(|diagnostic| told.is_new(diagnostic, sources)) {
        failed |= diagnostic.severity == Severity::Error;
        tell(format!("{}\n\n", renderer.render(&[group(diagnostic, sources)])));
    }
    failed
}

fn group<'a>(diagnostic: &'a Diagnostic, sources: NamedTexts<'a>) -> Group<'a> {
    let Diagnostic { severity, source, span, message, advice, related } = diagnostic;
    let level = match severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let (path, text, span) = sources.of(*source, *span);
    let mut snippet = snippet(path, text).annotation(AnnotationKind::Primary.span(range(span, text)));
    let related: Vec<_> =
        related.iter().map(|(source, span, what)| (sources.of(*source, *span), what)).collect();
    let same = |there: &str| std::ptr::eq(there, text);
    for ((_, _, span), what) in related.iter().filter(|related| same(related.0.1)) {
        snippet = snippet.annotation(AnnotationKind::Context.span(range(*span, text)).label(*what));
    }
    let mut group = level.primary_title(message).element(snippet);
    for ((path, text, span), what) in related.iter().filter(|related| !same(related.0.1)) {
        let there = AnnotationKind::Context.span(range(*span, text)).label(*what);
        group = group.element(self::snippet(path, text).annotation(there));
    }
    match advice {
        Some(advice) => group.element(Level::HELP.message(advice)),
        None => group,
    }
}

fn snippet<'a>(path: &'a str, text: &'a str) -> Snippet<'a, Annotation<'a>> {
    Snippet::source(text).path(path)
}

/// The bytes of a span, if the text has them.
fn range(span: Span, text: &str) -> Range<usize> {
    let range = span.start as usize..span.end as usize;
    if text.get(range.clone()).is_some() { range } else { 0..0 }
}
