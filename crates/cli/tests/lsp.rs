//! The language server, spoken to as an editor does: messages to the built program and back.

use crate::support;

use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

const KERNEL: &str = "kernel \"k\" {\n    percpu lazy: bool;\n    sys idle() { lazy = true; }\n    sys f(m: mm) { if lazy { write_cr3(m.pgd, 0); } }\n}\n";
const SCENARIO: &str = "scenario \"s\" {\n    use kernel \"k\"\n    mm A { 0x400000 -> page \"p\"; }\n    cpu 0 { idle(); f(A); }\n    expect never violation;\n}\n";

/// An editor.
struct Editor {
    child: Child,
    to: Option<ChildStdin>,
    from: BufReader<ChildStdout>,
    next: i64,
    /// Notifications of the server.
    told: Vec<Value>,
    /// How many there were when a document was changed last, its address, and its version.
    changed: (usize, String, Value),
}

impl Drop for Editor {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Editor {
    fn start() -> Editor {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tlbscope"));
        command.arg("lsp").stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().expect("it runs");
        let (to, from) = (child.stdin.take(), child.stdout.take().expect("a pipe"));
        Editor {
            child,
            to,
            from: BufReader::new(from),
            next: 0,
            told: Vec::new(),
            changed: (0, String::new(), Value::Null),
        }
    }

    /// One that has begun.
    fn new() -> Editor {
        let mut editor = Editor::start();
        let hello = editor
            .ask("initialize", json!({ "capabilities": {}, "initializationOptions": { "library": true } }));
        assert_eq!(hello["capabilities"]["hoverProvider"], true, "{hello}");
        editor.tell("initialized", json!({}));
        editor
    }

    fn raw(&mut self, bytes: &[u8]) {
        let to = self.to.as_mut().expect("open");
        to.write_all(bytes).and_then(|()| to.flush()).expect("it listens");
    }

    fn send(&mut self, message: &Value) {
        let body = message.to_string();
        self.raw(format!("Content-Length: {}\r\n\r\n{body}", body.len()).as_bytes());
    }

    fn read(&mut self) -> Value {
        let mut length = 0;
        loop {
            let mut line = String::new();
            assert_ne!(self.from.read_line(&mut line).expect("text"), 0, "it has ended");
            match line.trim_end().strip_prefix("Content-Length: ") {
                Some(value) => length = value.parse().expect("a length"),
                None if line.trim().is_empty() => break,
                None => panic!("{line}"),
            }
        }
        let mut body = vec![0; length];
        self.from.read_exact(&mut body).expect("a body");
        let message: Value = serde_json::from_slice(&body).expect("JSON");
        assert_eq!(message["jsonrpc"], "2.0", "{message}");
        message
    }

    /// The whole answer to a request.
    fn answer(&mut self, method: &str, params: Value) -> Value {
        self.next += 1;
        self.send(&json!({ "jsonrpc": "2.0", "id": self.next, "method": method, "params": params }));
        loop {
            let message = self.read();
            if message["id"] == self.next {
                return message;
            }
            self.told.push(message);
        }
    }

    #[track_caller]
    fn ask(&mut self, method: &str, params: Value) -> Value {
        let answer = self.answer(method, params);
        assert!(answer["error"].is_null(), "{answer}");
        answer["result"].clone()
    }

    fn tell(&mut self, method: &str, params: Value) {
        if let Some(uri) = params["textDocument"]["uri"].as_str() {
            self.changed = (self.told.len(), uri.to_owned(), params["textDocument"]["version"].clone());
        }
        self.send(&json!({ "jsonrpc": "2.0", "method": method, "params": params }));
    }

    fn open(&mut self, uri: &str, text: &str) {
        let document = json!({ "uri": uri, "languageId": "tlbscope", "version": 1, "text": text });
        self.tell("textDocument/didOpen", json!({ "textDocument": document }));
    }

    /// The remarks about a document since one was changed last. Those about the changed one come first.
    fn remarks(&mut self, uri: &str) -> Vec<String> {
        let (mut at, changed, version) = self.changed.clone();
        let mut waits_for_changed = true;
        loop {
            if at == self.told.len() {
                let message = self.read();
                self.told.push(message);
            }
            let told = &self.told[at]["params"];
            waits_for_changed &= told["uri"] != *changed || told["version"] != version;
            if !waits_for_changed && told["uri"] == uri {
                let last = self.told.iter().rev().find(|told| told["params"]["uri"] == uri);
                return last.map(said).unwrap_or_default();
            }
            at += 1;
        }
    }
}

/// What a notification says of a document, each remark with its line and column.
fn said(told: &Value) -> Vec<String> {
    let all = told["params"]["diagnostics"].as_array().expect("a list");
    let said = |one: &Value| {
        let start = &one["range"]["start"];
        format!("{}:{} {}", start["line"], start["character"], one["message"].as_str().unwrap_or(""))
    };
    all.iter().map(said).collect()
}

/// The address of a file of a test.
fn uri(folder: &Path, file: &str) -> String {
    let folder = std::fs::canonicalize(folder).expect("a folder");
    format!("file://{}/{file}", folder.display())
}

/// Where a word stands in a text, in the protocol's way.
fn place(text: &str, word: &str) -> Value {
    let at = text.find(word).expect("it is there");
    let before = &text[..at];
    let column = before.rsplit('\n').next().unwrap_or("").encode_utf16().count();
    json!({ "line": before.matches('\n').count(), "character": column })
}

fn asked(uri: &str, text: &str, word: &str) -> Value {
    json!({ "textDocument": { "uri": uri }, "position": place(text, word) })
}

#[test]
fn a_scenario_is_written_beside_its_kernel() {
    let folder = support::folder("lsp", "beside", &[("kernels/k.tlb", KERNEL), ("s.tlb", SCENARIO)]);
    let (s, k) = (uri(&folder, "s.tlb"), uri(&folder, "kernels/k.tlb"));
    let mut editor = Editor::new();
    editor.open(&s, SCENARIO);
    assert_eq!(editor.remarks(&s), Vec::<String>::new());
    // In the kernel's file.
    let found = editor.ask("textDocument/definition", asked(&s, SCENARIO, "idle();"));
    assert_eq!((&found[0]["uri"], &found[0]["range"]["start"]), (&json!(k), &place(KERNEL, "idle() {")));
    let found = editor.ask("textDocument/hover", asked(&s, SCENARIO, "f(A)"));
    let said = found["contents"]["value"].as_str().expect("words");
    assert!(said.contains("sys f(m: mm)"), "{said}");
    let found = editor.ask("textDocument/completion", asked(&s, SCENARIO, "f(A)"));
    let labels: Vec<&str> =
        found.as_array().expect("a list").iter().filter_map(|item| item["label"].as_str()).collect();
    assert!(["f", "idle", "A", "load"].iter().all(|word| labels.contains(word)), "{labels:?}");
    assert!(!labels.contains(&"invlpg"), "no instruction of the kernel");
    // A change of a part of the text.
    let start = place(SCENARIO, "idle");
    let end = place(SCENARIO, "();");
    let change = json!({ "range": { "start": start, "end": end }, "text": "idel" });
    let document = json!({ "uri": s, "version": 2 });
    editor.tell("textDocument/didChange", json!({ "textDocument": document, "contentChanges": [change] }));
    assert_eq!(editor.remarks(&s), ["3:12 there is no function `idel`\ndid you mean `idle`?"]);
    let everywhere = json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 9, "character": 0 } });
    let asked_for =
        json!({ "textDocument": { "uri": s }, "range": everywhere, "context": { "diagnostics": [] } });
    let mends = editor.ask("textDocument/codeAction", asked_for);
    assert_eq!(mends[0]["edit"]["changes"][&s][0]["newText"], "idle", "{mends}");
}

#[test]
fn an_open_kernel_counts_as_it_stands_in_the_editor() {
    let folder = support::folder("lsp", "open", &[("kernels/k.tlb", KERNEL), ("s.tlb", SCENARIO)]);
    let (s, k) = (uri(&folder, "s.tlb"), uri(&folder, "kernels/k.tlb"));
    let mut editor = Editor::new();
    editor.open(&s, SCENARIO);
    let renamed = KERNEL.replace("sys f(", "sys g(");
    editor.open(&k, &renamed);
    let told = editor.remarks(&s);
    assert!(told.len() == 1 && told[0].starts_with("3:20 there is no function `f`"), "{told:?}");
    assert_eq!(editor.remarks(&k), Vec::<String>::new());
    // All places of a name of the kernel, in both texts.
    let document = json!({ "uri": k, "version": 2 });
    editor.tell(
        "textDocument/didChange",
        json!({ "textDocument": document, "contentChanges": [{ "text": KERNEL }] }),
    );
    assert_eq!(editor.remarks(&s), Vec::<String>::new());
    let mut asked_for = asked(&k, KERNEL, "idle()");
    asked_for["context"] = json!({ "includeDeclaration": true });
    let found = editor.ask("textDocument/references", asked_for);
    let places: Vec<(&str, &Value)> = found
        .as_array()
        .expect("a list")
        .iter()
        .map(|place| (place["uri"].as_str().unwrap_or(""), &place["range"]["start"]))
        .collect();
    assert_eq!(places, [(k.as_str(), &place(KERNEL, "idle()")), (s.as_str(), &place(SCENARIO, "idle()"))]);
    // An error in the kernel is told in the scenario too, where the kernel is named.
    let wrong = KERNEL.replace("lazy = true", "lazi = true");
    editor.tell(
        "textDocument/didChange",
        json!({ "textDocument": document, "contentChanges": [{ "text": wrong }] }),
    );
    let told = editor.remarks(&s);
    assert!(told[0].starts_with("1:15 in the kernel: ") && told[0].contains("`lazi`"), "{told:?}");
    // Closed, it counts as its file says.
    editor.tell("textDocument/didClose", json!({ "textDocument": { "uri": k } }));
    assert_eq!(editor.remarks(&s), Vec::<String>::new());
    // Changed by another program.
    std::fs::write(folder.join("kernels/k.tlb"), KERNEL.replace("sys f(", "sys g(")).expect("a file");
    editor.changed = (editor.told.len(), s.clone(), json!(1));
    editor.tell("workspace/didChangeWatchedFiles", json!({ "changes": [{ "uri": k, "type": 2 }] }));
    assert!(editor.remarks(&s)[0].contains("no function `f`"));
}

#[test]
fn a_scenario_matters_to_no_other() {
    let folder = support::folder("lsp", "others", &[("kernels/k.tlb", KERNEL)]);
    let (one, other) = (uri(&folder, "one.tlb"), uri(&folder, "other.tlb"));
    let mut editor = Editor::new();
    for uri in [&other, &one] {
        editor.open(uri, SCENARIO);
        assert_eq!(editor.remarks(uri), Vec::<String>::new());
    }
    for version in [2, 3] {
        let document = json!({ "uri": one, "version": version });
        let change = json!({ "textDocument": document, "contentChanges": [{ "text": SCENARIO }] });
        editor.tell("textDocument/didChange", change);
        editor.remarks(&one);
    }
    assert_eq!(editor.told.iter().filter(|told| told["params"]["uri"] == *other).count(), 1);
}

/// The words that are proposed at the caret.
fn proposed(editor: &mut Editor, uri: &str, marked: &str) -> Vec<String> {
    let text = marked.replace('\u{2038}', "");
    editor.open(uri, &text);
    let asked_for = asked(uri, marked, "\u{2038}");
    let items = editor.ask("textDocument/completion", asked_for);
    let labels = items.as_array().expect("a list").iter();
    labels.filter_map(|item| item["label"].as_str().map(str::to_owned)).collect()
}

#[test]
fn kernels_around_and_their_options_are_proposed() {
    let kernel = KERNEL.replace("percpu", "option when: soon | later = soon \"When\"\n    percpu");
    let folder = support::folder("lsp", "proposed", &[("kernels/k.tlb", &kernel)]);
    let here = uri(&folder, "s.tlb");
    let mut editor = Editor::new();
    let texts =
        ["scenario \"s\" {\n    use kernel \"\u{2038}\"\n}\n", "kernel \"l\" extends \"\u{2038}\" {\n}\n"];
    for text in texts {
        let found = proposed(&mut editor, &here, text);
        assert!(found.iter().any(|name| name == "k"), "{text}: {found:?}");
    }
    // The text can't be read where something is still missing.
    for missing in ["when = \u{2038}", "when = \u{2038} }", "pcid = on, when = \u{2038}}"] {
        let text = format!(
            "scenario \"s\" {{\n    use kernel \"k\" with {{ {missing}\n    cpu 0 {{ idle(); }}\n}}\n"
        );
        assert_eq!(proposed(&mut editor, &here, &text), ["soon", "later"], "{missing}");
    }
}

#[test]
fn places_of_a_name_in_one_document() {
    let text = format!("// lazy\n{KERNEL}");
    let mut editor = Editor::new();
    editor.open("untitled:one", &text);
    let found = editor.ask("textDocument/documentHighlight", asked("untitled:one", &text, "lazy:"));
    let found = found.as_array().expect("a list");
    let starts: Vec<&Value> = found.iter().map(|found| &found["range"]["start"]).collect();
    assert_eq!(starts, [&place(&text, "lazy:"), &place(&text, "lazy ="), &place(&text, "lazy {")]);
}

#[test]
fn a_file_of_several_texts_and_letters_of_several_units() {
    let text = format!(
        "// \u{1f600}\n{KERNEL}{}",
        SCENARIO.replace("\"p\"", "\"\u{1f600}\u{e9}\"").replace("idle(); ", "/* \u{1f600} */ idle(); ")
    );
    let mut editor = Editor::new();
    let here = "untitled:Untitled-1";
    editor.open(here, &text);
    assert_eq!(editor.remarks(here), Vec::<String>::new());
    let found = editor.ask("textDocument/definition", asked(here, &text, "idle(); f"));
    assert_eq!(found[0]["range"]["start"], place(&text, "idle() {"), "{found}");
    let symbols = editor.ask("textDocument/documentSymbol", json!({ "textDocument": { "uri": here } }));
    assert_eq!((&symbols[0]["name"], &symbols[1]["name"]), (&json!("k"), &json!("s")));
    let tokens = editor.ask("textDocument/semanticTokens/full", json!({ "textDocument": { "uri": here } }));
    let numbers = tokens["data"].as_array().expect("numbers");
    assert_eq!(
        (numbers.len() % 5, &numbers[..5]),
        (0, &[json!(0), json!(0), json!(5), json!(0), json!(0)][..])
    );
    let ugly = text.replace("sys idle() {", "sys   idle( ) {");
    let document = json!({ "uri": here, "version": 2 });
    editor.tell(
        "textDocument/didChange",
        json!({ "textDocument": document, "contentChanges": [{ "text": ugly }] }),
    );
    let options =
        json!({ "textDocument": { "uri": here }, "options": { "tabSize": 4, "insertSpaces": true } });
    let edits = editor.ask("textDocument/formatting", options);
    assert_eq!(edits[0]["newText"].as_str(), lang::format(&ugly).ok().as_deref());
}

#[test]
fn an_error_of_a_kernel_stands_in_the_scenario_that_runs_on_it() {
    let wrong = KERNEL.replace("\"k\"", "\"wrong\"").replace("lazy = true", "lazi = true");
    let other = SCENARIO.replace("\"k\"", "\"wrong\"").replace("\"s\"", "\"other\"");
    let text = format!("{KERNEL}{wrong}{SCENARIO}{other}");
    let mut editor = Editor::new();
    editor.open("untitled:one", &text);
    let line = text.lines().position(|line| line == "    use kernel \"wrong\"").expect("a line");
    let told = editor.remarks("untitled:one");
    let in_kernel: Vec<&String> = told.iter().filter(|told| told.contains("in the kernel")).collect();
    let place = format!("{line}:15 ");
    assert!(!in_kernel.is_empty() && in_kernel.iter().all(|told| told.starts_with(&place)), "{told:?}");
}

#[test]
fn a_kernel_of_the_library_can_be_read() {
    let mut editor = Editor::new();
    let text = gallery::scenario("lazy+munmap").expect("a scenario").text;
    editor.open("untitled:one", text);
    let found = editor.ask("textDocument/definition", asked("untitled:one", text, "munmap("));
    let there = found[0]["uri"].as_str().expect("an address");
    assert!(there.starts_with("tlbscope:/kernels/"), "{found}");
    let kernel = editor.ask("tlbscope/text", json!({ "uri": there }));
    assert!(kernel.as_str().is_some_and(|text| text.contains("sys munmap(")), "{kernel}");
    assert_eq!(
        editor.answer("tlbscope/text", json!({ "uri": "tlbscope:/kernels/no.tlb" }))["error"]["code"],
        -32602
    );
}

#[test]
fn bad_input_ends_in_errors() {
    let mut editor = Editor::start();
    assert_eq!(editor.answer("textDocument/hover", json!({}))["error"]["code"], -32002);
    editor.ask("initialize", json!({ "capabilities": {} }));
    // Broken bodies and heads.
    editor.raw(b"Content-Length: 5\r\n\r\n{nope");
    assert_eq!(editor.read()["error"]["code"], -32700);
    editor.raw(b"Content-Length: 2\r\n\r\n[]");
    assert_eq!(editor.read()["error"]["code"], -32700);
    editor.raw(b"what is this\r\n\r\n");
    assert_eq!(editor.read()["error"]["code"], -32700);
    editor.raw(b"Content-Length: 3\r\n\r\n\xff\xfe\xfd");
    assert_eq!(editor.read()["error"]["code"], -32700);
    // Methods and addresses that there are not, and parameters of another kind.
    assert_eq!(editor.answer("textDocument/invent", json!({}))["error"]["code"], -32601);
    assert_eq!(editor.answer("textDocument/hover", json!({ "position": 7 }))["error"]["code"], -32602);
    let nowhere =
        json!({ "textDocument": { "uri": "file:///nowhere" }, "position": { "line": 0, "character": 0 } });
    assert_eq!(editor.answer("textDocument/hover", nowhere.clone())["error"]["code"], -32602);
    editor.tell(
        "textDocument/didChange",
        json!({ "textDocument": { "uri": "file:///nowhere", "version": 1 }, "contentChanges": [] }),
    );
    editor.tell("$/anything", json!(null));
    editor.tell("textDocument/didOpen", json!([1, 2]));
    // A text that is too long, and a place outside of it.
    let long = "x ".repeat(lang::MAX_TEXT);
    editor.open("file:///nowhere", &long);
    assert_eq!(editor.remarks("file:///nowhere").len(), 1);
    let far = json!({ "line": 4_000_000_000_u32, "character": 4_000_000_000_u32 });
    let range = json!({ "start": far, "end": { "line": 0, "character": 0 } });
    editor.tell(
        "textDocument/didChange",
        json!({
            "textDocument": { "uri": "file:///nowhere", "version": 2 },
            "contentChanges": [{ "range": range, "text": "kernel" }],
        }),
    );
    assert!(editor.ask("textDocument/hover", nowhere).is_object());
    // The end.
    assert_eq!(editor.ask("shutdown", json!(null)), json!(null));
    assert_eq!(editor.answer("shutdown", json!(null))["error"]["code"], -32600);
    editor.tell("exit", json!(null));
    assert_eq!(editor.child.wait().expect("it ends").code(), Some(0));
}

#[test]
fn an_editor_that_goes_away_ends_it() {
    let mut editor = Editor::new();
    editor.to = None;
    assert_eq!(editor.child.wait().expect("it ends").code(), Some(1));
}

#[test]
fn its_help_says_how_an_editor_is_set_up() {
    let folder = support::folder("lsp", "help", &[("s.tlb", SCENARIO)]);
    let said = support::said(&folder, "lsp --help", 0);
    assert!(said.contains("Language Server Protocol") && said.contains("docs/editors.md"), "{said}");
}
