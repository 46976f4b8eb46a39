//! What the page's editor asks of texts (`crates/prompter`), as a wasm file of the site. The editor's own file asks for it by the name
//! that it gets here, which has the hash of its contents.

use crate::hashed;
use crate::job::Failure;
use crate::place::Repository;
use crate::site;
use crate::wasm_target::TRIPLE;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The program of the package.
const BIN: &str = "prompt";

/// What it is called, but for the hash.
const NAME: &str = "prompter.wasm";

/// What the editor needs to know of it.
pub struct Prompter {
    /// The file among the files of the site.
    pub name: String,
    /// The script that loads it.
    pub script: PathBuf,
}

/// Compiles it, and writes it into the folder in which Trunk prepares the site.
pub fn add(place: &Repository, site: &Path) -> Result<Prompter, Failure> {
    // Trunk says how it has compiled the page: in the same way most of this is compiled already.
    let release = std::env::var("TRUNK_PROFILE").is_ok_and(|profile| profile == "release");
    let profile = site::profile_of(!release);
    let mut cargo = place.command("cargo");
    cargo.args([
        "build",
        "--quiet",
        "-p",
        "prompter",
        "--bin",
        BIN,
        "--target",
        TRIPLE,
        "--profile",
        profile,
    ]);
    run(cargo)?;
    let target =
        std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| place.root.join("target"), PathBuf::from);
    let folder = place.root.join("target/prompter");
    let mut bindgen = place.command("wasm-bindgen");
    bindgen.args(["--target", "web", "--no-typescript", "--out-name", "prompter", "--out-dir"]).arg(&folder);
    bindgen.arg(target.join(TRIPLE).join(profile).join(BIN).with_extension("wasm"));
    run(bindgen)?;
    let wasm = folder.join("prompter_bg.wasm");
    if release {
        let mut opt = place.command("wasm-opt");
        opt.args(["-Oz", "--low-memory-unused"]).arg(&wasm).arg("-o").arg(&wasm);
        run(opt)?;
    }
    let failed = |path: &Path, error| Failure(format!("{}: {error}", path.display()));
    let contents = fs::read(&wasm).map_err(|error| failed(&wasm, error))?;
    let name = hashed::named(NAME, &contents);
    let file = site.join(&name);
    fs::write(&file, contents).map_err(|error| failed(&file, error))?;
    Ok(Prompter { name, script: folder.join("prompter.js") })
}

/// Runs a command to its end, and says what it has said if it fails.
fn run(mut command: Command) -> Result<(), Failure> {
    let program = command.get_program().to_string_lossy().into_owned();
    let output = command.output().map_err(|error| Failure(format!("{program} does not start: {error}")))?;
    if output.status.success() {
        return Ok(());
    }
    Err(Failure(format!("{program}, for the editor:\n{}", String::from_utf8_lossy(&output.stderr))))
}
