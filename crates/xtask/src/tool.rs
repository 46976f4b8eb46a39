//! The programs that turn the workspace into a site: wasm-bindgen, Trunk, wasm-opt. Also axe-core, which tests the
//! site.
//!
//! A copy on the machine's `PATH` is used if it has the right version; otherwise one goes to `.tools/bin`. Tools
//! are compiled cheaply (unoptimised, without debug information): they run for a second or two per build, and a
//! newcomer who has just cloned the repository waits for them. Trunk is built without its network features. It
//! cannot download anything, so a missing tool is an error at once and not a hang.

use crate::apt;
use crate::job::{Failure, Job};
use crate::repository::Repository;
use std::fs;
use std::path::Path;

/// The newest stable Trunk that the oldest supported Rust compiles.
pub const TRUNK: &str = "0.21.14";
/// mdBook's version: pages with a laboratory in them are made with it, for the browser tests only.
pub const MDBOOK: &str = "0.5.4";
/// wasm-opt's version. Debian's is too old for what Rust emits; the npm package has it as wasm, for every machine.
pub const BINARYEN: &str = "132";

/// What the browser tests take from npm, with the folder in `.tools`: the checker of barriers, a maker of slides, and what draws
/// diagrams.
const PACKAGES: [(&str, &str, &str); 3] = [
    ("axe", "axe-core", "4.14.1"),
    ("reveal", "reveal.js", "6.0.2"),
    ("mermaid", "@mermaid-js/tiny", "12.0.0"),
];

/// A program that `cargo install` makes.
pub struct CargoTool<'a> {
    /// The program.
    pub bin: &'a str,
    /// Exactly this version.
    pub version: &'a str,
    /// What `cargo install` is told to install.
    pub install: &'a [&'a str],
    /// How long it usually takes.
    pub usually: &'a str,
}

impl CargoTool<'_> {
    /// Whether a copy of the right version is there.
    pub fn is_there(&self, repository: &Repository) -> bool {
        settled(repository, self.bin, |said| number_in(said) == Some(self.version))
    }

    /// Installs it unless it is there.
    pub fn ensure(&self, repository: &Repository) -> Result<(), Failure> {
        if self.is_there(repository) {
            return Ok(());
        }
        let mut command = repository.command("cargo");
        command.args(["install", "--force", "--root"]).arg(&repository.tools);
        command.args(self.install).arg("--locked");
        // Shared by the tools, and removed when all of them are there.
        command.env("CARGO_TARGET_DIR", build_dir(repository)).env("CARGO_INCREMENTAL", "0");
        let cheap =
            [("OPT_LEVEL", "0"), ("LTO", "off"), ("CODEGEN_UNITS", "16"), ("DEBUG", "0"), ("STRIP", "true")];
        for (key, value) in cheap {
            command.env(format!("CARGO_PROFILE_RELEASE_{key}"), value);
        }
        let label = format!("installing {} {}", self.bin, self.version);
        let advice = format!(
            "It is built by cargo from its package. Either retry when the package registry can be reached, or put\n\
             {} {} on your PATH by other means: any copy of exactly that version will do.",
            self.bin, self.version
        );
        Job { label: &label, usually: self.usually, log: self.bin, advice: &advice, limit: None }
            .run(repository, command)
    }
}

/// Where the tools are compiled.
pub fn build_dir(repository: &Repository) -> std::path::PathBuf {
    repository.tools.join("build")
}

/// Installs wasm-opt unless it is there.
pub fn ensure_wasm_opt(repository: &Repository) -> Result<(), Failure> {
    let wanted = format!("version {BINARYEN}");
    if settled(repository, "wasm-opt", |said| said.contains(&wanted)) {
        return Ok(());
    }
    if repository.ask("node", &["--version"]).is_none() || repository.ask("npm", &["--version"]).is_none() {
        apt::install(repository, &["nodejs", "npm"], None).map_err(|failure| {
            Failure(format!(
                "wasm-opt {BINARYEN} is missing. It comes as an npm package and runs on Node.js, and this machine \
                 lacks `node` or `npm`.\n{failure}\nOr put wasm-opt {BINARYEN} on your PATH (it is part of Binaryen)."
            ))
        })?;
    }
    let command = npm(repository, "npm", &format!("binaryen@{BINARYEN}.0.0"));
    let label = format!("installing wasm-opt {BINARYEN} (npm package binaryen)");
    let advice = "Retry when the npm registry can be reached, or put wasm-opt of that version on your PATH.";
    Job { label: &label, usually: "5 s", log: "binaryen", advice, limit: None }.run(repository, command)?;
    link(Path::new("../npm/node_modules/.bin/wasm-opt"), &repository.bin().join("wasm-opt"))
        .map_err(|error| Failure(format!("cannot make .tools/bin/wasm-opt: {error}")))
}

/// Installs the npm packages of the browser tests unless they are there, each in a folder of its own.
pub fn ensure_packages(repository: &Repository) -> Result<(), Failure> {
    PACKAGES.iter().try_for_each(|&(folder, package, version)| {
        let manifest = repository.tools.join(folder).join("node_modules").join(package).join("package.json");
        let wanted = format!("\"version\": \"{version}\"");
        if fs::read_to_string(manifest).is_ok_and(|text| text.contains(&wanted)) {
            return Ok(());
        }
        let mut command = npm(repository, folder, &format!("{package}@{version}"));
        command.arg("--ignore-scripts");
        let label = format!("installing {package} {version}");
        let advice =
            "It comes from npm and is used by the browser tests only. Retry when the npm registry can be reached.";
        Job { label: &label, usually: "5 s", log: folder, advice, limit: None }.run(repository, command)
    })
}

/// The command that puts an npm package into a folder of `.tools` of its own: npm throws out what it finds beside.
fn npm(repository: &Repository, folder: &str, package: &str) -> std::process::Command {
    let mut command = repository.command("npm");
    command
        .args(["install", "--no-save", "--no-audit", "--no-fund", "--prefix"])
        .arg(repository.tools.join(folder));
    command.arg(package);
    command
}

#[cfg(unix)]
fn link(to: &Path, at: &Path) -> std::io::Result<()> {
    fs::create_dir_all(at.parent().expect("a file in a folder"))?;
    let _ = fs::remove_file(at);
    std::os::unix::fs::symlink(to, at)
}

#[cfg(not(unix))]
fn link(_: &Path, _: &Path) -> std::io::Result<()> {
    Err(std::io::Error::other("only Unix is supported; on Windows use the Linux subsystem"))
}

/// Whether a copy with the right version will be found. An old copy in `.tools`, which would hide it, is removed.
fn settled(repository: &Repository, bin: &str, right: impl Fn(&str) -> bool) -> bool {
    let is_right = |file: &Path| repository.ask(file, &["--version"]).is_some_and(|said| right(&said));
    let ours = repository.bin().join(bin);
    if ours.exists() && is_right(&ours) {
        return true;
    }
    let _ = fs::remove_file(&ours);
    repository.outside(bin).is_some_and(|file| is_right(&file))
}

/// The version in "trunk 0.21.14", "wasm-bindgen 0.2.130 (abc)" or "mdbook v0.5.4".
fn number_in(said: &str) -> Option<&str> {
    let mut words = said.split_whitespace().map(|word| word.strip_prefix('v').unwrap_or(word));
    words.find(|word| word.starts_with(|c: char| c.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::number_in;

    #[test]
    fn finds_the_version_in_what_tools_say() {
        assert_eq!(number_in("trunk 0.21.14"), Some("0.21.14"));
        assert_eq!(number_in("wasm-bindgen 0.2.130 (0000)"), Some("0.2.130"));
        assert_eq!(number_in("mdbook v0.5.4"), Some("0.5.4"));
        assert_eq!(number_in("no idea, very"), None);
    }
}
