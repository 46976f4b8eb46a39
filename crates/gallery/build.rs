//! Lists the texts of `library/`, so that a new file joins the gallery without being named anywhere else.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let library = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../library");
    let mut code = String::new();
    for (constant, folder) in [
        ("KERNELS", "kernels"),
        ("SCENARIOS", "scenarios"),
        ("WORKLOADS", "workloads"),
        ("COSTS", "costs"),
        ("TOUR", "tour"),
        ("CHALLENGES", "challenges"),
    ] {
        let folder = library.join(folder);
        println!("cargo::rerun-if-changed={}", folder.display());
        let mut files: Vec<PathBuf> =
            fs::read_dir(&folder)?.map(|entry| entry.map(|entry| entry.path())).collect::<io::Result<_>>()?;
        files
            .retain(|file| file.extension().is_some_and(|extension| extension == "tlb" || extension == "md"));
        files.sort();
        let _ = writeln!(code, "const {constant}: &[(&str, &str)] = &[");
        for file in files {
            let slug = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            let _ = writeln!(code, "    ({slug:?}, include_str!({:?})),", file.canonicalize()?);
        }
        let _ = writeln!(code, "];");
    }
    let out = env::var_os("OUT_DIR").map(PathBuf::from).unwrap_or_default();
    fs::write(out.join("texts.rs"), code)
}
