//! The compiler's diagnostics, shown with the lines of text that they are about.

use crate::stop::tell;
use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Renderer, Snippet};
use lang::source::{SourceId, Span};
use lang::{Diagnostic, Severity};
use std::env;
use std::io::{self, IsTerminal};
use std::ops::Range;

/// The two texts that diagnostics speak of, each with its path or what to call it.
#[derive(Clone, Copy, Debug)]
pub struct Sources<'a> {
    /// Path and text of the scenario.
    pub scenario: (&'a str, &'a str),
    /// Path and text of the kernel.
    pub kernel: (&'a str, &'a str),
}

impl<'a> Sources<'a> {
    fn of(&self, source: SourceId) -> (&'a str, &'a str) {
        if source == SourceId::SCENARIO { self.scenario } else { self.kernel }
    }
}

/// Prints diagnostics to standard error, in colour if that is a terminal.
pub fn print(diagnostics: &[Diagnostic], sources: Sources<'_>) {
    let colour = io::stderr().is_terminal() && env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
    for diagnostic in diagnostics {
        tell(format!("{}\n\n", renderer.render(&[group(diagnostic, sources)])));
    }
}

fn group<'a>(diagnostic: &'a Diagnostic, sources: Sources<'a>) -> Group<'a> {
    let Diagnostic { severity, source, span, message, advice, related } = diagnostic;
    let level = match severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let (path, text) = sources.of(*source);
    let mut snippet = snippet(path, text).annotation(AnnotationKind::Primary.span(range(*span, text)));
    for (_, span, what) in related.iter().filter(|related| related.0 == *source) {
        snippet = snippet.annotation(AnnotationKind::Context.span(range(*span, text)).label(what));
    }
    let mut group = level.primary_title(message).element(snippet);
    for (source, span, what) in related.iter().filter(|related| related.0 != *source) {
        let (path, text) = sources.of(*source);
        let there = AnnotationKind::Context.span(range(*span, text)).label(what);
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
