//! Answers about one document.

use crate::lsp::bench::{Bench, Document, Documents};
use crate::lsp::convert;
use assist::{Lines, Remark, TextPlace, WhichText};
use lang::Severity;
use lsp_types::{
    CodeAction, CodeActionKind, CodeActionOrCommand, CompletionItem, Diagnostic, DocumentHighlight,
    DocumentSymbol, FoldingRange, Hover, Location, Position, Range, TextEdit, Uri, WorkspaceEdit,
};

/// The most remarks about one document.
const MOST: usize = 200;

/// What the compiler says of a document.
pub fn diagnostics(documents: &Documents, document: &Document) -> Vec<Diagnostic> {
    let lines = Lines::new(&document.text);
    let mut all: Vec<Diagnostic> = Vec::new();
    for (bench, remark) in remarks(documents, document) {
        // What a kernel could do better is said where the kernel is edited.
        if remark.place.text != bench.this && remark.severity == Severity::Warning {
            continue;
        }
        let related = remark.related.iter().filter_map(|related| {
            let place = location(&bench, documents, &related.place)?;
            Some((place, related.what.clone()))
        });
        let related = related.collect();
        let found = match remark.place.text == bench.this {
            true => convert::diagnostic(&lines, &remark, related),
            false => elsewhere(&bench, documents, &lines, remark),
        };
        if all.len() < MOST && !all.contains(&found) {
            all.push(found);
        }
    }
    all
}

/// All remarks about the parts of a document, each with the texts that it is about.
fn remarks(documents: &Documents, document: &Document) -> Vec<(std::rc::Rc<Bench>, Remark)> {
    let mut all = Vec::new();
    for bench in Bench::all(documents, document) {
        let found = bench.workspace().remarks_of_cases();
        let bench = std::rc::Rc::new(bench);
        all.extend(found.into_iter().map(|remark| (bench.clone(), remark)));
    }
    all
}

/// A remark about another text: it stands where the scenario names its kernel, and leads there.
fn elsewhere(bench: &Bench, documents: &Documents, lines: &Lines<'_>, mut remark: Remark) -> Diagnostic {
    let text = bench.written().unwrap_or_default();
    let there = location(bench, documents, &remark.place);
    let mut tokens = lang::tokens(text).into_iter();
    let use_or_extends =
        tokens.find(|(span, _)| matches!(span.of(text), "use" | "extends")).map(|(span, _)| span);
    let name = tokens.find(|(_, kind)| *kind == lang::TokenKind::Text).map(|(span, _)| span);
    let start = lang::source::Span { start: 0, end: 0 };
    remark.place.span = name.or(use_or_extends).unwrap_or(start);
    let said = format!("in the kernel: {}", remark.message);
    let related = there.map(|there| (there, remark.message.clone())).into_iter().collect();
    remark.message = said;
    convert::diagnostic(lines, &remark, related)
}

/// Where a place is in the editor; nothing if it is in no document and no file.
fn location(bench: &Bench, documents: &Documents, place: &TextPlace) -> Option<Location> {
    let (uri, text) = bench.document(&place.text, documents)?;
    Some(Location { uri, range: convert::range(&Lines::new(&text), place.span) })
}

/// The bench of a position, and the byte.
fn at(documents: &Documents, document: &Document, position: Position) -> (Bench, u32) {
    let byte = convert::byte(&Lines::new(&document.text), position);
    (Bench::at(documents, document, byte), byte)
}

pub fn complete(documents: &Documents, document: &Document, position: Position) -> Vec<CompletionItem> {
    let (bench, byte) = at(documents, document, position);
    let found = bench.workspace().complete(&bench.this, byte);
    let place = convert::range(&Lines::new(&document.text), found.span);
    let items = found.proposals.into_iter().enumerate();
    items.map(|(number, proposal)| convert::completion(place, number, proposal)).collect()
}

pub fn hover(documents: &Documents, document: &Document, position: Position) -> Option<Hover> {
    let (bench, byte) = at(documents, document, position);
    let found = bench.workspace().explain(&bench.this, byte)?;
    Some(convert::hover(&Lines::new(&document.text), &found))
}

pub fn definitions(documents: &Documents, document: &Document, position: Position) -> Vec<Location> {
    let (bench, byte) = at(documents, document, position);
    let places = bench.workspace().definitions(&bench.this, byte);
    places.iter().filter_map(|place| location(&bench, documents, place)).collect()
}

/// Every place of a name. Those of a kernel's name are in the open scenarios that run on the kernel, too.
pub fn references(
    documents: &Documents,
    document: &Document,
    position: Position,
    declared: bool,
) -> Vec<Location> {
    let (bench, byte) = at(documents, document, position);
    let mut all = Vec::new();
    let workspace = bench.workspace();
    let declarations = workspace.definitions(&bench.this, byte);
    let places = workspace.uses(&bench.this, byte);
    let wanted = |place: &&TextPlace| declared || !declarations.contains(place);
    all.extend(places.iter().filter(wanted).filter_map(|place| location(&bench, documents, place)));
    if bench.this == WhichText::Kernel {
        let name = lang::kernel_name(&document.text);
        let others = documents.values().flat_map(|other| Bench::all(documents, other));
        for other in others.filter(|other| other.runs_on().is_some() && other.runs_on() == name.as_deref()) {
            let own =
                other.document(&WhichText::Kernel, documents).is_some_and(|(uri, _)| uri == document.uri);
            let places = if own { other.workspace().uses(&WhichText::Kernel, byte) } else { Vec::new() };
            let scenario = places.iter().filter(|place| place.text == WhichText::Scenario);
            all.extend(scenario.filter_map(|place| location(&other, documents, place)));
        }
    }
    all.truncate(4096);
    all
}

/// The places of a name in its own document.
pub fn highlights(documents: &Documents, document: &Document, position: Position) -> Vec<DocumentHighlight> {
    let (bench, byte) = at(documents, document, position);
    let places = bench.workspace().uses(&bench.this, byte);
    let places = places.iter().filter_map(|place| location(&bench, documents, place));
    let here = places.filter(|place| place.uri == document.uri);
    here.map(|place| DocumentHighlight { range: place.range, kind: None }).collect()
}

pub fn symbols(document: &Document) -> Vec<DocumentSymbol> {
    let lines = Lines::new(&document.text);
    assist::outline(&document.text).into_iter().map(|part| convert::symbol(&lines, part)).collect()
}

pub fn folds(document: &Document) -> Vec<FoldingRange> {
    let fold = |fold: assist::Fold| FoldingRange {
        start_line: fold.first,
        end_line: fold.last,
        ..FoldingRange::default()
    };
    assist::folds(&document.text).into_iter().map(fold).collect()
}

/// The text formatted, as one change; nothing if it is so already, or has errors, which are told as they are.
pub fn format(document: &Document) -> Vec<TextEdit> {
    let Some(new_text) = lang::format(&document.text).ok().filter(|text| *text != document.text) else {
        return Vec::new();
    };
    let lines = Lines::new(&document.text);
    let end = convert::position(&lines, u32::MAX);
    vec![TextEdit { range: Range { start: Position::default(), end }, new_text }]
}

/// The mends that remarks in a range offer.
#[allow(clippy::mutable_key_type)] // The protocol's map has addresses as keys; what changes in one is how it was parsed.
pub fn actions(documents: &Documents, document: &Document, range: Range) -> Vec<CodeActionOrCommand> {
    let lines = Lines::new(&document.text);
    let mut actions = Vec::new();
    for (bench, remark) in remarks(documents, document) {
        let place = convert::range(&lines, remark.place.span);
        let apart = place.end < range.start || range.end < place.start;
        let Some(mend) = remark.mend.as_ref().filter(|_| !apart && remark.place.text == bench.this) else {
            continue;
        };
        let edit = TextEdit { range: convert::range(&lines, mend.span), new_text: mend.text.clone() };
        let title = match mend.text.as_str() {
            "" => "Leave it out".to_owned(),
            text => format!("Write {text}"),
        };
        let uri: Uri = document.uri.clone();
        let action = CodeAction {
            title,
            kind: Some(CodeActionKind::QUICKFIX),
            diagnostics: Some(vec![convert::diagnostic(&lines, &remark, Vec::new())]),
            edit: Some(WorkspaceEdit {
                changes: Some([(uri, vec![edit])].into()),
                ..WorkspaceEdit::default()
            }),
            is_preferred: Some(true),
            ..CodeAction::default()
        };
        if !actions.iter().any(|there| matches!(there, CodeActionOrCommand::CodeAction(there) if there.title == action.title && there.edit == action.edit)) {
            actions.push(CodeActionOrCommand::CodeAction(action));
        }
    }
    actions
}
