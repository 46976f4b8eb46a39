//! The reference of the language as the page shows it beside a text: `web/later/reference.html`, a file of the site, which is
//! loaded when a reader asks for it. It is made here, from `docs/language.md`; `cargo xtask bless` renews it.
//!
//! Each example becomes a file that can be opened on the page as it is, and each of these runs.

mod example;
mod markup;

use example::Examples;
use lab::model::files::{File, FromFiles, opened};
use lab::model::session::Session;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn language() -> String {
    std::fs::read_to_string(root().join("docs/language.md")).expect("the reference is there")
}

#[test]
fn the_page_has_the_reference_as_it_is_written() {
    let guide =
        std::fs::read_to_string(root().join("docs/write-your-own-kernel.md")).expect("the guide is there");
    let page = markup::page(&language(), &guide);
    // What it names can be read on the page, and what it leads to is there.
    assert!(!page.contains(".md") && !page.contains("127.0.0.1"), "a document that the page does not have");
    for to in page.split("data-to=\"").skip(1).filter_map(|rest| rest.split('"').next()) {
        assert!(page.contains(&format!("data-at=\"{to}\"")), "no section is {to}");
    }
    golden::check(root().join("web/later/reference.html"), &page);
}

#[test]
fn every_example_runs_as_it_is_opened() {
    let page = Session::library(lab::DEFAULT).expect("it is in the library");
    let text = language();
    let mut examples = Examples::of(&text);
    let mut count = 0;
    for block in markup::blocks(&text) {
        let markup::Block::Code { kind: Some(kind), text } = block else { continue };
        let whole = examples.opened(kind, &text);
        let files = [File { name: "an example".to_owned(), bytes: Ok(whole.clone().into_bytes()) }];
        count += 1;
        let session = match opened(&files, &page) {
            Ok(FromFiles::Texts(session, _)) => session,
            Ok(FromFiles::Costs(..)) if lang::costs::costs_name(&text).is_some() => continue,
            other => panic!("{other:?} of\n{whole}"),
        };
        for case in session.cases() {
            let (setup, diagnostics) = session.with_case(case.case).compile();
            assert!(setup.is_some(), "{diagnostics:#?} in\n{whole}");
            // A part alone leaves something unused.
            let unused =
                |said: &str| said.ends_with("is never used") || said.starts_with("the inherited option");
            let said: Vec<_> = diagnostics.iter().filter(|found| !unused(&found.message)).collect();
            assert!(said.is_empty(), "{said:#?} in\n{whole}");
        }
        // What the reader has asked to see is there, letter by letter; only its place may be another.
        let bare = |text: &str| text.split_whitespace().collect::<String>();
        assert!(bare(&whole).contains(&bare(&text)), "{text} is not in\n{whole}");
    }
    assert!(count > 30, "{count} examples");
}
