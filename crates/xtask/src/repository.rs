//! Where things are: the repository, its private tools, and the `PATH` that commands run with.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The repository on this machine.
pub struct Repository {
    /// The folder of the workspace's `Cargo.toml`; every command runs in it.
    pub root: PathBuf,
    /// Where this repository's own tools go. Nothing is written to the user's folders.
    pub tools: PathBuf,
    path: OsString,
}

impl Repository {
    /// The workspace that this very program was built from.
    pub fn find() -> Self {
        let manifest =
            std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
        let root = Path::new(&manifest).ancestors().nth(2).expect("xtask lies two folders deep").to_owned();
        let tools = root.join(".tools");
        let outer = std::env::var_os("PATH").unwrap_or_default();
        let outer: Vec<PathBuf> =
            std::env::split_paths(&outer).filter(|dir| *dir != tools.join("bin")).collect();
        let path = std::env::join_paths(std::iter::once(tools.join("bin")).chain(outer))
            .expect("the folders come from a PATH or from cargo");
        Self { root, tools, path }
    }

    /// Programs installed for this repository alone.
    pub fn bin(&self) -> PathBuf {
        self.tools.join("bin")
    }

    /// A command in the repository's root, with the repository's tools first on its `PATH`.
    pub fn command(&self, program: impl AsRef<Path>) -> Command {
        let mut command = Command::new(program.as_ref());
        command.current_dir(&self.root).env("PATH", &self.path).env_remove("CARGO_BUILD_TARGET");
        command
    }

    /// A program on the machine's own `PATH`, the repository's tools left aside.
    pub fn outside(&self, program: &str) -> Option<PathBuf> {
        std::env::split_paths(&self.path).skip(1).map(|dir| dir.join(program)).find(|file| file.is_file())
    }

    /// Whether a command of this name would start.
    pub fn has(&self, program: &str) -> bool {
        self.bin().join(program).is_file() || self.outside(program).is_some()
    }

    /// What a short command prints; `None` if it can't be started or fails.
    pub fn ask(&self, program: impl AsRef<Path>, args: &[&str]) -> Option<String> {
        let output = self.command(program).args(args).output().ok()?;
        output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
    }
}
