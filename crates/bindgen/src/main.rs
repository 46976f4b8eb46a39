//! The program that Trunk calls `wasm-bindgen`, made of wasm-bindgen's library.
//!
//! The package `wasm-bindgen-cli` has three programs, a test runner among them, and compiles 161 crates. A newcomer
//! who has just cloned the repository waits for them. Trunk needs one program and five of its options. The library
//! behind it compiles 44 crates. `Cargo.lock` holds the library to the version that the page is compiled with.
//!
//! An option that Trunk does not pass for this site is refused by name.

#![forbid(unsafe_code)]

use lexopt::prelude::*;
use std::path::PathBuf;
use std::process::ExitCode;
use wasm_bindgen_cli_support::Bindgen;

/// What Trunk asks for.
struct Ask {
    /// The file that the compiler wrote.
    input: PathBuf,
    /// The folder for the JavaScript and the wasm.
    folder: PathBuf,
    /// The names of both files, without their endings.
    name: String,
    /// How the JavaScript is loaded: "no-modules" or "web".
    target: String,
    /// Whether the type declarations for TypeScript are written too.
    typescript: bool,
}

fn main() -> ExitCode {
    match ask().and_then(run) {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("wasm-bindgen: {why}");
            ExitCode::FAILURE
        }
    }
}

/// Reads the command line. `--version` is answered at once, and asks for nothing.
fn ask() -> Result<Option<Ask>, String> {
    read().map_err(|error| error.to_string())
}

fn read() -> Result<Option<Ask>, lexopt::Error> {
    let mut parser = lexopt::Parser::from_env();
    let (mut input, mut folder, mut name, mut target, mut typescript) = (None, None, None, None, true);
    while let Some(arg) = parser.next()? {
        match arg {
            Long("version") => {
                println!("wasm-bindgen {}", wasm_bindgen_shared::version());
                return Ok(None);
            }
            Long("out-dir") => folder = Some(PathBuf::from(parser.value()?)),
            Long("out-name") => name = Some(parser.value()?.string()?),
            Long("target") => target = Some(parser.value()?.string()?),
            Long("no-typescript") => typescript = false,
            Value(file) if input.is_none() => input = Some(PathBuf::from(file)),
            other => return Err(other.unexpected()),
        }
    }
    Ok(Some(Ask {
        input: input.ok_or("which wasm file?")?,
        folder: folder.ok_or("--out-dir is missing")?,
        name: name.ok_or("--out-name is missing")?,
        target: target.ok_or("--target is missing")?,
        typescript,
    }))
}

fn run(ask: Option<Ask>) -> Result<(), String> {
    let Some(ask) = ask else { return Ok(()) };
    write(&ask).map_err(|error| format!("{error:?}"))
}

fn write(ask: &Ask) -> Result<(), Box<dyn std::error::Error>> {
    let mut bindgen = Bindgen::new();
    bindgen.input_path(&ask.input).out_name(&ask.name).typescript(ask.typescript);
    // The command's default: the script finds the wasm beside itself.
    bindgen.omit_default_module_path(false);
    match ask.target.as_str() {
        "no-modules" => bindgen.no_modules(true)?,
        "web" => bindgen.web(true)?,
        other => {
            return Err(format!("--target {other:?}: this program knows \"no-modules\" and \"web\"").into());
        }
    };
    bindgen.generate(&ask.folder)?;
    Ok(())
}
