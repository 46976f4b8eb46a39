//! Where the kernel that a scenario names comes from.
//!
//! The search follows this order: the files and folders given with `--kernel`; the scenario's own file; the folders that a check was asked
//! for; the scenario's own folder, the folder above it, and a folder `kernels` in any folder from there up; the
//! built-in kernels. A kernel is known by the name that it gives itself, or by the name of its file.

use crate::files;
use crate::stop::Stop;
use experiment::Kernels;
use lang::{TextPart, Texts};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// How many folders above a scenario's own may have a folder `kernels`.
const ABOVE: usize = 6;

/// A scenario's own file, and what is in it.
pub struct Own<'a> {
    /// What it is called.
    pub path: &'a str,
    /// Its text.
    pub text: &'a str,
    /// The kernels and scenarios in it.
    pub parts: &'a [TextPart],
}

/// Kernels that have been found for a scenario.
#[derive(Default)]
pub struct FoundKernels {
    /// Their texts.
    pub kernels: Kernels,
    /// Where each of them is from, by its name: a path, or a few words.
    origins: BTreeMap<String, String>,
    /// The place that is being looked at, and the place at which each name was found that a kernel gives itself.
    place: usize,
    named: BTreeMap<String, usize>,
    /// Names that two kernels of one place give themselves: where the second is from.
    twice: BTreeMap<String, String>,
}

impl FoundKernels {
    /// Those of files and folders given by the user, then those of the scenario's own file, then those around it, until
    /// all are found that are `wanted`.
    ///
    /// # Errors
    /// If one of the files given can't be read, or if two kernels at one place have a name that is wanted.
    pub fn look(
        given: &[PathBuf],
        own: &Own<'_>,
        near: &[PathBuf],
        folder: Option<&Path>,
        wanted: &[String],
    ) -> Result<FoundKernels, Stop> {
        let (mut found, mut looked) = (FoundKernels::default(), Vec::new());
        for path in given {
            looked.push(files::shown(path));
            for file in files::texts(path)? {
                let text = files::read(&file)?;
                let parts = lang::parts(&text);
                if !parts.is_empty() && parts.iter().all(|part| !part.kernel) {
                    // A folder may have both; a file was meant.
                    if path.is_dir() {
                        continue;
                    }
                    return Err(Stop::Refused(format!(
                        "--kernel names {}, which is a scenario: name a kernel's text there, and the scenario without --kernel",
                        files::shown(&file)
                    )));
                }
                found.take(&file, &text);
            }
        }
        found.place += 1;
        for part in own.parts.iter().filter(|part| part.kernel) {
            found.name(&part.name, &part.of(own.text), own.path);
        }
        let near = near.iter().map(|folder| (folder.clone(), true));
        for (folder, whole) in folder.map(around).unwrap_or_default().into_iter().chain(near) {
            if found.has_all(wanted) {
                break;
            }
            let files =
                if whole { files::texts(&folder).unwrap_or_default() } else { files::in_folder(&folder) };
            looked.push(files::shown(&folder));
            found.place += 1;
            // A file that can't be read is skipped.
            for (file, text) in files.iter().filter_map(|file| Some((file, files::read(file).ok()?))) {
                if is_kernel(&text) {
                    found.take(file, &text);
                }
            }
        }
        found.alone(wanted)?;
        looked.push("the built-in library".to_owned());
        let places = format!("searched {}; --kernel FILE names a kernel elsewhere", looked.join(", "));
        Ok(FoundKernels { kernels: found.kernels.looked_for(places), ..found })
    }

    /// The edited kernels of a link.
    pub fn linked(kernels: Kernels) -> FoundKernels {
        let origins = kernels.iter().map(|(name, _)| (name.to_owned(), "the link's kernel".to_owned()));
        FoundKernels { origins: origins.collect(), kernels, ..FoundKernels::default() }
    }

    /// Some names, with those of the kernels that these extend; and whether all of them are there.
    fn with_bases(&self, wanted: &[String]) -> (Vec<String>, bool) {
        let (mut wanted, mut all) = (wanted.to_vec(), true);
        let mut at = 0;
        while let Some(name) = wanted.get(at) {
            let text = self.kernels.own(name);
            all &= text.is_some();
            let base =
                text.and_then(|text| lang::extended_kernel(text)).filter(|base| !wanted.contains(base));
            wanted.extend(base);
            at += 1;
        }
        (wanted, all)
    }

    /// Whether the kernels of some names are there, with those that they extend.
    fn has_all(&self, wanted: &[String]) -> bool {
        self.with_bases(wanted).1
    }

    /// Nobody chooses between two kernels that have one name at one place.
    fn alone(&self, wanted: &[String]) -> Result<(), Stop> {
        let (names, _) = self.with_bases(wanted);
        let Some((name, second)) = names.iter().find_map(|name| self.twice.get_key_value(name)) else {
            return Ok(());
        };
        let first = self.origin(name);
        let where_ = if first == *second { first } else { format!("{first} and {second}") };
        Err(Stop::Refused(format!(
            "there are two kernels {name:?}, in {where_}: rename one, or say by --kernel FILE which is meant"
        )))
    }

    /// The kernels of a file, by the names they have; a kernel that has a file of its own also by the file's name.
    fn take(&mut self, file: &Path, text: &str) {
        let (path, parts) = (files::shown(file), lang::parts(text));
        if parts.len() < 2 {
            let stem = file.file_stem().map(|stem| stem.to_string_lossy().into_owned());
            lang::kernel_name(text).into_iter().for_each(|name| self.name(&name, text, &path));
            stem.into_iter().for_each(|name| self.put(&name, text, &path));
            return;
        }
        for part in parts.iter().filter(|part| part.kernel) {
            self.name(&part.name, &part.of(text), &path);
        }
    }

    /// A kernel by the name that it gives itself. Another one at the same place may have that name too.
    fn name(&mut self, name: &str, text: &str, origin: &str) {
        let before = self.named.get(name) == Some(&self.place);
        if before && self.kernels.own(name).is_some_and(|other| other.trim() != text.trim()) {
            self.twice.entry(name.to_owned()).or_insert_with(|| origin.to_owned());
        }
        // A kernel's own name comes before that of a file beside it.
        self.named.entry(name.to_owned()).or_insert(self.place);
        self.put(name, text, origin);
    }

    /// A kernel by a name. The one found before keeps it.
    fn put(&mut self, name: &str, text: &str, origin: &str) {
        if !self.origins.contains_key(name) {
            self.kernels.insert(name, text);
            self.origins.insert(name.to_owned(), origin.to_owned());
        }
    }

    /// Puts a text in the place of what was found for a name.
    pub fn replace(&mut self, name: &str, text: &str, origin: &str) {
        self.kernels.insert(name, text);
        self.origins.insert(name.to_owned(), origin.to_owned());
    }

    /// Whether there is a kernel of a name that the command line asks for. (A name in a text has a place there, where
    /// the compiler says that there is none.)
    ///
    /// # Errors
    /// If there is none.
    pub fn has(&self, on: Option<&str>) -> Result<(), Stop> {
        let Some(name) = on.filter(|name| self.kernels.text(name).is_none()) else { return Ok(()) };
        let names = self.kernels.names();
        let near = lang::nearest(name, names.iter().map(String::as_str));
        let near = near.map(|near| format!("did you mean {near:?}? ")).unwrap_or_default();
        let looked =
            self.kernels.looked().unwrap_or_else(|| "searched the link and the built-in library".to_owned());
        Err(Stop::Refused(format!("--on: there is no kernel {name:?}; {near}{looked}")))
    }

    /// Where the kernel of a name is from; nothing if there is none.
    pub fn origin(&self, name: &str) -> String {
        let built_in = || gallery::kernel(name).map(|there| format!("built-in kernel {}.tlb", there.slug));
        self.origins.get(name).cloned().or_else(built_in).unwrap_or_default()
    }
}

/// Whether a text begins as a kernel: most files beside a scenario are scenarios, and need not be read any further.
fn is_kernel(text: &str) -> bool {
    let first = lang::tokens(text).into_iter().find(|(_, kind)| *kind != lang::TokenKind::Comment);
    first.is_some_and(|(span, _)| span.of(text) == "kernel")
}

/// The folders around a scenario in which a kernel may be, nearest first, and whether their subfolders count: those of
/// a folder `kernels` that is near.
pub fn around(folder: &Path) -> Vec<(PathBuf, bool)> {
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
