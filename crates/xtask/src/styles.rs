//! The style sheet: one file of all in `web/style`, since one compresses better than ten and is asked for once.
//!
//! Trunk asks for it before each build (`Trunk.toml`).

use crate::job::Failure;
use crate::place::Place;
use std::path::Path;

/// The sheets, in the order in which they count: of rules that are equally specific, the later one holds.
const SHEETS: [&str; 10] = [
    "tokens.css",
    "page.css",
    "stage.css",
    "panels.css",
    "grid.css",
    "compare.css",
    "code.css",
    "lesson.css",
    "narrow.css",
    "print.css",
];

/// Where they are, and the file that `index.html` names.
const FOLDER: &str = "web/style";
const WHOLE: &str = "target/style.css";

/// Writes the one file.
pub fn join(place: &Place) -> Result<(), Failure> {
    let failed = |path: &Path, error| Failure(format!("{}: {error}", path.display()));
    let mut whole = String::new();
    for sheet in SHEETS {
        let path = place.root.join(FOLDER).join(sheet);
        whole += &std::fs::read_to_string(&path).map_err(|error| failed(&path, error))?;
    }
    let path = place.root.join(WHOLE);
    std::fs::create_dir_all(place.root.join("target")).map_err(|error| failed(&path, error))?;
    std::fs::write(&path, whole).map_err(|error| failed(&path, error))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn no_sheet_is_forgotten() {
        let entries = std::fs::read_dir(Place::find().root.join(FOLDER)).expect("the folder of styles");
        let found: BTreeSet<String> =
            entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
        assert_eq!(found, SHEETS.map(str::to_owned).into());
    }

    #[test]
    fn the_page_asks_for_the_one_sheet() {
        let page = std::fs::read_to_string(Place::find().root.join("index.html")).expect("index.html");
        assert_eq!(page.matches(".css").count(), 1);
        assert!(page.contains(&format!("rel=\"css\" href=\"{WHOLE}\"")));
        let trunk = std::fs::read_to_string(Place::find().root.join("Trunk.toml")).expect("Trunk.toml");
        assert!(trunk.contains("command_arguments = [\"xtask\", \"styles\"]"));
    }
}
