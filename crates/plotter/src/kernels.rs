//! What the page of kernels side by side asks ([`contrast`]).

use contrast::Verdicts;
use wasm_bindgen::prelude::wasm_bindgen;

/// The kernels of the library: a line for each with its slug, its name, and what it says about itself, with tabs between them.
#[wasm_bindgen]
#[must_use]
pub fn kernels() -> String {
    let mut all = String::new();
    for kernel in gallery::kernels() {
        let name = kernel.kernel_name().unwrap_or(kernel.slug);
        let line = kernel.text.lines().find_map(|line| line.trim_start().strip_prefix("about \""));
        let about = line.and_then(|line| line.strip_suffix('"')).unwrap_or_default().replace("\\\"", "\"");
        all += &format!("{}\t{name}\t{about}\n", kernel.slug);
    }
    all
}

/// The slug of a kernel of the library, by its slug or by its name.
#[wasm_bindgen]
#[must_use]
pub fn kernel(named: &str) -> Option<String> {
    gallery::kernel(named).map(|kernel| kernel.slug.to_owned())
}

/// The slug of the kernel that another one is compared with at first.
#[wasm_bindgen]
#[must_use]
pub fn before(kernel: &str) -> Option<String> {
    contrast::before(kernel).map(str::to_owned)
}

/// Two kernels side by side, as markup. The verdicts are the text that the site has of them.
#[wasm_bindgen]
#[must_use]
pub fn side_by_side(old: &str, new: &str, verdicts: &str) -> Option<String> {
    contrast::page(old, new, &Verdicts::read(verdicts))
}
