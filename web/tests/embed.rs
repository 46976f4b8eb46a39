//! The page, its script for other pages, its dialog and its documentation name the same parts and messages of an embed.

use lab::Lab;
use lab::model::embed::{Embed, EmbedPart, USUAL};
use lab::view::port::{self, FieldValue};
use std::path::Path;

fn read(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[test]
fn the_dialog_and_the_document_name_every_part() {
    let (dialog, document) = (read("web/share/src/main.js"), read("docs/embedding.md"));
    let list = dialog.split("const PIECES = ").nth(1).and_then(|rest| rest.lines().next()).expect("a list");
    let names: Vec<&str> = list.split("[\"").skip(1).filter_map(|part| part.split('"').next()).collect();
    assert_eq!(names, EmbedPart::ALL.map(EmbedPart::name));
    let script = read("web/embed/embed.js");
    let parts = EmbedPart::ALL.map(|piece| format!("\"{}\"", piece.name())).join(", ");
    assert!(script.contains(&format!("PARTS = [{parts}]")), "{parts}");
    // The command that prints the markup, and what its help says.
    let command = read("crates/cli/src/commands/embed.rs");
    assert!(command.contains(&format!("PARTS: [&str; {}] = [{parts}];", EmbedPart::ALL.len())), "{parts}");
    let words = EmbedPart::ALL.map(EmbedPart::name).join(", ");
    assert!(command.contains(&format!("some of {words}.\n")), "{words}");
    let all = EmbedPart::ALL.map(|piece| format!("`{}`", piece.name())).join(", ");
    assert!(document.contains(&all), "{all}");
    let usual = USUAL.map(EmbedPart::name).join(", ");
    assert!(document.contains(&format!("Without it: {usual}.")), "{usual}");
    let parameters =
        document.split("?embed&amp;").nth(1).and_then(|rest| rest.split('#').next()).expect("a frame");
    let embed = Embed::of(|name| {
        parameters.split("&amp;").find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))
    });
    assert_eq!(embed.pieces, USUAL);
}

#[test]
fn the_script_and_the_document_know_every_message() {
    let (script, document) = (read("web/embed/embed.js"), read("docs/embedding.md"));
    let lab = Lab::open(None).expect("a scenario compiles");
    let told = port::told(&lab);
    // Before each colon behind a quotation mark stands a name.
    let mut parts: Vec<&str> = told.split("\":").collect();
    parts.pop();
    let names = parts.into_iter().filter_map(|part| part.rsplit('"').next());
    let options = lab.player().machine().program().options.iter().map(|option| option.name.as_str());
    let options: Vec<&str> = options.collect();
    for name in
        names.take_while(|name| !name.is_empty()).filter(|name| !options.contains(name) && *name != "kind")
    {
        assert!(document.contains(&format!("`{name}`")), "the document has no {name}");
    }
    for kind in told.split("\"kind\":\"").skip(1).filter_map(|part| part.split('"').next()) {
        assert!(script.contains(&format!("\"{kind}\"")), "the script does not know {kind}");
        assert!(document.contains(&format!("| `{kind}` | ")), "the document has no {kind}");
    }
    // What the script asks for is read: what is missing is only what a reader of the page fills in.
    let kinds = script.split("{ kind: \"").skip(1).filter_map(|part| part.split('"').next());
    let kinds: Vec<&str> = kinds.collect();
    assert!(kinds.len() >= 10, "{kinds:?}");
    for kind in kinds {
        let asked = port::read(&[("kind".to_owned(), FieldValue::Text(kind.to_owned()))]);
        assert!(!asked.is_err_and(|why| why.contains("no message")), "the page does not know {kind}");
        assert!(document.contains(&format!("`{kind}`")), "the document has no {kind}");
    }
    // One version, in the frame, around it, and in the document.
    let frame = read("web/later/extras.js");
    let version = |text: &str| text.split("VERSION = ").nth(1).and_then(|rest| rest.chars().next());
    assert!(version(&frame).is_some() && version(&frame) == version(&script));
    assert!(document.contains(&format!("version: {}", version(&script).unwrap_or_default())));
}
