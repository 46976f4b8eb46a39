//! A verdict as a file, and the command that checks it.

use std::fs;
use std::path::Path;
use std::process::Command;

#[test]
fn a_certificate_is_written_and_verified_and_damage_is_told() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("certificate");
    fs::create_dir_all(&folder).unwrap();
    let tool = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tlbscope"));
        let output = command.current_dir(&folder).args(arguments).output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
        (output.status.code(), text)
    };
    let (status, said) = tool(&["check", "lazy+munmap", "--certificate", "c"]);
    assert_eq!(status, Some(2), "{said}");
    assert!(said.contains("choose with --case"), "{said}");
    let (status, said) = tool(&[
        "check",
        "pfnmap+revoke",
        "--case",
        "flushed before it leaves the list",
        "--certificate",
        "c",
    ]);
    assert_eq!(status, Some(0), "{said}");
    let (status, said) = tool(&["verify", "c"]);
    assert_eq!(status, Some(0), "{said}");
    assert!(said.contains("The certificate holds: ") && said.contains("Never: "), "{said}");
    let bytes = fs::read(folder.join("c")).unwrap();
    fs::write(folder.join("c"), &bytes[..bytes.len() - 1]).unwrap();
    let (status, said) = tool(&["verify", "c"]);
    assert_eq!(status, Some(2), "{said}");
    assert!(said.contains("c: the certificate is damaged"), "{said}");
    // A file that is not a certificate is not read to its end: `/dev/zero` has none.
    if Path::new("/dev/zero").exists() {
        let (status, said) = tool(&["verify", "/dev/zero"]);
        assert_eq!(status, Some(2), "{said}");
        assert!(said.contains("this is not a certificate"), "{said}");
    }
    let long = format!("TLBscope certificate 1\nsubject {}", "x".repeat(100_000));
    fs::write(folder.join("c"), long).unwrap();
    let (status, said) = tool(&["verify", "c"]);
    assert_eq!((status, said.len() < 200), (Some(2), true), "{said}");
}
