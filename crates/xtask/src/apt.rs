//! Debian packages, for programs that no Rust or Node package contains.

use crate::job::{Failure, Job};
use crate::repository::Repository;

/// Whether the system's lists have a package.
pub fn knows(repository: &Repository, package: &str) -> bool {
    repository.has("apt-cache")
        && repository.ask("apt-cache", &["show", "--no-all-versions", package]).is_some()
}

/// Installs `packages`, and `wished` if the system knows it; without apt or without the rights, says which command
/// somebody else has to run.
pub fn install(
    repository: &Repository,
    packages: &[&str],
    wished: Option<&'static str>,
) -> Result<(), Failure> {
    let by_hand = format!("apt-get install --no-install-recommends {}", packages.join(" "));
    if !repository.has("apt-get") {
        return Err(Failure(format!(
            "These programs are missing and this machine has no apt-get. Install what Debian calls\n  {}",
            packages.join(" ")
        )));
    }
    let root = repository.ask("id", &["-u"]).as_deref() == Some("0");
    if !root && repository.ask("sudo", &["-n", "true"]).is_none() {
        return Err(Failure(format!(
            "Packages are missing, and only root may install them. Run\n  sudo {by_hand}"
        )));
    }
    let apt = |args: &[&str]| {
        let mut command = repository.command(if root { "env" } else { "sudo" });
        command.args(if root { &[][..] } else { &["-n", "env"][..] });
        command.args(["DEBIAN_FRONTEND=noninteractive", "apt-get"]).args(args);
        command
    };
    let advice = format!("Run it by hand to see more:\n  {by_hand}");
    let job = |label, usually, log| Job { label, usually, log, advice: &advice, limit: None };
    job("apt-get update", "10 to 30 s", "apt-update").run(repository, apt(&["update"]))?;
    let wished = wished.filter(|package| knows(repository, package));
    let packages: Vec<&str> = packages.iter().copied().chain(wished).collect();
    let label = format!("apt-get install {}", packages.join(" "));
    let mut command = apt(&["install", "--yes", "--no-install-recommends"]);
    command.args(packages);
    job(&label, "20 s to 2 minutes", "apt-install").run(repository, command)
}
