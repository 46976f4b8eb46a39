//! A release: the files of a site as one set, whose names have one hash in them. So no cache and no host in the middle of an update
//! can give a page files of two releases. `sw.js`, a service worker, gets the list of them, and keeps them for readers without a
//! network (docs/site.md, Without a network).
//!
//! Some names stay: the page itself, and what pages of others or the browser ask for. The files with the hash of their own contents
//! (`hashed.rs`) keep theirs.

use crate::hashed;
use crate::job::Failure;
use crate::repository::Repository;
use crate::{editor, library, site, styles};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// The names that stay. The first is the page, which is asked for by its folder.
const STABLE: [&str; 5] = ["index.html", "icon.svg", "manifest.webmanifest", "embed.js", "kernels.html"];

/// Whose texts name other files, by `./NAME`.
const NAMING: [&str; 2] = ["html", "js"];

/// The worker: its file in the site, its text, and what stands there until the release is known.
const WORKER: &str = "sw.js";
const SOURCE: &str = "web/offline/sw.js";
const BLANK: &str = "const RELEASE = \"none\", FILES = [];";

/// Adds to the folder in which Trunk prepares a site what Trunk does not make, and makes a release of it. Trunk runs this after each
/// build, before it puts the site into its place (`Trunk.toml`). It is one hook: Trunk runs several at the same time, and each of
/// these steps reads what the one before has written.
pub fn complete(repository: &Repository) -> Result<(), Failure> {
    let Some(folder) = std::env::var_os("TRUNK_STAGING_DIR") else {
        return Err(Failure("Trunk asks for this, and says by TRUNK_STAGING_DIR where.".to_owned()));
    };
    let folder = PathBuf::from(folder);
    styles::add_later(repository, &folder)?;
    library::add(repository, &folder)?;
    editor::add(repository, &folder)?;
    make(repository, &folder, !site::optimised())
}

/// Makes a release of the folder in which Trunk prepares a site. A site that is `still_changing` gets no hash, and a worker that
/// takes itself away: a developer wants what was built last.
fn make(repository: &Repository, site: &Path, still_changing: bool) -> Result<(), Failure> {
    let source = repository.root.join(SOURCE);
    let worker = fs::read_to_string(&source).map_err(|error| failed(&source, &error))?;
    if worker.matches(BLANK).count() != 1 {
        return Err(Failure(format!("{}: there is no place for the release", source.display())));
    }
    if still_changing {
        return write(&site.join(WORKER), &worker);
    }
    let mut files = read(site)?;
    let mut all = worker.clone().into_bytes();
    for (name, contents) in &files {
        all.extend_from_slice(name.as_bytes());
        all.extend_from_slice(contents);
    }
    let hash = hashed::hash(all);
    let renamed: Vec<String> = files.keys().filter(|name| !stays(name)).cloned().collect();
    for name in &renamed {
        let (old, new) = (format!("./{name}"), format!("./{}", with(name, &hash)));
        let mut asked = 0;
        for (by, contents) in files.iter_mut().filter(|(by, _)| NAMING.iter().any(|kind| ends_in(by, kind))) {
            let text = String::from_utf8(std::mem::take(contents))
                .map_err(|error| Failure(format!("{by} is no text: {error}")))?;
            asked += text.matches(&old).count();
            *contents = text.replace(&old, &new).into_bytes();
        }
        if asked == 0 {
            return Err(Failure(format!("no file of the site asks for {old}")));
        }
    }
    let mut list = Vec::new();
    for (name, contents) in files {
        let new = if stays(&name) { name.clone() } else { with(&name, &hash) };
        fs::remove_file(site.join(&name)).map_err(|error| failed(&site.join(&name), &error))?;
        write(&site.join(&new), contents)?;
        list.push(if name == STABLE[0] { "\"./\"".to_owned() } else { format!("\"./{new}\"") });
    }
    let filled = format!("const RELEASE = \"{hash}\", FILES = [{}];", list.join(", "));
    write(&site.join(WORKER), worker.replace(BLANK, &filled))
}

/// The files of a site, by name.
fn read(site: &Path) -> Result<BTreeMap<String, Vec<u8>>, Failure> {
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(site).map_err(|error| failed(site, &error))? {
        let path = entry.map_err(|error| failed(site, &error))?.path();
        if let Some(name) = path.file_name().filter(|name| *name != WORKER && path.is_file()) {
            let contents = fs::read(&path).map_err(|error| failed(&path, &error))?;
            files.insert(name.to_string_lossy().into_owned(), contents);
        }
    }
    Ok(files)
}

fn write(path: &Path, contents: impl AsRef<[u8]>) -> Result<(), Failure> {
    fs::write(path, contents).map_err(|error| failed(path, &error))
}

fn failed(path: &Path, error: &std::io::Error) -> Failure {
    Failure(format!("{}: {error}", path.display()))
}

fn ends_in(name: &str, kind: &str) -> bool {
    name.rsplit_once('.').is_some_and(|(_, end)| end == kind)
}

/// Whether a file keeps its name.
fn stays(name: &str) -> bool {
    STABLE.contains(&name) || hashed::is(name)
}

/// `app.js` with a hash: `app-HASH.js`.
fn with(name: &str, hash: &str) -> String {
    let (stem, end) = name.rsplit_once('.').unwrap_or((name, ""));
    format!("{stem}-{hash}.{end}")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A folder with a site of two files that name each other, and one with a hash of its own.
    fn site(name: &str, script: &str) -> std::path::PathBuf {
        let folder = Repository::find().root.join("target/release-of").join(name);
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).expect("a folder");
        for (name, text) in [
            ("index.html", "<script src=./boot.js></script><link href=./icon.svg>"),
            ("boot.js", script),
            ("part.js", "1"),
            ("icon.svg", "<svg/>"),
            ("library-0123456789abcdef.txt", "texts"),
        ] {
            fs::write(folder.join(name), text).expect("a file");
        }
        folder
    }

    fn names(folder: &Path) -> Vec<String> {
        read(folder).expect("a site").into_keys().collect()
    }

    #[test]
    fn the_names_of_a_release_have_one_hash_and_other_contents_another_one() {
        let repository = Repository::find();
        let script = "import(\"./part.js\"); ask(\"./library-0123456789abcdef.txt\")";
        let (one, same, other) =
            (site("one", script), site("same", script), site("other", &format!("{script};")));
        for folder in [&one, &same, &other] {
            make(&repository, folder, false).expect("a release");
        }
        assert_eq!(names(&one), names(&same));
        assert_ne!(names(&one), names(&other));
        let worker = fs::read_to_string(one.join(WORKER)).expect("a worker");
        let hash =
            worker.split_once("RELEASE = \"").and_then(|(_, rest)| rest.split('"').next()).expect("a hash");
        let boot = fs::read_to_string(one.join(format!("boot-{hash}.js"))).expect("a script");
        assert!(
            boot.contains(&format!("\"./part-{hash}.js\""))
                && boot.contains("\"./library-0123456789abcdef.txt\"")
        );
        let page = fs::read_to_string(one.join("index.html")).expect("a page");
        assert!(page.contains(&format!("src=./boot-{hash}.js")) && page.contains("./icon.svg"), "{page}");
        let list = format!(
            "\"./boot-{hash}.js\", \"./icon.svg\", \"./\", \"./library-0123456789abcdef.txt\", \"./part-{hash}.js\""
        );
        assert!(worker.contains(&format!("FILES = [{list}];")), "{worker}");
    }

    #[test]
    fn what_nobody_asks_for_is_no_part_of_a_release() {
        let folder = site("unasked", "nothing");
        let why = make(&Repository::find(), &folder, false).expect_err("nobody asks for part.js").0;
        assert!(why.contains("./part.js"), "{why}");
    }

    #[test]
    fn a_site_that_still_changes_is_kept_by_nobody() {
        let folder = site("changing", "nothing");
        let before = names(&folder);
        make(&Repository::find(), &folder, true).expect("a worker");
        assert_eq!(names(&folder), before);
        assert!(fs::read_to_string(folder.join(WORKER)).expect("a worker").contains(BLANK));
    }

    #[test]
    fn the_names_that_stay_are_those_that_the_page_says() {
        let read = |path: &str| fs::read_to_string(Repository::find().root.join(path)).expect(path);
        let (page, manifest) = (read("index.html"), read("web/offline/manifest.webmanifest"));
        for name in &STABLE[1..] {
            assert!(page.contains(name), "{name}");
        }
        assert!(manifest.contains("\"./icon.svg\"") && manifest.contains("\"start_url\": \"./\""));
        assert!(read("Trunk.toml").contains("command_arguments = [\"xtask\", \"complete\"]"));
    }
}
