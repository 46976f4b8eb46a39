//! The wasm files beside the page's own, which no visitor waits for: what the editor asks of texts (`crates/prompter`), and what
//! draws pictures of links (`crates/plotter`). A script that npm's packages are bundled into (`editor.rs`) asks for each by the name
//! that it gets here, which has the hash of its contents.

use crate::hashed;
use crate::job::Failure;
use crate::repository::Repository;
use crate::site;
use crate::wasm_target::TRIPLE;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The packages, and their programs.
pub const ALL: [(&str, &str); 2] = [("prompter", "prompt"), ("plotter", "plot")];

/// What a script needs to know of one.
pub struct Beside {
    /// By what name a script imports it.
    pub package: &'static str,
    /// The file among the files of the site.
    pub name: String,
    /// The script that loads it.
    pub script: PathBuf,
}

/// Compiles them, and writes them into the folder in which Trunk prepares the site.
pub fn add(repository: &Repository, site: &Path) -> Result<Vec<Beside>, Failure> {
    // Trunk says how it has compiled the page: in the same way most of this is compiled already.
    let release = site::optimised();
    let profile = site::profile_of(!release);
    let mut cargo = repository.command("cargo");
    cargo.args(["build", "--quiet", "--target", TRIPLE, "--profile", profile]);
    for (package, bin) in ALL {
        cargo.args(["-p", package, "--bin", bin]);
    }
    run(cargo)?;
    let target =
        std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| repository.root.join("target"), PathBuf::from);
    let folder = repository.root.join("target/beside");
    let compiled = target.join(TRIPLE).join(profile);
    let one = |(package, bin): (&'static str, &str)| {
        let mut bindgen = repository.command("wasm-bindgen");
        bindgen.args(["--target", "web", "--no-typescript", "--out-name", package, "--out-dir"]).arg(&folder);
        bindgen.arg(compiled.join(bin).with_extension("wasm"));
        run(bindgen)?;
        let wasm = folder.join(format!("{package}_bg.wasm"));
        if release {
            let mut opt = repository.command("wasm-opt");
            opt.args(["-Oz", "--low-memory-unused"]).arg(&wasm).arg("-o").arg(&wasm);
            run(opt)?;
        }
        let failed = |path: &Path, error| Failure(format!("{}: {error}", path.display()));
        let contents = fs::read(&wasm).map_err(|error| failed(&wasm, error))?;
        let name = hashed::named(&format!("{package}.wasm"), &contents);
        let file = site.join(&name);
        fs::write(&file, contents).map_err(|error| failed(&file, error))?;
        Ok(Beside { package, name, script: folder.join(format!("{package}.js")) })
    };
    ALL.into_iter().map(one).collect()
}

/// Runs a command to its end, and says what it has said if it fails.
fn run(mut command: Command) -> Result<(), Failure> {
    let program = command.get_program().to_string_lossy().into_owned();
    let output = command.output().map_err(|error| Failure(format!("{program} does not start: {error}")))?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(Failure(format!("{program}, for a wasm file beside the page's:\n{said}")))
}
