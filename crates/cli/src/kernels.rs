//! Where the kernel that a scenario names comes from.
//!
//! First from the files given with `--kernel`, then from a folder `kernels` beside the scenario's own folder, as
//! in `library/`, then from what is built in. A kernel is known by the name it gives itself, or by its file's.

use crate::files;
use crate::stop::Stop;
use lang::Texts;
use std::path::{Path, PathBuf};

/// Kernels that a scenario may use.
#[derive(Default)]
pub struct Kernels {
    /// Files, those that win first.
    files: Vec<Text>,
}

struct Text {
    origin: String,
    names: Vec<String>,
    text: String,
}

/// A kernel's text and where it is from.
#[derive(Clone, Debug)]
pub struct Found<'a> {
    /// A path, or a few words.
    pub origin: String,
    /// The text.
    pub text: &'a str,
}

impl Kernels {
    /// Those of files given by the user, and those beside a scenario's folder.
    ///
    /// # Errors
    /// If one of the files can't be read.
    pub fn new(given: &[PathBuf], scenario: Option<&Path>) -> Result<Kernels, Stop> {
        let mut files = Vec::new();
        for path in given {
            files.push(Text::read(path)?);
        }
        let folder = scenario.and_then(beside).filter(|folder| folder.is_dir());
        let there = folder.map(|folder| files::texts(&folder)).transpose();
        // An empty folder says nothing about the scenario.
        for path in there.unwrap_or_default().unwrap_or_default() {
            files.push(Text::read(&path)?);
        }
        Ok(Kernels { files })
    }

    /// The edited kernels of a link, by name.
    pub fn edited(kernels: impl IntoIterator<Item = (String, String)>) -> Kernels {
        let edited = |(name, text)| Text { origin: "the link's kernel".into(), names: vec![name], text };
        Kernels { files: kernels.into_iter().map(edited).collect() }
    }

    /// The kernel of a name.
    pub fn find(&self, name: &str) -> Option<Found<'_>> {
        let known = |text: &&Text| text.names.iter().any(|known| known == name);
        if let Some(Text { origin, text, .. }) = self.files.iter().find(known) {
            return Some(Found { origin: origin.clone(), text });
        }
        let gallery::Text { slug, text } = gallery::kernel(name)?;
        Some(Found { origin: format!("built-in kernel {slug}.tlb"), text })
    }
}

impl Texts for Kernels {
    fn kernel(&self, name: &str) -> Option<&str> {
        self.find(name).map(|found| found.text)
    }
}

impl Text {
    fn read(path: &Path) -> Result<Text, Stop> {
        let text = files::read(path)?;
        let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned());
        let names = lang::kernel_name(&text).into_iter().chain(stem).collect();
        Ok(Text { origin: path.display().to_string(), names, text })
    }
}

/// The folder `kernels` beside the folder that a file is in.
fn beside(file: &Path) -> Option<PathBuf> {
    let folder = file.parent()?;
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    Some(folder.join("..").join("kernels"))
}
