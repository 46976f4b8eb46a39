//! The server: its documents, and what becomes of each message.

use crate::lsp::bench::{Document, Documents};
use crate::lsp::due::{Due, has_kernel};
use crate::lsp::frame::{self, Incoming};
use crate::lsp::{address, answer, convert};
use assist::Lines;
use lsp_server::{ErrorCode, Message, Notification, Request, RequestId, Response};
use lsp_types::{
    CodeActionParams, CodeActionProviderCapability, CompletionOptions, CompletionParams,
    DidChangeTextDocumentParams, DidCloseTextDocumentParams, DidOpenTextDocumentParams,
    DocumentFormattingParams, DocumentHighlightParams, DocumentSymbolParams, FoldingRangeParams,
    FoldingRangeProviderCapability, GotoDefinitionParams, HoverParams, HoverProviderCapability,
    InitializeResult, Location, OneOf, PublishDiagnosticsParams, ReferenceParams, SemanticTokens,
    SemanticTokensFullOptions, SemanticTokensLegend, SemanticTokensOptions, SemanticTokensParams,
    SemanticTokensServerCapabilities, ServerCapabilities, ServerInfo, TextDocumentContentChangeEvent,
    TextDocumentPositionParams, TextDocumentSyncCapability, TextDocumentSyncKind, Uri,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::io::{self, BufReader, Read, Write};
use std::sync::mpsc::{Receiver, TryRecvError, sync_channel};

/// The most messages that are read before they are answered.
const MOST_WAITING: usize = 64;

/// The most documents that may be open.
const MOST_DOCUMENTS: usize = 1024;

/// Where a session stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// The editor has said nothing yet.
    New,
    Working,
    /// The editor wants to end.
    Ending,
}

struct Server<'a, W> {
    out: &'a mut W,
    documents: Documents,
    due: Due,
    phase: Phase,
    /// Whether the editor can open the texts that are in the program.
    library: bool,
}

/// Why a request is refused.
struct Refusal(ErrorCode, String);

/// Answers until the editor ends the session or goes away; returns whether it asked for the end.
///
/// # Errors
/// If the streams can't be read or written.
pub fn serve(from: impl Read + Send + 'static, out: &mut impl Write) -> io::Result<bool> {
    let (documents, due) = (Documents::new(), Due::default());
    let mut server = Server { out, documents, due, phase: Phase::New, library: false };
    let (to, messages) = sync_channel(MOST_WAITING);
    // It ends with the stream, or with the process: nobody waits for it.
    std::thread::spawn(move || {
        let mut from = BufReader::new(from);
        loop {
            let read = frame::read(&mut from);
            let ends = !matches!(read, Ok(Incoming::Body(_) | Incoming::Broken(_)));
            if to.send(read).is_err() || ends {
                return;
            }
        }
    });
    loop {
        let Some(message) = server.next(&messages)? else { return Ok(false) };
        match serde_json::from_slice::<Message>(&message) {
            Ok(Message::Request(request)) => server.request(request)?,
            Ok(Message::Notification(notification)) if notification.method == "exit" => {
                return Ok(server.phase == Phase::Ending);
            }
            Ok(Message::Notification(notification)) => server.notification(notification)?,
            // Nothing has been asked of the editor.
            Ok(Message::Response(_)) => {}
            Err(error) => server.broken(&format!("this is no message: {error}"))?,
        }
    }
}

/// The parameters of a request or a notification.
fn params<P: DeserializeOwned>(value: Value) -> Result<P, Refusal> {
    serde_json::from_value(value).map_err(|error| Refusal(ErrorCode::InvalidParams, error.to_string()))
}

fn result(value: impl Serialize) -> Result<Value, Refusal> {
    serde_json::to_value(value).map_err(|error| Refusal(ErrorCode::InternalError, error.to_string()))
}

impl<W: Write> Server<'_, W> {
    /// The body of the next message; nothing at the end. As long as none has come, remarks are told.
    fn next(&mut self, messages: &Receiver<io::Result<Incoming>>) -> io::Result<Option<Vec<u8>>> {
        loop {
            let read = match messages.try_recv() {
                Err(TryRecvError::Empty) if self.tell_next()? => continue,
                Err(TryRecvError::Empty) => messages.recv().unwrap_or(Ok(Incoming::End)),
                Err(TryRecvError::Disconnected) => Ok(Incoming::End),
                Ok(read) => read,
            };
            match read? {
                Incoming::End => return Ok(None),
                Incoming::Broken(why) => self.broken(why)?,
                Incoming::Body(body) => return Ok(Some(body)),
            }
        }
    }

    fn send(&mut self, message: &Value) -> io::Result<()> {
        frame::write(self.out, &message.to_string())
    }

    /// Something that has no number to answer to.
    fn broken(&mut self, why: &str) -> io::Result<()> {
        let error = json!({ "code": ErrorCode::ParseError as i32, "message": why });
        self.send(&json!({ "jsonrpc": "2.0", "id": null, "error": error }))
    }

    fn respond(&mut self, id: RequestId, answer: Result<Value, Refusal>) -> io::Result<()> {
        let response = match answer {
            Ok(value) => Response::new_ok(id, value),
            Err(Refusal(code, message)) => Response::new_err(id, code as i32, message),
        };
        let mut message = serde_json::to_value(response).map_err(io::Error::other)?;
        message["jsonrpc"] = "2.0".into();
        self.send(&message)
    }

    fn request(&mut self, request: Request) -> io::Result<()> {
        let Request { id, method, params } = request;
        let answer = match (self.phase, method.as_str()) {
            (Phase::New, "initialize") => {
                self.phase = Phase::Working;
                self.library = params["initializationOptions"]["library"] == true;
                result(capabilities())
            }
            (Phase::New, _) => {
                Err(Refusal(ErrorCode::ServerNotInitialized, "the first request is initialize".to_owned()))
            }
            (Phase::Ending, _) => Err(Refusal(ErrorCode::InvalidRequest, "the session is over".to_owned())),
            (Phase::Working, "shutdown") => {
                self.phase = Phase::Ending;
                Ok(Value::Null)
            }
            (Phase::Working, method) => self.answer(method, params),
        };
        self.respond(id, answer)
    }

    fn answer(&self, method: &str, value: Value) -> Result<Value, Refusal> {
        let all = &self.documents;
        match method {
            "textDocument/completion" => {
                let asked: CompletionParams = params(value)?;
                let TextDocumentPositionParams { text_document, position } = asked.text_document_position;
                result(answer::complete(all, self.document(&text_document.uri)?, position))
            }
            "textDocument/hover" => {
                let asked: HoverParams = params(value)?;
                let TextDocumentPositionParams { text_document, position } =
                    asked.text_document_position_params;
                result(answer::hover(all, self.document(&text_document.uri)?, position))
            }
            "textDocument/definition" => {
                let asked: GotoDefinitionParams = params(value)?;
                let TextDocumentPositionParams { text_document, position } =
                    asked.text_document_position_params;
                result(self.openable(answer::definitions(all, self.document(&text_document.uri)?, position)))
            }
            "textDocument/references" => {
                let asked: ReferenceParams = params(value)?;
                let TextDocumentPositionParams { text_document, position } = asked.text_document_position;
                let declared = asked.context.include_declaration;
                result(self.openable(answer::references(
                    all,
                    self.document(&text_document.uri)?,
                    position,
                    declared,
                )))
            }
            "textDocument/documentHighlight" => {
                let asked: DocumentHighlightParams = params(value)?;
                let TextDocumentPositionParams { text_document, position } =
                    asked.text_document_position_params;
                result(answer::highlights(all, self.document(&text_document.uri)?, position))
            }
            "textDocument/documentSymbol" => {
                let asked: DocumentSymbolParams = params(value)?;
                result(answer::symbols(self.document(&asked.text_document.uri)?))
            }
            "textDocument/foldingRange" => {
                let asked: FoldingRangeParams = params(value)?;
                result(answer::folds(self.document(&asked.text_document.uri)?))
            }
            "textDocument/formatting" => {
                let asked: DocumentFormattingParams = params(value)?;
                result(answer::format(self.document(&asked.text_document.uri)?))
            }
            "textDocument/codeAction" => {
                let asked: CodeActionParams = params(value)?;
                result(answer::actions(all, self.document(&asked.text_document.uri)?, asked.range))
            }
            "textDocument/semanticTokens/full" => {
                let asked: SemanticTokensParams = params(value)?;
                let data = convert::semantic_tokens(&self.document(&asked.text_document.uri)?.text);
                result(SemanticTokens { result_id: None, data })
            }
            // What stands at an address of a kernel that is in the program.
            "tlbscope/text" => {
                let uri = value["uri"].as_str().unwrap_or_default();
                let text = address::text_of(uri);
                text.map(|text| json!(text))
                    .ok_or_else(|| Refusal(ErrorCode::InvalidParams, format!("no text is at {uri:?}")))
            }
            _ => Err(Refusal(ErrorCode::MethodNotFound, format!("there is no method {method:?}"))),
        }
    }

    /// The places that the editor can show.
    fn openable(&self, mut places: Vec<Location>) -> Vec<Location> {
        places.retain(|place| self.library || !address::is_built_in(&place.uri));
        places
    }

    fn document(&self, uri: &Uri) -> Result<&Document, Refusal> {
        let found = self.documents.get(uri.as_str());
        found.ok_or_else(|| Refusal(ErrorCode::InvalidParams, format!("{} is not open", uri.as_str())))
    }

    /// A notification that can't be read, or is about a document that is not open, has nobody to answer to.
    fn notification(&mut self, notification: Notification) -> io::Result<()> {
        if self.phase != Phase::Working {
            return Ok(());
        }
        let Notification { method, params: value } = notification;
        match method.as_str() {
            "textDocument/didOpen" => params(value).into_iter().for_each(|opened| self.open(opened)),
            "textDocument/didChange" => params(value).into_iter().for_each(|changed| self.change(changed)),
            "textDocument/didClose" => {
                if let Ok(closed) = params::<DidCloseTextDocumentParams>(value) {
                    self.close(&closed.text_document.uri)?;
                }
            }
            // Files that no document is open for.
            "workspace/didChangeWatchedFiles" => self.due.others(&self.documents, ""),
            _ => {}
        }
        Ok(())
    }

    fn open(&mut self, opened: DidOpenTextDocumentParams) {
        let item = opened.text_document;
        let key = item.uri.as_str().to_owned();
        if self.documents.len() == MOST_DOCUMENTS && !self.documents.contains_key(&key) {
            return;
        }
        let kernel = has_kernel(&item.text);
        let document = Document { uri: item.uri, version: item.version, text: item.text };
        self.documents.insert(key.clone(), document);
        self.due.changed(&self.documents, &key, kernel);
    }

    fn change(&mut self, changed: DidChangeTextDocumentParams) {
        let key = changed.text_document.uri.as_str();
        let Some(document) = self.documents.get_mut(key) else { return };
        document.version = changed.text_document.version;
        let before = has_kernel(&document.text);
        changed.content_changes.into_iter().for_each(|change| apply(&mut document.text, change));
        let kernel = before || has_kernel(&document.text);
        self.due.changed(&self.documents, key, kernel);
    }

    fn close(&mut self, uri: &Uri) -> io::Result<()> {
        let Some(closed) = self.documents.remove(uri.as_str()) else { return Ok(()) };
        if has_kernel(&closed.text) {
            self.due.others(&self.documents, uri.as_str());
        }
        self.tell(PublishDiagnosticsParams::new(uri.clone(), Vec::new(), None))
    }

    /// Tells the editor what there is to say of the next document that is due; returns whether there was one.
    fn tell_next(&mut self) -> io::Result<bool> {
        let Some(document) = self.due.next(&self.documents) else { return Ok(false) };
        let mut found = answer::diagnostics(&self.documents, document);
        for related in found.iter_mut().filter_map(|found| found.related_information.as_mut()) {
            related.retain(|there| self.library || !address::is_built_in(&there.location.uri));
        }
        let told = PublishDiagnosticsParams::new(document.uri.clone(), found, Some(document.version));
        self.tell(told)?;
        Ok(true)
    }

    fn tell(&mut self, told: PublishDiagnosticsParams) -> io::Result<()> {
        self.send(&json!({ "jsonrpc": "2.0", "method": "textDocument/publishDiagnostics", "params": told }))
    }
}

/// A change of a part of a text, or of all of it.
fn apply(text: &mut String, change: TextDocumentContentChangeEvent) {
    let Some(range) = change.range else {
        *text = change.text;
        return;
    };
    let lines = Lines::new(text);
    let (start, end) =
        (convert::byte(&lines, range.start) as usize, convert::byte(&lines, range.end) as usize);
    text.replace_range(start.min(end)..end.max(start), &change.text);
}

fn capabilities() -> InitializeResult {
    let token_types = convert::KINDS.map(convert::token_type).to_vec();
    let tokens = SemanticTokensOptions {
        legend: SemanticTokensLegend { token_types, token_modifiers: Vec::new() },
        full: Some(SemanticTokensFullOptions::Bool(true)),
        ..SemanticTokensOptions::default()
    };
    let triggers = Some(vec![".".to_owned(), "\"".to_owned()]);
    let capabilities = ServerCapabilities {
        text_document_sync: Some(TextDocumentSyncCapability::Kind(TextDocumentSyncKind::INCREMENTAL)),
        completion_provider: Some(CompletionOptions {
            trigger_characters: triggers,
            ..CompletionOptions::default()
        }),
        hover_provider: Some(HoverProviderCapability::Simple(true)),
        definition_provider: Some(OneOf::Left(true)),
        references_provider: Some(OneOf::Left(true)),
        document_highlight_provider: Some(OneOf::Left(true)),
        document_symbol_provider: Some(OneOf::Left(true)),
        folding_range_provider: Some(FoldingRangeProviderCapability::Simple(true)),
        document_formatting_provider: Some(OneOf::Left(true)),
        code_action_provider: Some(CodeActionProviderCapability::Simple(true)),
        semantic_tokens_provider: Some(SemanticTokensServerCapabilities::SemanticTokensOptions(tokens)),
        ..ServerCapabilities::default()
    };
    let version = Some(env!("CARGO_PKG_VERSION").to_owned());
    InitializeResult { capabilities, server_info: Some(ServerInfo { name: "tlbscope".to_owned(), version }) }
}
