//! The style sheet: one file made of all that stand beside the areas of the page (`web/src/ui/*/style.css`), since one
//! file compresses better than ten and needs one request.
//!
//! Of rules that are equally specific, the later one wins. So the sheet that all areas share (`parts`) comes first. The
//! order of the areas does not matter: each styles its own elements and nothing else, and a test checks that.
//!
//! Trunk runs this before each build (`Trunk.toml`).

use crate::job::Failure;
use crate::repository::Repository;
use std::path::{Path, PathBuf};

/// Where the areas are, the one that all of them share, its colours and sizes, and the file that `index.html` names.
const AREAS: &str = "web/src/ui";
const SHARED: &str = "parts";
const TOKENS: &str = "tokens.css";
const WHOLE: &str = "target/style.css";

/// Writes the one file.
pub fn join(repository: &Repository) -> Result<(), Failure> {
    let mut whole = String::new();
    let tokens = repository.root.join(AREAS).join(SHARED).join(TOKENS);
    let sheets = sheets(repository)?.into_iter().map(|(_, path)| path);
    for path in std::iter::once(tokens).chain(sheets) {
        whole += &std::fs::read_to_string(&path).map_err(|error| failed(&path, error))?;
    }
    let path = repository.root.join(WHOLE);
    std::fs::create_dir_all(repository.root.join("target")).map_err(|error| failed(&path, error))?;
    std::fs::write(&path, whole).map_err(|error| failed(&path, error))
}

fn failed(path: &Path, error: std::io::Error) -> Failure {
    Failure(format!("{}: {error}", path.display()))
}

/// The sheets by area: the shared one, then the others by name.
fn sheets(repository: &Repository) -> Result<Vec<(String, PathBuf)>, Failure> {
    let folder = repository.root.join(AREAS);
    let entries = std::fs::read_dir(&folder).map_err(|error| failed(&folder, error))?;
    let names = entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned());
    let sheets = names.map(|name| (name.clone(), folder.join(name).join("style.css")));
    let mut sheets: Vec<(String, PathBuf)> = sheets.filter(|(_, path)| path.is_file()).collect();
    sheets.sort_by_key(|(name, _)| (name != SHARED, name.clone()));
    Ok(sheets)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::{BTreeMap, BTreeSet};

    /// The area that lays out the others, and so names them.
    const FRAME: &str = "shell";

    /// The selectors of a sheet, without its comments, declarations and conditions.
    fn selectors(sheet: &str) -> Vec<String> {
        let mut plain = String::new();
        for (number, part) in sheet.split("/*").enumerate() {
            plain += if number == 0 { part } else { part.split_once("*/").map_or("", |(_, rest)| rest) };
        }
        let mut found = Vec::new();
        for part in plain.split('}') {
            // `@media (...) { .a { declarations`: the last but one of what stands before a brace.
            let mut parts = part.rsplit('{').skip(1);
            let Some(prelude) = parts.next().map(str::trim).filter(|prelude| !prelude.starts_with('@'))
            else {
                continue;
            };
            let (mut depth, mut start) = (0, 0);
            for (at, c) in prelude.char_indices().chain([(prelude.len(), ',')]) {
                match c {
                    '(' => depth += 1,
                    ')' => depth -= 1,
                    ',' if depth == 0 => {
                        found.push(prelude[start..at].trim().to_owned());
                        start = at + 1;
                    }
                    _ => {}
                }
            }
        }
        found
    }

    /// The classes that something must have for a selector to mean it.
    fn classes(selector: &str) -> BTreeSet<String> {
        let mut plain = String::new();
        for (number, part) in selector.split(":not(").enumerate() {
            plain += if number == 0 { part } else { part.split_once(')').map_or("", |(_, rest)| rest) };
        }
        let name = |part: &str| -> String {
            part.chars().take_while(|c| c.is_ascii_alphanumeric() || "-_".contains(*c)).collect()
        };
        plain.split('.').skip(1).map(name).filter(|name| !name.is_empty()).collect()
    }

    #[test]
    fn every_area_has_its_sheet_and_styles_what_is_its_own() {
        let sheets = sheets(&Repository::find()).expect("the areas");
        assert!(sheets.len() > 8 && sheets[0].0 == SHARED, "{sheets:?}");
        let read = |(area, path): (String, PathBuf)| {
            let sheet = std::fs::read_to_string(path).expect("a sheet");
            (area, selectors(&sheet))
        };
        let sheets: Vec<(String, Vec<String>)> = sheets.into_iter().map(read).collect();
        let mut owners: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
        for (area, selectors) in sheets.iter().filter(|(area, _)| area != FRAME) {
            for class in selectors.iter().flat_map(|selector| classes(selector)) {
                owners.entry(class).or_default().insert(area);
            }
        }
        let mut complaints = Vec::new();
        for (area, selectors) in sheets.iter().filter(|(area, _)| area != SHARED && area != FRAME) {
            let own = |class: &String| owners.get(class).is_some_and(|owners| owners.iter().eq([area]));
            let foreign = selectors.iter().filter(|selector| !classes(selector).iter().any(own));
            complaints.extend(foreign.map(|selector| format!("{area}: {selector}")));
        }
        assert!(complaints.is_empty(), "no class of the area's own in\n  {}", complaints.join("\n  "));
    }

    #[test]
    fn sheets_are_read_as_they_are_meant() {
        let sheet = "/* .x { */ .a, .b:is(.c, p) > i { top: 0; }\n@media (min-width: 1px) {\n  .d { left: 0; }\n}\n@page { margin: 0 }";
        assert_eq!(selectors(sheet), [".a", ".b:is(.c, p) > i", ".d"]);
        assert_eq!(classes(":where(.a-b) .c:not(.d)").into_iter().collect::<Vec<_>>(), ["a-b", "c"]);
    }

    #[test]
    fn the_page_asks_for_the_one_sheet() {
        let page = std::fs::read_to_string(Repository::find().root.join("index.html")).expect("index.html");
        assert_eq!(page.matches(".css").count(), 1);
        assert!(page.contains(&format!("rel=\"css\" href=\"{WHOLE}\"")));
        let trunk = std::fs::read_to_string(Repository::find().root.join("Trunk.toml")).expect("Trunk.toml");
        assert!(trunk.contains("command_arguments = [\"xtask\", \"styles\"]"));
    }
}
