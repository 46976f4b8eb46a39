//! Where the kernel that a scenario names comes from.
//!
//! Wherever people put one: from the files and folders given with `--kernel`; from the folders that a check was asked
//! for; from the scenario's own folder, the one above it, and a folder `kernels` in any folder from there up; then from
//! what is built in. A kernel is known by the name it gives itself, or by its file's.

use crate::files;
use crate::stop::Stop;
use lang::Texts;
use std::path::{Path, PathBuf};

/// How many folders above a scenario's own may have a folder `kernels`.
const ABOVE: usize = 6;

/// Kernels that a scenario may use.
#[derive(Default)]
pub struct Kernels {
    /// Texts from files, those that win first.
    texts: Vec<Text>,
    /// Where was looked.
    looked: Vec<String>,
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
    /// Those of files and folders given by the user, then those around a scenario, until all are found that are
    /// `wanted`.
    ///
    /// # Errors
    /// If one of the files given can't be read.
    pub fn new(
        given: &[PathBuf],
        near: &[PathBuf],
        folder: Option<&Path>,
        wanted: &[String],
    ) -> Result<Kernels, Stop> {
        let mut kernels = Kernels::default();
        for path in given {
            kernels.looked.push(files::shown(path));
            for file in files::texts(path)? {
                kernels.texts.push(Text::read(&file)?);
            }
        }
        let near = near.iter().map(|folder| (folder.clone(), true));
        for (folder, whole) in folder.map(around).unwrap_or_default().into_iter().chain(near) {
            if wanted.iter().all(|name| kernels.find_file(name).is_some()) {
                break;
            }
            let found =
                if whole { files::texts(&folder).unwrap_or_default() } else { files::beside(&folder) };
            kernels.look_in(&folder, found);
        }
        Ok(kernels)
    }

    /// Takes the kernels among some files of a folder. What can't be read is no kernel of anybody's.
    fn look_in(&mut self, folder: &Path, found: Vec<PathBuf>) {
        self.looked.push(files::shown(folder));
        self.texts.extend(
            found.iter().filter_map(|file| Text::read(file).ok()).filter(|text| is_kernel(&text.text)),
        );
    }

    /// The edited kernels of a link, by name.
    pub fn edited(kernels: impl IntoIterator<Item = (String, String)>) -> Kernels {
        let edited = |(name, text)| Text { origin: "the link's kernel".into(), names: vec![name], text };
        Kernels { texts: kernels.into_iter().map(edited).collect(), looked: Vec::new() }
    }

    fn find_file(&self, name: &str) -> Option<&Text> {
        self.texts.iter().find(|text| text.names.iter().any(|known| known == name))
    }

    /// The kernel of a name.
    pub fn find(&self, name: &str) -> Option<Found<'_>> {
        if let Some(Text { origin, text, .. }) = self.find_file(name) {
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

    fn names(&self) -> Vec<String> {
        let own = self.texts.iter().filter_map(|text| text.names.first().cloned());
        own.chain(gallery::kernels().filter_map(gallery::Text::kernel_name).map(str::to_owned)).collect()
    }

    fn looked(&self) -> Option<String> {
        let places: Vec<&str> =
            self.looked.iter().map(String::as_str).chain(["the built-in library"]).collect();
        Some(format!("looked for in {}; --kernel FILE names one elsewhere", places.join(", ")))
    }
}

impl Text {
    fn read(path: &Path) -> Result<Text, Stop> {
        let text = files::read(path)?;
        let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned());
        let names = lang::kernel_name(&text).into_iter().chain(stem).collect();
        Ok(Text { origin: files::shown(path), names, text })
    }
}

/// Whether a text begins as a kernel: most files beside a scenario are scenarios, and need not be read any further.
fn is_kernel(text: &str) -> bool {
    let first = lang::tokens(text).into_iter().find(|(_, kind)| *kind != lang::TokenKind::Comment);
    first.is_some_and(|(span, _)| span.of(text) == "kernel")
}

/// The folders around a scenario in which a kernel may be, nearest first, and whether their subfolders count: those of
/// a folder `kernels` that is near.
fn around(folder: &Path) -> Vec<(PathBuf, bool)> {
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let mut places = Vec::new();
    let mut here = folder.to_owned();
    for above in 0..=ABOVE {
        if above < 2 {
            places.push((here.clone(), false));
        }
        let kernels = here.join("kernels");
        if kernels.is_dir() {
            places.push((kernels, above < 2));
        }
        here = here.join("..");
    }
    places
}
