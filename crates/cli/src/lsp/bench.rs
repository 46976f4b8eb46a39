//! The texts that belong together: a kernel or a scenario of a document, and the kernels around it.
//!
//! Kernels are found where `tlbscope check` finds them. A document that is open counts as it stands in the editor.

use crate::files;
use crate::kernels::{FoundKernels, Own};
use crate::lsp::address;
use assist::{WORDS, WhichText, Workspace};
use lang::{Selection, TextPart};
use lsp_types::Uri;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The documents that are open, by their addresses.
pub type Documents = BTreeMap<String, Document>;

/// A document as it stands in the editor.
#[derive(Debug)]
pub struct Document {
    /// Its address.
    pub uri: Uri,
    /// The editor's number of this state.
    pub version: i32,
    /// Its text.
    pub text: String,
}

/// The texts of one part of a document.
pub struct Bench {
    /// Which of the texts the part is.
    pub this: WhichText,
    uri: Uri,
    scenario: Option<String>,
    kernel: Option<String>,
    /// The name of the kernel that the scenario runs on.
    kernel_name: String,
    /// What the document's own file is called.
    own: String,
    found: FoundKernels,
    selection: Selection,
}

impl Bench {
    /// One for each kernel and scenario of a document; one if it is neither.
    pub fn all(documents: &Documents, document: &Document) -> Vec<Bench> {
        let parts = lang::parts(&document.text);
        if parts.len() < 2 {
            let kernel = parts.first().is_some_and(|part| part.kernel);
            return vec![Bench::new(documents, document, &parts, document.text.clone(), kernel)];
        }
        let bench =
            |part: &TextPart| Bench::new(documents, document, &parts, part.of(&document.text), part.kernel);
        parts.iter().map(bench).collect()
    }

    /// The one that a byte of a document lies in.
    pub fn at(documents: &Documents, document: &Document, byte: u32) -> Bench {
        let parts = lang::parts(&document.text);
        let part = parts.iter().rev().find(|part| part.span.start <= byte).or(parts.first());
        match part {
            Some(part) if parts.len() > 1 => {
                Bench::new(documents, document, &parts, part.of(&document.text), part.kernel)
            }
            part => {
                let kernel = part.is_some_and(|part| part.kernel);
                Bench::new(documents, document, &parts, document.text.clone(), kernel)
            }
        }
    }

    fn new(
        documents: &Documents,
        document: &Document,
        parts: &[TextPart],
        text: String,
        kernel: bool,
    ) -> Bench {
        let path = address::path(&document.uri);
        let own = path.as_deref().map_or_else(|| document.uri.as_str().to_owned(), files::shown);
        let mut wanted: Vec<String> = match kernel {
            true => Vec::new(),
            // A name that has yet to be written is found nowhere, so that all kernels around are there to choose from.
            false => lang::cases(&text).into_iter().map(|case| case.kernel).collect(),
        };
        wanted.extend(lang::extended_kernel(&text));
        let folder = path.as_deref().and_then(Path::parent);
        let file = Own { path: &own, text: &document.text, parts };
        // Two kernels of one name at one place: `check` says so, and here the library's has to do.
        let mut found = FoundKernels::look(&[], &file, &[], folder, &wanted).unwrap_or_default();
        overlay(&mut found, documents, document, folder);
        let kernel_name = Selection::default().kernel_of(&text).unwrap_or_default();
        let (scenario, kernel, this) = match kernel {
            true => (None, Some(text), WhichText::Kernel),
            false => {
                let kernel = found.kernels.text(&kernel_name).map(str::to_owned);
                (Some(text), kernel, WhichText::Scenario)
            }
        };
        let (uri, selection) = (document.uri.clone(), Selection::default());
        Bench { this, uri, scenario, kernel, kernel_name, own, found, selection }
    }

    /// What `assist` is asked about.
    pub fn workspace(&self) -> Workspace<'_> {
        Workspace {
            scenario: self.scenario.as_deref(),
            kernel: self.kernel.as_deref(),
            kernels: &self.found.kernels,
            selection: &self.selection,
            words: WORDS,
        }
    }

    /// The name of the kernel that the scenario runs on; nothing for a kernel.
    pub fn runs_on(&self) -> Option<&str> {
        self.scenario.as_ref().map(|_| self.kernel_name.as_str())
    }

    /// The address and the text of what a place is in. A kernel that is in the program has no file.
    pub fn document(&self, text: &WhichText, documents: &Documents) -> Option<(Uri, String)> {
        let name = match text {
            text if *text == self.this => return Some((self.uri.clone(), self.written()?.to_owned())),
            WhichText::Scenario => return None,
            WhichText::Kernel => &self.kernel_name,
            WhichText::Extended(name) => name,
        };
        let own = self.found.kernels.text(name)?;
        let origin = self.found.origin(name);
        if origin == self.own {
            return Some((self.uri.clone(), own.to_owned()));
        }
        let uri = match gallery::kernel(name).filter(|kernel| kernel.text == own) {
            Some(kernel) if self.found.kernels.own(name).is_none() => address::built_in(kernel.slug)?,
            _ => address::of(Path::new(&origin))?,
        };
        let open = documents.values().find(|open| same_file(&open.uri, &uri));
        Some(open.map_or_else(|| (uri, own.to_owned()), |open| (open.uri.clone(), own.to_owned())))
    }

    /// The part of the document, at its place there.
    pub fn written(&self) -> Option<&str> {
        self.scenario.as_deref().or(self.kernel.as_deref())
    }
}

/// Puts the kernels of open documents in the place of those that their files hold.
fn overlay(found: &mut FoundKernels, documents: &Documents, document: &Document, folder: Option<&Path>) {
    for open in documents.values().filter(|open| open.uri != document.uri) {
        let Some(path) = address::path(&open.uri) else { continue };
        let near = folder.is_some() && path.parent().map(real) == folder.map(real);
        let parts = lang::parts(&open.text);
        for part in parts.iter().filter(|part| part.kernel) {
            let there = real(Path::new(&found.origin(&part.name))) == real(&path);
            if there || (near && found.kernels.own(&part.name).is_none()) {
                let text = if parts.len() > 1 { part.of(&open.text) } else { open.text.clone() };
                found.replace(&part.name, &text, &files::shown(&path));
            }
        }
    }
}

fn real(path: &Path) -> PathBuf {
    std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned())
}

fn same_file(one: &Uri, other: &Uri) -> bool {
    one == other
        || address::path(one)
            .map(|path| real(&path))
            .is_some_and(|path| address::path(other).map(|path| real(&path)) == Some(path))
}
