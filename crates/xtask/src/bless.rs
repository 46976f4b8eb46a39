//! Rewrites golden files. The tests rewrite the files; this command only tells them to.

use crate::checks::BROWSERS;
use crate::job::Failure;
use crate::repository::Repository;

/// The variable that makes a golden test write what it would otherwise compare.
pub const VARIABLE: &str = "TLBSCOPE_BLESS";

/// Runs every native test with golden files rewritten.
pub fn run(repository: &Repository) -> Result<(), Failure> {
    let mut command = repository.command("cargo");
    command.args(["test", "--workspace", "--exclude", BROWSERS, "--no-fail-fast"]).env(VARIABLE, "1");
    let status = command.status().map_err(|error| Failure(format!("cannot start cargo: {error}")))?;
    if !status.success() {
        return Err(Failure(
            "Some tests fail for other reasons than their golden files: see above.".to_owned(),
        ));
    }
    println!(
        "\nGolden files now say what the code says. Read the difference before you commit it:\n  git diff --stat"
    );
    Ok(())
}
