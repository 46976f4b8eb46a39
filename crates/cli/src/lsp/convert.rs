//! What `assist` says, in the protocol's types.

use assist::{Explanation, Lines, NameKind, OutlineItem, Proposal, Remark};
use lang::source::Span;
use lang::{Severity, TokenKind};
use lsp_types::{
    CompletionItem, CompletionItemKind, CompletionTextEdit, Diagnostic, DiagnosticRelatedInformation,
    DiagnosticSeverity, DocumentSymbol, Documentation, Hover, HoverContents, Location, MarkupContent,
    MarkupKind, Position, Range, SemanticToken, SemanticTokenType, SymbolKind, TextEdit,
};

/// The kinds of words, in the order of the numbers that the protocol has for them.
pub const KINDS: [TokenKind; 9] = TokenKind::ALL;

/// What an editor calls a kind.
pub fn token_type(kind: TokenKind) -> SemanticTokenType {
    match kind {
        TokenKind::Comment => SemanticTokenType::COMMENT,
        TokenKind::Keyword => SemanticTokenType::KEYWORD,
        TokenKind::Type => SemanticTokenType::TYPE,
        TokenKind::Builtin => SemanticTokenType::FUNCTION,
        TokenKind::Number => SemanticTokenType::NUMBER,
        TokenKind::Text => SemanticTokenType::STRING,
        TokenKind::Name | TokenKind::Unknown => SemanticTokenType::VARIABLE,
        TokenKind::Punctuation => SemanticTokenType::OPERATOR,
    }
}

pub fn position(lines: &Lines<'_>, byte: u32) -> Position {
    let (line, character) = lines.position(byte);
    Position { line, character }
}

pub fn range(lines: &Lines<'_>, span: Span) -> Range {
    Range { start: position(lines, span.start), end: position(lines, span.end) }
}

pub fn byte(lines: &Lines<'_>, position: Position) -> u32 {
    lines.byte(position.line, position.character)
}

/// Words of a text, each relative to the one before, as the protocol wants them. A comment of several lines is several.
pub fn semantic_tokens(text: &str) -> Vec<SemanticToken> {
    let lines = Lines::new(text);
    let (mut last, mut tokens) = ((0, 0), Vec::new());
    for (span, kind) in assist::kinds(text) {
        let Some(number) = KINDS.iter().position(|there| *there == kind) else { continue };
        let mut start = span.start;
        for piece in span.of(text).split_inclusive('\n') {
            let shown = piece.trim_end_matches(['\n', '\r']);
            let (line, column) = lines.position(start);
            start += u32::try_from(piece.len()).unwrap_or(0);
            let length = u32::try_from(shown.encode_utf16().count()).unwrap_or(0);
            // A sign that means nothing is counted as the one that was meant, too.
            if length == 0 || (line, column) < last {
                continue;
            }
            let delta_line = line - last.0;
            let delta_start = if delta_line == 0 { column - last.1 } else { column };
            let token_type = u32::try_from(number).unwrap_or(0);
            tokens.push(SemanticToken {
                delta_line,
                delta_start,
                length,
                token_type,
                token_modifiers_bitset: 0,
            });
            last = (line, column);
        }
    }
    tokens
}

/// A remark about the text that these are the lines of. `related` are its other places, if they are in documents.
pub fn diagnostic(lines: &Lines<'_>, remark: &Remark, related: Vec<(Location, String)>) -> Diagnostic {
    let advice = remark.advice.as_ref().map(|advice| format!("\n{advice}")).unwrap_or_default();
    let related =
        related.into_iter().map(|(location, message)| DiagnosticRelatedInformation { location, message });
    Diagnostic {
        range: range(lines, remark.place.span),
        severity: Some(match remark.severity {
            Severity::Error => DiagnosticSeverity::ERROR,
            Severity::Warning => DiagnosticSeverity::WARNING,
        }),
        source: Some("tlbscope".to_owned()),
        message: format!("{}{advice}", remark.message),
        related_information: Some(related.collect::<Vec<_>>()).filter(|related| !related.is_empty()),
        ..Diagnostic::default()
    }
}

pub fn hover(lines: &Lines<'_>, found: &Explanation) -> Hover {
    let value = format!("```tlbscope\n{}\n```\n{}", found.head, found.sentences.join("\n\n"));
    let contents = HoverContents::Markup(MarkupContent { kind: MarkupKind::Markdown, value });
    Hover { contents, range: Some(range(lines, found.span)) }
}

pub fn completion(place: Range, number: usize, proposal: Proposal) -> CompletionItem {
    let Proposal { word, kind, detail, sentence } = proposal;
    let documentation = MarkupContent { kind: MarkupKind::Markdown, value: sentence };
    CompletionItem {
        kind: Some(match kind {
            NameKind::Local | NameKind::Variable | NameKind::Space => CompletionItemKind::VARIABLE,
            NameKind::Field => CompletionItemKind::FIELD,
            NameKind::Function | NameKind::Builtin => CompletionItemKind::FUNCTION,
            NameKind::Option | NameKind::Property => CompletionItemKind::PROPERTY,
            NameKind::Constant | NameKind::Figure => CompletionItemKind::CONSTANT,
            NameKind::Value | NameKind::Choice => CompletionItemKind::VALUE,
            NameKind::Keyword => CompletionItemKind::KEYWORD,
            NameKind::Type => CompletionItemKind::CLASS,
            NameKind::Kernel => CompletionItemKind::MODULE,
            NameKind::Name => CompletionItemKind::TEXT,
        }),
        detail: Some(detail).filter(|detail| !detail.is_empty()),
        documentation: (!documentation.value.is_empty())
            .then_some(Documentation::MarkupContent(documentation)),
        // The likeliest comes first.
        sort_text: Some(format!("{number:04}")),
        text_edit: Some(CompletionTextEdit::Edit(TextEdit { range: place, new_text: word.clone() })),
        label: word,
        ..CompletionItem::default()
    }
}

#[allow(deprecated)] // The type has no constructor, and its field `deprecated` no other value.
pub fn symbol(lines: &Lines<'_>, part: OutlineItem) -> DocumentSymbol {
    let children: Vec<DocumentSymbol> = part.parts.into_iter().map(|part| symbol(lines, part)).collect();
    DocumentSymbol {
        // An editor refuses a name of blanks.
        name: if part.name.trim().is_empty() { "\"\"".to_owned() } else { part.name },
        detail: Some(part.detail).filter(|detail| !detail.is_empty()),
        kind: match part.kind {
            NameKind::Function | NameKind::Builtin => SymbolKind::FUNCTION,
            NameKind::Constant => SymbolKind::CONSTANT,
            NameKind::Field => SymbolKind::FIELD,
            NameKind::Option | NameKind::Property => SymbolKind::PROPERTY,
            NameKind::Kernel => SymbolKind::MODULE,
            NameKind::Space => SymbolKind::OBJECT,
            NameKind::Name => SymbolKind::NAMESPACE,
            _ => SymbolKind::VARIABLE,
        },
        tags: None,
        deprecated: None,
        range: range(lines, part.span),
        selection_range: range(lines, part.place),
        children: Some(children).filter(|children| !children.is_empty()),
    }
}
