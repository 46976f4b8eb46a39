//! Gives the build a name: a hash of all source, and of all kernels, costs and workloads of the library, that decide what a check answers.
//!
//! Page and worker are two files, and a browser may have kept an old one. If both were made from the same source
//! they have the same name, whatever the profile they were compiled with.

use std::path::{Path, PathBuf};
use std::{fs, io};

/// The folders whose files count, from `crates` on.
const FOLDERS: [&str; 10] = [
    "x86/src",
    "explore/src",
    "lang/src",
    "machine/src",
    "experiment/src",
    "protocol/src",
    "cost/src",
    "../library/kernels",
    "../library/costs",
    "../library/workloads",
];

fn main() -> io::Result<()> {
    // Cargo runs this in the package's folder. A place that is relative stays right in a copy of the compiled files.
    let crates = Path::new("..");
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for folder in FOLDERS {
        let source = crates.join(folder);
        println!("cargo::rerun-if-changed={}", source.display());
        let mut files = Vec::new();
        collect(&source, &mut files)?;
        files.sort();
        for file in files {
            // FNV-1a over each file's text and a byte that no text has.
            for byte in fs::read(file)?.into_iter().filter(|&b| b != b'\r').chain([0xff]) {
                hash = (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3);
            }
        }
    }
    println!("cargo::rustc-env=TLBSCOPE_BUILD={hash:016x}");
    Ok(())
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else if path.extension().is_some_and(|extension| extension == "rs" || extension == "tlb") {
            files.push(path);
        }
    }
    Ok(())
}
