//! Packs the texts of `library/` into one file. Two programs have this code: the build of this crate, and `cargo xtask`,
//! which adds the file to the site and knows no crate of the product.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{fs, io};

/// The folders of the library.
pub const FOLDERS: [&str; 8] =
    ["kernels", "scenarios", "catalogue", "workloads", "costs", "tour", "challenges", "templates"];

/// A text of the library.
pub struct Text {
    /// The folder that it comes from.
    pub folder: &'static str,
    /// The name of its file without `.tlb` or `.md`.
    pub slug: String,
    /// The text.
    pub text: String,
}

impl Text {
    /// Folder and name.
    pub fn path(&self) -> String {
        format!("{}/{}", self.folder, self.slug)
    }
}

/// All texts, by folder and name.
pub fn texts(library: &Path) -> io::Result<Vec<Text>> {
    let mut texts = Vec::new();
    for folder in FOLDERS {
        let entries = fs::read_dir(library.join(folder))?;
        let mut files: Vec<PathBuf> =
            entries.map(|entry| entry.map(|entry| entry.path())).collect::<io::Result<_>>()?;
        files
            .retain(|file| file.extension().is_some_and(|extension| extension == "tlb" || extension == "md"));
        files.sort();
        for file in files {
            let slug = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            texts.push(Text { folder, slug, text: fs::read_to_string(&file)? });
        }
    }
    Ok(texts)
}

/// One file of many texts: each after a line with its path and its length in bytes.
pub fn packed<'a>(texts: impl IntoIterator<Item = &'a Text>) -> String {
    texts.into_iter().fold(String::new(), |mut all, text| {
        let _ = write!(all, "{} {}\n{}", text.path(), text.text.len(), text.text);
        all
    })
}
