//! The parts of the page that are made of npm packages, each as a file of the site that the page asks for when it is needed: the
//! editor of the texts when somebody begins to write (docs/site.md, The editor is a file of its own); and the choices of the
//! dialogs that give a link away when one of these opens. Each asks for a wasm file of its own when it is needed (`beside.rs`).
//!
//! `package-lock.json` beside each names each package with its version and the hash of its contents, and no host: npm takes them
//! from the registry that the machine is set up for. None of their scripts is run. The packages lie in `.tools`.

use crate::beside::{self, Beside};
use crate::hashed;
use crate::job::{Failure, Job};
use crate::library;
use crate::repository::Repository;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What the packages are named in.
const NAMED: [&str; 2] = ["package.json", "package-lock.json"];

/// The parts: their folders in `web` and in `.tools`, and what the page calls their files, without `.js`. The first has the
/// bundler.
const PARTS: [&str; 2] = ["editor", "share"];

/// A page of its own, without packages: its folder in `web`, and what its files are called. It asks what draws pictures.
const PAGE: &str = "kernels";

/// Where the packages of a part lie.
fn folder(repository: &Repository, part: &str) -> PathBuf {
    repository.tools.join(part)
}

/// Installs the packages unless they are there.
pub fn ensure(repository: &Repository) -> Result<(), Failure> {
    PARTS.iter().try_for_each(|part| ensure_part(repository, part))
}

fn ensure_part(repository: &Repository, part: &str) -> Result<(), Failure> {
    let (from, to) = (repository.root.join("web").join(part), folder(repository, part));
    let failed = |path: &Path, error| Failure(format!("{}: {error}", path.display()));
    let same = |name: &str| fs::read(from.join(name)).ok() == fs::read(to.join(name)).ok();
    // npm writes this one last.
    let whole = to.join("node_modules/.package-lock.json").is_file();
    if whole && NAMED.iter().all(|name| same(name)) {
        return Ok(());
    }
    fs::create_dir_all(&to).map_err(|error| failed(&to, error))?;
    for name in NAMED {
        fs::copy(from.join(name), to.join(name)).map_err(|error| failed(&from.join(name), error))?;
    }
    let mut command = repository.command("npm");
    // In the folder itself: with `--prefix` and a folder that a link leads to, npm takes it for a package of its own.
    command.current_dir(&to).args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]);
    let label = format!("installing the packages of web/{part}");
    let advice = "They come from npm. Retry when the npm registry can be reached.";
    Job { label: &label, usually: "5 s", log: part, advice, limit: None }.run(repository, command)
}

/// Writes the files into the folder in which Trunk prepares the site.
pub fn add(repository: &Repository, site: &Path) -> Result<(), Failure> {
    ensure(repository)?;
    let beside = beside::add(repository, site)?;
    PARTS.iter().try_for_each(|part| {
        hashed::put(site, &format!("{part}.js"), &bundled(repository, part, &beside)?)
    })?;
    add_page(repository, site, &beside)
}

/// Writes script and sheet of the page of its own. `kernels.html` asks for both, and Trunk copies that.
fn add_page(repository: &Repository, site: &Path, beside: &[Beside]) -> Result<(), Failure> {
    let mut script = bundling(repository, PAGE, beside);
    script.arg(format!("--define:LIBRARY=\"./{}\"", library::name(repository)?));
    let mut sheet = bundler(repository);
    sheet.arg(format!("web/{PAGE}/src/main.css")).args(["--bundle", "--minify", "--log-level=warning"]);
    for (ending, command) in [("js", script), ("css", sheet)] {
        let file = site.join(format!("{PAGE}.{ending}"));
        let text = told(command, &format!("web/{PAGE}"))?;
        fs::write(&file, text).map_err(|error| Failure(format!("{}: {error}", file.display())))?;
    }
    Ok(())
}

/// The file of a part: our modules and the packages, and the terms on which we have those.
fn bundled(repository: &Repository, part: &str, beside: &[Beside]) -> Result<String, Failure> {
    let packages = folder(repository, part).join("node_modules");
    let mut command = bundling(repository, part, beside);
    command.env("NODE_PATH", &packages);
    let code = told(command, &format!("web/{part}"))?;
    Ok(format!("/*!\n{}\n*/\n{code}", terms(&packages)?))
}

/// What makes one file of a part's modules.
fn bundling(repository: &Repository, part: &str, beside: &[Beside]) -> Command {
    let mut command = bundler(repository);
    command.arg(format!("web/{part}/src/main.js"));
    command.args(["--bundle", "--minify", "--format=esm", "--target=es2022", "--log-level=warning"]);
    for Beside { package, name, script } in beside {
        command.arg(format!("--alias:{package}={}", script.display()));
        command.arg(format!("--define:{}=\"./{name}\"", package.to_uppercase()));
    }
    command
}

/// A style sheet without what browsers do not need. The packages are installed.
pub fn minified(repository: &Repository, sheet: &Path) -> Result<String, Failure> {
    let mut command = bundler(repository);
    command.arg(sheet).args(["--minify", "--log-level=warning"]);
    told(command, &sheet.display().to_string())
}

fn bundler(repository: &Repository) -> Command {
    repository.command(folder(repository, PARTS[0]).join("node_modules/esbuild/bin/esbuild"))
}

/// What the bundler makes of something.
fn told(mut command: Command, what: &str) -> Result<String, Failure> {
    let output = command.output().map_err(|error| Failure(format!("esbuild does not start: {error}")))?;
    if !output.status.success() {
        return Err(Failure(format!("{what}:\n{}", String::from_utf8_lossy(&output.stderr))));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// The licences of the packages, each once. The bundler is no part of the file.
fn terms(packages: &Path) -> Result<String, Failure> {
    let failed = |error| Failure(format!("{}: {error}", packages.display()));
    let mut found = BTreeSet::new();
    let mut folders = vec![packages.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).map_err(failed)?.flatten() {
            let (path, name) = (entry.path(), entry.file_name().to_string_lossy().into_owned());
            if let Ok(text) = fs::read_to_string(path.join("LICENSE")) {
                found.insert(text.trim().to_owned());
            } else if name.starts_with('@') && name != "@esbuild" {
                folders.push(path);
            }
        }
    }
    if found.is_empty() {
        return Err(Failure(format!("no package in {} has a licence", packages.display())));
    }
    Ok(found.into_iter().collect::<Vec<_>>().join("\n\n").replace("*/", "* /"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_asks_for_each_part() {
        let repository = Repository::find();
        let read = |path: &str| fs::read_to_string(repository.root.join(path)).expect(path);
        // In a sandboxed frame, such an import has nothing that it could be relative to.
        assert!(!read("web/boot.js").contains("import(\"."));
        for part in PARTS {
            assert_eq!(read("web/boot.js").matches(&format!("{part}.js")).count(), 1);
            // What npm installs is said to the last byte, and nothing says from where.
            let (wanted, locked) =
                (read(&format!("web/{part}/package.json")), read(&format!("web/{part}/package-lock.json")));
            assert!(
                !wanted.contains("\"^") && !wanted.contains("\"~") && !wanted.contains("\"*"),
                "{wanted}"
            );
            assert!(!locked.contains("\"resolved\"") && !locked.contains("://registry"), "it names a host");
            let packages = locked.matches("\"node_modules/").count();
            assert!(packages > 0);
            assert_eq!(locked.matches("\"integrity\": \"sha512-").count(), packages);
        }
    }

    #[test]
    fn each_licence_is_there_once_and_closes_no_comment() {
        let folder = Repository::find().root.join("target/terms");
        let write = |package: &str, text: &str| {
            let package = folder.join(package);
            fs::create_dir_all(&package).expect("a folder");
            fs::write(package.join("LICENSE"), text).expect("a licence");
        };
        write("@a/one", "free\n");
        write("@a/two", "free");
        write("three", "also */ free");
        assert_eq!(terms(&folder).expect("licences"), "also * / free\n\nfree");
        assert!(terms(&folder.join("three")).is_err());
    }
}
