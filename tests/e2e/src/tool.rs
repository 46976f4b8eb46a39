//! What people make pages with: each makes pages of a source of ours that has a laboratory in it (`hosts`).

use crate::folder::root;
use crate::outcome::{Outcome, fault};
use std::fs;
use std::path::{Path, PathBuf};
use tokio::process::Command;

/// Where TLBscope is, in the sources and in the documents.
const NOWHERE: &str = "https://example.org/tlbscope/";

/// One of the tools.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tool {
    /// mdBook: Markdown with the laboratory's markup in it.
    Book,
    /// The same Markdown.
    Rustdoc,
    /// Markdown with a shortcode.
    Hugo,
    /// Slides.
    Reveal,
}

impl Tool {
    /// Its source, in the folder `hosts`.
    #[must_use]
    pub fn source(self) -> PathBuf {
        root().join("tests/e2e/hosts").join(self.name())
    }

    const fn name(self) -> &'static str {
        match self {
            Tool::Book => "book",
            Tool::Rustdoc => "rustdoc",
            Tool::Hugo => "hugo",
            Tool::Reveal => "slides",
        }
    }

    /// The page with the laboratory, below the folder.
    #[must_use]
    pub const fn page(self) -> &'static str {
        match self {
            Tool::Book | Tool::Rustdoc => "walk.html",
            Tool::Hugo => "posts/walk/",
            Tool::Reveal => "index.html",
        }
    }

    /// What its pages need of a policy beside the laboratory: mdBook writes scripts and styles into its pages.
    pub(crate) const fn inline(self) -> &'static str {
        if matches!(self, Tool::Book) { " 'unsafe-inline'" } else { "" }
    }

    /// Where it writes pages.
    pub(crate) fn folder(self) -> PathBuf {
        root().join("target/e2e/made").join(self.name())
    }

    /// Makes the pages, for the address at which they will be served, with the laboratory that is at another one.
    pub(crate) async fn make(self, address: &str, lab: &str) -> Outcome {
        let (folder, source) = (self.folder(), root().join("target/e2e/source").join(self.name()));
        for stale in [&folder, &source] {
            // What is not there need not be removed.
            let _ = fs::remove_dir_all(stale);
        }
        let with_lab = if self == Tool::Reveal { &folder } else { &source };
        copy(&self.source(), with_lab, lab)?;
        match self {
            Tool::Book => {
                let mut command = Command::new(mdbook());
                command.arg("build").arg(&source).arg("--dest-dir").arg(&folder);
                run(command, "`cargo xtask setup --test` installs it").await
            }
            Tool::Rustdoc => {
                let book = fs::read_to_string(Tool::Book.source().join("src/walk.md"))?;
                // The title of a page is marked in another way here.
                fs::write(source.join("walk.md"), book.replacen('#', "%", 1).replace(NOWHERE, lab))?;
                let mut command = Command::new("rustdoc");
                command.arg(source.join("walk.md")).arg("--output").arg(&folder);
                command.args(["--markdown-no-toc", "--html-in-header"]).arg(source.join("head.html"));
                run(command, "it comes with Rust").await
            }
            Tool::Hugo => hugo(&source, &folder, address, false).await,
            Tool::Reveal if !reveal().join("reveal.js").is_file() => {
                fault("reveal.js is missing: `cargo xtask setup --test` installs it")
            }
            Tool::Reveal => Ok(()),
        }
    }
}

/// mdBook where the set-up put it, or else the machine's own.
fn mdbook() -> PathBuf {
    let ours = root().join(".tools/bin/mdbook");
    if ours.is_file() { ours } else { PathBuf::from("mdbook") }
}

/// Where the set-up put the package that makes slides of a page.
pub(crate) fn reveal() -> PathBuf {
    root().join(".tools/reveal/node_modules/reveal.js/dist")
}

/// Where the set-up put the package that draws diagrams.
pub(crate) fn mermaid() -> PathBuf {
    root().join(".tools/mermaid/node_modules/@mermaid-js/tiny/dist")
}

/// Runs Hugo; `raw` lets HTML stand in Markdown.
///
/// # Errors
/// If it fails.
pub async fn hugo(source: &Path, folder: &Path, address: &str, raw: bool) -> Outcome {
    let mut command = Command::new("hugo");
    command.args(["--noBuildLock", "--baseURL", address, "--source"]).arg(source);
    command.arg("--destination").arg(folder);
    command.env("HUGO_MARKUP_GOLDMARK_RENDERER_UNSAFE", raw.to_string());
    run(command, "`cargo xtask setup --test` installs it").await
}

/// A folder of texts, with the address of a laboratory in place of the one in the documents.
fn copy(from: &Path, to: &Path, lab: &str) -> Outcome {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let (path, name) = {
            let entry = entry?;
            (entry.path(), entry.file_name())
        };
        if path.is_dir() {
            copy(&path, &to.join(name), lab)?;
        } else {
            fs::write(to.join(name), fs::read_to_string(&path)?.replace(NOWHERE, lab))?;
        }
    }
    Ok(())
}

async fn run(mut command: Command, advice: &str) -> Outcome {
    let program = command.as_std().get_program().to_string_lossy().into_owned();
    let output = match command.output().await {
        Ok(output) => output,
        Err(error) => return fault(format!("cannot start {program} ({error}): {advice}")),
    };
    if output.status.success() {
        return Ok(());
    }
    let said = [output.stdout, output.stderr].concat();
    fault(format!("{program}:\n{}", String::from_utf8_lossy(&said)))
}
