//! The library, as a file of the site, and the address that `web/boot.js` asks for.
//!
//! The file has the hash of its contents in its name, and only the build knows that: the page is written with a name
//! without it. Trunk runs this after each build, before it puts the site into its place (`Trunk.toml`).

use crate::job::Failure;
use crate::place::Place;
use std::path::{Path, PathBuf};

#[path = "../../gallery/src/hash.rs"]
mod hash;
#[path = "../../gallery/pack.rs"]
mod pack;

/// The script that asks for the file, and the name by which it does so.
const SCRIPT: &str = "boot.js";
const NAME: &str = "library.txt";

/// Writes the file into the folder in which Trunk prepares the site.
pub fn add(place: &Place) -> Result<(), Failure> {
    match std::env::var_os("TRUNK_STAGING_DIR") {
        Some(folder) => into(&PathBuf::from(folder), &packed(place)?),
        None => Err(Failure("Trunk asks for this, and says by TRUNK_STAGING_DIR where.".to_owned())),
    }
}

/// The file.
fn packed(place: &Place) -> Result<String, Failure> {
    let library = place.root.join("library");
    let texts = pack::texts(&library).map_err(|error| Failure(format!("{}: {error}", library.display())))?;
    Ok(pack::packed(&texts))
}

fn into(folder: &Path, library: &str) -> Result<(), Failure> {
    let script = folder.join(SCRIPT);
    let failed = |path: &Path, error| Failure(format!("{}: {error}", path.display()));
    let text = std::fs::read_to_string(&script).map_err(|error| failed(&script, error))?;
    if text.matches(NAME).count() != 1 {
        return Err(Failure(format!("{} does not ask for {NAME} once", script.display())));
    }
    let name = hash::file(library);
    std::fs::write(&script, text.replace(NAME, &name)).map_err(|error| failed(&script, error))?;
    let file = folder.join(name);
    std::fs::write(&file, library).map_err(|error| failed(&file, error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_asks_for_the_file_by_the_name_that_it_has() {
        let place = Place::find();
        let folder = place.root.join("target").join("library");
        std::fs::create_dir_all(&folder).expect("a folder");
        let script = folder.join(SCRIPT);
        std::fs::copy(place.root.join("web").join(SCRIPT), &script).expect("the script");
        let library = packed(&place).expect("the library");
        into(&folder, &library).expect("it is put in");
        let (script, name) = (std::fs::read_to_string(script).expect("the script"), hash::file(&library));
        assert!(script.contains(&format!("\"./{name}\"")) && !script.contains(NAME), "{script}");
        assert_eq!(std::fs::read_to_string(folder.join(name)).ok(), Some(library.clone()));
        assert!(into(&folder, &library).is_err(), "there is no name to be replaced any more");
        let trunk = std::fs::read_to_string(place.root.join("Trunk.toml")).expect("Trunk.toml");
        assert!(trunk.contains("command_arguments = [\"xtask\", \"library\"]"));
    }
}
