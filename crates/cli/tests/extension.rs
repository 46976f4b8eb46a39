//! The extension for VS Code: its own tests, which Node.js runs in an editor that is not there. Where Node.js is missing they are
//! left out; whatever builds the page has it.

use std::process::Command;

#[test]
fn the_extension_starts_the_server() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/editors/vscode");
    let mut node = Command::new("node");
    let node = node.current_dir(folder).args(["--test", "tests/extension.test.js"]);
    let Ok(run) = node.output() else { return };
    let said = String::from_utf8_lossy(&run.stdout);
    assert!(run.status.success() && said.contains("# fail 0"), "{said}");
}
