//! What a release hands out, in `target/packages`: the program as crates that cargo installs, with the page in it, and the site as an
//! archive.
//!
//! The crates of this workspace have short names, which other people's crates have on a registry. So they are packaged under names of
//! their own, from a copy: `x86` as `tlbscope-x86`. In the sources of the copy nothing changes, since each manifest calls its
//! dependencies what they are called here.

use crate::job::Failure;
use crate::repository::Repository;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The crate of the program, and what it is called where others have crates too.
const PROGRAM: &str = "cli";
pub const NAME: &str = "tlbscope";

/// How it is compiled: users wait for its searches.
const RELEASE: &str =
    "\n[profile.release]\nopt-level = 3\nlto = true\ncodegen-units = 1\npanic = \"abort\"\n";

/// What a folder of a crate has that a package does not need: tests, what they compare with, and what is made for one editor.
const LEFT_OUT: [&str; 4] = ["tests", "golden", "examples", "editors"];
/// The tests that are packaged: of the program that carries the page.
const TESTED: &str = "tests/packaged/serve.rs";

/// Where everything goes.
fn folder(repository: &Repository) -> PathBuf {
    repository.root.join("target/packages")
}

/// Makes the packages and the archive of a built site.
pub fn make(repository: &Repository, site: &Path) -> Result<(), Failure> {
    let folder = folder(repository);
    let sources = folder.join("sources");
    for stale in ["sources", "package"] {
        // What is not there need not be removed.
        let _ = fs::remove_dir_all(folder.join(stale));
    }
    let crates = needed(repository)?;
    for name in &crates {
        copy_crate(repository, name, &sources)?;
    }
    copy(&repository.root.join("library"), &sources.join("crates/gallery/library"), &[])?;
    copy(site, &sources.join("crates").join(PROGRAM).join("dist"), &["scenarios"])?;
    let read = |name: &str| read(&repository.root.join(name));
    write(&sources.join("Cargo.toml"), &workspace(&read("Cargo.toml")?, &crates))?;
    write(&sources.join("Cargo.lock"), &renamed_lock(&read("Cargo.lock")?, &crates))?;
    let mut cargo = repository.command("cargo");
    cargo
        .args(["package", "--workspace", "--no-verify", "--allow-dirty", "--quiet", "--target-dir"])
        .arg(&folder);
    run(cargo.current_dir(&sources))?;
    archive(repository, site, &folder)?;
    println!("  {} crates and the archive of the site are in {}", crates.len(), folder.display());
    Ok(())
}

/// The crates that the program is made of, itself among them.
fn needed(repository: &Repository) -> Result<BTreeSet<String>, Failure> {
    let (mut found, mut open) = (BTreeSet::new(), vec![PROGRAM.to_owned()]);
    while let Some(name) = open.pop() {
        let manifest = read(&repository.root.join("crates").join(&name).join("Cargo.toml"))?;
        open.extend(dependencies(&manifest));
        found.insert(name);
    }
    Ok(found)
}

/// What a manifest takes from this workspace, but for what only tests need.
fn dependencies(manifest: &str) -> Vec<String> {
    let section = manifest.split_once("[dependencies]\n").map_or("", |(_, rest)| rest);
    let section = section.split("\n[").next().unwrap_or_default();
    let ours = |line: &str| {
        let (name, rest) = line.split_once(['.', ' '])?;
        (rest.starts_with("workspace = true") || rest.contains("{ workspace = true")).then(|| name.to_owned())
    };
    section.lines().filter_map(ours).collect()
}

/// Under which name a crate is packaged.
fn public(name: &str) -> String {
    if name == PROGRAM { NAME.to_owned() } else { format!("{NAME}-{name}") }
}

/// Copies a crate, with a manifest for strangers and with the licences.
fn copy_crate(repository: &Repository, name: &str, sources: &Path) -> Result<(), Failure> {
    let (from, to) = (repository.root.join("crates").join(name), sources.join("crates").join(name));
    copy(&from, &to, &LEFT_OUT)?;
    let mut manifest = manifest(name, &read(&from.join("Cargo.toml"))?);
    if name == PROGRAM {
        // Whoever installs the program alone has no workspace that says it.
        manifest.push_str(RELEASE);
    }
    write(&to.join("Cargo.toml"), &manifest)?;
    for licence in ["LICENSE-MIT", "LICENSE-APACHE"] {
        write(&to.join(licence), &read(&repository.root.join(licence))?)?;
    }
    if name == PROGRAM {
        write(&to.join(TESTED), &read(&from.join(TESTED))?)?;
        for text in ["README.md", "CHANGELOG.md"] {
            write(&to.join(text), &read(&repository.root.join(text))?)?;
        }
    }
    Ok(())
}

/// A manifest for strangers: its public name, without what is left out. The program has the page in it unless somebody declines.
fn manifest(name: &str, text: &str) -> String {
    let text = format!("\n{text}");
    let sections = text.split("\n[").skip(1).map(|section| format!("[{}\n", section.trim_end()));
    let mut kept: Vec<String> = sections.filter(|section| keeps(section)).collect();
    for section in &mut kept {
        if section.starts_with("[package]") {
            *section =
                section.replace(&format!("name = \"{name}\""), &format!("name = \"{}\"", public(name)));
            if name != PROGRAM && !text.contains("\n[lib]\n") {
                section.push_str("\n[lib]\n");
            }
        }
        if section.starts_with("[features]") && name == PROGRAM {
            *section = section.replace("[features]\n", "[features]\ndefault = [\"page\"]\n");
        }
        // What code calls it stays.
        *section = section.replace("[lib]\n", &format!("[lib]\nname = \"{name}\"\n"));
        if section.starts_with("[dependencies]") {
            // A version of each of ours: a package has no paths.
            *section = section.replace(".workspace = true", " = { workspace = true }");
        }
    }
    kept.join("\n")
}

/// Whether a section of a manifest is for those who only use the crate.
fn keeps(section: &str) -> bool {
    let tests = section.starts_with("[[test]]") && !section.contains(TESTED);
    let drops = ["[dev-dependencies]", "[[example]]", "[lints]", "[[bench]]"];
    !tests && !drops.iter().any(|head| section.starts_with(head))
}

/// The manifest of the copied workspace.
fn workspace(text: &str, crates: &BTreeSet<String>) -> String {
    let version =
        text.split_once("\nversion = \"").and_then(|(_, rest)| rest.split('"').next()).unwrap_or_default();
    let mut manifest =
        "[workspace]\nresolver = \"3\"\nmembers = [\"crates/*\"]\n\n[workspace.package]\n".to_owned();
    for key in ["version", "edition", "rust-version", "license"] {
        manifest.extend(
            text.lines().find(|line| line.starts_with(&format!("{key} = "))).map(|line| format!("{line}\n")),
        );
    }
    manifest.push_str("publish = true\n\n[workspace.dependencies]\n");
    for name in crates {
        let public = public(name);
        manifest.push_str(&format!(
            "{name} = {{ package = \"{public}\", path = \"crates/{name}\", version = \"={version}\" }}\n"
        ));
    }
    manifest + RELEASE
}

/// The same versions of others' crates as here. Cargo drops what the copy does not need.
fn renamed_lock(lock: &str, crates: &BTreeSet<String>) -> String {
    let rename = |package: &str| {
        let name = package.lines().next().and_then(|line| line.strip_prefix("name = \"")?.strip_suffix('"'));
        // A crate of ours has no source.
        match name.filter(|name| crates.contains(*name) && !package.contains("\nsource = ")) {
            Some(_) => String::new(),
            None => format!("[[package]]\n{package}"),
        }
    };
    let mut packages = lock.split("[[package]]\n");
    let head = packages.next().unwrap_or_default().to_owned();
    packages.fold(head, |all, package| all + &rename(package))
}

/// The site, as an archive for whoever serves files: the same bytes for the same files.
fn archive(repository: &Repository, site: &Path, folder: &Path) -> Result<(), Failure> {
    let mut tar = repository.command("tar");
    tar.args(["--sort=name", "--owner=0", "--group=0", "--numeric-owner", "--mtime=@0", "-czf"]);
    tar.arg(folder.join("tlbscope-site.tar.gz")).arg("-C").arg(site).arg(".");
    run(&mut tar)
}

/// The packages as somebody gets them, in one workspace: each is unpacked, and finds the others here and not on a registry.
pub fn unpack(repository: &Repository) -> Result<PathBuf, Failure> {
    let folder = folder(repository);
    let unpacked = folder.join("unpacked");
    let _ = fs::remove_dir_all(&unpacked);
    fs::create_dir_all(&unpacked).map_err(|error| failed(&unpacked, &error))?;
    let (mut patches, mut profiles) = (String::new(), String::new());
    let packages = folder.join("package");
    for entry in fs::read_dir(&packages).map_err(|error| failed(&packages, &error))?.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let Some(stem) = name.strip_suffix(".crate") else { continue };
        let mut tar = repository.command("tar");
        run(tar.arg("-xzf").arg(entry.path()).arg("-C").arg(&unpacked))?;
        let (package, _) = stem.rsplit_once('-').unwrap_or((stem, ""));
        patches.push_str(&format!("{package} = {{ path = \"{stem}\" }}\n"));
        profiles.push_str(&format!("[profile.test.package.{package}]\nopt-level = 0\n"));
    }
    // Others' crates as in this workspace, so that they are compiled already. Ours as soon as possible: what they compute is tested
    // elsewhere.
    let manifest = format!(
        "[workspace]\nresolver = \"3\"\nmembers = [\"*-*\"]\n\n[patch.crates-io]\n{patches}\n\
         [profile.test]\nopt-level = 1\ndebug = \"line-tables-only\"\n\n{profiles}"
    );
    write(&unpacked.join("Cargo.toml"), &manifest)?;
    write(&unpacked.join("Cargo.lock"), &read(&folder.join("sources/Cargo.lock"))?)?;
    Ok(unpacked)
}

/// Copies a folder, but for some names in it.
fn copy(from: &Path, to: &Path, but: &[&str]) -> Result<(), Failure> {
    fs::create_dir_all(to).map_err(|error| failed(to, &error))?;
    for entry in fs::read_dir(from).map_err(|error| failed(from, &error))? {
        let path = entry.map_err(|error| failed(from, &error))?.path();
        let Some(name) = path.file_name().filter(|name| !but.iter().any(|left| *left == *name)) else {
            continue;
        };
        let to = to.join(name);
        if path.is_dir() {
            copy(&path, &to, &[])?;
        } else {
            fs::copy(&path, &to).map_err(|error| failed(&path, &error))?;
        }
    }
    Ok(())
}

fn run(command: &mut Command) -> Result<(), Failure> {
    let program = command.get_program().to_string_lossy().into_owned();
    let output = command.output().map_err(|error| Failure(format!("{program} does not start: {error}")))?;
    if output.status.success() {
        return Ok(());
    }
    Err(Failure(format!("{program}, for the packages:\n{}", String::from_utf8_lossy(&output.stderr))))
}

fn read(path: &Path) -> Result<String, Failure> {
    fs::read_to_string(path).map_err(|error| failed(path, &error))
}

fn write(path: &Path, text: &str) -> Result<(), Failure> {
    let folder = path.parent().unwrap_or(path);
    fs::create_dir_all(folder).and_then(|()| fs::write(path, text)).map_err(|error| failed(path, &error))
}

fn failed(path: &Path, error: &std::io::Error) -> Failure {
    Failure(format!("{}: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_package_has_a_name_of_its_own_and_nothing_of_the_tests() {
        let text = "[package]\nname = \"lang\"\n\n[dependencies]\nx86.workspace = true\nhost = { workspace = true, optional = true }\n\
                    \n[dev-dependencies]\ngolden.workspace = true\n\n[[test]]\npath = \"tests/main.rs\"\n\n[lints]\nworkspace = true\n";
        assert_eq!(dependencies(text), ["x86", "host"]);
        assert_eq!(
            manifest("lang", text),
            "[package]\nname = \"tlbscope-lang\"\n\n[lib]\nname = \"lang\"\n\n[dependencies]\nx86 = { workspace = true }\n\
             host = { workspace = true, optional = true }\n"
        );
        // A crate that says more of its library says it once.
        let library = "[package]\nname = \"x86\"\n\n[lib]\ndoctest = false\n";
        assert_eq!(
            manifest("x86", library),
            "[package]\nname = \"tlbscope-x86\"\n\n[lib]\nname = \"x86\"\ndoctest = false\n"
        );
    }

    #[test]
    fn the_program_needs_crates_that_can_be_packaged() {
        let repository = Repository::find();
        let crates = needed(&repository).expect("manifests");
        assert!(
            crates.contains("machine") && crates.contains(PROGRAM) && !crates.contains("golden"),
            "{crates:?}"
        );
        let of_workspace =
            workspace(&read(&repository.root.join("Cargo.toml")).expect("a manifest"), &crates);
        assert!(
            of_workspace.contains("\nversion = \"") && of_workspace.contains("tlbscope-x86"),
            "{of_workspace}"
        );
    }

    /// What the file for containers copies, and the commands that it calls.
    #[test]
    fn the_container_is_made_of_what_is_there() {
        let root = Repository::find().root;
        let text = read(&root.join("Containerfile")).expect("a file for containers");
        let left_out = read(&root.join(".containerignore")).expect("what is left out of it");
        for name in left_out.lines() {
            assert!([".git", ".tools", "dist", "target"].contains(&name), "{name}");
        }
        let oldest = read(&root.join("Cargo.toml")).expect("a manifest");
        let oldest =
            oldest.lines().find_map(|line| line.strip_prefix("rust-version = \"")?.strip_suffix('"'));
        assert!(text.contains(&format!("FROM rust:{}-", oldest.expect("the oldest Rust"))));
        let mut tried = 0;
        for line in text.lines() {
            if let Some(command) = line.strip_prefix("RUN cargo xtask ") {
                let args = command.split_whitespace().map(std::ffi::OsString::from);
                assert!(crate::args::parse(args).is_ok(), "{line}");
                tried += 1;
            }
            if let Some(command) = line.strip_prefix("RUN cargo build ") {
                let manifest =
                    read(&root.join("crates").join(PROGRAM).join("Cargo.toml")).expect("a manifest");
                assert!(
                    command.contains("-p cli --features page") && manifest.contains("\npage = "),
                    "{line}"
                );
                tried += 1;
            }
            // The program that is copied and called is the program that is built.
            tried += u32::from(
                line.contains("/src/target/release/tlbscope")
                    || line.starts_with("CMD [\"tlbscope\", \"serve\""),
            );
        }
        assert_eq!(tried, 4, "{text}");
    }
}
