//! The command line in a folder of its own: what it says, and with which status.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// An empty folder for a test with these files.
pub fn folder(group: &str, test: &str, files: &[(&str, &str)]) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(group).join(test);
    let _ = fs::remove_dir_all(&folder);
    for (name, text) in files {
        let file = folder.join(name);
        fs::create_dir_all(file.parent().expect("it lies in a folder")).expect("a folder can be made");
        fs::write(file, text).expect("a text can be written");
    }
    folder
}

/// What is printed, both streams together, after the exit status has been compared.
#[track_caller]
pub fn said(folder: &Path, line: &str, status: i32) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tlbscope"));
    command.current_dir(folder).args(line.split_whitespace()).stdin(Stdio::null());
    let output = command.output().expect("it runs");
    let text = |bytes| String::from_utf8(bytes).expect("it is UTF-8");
    let out = text(output.stdout) + &text(output.stderr);
    assert_eq!(output.status.code(), Some(status), "{line}\n{out}");
    out
}
