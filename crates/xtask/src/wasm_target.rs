//! The standard library for wasm32: rustup's, or one built from source with a second compiler.
//!
//! Some machines have a Rust toolchain but can't reach the host from which rustup downloads targets. Debian has a
//! compiler for the web, with its sources. A `cargo` wrapper in `.tools/bin` sends every call that names wasm32 to
//! that compiler, and all other calls to the ordinary cargo. Trunk builds through the wrapper without knowing.

use crate::apt;
use crate::job::{Failure, Job};
use crate::repository::Repository;
use std::fs;
use std::path::Path;
use std::time::Duration;

/// The target's name.
pub const TRIPLE: &str = "wasm32-unknown-unknown";
const PACKAGES: [&str; 4] = ["rustc-web", "cargo-web", "rust-web-src", "rust-web-llvm"];

/// How wasm gets compiled on this machine.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Wasm {
    /// By the ordinary toolchain.
    Rustup,
    /// By Debian's, through the wrapper; it has no clippy.
    Debian,
}

/// Makes sure of one of the two.
pub fn ensure(repository: &Repository) -> Result<Wasm, Failure> {
    let forced = std::env::var("TLBSCOPE_WASM").is_ok_and(|value| value == "fallback");
    let wrapper = repository.bin().join("cargo");
    if !forced && (present(repository) || add(repository)) {
        let _ = fs::remove_file(wrapper); // left from a set-up before rustup had the target
        return Ok(Wasm::Rustup);
    }
    let missing: Vec<&str> =
        PACKAGES.into_iter().filter(|package| repository.ask("dpkg", &["-s", package]).is_none()).collect();
    if !missing.is_empty() {
        println!("  rustup cannot provide the target {TRIPLE}; trying Debian's compiler for the web.");
        install(repository, &missing)?;
    }
    if let Some(linker) = missing_linker() {
        install(repository, &[&linker])?;
    }
    write_wrapper(repository, &wrapper)
        .map_err(|error| Failure(format!("cannot write .tools/bin/cargo: {error}")))?;
    Ok(Wasm::Debian)
}

/// Which of the two an earlier set-up has chosen.
pub fn settled(repository: &Repository) -> Wasm {
    if repository.bin().join("cargo").exists() { Wasm::Debian } else { Wasm::Rustup }
}

fn install(repository: &Repository, packages: &[&str]) -> Result<(), Failure> {
    apt::install(repository, packages, None).map_err(|failure| {
        let better =
            format!("Where rustup can reach its host, this command is enough:\n  rustup target add {TRIPLE}");
        Failure(format!("{failure}\n{better}"))
    })
}

/// The package with the linker, if that is not there: Debian's `rust-lld` is a link to `lld-NN`, the name of a program
/// and of its package, on which nothing depends.
fn missing_linker() -> Option<String> {
    let link = Path::new("/usr/bin/rust-lld");
    let to = fs::read_link(link).ok().filter(|_| !link.exists())?;
    Some(to.file_name()?.to_string_lossy().into_owned())
}

/// Whether the toolchain in use has the target.
fn present(repository: &Repository) -> bool {
    let Some(sysroot) = repository.ask("rustc", &["--print", "sysroot"]) else { return false };
    let lib = Path::new(&sysroot).join("lib/rustlib").join(TRIPLE).join("lib");
    let Ok(files) = fs::read_dir(lib) else { return false };
    files.flatten().any(|file| {
        let name = file.file_name();
        let name = name.to_string_lossy();
        name.starts_with("libstd-") && name.ends_with(".rlib")
    })
}

/// Asks rustup for it. It gives up after a while, since an unreachable host may never answer.
fn add(repository: &Repository) -> bool {
    if !repository.has("rustup") {
        return false;
    }
    let mut command = repository.command("rustup");
    command.args(["target", "add", TRIPLE]);
    let label = format!("rustup target add {TRIPLE}");
    let advice = "Going on without it.";
    let job =
        Job { label: &label, usually: "10 s", log: "rustup", advice, limit: Some(Duration::from_secs(180)) };
    job.run(repository, command).inspect_err(|failure| println!("  {failure}")).is_ok() && present(repository)
}

/// The wrapper: to Debian's cargo with a standard library from source if the call is about wasm, else straight on.
fn write_wrapper(repository: &Repository, at: &Path) -> std::io::Result<()> {
    let ordinary = repository.outside("cargo").ok_or_else(|| std::io::Error::other("no cargo on PATH"))?;
    let script = format!(
        "#!/bin/sh\n\
         # Written by `cargo xtask setup`: calls about wasm go to Debian's compiler for the web.\n\
         for arg in \"$@\"; do case \"$arg\" in *{TRIPLE}*)\n  \
         export RUSTC_BOOTSTRAP=1 RUSTC=/usr/bin/rustc RUSTDOC=/usr/bin/rustdoc\n  \
         export CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER=rust-lld CARGO_UNSTABLE_BUILD_STD=std,panic_abort\n  \
         unset RUSTUP_TOOLCHAIN CARGO\n  \
         exec /usr/bin/cargo \"$@\";; esac; done\n\
         exec \"{}\" \"$@\"\n",
        ordinary.display()
    );
    if fs::read_to_string(at).is_ok_and(|old| old == script) {
        return Ok(());
    }
    fs::create_dir_all(repository.bin())?;
    fs::write(at, script)?;
    make_executable(at)
}

#[cfg(unix)]
fn make_executable(file: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(file, fs::Permissions::from_mode(0o755))
}

#[cfg(not(unix))]
fn make_executable(_: &Path) -> std::io::Result<()> {
    Ok(())
}
