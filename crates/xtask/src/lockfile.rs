//! One question to `Cargo.lock`: with which version of wasm-bindgen is the page compiled?
//!
//! The tool that post-processes the wasm must have exactly that version. Otherwise Trunk tries to download one.

use crate::job::Failure;
use crate::repository::Repository;

/// The locked version of wasm-bindgen.
pub fn wasm_bindgen_version(repository: &Repository) -> Result<String, Failure> {
    let text = std::fs::read_to_string(repository.root.join("Cargo.lock"))
        .map_err(|error| Failure(format!("Cargo.lock: {error}; `cargo generate-lockfile` writes it anew")))?;
    version_of("wasm-bindgen", &text).ok_or_else(|| {
        Failure("Cargo.lock names no wasm-bindgen: web/Cargo.toml must depend on it".to_owned())
    })
}

fn version_of(package: &str, lock: &str) -> Option<String> {
    let name = format!("name = \"{package}\"");
    let mut lines = lock.lines().skip_while(|line| *line != name);
    lines.nth(1)?.strip_prefix("version = \"")?.strip_suffix('"').map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::version_of;

    #[test]
    fn takes_the_package_of_exactly_that_name() {
        let lock = "[[package]]\nname = \"wasm-bindgen-macro\"\nversion = \"1.0.0\"\n\n\
                    [[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\n";
        assert_eq!(version_of("wasm-bindgen", lock).as_deref(), Some("0.2.130"));
        assert_eq!(version_of("wasm", lock), None);
    }
}
