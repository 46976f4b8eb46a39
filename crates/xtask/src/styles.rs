//! The style sheets. Each area of the page has what the first picture needs in `web/src/ui/*/style.css`, and what nobody sees at
//! first in `later.css` beside it: dialogs, tables that open, the page for a projector. All of the first kind are one file, since
//! one file compresses better than ten and needs one request; all of the second kind are another, which `web/boot.js` asks for.
//!
//! Of rules that are equally specific, the later one wins. So the sheet that all areas share (`parts`) comes first, and no sheet
//! of the first kind overrides one of the second. A test holds that no selector is in both. The order of the areas does not
//! matter: each styles its own elements and nothing else, and a test checks that.
//!
//! Trunk runs this before each build, and for the second file after it (`Trunk.toml`).

use crate::editor;
use crate::hashed;
use crate::job::Failure;
use crate::repository::Repository;
use std::path::{Path, PathBuf};

/// Where the areas are, the one that all of them share, its colours and sizes, and the file that `index.html` names.
const AREAS: &str = "web/src/ui";
const SHARED: &str = "parts";
const TOKENS: &str = "tokens.css";
const WHOLE: &str = "target/style.css";

/// The sheets of an area, and the name by which the script asks for the second file.
const FIRST: &str = "style.css";
const LATER: &str = "later.css";

/// Writes the file that the first picture waits for.
pub fn join(repository: &Repository) -> Result<(), Failure> {
    let tokens = repository.root.join(AREAS).join(SHARED).join(TOKENS);
    let whole = read(&tokens)? + &joined(repository, FIRST)?;
    write(repository, WHOLE, &whole).map(drop)
}

/// Writes the file that nothing waits for into the folder in which Trunk prepares the site. Trunk makes the other one smaller, but
/// knows this one not, as no page names it.
pub fn add_later(repository: &Repository, site: &Path) -> Result<(), Failure> {
    editor::ensure(repository)?;
    let path = write(repository, &format!("target/{LATER}"), &joined(repository, LATER)?)?;
    let sheet = editor::minified(repository, &path)?;
    hashed::put(site, LATER, &sheet)
}

fn failed(path: &Path, error: std::io::Error) -> Failure {
    Failure(format!("{}: {error}", path.display()))
}

fn read(path: &Path) -> Result<String, Failure> {
    std::fs::read_to_string(path).map_err(|error| failed(path, error))
}

fn write(repository: &Repository, name: &str, sheet: &str) -> Result<PathBuf, Failure> {
    let path = repository.root.join(name);
    std::fs::create_dir_all(repository.root.join("target")).map_err(|error| failed(&path, error))?;
    std::fs::write(&path, sheet).map_err(|error| failed(&path, error))?;
    Ok(path)
}

/// The sheets of a name, one after the other.
fn joined(repository: &Repository, name: &str) -> Result<String, Failure> {
    sheets(repository, name)?.iter().map(|(_, path)| read(path)).collect()
}

/// The sheets of a name by area: that of the shared one, then the others by name.
fn sheets(repository: &Repository, name: &str) -> Result<Vec<(String, PathBuf)>, Failure> {
    let folder = repository.root.join(AREAS);
    let entries = std::fs::read_dir(&folder).map_err(|error| failed(&folder, error))?;
    let areas = entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned());
    let sheets = areas.map(|area| (area.clone(), folder.join(area).join(name)));
    let mut sheets: Vec<(String, PathBuf)> = sheets.filter(|(_, path)| path.is_file()).collect();
    sheets.sort_by_key(|(area, _)| (area != SHARED, area.clone()));
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

    /// The selectors of each area's sheet of a name.
    fn of_areas(name: &str) -> Vec<(String, Vec<String>)> {
        let sheets = sheets(&Repository::find(), name).expect("the areas");
        let read = |(area, path): (String, PathBuf)| (area, selectors(&read(&path).expect("a sheet")));
        sheets.into_iter().map(read).collect()
    }

    /// Else one of the second file would win over one of the first, although a reader sees them the other way round: a rule for narrow
    /// pages, say, whose own rule for all pages comes later.
    #[test]
    fn no_selector_is_in_both_files() {
        let of =
            |name| of_areas(name).into_iter().flat_map(|(_, selectors)| selectors).collect::<BTreeSet<_>>();
        let (first, later) = (of(FIRST), of(LATER));
        assert!(first.len() > 300 && later.len() > 200, "{} {}", first.len(), later.len());
        assert_eq!(first.intersection(&later).collect::<Vec<_>>(), [] as [&String; 0]);
    }

    #[test]
    fn every_area_has_its_sheet_and_styles_what_is_its_own() {
        let (first, later) = (of_areas(FIRST), of_areas(LATER));
        assert!(first.len() > 8 && first[0].0 == SHARED && later.len() > 8 && later[0].0 == SHARED);
        let sheets: Vec<(String, Vec<String>)> = first.into_iter().chain(later).collect();
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
    fn the_page_waits_for_one_sheet_and_its_script_asks_for_the_other() {
        let of_root = |name| read(&Repository::find().root.join(name)).expect(name);
        let page = of_root("index.html");
        assert_eq!(page.matches(".css").count(), 1);
        assert!(page.contains(&format!("rel=\"css\" href=\"{WHOLE}\"")));
        assert_eq!(of_root("web/boot.js").matches(&format!("\"./{LATER}\"")).count(), 1);
        let trunk = of_root("Trunk.toml");
        assert!(trunk.contains("command_arguments = [\"xtask\", \"styles\"]"));
    }
}
