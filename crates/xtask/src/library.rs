//! The library, as a file of the site, which `web/boot.js` asks for.

use crate::hashed;
use crate::job::Failure;
use crate::repository::Repository;
use std::path::Path;

#[path = "../../gallery/pack.rs"]
mod pack;

/// The name by which the script asks for the file.
const NAME: &str = "library.txt";

/// Writes the file into the folder in which Trunk prepares the site.
pub fn add(repository: &Repository, site: &Path) -> Result<(), Failure> {
    hashed::put(site, NAME, &packed(repository)?)
}

/// The name that the file has among the files of the site.
pub fn name(repository: &Repository) -> Result<String, Failure> {
    Ok(hashed::named(NAME, packed(repository)?))
}

/// The file.
fn packed(repository: &Repository) -> Result<String, Failure> {
    let library = repository.root.join("library");
    let texts = pack::texts(&library).map_err(|error| Failure(format!("{}: {error}", library.display())))?;
    Ok(pack::packed(&texts))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_asks_for_the_file_by_the_name_that_it_has() {
        let repository = Repository::find();
        let folder = repository.root.join("target").join("library");
        std::fs::create_dir_all(&folder).expect("a folder");
        let script = folder.join("boot.js");
        std::fs::copy(repository.root.join("web/boot.js"), &script).expect("the script");
        let library = packed(&repository).expect("the library");
        hashed::put(&folder, NAME, &library).expect("it is put in");
        let (script, name) =
            (std::fs::read_to_string(script).expect("the script"), hashed::named(NAME, &library));
        assert!(script.contains(&format!("\"./{name}\"")) && !script.contains(NAME), "{script}");
        assert_eq!(std::fs::read_to_string(folder.join(name)).ok(), Some(library.clone()));
        assert!(hashed::put(&folder, NAME, &library).is_err(), "there is no name to be replaced any more");
    }
}
